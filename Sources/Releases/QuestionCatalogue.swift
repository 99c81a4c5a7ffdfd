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
    private let questions: [String: Question]

    public subscript(name: String) -> Question? { questions[Self.template(of: name)] }

    /// In the order of the alphabet.
    public let names: [String]
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
        var questions: [String: Question] = [:]
        for fields in rows(of: codename, in: table, columns: 9) {
            let choices = fields[6].isEmpty ? [] : fields[6].split(separator: "|").map(String.init)
            questions[fields[3]] = Question(
                name: fields[3], type: fields[4], owner: fields[1], component: fields[2], defaultValue: fields[5],
                choices: choices.filter { $0 != "*" }, takesOthers: choices.isEmpty || choices.contains("*"),
                priorities: fields[7].split(separator: "|").map(String.init), isUncertain: fields[8] != "read")
        }
        self.questions = questions
        names = questions.keys.sorted()
        owners = Set(questions.values.map(\.owner))
    }
}

/// A release's rows of a table, whose first column lists releases; comments and the heading are not.
func rows(of codename: String, in table: String, columns: Int) -> [[String]] {
    table.utf8.split(separator: 10).compactMap { line in
        let fields = line.split(separator: 9, omittingEmptySubsequences: false)
        guard line.first != 35, fields.count == columns,
            fields[0].split(separator: 44).contains(where: { $0.elementsEqual(codename.utf8) })
        else { return nil }
        return fields.map { String(Substring($0)) }
    }
}
