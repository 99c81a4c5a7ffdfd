extension PreseedFile {
    /// Checks every answer against the questions of a release.
    /// - Parameter allowed: Questions that are accepted although they are not in the catalogue.
    public func check(for release: Release, allowing allowed: Set<String> = [], report: inout DiagnosticReport) {
        var first: [String: SourceMark] = [:]
        first.reserveCapacity(answers.count)
        // Looking for a similar name compares all names, so the number of suggestions for one file is limited.
        var guesses = 100
        for answer in answers {
            if let earlier = first.updateValue(answer.mark, forKey: answer.question) {
                report.add(
                    .init(
                        code: .duplicateAnswer, severity: .error,
                        message:
                            "\(answer.question) is already answered in line \(earlier.line); the last answer is used",
                        mark: answer.mark))
            }
            if let (code, message, place, hint) = answer.trailingBlanks {
                report.add(
                    .init(
                        code: code, severity: .error, message: message, mark: answer.valueMark(at: place), hint: hint))
                continue
            }
            if let comment = answer.trailingComment {
                report.add(
                    .init(
                        code: .lineEnd, severity: .error,
                        message:
                            "“\(answer.value[comment...])” is not a comment, but part of the value of \(answer.question)",
                        mark: answer.valueMark(
                            at: answer.value.utf8.distance(from: answer.value.startIndex, to: comment)),
                        hint: "put the comment on its own line"))
                continue
            }
            if let question = release.questions[answer.question] {
                answer.check(as: question, for: release, report: &report)
            } else if !allowed.contains(answer.question) {
                answer.reportUnknown(for: release, guesses: &guesses, report: &report)
            }
            answer.checkForm(for: release, report: &report)
        }
    }

    /// Reports a partition recipe whose minimum sizes exceed the disk (code X0810).
    func checkFit(on disk: ByteCount, report: inout DiagnosticReport) {
        guard let answer = answers.last(where: { $0.question == "partman-auto/expert_recipe" }),
            let recipe = try? PartitionRecipe(answer.value), recipe.minimum > disk
        else { return }
        report.add(
            .init(
                code: .wrongRecipe, severity: .error,
                message: "the recipe needs \(recipe.minimum.megabytes) MB at least, and the disk has \(disk)",
                mark: answer.valueMark, hint: "use smaller minimum sizes or a larger disk"))
    }
}

extension PreseedAnswer {
    /// The problem with blanks at the end of the value; nil when there are none.
    fileprivate var trailingBlanks: (DiagnosticCode, String, Int, String)? {
        guard let last = value.utf8.last, last == 32 || last == 9 else { return nil }
        let text = value.utf8.reversed().drop { $0 == 32 || $0 == 9 }
        return text.first == 92
            ? (
                .brokenJoin, "there are blanks after the backslash, so it does not join the next line", text.count,
                "remove them"
            )
            : (.wrongValue, "trailing blanks belong to the value of \(question)", text.count, "remove them")
    }

    /// The position at which a comment behind the value seems to begin; nil when there is none. Descriptive texts may have a #,
    /// and commands have their own comments.
    fileprivate var trailingComment: String.Index? {
        let bytes = value.utf8
        guard
            let hash = bytes.indices.dropFirst().first(where: { index in
                bytes[index] == 35 && PreseedLine.isBlank(bytes[bytes.index(before: index)])
            })
        else { return nil }
        switch type {
        case "boolean", "select", "multiselect", "note": return hash
        case "string":
            if case .command = ValueFormat.of(question) { return nil }
            let next = value.index(after: hash)
            let isApart = next == value.endIndex || value[next] == " " || value[next] == "#"
            return isApart || ValueFormat.of(question) != nil ? hash : nil
        default: return nil
        }
    }

    fileprivate func check(as question: Question, for release: Release, report: inout DiagnosticReport) {
        func add(
            _ code: DiagnosticCode, _ message: String, at mark: SourceMark, hint: String? = nil,
            severity: Severity = .error
        ) {
            report.add(
                .init(code: code, severity: severity, message: message, mark: mark, hint: hint))
        }
        if owner != question.owner {
            add(
                .wrongOwner, "\(self.question) belongs to \(question.owner), not to \(owner)", at: mark,
                hint: "\(question.owner) \(self.question) \(type) \(value)")
        }
        guard question.takes(type: type) else {
            add(.wrongType, "\(self.question) is a \(question.type), not a \(type)", at: typeMark)
            return
        }
        if question.type == "boolean", value != "true", value != "false" {
            add(.wrongValue, "\(self.question) is true or false, not “\(value)”", at: valueMark)
        } else if question.type == "select", !question.takesOthers, !question.choices.contains(value) {
            add(
                .wrongValue,
                "\(self.question) is one of \(question.choices.joined(separator: ", ")), not “\(value)”", at: valueMark,
                // The old name of a console keymap is more similar to other keymaps than to its replacement.
                hint: question.name == "keyboard-configuration/xkb-keymap"
                    ? release.problem(keymap: value)?.hint
                    : nearestName(to: value, among: question.choices).map { "did you mean \($0)?" },
                severity: question.isUncertain ? .warning : .error)
        } else if question.type == "multiselect", !question.takesOthers {
            for choice in value.split(separator: ",").map({ $0.drop { $0 == " " } })
            where !question.choices.contains(String(choice)) {
                add(
                    .wrongValue,
                    "\(self.question) accepts \(question.choices.joined(separator: ", ")), not “\(choice)”",
                    at: valueMark,
                    hint: nearestName(to: String(choice), among: question.choices).map { "did you mean \($0)?" },
                    severity: question.isUncertain ? .warning : .error)
            }
        }
    }

    fileprivate func reportUnknown(for release: Release, guesses: inout Int, report: inout DiagnosticReport) {
        let isCovered = release.questionOwners.contains(owner)
        let others = Release.all.filter { $0.questions[question] != nil }
        if isCovered, !others.isEmpty {
            report.add(
                .init(
                    code: .otherRelease, severity: .warning,
                    message: "\(question) is a question of \(others.map(\.codename).joined(separator: " and "))"
                        + ", not of \(release.codename), which does not read it",
                    mark: questionMark, hint: release.replacements[question].map { "\(release.codename) has \($0)" }))
        } else if isCovered {
            let near = guesses > 0 ? nearestName(to: question, among: release.questions.names) : nil
            guesses -= 1
            report.add(
                .init(
                    code: .unknownQuestion, severity: .error,
                    message: "\(release.codename) has no question \(question)", mark: questionMark,
                    hint: near.map { "did you mean \($0)?" }))
        } else {
            report.add(
                .init(
                    code: .unknownQuestion, severity: .warning,
                    message:
                        "the questions of the package \(owner) are not in the catalogue, so \(question) is not checked",
                    mark: questionMark, hint: "to accept it, use --allow \(question)"))
        }
    }

    /// Reports a value that does not have the format that its question requires, even if the question is not in the catalogue.
    fileprivate func checkForm(for release: Release, report: inout DiagnosticReport) {
        guard let format = ValueFormat.of(question) else { return }
        if case .command = format { return checkCommand(for: release, report: &report) }
        guard let problem = format.problem(of: value, for: release) else { return }
        let code: DiagnosticCode =
            switch format {
            case .hash: .plainPassword
            case .recipe: .wrongRecipe
            default: .malformedValue
            }
        let message =
            switch code {
            case .wrongRecipe: problem.message
            case .plainPassword: "the value of \(question) \(problem.message)"
            default: "“\(problem.part ?? value)” \(problem.message) (\(question))"
            }
        var diagnostic = Diagnostic(
            code: code, severity: problem.severity, message: message,
            mark: valueMark(at: problem.offset), hint: problem.hint)
        diagnostic.isSecret = code == .plainPassword
        report.add(diagnostic)
    }

    private func checkCommand(for release: Release, report: inout DiagnosticReport) {
        // debconf converts it to a line break, which ends the command (observed on bookworm).
        if let place = value.firstRange(of: "\\n") {
            report.add(
                .init(
                    code: .wrongValue, severity: .error, message: "\\n in \(question) becomes a line break",
                    mark: valueMark(at: value.utf8.distance(from: value.startIndex, to: place.lowerBound)),
                    hint: "put the command into a script and run the script"))
        }
        for finding in CommandCheck(value, question: question, release: release).findings {
            report.add(
                .init(
                    code: finding.code, severity: finding.severity, message: finding.message,
                    mark: valueMark(at: finding.offset), hint: finding.hint))
        }
    }
}
