import Foundation
import TestSupport
import Testing

/// Tests `xenseed explain` for lines and fields. Tests/ReviewTests checks that the origins are correct.
@Suite(.timeLimit(.minutes(15)))
struct ExplainTests {
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
        try folder.write(text, to: "lab.yaml")
        try #require(try xenseed("build", in: folder).status == 0)
        return folder
    }

    /// `explain` accepts a line of every file of the reference lab's output tree; the nodes and their cards have the same files.
    @Test func everyLineOfTheReferenceLab() throws {
        let folder = try folder()
        let files = try run(
            ["find", "out", "-type", "f", "!", "-name", "*.gz"],
            in: URL(filePath: folder.path)
        )
        .out.split(separator: "\n").map(String.init)
        #expect(files.count > 40)
        var kinds: Set<String> = []
        var asked: [String] = []
        var answers: [String] = []
        for file in files {
            let kind = file.replacing(#/xen0[12]|([0-9a-f]{2}-){5,6}[0-9a-f]{2}/#, with: "*")
            guard kinds.insert(kind).inserted else { continue }
            let lines = try folder.read(file).split(separator: "\n", omittingEmptySubsequences: false)
            // Tests the first, the last and a middle line; Tests/ReviewTests checks the origin of each line.
            for line in Set([1, lines.count / 2, lines.count - 1]).sorted() where line > 0 {
                asked.append("\(file):\(line)")
                answers.append("\(file.dropFirst(4)):\(line): \(lines[line - 1])")
            }
        }
        let ran = try run([program, "explain"] + asked, in: URL(filePath: folder.path))
        #expect(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        // An answer begins with its line of the tree; where the line comes from is indented below it.
        var origins = 0
        for line in ran.out.split(separator: "\n").reversed() {
            if line.hasPrefix("  ") {
                origins += 1
                continue
            }
            #expect(line == answers.popLast() ?? "" && origins > 0, "\(line)")
            origins = 0
        }
        #expect(answers.isEmpty)
    }

    @Test func linesAndFields() throws {
        let folder = try folder()
        let lines = try folder.read("out/nodes/xen01/overlay/etc/default/grub.d/50-xenseed.cfg").split(separator: "\n")
        let number = try #require(lines.firstIndex { $0.hasPrefix("GRUB_CMDLINE_XEN=") }) + 1
        let line = try xenseed(
            "explain", "out/nodes/xen01/overlay/etc/default/grub.d/50-xenseed.cfg:\(number)", in: folder)
        let lab = try folder.read("lab.yaml").split(separator: "\n", omittingEmptySubsequences: false)
        let place = try #require(lab.firstIndex { $0.contains("dom0: {memory:") }) + 1
        #expect(line.out.contains("\n  template  grub.cfg:\(number)\n"))
        #expect(line.out.contains("\n  field     nodes.xen01.dom0.memory: lab.yaml:\(place):10\n"))
        #expect(line.out.contains("\n  field     nodes.xen01.dom0.options: not in the lab: its default\n"))
        let field = try xenseed("explain", "nodes.xen01.dom0.memory", in: folder)
        #expect(
            field.status == 0 && field.err.hasPrefix("nodes.xen01.dom0.memory: lab.yaml:\(place):10; in "),
            "\(field.err)")
        #expect(
            field.out.contains("nodes/xen01/overlay/etc/default/grub.d/50-xenseed.cfg:\(number): GRUB_CMDLINE_XEN="))
        #expect(field.out.contains("\nlibvirt/nodes/xen01.xml:5:   <memory "), "\(field.out)")
        #expect(!field.out.contains("nodes/xen02/") && !field.out.contains("nodes/xen02.xml"))
        let release = try xenseed("explain", "out/nodes/xen01/preseed.cfg:2", in: folder)
        #expect(
            release.out.contains("  field     release: lab.yaml:3:1\n")
                && release.out.contains("  fact      the node's name in the lab\n"))
        // The line in the tree differs from the one that the lab gives now.
        try folder.write("changed\n", to: "out/nodes/xen01/preseed.cfg")
        let stale = try xenseed("explain", "out/nodes/xen01/preseed.cfg:1", in: folder)
        #expect(stale.status == 0 && stale.err.contains("is out of date"), "\(stale)")
    }

    @Test func templates() throws {
        let folder = try TemporaryFolder()
        let hosts = try xenseed("explain", "hosts", in: folder)
        let lines = hosts.out.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        #expect(
            hosts.status == 0 && lines.contains(["{{fqdn}}", "domain;", "the", "node's", "name", "in", "the", "lab"]))
        // The values of a section are indented below it.
        let peers = try #require(hosts.out.range(of: "\n  {{#peers}} "))
        #expect(hosts.out[peers.upperBound...].contains("\n    {{address}} "), "\(hosts.out)")
        let constant = try xenseed("explain", "xl.conf", in: folder)
        #expect(constant.out.contains("\n  {{default_bridge}} "), "\(constant.out)")
        #expect(
            try xenseed("explain", "apt-hook.conf", in: folder).out == "apt-hook.conf: a file without placeholders\n")
    }

    @Test func wrongQuestions() throws {
        let folder = try folder()
        for (what, says) in [
            ("timezon", "there is no diagnostic code or field timezon; did you mean timezone?"),
            ("X0603x", "did you mean X0603?"), ("nodes.xen01.dom0.memry", "did you mean nodes.*.dom0.memory?"),
            (
                "out/nodes/xen01/preseed.cf:3",
                "the lab has no text file out/nodes/xen01/preseed.cf; did you mean out/nodes/xen01/preseed.cfg?"
            ),
            ("out/nodes/xen01/preseed.cfg:9999", "lines"), ("out/nodes/xen01/preseed.cfg:0", "lines"),
        ] {
            let ran = try xenseed("explain", what, in: folder)
            #expect(ran.status == 2 && ran.err.contains(says) && ran.out.isEmpty, "\(ran)")
        }
    }
}
