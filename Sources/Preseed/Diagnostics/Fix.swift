/// A certain correction of a mistake: replacements of parts of the file.
public struct Fix: Hashable, Sendable {
    /// What the fix does, as a clause: `remove the blanks`.
    public var action: String
    /// The replacements. They do not overlap.
    public var replacements: [Replacement]

    /// A part of the file and the text that replaces it.
    public struct Replacement: Hashable, Sendable {
        public var start: SourceMark
        /// The position behind the part.
        public var end: SourceMark
        public var text: String

        public init(from start: SourceMark, to end: SourceMark, with text: String) {
            (self.start, self.end, self.text) = (start, end, text)
        }
    }

    public init(_ action: String, _ replacements: [Replacement]) {
        (self.action, self.replacements) = (action, replacements)
    }
}

extension Fix {
    /// Applies fixes to a text in UTF-8. A fix is left out if it would change a part that an earlier one changes.
    /// - Returns: The text and the number of fixes that were applied.
    static func apply(_ fixes: [Fix], to text: [UInt8]) -> (text: [UInt8], count: Int) {
        var lines = [0]
        for (index, byte) in text.enumerated() where byte == 10 { lines.append(index + 1) }
        func offset(_ mark: SourceMark) -> Int {
            mark.line > lines.count
                ? text.count : text.position(ofColumn: mark.column, from: lines[mark.line - 1])
        }
        var taken: [(range: Range<Int>, text: String)] = []
        var count = 0
        for fix in fixes {
            let parts = fix.replacements.map { (range: offset($0.start)..<offset($0.end), text: $0.text) }
            // Insertions at one place are made in their order.
            let overlaps = parts.contains { part in
                taken.contains {
                    $0.range.lowerBound < part.range.upperBound && part.range.lowerBound < $0.range.upperBound
                }
            }
            if overlaps { continue }
            taken += parts
            count += 1
        }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var end = 0
        let order = taken.indices.sorted {
            let (a, b) = (taken[$0].range, taken[$1].range)
            return (a.lowerBound, a.upperBound, $0) < (b.lowerBound, b.upperBound, $1)
        }
        for part in order.map({ taken[$0] }) {
            out += text[end..<part.range.lowerBound]
            out += part.text.utf8
            end = part.range.upperBound
        }
        return (out + text[end...], count)
    }
}

extension Linter {
    /// Corrects what is certain in a preseed file.
    ///
    /// A correction can make another one possible, so the file is checked again until nothing changes.
    /// - Returns: The corrected file and the number of corrections.
    public func fix(_ bytes: [UInt8]) -> (bytes: [UInt8], count: Int) {
        var (bytes, count) = (bytes, 0)
        if bytes.starts(with: PreseedLine.byteOrderMark) {
            bytes.removeFirst(PreseedLine.byteOrderMark.count)
            count += 1
        }
        for _ in 0..<10 {
            let fixes = lint(bytes, file: "").sorted.compactMap(\.fix)
            let (text, applied) = Fix.apply(fixes, to: bytes)
            if applied == 0 { break }
            (bytes, count) = (text, count + applied)
        }
        return (bytes, count)
    }
}
