/// A position in a text: line and column count from 1, columns in Unicode scalars.
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

/// Where a value stands in a document, by names: `nodes.xen01.interfaces.eth0.address`.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    public var keys: [String]

    public init(_ keys: [String] = []) { self.keys = keys }

    public static func / (path: FieldPath, key: String) -> FieldPath { FieldPath(path.keys + [key]) }

    /// Names joined by dots; a list's index stands in brackets.
    public var description: String {
        var text = ""
        for key in keys {
            text += key.first == "[" || text.isEmpty ? key : "." + key
        }
        return text
    }
}
