import Build
import Foundation
import Preseed
import TestSupport
import Testing

@testable import Server

/// Tests the screen of `xenseed watch`.
@Suite(.timeLimit(.minutes(5)))
struct ProgressScreenTests {
    /// The lines of one installation, up to a number of them.
    private static let steps = [
        "early - start 60", "partitioning - start 65", "base - start 70", "packages - start 300", "late - start 400",
        "late packages start 410", "reboot - ok 500", "boot - ok 40", "verify - start 60",
        "verify - ok 100 24 ok, 0 failed",
    ]

    /// A lab of thirty nodes in every state.
    private static func thirty() -> LabProgress {
        var progress = LabProgress(nodes: (1...30).compactMap { try? Hostname(text: "n\($0)") })
        func receive(_ node: Int, _ lines: [String]) {
            for line in lines { _ = progress.receive("xenseed/1 n\(node) \(line)", at: 0) }
        }
        for node in [1, 2, 3, 4, 8] { receive(node, steps) }
        for (node, count) in [(5, 1), (6, 3), (9, 4), (10, 6), (11, 8)] { receive(node, Array(steps.prefix(count))) }
        for node in [7, 12] {
            receive(node, Array(steps.prefix(6)) + ["late packages failed 420 exit code 100"])
            for line in ["Reading package lists...", "E: Unable to locate package tmuxx"] {
                _ = progress.receive("xenseed/1+ n\(node) \(line)", at: 0)
            }
        }
        receive(
            20,
            Array(steps.prefix(9)) + [
                "verify total-memory failed 99 saw 65536 MiB, expected 98304 MiB", "verify - failed 100",
            ]
        )
        return progress
    }

    private static func text(_ progress: LabProgress, _ columns: Int, _ rows: Int?) -> String {
        ProgressScreen(progress, now: 120, columns: columns).lines(rows: rows).map { $0 + "\n" }.joined()
    }

    @Test func thirtyNodes() {
        #expect(
            Self.text(Self.thirty(), 80, 23) == """
                30 nodes: 3 failed, 5 installing, 5 verified, 17 waiting
                about 7 min left, by 1 earlier installation
                n7, n12 failed at late packages
                    E: Unable to locate package tmuxx
                    | Reading package lists...
                    Check that the mirror answers and has these packages for this release.
                    Select Continue in the installer's dialog to repeat the step.
                n20 failed at verify after 00:10:00
                    total-memory failed: saw 65536 MiB, expected 98304 MiB
                    Log in and run xenseed-verify; /etc/xenseed/expect has the expected values.
                n5   [###-----------------]  00:03:00  early  about 7 min left
                n6   [###-----------------]  00:03:10  base  about 7 min left
                n9   [###########---------]  00:07:00  packages  about 3 min left
                n10  [#############-------]  00:08:50  late packages  about 2 min left
                n11  [###############-----]  00:11:00  boot ok  longer than expected
                verified        n1–n4, n8 (5 nodes)
                waiting         n13–n19, n21–n30 (17 nodes)

                """)
    }

    @Test func narrow() {
        #expect(
            Self.text(Self.thirty(), 50, 23) == """
                30 nodes: 3 failed, 5 installing, 5 verified,
                  17 waiting
                about 7 min left, by 1 earlier installation
                n7, n12 failed at late packages
                    E: Unable to locate package tmuxx
                    | Reading package lists...
                    Check that the mirror answers and has these
                    packages for this release. Select Continue in
                    the installer's dialog to repeat the step.
                n20 failed at verify after 00:10:00
                    total-memory failed: saw 65536 MiB, expected
                    98304 MiB
                    Log in and run xenseed-verify;
                    /etc/xenseed/expect has the expected values.
                n5   [#---------]  00:03:00  early
                n6   [#---------]  00:03:10  base
                n9   [#####-----]  00:07:00  packages
                n10  [######----]  00:08:50  late packages
                n11  [#######---]  00:11:00  boot ok
                verified        n1–n4, n8 (5 nodes)
                waiting         n13–n19, n21–n30 (17 nodes)

                """)
    }

    /// Failures are more important than all other nodes, and those that do not fit are counted.
    @Test func tiny() {
        #expect(
            Self.text(Self.thirty(), 40, 6) == """
                30 nodes: 3 failed, 5 installing,
                  5 verified, 17 waiting
                about 7 min left, by 1 earlier installat
                n7, n12 failed at late packages: E: Una…
                n20 failed at verify: total-memory fail…
                boot            n11

                """)
        #expect(
            Self.text(Self.thirty(), 40, 4) == """
                30 nodes: 3 failed, 5 installing,
                  5 verified, 17 waiting
                about 7 min left, by 1 earlier installat
                … 3 failed: n7, n12, n20

                """)
    }

    /// Whatever the nodes do and however small the window is: the screen fits, and has how many nodes failed.
    @Test func fits() throws {
        let seed = SplitMix64.seed(or: 20_261_130)
        var random = SplitMix64(seed: seed)
        for round in 0..<40 {
            let progress = Self.randomLab(&random)
            let (columns, rows) = (Int.random(in: 20...120, using: &random), Int.random(in: 4...60, using: &random))
            let lines = ProgressScreen(progress, now: .random(in: 0...5000, using: &random), columns: columns)
                .lines(rows: rows)
            let hint = "XENSEED_SEED=\(seed), \(round), \(columns) × \(rows):\n\(lines.joined(separator: "\n"))"
            #expect(lines.count <= rows && lines.allSatisfy { $0.count <= columns }, "\(hint)")
            let failed = progress.entries.filter { $0.progress.state == .failed }
            let count = progress.entries.count
            if count > 1, columns >= 40, !failed.isEmpty {
                #expect(lines[0].hasPrefix("\(count) nodes: \(failed.count) failed"), "\(hint)")
                #expect(
                    rows < 6 || lines.contains { $0.contains("failed at ") || $0.contains(" failed: ") }, "\(hint)")
            }
            // Without a limit, every failure has its reason and its advice, and every node is there.
            let all = ProgressScreen(progress, now: 0, columns: columns).lines().joined(separator: " ")
            let words = all.split(separator: " ").joined()
            for node in failed.map(\.progress) {
                #expect(words.contains(node.reason!.filter { $0 != " " }), "\(hint)")
                #expect(words.contains(node.advice!.filter { $0 != " " }), "\(hint)")
            }
            // Colours do not change the text.
            let coloured = ProgressScreen(progress, now: 0, columns: columns, colours: .on).lines(rows: rows)
            let plain = ProgressScreen(progress, now: 0, columns: columns).lines(rows: rows)
            #expect(coloured.map { $0.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") } == plain, "\(hint)")
        }
    }

    private static func randomLab(_ random: inout SplitMix64) -> LabProgress {
        var progress = LabProgress()
        for node in 0..<Int.random(in: 1...70, using: &random) {
            let name = random.isOne(in: 9) ? "a-host-with-a-long-name-\(node)" : "n\(node)"
            var lines = steps.prefix(Int.random(in: 0...steps.count, using: &random)).map { "xenseed/1 \(name) \($0)" }
            if random.isOne(in: 3) {
                lines.append("xenseed/1 \(name) late packages failed 420 exit code 100")
                for _ in 0..<Int.random(in: 0...20, using: &random) {
                    let text = String(repeating: "E: no such ", count: .random(in: 1...20, using: &random))
                    lines.append("xenseed/1+ \(name) \(text)\(Int.random(in: 0...3, using: &random))")
                }
            }
            for line in lines { _ = progress.receive(line, at: .random(in: 0...100, using: &random)) }
        }
        return progress.entries.isEmpty ? thirty() : progress
    }

    // MARK: Time

    /// The time that is left comes from earlier installations: those of a server, and those in the lines.
    @Test func timeLeft() throws {
        var progress = LabProgress()
        #expect(progress.receive(ServerLog.line(of: ["n1", "n2"]), at: 0) == nil)
        for line in Self.steps.prefix(4) { _ = progress.receive("xenseed/1 n1 \(line)", at: 10) }
        func screen(_ now: Double) -> [String] { ProgressScreen(progress, now: now, columns: 100).lines() }
        // 57 % of the time are over at the beginning of the stage.
        #expect(screen(10)[0] == "2 nodes: 1 installing, 1 waiting  (about 4 min left, estimated)")
        _ = progress.receive("# run early=60.0 packages=300.0 late=350.0 end=1500.0", at: 10)
        #expect(screen(10)[0] == "2 nodes: 1 installing, 1 waiting  (about 20 min left, by 1 earlier installation)")
        #expect(screen(10)[1] == "n1  [###########---------]  00:05:00  packages  about 20 min left")
        // The time goes on without a line.
        #expect(screen(310)[1] == "n1  [###########---------]  00:10:00  packages  about 15 min left")
        #expect(screen(1400)[1].hasSuffix("longer than expected"))
        // The same installation does not count twice, and that of the other node does.
        _ = progress.receive("# run early=60.0 packages=300.0 late=350.0 end=1500.0", at: 10)
        for line in Self.steps { _ = progress.receive("xenseed/1 n2 \(line)", at: 20) }
        #expect(progress.runs.count == 2)
        #expect(screen(10)[0].contains("by 2 earlier installations"))
    }

    @Test(arguments: [
        "", "end=5", "early=1", "early=1 end=x", "early=-1 end=5", "early=1 other=2 end=5", "early=1 end=1e99",
        "early end=5",
    ]) func wrongRuns(_ text: String) { #expect(StageTimes(text: text) == nil) }

    @Test func runsAsText() throws {
        var progress = LabProgress()
        for line in Self.steps { _ = progress.receive("xenseed/1 n1 \(line)", at: 0) }
        let run = try #require(progress.runs.first)
        #expect(run.text.hasPrefix("early=60.0 partitioning=65.0 base=70.0 "))
        #expect(StageTimes(text: run.text) == run)
        #expect(
            ServerLog.heading(["n1"], runs: [run], time: 7) == ["# time 7", "# nodes n1", "# run \(run.text)"])
    }

    // MARK: The end of a list of events

    @Test func summary() {
        let lines = ProgressScreen(Self.thirty(), now: 0, columns: 80).summary
        #expect(
            lines == [
                "n7, n12: failed at late packages: E: Unable to locate package tmuxx",
                "n7, n12: Check that the mirror answers and has these packages for this release. Select Continue in the installer's dialog to repeat the step.",
                "n20: failed at verify: total-memory failed: saw 65536 MiB, expected 98304 MiB",
                "n20: Log in and run xenseed-verify; /etc/xenseed/expect has the expected values.",
                "n1: verified after 00:10:00", "n2: verified after 00:10:00", "n3: verified after 00:10:00",
                "n4: verified after 00:10:00", "n8: verified after 00:10:00",
                "30 nodes: 3 failed, 5 installing, 5 verified, 17 waiting",
            ])
    }
}
