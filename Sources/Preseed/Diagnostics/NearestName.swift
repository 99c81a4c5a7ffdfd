/// Returns the candidate that is most similar to a misspelt name; nil when none is similar.
///
/// A candidate is similar when the edit distance (insertions, deletions, replacements, exchanges of neighbours) is at
/// most one, or at most a third of the longer name.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let limit = max(1, max(name.utf8.count, candidate.utf8.count) / 3)
        guard abs(name.utf8.count - candidate.utf8.count) <= limit else { continue }
        let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
        guard distance <= limit else { continue }
        if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true { best = (candidate, distance) }
    }
    return best?.name
}

/// Returns a suggestion such as `; did you mean xen01?` to append to a message about an unknown name; empty when no
/// candidate is similar.
public func suggestion(for word: String, among candidates: some Sequence<String>) -> String {
    nearestName(to: word, among: candidates).map { "; did you mean \($0)?" } ?? ""
}

extension String {
    /// Returns the text with blanks appended up to a width in columns; each byte counts as one column.
    public func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - utf8.count)) }
}

func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
            row.append(cost)
        }
        (before, above) = (above, row)
    }
    return above[b.count]
}
