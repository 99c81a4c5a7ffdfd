/// The changes that a preseed needs in order to install a different release.
public struct Migration: Sendable {
    public var old: Release
    public var new: Release

    public init(from old: Release, to new: Release) {
        self.old = old
        self.new = new
    }

    /// Returns a report with the mistakes that the file has only for the new release, the values that refer to the old
    /// release, and the questions at which only the new one stops.
    /// - Parameters:
    ///   - bytes: The content of the file.
    ///   - file: The name of the file, for messages.
    public func lint(_ bytes: [UInt8], file: String) -> DiagnosticReport {
        let before = Linter(release: old).lint(bytes, file: file)
        let known = Set(before.diagnostics.map(Self.key))
        var report = DiagnosticReport(file: file, source: before.source)
        for diagnostic in Linter(release: new).lint(bytes, file: file).diagnostics
        where !known.contains(Self.key(diagnostic)) { report.add(diagnostic) }
        var ignored = DiagnosticReport(file: "", source: "")
        let preseed = PreseedFile(bytes, report: &ignored)
        for answer in preseed.answers { reportChanges(of: answer, to: &report) }
        reportStops(preseed, to: &report)
        return report
    }

    private static func key(_ diagnostic: Diagnostic) -> String {
        "\(diagnostic.code.id) \(diagnostic.mark.map { "\($0.line):\($0.column)" } ?? "")"
    }

    /// Reports the questions at which the new installer stops and the old one does not, each at the answer that it belongs to.
    private func reportStops(_ preseed: PreseedFile, to report: inout DiagnosticReport) {
        func stops(_ release: Release) -> [QuestionSimulation.Step] {
            QuestionSimulation(preseed, release: release, medium: .initrd).stops
        }
        let before = Set(stops(old).map(\.question))
        for step in stops(new) where !before.contains(step.question) {
            guard case .stops(let line) = step.verdict else { continue }
            let component = step.question.prefix { $0 != "/" }
            let family = component.prefix { $0 != "-" }
            let place =
                preseed.answers.last { $0.question.hasPrefix("\(component)/") }
                ?? preseed.answers.last { $0.question.hasPrefix(family) } ?? preseed.answers.last
            var diagnostic = Diagnostic(
                code: .otherRelease, severity: step.condition == nil ? .error : .warning,
                message: "\(new.codename) stops and asks \(step.question), which \(old.codename) does not"
                    + (step.note.isEmpty ? "" : " (\(step.note))"),
                mark: place?.mark ?? SourceMark(line: 1, column: 1), hint: "add: \(line)")
            (diagnostic.question, diagnostic.condition) = (step.question, step.condition?.rawValue)
            report.add(diagnostic, subject: step.question)
        }
    }

    private func reportChanges(of answer: PreseedAnswer, to report: inout DiagnosticReport) {
        func add(_ message: String, _ hint: String?, at offset: Int = 0, severity: Severity = .error) {
            report.add(
                answer.located(
                    .init(
                        code: .otherRelease, severity: severity, message: message, mark: answer.valueMark(at: offset),
                        hint: hint)))
        }
        switch answer.question {
        case "debian-installer/allow_unauthenticated":
            if answer.value == "true", old.signaturesExpired, !new.signaturesExpired {
                add(
                    "\(new.codename)'s packages are signed, so unauthenticated packages need not be allowed",
                    "try: false")
            }
        case "netcfg/choose_interface":
            if isKernelName(answer.value) { add(renamedCard(answer.value), cardHint, severity: .warning) }
        case "base-installer/kernel/image", "pkgsel/include":
            for (item, offset) in ValueFormat.items(answer.value) {
                let name = PackageIndex.name(of: item)
                if old.xenPackages.contains(name), !new.xenPackages.contains(name) {
                    add(
                        "\(new.codename) has no package \(name)", "try: \(new.xenPackages.joined(separator: " "))",
                        at: offset)
                } else if let gone = new.replacement(forGone: name), old.replacement(forGone: name) == nil {
                    add("\(new.codename) has no package \(name)", gone.map { "try: \($0)" }, at: offset)
                }
            }
        case "apt-setup/services-select":
            let items = ValueFormat.items(answer.value).map(\.text)
            let missing = new.services.filter { !items.contains($0) }
            if answer.value.isEmpty, old.services.isEmpty, !missing.isEmpty {
                add(
                    "\(new.codename)'s mirrors have \(missing.joined(separator: " and "))",
                    "try: \(missing.joined(separator: ", "))")
            }
        default:
            if case .command = ValueFormat.of(answer.question) {
                reportWords(of: answer.value) { add($0, $1, at: $2, severity: .warning) }
            }
        }
    }

    /// Reports the words of a command that mean the old release: its codename, and the kernel's names of network cards.
    private func reportWords(
        of command: String, _ add: (String, String?, Int) -> Void
    ) {
        let bytes = Array(command.utf8)
        var start = 0
        while start < bytes.count {
            let word = bytes[start...].prefix(while: isAlphanumeric)
            defer { start = word.endIndex + 1 }
            guard !word.isEmpty else { continue }
            let text = String(decoding: word, as: UTF8.self)
            if text == old.codename {
                add("the command says \(old.codename)", "try: \(new.codename)", word.startIndex)
            } else if isKernelName(text) {
                add(renamedCard(text), cardHint, word.startIndex)
            }
        }
    }

    /// Whether a text is a name that the kernel gives to a network card, and the new release changes it.
    private func isKernelName(_ text: String) -> Bool {
        old.nicNameOptions.isEmpty && !new.nicNameOptions.isEmpty && text.hasPrefix("eth")
            && text.dropFirst(3).consists(of: isDigit)
    }

    private func renamedCard(_ name: String) -> String {
        "\(new.codename) names network cards by their place, so there may be no \(name)"
    }

    private var cardHint: String {
        "select auto, or add to the kernel's command line: \(new.nicNameOptions.joined(separator: " "))"
    }
}
