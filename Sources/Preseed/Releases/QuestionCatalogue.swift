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
    /// The rows by question. A row is parsed only when its question is looked up, because a preseed has only a few of a
    /// thousand questions.
    private let rows: [String: Row]

    public subscript(name: String) -> Question? { rows[Self.template(of: name)].map(Question.init) }

    /// The names of all questions, sorted.
    public var names: [String] { rows.keys.sorted() }
    /// The owners of the questions, including `d-i`.
    public let owners: Set<String>

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

    /// - Parameter table: A table in the format that `Catalogue/README.md` describes.
    init(of codename: String, in table: String) {
        var rows: [String: Row] = [:]
        rows.reserveCapacity(2048)
        for row in tableRows(of: codename, in: table, columns: 9) { rows[row[3]] = row }
        self.rows = rows
        owners = Set(rows.values.map { $0[1] })
    }
}

extension Question {
    fileprivate init(_ row: Row) {
        let columns = row.columns
        func list(_ column: Int) -> [String] {
            columns[column].split(separator: 124).map { String(decoding: $0, as: UTF8.self) }
        }
        func text(_ column: Int) -> String { String(decoding: columns[column], as: UTF8.self) }
        let choices = list(6)
        self.init(
            name: text(3), type: text(4), owner: text(1), component: text(2), defaultValue: text(5),
            choices: choices.filter { $0 != "*" }, takesOthers: choices.isEmpty || choices.contains("*"),
            priorities: list(7), isUncertain: !columns[8].elementsEqual("read".utf8))
    }
}

/// A row of a table, which is parsed when a column is read.
struct Row: Sendable {
    private let bytes: [UInt8]

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    var columns: [ArraySlice<UInt8>] { bytes.split(separator: 9, omittingEmptySubsequences: false) }

    /// The text of a column, counted from 0.
    subscript(column: Int) -> String {
        let fields = bytes.split(separator: 9, maxSplits: column + 1, omittingEmptySubsequences: false)
        return String(decoding: fields[column], as: UTF8.self)
    }
}

/// Returns the rows of a release, without comments and the heading. The first column of a table lists releases.
///
/// Every run of the program that checks a preseed reads the whole table, so rows of other releases are skipped before
/// they are parsed.
func tableRows(of codename: String, in table: String, columns: Int) -> [Row] {
    var table = table
    return table.withUTF8 { bytes in
        // By memchr(3): a search in a slice takes ten times as long in a debug build.
        func find(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
            let base = UnsafeRawPointer(bytes.baseAddress!)
            guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
            return UnsafeRawPointer(found) - base
        }
        func count(_ byte: UInt8, from start: Int, to end: Int) -> Int {
            var (count, start) = (0, start)
            while let next = find(byte, from: start, to: end) { (count, start) = (count + 1, next + 1) }
            return count
        }
        var rows: [Row] = []
        rows.reserveCapacity(1024)
        var start = 0
        while start < bytes.count {
            let line = start
            let end = find(10, from: line, to: bytes.count) ?? bytes.count
            start = end + 1
            guard line < end, bytes[line] != 35, let tab = find(9, from: line, to: end),
                String(decoding: UnsafeBufferPointer(rebasing: bytes[line..<tab]), as: UTF8.self)
                    .split(separator: ",").contains(where: { $0 == codename }),
                count(9, from: line, to: end) == columns - 1
            else { continue }
            rows.append(Row(UnsafeBufferPointer(rebasing: bytes[line..<end])))
        }
        return rows
    }
}
