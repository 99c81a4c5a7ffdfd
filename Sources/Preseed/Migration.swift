/// What must change in a preseed when another release is to be installed by it.
public struct Migration: Sendable {
    public var old: Release
    public var new: Release

    public init(from old: Release, to new: Release) {
        self.old = old
        self.new = new
    }

    /// Mistakes that the file has for the new release only, values that name the old one, and what the new one asks beside.
    /// - Parameter file: what messages call it.
    public func lint(_ bytes: [UInt8], file: String) -> DiagnosticReport {
        let before = Linter(release: old).lint(bytes, file: file)
        let known = Set(before.diagnostics.map { "\($0.code.id) \($0.mark.map { "\($0.line):\($0.column)" } ?? "")" })
        var report = DiagnosticReport(file: file, source: before.source)
        for diagnostic in Linter(release: new).lint(bytes, file: file).diagnostics
        where !known.contains("\(diagnostic.code.id) \(diagnostic.mark.map { "\($0.line):\($0.column)" } ?? "")") {
            report.add(diagnostic)
        }
        var ignored = DiagnosticReport(file: "", source: "")
        let preseed = PreseedFile(bytes, report: &ignored)
        for answer in preseed.answers {
            if let (message, hint) = change(of: answer) {
                report.add(
                    .init(code: .otherRelease, severity: .error, message: message, mark: answer.valueMark, hint: hint))
            }
        }
        let answered = Set(preseed.answers.map(\.question))
        let last = preseed.answers.last?.mark ?? SourceMark(line: 1, column: 1)
        let asked = new.answers + new.firmwareRefusal + new.answers(enabling: [.main])
        for answer in asked where !answered.contains(answer.question) && old.questions[answer.question] == nil {
            let type = new.questions[answer.question]?.lineType ?? "string"
            report.add(
                .init(
                    code: .otherRelease, severity: .warning,
                    message: "\(new.codename) asks \(answer.question), which \(old.codename) does not", mark: last,
                    hint: "d-i \(answer.question) \(type) \(answer.value)"), subject: answer.question)
        }
        return report
    }

    private func change(of answer: PreseedAnswer) -> (String, String?)? {
        let words = ValueFormat.words(answer.value).map(\.text)
        switch answer.question {
        case "mirror/suite", "mirror/udeb/suite", "mirror/codename":
            return answer.value == old.codename
                ? ("\(answer.question) is still \(old.codename)", "try: \(new.codename)") : nil
        case "mirror/http/hostname", "mirror/https/hostname":
            return answer.value == old.mirrorHost && old.mirrorHost != new.mirrorHost
                ? ("\(old.mirrorHost) does not have \(new.codename)", "try: \(new.mirrorHost)") : nil
        case "debian-installer/allow_unauthenticated":
            return answer.value == "true" && old.signaturesExpired && !new.signaturesExpired
                ? ("\(new.codename)'s packages are signed; unchecked ones need not be taken", "try: false") : nil
        case "pkgsel/include":
            let gone = words.filter { old.xenPackages.contains($0) && !new.xenPackages.contains($0) }
            return gone.isEmpty
                ? nil
                : (
                    "\(new.codename) has no package \(gone.joined(separator: ", "))",
                    "try: \(new.xenPackages.joined(separator: " "))"
                )
        case "apt-setup/services-select":
            let missing = new.services.filter { !words.contains($0) }
            return answer.value.isEmpty && old.services.isEmpty && !missing.isEmpty
                ? (
                    "\(new.codename)'s mirrors have \(missing.joined(separator: " and "))",
                    "try: \(missing.joined(separator: ", "))"
                ) : nil
        default: return nil
        }
    }
}
