/// Holds the commands of a preseed against the shell and the programs that run them.
struct CommandCheck {
    /// Which machine's programs a command has.
    enum Place { case installer, newSystem }

    struct Finding {
        var code: DiagnosticCode
        var message: String
        var hint: String?
        /// In bytes, from the start of the command.
        var offset: Int
        var severity = Severity.error
    }

    let question: String
    let release: Release
    private(set) var findings: [Finding] = []

    /// There is no /target before the base system is installed.
    private var isEarly: Bool { question != "preseed/late_command" }
    /// Runs once when the first preseed is loaded, and again with each further one (preseed 1.66).
    private var runsAgain: Bool { question == "preseed/early_command" }

    init(_ text: String, question: String, release: Release) {
        self.question = question
        self.release = release
        check(text, in: .installer, at: { $0 })
        findings.sort { $0.offset < $1.offset }
    }

    /// - Parameter place: from a byte of the text to one of the whole command.
    private mutating func check(_ text: String, in place: Place, functions: Set<String> = [], at map: (Int) -> Int) {
        let script: ShellCommand
        do throws(ShellCommand.Fault) { script = try ShellCommand(text.utf8) } catch {
            findings.append(
                Finding(
                    code: .shellSyntax, message: "the shell can't read this: \(error.message)",
                    offset: map(error.offset)))
            return
        }
        let functions = functions.union(script.functions)
        for command in script.commands { check(command, in: place, functions: functions, at: map) }
    }

    private mutating func check(
        _ command: ShellCommand.Simple, in place: Place, functions: Set<String>, at map: (Int) -> Int
    ) {
        if place == .installer, runsAgain {
            for redirection in command.redirections where redirection.symbol == ">>" {
                doubt(
                    "an early command may run more than once, and >> adds each time",
                    hint: "write the file anew with >",
                    at: map(redirection.target.offset))
            }
        }
        let words = Self.withoutWrappers(command.words)
        guard let first = words.first, let name = first.literal else { return }
        let rest = Array(words.dropFirst())
        func fault(_ message: String, hint: String? = nil, at word: ShellCommand.Word) -> Finding {
            Finding(code: .inTargetMisuse, message: message, hint: hint, offset: map(word.offset))
        }
        switch name {
        case "in-target", "chroot":
            guard place == .installer else { break }
            if isEarly, name == "in-target" {
                findings.append(
                    fault("in-target has no new system yet: \(question) runs before it is there", at: first))
            }
            checkInTarget(command, name, rest, functions, at: map)
            return
        case "sh", "ash", "dash", "bash":
            if let flag = rest.firstIndex(where: { $0.literal.map { $0.hasPrefix("-") && $0.hasSuffix("c") } ?? false }
            ),
                rest.indices.contains(flag + 1), let script = rest[flag + 1].literal
            {
                let word = rest[flag + 1]
                check(script, in: place, at: { map(word.offset(ofLiteral: $0)) })
            }
        case "mkdir", "ln":
            let (flag, cure) = name == "mkdir" ? ("p", "mkdir -p") : ("f", "ln -sf")
            let isRepeatable =
                command.isGuarded
                || rest.contains { $0.literal.map { $0.hasPrefix("-") && $0.contains(flag) } ?? false }
            if place == .installer, runsAgain, !isRepeatable {
                doubt(
                    "an early command may run more than once, and \(name) fails the second time", hint: cure,
                    at: map(first.offset))
            }
        default: break
        }
        guard place == .installer, !name.contains("/"), !name.isEmpty, !functions.contains(name),
            !Self.builtins.contains(name), !release.installerTools.contains(name)
        else { return }
        findings.append(
            Finding(
                code: .missingProgram, message: "\(release.codename)'s installer has no \(name)",
                hint: isEarly ? nil : "in-target \(name) … runs the new system's, where that has it",
                offset: map(first.offset)))
    }

    /// The program that is run in the end: `exec x` and `log-output -t y x` run x.
    private static func withoutWrappers(_ words: [ShellCommand.Word]) -> ArraySlice<ShellCommand.Word> {
        var rest = words[...]
        while let name = rest.first?.literal, ["exec", "log-output", "nohup", "time"].contains(name) {
            var inner = rest.dropFirst()
            while let option = inner.first?.literal, option.hasPrefix("-") {
                inner = inner.dropFirst(name == "log-output" && option == "-t" ? 2 : 1)
            }
            if inner.isEmpty { break }
            rest = inner
        }
        return rest
    }

    private mutating func checkInTarget(
        _ command: ShellCommand.Simple, _ name: String, _ words: [ShellCommand.Word], _ functions: Set<String>,
        at map: (Int) -> Int
    ) {
        var rest = words
        if name == "chroot" {
            guard rest.first?.literal == "/target" else { return }
            rest.removeFirst()
        } else {
            while let option = rest.first?.literal, option.hasPrefix("--") { rest.removeFirst() }
        }
        guard let program = rest.first else {
            if name == "in-target", words.isEmpty {
                findings.append(
                    Finding(
                        code: .inTargetMisuse, message: "in-target needs a command",
                        offset: map(command.words[0].offset)))
            }
            return
        }
        let prefix = name == "chroot" ? "chroot /target" : "in-target"
        if let text = program.literal {
            if text.contains(" ") {
                findings.append(
                    Finding(
                        code: .inTargetMisuse,
                        message:
                            "\(prefix) takes a program and its words, and there is no program “\(text.prefix(40))”",
                        hint: "\(prefix) sh -c '…'", offset: map(program.offset)))
            } else if Self.onlyBuiltins.contains(text) {
                findings.append(
                    Finding(
                        code: .inTargetMisuse,
                        message: "\(text) is the shell's own, and no program that \(prefix) could run",
                        hint: "\(prefix) sh -c '…'", offset: map(program.offset)))
            } else if text.hasPrefix("/target/") {
                findings.append(
                    Finding(
                        code: .inTargetMisuse, message: "inside \(prefix), /target is /",
                        hint: "try: \(text.dropFirst(7))", offset: map(program.offset)))
            }
        }
        if ["sh", "bash", "dash"].contains(program.literal), rest.count > 2,
            rest[1].literal.map({ $0.hasPrefix("-") && $0.hasSuffix("c") }) == true,
            let script = rest[2].literal
        {
            let word = rest[2]
            check(script, in: .newSystem, at: { map(word.offset(ofLiteral: $0)) })
        }
        for redirection in command.redirections where redirection.symbol.hasPrefix(">") {
            guard let path = redirection.target.literal, path.hasPrefix("/"),
                !["/target/", "/dev/", "/tmp/", "/var/log/"].contains(where: path.hasPrefix)
            else { continue }
            findings.append(
                Finding(
                    code: .inTargetMisuse, message: "the installer's shell opens \(path), not the new system's",
                    hint: "try: /target\(path)",
                    offset: map(redirection.target.offset)))
        }
    }

    private mutating func doubt(_ message: String, hint: String?, at offset: Int) {
        findings.append(Finding(code: .runsTwice, message: message, hint: hint, offset: offset, severity: .warning))
    }

    /// Of the shell, and no programs.
    private static let onlyBuiltins: Set<String> = [
        ".", ":", "alias", "break", "cd", "command", "continue", "eval", "exec", "exit", "export", "getopts", "hash",
        "local",
        "read", "readonly", "return", "set", "shift", "source", "times", "trap", "type", "ulimit", "umask", "unalias",
        "unset", "wait",
    ]
    private static let builtins = onlyBuiltins.union([
        "[", "bg", "echo", "false", "fg", "help", "history", "jobs", "kill", "let", "printf", "pwd", "test", "true",
    ])
}
