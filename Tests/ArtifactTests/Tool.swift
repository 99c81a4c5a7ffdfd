import Foundation
import TestSupport

struct TooSlow: Error { var words: [String] }

/// As `run`, for a minute at most; ifupdown's programs are in sbin.
func tool(
    _ words: [String], input: String = "", environment: [String: String] = [:], in folder: URL? = nil
) throws -> Ran {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    let ran = try run(
        ["timeout", "60"] + words, input: Data(input.utf8),
        environment: environment.merging(["PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC"]) { own, _ in own }, in: folder
    )
    if ran.status == 124 { throw TooSlow(words: words) }
    return ran
}

/// Runs a shell script over many files at once, since starting a process costs more than most tools' work.
/// - Parameter needs: programs that the script calls.
func shell(_ script: String, _ arguments: [String], needs: [String], in folder: URL? = nil) throws -> Ran {
    let guards = needs.map { "command -v \($0) >/dev/null || { echo \"no \($0)\" >&2; exit 127; }\n" }.joined()
    return try tool(["sh", "-c", guards + script, "sh"] + arguments, in: folder)
}
