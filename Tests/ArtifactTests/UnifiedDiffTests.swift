import Foundation
import TestSupport
import Testing

@testable import Build

/// Tests text differences: patch(1) applies them, and the work to compute them is bounded.
@Suite(.timeLimit(.minutes(15)))
struct UnifiedDiffTests {
    /// Returns two texts, made of few or of many different lines. Some texts have no line feed at the end, and some
    /// have lines that differ in bytes but are equal as Swift strings.
    private static func pair(_ random: inout SplitMix64) -> (old: [UInt8], new: [UInt8]) {
        let words = ["{", "}", "", "a", "b\r", "e\u{301}", "\u{E9}", "-", "+x", "\\ n"]
        let kinds = Int.random(in: 1...words.count, using: &random)
        func line(_ random: inout SplitMix64) -> String {
            random.isOne(in: 3)
                ? "\(Int.random(in: 0..<1000, using: &random))" : words[.random(in: 0..<kinds, using: &random)]
        }
        func text(_ lines: [String], _ random: inout SplitMix64) -> [UInt8] {
            Array((lines.joined(separator: "\n") + (random.isOne(in: 4) ? "" : "\n")).utf8)
        }
        let old = (0..<Int.random(in: 0...80, using: &random)).map { _ in line(&random) }
        var new = old
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            if random.isOne(in: 2), !new.isEmpty {
                new.remove(at: .random(in: 0..<new.count, using: &random))
            } else {
                new.insert(line(&random), at: .random(in: 0...new.count, using: &random))
            }
        }
        if random.isOne(in: 10) { new.shuffle(using: &random) }
        return (text(old, &random), text(new, &random))
    }

    @Test func patchMakesTheNewTextOfTheOld() throws {
        var random = SplitMix64(seed: SplitMix64.seed(or: 19))
        let folder = try TemporaryFolder()
        var count = 0
        for _ in 0..<300 {
            let (old, new) = Self.pair(&random)
            let diff = unifiedDiff(old: old, new: new, oldName: "old", newName: "new")
            #expect(diff.isEmpty == (old == new))
            if old == new { continue }
            try Data(old).write(to: folder.url("\(count).old"))
            try Data(new).write(to: folder.url("\(count).new"))
            try Data(diff.utf8).write(to: folder.url("\(count).diff"))
            count += 1
        }
        try #require(count > 200)
        let patched = try shell(
            """
            i=0
            while [ $i -lt "$1" ]; do
                patch --binary --quiet --fuzz=0 --output=$i.out $i.old $i.diff || echo "$i: patch refuses it"
                cmp $i.new $i.out || :
                i=$((i + 1))
            done
            """, ["\(count)"], needs: ["patch", "cmp"], in: URL(filePath: folder.path))
        #expect(patched == Ran(status: 0, out: ""))
    }

    /// With few changed lines, the difference is a shortest one, as from diff(1).
    @Test func fewChangesGiveAShortestDifference() throws {
        var random = SplitMix64(seed: SplitMix64.seed(or: 20))
        for _ in 0..<200 {
            let old = (0..<Int.random(in: 0...40, using: &random)).map { _ in Int32.random(in: 0..<6, using: &random) }
            let new = (0..<Int.random(in: 0...40, using: &random)).map { _ in Int32.random(in: 0..<6, using: &random) }
            let found = LineDifference(old, new)
            #expect(found.keepsOld.count { $0 } == Self.longestCommonLines(old, new))
            #expect(Self.isDifference(found, old, new))
        }
    }

    /// For large texts with few lines in common or none, the work is proportional to their size.
    @Test(arguments: ["unlike", "shuffled", "few words", "shifted", "one word", "nested"])
    func workIsBounded(_ kind: String) {
        var random = SplitMix64(seed: SplitMix64.seed(or: 21))
        let size: Int32 = 20_000
        var (old, new) = (Array(0..<size), Array(0..<size))
        switch kind {
        case "unlike": new = Array(size..<2 * size)
        case "shuffled": new.shuffle(using: &random)
        case "few words":
            old = old.map { _ in .random(in: 0..<10, using: &random) }
            new = new.map { _ in .random(in: 0..<10, using: &random) }
        case "shifted": new = Array(size / 2..<size) + Array(0..<size / 2)
        case "one word": (old, new) = (old.map { _ in 1 }, new.prefix(7000).map { _ in 1 })
        // Each anchor leaves a part that is almost as large as the whole.
        default: new = new.map { $0 % 2 == 0 ? $0 / 2 : size - 1 - $0 / 2 }
        }
        let found = LineDifference(old, new)
        #expect(found.steps > 0)
        #expect(found.steps <= LineDifference.limit(lines: old.count + new.count))
        // The limit is far below the square of the size, which a shortest difference of such texts would need.
        #expect(LineDifference.limit(lines: old.count + new.count) < old.count * new.count / 20)
        #expect(Self.isDifference(found, old, new))
    }

    /// Returns whether the kept lines are the same in both texts.
    private static func isDifference(_ found: LineDifference, _ old: [Int32], _ new: [Int32]) -> Bool {
        zip(old, found.keepsOld).filter(\.1).map(\.0) == zip(new, found.keepsNew).filter(\.1).map(\.0)
    }

    /// Returns the length of the longest common subsequence, by dynamic programming.
    private static func longestCommonLines(_ old: [Int32], _ new: [Int32]) -> Int {
        var above = [Int](repeating: 0, count: new.count + 1)
        for a in old {
            var row = [0]
            for (j, b) in new.enumerated() { row.append(a == b ? above[j] + 1 : max(above[j + 1], row[j])) }
            above = row
        }
        return above[new.count]
    }
}
