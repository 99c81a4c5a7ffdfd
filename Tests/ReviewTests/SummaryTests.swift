import Foundation
import Preseed
import TestSupport
import Testing

@testable import Build
@testable import Lab
@testable import Review

/// Tests what a reviewer reads of a change: on a terminal, in a file, and in a comment on a pull request.
@Suite(.timeLimit(.minutes(10)))
struct SummaryTests {
    /// The lab of thirty nodes with a boot server.
    private static func lab(_ edit: (String) -> String = { $0 }) throws -> String {
        let file = checkout.appending(path: "Tests/ArtifactTests/Labs/thirty/lab.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        return edit("release: bookworm\nboot_server: {address: 10.30.0.254, port: 8000}\n" + text)
    }

    private static func snapshot(
        _ text: String, replacing templates: [String: [UInt8]] = [:]
    ) async throws -> PlannedSnapshot {
        let labFiles = LabFiles(
            read: { _ throws(LabError) in throw .init("none") }, list: { _ throws(LabError) in [] })
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: labFiles)
        return try await PlannedSnapshot(
            Plan(
                lab: try #require(lab, "\(report.text())"), templates: try TemplateSet(replacing: templates)),
            name: "lab")
    }

    private static func edited(_ text: String) -> String {
        text.replacing("  cpus: 8\n", with: "  cpus: 8\n  dom0: {memory: 4 GiB}\n  packages: [tmux]\n")
            .replacing("memory: 64 GiB", with: "memory: 96 GiB")
            .replacing("  n8: {", with: "  n8: {disk: {select: largest}, ")
            .replacing(#/  n7: .*\n/#, with: "")
            + "  n31: {interfaces: {eth0: {mac: \"02:00:00:00:00:1f\", bridge: xenbr0}, "
            + "eth1: {mac: \"02:00:00:00:01:1f\", network: drbd, address: 172.16.30.31}}}\n"
    }

    /// A change to thirty nodes: one line for each change, one for the files that follow from it, and what is installed.
    @Test func thirtyNodes() async throws {
        let before = try await Self.snapshot(try Self.lab())
        let after = try await Self.snapshot(try Self.lab(Self.edited))
        let review = try Review(from: before, to: after)
        #expect(
            review.text() == """
                erases    n8: disk select: smallest → select: largest: reinstall, ERASES
                erases    n31: a new node; its installation ERASES the smallest disk
                reboot    n1–n6, n8–n30 (29 nodes): dom0 memory 1 GiB → 4 GiB: takes a reboot
                live      n1–n6, n8–n30 (29 nodes): package tmux: added
                live      n1–n6, n8–n30 (29 nodes): /etc/hosts: changed content, which follows from n7, n31
                cosmetic  n1–n6, n8–n30 (29 nodes): the machine's memory 64 GiB → 96 GiB: needs more memory in the machine itself
                cosmetic  n7: removed from the lab; the machine stays as it is
                cosmetic  the lab: 9 files follow from these changes: README.md, overview.svg, pxe/ (4 files), qemu/lab, usb/seed/xenseed/nodes, virtualbox/lab
                A build of the new lab arms n31: booting from the network then installs it and ERASES the smallest disk.
                To install n8 again, which ERASES the largest disk: xenseed arm n8. A node that is armed already is installed when it boots from the network.
                31 nodes, 90 changes; the highest risk: erases

                """)
        for columns in [50, 80] {
            let lines = review.text(columns: columns).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= columns }, "\(lines)")
            let words = { (text: String) in text.split(whereSeparator: \.isWhitespace) }
            #expect(words(review.text(columns: columns)) == words(review.text()))
        }
        let comment = review.markdown()
        #expect(comment.utf8.count < 2_000)
        #expect(comment.contains("| live | n1–n6, n8–n30 (29 nodes) | package tmux: added |"))
        #expect(comment.contains("> A build of the new lab arms n31: "))
        // All differences of files are there on request, also those of /etc/hosts and of the drawing.
        for text in [review.text(.all), review.markdown(.all)] {
            #expect(text.contains("--- etc/hosts\n") && text.contains("--- overview.svg\n"))
            #expect(text.contains("+172.16.30.31 n31.rack.example n31"))
        }
        var some = review
        some.filter(nodes: ["n8", "n9"], risks: [.reboot])
        #expect(
            some.text() == """
                reboot    n8, n9: dom0 memory 1 GiB → 4 GiB: takes a reboot
                2 nodes, 2 changes; the highest risk: reboot

                """)
        // Without a difference, nothing is installed.
        let same = try Review(from: before, to: before)
        #expect(same.text() == "nothing changed\n")
        #expect(try Review(from: after, to: before).text().contains("all 30 nodes: ") == false)
        let all = try await Self.snapshot(try Self.lab { $0.replacing("cpus: 8", with: "cpus: 4") })
        #expect(
            try Review(from: before, to: all).text().hasPrefix("cosmetic  all 30 nodes: the machine's CPUs 8 → 4\n"))
    }

    /// A template of the user's own changes thirty nodes in the same way: the difference is shown once.
    @Test func differencesThatNoFieldExplains() async throws {
        let before = try await Self.snapshot(try Self.lab())
        func after(_ line: String) async throws -> Review {
            let text = try Self.template("late-command.sh").replacing("#!/bin/sh\n", with: "#!/bin/sh\n\(line)\n")
            return try Review(
                from: before,
                to: try await Self.snapshot(try Self.lab(), replacing: ["late-command.sh": Array(text.utf8)]))
        }
        let same = try await after("# of {{node}} only")
        let sentence = "the late command changed; it takes effect at the next installation"
        #expect(same.text().hasPrefix("cosmetic  all 30 nodes: \(sentence)\n    --- late-command.sh\n"))
        #expect(same.text().contains("    +# of n1 only\n") && !same.text().contains("n2 only"))
        #expect(!same.text().contains("--details"))
        // Each node has its own lines: the difference of one is shown, and the others are named.
        let own = try await after("# of the host-{{node}}")
        #expect(
            own.text().contains(
                "    This is the difference of n1. n2–n30 (29 nodes) have other ones: --details\n"), "\(own.text())")
        #expect(own.text(.all).contains("    n30:\n    --- late-command.sh\n"))
        // A long difference is cut off, with the number of its other lines.
        let long = try await after((1...100).map { "# \($0)" }.joined(separator: "\n"))
        #expect(long.text().contains("    … 77 more lines: --details\n"), "\(long.text())")
        #expect(long.text(.all).contains("    +# 100\n") && !long.text().contains("+# 100\n"))
        #expect(long.markdown().contains("… 77 more lines: --details\n\n</details>\n"))
    }

    /// The text of a template of xenseed's own.
    private static func template(_ path: String) throws -> String {
        try String(contentsOf: checkout.appending(path: "templates/\(path)"), encoding: .utf8)
    }

    /// Every file of a tree that is not of a single node has known fields, or differs only if another file does.
    @Test func theFieldsOfEveryFile() async throws {
        let text = FieldTests.lab.replacing("firmware: bios", with: "firmware: uefi")
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: FieldTests.labFiles)
        let snapshot = try await PlannedSnapshot(
            Plan(lab: try #require(lab, "\(report.text())"), templates: try TemplateSet()), name: "lab")
        let paths = snapshot.paths.filter { NodeFile.split($0) == nil }
        #expect(paths.count > 15)
        for path in paths.subtracting([ResolvedLab.path, Seed.path]) {
            #expect(GeneratedFile.fields(behindLabFile: path) != nil, "\(path)")
        }
        #expect(GeneratedFile.fields(behindLabFile: "own.txt") == nil)
        #expect(GeneratedFile.dependsOnOtherNodes("overlay/etc/hosts"))
        #expect(!GeneratedFile.dependsOnOtherNodes("overlay/etc/network/interfaces"))
    }

    /// Whatever changes: a comment is small enough, no code block is cut, and the highest risk is in it.
    @Test func commentsFit() throws {
        let seed = SplitMix64.seed(or: 20_261_130)
        var random = SplitMix64(seed: seed)
        for round in 0..<12 {
            let review = Self.randomReview(&random)
            for (detail, limit) in [(Review.Detail.summary, 10_000), (.all, 60_000)] {
                let comment = review.markdown(detail)
                let hint = "XENSEED_SEED=\(seed), \(round): \(comment.utf8.count)"
                #expect(comment.utf8.count <= limit, "\(hint)")
                // Outside of code blocks, details are opened and closed in turn.
                var (fence, depth): (String?, Int) = (nil, 0)
                for line in comment.split(separator: "\n", omittingEmptySubsequences: false) {
                    if let open = fence {
                        if line == open { fence = nil }
                    } else if line.hasPrefix("```") {
                        fence = String(line.prefix { $0 == "`" })
                    } else {
                        depth += line.contains("<details>") ? 1 : 0
                        depth -= line.contains("</details>") ? 1 : 0
                    }
                    #expect(0...1 ~= depth, "\(hint)")
                }
                #expect(fence == nil && depth == 0, "\(hint)")
                let highest = review.highest!.name
                #expect(comment.contains("| \(highest) |") || comment.contains("| **\(highest)** |"), "\(hint)")
            }
            // As text, every sentence is there.
            let text = review.text()
            for change in review.changes where !change.isDerived { #expect(text.contains(change.sentence)) }
        }
    }

    private static func randomReview(_ random: inout SplitMix64) -> Review {
        let nodes = Int.random(in: 1...200, using: &random)
        func word() -> String {
            let words = ["a|b", "```", "~~~~~~", "<details>", "é→x", "_y_", String(repeating: "long", count: 30)]
            return words.randomElement(using: &random)!
        }
        let changes = (0..<Int.random(in: 1...150, using: &random)).map { _ in
            var change = Change(
                node: random.isOne(in: 5) ? nil : "n\(Int.random(in: 1...nodes, using: &random))",
                risk: Risk.allCases.randomElement(using: &random)!,
                sentence: (0..<Int.random(in: 1...8, using: &random)).map { _ in word() }.joined(separator: " "),
                path: "a/\(Int.random(in: 0...9, using: &random))")
            if random.isOne(in: 2) {
                let lines = (0..<Int.random(in: 1...50, using: &random)).map { _ in "+\(word())\n" }
                change.diff = "--- a\n+++ b\n@@ -1 +1 @@\n" + lines.joined()
            }
            change.isDerived = change.node == nil && random.isOne(in: 2)
            return change
        }
        return Review(
            changes: changes, problems: (0..<Int.random(in: 0...9, using: &random)).map { _ in word() },
            notes: (0..<Int.random(in: 0...9, using: &random)).map { _ in word() })
    }

    @Test(
        arguments: [
            (["n2", "n10", "n1"], nil, Int.max, "n1, n2, n10"), (["n3", "n2", "n1"], nil, .max, "n1–n3"),
            (["xen08", "xen09", "xen10", "xen11"], nil, .max, "xen08–xen11"),
            (["a1", "b2", "c3", "d4", "e5"], nil, .max, "a1, b2, c3, d4, e5 (5 nodes)"),
            (["n1", "n2", "n3", "n4", "n5"], 5, .max, "all 5 nodes"), (["n1", "n2"], 2, .max, "n1, n2"),
            (["n1", "n3", "n5", "n7", "n9"], nil, 19, "n1, n3, … (5 nodes)"),
            (["db", "db1", "web"], nil, .max, "db, db1, web"),
            (["n9", "n010", "n11"], nil, .max, "n9, n010, n11"), (["n1", "n1"], nil, .max, "n1"), ([], nil, .max, ""),
            (["r1-n1", "r1-n2", "r1-n3", "r2-n4"], nil, .max, "r1-n1–r1-n3, r2-n4"),
        ] as [([String], Int?, Int, String)])
    func namesOfNodes(_ names: [String], _ total: Int?, _ limit: Int, _ text: String) {
        #expect(NodeNames.text(names, of: total, limit: limit) == text)
    }
}
