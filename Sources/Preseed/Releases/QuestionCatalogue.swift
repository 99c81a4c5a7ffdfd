import Glibc

/// A debconf question, as the templates of one release have it.
public struct Question: Sendable {
    public let name: String
    /// The template's: `string`, `boolean`, `select`, `multiselect`, `password`, `note`, `error` or `text`.
    public let type: String
    /// The package that owns the answer: the installer (`d-i`), or a package of the installed system, whose lines
    /// are replayed into its debconf database (preseed 1.66, post-base-installer.d/05preseed).
    public let owner: String
    /// The udeb or package that has the template.
    public let component: String
    public let defaultValue: String
    /// Values that the template lists.
    public let choices: [String]
    /// Any value goes, or those that are known at run time only.
    public let takesOthers: Bool
    /// Priorities at which its component asks it, the highest first; empty where no code that asks was found.
    public let priorities: [String]
    /// Not read from this release's own components. Types stay from release to release, choices may not: a finding about those is
    /// a warning.
    public let isUncertain: Bool

    /// The type that a line gives: a `text` that can be answered is read as a string.
    public var lineType: String { type == "text" ? "string" : type }

    /// Whether a line may give this type. Debian's guide writes many a `select` as `string`, and the installer takes both.
    public func takes(type other: String) -> Bool {
        other == type || (other == "string" && ["select", "multiselect", "text"].contains(type))
    }
}

/// The questions of one release.
public struct QuestionCatalogue: Sendable {
    /// Rows by question; what is in them is made when it is asked for, for a preseed has a few of a thousand.
    private let rows: [String: Row]

    public subscript(name: String) -> Question? { rows[Self.template(of: name)].map(Question.init) }

    /// In the order of the alphabet.
    public var names: [String] { rows.keys.sorted() }
    /// Packages that have questions here, `d-i` among them.
    public let owners: Set<String>

    /// Sources that a lab adds are numbered; the templates know the first.
    static func template(of name: String) -> String {
        let prefix = "apt-setup/local"
        guard name.utf8.starts(with: prefix.utf8) else { return name }
        let rest = name.utf8.dropFirst(prefix.utf8.count)
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...4).contains(digits.count), rest.dropFirst(digits.count).first == 47 else { return name }
        return prefix + "0" + String(Substring(rest.dropFirst(digits.count)))
    }

    /// - Parameter table: rows as `Catalogue/README.md` says.
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

/// A line of a table.
struct Row: Sendable {
    private let bytes: [UInt8]

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    var columns: [ArraySlice<UInt8>] { bytes.split(separator: 9, omittingEmptySubsequences: false) }

    /// A column, from 0.
    subscript(column: Int) -> String {
        let fields = bytes.split(separator: 9, maxSplits: column + 1, omittingEmptySubsequences: false)
        return String(decoding: fields[column], as: UTF8.self)
    }
}

/// A release's rows of a table, whose first column lists releases; comments and the heading are not.
///
/// Every run of the program that looks at a preseed reads the whole table, so rows of other releases are left before anything is
/// made of them.
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
