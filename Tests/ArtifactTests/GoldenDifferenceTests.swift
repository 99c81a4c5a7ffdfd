import TestSupport
import Testing

/// A recorded difference has one result: applied to the old text, it gives the new text of each release, byte for byte.
@Suite(.timeLimit(.minutes(15)))
struct GoldenDifferenceTests {
    private struct Ambiguous: Error { var hunk: [String] }

    /// Applies a section's text to the old text of a release and returns the result.
    private func apply(_ section: String, to old: String, on codename: String) throws -> String {
        var lines = Self.lines(old)
        var from = 0
        // Each piece after an `@@` has the releases in its first line, then the lines of the hunk.
        for piece in ("\n" + section).components(separatedBy: "\n@@").dropFirst() {
            var hunk = piece.components(separatedBy: "\n")
            let releases = hunk.removeFirst()
            if hunk.last == "" { hunk.removeLast() }
            if !releases.isEmpty, !releases.dropFirst().components(separatedBy: ", ").contains(codename) { continue }
            // A line without a line feed takes two lines of the difference.
            hunk = hunk.reduce(into: []) { lines, line in
                if line.hasPrefix("\\ ") { lines[lines.count - 1] += "\n" + line } else { lines.append(line) }
            }
            let before = hunk.filter { !$0.hasPrefix("+") }.map { String($0.dropFirst()) }
            let after = hunk.filter { !$0.hasPrefix("-") }.map { String($0.dropFirst()) }
            let places = (from...(lines.count - before.count)).filter { lines[$0...].starts(with: before) }
            guard places.count == 1 || before.count == lines.count - from, let place = places.first else {
                throw Ambiguous(hunk: hunk)
            }
            lines.replaceSubrange(place..<(place + before.count), with: after)
            from =
                place
                + (hunk.lastIndex { !$0.hasPrefix(" ") }.map { last in hunk[...last].count { !$0.hasPrefix("-") } } ?? 0)
        }
        return Self.text(lines)
    }

    private static let unended = "\n\\ No newline at end of file"

    private static func lines(_ text: String) -> [String] {
        var lines = text.components(separatedBy: "\n")
        let last = lines.removeLast()
        return last.isEmpty ? lines : lines + [last + unended]
    }

    private static func text(_ lines: [String]) -> String {
        guard let last = lines.last, last.hasSuffix(unended) else { return lines.map { $0 + "\n" }.joined() }
        return lines.dropLast().map { $0 + "\n" }.joined() + last.dropLast(unended.count)
    }

    private func edited(_ text: String, _ random: inout SplitMix64) -> String {
        var lines = Self.lines(text)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            if random.isOne(in: 2), !lines.isEmpty {
                lines.remove(at: .random(in: 0..<lines.count, using: &random))
            } else {
                let line = ["", "a", "-", "+b", "@@", "diff a b", " "].randomElement(using: &random)!
                // Inserted before the last line, which may have no line feed.
                lines.insert(line, at: .random(in: 0...max(0, lines.count - 1), using: &random))
            }
        }
        return Self.text(lines)
    }

    @Test func hasOneResult() throws {
        var random = SplitMix64(seed: SplitMix64.seed(or: 8))
        var count = 0
        for _ in 0..<400 {
            // The lines repeat, so that hunks need context.
            let kinds = Int.random(in: 1...8, using: &random)
            let words = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                "\(Int.random(in: 0..<kinds, using: &random))"
            }
            let base = words.joined(separator: "\n") + (random.isOne(in: 4) ? "" : "\n")
            let new = edited(base, &random)
            let releases = ["one", "two", "three"].map { name in
                let old = random.isOne(in: 3) ? edited(base, &random) : base
                return (codename: name, old: old, new: random.isOne(in: 2) ? new : edited(new, &random))
            }
            let difference = GoldenDifference(
                releases.map { ($0.codename, ["diff a b": (Array($0.old.utf8), Array($0.new.utf8))]) })
            let read = GoldenDifference(parsing: "head\n" + difference.text)
            #expect(read.text == difference.text)
            for release in releases {
                let made = try apply(read.text("diff a b"), to: release.old, on: release.codename)
                #expect(made == release.new, "\(release)\n\(difference.text)")
                if release.old != release.new { count += 1 }
            }
        }
        #expect(count > 600)
    }
}
