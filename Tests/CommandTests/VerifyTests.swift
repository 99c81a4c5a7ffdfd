import Foundation
import TestSupport
import Testing

/// Tests `xenseed verify` as a user runs it, on reports from the nodes' verifier.
@Suite(.timeLimit(.minutes(15)))
struct VerifyTests {
    /// Creates a directory with a lab of two nodes, and with two reports for node1: one of a machine on which every
    /// check fails, and one of a machine on which every check passes.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        let expect = try folder.read("out/nodes/node1/overlay/etc/xenseed/expect")
        try folder.write(expect, to: "root/etc/xenseed/expect")
        let script = checkout.appending(path: "templates/xenseed-verify.sh").path
        let ran = try run(["/bin/sh", script], environment: ["XENSEED_ROOT": folder.url("root").path])
        #expect(ran.status == 1)
        try folder.write(try folder.read("root/var/lib/xenseed/report.json"), to: "bad.json")
        try folder.write(try whole(folder.read("bad.json")), to: "good.json")
        return folder
    }

    /// Returns a failed report as one in which every check passes.
    private func whole(_ report: String) throws -> String {
        var object = try #require(try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any])
        var checks = try #require(object["checks"] as? [[String: Any]])
        for index in checks.indices {
            checks[index]["ok"] = true
            checks[index]["seen"] = checks[index]["asked"]
        }
        object["checks"] = checks
        object["passed"] = checks.count
        object["failed"] = 0
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    @Test func tells() throws {
        let folder = try folder()
        let good = try xenseed("verify", "good.json", in: folder)
        #expect(good.status == 0 && good.err.isEmpty, "\(good)")
        #expect(good.out.wholeMatch(of: /node1: [0-9]+ ok, 0 differ \(20.*Z\)\n/) != nil, "\(good.out)")
        let all = try xenseed("verify", "--all", "good.json", in: folder)
        #expect(all.out.contains(/\n  ok  hostname +saw node1\.hl\.local, expected node1\.hl\.local\n/), "\(all.out)")
        let bad = try xenseed("verify", "bad.json", in: folder)
        #expect(bad.status == 4 && bad.out.hasPrefix("node1: 0 ok, "), "\(bad)")
        #expect(bad.out.contains("  differs  dom0-memory"))
        // Of two reports from a node, the newer one is used.
        let later = try folder.read("good.json").replacing(/"time":"[^"]*"/, with: "\"time\":\"2099-01-01T00:00:00Z\"")
        #expect(try xenseed("verify", "-", "bad.json", input: later, in: folder).status == 0)
        // A named node without a report is a difference.
        let missing = try xenseed("verify", "--node", "node1", "--node", "node2", "good.json", in: folder)
        #expect(missing.status == 4 && missing.out.hasSuffix("node2: no report\n"))
        let json = try xenseed("verify", "--format", "json", "bad.json", in: folder)
        let items = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        #expect(json.status == 4 && items.map { $0["node"] as? String } == ["node1"])
    }

    /// A report from before a change of the lab is compared with the current lab.
    @Test func afterTheLabHasChanged() throws {
        let folder = try folder()
        try folder.write(labText(memory: "4 GiB"), to: "lab.yaml")
        let ran = try xenseed("verify", "good.json", in: folder)
        #expect(ran.status == 4)
        #expect(ran.out.contains("  outdated  total-memory  saw 2048 MiB, expected 4096 MiB\n"), "\(ran.out)")
    }

    @Test func wrongInput() throws {
        let folder = try folder()
        let foreign = try folder.read("good.json").replacing("node1.hl", with: "node9.hl")
        let stranger = try xenseed("verify", "-", input: foreign, in: folder)
        #expect(stranger.status == 1 && stranger.out.isEmpty)
        #expect(
            stranger.err.contains("node9.hl.local, which is not a node of the lab; did you mean node"),
            "\(stranger.err)")
        #expect(try xenseed("verify", "-", input: "{}", in: folder).status == 1)
        #expect(try xenseed("verify", "nowhere.json", in: folder).status == 3)
        #expect(try xenseed("verify", in: folder).status == 2)
        let typo = try xenseed("verify", "--node", "nod1", "good.json", in: folder)
        #expect(typo.status == 2 && typo.err.contains("did you mean node1?"))
        // Control characters in a report are not printed.
        let hostile = try folder.read("bad.json").replacing(#""seen": "nothing""#, with: #""seen": "\u001b[2J\u0007""#)
        let shown = try xenseed("verify", "-", input: hostile, in: folder)
        #expect(shown.status == 4 && !shown.out.contains("\u{1B}") && !shown.out.contains("\u{7}"))
    }

    // MARK: ssh

    /// Runs `xenseed verify --ssh` with nodes that can be reached.
    private func verify(_ nodes: [String], in folder: TemporaryFolder, _ words: String...) throws -> Ran {
        try xenseed(["verify", "--ssh"] + words, reaching: nodes, in: folder)
    }

    /// The program of a node that sends a report in a file.
    private func sends(_ name: String, in folder: TemporaryFolder) -> String {
        "cp '\(folder.url(name).path)' /var/lib/xenseed/report.json; exit 1"
    }

    /// node1 answers, node2 does not.
    @Test func collects() throws {
        let folder = try folder()
        let one = try verify([sends("good.json", in: folder)], in: folder, "--node", "node1")
        #expect(one.status == 0 && one.out.hasPrefix("node1: ") && one.err.isEmpty, "\(one)")
        let both = try verify([sends("good.json", in: folder)], in: folder)
        #expect(both.status == 4 && both.out.hasSuffix("node2: no report\n"), "\(both)")
        #expect(both.err.contains("xenseed: node2: ssh: ssh: connect to host 127.0.0.1 port 2202: Connection refused"))
        #expect(both.err.hasSuffix("xenseed: node2: ssh failed with exit status 255\n"), "\(both.err)")
    }

    /// A node can't answer for another one, whatever time its report has.
    @Test func aReportCountsForItsNode() throws {
        let folder = try folder()
        let later = try folder.read("good.json").replacing(/"time":"[^"]*"/, with: "\"time\":\"9999-01-01T00:00:00Z\"")
        try folder.write(later.replacing("node1.hl", with: "node2.hl"), to: "forged.json")
        try folder.write(try folder.read("bad.json").replacing("node1.hl", with: "node2.hl"), to: "own.json")
        let ran = try verify([sends("forged.json", in: folder), sends("own.json", in: folder)], in: folder)
        #expect(ran.status == 4 && ran.out.hasPrefix("node1: no report\nnode2: 0 ok, "), "\(ran)")
        #expect(!ran.out.contains("9999"))
        #expect(ran.err == "xenseed: node1: it sent a report of node2.hl.local, which does not count\n")
    }

    /// What is printed when a node sends more than is read: ssh may or may not end when nothing is read any more.
    private static let flood = ["ssh wrote more than 1048576 bytes", "ssh did not end within 3 s"]

    /// A node can neither keep the command waiting, nor use up its memory, nor control the terminal; the other nodes are
    /// asked all the same.
    @Test(arguments: [
        ("sleep 600", ["ssh did not end within 3 s"]),
        ("trap '' HUP PIPE; yes $(printf '\\033[2J') >&2", Self.flood),
        (
            "printf '\\033[2J\\033]0;owned\\007\\302\\233A\\342\\200\\256B\\rC' >&2; rm -f /var/lib/xenseed/report.json",
            ["ssh failed with exit status 1"]
        ),
        ("yes | head -c 9000000 >/var/lib/xenseed/report.json", Self.flood),
    ]) func aHostileNode(_ script: String, _ says: [String]) throws {
        let folder = try folder()
        try folder.write(try folder.read("good.json").replacing("node1.hl", with: "node2.hl"), to: "own.json")
        let begun = ContinuousClock.now
        let ran = try verify([script, sends("own.json", in: folder)], in: folder, "--timeout", "3")
        #expect(ran.status == 4 && ran.out.hasPrefix("node1: no report\nnode2: "), "\(ran)")
        #expect(says.contains { ran.err.contains("xenseed: node1: \($0)\n") }, "\(ran.err)")
        let other = ran.err.unicodeScalars.first { !(32...126).contains($0.value) && $0 != "\n" && $0 != "\u{FFFD}" }
        #expect(other == nil && ran.err.utf8.count < 5000, "\(ran.err)")
        #expect(ContinuousClock.now - begun < .seconds(60))
    }

    /// At most eight nodes are asked at a time.
    @Test func fewNodesAtATime() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 12), to: "lab.yaml")
        try folder.write("", to: "open/none")
        let place = folder.path
        let script = """
            touch '\(place)/open/'$$
            ls '\(place)/open' | grep -vc none >>'\(place)/counts'
            sleep 1
            rm '\(place)/open/'$$
            """
        let ran = try verify(Array(repeating: script, count: 12), in: folder)
        #expect(ran.status == 4 && ran.out.split(separator: "\n").count == 12, "\(ran)")
        let counts = try folder.read("counts").split(separator: "\n").compactMap { Int($0) }
        #expect(counts.count == 12 && counts.allSatisfy { (1...8).contains($0) }, "\(counts)")
    }
}
