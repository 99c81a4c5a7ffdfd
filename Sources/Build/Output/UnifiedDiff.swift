/// The difference of two texts in the unified format of diff(1), with three lines of context; empty when they are equal.
///
/// The time that it takes is about proportional to the size of the texts, however different they are (``LineDifference``).
package func unifiedDiff(old: [UInt8], new: [UInt8], oldName: String, newName: String) -> String {
    if old == new { return "" }
    let (a, b) = (lines(old), lines(new))
    var numbers: [ArraySlice<UInt8>: Int32] = [:]
    func numbered(_ lines: [ArraySlice<UInt8>]) -> [Int32] {
        lines.map { line in
            if let number = numbers[line] { return number }
            let number = Int32(numbers.count)
            numbers[line] = number
            return number
        }
    }
    let difference = LineDifference(numbered(a), numbered(b))
    // Every line of both texts, in the order that a diff shows them.
    var script: [(mark: Character, text: ArraySlice<UInt8>, i: Int, j: Int)] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
        if i < a.count, !difference.keepsOld[i] {
            script.append(("-", a[i], i, j))
            i += 1
        } else if j < b.count, !difference.keepsNew[j] {
            script.append(("+", b[j], i, j))
            j += 1
        } else {
            script.append((" ", a[i], i, j))
            i += 1
            j += 1
        }
    }
    let context = 3
    var out = "--- \(oldName)\n+++ \(newName)\n"
    var index = 0
    while let first = script[index...].firstIndex(where: { $0.mark != " " }) {
        var last = first
        while let next = script[(last + 1)...].firstIndex(where: { $0.mark != " " }), next - last <= 2 * context {
            last = next
        }
        let hunk = script[max(index, first - context)...min(script.count - 1, last + context)]
        func range(_ start: Int, _ count: Int) -> String { "\(count == 0 ? start : start + 1),\(count)" }
        let head = hunk.first!
        out += "@@ -\(range(head.i, hunk.count { $0.mark != "+" }))"
        out += " +\(range(head.j, hunk.count { $0.mark != "-" })) @@\n"
        for line in hunk { out += "\(line.mark)\(String(decoding: line.text, as: UTF8.self))\n" }
        index = hunk.endIndex
        if index >= script.count { break }
    }
    return out
}

/// The lines of a text. They are compared as bytes: Swift's strings are equal when they differ in normalization only, and a
/// carriage return with a line feed is one character of theirs.
///
/// A last line without a line feed is marked as diff(1) does it, so that it differs from one with a line feed.
private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let last = lines.removeLast()
    if !last.isEmpty { lines.append(last + "\n\\ No newline at end of file".utf8) }
    return lines
}
