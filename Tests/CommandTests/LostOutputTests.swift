import Foundation
import TestSupport
import Testing

/// With a full or closed standard output or standard error, no command crashes, and a command that loses its output
/// fails.
@Suite(.timeLimit(.minutes(15)))
struct LostOutputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var words: [String]
        /// The exit status if all output can be written.
        var status: Int32
        /// Whether the command prints to standard output.
        var prints: Bool
        var testDescription: String { words.joined(separator: " ") }

        init(_ words: String, _ status: Int32 = 0, prints: Bool) {
            self.words = words.split(separator: " ").map(String.init)
            (self.status, self.prints) = (status, prints)
        }
    }

    private static let cases = [
        Case("--help", prints: true), Case("--version", prints: true), Case("build --help", prints: true),
        Case("--generate-completion-script bash", prints: true), Case("chek", 2, prints: false),
        Case("build", prints: false), Case("build --output stale --check", 4, prints: true),
        Case("build --check-reproducible", prints: false), Case("build wrong.yaml", 1, prints: false),
        Case("build --format json wrong.yaml", 1, prints: false),
        Case("diff out lab.yaml", 4, prints: true), Case("diff --format json out lab.yaml", 4, prints: true),
        Case("diff --format markdown out lab.yaml", 4, prints: true),
        Case("netboot --archive none.tar", 3, prints: false),
        Case("netboot --archive installer.tar --output n", prints: false),
        Case("iso --from none.iso --output x.iso", 3, prints: false),
        Case("serve --arm node9", 2, prints: false), Case("arm node1", prints: false),
        Case("disarm node1", prints: false),
        Case("watch --timeout 1 serial.log", prints: true), Case("watch --timeout 1 failed.log", 1, prints: true),
        Case("verify report.json", 4, prints: true), Case("verify --format json report.json", 4, prints: true),
        Case("inspect out", prints: true), Case("inspect --format json out", prints: true),
        Case("inspect lab.yaml", 1, prints: false),
        Case("check", prints: false), Case("check wrong.yaml", 1, prints: true),
        Case("check --format json", prints: true), Case("check --format sarif wrong.yaml", 1, prints: true),
        Case("lint --release bookworm out/nodes/node1/preseed.cfg", prints: false),
        Case("lint --release bookworm wrong.cfg", 1, prints: true),
        Case("lint --release bookworm --format json wrong.cfg", 1, prints: true),
        Case("lint --complete --medium pxe --release bookworm out/nodes/node1/preseed.cfg", 1, prints: true),
        Case("init new", prints: true), Case("schema", prints: true), Case("explain", prints: true),
        Case("explain X0105", prints: true), Case("explain out/SHA256SUMS:1", prints: true),
        Case("explain out/nodes/node1/preseed.cfg:9", prints: true),
        Case("explain nodes.node1.dom0.memory", prints: true),
        Case("export ansible", prints: true), Case("export all", 2, prints: false),
        Case("keys", prints: false), Case("guest", prints: true),
        Case("guest demo web1 --address 10.0.0.1", 2, prints: false), Case("passwd", 3, prints: false),
        Case("templates", prints: true),
        Case("templates dump new hosts", prints: true),
    ]

    /// The directory that each command gets a copy of.
    private static let original = Result { try prepare() }

    private static func prepared() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let copied = try run(["cp", "-a", try original.get().path + "/.", folder.path])
        try #require(copied.status == 0, "\(copied.err)")
        return folder
    }

    private static func prepare() throws -> TemporaryFolder {
        let folder = try TemporaryFolder.untilExit()
        let lab = labText(release: "bookworm")
            .replacing("networks:", with: "boot_server: {address: 10.8.0.1, port: 8000}\nnetworks:")
        try folder.write(lab.replacing("2 GiB", with: "3 GiB"), to: "lab.yaml")
        for output in ["out", "stale"] {
            if output == "stale" { try folder.write(lab, to: "lab.yaml") }
            _ = try xenseed("build", "--output", output, in: folder)
        }
        // Now both `out` and `stale` differ from what lab.yaml gives.
        try folder.write(lab.replacing("2 GiB", with: "4 GiB"), to: "lab.yaml")
        try folder.write("domain: x\n", to: "wrong.yaml")
        try folder.write("d-i netcfg/get_hostnam string x\n", to: "wrong.cfg")
        try folder.write("xenseed/1 node1 verify - ok 104.21 24 ok, 0 failed\n", to: "serial.log")
        try folder.write("xenseed/1 node1 late packages failed 900.2 exit code 100\n", to: "failed.log")
        try folder.write(
            """
            {"format": 1, "node": "node1.hl.local", "release": "12", "kernel": "6.1", "xen": "4.17",
             "time": "2026-11-24T17:36:12Z", "passed": 1, "failed": 0,
             "checks": [{"name": "xen-running", "ok": true, "seen": "control_d", "asked": "control_d"}]}
            """, to: "report.json")
        try TreeTests.archive("installer", in: folder)
        return folder
    }

    /// The table has every command of the program.
    @Test func everyCommandIsHere() throws {
        let help = try xenseed("--help").out
        let commands = help.components(separatedBy: "SUBCOMMANDS:").last!.split(separator: "\n")
            .compactMap { $0.prefixMatch(of: #/\ \ ([a-z]+)\ /#).map { String($0.1) } }
        #expect(commands.count > 14)
        #expect(Set(commands).subtracting(Self.cases.map { $0.words[0] }) == [])
    }

    @Test(arguments: cases) func ends(_ command: Case) throws {
        let folder = try Self.prepared()
        // arm requires a tree that was built from the current lab.
        if command.words.contains("node1") { _ = try xenseed("build", in: folder) }
        for (redirection, losesOutput) in [
            ("", false), (">/dev/full", true), (">&-", true), ("2>/dev/full", false), ("2>&-", false),
            (">&- 2>&-", true),
            ("<&- >&- 2>&-", true),
        ] {
            try? FileManager.default.removeItem(at: folder.url("new"))
            let ran = try run(
                // setsid removes the terminal, from which passwd would read.
                ["setsid", "--wait", "timeout", "120", "sh", "-c", "exec \"$0\" \"$@\" \(redirection)", program]
                    + command.words,
                in: URL(filePath: folder.path))
            let wanted = losesOutput && command.prints ? 3 : command.status
            #expect(ran.status == wanted, "\(command.testDescription) \(redirection): \(ran.status) \(ran.err)")
            if redirection.isEmpty { #expect(ran.out.isEmpty != command.prints, "\(ran)") }
            if losesOutput, command.prints, !redirection.contains("2") {
                #expect(ran.err.contains("xenseed: standard output can't be written"), "\(redirection): \(ran.err)")
            }
            // No file of the lab contains output that was written to a closed descriptor.
            if redirection.contains("&-") {
                #expect(try folder.read("lab.yaml").hasPrefix("release: bookworm"))
                let sums = try run(
                    ["sha256sum", "--quiet", "--ignore-missing", "-c", "SHA256SUMS"], in: folder.url("out"))
                #expect(sums.status == 0, "\(redirection): \(sums)")
            }
        }
    }
}
