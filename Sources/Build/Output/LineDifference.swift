/// Which lines two texts have in common, in order; the lines are numbers, equal for equal lines.
///
/// The algorithm is Myers's greedy one ("An O(ND) Difference Algorithm and Its Variations", 1986), which finds a shortest
/// edit script, but takes time in proportion to the square of the number of differences. It therefore gets a limited number of
/// steps. When they are used up, the texts are cut at lines that occur once in each of them and are in the same order (patience
/// diff), and each part is compared by itself. A part without such lines is replaced as a whole. The result is always a
/// correct difference; it is the shortest one while texts have up to about 1,000 differences.
struct LineDifference {
    private let old: [Int32]
    private let new: [Int32]
    /// Whether each line of the old text is also in the new one, and the reverse.
    private(set) var keepsOld: [Bool]
    private(set) var keepsNew: [Bool]
    /// The work done: lines that were compared, path ends that were moved, and lines that were searched for anchors.
    private(set) var steps = 0

    /// How often a text may be cut at anchors, and each of the parts again.
    private static let deepest = 6
    /// Steps for each line of a part, and in addition for the whole.
    private static let stepsPerLine = 16
    private static let stepsForWhole = 1 << 20

    /// The upper bound of `steps` for texts with so many lines together: every part at every depth is searched for a path, then
    /// trimmed, and then searched for anchors.
    static func limit(lines: Int) -> Int { stepsForWhole + (deepest + 1) * (stepsPerLine + 4) * (lines + 1) }

    init(_ old: [Int32], _ new: [Int32]) {
        self.old = old
        self.new = new
        keepsOld = [Bool](repeating: false, count: old.count)
        keepsNew = [Bool](repeating: false, count: new.count)
        compare(Box(old: 0..<old.count, new: 0..<new.count), extraSteps: Self.stepsForWhole, depth: 0)
    }

    /// A part of both texts.
    private struct Box {
        var old: Range<Int>
        var new: Range<Int>
        var isEmpty: Bool { old.isEmpty || new.isEmpty }
    }

    private mutating func keep(_ i: Int, _ j: Int) {
        keepsOld[i] = true
        keepsNew[j] = true
    }

    private mutating func compare(_ box: Box, extraSteps: Int, depth: Int) {
        if box.isEmpty { return }
        let lines = box.old.count + box.new.count
        if keepShortestPath(of: box, limit: Self.stepsPerLine * lines + extraSteps) { return }
        let inner = keepEnds(of: box)
        if inner.isEmpty || depth == Self.deepest { return }
        var (i, j) = (inner.old.lowerBound, inner.new.lowerBound)
        for anchor in anchors(of: inner) {
            compare(Box(old: i..<anchor.old, new: j..<anchor.new), extraSteps: 0, depth: depth + 1)
            keep(anchor.old, anchor.new)
            (i, j) = (anchor.old + 1, anchor.new + 1)
        }
        // Without an anchor this would be the same part again.
        guard i > inner.old.lowerBound else { return }
        compare(Box(old: i..<inner.old.upperBound, new: j..<inner.new.upperBound), extraSteps: 0, depth: depth + 1)
    }

    /// Keeps the common lines at both ends.
    /// - Returns: what is between them.
    private mutating func keepEnds(of box: Box) -> Box {
        var inner = box
        while let i = inner.old.first, let j = inner.new.first, old[i] == new[j] {
            keep(i, j)
            inner = Box(old: (i + 1)..<inner.old.upperBound, new: (j + 1)..<inner.new.upperBound)
        }
        while let i = inner.old.last, let j = inner.new.last, old[i] == new[j] {
            keep(i, j)
            inner = Box(old: inner.old.lowerBound..<i, new: inner.new.lowerBound..<j)
        }
        steps += box.old.count - inner.old.count + 1
        return inner
    }

    // MARK: Shortest path

    /// Keeps the lines of a shortest edit script.
    /// - Returns: whether it was found within the limit of steps; otherwise nothing is kept.
    private mutating func keepShortestPath(of box: Box, limit: Int) -> Bool {
        let (n, m) = (box.old.count, box.new.count)
        let last = steps + limit
        /// For each number of differences d, the furthest line of the old text on each diagonal -d, -d + 2, …, d.
        var trace: [[Int32]] = []
        for d in 0...(n + m) {
            guard steps + d < last else { return false }
            var row = [Int32](repeating: 0, count: d + 1)
            for index in 0...d {
                let k = 2 * index - d
                var i = d == 0 ? 0 : Self.start(index, d, trace[d - 1])
                var j = i - k
                steps += 1
                while i < n, j < m, old[box.old.lowerBound + i] == new[box.new.lowerBound + j] {
                    (i, j) = (i + 1, j + 1)
                    steps += 1
                }
                guard steps < last else { return false }
                row[index] = Int32(i)
                if i >= n, j >= m {
                    trace.append(row)
                    keepPath(trace, of: box)
                    return true
                }
            }
            trace.append(row)
        }
        preconditionFailure("n + m differences replace the whole text")
    }

    /// Whether the furthest path to a diagonal comes from the diagonal above it, by an inserted line.
    private static func isInsertion(_ index: Int, _ d: Int, _ above: [Int32]) -> Bool {
        index == 0 || (index != d && above[index - 1] < above[index])
    }

    private static func start(_ index: Int, _ d: Int, _ above: [Int32]) -> Int {
        isInsertion(index, d, above) ? Int(above[index]) : Int(above[index - 1]) + 1
    }

    /// Keeps the lines on the path that the trace ends with.
    private mutating func keepPath(_ trace: [[Int32]], of box: Box) {
        var (i, j) = (box.old.count, box.new.count)
        for d in (0..<trace.count).reversed() {
            let index = (i - j + d) / 2
            let begin = d == 0 ? 0 : Self.start(index, d, trace[d - 1])
            while i > begin {
                (i, j) = (i - 1, j - 1)
                keep(box.old.lowerBound + i, box.new.lowerBound + j)
            }
            guard d > 0 else { return }
            if Self.isInsertion(index, d, trace[d - 1]) { j -= 1 } else { i -= 1 }
        }
    }

    // MARK: Anchors

    /// Lines that occur once in the old and once in the new part: the longest row of them that is in order in both.
    private mutating func anchors(of box: Box) -> [(old: Int, new: Int)] {
        steps += box.old.count + box.new.count
        let (inOld, inNew) = (Self.unique(old, box.old), Self.unique(new, box.new))
        let common = inOld.compactMap { line, i in inNew[line].map { (old: i, new: $0) } }.sorted { $0.old < $1.old }
        // Patience sorting: the last of each pile ends the row of that length whose end is the earliest.
        var piles: [Int] = []
        var before = [Int](repeating: -1, count: common.count)
        for index in common.indices {
            var (low, high) = (0, piles.count)
            while low < high {
                let middle = (low + high) / 2
                if common[piles[middle]].new < common[index].new { low = middle + 1 } else { high = middle }
            }
            if low > 0 { before[index] = piles[low - 1] }
            if low == piles.count { piles.append(index) } else { piles[low] = index }
        }
        var row: [(old: Int, new: Int)] = []
        var index = piles.last ?? -1
        while index >= 0 {
            row.append(common[index])
            index = before[index]
        }
        return row.reversed()
    }

    /// The place of each line that occurs once in a part.
    private static func unique(_ lines: [Int32], _ range: Range<Int>) -> [Int32: Int] {
        var places: [Int32: Int] = [:]
        for i in range { places[lines[i]] = places[lines[i]] == nil ? i : -1 }
        return places.filter { $0.value >= 0 }
    }
}
