extension PreseedFile {
    /// Reports packages that an index does not have (code X0819): those of pkgsel/include and base-installer/kernel/image, and the
    /// arguments of `apt-install` and `apt-get install` in commands.
    func checkPackages(in index: PackageIndex, report: inout DiagnosticReport) {
        for answer in answers {
            for (text, offset) in answer.packages where !index.hasArgument(text) {
                report.add(
                    answer.located(
                        Diagnostic(
                            code: .disagreement, severity: .error, message: "the package index has no \(text)",
                            mark: answer.valueMark(at: offset),
                            hint: index.nearest(to: PackageIndex.name(of: text)).map { "did you mean \($0)?" })))
            }
        }
    }
}

extension PreseedAnswer {
    /// The packages that the answer installs, with their offsets in the value, in bytes. Names that a shell computes, patterns
    /// and tasks (`standard^`) are left out.
    fileprivate var packages: [(text: String, offset: Int)] {
        let words: [ShellCommand.Word]
        switch question {
        case "pkgsel/include": words = (try? ValueFormat.packageWords(value)) ?? []
        case "base-installer/kernel/image": return ValueFormat.items(value).filter { $0.text != "none" }
        default:
            guard case .command = ValueFormat.of(question), value.utf8.contains("install".utf8) else { return [] }
            var failure: ShellSyntaxError?
            words = ShellCommand(recovering: value.utf8, error: &failure).commands.flatMap(Self.installed)
        }
        return words.compactMap { word in
            guard let text = word.literal, text.consists(of: { isAlphanumeric($0) || "+-.:=/~".utf8.contains($0) }),
                text.utf8.first.map(isAlphanumeric) == true
            else { return nil }
            return (text, word.offset)
        }
    }

    /// Returns the packages in a command `apt-install PACKAGE…` or `apt-get install PACKAGE…`.
    private static func installed(by command: ShellCommand.Simple) -> ArraySlice<ShellCommand.Word> {
        let words = command.words.map(\.literal)
        if words.first == "apt-install" { return command.words.dropFirst() }
        guard let program = words.firstIndex(where: { ["apt-get", "apt"].contains($0) }),
            let install = words[program...].firstIndex(of: "install")
        else { return [] }
        // An option with a separate value, such as -t SUITE, has no package behind it.
        let rest = command.words[(install + 1)...]
        return rest.contains { ["-t", "-o", "-c"].contains($0.literal) } ? [] : rest
    }
}
