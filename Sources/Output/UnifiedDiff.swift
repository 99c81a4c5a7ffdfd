/// The difference of two texts in diff(1)'s unified form, three lines of context; empty when there is none.
public func unifiedDiff(old: [UInt8], new: [UInt8], oldName: String, newName: String) -> String {
    let (a, b) = (lines(old), lines(new))
    let changes = b.difference(from: a)
    guard !changes.isEmpty else { return "" }
    var removed = Set<Int>()
    var inserted = Set<Int>()
    for change in changes {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
    }
    // Every line of both texts, in the order that a diff shows them.
    var script: [(mark: Character, text: Substring, i: Int, j: Int)] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
        if i < a.count, removed.contains(i) {
            script.append(("-", a[i], i, j))
            i += 1
        } else if j < b.count, inserted.contains(j) {
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
        for line in hunk { out += "\(line.mark)\(line.text)\n" }
        index = hunk.endIndex
        if index >= script.count { break }
    }
    return out
}

/// A last line without a line feed is marked as diff(1) does it, so that it differs from one with a line feed.
private func lines(_ bytes: [UInt8]) -> [Substring] {
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let last = lines.removeLast()
    if !last.isEmpty { lines.append(last + "\n\\ No newline at end of file") }
    return lines
}
