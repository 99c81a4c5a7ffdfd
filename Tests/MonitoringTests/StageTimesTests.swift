import Preseed
import Testing

@testable import Server

/// The expected time that is left of an installation.
@Suite(.timeLimit(.minutes(15)))
struct StageTimesTests {
    private func times(_ lines: String...) throws -> StageTimes {
        var node = NodeProgress(node: try Hostname(text: "xen01"))
        for line in lines { node.receive(try #require(ProgressLine(in: "xenseed/1 xen01 \(line)"), "\(line)")) }
        return node.times
    }

    /// An installation that takes 1,000 s, and its stages in parts of that.
    private func run(slower factor: Double = 1) throws -> StageTimes {
        let (early, base, packages, reboot) = (100 * factor, 200 * factor, 600 * factor, 800 * factor)
        return try times(
            "early - start \(early)", "base - start \(base)", "packages - start \(packages)",
            "reboot - start \(reboot)",
            "boot - ok \(50 * factor)", "verify - start \(50 * factor)", "verify - ok \(200 * factor)")
    }

    @Test func byEarlierRuns() throws {
        let runs = [try run(slower: 2), try run(), try run(slower: 1.5)]
        #expect(runs.allSatisfy(\.isComplete) && runs.map(\.end) == [2000, 1000, 1500])
        let now = try times("early - start 90", "base - start 250", "base debootstrap ok 350")
        // The median of the runs takes 1,200 s from the beginning of base, and 100 of them are over.
        #expect(try #require(now.secondsLeft(by: runs)) == (1100, true))
        #expect(try #require(try times("early - start 90").secondsLeft(by: runs)) == (1350, true))
        // It takes longer than the others.
        #expect(try #require(try times("early - start 90", "early x ok 2000").secondsLeft(by: runs)) == (-560, true))
        #expect(try run().secondsLeft(by: runs) == nil)
        #expect(StageTimes().secondsLeft(by: runs) == nil)
    }

    @Test func byShares() throws {
        // The stage packages begins after 57 % of the time.
        let packages = try times("early - start 100", "packages - start 570", "packages x ok 600")
        #expect(try #require(packages.secondsLeft(by: [])) == (400, false))
        #expect(try times("early - start 100", "base - start 190").secondsLeft(by: []) == nil)
    }

    @Test func whatIsNoExample() throws {
        // It waited for a person.
        let failed = try times(
            "early - start 100", "late packages failed 700 x", "late - start 9000", "verify - ok 200")
        #expect(failed.end != nil && !failed.isComplete)
        // The beginning is unknown.
        #expect(try !times("verify - ok 200").isComplete)
        // Later results of the verifier do not count.
        #expect(try times("early - start 100", "verify - ok 200", "boot - ok 50", "verify - ok 99").end == 200)
    }

    /// Another attempt begins when the machine is switched on again.
    @Test func attempts() throws {
        let again = try times("early - start 100", "late packages failed 700 x", "early - start 90", "base - start 190")
        #expect(!again.hasFailed)
        #expect(try #require(again.secondsLeft(by: [try run()])) == (800, true))
        // The first time of the new attempt is later than the last of the old one.
        let later = try times("early - start 100", "verify - ok 110", "early - start 300", "base - start 400")
        #expect(try #require(later.secondsLeft(by: [try run()])) == (800, true))
    }

    /// Times that no machine has.
    @Test(arguments: ["1e9", "2000000"]) func absurd(seconds: String) throws {
        let times = try times("early - start 1", "packages - start \(seconds)", "packages x ok \(seconds)")
        #expect(times.secondsLeft(by: []) == nil)
        let run = try run()
        #expect(try #require(times.secondsLeft(by: [run])) == (400, true))
    }
}
