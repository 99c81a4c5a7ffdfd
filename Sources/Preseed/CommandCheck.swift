/// Checks a command of a preseed: its shell syntax, whether its programs exist where it runs, and whether it names the files
/// of the right system.
struct CommandCheck {
    /// The system in which a command runs.
    enum Place { case installer, newSystem }

    struct Finding {
        var code: DiagnosticCode
        var message: String
        var hint: String?
        /// The offset from the start of the command, in bytes.
        var offset: Int
        var severity = Severity.error
    }

    /// The place of a script in the whole command: the words that contain it, from the inside outwards.
    private struct Position {
        private var words: [ShellCommand.Word] = []

        /// Returns the place of the script that is a word's literal.
        func inside(_ word: ShellCommand.Word) -> Position {
            var inner = self
            inner.words.insert(word, at: 0)
            return inner
        }

        /// Converts an offset in the script to one in the whole command, in bytes.
        func offset(_ index: Int) -> Int { words.reduce(index) { $1.offset(ofLiteral: $0) } }
    }

    let question: String
    let release: Release
    /// The offsets at which a line of the file that is joined with others begins.
    private let joins: Set<Int>
    private(set) var findings: [Finding] = []

    /// Whether the command runs before the base system is installed, when there is no /target.
    private var isEarly: Bool { question != "preseed/late_command" }
    /// Whether the command may run several times: an early command runs again with every further preseed (preseed 1.66).
    private var runsAgain: Bool { question == "preseed/early_command" }

    /// - Parameter joins: The offsets at which a line of the file that is joined with others begins, in bytes.
    init(_ text: String, question: String, release: Release, joins: [Int] = []) {
        self.question = question
        self.release = release
        self.joins = Set(joins)
        check(text, in: .installer, at: Position())
        checkSuites(text)
        findings.sort { $0.offset < $1.offset }
    }

    /// Checks a command, or a script inside of a command.
    /// - Parameter position: The place of the text in the whole command.
    private mutating func check(_ text: String, in place: Place, functions: Set<String> = [], at position: Position) {
        var failure: ShellSyntaxError?
        let script = ShellCommand(recovering: text.utf8, error: &failure)
        if let failure {
            add(.shellSyntax, "the shell can't read this: \(failure.message)", at: position.offset(failure.offset))
        }
        let functions = functions.union(script.functions)
        for command in script.commands { check(command, in: place, functions: functions, at: position) }
        checkLineBreaks(text, script, at: position)
    }

    private mutating func add(
        _ code: DiagnosticCode, _ message: String, hint: String? = nil, at offset: Int, severity: Severity = .error
    ) {
        findings.append(Finding(code: code, message: message, hint: hint, offset: offset, severity: severity))
    }

    private mutating func check(
        _ command: ShellCommand.Simple, in place: Place, functions: Set<String>, at position: Position
    ) {
        if place == .installer, runsAgain {
            for redirection in command.redirections where redirection.symbol == ">>" {
                warn(
                    "an early command may run more than once, and >> appends every time",
                    hint: "overwrite the file with >",
                    at: position.offset(redirection.target.offset))
            }
        }
        checkJoins(command, at: position)
        let words = Self.withoutWrappers(command.words)
        guard let first = words.first, let name = first.literal else {
            if place == .installer { checkWrites(command, "", [], at: position) }
            return
        }
        let rest = Array(words.dropFirst())
        if place == .newSystem { checkPaths(words, prefix: nil, at: position) }
        switch name {
        case "in-target", "chroot":
            guard place == .installer else { break }
            if isEarly, name == "in-target" {
                add(
                    .inTargetMisuse,
                    "in-target has no new system yet: \(question) runs before the base system is installed",
                    at: position.offset(first.offset))
            }
            checkInTarget(command, name, rest, functions, at: position)
            return
        case "sh", "ash", "dash", "bash":
            if let word = Self.script(of: rest), let script = word.literal {
                check(script, in: place, functions: functions, at: position.inside(word))
            }
        case "mkdir", "ln":
            let (flag, cure) = name == "mkdir" ? ("p", "mkdir -p") : ("f", "ln -sf")
            let isRepeatable =
                command.isGuarded
                || rest.contains { $0.literal.map { $0.hasPrefix("-") && $0.contains(flag) } ?? false }
            if place == .installer, runsAgain, !isRepeatable {
                warn(
                    "an early command may run more than once, and \(name) fails the second time", hint: cure,
                    at: position.offset(first.offset))
            }
        default: break
        }
        guard place == .installer else { return }
        checkWrites(command, name, rest, at: position)
        if ["wget", "fetch-url", "preseed_fetch"].contains(name), let refusal = release.httpsRefusal,
            let word = rest.first(where: { $0.source.utf8.contains("https://".utf8) })
        {
            add(
                .missingProgram, "\(name) can't use https: \(refusal)", hint: "use http and check the file's digest",
                at: position.offset(word.offset))
        }
        // A name with a blank comes from quotes or backslashes, which is another mistake.
        guard !name.contains("/"), !name.contains(" "), !name.isEmpty, !functions.contains(name),
            !Self.builtins.contains(name), !release.installerTools.contains(name)
        else { return }
        add(
            .missingProgram, "\(release.codename)'s installer has no \(name)",
            hint: isEarly ? nil : "in-target \(name) … runs it in the new system, if it is installed there",
            at: position.offset(first.offset))
    }

    /// Returns the script in the arguments of a shell: `-c SCRIPT`; nil when there is none.
    private static func script(of arguments: some Collection<ShellCommand.Word>) -> ShellCommand.Word? {
        let rest = arguments.drop { $0.literal.map { !($0.hasPrefix("-") && $0.hasSuffix("c")) } ?? true }
        return rest.dropFirst().first
    }

    /// Returns a command without programs that run it: `x` for `exec x` and `log-output -t y x`.
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

    // MARK: The new system

    private mutating func checkInTarget(
        _ command: ShellCommand.Simple, _ name: String, _ words: [ShellCommand.Word], _ functions: Set<String>,
        at position: Position
    ) {
        var rest = words[...]
        if name == "chroot" {
            guard let root = rest.popFirst()?.literal, root == "/target" || root == "/target/" else { return }
        } else {
            while let option = rest.first?.literal, option.hasPrefix("--") { rest.removeFirst() }
        }
        guard let program = rest.first else {
            if name == "in-target", words.isEmpty {
                add(.inTargetMisuse, "in-target needs a command", at: position.offset(command.words[0].offset))
            }
            return
        }
        let prefix = name == "chroot" ? "chroot /target" : "in-target"
        if let text = program.literal {
            if text.contains(" ") {
                add(
                    .inTargetMisuse,
                    "\(prefix) needs a program and its arguments, and there is no program “\(text.prefix(40))”",
                    hint: "\(prefix) sh -c '…'", at: position.offset(program.offset))
            } else if Self.onlyBuiltins.contains(text) {
                add(
                    .inTargetMisuse, "\(text) is a builtin of the shell, not a program that \(prefix) could run",
                    hint: "\(prefix) sh -c '…'", at: position.offset(program.offset))
            }
        }
        checkPaths(rest, prefix: prefix, at: position)
        if ["sh", "bash", "dash", "/bin/sh", "/bin/bash", "/usr/bin/bash"].contains(program.literal),
            let word = Self.script(of: rest.dropFirst()), let script = word.literal
        {
            check(script, in: .newSystem, at: position.inside(word))
        }
        for redirection in command.redirections where redirection.symbol.hasPrefix(">") {
            guard let path = redirection.target.literal, path.hasPrefix("/"),
                !["/target/", "/dev/", "/tmp/", "/var/log/"].contains(where: path.hasPrefix)
            else { continue }
            add(
                .inTargetMisuse, "the installer's shell opens \(path), not the new system's",
                hint: "try: /target\(path)", at: position.offset(redirection.target.offset))
        }
    }

    /// Reports paths below /target in a command that runs in the new system.
    /// - Parameter prefix: The program that runs the command there; nil in a script.
    private mutating func checkPaths(
        _ words: ArraySlice<ShellCommand.Word>, prefix: String?, at position: Position
    ) {
        for word in words {
            guard let path = word.literal, path.utf8.starts(with: "/target/".utf8), !path.contains(" ") else {
                continue
            }
            add(
                .inTargetMisuse, "inside \(prefix ?? "the new system"), /target is /",
                hint: "try: \(path.dropFirst(7))",
                at: position.offset(word.offset))
        }
    }

    // MARK: The installer

    /// The directories of the new system that the installer's RAM disk has no use for.
    private static let homes = ["/home/", "/root/", "/boot/", "/opt/", "/srv/", "/usr/", "/etc/"]
    /// The files and directories in /etc that programs in the installer read.
    private static let installerFiles = [
        "hosts", "resolv.conf", "network", "hostname", "nsswitch.conf", "udhcpc", "wgetrc", "ssl/", "ca-certificates",
        "lvm/", "mdadm", "modprobe", "udev/", "mtab", "inittab", "iscsi", "multipath", "preseed_aliases", "busybox",
        "passwd", "group", "shadow", "sshd", "ssh/ssh_", "localtime", "fb.modes", "init.d/", "rc",
    ]

    /// Reports files that a late command writes in the RAM disk of the installer although they belong to the new system.
    private mutating func checkWrites(
        _ command: ShellCommand.Simple, _ name: String, _ arguments: [ShellCommand.Word], at position: Position
    ) {
        guard question == "preseed/late_command" else { return }
        var written = command.redirections.filter { $0.symbol.hasPrefix(">") }.map(\.target)
        let files = arguments.filter { $0.literal.map { !$0.hasPrefix("-") } ?? true }
        switch name {
        case "sed" where arguments.contains { $0.literal?.hasPrefix("-i") == true || $0.literal == "--in-place" }:
            written += files.dropFirst()
        case "cp", "mv", "ln", "install": if files.count > 1 { written.append(files[files.count - 1]) }
        case "touch", "mkdir", "tee": written += files
        case "chmod", "chown", "chgrp": written += files.dropFirst()
        default: break
        }
        for word in written {
            guard let path = word.literal ?? word.source.split(separator: "$").first.map(String.init),
                let home = Self.homes.first(where: { path.utf8.starts(with: $0.utf8) })
            else { continue }
            let isOfInstaller =
                home == "/etc/" && Self.installerFiles.contains { path.dropFirst(5).hasPrefix($0) } || home == "/usr/"
            add(
                .inTargetMisuse, "this changes \(path) in the installer's RAM disk, not in the new system",
                hint: "try: /target\(path)", at: position.offset(word.offset),
                severity: isOfInstaller ? .warning : .error)
        }
    }

    /// The programs whose names are hardly ever arguments of others.
    private static let starters: Set<String> = [
        "in-target", "chroot", "echo", "printf", "sed", "mkdir", "cp", "mv", "rm", "chmod", "chown", "sleep", "ln",
        "touch",
        "mount", "umount", "logger", "export", "cd", "apt-install", "if", "for", "while", "anna-install", "modprobe",
        "debconf-set", "preseed_fetch",
    ]

    /// Reports a program at the beginning of a joined line that is an argument of the command before it, because no `;`
    /// precedes it.
    private mutating func checkJoins(_ command: ShellCommand.Simple, at position: Position) {
        if joins.isEmpty { return }
        for (before, word) in zip(command.words, command.words.dropFirst())
        where joins.contains(position.offset(word.offset)) {
            guard let name = word.literal, Self.starters.contains(name), let last = before.literal,
                !last.hasPrefix("-"),
                !["in-target", "exec", "log-output", "nohup", "time", "/target", "sudo", "env", "xargs", "then", "do"]
                    .contains(last), let first = command.words[0].literal,
                !["apt-install", "for"].contains(first),
                !command.words.contains(where: { ["install", "apt-get", "aptitude"].contains($0.literal) })
                    || name == "in-target"
            else { continue }
            add(
                .brokenJoin, "“\(name)” is an argument of \(first) here: the joined lines are one command",
                hint: "write ; at the end of the line before", at: position.offset(word.offset))
        }
    }

    // MARK: Text

    /// Reports `\n`, which the installer's debconf converts to a line break (cdebconf 0.270, observed). In quotes after `echo` and
    /// `printf`, it makes no difference.
    private mutating func checkLineBreaks(_ text: String, _ script: ShellCommand, at position: Position) {
        let bytes = Array(text.utf8)
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == 92 else {
                index += 1
                continue
            }
            let place = index
            index += 2
            guard bytes[place + 1] == 110 else { continue }
            let command = script.commands.last { $0.words.first.map { $0.offset <= place } ?? false }
            if let command, let word = command.words.last(where: { $0.offset <= place }),
                place < word.offset + word.source.utf8.count
            {
                let programs = command.words.prefix(4).compactMap(\.literal)
                let isQuoted = Self.isQuoted(bytes[word.offset..<place])
                if isQuoted, programs.contains(where: { ["echo", "printf", "/bin/echo"].contains($0) }) { continue }
                // The script in the word is checked by itself.
                if isQuoted, word.literal != nil,
                    programs.contains(where: { ["sh", "bash", "dash", "ash"].contains($0) })
                {
                    continue
                }
            }
            add(
                .wrongValue, "\\n in \(question) becomes a line break",
                hint: "put the command into a script and run the script",
                at: position.offset(place))
        }
    }

    /// Returns whether a text ends inside of quotes.
    private static func isQuoted(_ text: ArraySlice<UInt8>) -> Bool {
        var quote = UInt8(0)
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if byte == 92, quote != 39 {
                isEscaped = true
            } else if quote == 0 {
                if byte == 34 || byte == 39 { quote = byte }
            } else if byte == quote {
                quote = 0
            }
        }
        return quote != 0
    }

    /// Warns of a package source in the text that is for a different release: `deb http://… jessie main`.
    private mutating func checkSuites(_ text: String) {
        guard text.utf8.contains(" main".utf8) else { return }
        let items = ValueFormat.items(text, commas: false)
        for (item, next) in zip(items, items.dropFirst()) where next.text.utf8.starts(with: "main".utf8) {
            guard let other = release.otherCodename(in: item.text) else { continue }
            add(
                .otherRelease, "“\(item.text)” is a suite of \(other), not of \(release.codename)",
                hint: "try: \(release.codename)", at: item.offset, severity: .warning)
        }
    }

    private mutating func warn(_ message: String, hint: String?, at offset: Int) {
        add(.runsTwice, message, hint: hint, at: offset, severity: .warning)
    }

    /// The builtins of the shell that don't exist as programs.
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
