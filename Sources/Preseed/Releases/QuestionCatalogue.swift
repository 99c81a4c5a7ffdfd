import Glibc

/// A debconf question in the templates of one release.
public struct Question: Sendable {
    public let name: String
    /// The type in the template: `string`, `boolean`, `select`, `multiselect`, `password`, `note`, `error` or `text`.
    public let type: String
    /// The package that owns the answer: the installer (`d-i`), or a package of the installed system, whose lines
    /// are replayed into its debconf database (preseed 1.66, post-base-installer.d/05preseed).
    public let owner: String
    /// The udeb or package with the template.
    public let component: String
    public let defaultValue: String
    /// The values in the template.
    public let choices: [String]
    /// Whether values outside of ``choices`` are valid: any value, or values that are known only at run time.
    public let takesOthers: Bool
    /// The priorities at which the component asks the question, the highest first; empty when no code that asks it was
    /// found.
    public let priorities: [String]
    /// Whether the question was not read from the components of this release. Types rarely change between releases, but
    /// choices may, so a mistake in a choice is only a warning then.
    public let isUncertain: Bool

    /// The type for a preseed line. A `text` that can be answered is read as a string.
    public var lineType: String { type == "text" ? "string" : type }

    /// Returns whether a preseed line may have a type. Debian's installation guide writes many `select` questions as
    /// `string`, and the installer accepts both.
    public func takes(type other: String) -> Bool {
        other == type || (other == "string" && ["select", "multiselect", "text"].contains(type))
    }
}

/// The questions of one release.
public struct QuestionCatalogue: Sendable {
    let codename: String
    /// A table in the format that `Catalogue/README.md` describes, sorted by question. A row is parsed only when its
    /// question is looked up, because a preseed has only a few of a thousand questions.
    let table: SortedTable

    public subscript(name: String) -> Question? { table.row(Self.template(of: name), of: codename).map(Question.init) }

    func contains(_ name: String) -> Bool { table.line(Self.template(of: name), of: codename) != nil }

    /// The names of all questions, sorted.
    public var names: [String] { tableRows(of: codename, in: table.text).map { $0[3] } }

    /// Returns the name of a question in the catalogue. Additional package sources are numbered (`apt-setup/local0`), and
    /// only the first one has templates.
    static func template(of name: String) -> String {
        let prefix = "apt-setup/local"
        guard name.utf8.starts(with: prefix.utf8) else { return name }
        let rest = name.utf8.dropFirst(prefix.utf8.count)
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...4).contains(digits.count), rest.dropFirst(digits.count).first == 47 else { return name }
        return prefix + "0" + String(Substring(rest.dropFirst(digits.count)))
    }
}

extension Question {
    fileprivate init(_ row: Row) {
        let choices = row.list(6)
        self.init(
            name: row[3], type: row[4], owner: row[1], component: row[2], defaultValue: row[5],
            choices: choices.filter { $0 != "*" }, takesOthers: choices.isEmpty || choices.contains("*"),
            priorities: row.list(7), isUncertain: row[8] != "read")
    }
}

/// A row of a table.
struct Row: Sendable {
    private let bytes: [UInt8]
    /// The positions at which the columns end.
    private let ends: [Int]

    init(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        ends = bytes.indices.filter { bytes[$0] == 9 } + [bytes.count]
        self.bytes = bytes
    }

    private func content(_ column: Int) -> ArraySlice<UInt8> {
        bytes[(column == 0 ? 0 : ends[column - 1] + 1)..<ends[column]]
    }

    /// The text of a column, counted from 0.
    subscript(column: Int) -> String { String(decoding: content(column), as: UTF8.self) }

    /// Returns the items of a column, which are separated by `|`.
    func list(_ column: Int) -> [String] {
        content(column).split(separator: 124).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The bytes of a table: lines of columns that are separated by tabs. The first column lists releases.
///
/// Bytes are searched by memchr(3), because a search in a slice takes ten times as long in a debug build.
private struct TableBytes {
    let bytes: UnsafeBufferPointer<UInt8>

    /// Returns the position of a byte in a range; nil when the byte is not in it.
    private func find(_ byte: UInt8, in range: Range<Int>) -> Int? {
        let base = UnsafeRawPointer(bytes.baseAddress!)
        guard let found = memchr(base + range.lowerBound, Int32(byte), range.count) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Calls a function with each line, including its line feed.
    func forEachLine(_ body: (Range<Int>) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = find(10, in: start..<bytes.count).map { $0 + 1 } ?? bytes.count
            body(start..<end)
            start = end
        }
    }

    /// Returns a line without its line feed.
    private func content(_ line: Range<Int>) -> Range<Int> {
        !line.isEmpty && bytes[line.upperBound - 1] == 10 ? line.lowerBound..<line.upperBound - 1 : line
    }

    func row(_ line: Range<Int>) -> Row { Row(UnsafeBufferPointer(rebasing: bytes[content(line)])) }

    /// Returns a column of a line, counted from 0; nil when the line has fewer columns.
    func column(_ column: Int, of line: Range<Int>) -> Range<Int>? {
        var rest = content(line)
        for _ in 0..<column {
            guard let tab = find(9, in: rest) else { return nil }
            rest = tab + 1..<rest.upperBound
        }
        return rest.lowerBound..<(find(9, in: rest) ?? rest.upperBound)
    }

    /// Returns the order of a range and a text, by bytes: negative, zero or positive.
    func compare(_ range: Range<Int>, with text: UnsafeBufferPointer<UInt8>) -> Int {
        let common = min(range.count, text.count)
        // An empty text may have no address.
        let order = common == 0 ? 0 : memcmp(bytes.baseAddress! + range.lowerBound, text.baseAddress!, common)
        return order == 0 ? range.count - text.count : Int(order)
    }

    /// Returns whether a text is in a line.
    func contains(_ text: String, in line: Range<Int>) -> Bool {
        UnsafeBufferPointer(rebasing: bytes[line]).firstPosition(of: text.utf8) != nil
    }

    /// Returns whether the first column of a line lists a release.
    func lists(_ codename: String, in line: Range<Int>) -> Bool {
        guard var rest = column(0, of: line) else { return false }
        var codename = codename
        return codename.withUTF8 { codename in
            while let comma = find(44, in: rest) {
                if compare(rest.lowerBound..<comma, with: codename) == 0 { return true }
                rest = comma + 1..<rest.upperBound
            }
            return compare(rest, with: codename) == 0
        }
    }
}

/// A table whose rows are sorted by the bytes of one column.
struct SortedTable: Sendable {
    let text: String
    /// The lines without the heading, and the place of the column in each.
    private let rows: [(line: Range<Int>, key: Range<Int>)]

    /// - Parameter column: The column by which the table is sorted, counted from 0.
    init(_ text: String, by column: Int) {
        var text = text
        rows = text.withUTF8 { bytes in
            let table = TableBytes(bytes: bytes)
            var rows: [(line: Range<Int>, key: Range<Int>)] = []
            rows.reserveCapacity(2048)
            table.forEachLine { line in
                if line.lowerBound > 0, let key = table.column(column, of: line) { rows.append((line, key)) }
            }
            return rows
        }
        self.text = text
    }

    /// Returns the line of a release with a text in the column; nil when the table has none.
    func line(_ key: String, of codename: String) -> Range<Int>? {
        var (text, key) = (text, key)
        return text.withUTF8 { bytes in
            key.withUTF8 { key in
                let table = TableBytes(bytes: bytes)
                var (low, high) = (0, rows.count)
                while low < high {
                    let middle = (low + high) / 2
                    if table.compare(rows[middle].key, with: key) < 0 { low = middle + 1 } else { high = middle }
                }
                return rows[low...].lazy.prefix { table.compare($0.key, with: key) == 0 }.map(\.line)
                    .first { table.lists(codename, in: $0) }
            }
        }
    }

    /// Returns the row of a release with a text in the column; nil when the table has none.
    func row(_ key: String, of codename: String) -> Row? {
        guard let line = line(key, of: codename) else { return nil }
        var text = text
        return text.withUTF8 { TableBytes(bytes: $0).row(line) }
    }
}

/// Returns the rows of a release in a table, without its heading.
/// - Parameter text: A text that is in the rows; nil for all rows.
func tableRows(of codename: String, containing text: String? = nil, in table: String) -> [Row] {
    var table = table
    return table.withUTF8 { bytes in
        let table = TableBytes(bytes: bytes)
        var rows: [Row] = []
        table.forEachLine { line in
            if text.map({ table.contains($0, in: line) }) ?? true, table.lists(codename, in: line) {
                rows.append(table.row(line))
            }
        }
        return rows
    }
}
