import Diagnostics
import Releases

extension PreseedFile {
    /// Holds every answer against a release's questions.
    public func check(for release: Release, report: inout Report) {
        var first: [String: SourceMark] = [:]
        first.reserveCapacity(answers.count)
        for answer in answers {
            func add(_ code: DiagnosticCode, _ message: String, hint: String? = nil) {
                report.add(.init(code: code, severity: .error, message: message, mark: answer.mark, hint: hint))
            }
            if let earlier = first.updateValue(answer.mark, forKey: answer.question) {
                add(.duplicateAnswer, "\(answer.question) is answered in line \(earlier.line) already; the last wins")
            }
            guard let question = release.questions[answer.question] else {
                let near = nearest(to: answer.question, among: release.questions.names)
                add(
                    .unknownQuestion, "\(release.codename) has no question \(answer.question)",
                    hint: near.map { "did you mean \($0)?" })
                continue
            }
            if answer.owner != question.owner {
                add(.wrongOwner, "\(answer.question) belongs to \(question.owner), not to \(answer.owner)")
            }
            if answer.type != question.type {
                add(.wrongType, "\(answer.question) is a \(question.type), not a \(answer.type)")
            }
            if let problem = Self.problem(of: answer.value, for: question) { add(.wrongValue, problem) }
        }
    }

    private static func problem(of value: String, for question: Question) -> String? {
        if value.utf8.last == 32 || value.utf8.last == 9 {
            return "trailing blanks belong to the value of \(question.name)"
        }
        if question.type == "boolean", value != "true", value != "false" {
            return "\(question.name) is true or false, not “\(value)”"
        }
        if !question.choices.isEmpty, !question.choices.contains(value) {
            return "\(question.name) is one of \(question.choices.joined(separator: ", ")), not “\(value)”"
        }
        // debconf turns it into a line break, which ends the command (seen on bookworm).
        if question.name.utf8.suffix(8).elementsEqual("_command".utf8), hasLineBreak(value) {
            return "\\n in \(question.name) becomes a line break"
        }
        if question.name == "partman-auto/expert_recipe", case .failure(let fault) = PartitionRecipe.parse(value) {
            return fault.message
        }
        return nil
    }

    /// A backslash and an n.
    private static func hasLineBreak(_ value: String) -> Bool {
        var rest = value.utf8[...]
        while let backslash = rest.firstIndex(of: 92) {
            rest = rest[backslash...].dropFirst()
            if rest.first == 110 { return true }
        }
        return false
    }
}

extension DiagnosticCode {
    public static let preseedCodes: [DiagnosticCode] = [
        .preseedSyntax, .unknownQuestion, .wrongOwner, .wrongType, .wrongValue, .duplicateAnswer,
    ]

    static let preseedSyntax = DiagnosticCode(
        "X0801", "a preseed line that can't be read",
        cause: "An answer has an owner, a question and a type; comments begin in the first column.",
        example: "d-i  netcfg/get_hostname", cure: "d-i netcfg/get_hostname string xen01")
    static let unknownQuestion = DiagnosticCode(
        "X0802", "a question that the release's installer does not ask",
        cause: "The installer keeps such a line without a word, and then asks the question that was meant.",
        example: "d-i netcfg/get_hostnam string xen01", cure: "Write the question's name as the catalogue has it.")
    static let wrongOwner = DiagnosticCode(
        "X0803", "an answer under the wrong owner",
        cause: "Lines of a package other than d-i are replayed into the installed system; the others are not.",
        example: "d-i tasksel/first multiselect", cure: "tasksel tasksel/first multiselect")
    static let wrongType = DiagnosticCode(
        "X0804", "an answer of the wrong type",
        cause: "The installer does not check types, the installed system's debconf does.",
        example: "d-i clock-setup/utc string true", cure: "d-i clock-setup/utc boolean true")
    static let wrongValue = DiagnosticCode(
        "X0805", "a value that the question does not take",
        cause: "A boolean is true or false to the letter; a choice is one of its list; a command has no \\n.",
        example: "d-i clock-setup/utc boolean yes", cure: "d-i clock-setup/utc boolean true")
    static let duplicateAnswer = DiagnosticCode(
        "X0806", "a question answered twice",
        cause: "The last answer wins, so the first one only misleads.",
        example: "d-i clock-setup/utc boolean true\nd-i clock-setup/utc boolean false", cure: "Keep one of the two.")
}
