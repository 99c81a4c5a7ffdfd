import Foundation
import TestSupport
import Testing

/// Tests `xenseed diff` as a reviewer runs it. The text for each field is tested in Tests/ReviewTests.
@Suite(.timeLimit(.minutes(15)))
struct DiffTests {
    private let old = labText(nodes: 2, release: "bookworm")
    private let new = labText(nodes: 3, release: "bookworm", memory: "4 GiB")
        .replacing(
            "bridges: {xenbr0: {network: lan}}", with: "bridges: {xenbr0: {network: lan}}\n  dom0: {memory: 2 GiB}")

    /// Creates a repository with two commits, each with a lab and its built tree.
    private func repository() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        func git(_ words: String...) throws {
            let ran = try run(
                ["git", "-c", "user.name=A", "-c", "user.email=a@desk"] + words, in: URL(filePath: folder.path))
            try #require(ran.status == 0, "\(ran.err)")
        }
        try git("init", "--quiet", "--initial-branch=main")
        for (lab, name) in [(old, "old"), (new, "new")] {
            try folder.write(lab, to: "lab.yaml")
            try #require(try xenseed("build", in: folder).status == 0)
            try git("add", "-A")
            try git("commit", "--quiet", "-m", name)
            try git("tag", name)
        }
        try folder.write(old, to: "old.yaml")
        try #require(try xenseed("build", "--output", "before", "old.yaml", in: folder).status == 0)
        return folder
    }

    private let said = """
        erases    node3: a new node; its installation ERASES /dev/sda
        reboot    node1, node2: dom0 memory 1 GiB → 2 GiB: takes a reboot
        cosmetic  node1, node2: the machine's memory 2 GiB → 4 GiB: needs more memory in the machine itself

        """

    /// Trees, lab files and git revisions give the same result in every combination.
    @Test func treesLabsAndRevisions() throws {
        let folder = try repository()
        func diff(_ words: String...) throws -> Ran {
            try run([program, "diff"] + words, in: URL(filePath: folder.path))
        }
        let first = try diff("before", "out")
        #expect(first.status == 4 && first.err.isEmpty && first.out.hasPrefix(said), "\(first)")
        #expect(
            first.out.dropFirst(said.count)
                == """
                cosmetic  the lab: 9 files follow from these changes: README.md, libvirt/ (4 files), overview.svg, qemu/lab, usb/seed/xenseed/nodes, virtualbox/lab
                3 nodes, 5 changes; the highest risk: erases

                """)
        for (a, b) in [
            ("old.yaml", "lab.yaml"), ("old.yaml", "."), ("before", "lab.yaml"), ("old.yaml", "out"),
            ("HEAD~1", "HEAD"), ("old", "new"),
            ("old:out", "new:out"), ("old:lab.yaml", "new:lab.yaml"), ("HEAD~1", "out"), ("before", "HEAD"),
            ("old:lab.yaml", "new"),
        ] {
            #expect(try diff(a, b) == first, "\(a) \(b)")
        }
        // Paths are relative to the current directory, as in git.
        try FileManager.default.createDirectory(at: folder.url("labs"), withIntermediateDirectories: false)
        let below = try run([program, "diff", "old:../out", "new:../out"], in: folder.url("labs"))
        #expect(below == first, "\(below)")
        #expect(try diff() == diff("out", "lab.yaml") && diff("before") == diff("before", "lab.yaml"))
        for pair in [("out", "out"), ("HEAD", "lab.yaml"), ("HEAD", "out")] {
            let same = try diff(pair.0, pair.1)
            #expect(same == Ran(status: 0, out: "nothing changed\n"), "\(same)")
        }
    }

    @Test func classesDecide() throws {
        let folder = try repository()
        func status(_ words: String...) throws -> Int32 {
            try run([program, "diff"] + words, in: URL(filePath: folder.path)).status
        }
        #expect(try status("--fail-on", "erases", "old", "new") == 4)
        #expect(try status("--fail-on", "network", "--node", "node1", "old", "new") == 0)
        #expect(try status("--fail-on", "reboot", "--node", "node1", "old", "new") == 4)
        #expect(try status("--fail-on", "never", "old", "new") == 2)
        // With --grade, the exit status tells the highest risk.
        #expect(try status("--grade", "old", "new") == 8)
        #expect(try status("--grade", "--node", "node1", "old", "new") == 6)
        #expect(try status("--grade", "--fail-on", "network", "--node", "node1", "old", "new") == 0)
        #expect(try status("--grade", "new", "new") == 0)
        #expect(try status("--grade", "--only", "cosmetic", "--only", "reboot", "old", "new") == 6)
        #expect(try status("--only", "network", "old", "new") == 0)
        #expect(try status("--only", "never", "old", "new") == 2)
        for (edit, grade) in [
            (("domain: hl.local\n", "domain: hl.local\nkeymap: de\n"), 5), (("cpus: 2", "cpus: 3"), 4),
            (("bridges: {xenbr0: {network: lan}}", "bridges: {xenbr0: {network: lan, stp: true}}"), 7),
        ] as [((String, String), Int32)] {
            try folder.write(old.replacing(edit.0, with: edit.1), to: "edited.yaml")
            #expect(try status("--grade", "old.yaml", "edited.yaml") == grade, "\(edit)")
        }
    }

    @Test func forProgramsAndComments() throws {
        let folder = try repository()
        let ran = try xenseed("diff", "--format", "json", "old", "new", in: folder)
        let shown = try #require(try JSONSerialization.jsonObject(with: Data(ran.out.utf8)) as? [String: Any])
        #expect(shown["highest"] as? String == "erases" && (shown["problems"] as? [String])?.isEmpty == true)
        let changes = shown["changes"] as? [[String: Any]] ?? []
        #expect(
            changes.contains {
                $0["node"] as? String == "node1" && $0["risk"] as? String == "reboot"
                    && $0["path"] as? String == "nodes/node1/overlay/etc/default/grub.d/50-xenseed.cfg"
                    && $0["field"] as? String == "nodes.node1.dom0.memory"
            })
        let comment = try xenseed("diff", "--format", "markdown", "old", "new", in: folder).out
        #expect(comment.contains("| **erases** | node3 | a new node; its installation ERASES /dev/sda |"))
        #expect(comment.contains("| reboot | node1, node2 | dom0 memory 1 GiB → 2 GiB: takes a reboot |"))
        #expect(!comment.contains("<details>"), "\(comment)")
        let all = try xenseed("diff", "--format", "markdown", "--details", "old", "new", in: folder).out
        #expect(all.contains("```diff\n--- qemu/lab\n") && all.contains("\n```\n\n</details>\n"))
    }

    /// A revision whose built tree does not match its lab is refused.
    @Test func aRevisionThatWasNotBuilt() throws {
        let folder = try repository()
        func git(_ words: String...) throws {
            let ran = try run(
                ["git", "-c", "user.name=A", "-c", "user.email=a@desk"] + words, in: URL(filePath: folder.path))
            try #require(ran.status == 0, "\(ran.err)")
        }
        // A comment does not change the lab.
        try folder.write("# a comment\n" + new, to: "lab.yaml")
        try git("commit", "-qam", "a comment")
        #expect(try xenseed("diff", "new", "HEAD", in: folder) == Ran(status: 0, out: "nothing changed\n"))
        try folder.write(new.replacing("2 GiB", with: "3 GiB"), to: "lab.yaml")
        try git("commit", "-qam", "not built")
        for names in [["old", "HEAD"], ["HEAD", "old"]] {
            let ran = try run([program, "diff"] + names, in: URL(filePath: folder.path))
            #expect(
                ran.status == 1 && ran.out.isEmpty
                    && ran.err.contains("HEAD: out was not built from lab.yaml; run xenseed build and commit out"),
                "\(ran)")
        }
        let lab = try xenseed("diff", "new", "HEAD:lab.yaml", in: folder)
        #expect(lab.status == 4 && lab.out.contains("dom0 memory 2 GiB → 3 GiB"), "\(lab)")
        #expect(try xenseed("diff", "--out", "new", "HEAD", in: folder) == Ran(status: 0, out: "nothing changed\n"))
        #expect(try xenseed("diff", "new", "HEAD:out", in: folder) == Ran(status: 0, out: "nothing changed\n"))
    }

    /// On a terminal, the output has colours (not with NO_COLOR) and shows both states side by side.
    @Test func onATerminal() throws {
        let folder = try repository()
        func shown(_ variable: String) throws -> String {
            try run(
                [
                    "script", "-qec", "stty columns 120; \(variable) \(program) diff --node node1 old new; true",
                    "/dev/null",
                ],
                in: URL(filePath: folder.path)
            ).out
        }
        #expect(try shown("env -u NO_COLOR").contains("\u{1B}[33mreboot  \u{1B}[0m"))
        #expect(try !shown("NO_COLOR=1").contains("\u{1B}["))
        let sides = try run(
            [
                "script", "-qec", "stty columns 300; env -u NO_COLOR \(program) diff --details old new; true",
                "/dev/null",
            ],
            in: URL(filePath: folder.path)
        ).out
        #expect(sides.contains(" │ \u{1B}[32m"))
    }

    /// Whether a node is armed is known from the boot files in a directory, and from the journal.
    @Test func armedNodes() throws {
        let folder = try TemporaryFolder()
        let network = "boot_server: {address: 10.8.8.1, port: 8000}\n"
        try folder.write(network + old, to: "lab.yaml")
        try #require(try xenseed("build", in: folder).status == 0)
        let moved = network + new.replacing("  node1: {", with: "  node1: {disk: {device: /dev/sdb}, ")
        try folder.write(moved, to: "lab.yaml")
        func sentences(_ words: String...) throws -> ArraySlice<String> {
            try run([program, "diff", "--only", "erases"] + words, in: URL(filePath: folder.path)).out
                .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("erases ") }.dropLast()
        }
        let armed =
            "A build of the new lab arms node3: booting from the network then installs it and ERASES /dev/sda."
        #expect(
            try sentences("out", "lab.yaml") == [
                armed, "Already armed: node1: booting from the network installs it again and ERASES /dev/sdb.",
            ])
        try #require(try xenseed("disarm", "node1", in: folder).status == 0)
        let disarmed: ArraySlice = [
            armed, "Not armed: node1: to install it again, which ERASES /dev/sdb: xenseed arm node1",
        ]
        #expect(try sentences("out", "lab.yaml") == disarmed)
        // The journal has it as well.
        try folder.write(network + old, to: "old.yaml")
        #expect(try sentences("old.yaml", "lab.yaml") == disarmed)
        #expect(
            try sentences("--state", "none", "old.yaml", "lab.yaml") == [
                armed,
                "To install node1 again, which ERASES /dev/sdb: xenseed arm node1. A node that is armed already is installed when it boots from the network.",
            ])
        #expect(try sentences("--node", "node2", "out", "lab.yaml").isEmpty)
        // Without a boot server, nodes are installed from a medium.
        try folder.write(old, to: "old.yaml")
        try folder.write(moved.dropFirst(network.count).description, to: "new.yaml")
        #expect(
            try sentences("old.yaml", "new.yaml") == [
                "To install node1 again, which ERASES /dev/sdb, boot it from a medium of the new lab."
            ])
    }

    @Test func wrongNames() throws {
        let folder = try repository()
        for (words, status, says) in [
            (["nowhere", "out"], 2, "nowhere is not a directory, a lab file or a git revision"),
            (["HEAD:nowhere", "out"], 2, "HEAD:nowhere: the revision has neither a built tree nor a lab file there"),
            ([".git", "out"], 3, ".git is neither a built tree nor the directory of a lab.yaml"),
            (["--node", "node7", "before", "out"], 2, "node7 is not a node of these labs; did you mean node1?"),
            (["--", "--exec=x", "out"], 2, "--exec=x is not a directory, a lab file or a git revision"),
        ] as [([String], Int32, String)] {
            let ran = try run([program, "diff"] + words, in: URL(filePath: folder.path))
            #expect(ran.status == status && ran.err.contains(says) && ran.out.isEmpty, "\(ran)")
        }
        let empty = try xenseed("diff", in: try TemporaryFolder())
        #expect(
            empty.status == 2
                && empty.err.contains("out is not a directory, a lab file or a git revision; xenseed build writes it"),
            "\(empty)")
        try folder.write("domain: [", to: "bad.yaml")
        let bad = try xenseed("diff", "bad.yaml", "out", in: folder)
        #expect(bad.status == 1 && bad.err.contains("bad.yaml:2:1: error[X0101]"), "\(bad)")
        // The file is too large for a review.
        _ = try run(["truncate", "-s", "1T", folder.url("before/qemu/lab").path])
        let huge = try xenseed("diff", "before", "out", in: folder)
        #expect(huge.status == 3 && huge.err.contains("before/qemu/lab is larger than 64 MiB"), "\(huge)")
        try folder.write("small", to: "before/qemu/lab")
        // A file that can't be read is reported as a problem, and the exit status is not 0.
        try folder.write("no archive", to: "before/nodes/node1/overlay.tar.gz")
        let damaged = try xenseed("diff", "before", "out", in: folder)
        #expect(
            damaged.status == 1 && damaged.out.hasPrefix("problem: before: nodes/node1/overlay.tar.gz is "),
            "\(damaged)")
    }
}
