/// A preseed with the files that it includes.
struct PreseedInclusion {
    /// The answers of the preseed and of the files that could be read.
    private(set) var file: PreseedFile
    /// What could not be read, or is a script.
    private(set) var unseen: [QuestionSimulation.Unseen] = []

    /// - Parameter include: Returns the content of a file; nil when it can't be read.
    init(_ preseed: PreseedFile, include: (String) -> [UInt8]?) {
        file = preseed
        // A file may include itself.
        add(preseed, include: include, depth: 0)
    }

    private mutating func add(_ preseed: PreseedFile, include: (String) -> [UInt8]?, depth: Int) {
        for answer in preseed.answers where depth < 5 {
            switch answer.question {
            case "preseed/include":
                for (name, _) in ValueFormat.items(answer.value, commas: false) {
                    read(name, of: answer, include: include, depth: depth)
                }
            case "preseed/run" where !answer.value.isEmpty:
                unseen.append(.init(text: "the script \(answer.value) (preseed/run)", mark: answer.mark))
            case "preseed/include_command" where !answer.value.isEmpty:
                unseen.append(.init(text: "the files of preseed/include_command", mark: answer.mark))
            case "preseed/early_command", "partman/early_command":
                for name in Self.selections(in: answer.value) { read(name, of: answer, include: include, depth: depth) }
            default: continue
            }
        }
    }

    /// Returns the files that a command gives to debconf-set-selections; nil for one whose name is known only at run time.
    private static func selections(in command: String) -> [String?] {
        guard command.utf8.contains("debconf-set-selections".utf8) else { return [] }
        var error: ShellSyntaxError?
        return ShellCommand(recovering: command.utf8, error: &error).commands.compactMap { simple -> String?? in
            guard simple.words.first?.literal?.split(separator: "/").last == "debconf-set-selections" else {
                return nil
            }
            return .some(simple.words.dropFirst().first { $0.literal?.hasPrefix("-") != true }?.literal)
        }
    }

    private mutating func read(
        _ name: String?, of answer: PreseedAnswer, include: (String) -> [UInt8]?, depth: Int
    ) {
        guard let name, let bytes = include(name) else {
            let what = name.map { "the file \($0)" } ?? "a file of debconf-set-selections"
            unseen.append(.init(text: "\(what) (\(answer.question))", mark: answer.mark))
            return
        }
        var ignored = DiagnosticReport(file: "", source: "")
        let included = PreseedFile(bytes, report: &ignored)
        file.add(included)
        add(included, include: include, depth: depth + 1)
    }
}
