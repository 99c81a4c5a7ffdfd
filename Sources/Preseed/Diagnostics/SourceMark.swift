/// A position in a text. Line and column count from 1; columns are Unicode scalars.
public struct SourceMark: Hashable, Comparable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (a: SourceMark, b: SourceMark) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Returns the position of a column in a line of UTF-8; the end of the line when it is shorter.
    /// - Parameters:
    ///   - column: The column, counted from 1.
    ///   - start: The position at which the line begins.
    func position(ofColumn column: Int, from start: Int) -> Int {
        var (index, left) = (start, column - 1)
        while index < endIndex, self[index] != 10, left > 0 || self[index] & 0xC0 == 0x80 {
            // A column is a Unicode scalar: its first byte is counted.
            index += 1
            if index == endIndex || self[index] & 0xC0 != 0x80 { left -= 1 }
        }
        return index
    }
}

/// The path of a value in a document, by keys: `nodes.xen01.interfaces.eth0.address`.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    public var keys: [String]

    public init(_ keys: [String] = []) { self.keys = keys }

    public static func / (path: FieldPath, key: String) -> FieldPath { FieldPath(path.keys + [key]) }

    /// The keys joined by dots; the index of a list is in brackets.
    public var description: String {
        var text = ""
        for key in keys {
            text += key.first == "[" || text.isEmpty ? key : "." + key
        }
        return text
    }
}
