extension PreseedFile {
    /// Holds every answer against a release's questions.
    /// - Parameter allowed: questions that no catalogue has, and that are meant.
    public func check(for release: Release, allowing allowed: Set<String> = [], report: inout DiagnosticReport) {
        var first: [String: SourceMark] = [:]
        first.reserveCapacity(answers.count)
        // Each looks at all names; a file with more slips than that is no preseed.
        var guesses = 100
        for answer in answers {
            if let earlier = first.updateValue(answer.mark, forKey: answer.question) {
                report.add(
                    .init(
                        code: .duplicateAnswer, severity: .error,
                        message: "\(answer.question) is answered in line \(earlier.line) already; the last wins",
                        mark: answer.mark))
            }
            if let (code, message, place, hint) = answer.wrongEnd {
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
                            "“\(answer.value[comment...])” is no comment, but part of the value of \(answer.question)",
                        mark: answer.valueMark(
                            at: answer.value.utf8.distance(from: answer.value.startIndex, to: comment)),
                        hint: "put the comment on a line of its own"))
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

    /// Adds a diagnostic for a partition recipe whose minima are more than the disk (code X0810).
    func checkFit(on disk: ByteCount, report: inout DiagnosticReport) {
        guard let answer = answers.last(where: { $0.question == "partman-auto/expert_recipe" }),
            let recipe = try? PartitionRecipe(answer.value), recipe.minimumMegabytes > disk.bytes / 1_000_000
        else { return }
        report.add(
            .init(
                code: .wrongRecipe, severity: .error,
                message: "the recipe needs \(recipe.minimumMegabytes) MB at least, and the disk has \(disk)",
                mark: answer.valueMark, hint: "smaller minima, or a larger disk"))
    }
}

extension PreseedAnswer {
    /// Blanks at the end, which nobody sees.
    fileprivate var wrongEnd: (DiagnosticCode, String, Int, String)? {
        guard let last = value.utf8.last, last == 32 || last == 9 else { return nil }
        let text = value.utf8.reversed().drop { $0 == 32 || $0 == 9 }
        return text.first == 92
            ? (.brokenJoin, "blanks behind the backslash: it does not join the next line", text.count, "remove them")
            : (.wrongValue, "trailing blanks belong to the value of \(question)", text.count, "remove them")
    }

    /// Where what somebody meant as a comment begins. A text for people may have a # in it, a command has comments of its own.
    fileprivate var trailingComment: String.Index? {
        guard let place = value.firstRange(of: " #")?.lowerBound ?? value.firstRange(of: "\t#")?.lowerBound else {
            return nil
        }
        let hash = value.index(after: place)
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
                // A console keymap's old name is nearer to another keymap than to its own.
                hint: question.name == "keyboard-configuration/xkb-keymap"
                    ? release.problem(keymap: value)?.hint
                    : nearestName(to: value, among: question.choices).map { "did you mean \($0)?" },
                severity: question.isUncertain ? .warning : .error)
        } else if question.type == "multiselect", !question.takesOthers {
            for word in value.split(separator: ",").map({ $0.drop { $0 == " " } })
            where !question.choices.contains(String(word)) {
                add(
                    .wrongValue,
                    "\(self.question) takes of \(question.choices.joined(separator: ", ")), not “\(word)”",
                    at: valueMark,
                    hint: nearestName(to: String(word), among: question.choices).map { "did you mean \($0)?" },
                    severity: question.isUncertain ? .warning : .error)
            }
        }
    }

    fileprivate func reportUnknown(for release: Release, guesses: inout Int, report: inout DiagnosticReport) {
        let isCovered = release.questions.owners.contains(owner)
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
                    mark: questionMark, hint: "if it is meant: --allow \(question)"))
        }
    }

    /// What a value has to look like by its question's name, in the catalogue or not.
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
        // debconf turns it into a line break, which ends the command (seen on bookworm).
        if let place = value.firstRange(of: "\\n") {
            report.add(
                .init(
                    code: .wrongValue, severity: .error, message: "\\n in \(question) becomes a line break",
                    mark: valueMark(at: value.utf8.distance(from: value.startIndex, to: place.lowerBound)),
                    hint: "put what needs it into a script, and call that"))
        }
        for finding in CommandCheck(value, question: question, release: release).findings {
            report.add(
                .init(
                    code: finding.code, severity: finding.severity, message: finding.message,
                    mark: valueMark(at: finding.offset), hint: finding.hint))
        }
    }
}
