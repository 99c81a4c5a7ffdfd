import Foundation

@testable import Build

/// The differences between a lab's files and the files of a base lab, for all releases, in a readable form.
///
/// It is a unified diff without line numbers, so that a line added to a template does not change every hunk. A hunk has
/// as many lines of context as are needed to make its position unique: it applies at the first and only match after the
/// previous hunk. An old text and a difference therefore have exactly one result, and comparing the recorded difference
/// checks every byte of the new files. A hunk that is not the same on all releases lists the releases that it is for.
struct GoldenDifference {
    struct Section {
        /// The first line: `diff OLD NEW`.
        var title: String
        var text: String
    }

    private(set) var sections: [Section]

    /// - Parameter releases: for each release, in order, the old and the new file by the first line of the section.
    init(_ releases: [(codename: String, files: [String: (old: [UInt8], new: [UInt8])])]) {
        let titles = Set(releases.flatMap { $0.files.keys }).sorted()
        sections = titles.compactMap { title in
            let hunks = releases.map { release in
                (release.codename, release.files[title].map { Self.hunks(old: $0.old, new: $0.new) } ?? [])
            }
            let text = Self.merged(hunks)
            return text.isEmpty ? nil : Section(title: title, text: text)
        }
    }

    /// Parses the value of `text`.
    init(parsing text: String) {
        sections = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("diff ") {
                sections.append(Section(title: String(line), text: ""))
            } else if !sections.isEmpty {
                sections[sections.count - 1].text += line + "\n"
            }
        }
    }

    /// Returns the text of the section with the title, or an empty text if there is none.
    func text(_ title: String) -> String { sections.first { $0.title == title }?.text ?? "" }

    var text: String { sections.map { $0.title + "\n" + $0.text }.joined() }

    // MARK: Releases

    /// Merges the hunks of all releases, each of them once, into an order that is correct for every release.
    private static func merged(_ releases: [(codename: String, hunks: [String])]) -> String {
        var rest = releases.map { ArraySlice($0.hunks) }
        var text = ""
        while let fallback = rest.compactMap(\.first).first {
            // Skips a hunk that occurs later in another release.
            let next = rest.compactMap(\.first).first { hunk in
                rest.allSatisfy { $0.first == hunk || !$0.contains(hunk) }
            }
            let hunk = next ?? fallback
            let having = rest.indices.filter { rest[$0].first == hunk }
            for index in having { rest[index].removeFirst() }
            let names =
                having.count == rest.count ? "" : " " + having.map { releases[$0].codename }.joined(separator: ", ")
            text += "@@\(names)\n\(hunk)"
        }
        return text
    }

    // MARK: Hunks

    static func hunks(old: [UInt8], new: [UInt8]) -> [String] {
        if old == new { return [] }
        let (a, b) = (lines(old), lines(new))
        var numbers: [[UInt8]: Int32] = [:]
        func numbered(_ lines: [[UInt8]]) -> [Int32] {
            lines.map { line in
                let number = numbers[line] ?? Int32(numbers.count)
                numbers[line] = number
                return number
            }
        }
        let (x, y) = (numbered(a), numbered(b))
        let changes = changes(LineDifference(x, y))
        var hunks: [String] = []
        var (index, start) = (0, 0)
        while index < changes.count {
            var last = index
            var context = changes[index].old
            while !isOnlyPlace(context, of: x, from: start) {
                context = max(start, context.lowerBound - 1)..<min(x.count, context.upperBound + 1)
                while last + 1 < changes.count, changes[last + 1].old.lowerBound <= context.upperBound {
                    last += 1
                    context = context.lowerBound..<max(context.upperBound, changes[last].old.upperBound)
                }
            }
            var hunk: [UInt8] = []
            func show(_ mark: Character, _ lines: some Sequence<[UInt8]>) {
                for line in lines { hunk += mark.utf8 + line + [10] }
            }
            var shown = context.lowerBound
            for change in changes[index...last] {
                show(" ", a[shown..<change.old.lowerBound])
                show("-", a[change.old])
                show("+", b[change.new])
                shown = change.old.upperBound
            }
            show(" ", a[shown..<context.upperBound])
            hunks.append(String(decoding: hunk, as: UTF8.self))
            start = changes[last].old.upperBound
            index = last + 1
        }
        return hunks
    }

    /// Returns whether the lines in `range` occur nowhere else from `start` on, or are all remaining lines.
    private static func isOnlyPlace(_ range: Range<Int>, of lines: [Int32], from start: Int) -> Bool {
        if range == start..<lines.count { return true }
        if range.isEmpty { return false }
        let last = lines.count - range.count
        for other in start...last where other != range.lowerBound && lines[other] == lines[range.lowerBound] {
            if range.indices.allSatisfy({ lines[other + $0 - range.lowerBound] == lines[$0] }) { return false }
        }
        return true
    }

    private static func changes(_ difference: LineDifference) -> [(old: Range<Int>, new: Range<Int>)] {
        let (keepsOld, keepsNew) = (difference.keepsOld, difference.keepsNew)
        var changes: [(Range<Int>, Range<Int>)] = []
        var (i, j) = (0, 0)
        while i < keepsOld.count || j < keepsNew.count {
            let (oldStart, newStart) = (i, j)
            while i < keepsOld.count, !keepsOld[i] { i += 1 }
            while j < keepsNew.count, !keepsNew[j] { j += 1 }
            if (i, j) != (oldStart, newStart) { changes.append((oldStart..<i, newStart..<j)) }
            (i, j) = (i + 1, j + 1)
        }
        return changes
    }

    /// Splits a text into lines; marks a last line without a line feed in the same way as diff(1).
    private static func lines(_ text: [UInt8]) -> [[UInt8]] {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
        let last = lines.removeLast()
        if !last.isEmpty { lines.append(last + "\n\\ No newline at end of file".utf8) }
        return lines
    }
}
