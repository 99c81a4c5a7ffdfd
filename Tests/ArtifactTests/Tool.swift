import Foundation
import TestSupport

struct TooSlow: Error { var words: [String] }

/// Another system, whose programs are run instead of this machine's.
enum OtherSystem {
    /// The root directory of the other system. Changes to it are discarded; /tmp is shared with this machine.
    @TaskLocal static var root: String?
    /// The path of a Jessie root directory, if XENSEED_JESSIE is set.
    static let jessie = ProcessInfo.processInfo.environment["XENSEED_JESSIE"].flatMap { $0.isEmpty ? nil : $0 }

    static func wrap(_ words: [String], at place: String, root: String) -> [String] {
        [
            "unshare", "--mount", "sh", "-euc",
            """
            root=$1 place=$2
            shift 2
            mount -t tmpfs tmpfs "$place"
            mkdir "$place/upper" "$place/work" "$place/root"
            mount -t overlay -o "lowerdir=$root,upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
            mkdir -p "$place/root/tmp" "$place/root/proc"
            mount --rbind /tmp "$place/root/tmp"
            mount -t proc proc "$place/root/proc"
            exec chroot "$place/root" /bin/sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
            """, "sh", root, place,
        ] + words
    }
}

/// Runs a program like `run`, for at most one minute, and with the sbin directories (for ifupdown) in PATH.
func tool(
    _ words: [String], input: String = "", environment: [String: String] = [:], in folder: URL? = nil
) throws -> Ran {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    let place = try OtherSystem.root.map { _ in try TemporaryFolder() }
    let words = place.map { OtherSystem.wrap(words, at: $0.path, root: OtherSystem.root!) } ?? words
    let ran = try run(
        ["timeout", "60"] + words, input: Data(input.utf8),
        environment: environment.merging(["PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC"]) { own, _ in own },
        in: folder ?? place.map { _ in URL(filePath: "/tmp") })
    if ran.status == 124 { throw TooSlow(words: words) }
    return ran
}

/// Runs a shell script over many files at once, since starting a process costs more than most tools' work.
/// - Parameter needs: programs that the script calls.
func shell(_ script: String, _ arguments: [String], needs: [String], in folder: URL? = nil) throws -> Ran {
    let guards = needs.map { "command -v \($0) >/dev/null || { echo \"no \($0)\" >&2; exit 127; }\n" }.joined()
    return try tool(["sh", "-c", guards + script, "sh"] + arguments, in: folder)
}
