import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// A disposable installer with a real bookworm as /target (Tests/World). Needs root, and a previous `make world`.
final class World {
    let folder: TemporaryFolder
    let node: String
    private let release: String
    private var dir: String { folder.url("world").path }
    private static let script = checkout.appending(path: "Tests/World/installer-world").path

    /// - Parameters:
    ///   - lab: the text of a lab file.
    ///   - release: the release of the lab. /target is always bookworm; use another one only for steps before there is
    ///     a target.
    ///   - lateScript: the content of `late.sh` next to the lab file.
    init(lab: String, node: String = "xen01", lateScript: String = "#!/bin/sh\n", release: String = "bookworm")
        async throws
    {
        self.node = node
        self.release = release
        folder = try TemporaryFolder()
        try Self.must([Self.script, "--copy", try Self.original.get().url("world").path, dir])
        try await place(lab: lab, lateScript: lateScript)
    }

    /// An unused world. Creating one takes longer than most tests, so all others are copies of it.
    private static let original = Result {
        let root = try #require(
            ProcessInfo.processInfo.environment["XENSEED_WORLD"], "no XENSEED_WORLD: run this by `make test`")
        let folder = try TemporaryFolder.untilExit()
        try must([script, folder.url("world").path, root + "/root"])
        return folder
    }

    /// Reading the templates takes longer than building a lab.
    private static let templates = Result { try TemplateSet() }

    deinit { _ = try? run([Self.script, "--drop", dir]) }

    /// Builds the lab and places its nodes where a CD would have them.
    func place(lab: String, lateScript: String = "#!/bin/sh\n") async throws {
        let labFiles = LabFiles(
            read: { _ in Array(lateScript.utf8) },
            list: { _ in
                [
                    .init(path: "etc/xen/guests/web.cfg", mode: 0o640, kind: .file(Array("name = 'web'\n".utf8))),
                    .init(path: "etc/xen/auto/web.cfg", mode: 0o777, kind: .link("../guests/web.cfg")),
                    .init(path: "etc/xen/auto/later.cfg", mode: 0o777, kind: .link("/srv/later.cfg")),
                    .init(path: "srv/closed", mode: 0o700, kind: .folder),
                ]
            })
        let (model, report) = Spec.read(lab, file: "lab.yaml", labFiles: labFiles, release: .named(release))
        let plan = Plan(lab: try #require(model, "\(report.text())"), templates: try Self.templates.get())
        let out = folder.url("out").path
        _ = try await OutputTree(out, plan: plan).build()
        try Self.must(["rm", "-rf", dir + "/cdrom/nodes"])
        try Self.must(["cp", "-r", out + "/nodes", dir + "/cdrom/nodes"])
    }

    func disk(_ name: String, megabytes: Int, usb: Bool = false) throws {
        try Self.must([Self.script, "--disk", dir, name, String(megabytes)] + (usb ? ["usb"] : []))
    }

    /// Unpacks the seed over the installer's root directory.
    func plantSeed() throws {
        try Self.must(["sh", "-c", "cd \"$1\" && bsdcpio -idmu <\"$2\"", "sh", dir, seed])
    }

    private var seed: String { folder.url("out/usb/seed.cpio.gz").path }

    /// Returns the command that the seed's preseed runs first.
    func seedCommand() throws -> String {
        var report = DiagnosticReport(file: "preseed.cfg", source: "")
        return try #require(
            PreseedFile(read("/preseed.cfg"), report: &report).answers.first { $0.question == "preseed/early_command" }
        ).value
    }

    /// Adds a network card.
    func card(_ name: String, _ mac: String) throws {
        for (file, content) in [("type", "1"), ("addr_assign_type", "0"), ("address", mac)] {
            try write(content + "\n", to: "/sys/class/net/\(name)/\(file)")
        }
    }

    /// Runs a command in the installer's shell.
    func shell(_ command: String, dash: Bool = false) throws -> Ran {
        try run([Self.script, "--run"] + (dash ? ["--dash"] : []) + [dir, command])
    }

    /// Runs a command in the installer's shell, with `xenseed serve` as the boot server, in a shared network namespace.
    /// - Parameters:
    ///   - lab: the lab that is served; the installer may have been built for another one.
    ///   - after: a shell command that runs in the server's directory before the node begins.
    /// - Returns: also the server's status of the node after the command has ended, and the server's log.
    func shell(_ command: String, servedBy lab: String, after: String = ":") throws -> (
        ran: Ran, shown: [String: Any], log: String
    ) {
        let place = folder.url("server").path
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Data(lab.utf8).write(to: URL(filePath: place + "/lab.yaml"))
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: place + "/late.sh"))
        let script = """
            ip link set lo up
            cd "$1"
            "$2" build --release bookworm lab.yaml 2>build.log || { cat build.log >&2; exit 9; }
            "$2" serve --release bookworm lab.yaml 2>serve.log &
            server=$!
            until curl -s -o before.json http://127.0.0.1:8000/lab.json; do
                kill -0 $server || { cat serve.log >&2; exit 9; }
                sleep 0.1
            done
            \(after)
            sh "$3" --run --net "$4" "$5"
            status=$?
            curl -sS -o after.json http://127.0.0.1:8000/lab.json
            kill $server
            exit $status
            """
        let program = checkout.appending(path: ".build/debug/xenseed").path
        let ran = try run(["unshare", "--net", "sh", "-c", script, "sh", place, program, Self.script, dir, command])
        let shown = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: place + "/after.json")))
        let nodes = (shown as? [String: Any])?["nodes"] as? [[String: Any]] ?? []
        return (
            ran, try #require(nodes.first { $0["node"] as? String == node }),
            try String(contentsOfFile: place + "/serve.log", encoding: .utf8)
        )
    }

    /// Runs a command in the installer's shell, with the server `posts.py` at 127.0.0.1:8000, in a shared network namespace.
    /// - Parameters:
    ///   - answers: the server's first answers.
    ///   - late: whether the server begins when the command has created the file `/listen`.
    /// - Returns: also what the server has received.
    func shell(_ command: String, dash: Bool = false, answers: [String], late: Bool = false) throws -> (
        ran: Ran, posts: [Post]
    ) {
        let place = folder.url("posts").path
        try? FileManager.default.removeItem(atPath: place)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let script = """
            place=$1 late=$2 server=$3 world=$4 dir=$5 command=$6 dash=$7
            shift 7
            ip link set lo up
            (
                until [ -z "$late" ] || [ -e "$dir/listen" ]; do sleep 0.1; done
                exec python3 "$server" "$place" 8000 "$@"
            ) &
            until [ -n "$late" ] || [ -s "$place/port" ]; do
                kill -0 $! || exit 9
                sleep 0.1
            done
            sh "$world" --run --net $dash "$dir" "$command"
            status=$?
            kill $!
            exit $status
            """
        let server = checkout.appending(path: "Tests/Support/posts.py").path
        let ran = try run(
            [
                "unshare", "--net", "sh", "-c", script, "sh", place, late ? "late" : "", server, Self.script, dir,
                command, dash ? "--dash" : "",
            ] + answers)
        return (ran, try Post.read(place + "/requests"))
    }

    /// Returns the command that is the preseed's answer to a question, as debconf returns it.
    func command(_ question: String) throws -> String {
        var report = DiagnosticReport(file: "preseed.cfg", source: "")
        let text = try String(contentsOf: folder.url("out/nodes/\(node)/preseed.cfg"), encoding: .utf8)
        return try #require(PreseedFile(text, report: &report).answers.first { $0.question == question }).value
    }

    func prepare(dash: Bool = false) throws -> Ran { try shell(try command("partman/early_command"), dash: dash) }
    func install() throws -> Ran { try shell(try command("preseed/late_command")) }

    /// Returns the content of a file in the installer, without its last line feed; empty if there is no such file.
    func read(_ path: String) -> String {
        let text = (try? String(contentsOf: URL(filePath: dir + path), encoding: .utf8)) ?? ""
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: dir + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Returns the current debconf answer to a question in the installer.
    func answer(_ question: String) -> String {
        read("/var/lib/debconf-stub/" + question.replacingOccurrences(of: "/", with: "="))
    }

    private static func must(_ words: [String]) throws {
        let ran = try run(words)
        try #require(ran.status == 0, "\(words.joined(separator: " ")): \(ran.err)")
    }
}
