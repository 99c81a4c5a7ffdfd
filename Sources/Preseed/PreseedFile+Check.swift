extension PreseedFile {
    /// Checks every answer against the questions of a release.
    /// - Parameters:
    ///   - release: The release that is installed.
    ///   - allowed: Questions that are accepted although they are not in the catalogue.
    ///   - report: Receives the diagnostics.
    public func check(for release: Release, allowing allowed: Set<String> = [], report: inout DiagnosticReport) {
        if isForeign {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error,
                    message: "this is not a preseed: hardly a line has an owner, a question and a type",
                    mark: SourceMark(line: (answers.first ?? flags.first)?.mark.line ?? 1, column: 1),
                    hint: "a line of a preseed: d-i netcfg/get_hostname string xen01"))
            return
        }
        var last: [String: Int] = [:]
        last.reserveCapacity(answers.count)
        for (index, answer) in answers.enumerated() { last[answer.question] = index }
        var latest: [String: PreseedAnswer] = [:]
        latest.reserveCapacity(answers.count)
        // Looking for a similar name compares all names, so the number of suggestions for one file is limited.
        var guesses = 100
        for answer in answers {
            let count = report.diagnostics.count
            defer { report.complete(after: count, answer.locate) }
            if let earlier = latest.updateValue(answer, forKey: answer.question) {
                answer.reportRepetition(of: earlier, report: &report)
            }
            let question = release.questions[answer.question]
            guard answer.isReadable(as: question, for: release, allowing: allowed, report: &report) else { continue }
            var isGood = true
            if let question {
                isGood = answer.check(as: question, for: release, report: &report)
            } else if !allowed.contains(answer.question) {
                answer.reportUnknown(
                    for: release, isAnswered: { last[$0] != nil }, guesses: &guesses, report: &report)
            }
            if isGood { answer.checkForm(for: release, report: &report) }
        }
        for flag in flags where release.questions[flag.question] == nil && !allowed.contains(flag.question) {
            let count = report.diagnostics.count
            defer { report.complete(after: count, flag.locate) }
            flag.reportUnknown(for: release, isAnswered: { last[$0] != nil }, guesses: &guesses, report: &report)
        }
        PreseedAgreement(last.mapValues { answers[$0] }, release: release).check(report: &report)
    }

    /// Whether the file seems to be no preseed at all: hardly a line belongs to the installer or has a type of debconf.
    private var isForeign: Bool {
        let good = answers.count {
            $0.owner == "d-i" || $0.question.utf8.contains(47) && PreseedAnswer.types.contains($0.type)
        }
        return !answers.isEmpty && flags.isEmpty && good * 10 < answers.count
    }

    /// Reports a partition recipe whose minimum sizes exceed the disk (code X0810).
    func checkFit(on disk: ByteCount, report: inout DiagnosticReport) {
        guard let answer = answers.last(where: { $0.question == "partman-auto/expert_recipe" }),
            let recipe = try? PartitionRecipe(answer.value, standsAlone: false), recipe.minimum > disk
        else { return }
        report.add(
            answer.located(
                .init(
                    code: .wrongRecipe, severity: .error,
                    message: "the recipe needs \(recipe.minimum.megabytes) MB at least, and the disk has \(disk)",
                    mark: answer.valueMark, hint: "use smaller minimum sizes or a larger disk")))
    }
}

extension PreseedAnswer {
    /// The types of debconf (debconf-devel(7)), without the flag `seen`.
    fileprivate static let types: Set<String> = [
        "string", "boolean", "select", "multiselect", "password", "note", "text", "title", "error", "entropy",
    ]

    /// Whether the answer is meant for the installer; the answers of packages are copied into the installed system, too.
    fileprivate var isOfInstaller: Bool { owner == "d-i" }

    /// Reports a question that is answered twice: the last answer is used.
    fileprivate func reportRepetition(of earlier: PreseedAnswer, report: inout DiagnosticReport) {
        // An answer of a package is for the installed system, and the installer's own is for the installer.
        if isOfInstaller != earlier.isOfInstaller, value == earlier.value || isOfInstaller { return }
        let isSame = value == earlier.value
        let isCopy = isSame && (owner, type) == (earlier.owner, earlier.type)
        report.add(
            .init(
                code: .duplicateAnswer, severity: isSame ? .note : .error,
                message: "\(question) is already answered in line \(earlier.mark.line)"
                    + (isSame ? " with the same value" : "; the last answer is used"),
                mark: mark, fix: isCopy ? earlier.removal("remove the earlier line") : nil))
    }

    // MARK: Lines

    /// Returns whether the line can be understood as an answer; if not, it is reported.
    fileprivate func isReadable(
        as known: Question?, for release: Release, allowing allowed: Set<String>, report: inout DiagnosticReport
    ) -> Bool {
        let spaces = line.noBreakSpaces.filter { $0 < valueOffset || !mayHaveNoBreakSpace }
        if !spaces.isEmpty {
            report.add(line.noBreakSpaceMistake(at: spaces))
            return false
        }
        guard Self.types.contains(type) || reportType(known, for: release, report: &report) else { return false }
        if let (code, message, place, hint, severity) = trailingBlanks {
            let fix = replacing(valueOffset + place, value.utf8.count - place, with: "", "remove the blanks")
            report.add(
                .init(
                    code: code, severity: severity, message: message, mark: valueMark(at: place), hint: hint, fix: fix))
            return severity == .note
        }
        if let comment = trailingComment {
            report.add(
                .init(
                    code: .lineEnd, severity: .error,
                    message: "“\(value[comment...])” is not a comment, but part of the value of \(question)",
                    mark: valueMark(at: value.utf8.distance(from: value.startIndex, to: comment)),
                    hint: "put the comment on its own line"))
            return false
        }
        // A value that is only the name of a type may be meant: a host can have the name string.
        if type != "password", value.utf8.starts(with: type.utf8),
            value.utf8.dropFirst(type.utf8.count).first.map(PreseedLine.isBlank) == true
        {
            report.add(
                .init(
                    code: .wrongType, severity: .error,
                    message: "the type is there twice, so the value of \(question) begins with “\(type)”",
                    mark: valueMark, hint: "remove one “\(type)”",
                    fix: replacing(typeOffset, valueOffset - typeOffset, with: "", "remove the first “\(type)”")))
            return false
        }
        return true
    }

    /// Whether a no-break space in the value may be meant, as in a descriptive text.
    private var mayHaveNoBreakSpace: Bool {
        ["string", "password", "text"].contains(type) && ValueFormat.of(question) == nil
    }

    /// Reports a type that debconf does not have.
    /// - Returns: Whether the value can be checked nevertheless.
    private func reportType(_ known: Question?, for release: Release, report: inout DiagnosticReport) -> Bool {
        func add(
            _ code: DiagnosticCode, _ severity: Severity, _ message: String, at mark: SourceMark, hint: String,
            fix: Fix? = nil
        ) {
            report.add(.init(code: code, severity: severity, message: message, mark: mark, hint: hint, fix: fix))
        }
        let word = type.lowercased()
        let meant =
            Self.types.sorted().first { word.utf8.count >= 3 && $0.hasPrefix(word) }
            ?? nearestName(to: word, among: Self.types)
        if let meant, !value.isEmpty || meant == "note" || meant == "string" {
            // debconf-set-selections of the installed system skips the line, and the installer's ignores the type.
            add(
                .wrongType, isOfInstaller ? .note : .error, "debconf has no type “\(type)”", at: typeMark,
                hint: "try: \(meant)",
                fix: known?.lineType == meant
                    ? replacing(typeOffset, type.utf8.count, with: meant, "write the type \(meant)") : nil)
            return isOfInstaller
        }
        if known?.type == "multiselect", type == "none", value.isEmpty { return true }
        if owner.utf8.contains(47), Self.types.contains(question) {
            add(
                .preseedSyntax, .error, "the owner is missing, so “\(question)” is read as the question", at: mark,
                hint: "d-i \(owner) \(question) \(value.isEmpty ? type : "\(type) \(value)")",
                fix: release.questions[owner].map {
                    replacing(ownerOffset, 0, with: "\($0.owner) ", "add the owner \($0.owner)")
                })
            return false
        }
        let next = String(value.prefix { $0 != " " && $0 != "\t" })
        if type.utf8.contains(47), !question.utf8.contains(47), Self.types.contains(next) {
            add(
                .preseedSyntax, .error, "there are two owners, so “\(question)” is read as the question",
                at: questionMark,
                hint: "\(question) \(type) \(value)",
                fix: release.questions[type]?.owner == question
                    ? replacing(ownerOffset, questionOffset - ownerOffset, with: "", "remove the first owner") : nil)
            return false
        }
        if Self.types.contains(next) {
            let name = intendedQuestion("\(question)-\(type)", among: release.questions.names)
            add(
                .preseedSyntax, .error, "a blank divides the name of the question: “\(question) \(type)”",
                at: questionMark,
                hint: name.map { "\(owner) \($0) \(value)" } ?? "write the name without blanks")
            return false
        }
        if known != nil || isOfInstaller {
            let right = known?.lineType ?? "string"
            add(
                .wrongType, .error, "the type is missing: “\(type)” is at its place, and not part of the value",
                at: typeMark,
                hint: "\(owner) \(question) \(right) \(value.isEmpty ? type : "\(type) \(value)")",
                fix: known == nil ? nil : replacing(typeOffset, 0, with: "\(right) ", "add the type \(right)"))
        } else {
            add(
                .brokenJoin, .error, "this line is read as an answer of the package \(owner) to a question \(question)",
                at: mark, hint: "if it continues the line before, that one needs a \\ at its end")
        }
        return false
    }

    /// The problem with blanks at the end of the value; nil when there are none.
    private var trailingBlanks: (DiagnosticCode, String, Int, String, Severity)? {
        guard let last = value.utf8.last, last == 32 || last == 9 else { return nil }
        let text = value.utf8.reversed().drop { $0 == 32 || $0 == 9 }
        if text.first == 92 {
            return (
                .brokenJoin, "there are blanks after the backslash, so it does not join the next line", text.count,
                "remove them", .error
            )
        }
        // The installer's debconf removes them (cdebconf, strstrip; observed with 0.270), that of the new system does not.
        let isExact = !isOfInstaller && ["boolean", "select"].contains(type)
        return (
            .wrongValue,
            isExact
                ? "trailing blanks belong to the value of \(question)"
                : "there are trailing blanks, which the installer removes", text.count, "remove them",
            isExact ? .error : .note
        )
    }

    /// The position at which a comment behind the value seems to begin; nil when there is none. Descriptive texts may have a #,
    /// and texts for a shell have their own comments.
    private var trailingComment: String.Index? {
        let bytes = value.utf8
        guard
            let hash = bytes.indices.dropFirst().first(where: { index in
                bytes[index] == 35 && PreseedLine.isBlank(bytes[bytes.index(before: index)])
            })
        else { return nil }
        switch type {
        case "boolean", "select", "multiselect": return hash
        case "string":
            switch ValueFormat.of(question) {
            case .command, .packages: return nil
            case nil:
                let next = value.index(after: hash)
                return next == value.endIndex || value[next] == " " || value[next] == "#" ? hash : nil
            default: return hash
            }
        default: return nil
        }
    }

    // MARK: Questions

    /// Checks owner, type and choice.
    /// - Returns: Whether the form of the value remains to be checked.
    fileprivate func check(as question: Question, for release: Release, report: inout DiagnosticReport) -> Bool {
        func add(
            _ code: DiagnosticCode, _ message: String, at mark: SourceMark, hint: String? = nil,
            severity: Severity = .error, fix: Fix? = nil
        ) {
            report.add(
                .init(code: code, severity: severity, message: message, mark: mark, hint: hint, fix: fix))
        }
        if owner != question.owner, !self.question.utf8.starts(with: "\(owner)/".utf8) {
            // The installer does not look at the owner. Only answers with another owner reach the installed system.
            let isLost = isOfInstaller && value != question.defaultValue
            add(
                .wrongOwner,
                isLost
                    ? "\(self.question) belongs to the package \(question.owner), whose debconf does not get an answer of d-i"
                    : "\(self.question) belongs to \(question.owner), not to \(owner)", at: ownerMark,
                hint: "\(question.owner) \(self.question) \(type) \(value)", severity: isLost ? .error : .note,
                fix: isLost ? ownerFix(question.owner) : nil)
        }
        if !question.takes(type: type) {
            add(
                .wrongType, "\(self.question) is a \(question.type), not a \(type), which makes no difference",
                at: typeMark,
                severity: .note)
        }
        if let placeholder {
            add(
                .malformedValue, "the value has the placeholder \(placeholder), so it is not checked", at: valueMark,
                severity: .note)
            return false
        }
        let wrongChoice = question.isUncertain ? Severity.warning : .error
        switch question.type {
        case "boolean" where !["true", "false"].contains(trimmedValue):
            let meant = Self.booleans[trimmedValue.lowercased()]
            add(
                .wrongValue, "\(self.question) is true or false, not “\(value)”", at: valueMark,
                hint: meant.map { "try: \($0)" }, fix: meant.map(valueFix))
            return false
        case "select" where !question.accepts(trimmedValue):
            add(
                .wrongValue, "\(self.question) is one of \(question.shownChoices), not “\(value)”", at: valueMark,
                hint: nearestName(to: value, among: question.choices).map { "did you mean \($0)?" },
                severity: wrongChoice,
                fix: question.choices.first { $0.lowercased() == trimmedValue.lowercased() }.map(valueFix))
            return false
        case "multiselect":
            // `none` is no choice either, and selects nothing.
            for choice in trimmedValue.split(separator: ",").map({ $0.drop { $0 == " " } })
            where !question.accepts(String(choice)) && choice != "none" {
                // The installer searches this value for the names (apt-setup 1:0.198, generators/91security), so blanks do.
                let isList = choice.split(separator: " ").allSatisfy { question.choices.contains(String($0)) }
                add(
                    .wrongValue, "\(self.question) accepts \(question.shownChoices), not “\(choice)”", at: valueMark,
                    hint: isList
                        ? "separate them by commas"
                        : nearestName(to: String(choice), among: question.choices).map { "did you mean \($0)?" },
                    severity: isList && question.name == "apt-setup/services-select" ? .note : wrongChoice)
            }
            return true
        case "note", "error", "text", "title": return false
        default: return true
        }
    }

    /// The value without the blanks at its end, which the installer removes.
    fileprivate var trimmedValue: String {
        guard let last = value.utf8.last, PreseedLine.isBlank(last) else { return value }
        return String(decoding: value.utf8.reversed().drop(while: PreseedLine.isBlank).reversed(), as: UTF8.self)
    }

    /// The placeholder of a template engine in the value, which is not a preseed's own text; nil when there is none, or when a
    /// shell reads the value.
    private var placeholder: Substring? {
        let bytes = value.utf8
        guard bytes.contains(123) || bytes.contains(60) else { return nil }
        switch ValueFormat.of(question) {
        case .command, .packages: return nil
        default: break
        }
        for (open, close) in [("${", "}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>")] {
            guard let start = bytes.firstPosition(of: open.utf8) else { continue }
            let end = bytes[start...].dropFirst(2).firstPosition(of: close.utf8) ?? bytes.endIndex
            return value[
                start..<(bytes.index(end, offsetBy: close.utf8.count, limitedBy: bytes.endIndex) ?? bytes.endIndex)]
        }
        return nil
    }

    /// Reports a question that the release does not have.
    /// - Parameter isAnswered: Returns whether the file answers another question.
    fileprivate func reportUnknown(
        for release: Release, isAnswered: (String) -> Bool, guesses: inout Int, report: inout DiagnosticReport
    ) {
        func add(
            _ code: DiagnosticCode, _ severity: Severity, _ message: String, _ hint: String?, fix: Fix? = nil
        ) {
            report.add(
                .init(code: code, severity: severity, message: message, mark: questionMark, hint: hint, fix: fix))
        }
        /// Writes another question; a line whose other question is answered as well has no effect.
        func renaming(to name: String) -> Fix? {
            if isAnswered(name) { return removal("remove the line, which has no effect") }
            guard let other = release.questions[name] else { return nil }
            return Fix(
                "write the question \(name)",
                [
                    (ownerOffset, owner, other.owner), (questionOffset, question, name),
                    (typeOffset, type, other.lineType),
                ]
                .filter { $0.1 != $0.2 }.map { replacement($0.0, $0.1.utf8.count, with: $0.2) })
        }
        func line(for question: String) -> String {
            "\(release.questions[question]?.owner ?? owner) \(question) \(release.questions[question]?.lineType ?? type) \(value)"
        }
        if let full = KernelLine.aliases[question] {
            let name = full.split(separator: ":").last.map(String.init) ?? full
            add(
                .unknownQuestion, isAnswered(name) ? .warning : .error,
                "\(question) is a short name that only the kernel's command line knows", line(for: name),
                fix: renaming(to: name))
            return
        }
        if let retired = RetiredQuestion.named(question) {
            let replacement = retired.replacement.flatMap { release.questions.contains($0) ? $0 : nil }
            add(
                .unknownQuestion,
                retired.isHarmless || replacement == nil || replacement.map(isAnswered) == true ? .warning : .error,
                "\(question) \(retired.origin), and does nothing in \(release.codename)'s",
                replacement.map { isAnswered($0) ? "remove the line" : "\(release.codename)'s question is \($0)" },
                fix: retired.takesSameValues ? replacement.flatMap { renaming(to: $0) } : nil)
            return
        }
        let others = Release.all.compactMap { other in other.questions[question].map { (other.codename, $0) } }
        if let package = others.first?.1.owner, package != "d-i" {
            if isOfInstaller {
                add(
                    .wrongOwner, .error,
                    "\(question) belongs to the package \(package), whose debconf does not get an answer of d-i",
                    "\(package) \(question) \(type) \(value)", fix: ownerFix(package))
            }
            return
        }
        guard isOfInstaller || release.questionOwners.contains(owner) else {
            add(
                .unknownQuestion, .note,
                "the questions of the package \(owner) are not in the catalogue, so \(question) is not checked",
                "to accept it, use --allow \(question)")
            return
        }
        if !others.isEmpty {
            add(
                .otherRelease, .warning,
                "\(question) is a question of \(others.map(\.0).joined(separator: " and "))"
                    + ", not of \(release.codename), which does not read it",
                release.replacements[question].map { "\(release.codename) has \($0)" })
            return
        }
        let near = guesses > 0 ? intendedQuestion(question, among: release.questions.names) : nil
        guesses -= 1
        add(
            .unknownQuestion, near.map(isAnswered) == false ? .error : .warning,
            "\(release.codename) has no question \(question)", near.map { "did you mean \($0)?" },
            fix: near.flatMap { Self.letters($0) == Self.letters(question) ? renaming(to: $0) : nil })
    }

    /// The letters and digits of a name: names that have the same ones differ in separators only.
    private static func letters(_ name: String) -> [UInt8] { name.utf8.filter(isAlphanumeric) }

    // MARK: Fixes

    /// What people write for a boolean value, and what it means.
    private static let booleans = ["true": "true", "yes": "true", "false": "false", "no": "false"]

    fileprivate func replacement(_ offset: Int, _ count: Int, with text: String) -> Fix.Replacement {
        .init(from: line.mark(at: offset), to: line.mark(at: offset + count), with: text)
    }

    /// Replaces some bytes of the line.
    fileprivate func replacing(_ offset: Int, _ count: Int, with text: String, _ action: String) -> Fix {
        Fix(action, [replacement(offset, count, with: text)])
    }

    private func ownerFix(_ name: String) -> Fix {
        replacing(ownerOffset, owner.utf8.count, with: name, "write the owner \(name)")
    }

    private func valueFix(_ text: String) -> Fix {
        replacing(valueOffset, value.utf8.count, with: text, "write \(text)")
    }

    /// Removes the line; nil when it is joined from several lines with comments between them.
    fileprivate func removal(_ action: String) -> Fix? {
        let last = line.parts.last?.number ?? line.number
        guard last - line.number + 1 == max(1, line.parts.count) else { return nil }
        return Fix(
            action,
            [.init(from: SourceMark(line: line.number, column: 1), to: SourceMark(line: last + 1, column: 1), with: "")]
        )
    }

    // MARK: Positions

    /// Returns a diagnostic about this answer.
    func located(_ diagnostic: Diagnostic) -> Diagnostic {
        var diagnostic = diagnostic
        locate(&diagnostic)
        return diagnostic
    }

    /// Completes a diagnostic about this answer: its question, and the end of the word or the value that begins at its position.
    fileprivate func locate(_ diagnostic: inout Diagnostic) {
        diagnostic.question = question
        guard diagnostic.end == nil, let mark = diagnostic.mark else { return }
        let offset = line.offset(of: mark)
        let rest = line.bytes.dropFirst(offset)
        var isWhole = mark == self.mark
        // A mistake of the whole answer or the whole value reaches to its end; a command is checked by words.
        if case .command = ValueFormat.of(question) {} else { isWhole = isWhole || offset == valueOffset }
        let end = isWhole ? rest.endIndex : rest.firstIndex(where: PreseedLine.isBlank)
        let bytes = line.bytes[rest.startIndex..<(end ?? rest.endIndex)]
        let blanks = bytes.reversed().prefix(while: PreseedLine.isBlank).count
        let count = bytes.count == blanks ? blanks : bytes.count - blanks
        if count > 0 { diagnostic.end = line.mark(at: offset + count) }
    }

    // MARK: Values

    /// Reports a value that does not have the format that its question requires, even if the question is not in the catalogue.
    fileprivate func checkForm(for release: Release, report: inout DiagnosticReport) {
        guard let format = ValueFormat.of(question) else { return checkQuotes(report: &report) }
        if case .command = format { return checkCommand(for: release, report: &report) }
        guard placeholder == nil, let problem = format.problem(of: trimmedValue, for: release) else { return }
        let code: DiagnosticCode =
            switch format {
            case .hash: .plainPassword
            case .recipe, .raidRecipe: .wrongRecipe
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

    /// Warns of a text in quotes, which the installer does not remove.
    private func checkQuotes(report: inout DiagnosticReport) {
        let bytes = trimmedValue.utf8
        guard ["string", "password", "select"].contains(type), bytes.count > 1, let quote = bytes.first,
            quote == 34 || quote == 39, bytes.last == quote
        else { return }
        var diagnostic = Diagnostic(
            code: .malformedValue, severity: .warning, message: "the quotes are part of the value of \(question)",
            mark: valueMark, hint: "remove them")
        diagnostic.isSecret = type == "password"
        report.add(diagnostic)
    }

    private func checkCommand(for release: Release, report: inout DiagnosticReport) {
        let isTemplate = value.utf8.contains("{{".utf8) || value.utf8.contains("<%".utf8)
        let joins = line.parts.map { $0.offset - valueOffset }.filter { $0 > 0 }
        for finding in CommandCheck(value, question: question, release: release, joins: joins).findings {
            report.add(
                .init(
                    code: finding.code,
                    severity: isTemplate && finding.code == .shellSyntax ? .note : finding.severity,
                    message: finding.message, mark: valueMark(at: finding.offset), hint: finding.hint))
        }
    }
}

extension Question {
    /// Returns whether a choice is one of the template's, or the template's list is known to be incomplete.
    fileprivate func accepts(_ choice: String) -> Bool {
        // The installer uses keymaps that are not in its list, too; their form is checked elsewhere.
        takesOthers || choices.contains(choice) || name == "keyboard-configuration/xkb-keymap"
            || !defaultValue.isEmpty && type == "select" && !choices.contains(defaultValue)
    }

    /// The choices for a message; of a long list, the first ones.
    fileprivate var shownChoices: String {
        choices.count <= 12
            ? choices.joined(separator: ", ")
            : choices.prefix(10).joined(separator: ", ") + " and \(choices.count - 10) more"
    }
}
