/// The error of a shell command that can't be read.
public struct ShellSyntaxError: Error, Equatable {
    public var message: String
    /// The position in bytes from the start of the command.
    public var offset: Int

    public init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// Whether a quote or a bracket is not closed.
    var isUnclosed: Bool { message.hasSuffix("not closed") }
}

/// A script for the POSIX shell of the installer (busybox ash), parsed to check its syntax and to find the programs that it
/// runs.
public struct ShellCommand: Sendable {
    /// All simple commands in the script, including those in `$(…)`, in their order.
    public private(set) var commands: [Simple] = []
    /// The names of the functions that the script defines.
    public private(set) var functions: Set<String> = []

    /// A simple command: a program or builtin with its arguments, without preceding assignments.
    public struct Simple: Sendable {
        public var words: [Word]
        public var redirections: [Redirection] = []
        /// The operator (`&&`, `||`, `;` or `|`) before the command; nil for the first command of a list.
        public var joinedBy: String?
        /// Whether a failure of the command is handled: the command is a condition, or `||` follows.
        public var isGuarded = false
    }

    public struct Redirection: Sendable, Equatable {
        /// The operator, such as `<`, `>` or `>>`, without the number of a file descriptor.
        public var symbol: String
        public var target: Word
    }

    /// A word in the sense of the shell grammar: an argument with its quotes.
    public struct Word: Sendable, Equatable {
        /// The word as in the script, including quotes.
        public var source: String
        /// The value of the word after the removal of quotes; nil when it is known only at run time.
        public var literal: String?
        /// The offset of the word from the start of the script, in bytes.
        public var offset: Int

        /// Returns the offset of a byte of the literal from the start of the script, in bytes. It is behind the quotes and
        /// backslashes that precede the byte.
        public func offset(ofLiteral index: Int) -> Int {
            let bytes = Array(source.utf8)
            var (at, left, quote) = (0, index, UInt8(0))
            while at < bytes.count {
                switch (bytes[at], quote) {
                case (39, 0), (34, 0): quote = bytes[at]
                case (39, 39), (34, 34): quote = 0
                default:
                    if bytes[at] == 92, quote != 39, at + 1 < bytes.count,
                        quote == 0 || ShellReader.escapable.contains(bytes[at + 1])
                    {
                        at += 1
                    }
                    if left == 0 { return offset + at }
                    left -= 1
                }
                at += 1
            }
            return offset + at
        }
    }

    public init(_ text: some Collection<UInt8>) throws(ShellSyntaxError) {
        var reader = ShellReader(bytes: Array(text))
        try reader.readScript()
        commands = reader.commands
        functions = reader.functions
    }

    /// Reads as much of a script as possible: what precedes a syntax error, and what follows the command with the error.
    /// - Parameter error: The first syntax error; unchanged when there is none.
    init(recovering text: some Collection<UInt8>, error: inout ShellSyntaxError?) {
        let bytes = Array(text)
        var start = 0
        // A limit for texts that are no scripts.
        for _ in 0..<20 {
            var reader = ShellReader(bytes: bytes)
            reader.at = start
            var failure: ShellSyntaxError?
            do throws(ShellSyntaxError) { try reader.readScript() } catch { failure = error }
            commands += reader.commands.filter { !$0.words.isEmpty || !$0.redirections.isEmpty }
            functions.formUnion(reader.functions)
            guard let failure else { return }
            error = error ?? failure
            // Behind a quote that is not closed, it is unknown what is quoted.
            guard !failure.isUnclosed,
                let end = bytes[max(start, min(reader.at, bytes.count))...].firstIndex(where: { $0 == 59 || $0 == 10 })
            else { return }
            start = end + 1
        }
    }
}

/// A recursive-descent parser for the grammar of POSIX.1-2017, Shell Command Language, 2.10.
private struct ShellReader {
    let bytes: [UInt8]
    var at = 0
    var depth = 0
    var commands: [ShellCommand.Simple] = []
    var functions: Set<String> = []
    /// Here-documents whose text begins on the next line.
    var documents: [HereDocument] = []

    struct HereDocument {
        /// The line that ends the document.
        var end: [UInt8]
        /// Whether the operator is `<<-`, which ignores tabs at the beginning of lines.
        var stripsTabs: Bool
        var offset: Int
    }

    /// The maximum nesting, which is more than scripts use and does not exhaust the stack.
    static let deepest = 100

    typealias Word = ShellCommand.Word

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readScript() throws(ShellSyntaxError) {
        try readList(until: [])
        if let token = peekOperator() { throw ShellSyntaxError(message: "unexpected “\(token)”", offset: at) }
        if at < bytes.count {
            throw ShellSyntaxError(message: "unexpected “\(nextWordSource())”; a command is expected here", offset: at)
        }
        if let document = documents.first {
            throw ShellSyntaxError(
                message: "a here-document (<<) needs lines after the command", offset: document.offset)
        }
    }

    // MARK: Lists

    private static let reserved: Set<String> = [
        "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "{", "}", "!",
    ]
    private static let closing: Set<String> = ["then", "else", "elif", "fi", "do", "done", "esac", "}"]

    /// Reads commands up to one of the reserved words, a closing parenthesis, `;;` or the end, without consuming it.
    private mutating func readList(until end: Set<String>) throws(ShellSyntaxError) {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw ShellSyntaxError(message: "too deeply nested", offset: at) }
        var joinedBy: String?
        var isEmpty = true
        while true {
            skipBlanks(newlines: true)
            if at == bytes.count || peekOperator() == ")" || peekOperator() == ";;" { break }
            if let word = peekReserved(), Self.closing.contains(word) {
                if end.contains(word) { break }
                throw ShellSyntaxError(message: "unexpected “\(word)”", offset: at)
            }
            let first = commands.count
            try readPipeline(joinedBy: joinedBy)
            isEmpty = false
            skipBlanks(newlines: false)
            guard let token = peekOperator() ?? (at < bytes.count && bytes[at] == 10 ? "\n" : nil) else {
                if at < bytes.count {
                    throw ShellSyntaxError(
                        message: "unexpected “\(nextWordSource())”; a command is expected here", offset: at)
                }
                break
            }
            switch token {
            case ")", ";;": break
            case "&&", "||":
                if token == "||" { for index in first..<commands.count { commands[index].isGuarded = true } }
                let place = at
                at += 2
                skipBlanks(newlines: true)
                if at == bytes.count || peekReserved().map(Self.closing.contains) == true
                    || peekOperator().map({ $0 != "(" }) == true
                {
                    throw ShellSyntaxError(message: "nothing follows “\(token)”", offset: place)
                }
                joinedBy = token
                continue
            case "\n": takeLineEnd()
            case ";", "&": at += 1
            default: throw ShellSyntaxError(message: "unexpected “\(token)”; a command is expected here", offset: at)
            }
            if token == ")" || token == ";;" { break }
            joinedBy = token == "\n" ? ";" : token
        }
        if isEmpty && !end.isEmpty { throw ShellSyntaxError(message: "a command is missing", offset: at) }
    }

    private mutating func readPipeline(joinedBy: String?) throws(ShellSyntaxError) {
        var joinedBy = joinedBy
        skipBlanks(newlines: false)
        if peekReserved() == "!" {
            at += 1
            skipBlanks(newlines: false)
        }
        while true {
            try readCommand(joinedBy: joinedBy)
            skipBlanks(newlines: false)
            guard peekOperator() == "|" else { return }
            let place = at
            at += 1
            skipBlanks(newlines: true)
            if at == bytes.count || peekOperator().map({ $0 != "(" }) == true {
                throw ShellSyntaxError(message: "nothing follows “|”", offset: place)
            }
            joinedBy = "|"
        }
    }

    // MARK: Commands

    private mutating func readCommand(joinedBy: String?) throws(ShellSyntaxError) {
        let start = at
        if peekOperator() == "(" {
            at += 1
            try readList(until: [")"])
            guard peekOperator() == ")" else { throw ShellSyntaxError(message: "“(” is not closed", offset: start) }
            at += 1
            try readRedirections()
            return
        }
        guard let word = peekReserved() else { return try readSimple(joinedBy: joinedBy) }
        at += word.utf8.count
        switch word {
        case "{":
            try readList(until: ["}"])
            try take("}", for: "{", from: start)
        case "if":
            try readCondition(until: ["then"])
            try take("then", for: "if", from: start)
            try readList(until: ["elif", "else", "fi"])
            while peekReserved() == "elif" {
                at += 4
                try readCondition(until: ["then"])
                try take("then", for: "elif", from: start)
                try readList(until: ["elif", "else", "fi"])
            }
            if peekReserved() == "else" {
                at += 4
                try readList(until: ["fi"])
            }
            try take("fi", for: "if", from: start)
        case "while", "until":
            try readCondition(until: ["do"])
            try readLoopBody(of: word, from: start)
        case "for":
            skipBlanks(newlines: false)
            let name = try readWord()
            guard name.literal.map(Self.isName) == true else {
                throw ShellSyntaxError(message: "“for” needs the name of a variable", offset: name.offset)
            }
            skipBlanks(newlines: true)
            if nextWordSource() == "in" {
                at += 2
                skipBlanks(newlines: false)
                while at < bytes.count, peekOperator() == nil, bytes[at] != 10 {
                    _ = try readWord()
                    skipBlanks(newlines: false)
                }
            }
            skipBlanks(newlines: true)
            if peekOperator() == ";" { at += 1 }
            try readLoopBody(of: word, from: start)
        case "case":
            try readCase(from: start)
        default:
            throw ShellSyntaxError(message: "unexpected “\(word)”", offset: start)
        }
        try readRedirections()
    }

    private mutating func readCondition(until end: Set<String>) throws(ShellSyntaxError) {
        let first = commands.count
        try readList(until: end)
        for index in first..<commands.count { commands[index].isGuarded = true }
    }

    private mutating func readLoopBody(of word: String, from start: Int) throws(ShellSyntaxError) {
        try take("do", for: word, from: start)
        try readList(until: ["done"])
        try take("done", for: word, from: start)
    }

    private mutating func readCase(from start: Int) throws(ShellSyntaxError) {
        skipBlanks(newlines: false)
        _ = try readWord()
        skipBlanks(newlines: true)
        guard nextWordSource() == "in" else { throw ShellSyntaxError(message: "“case” needs “in”", offset: at) }
        at += 2
        while true {
            skipBlanks(newlines: true)
            if peekReserved() == "esac" { break }
            if peekOperator() == "(" { at += 1 }
            while true {
                skipBlanks(newlines: false)
                guard at < bytes.count, peekOperator() == nil else {
                    throw ShellSyntaxError(message: "“case” is not ended by “esac”", offset: start)
                }
                _ = try readWord()
                skipBlanks(newlines: false)
                guard peekOperator() == "|" else { break }
                at += 1
            }
            guard peekOperator() == ")" else {
                throw ShellSyntaxError(message: "a pattern of “case” needs “)”", offset: at)
            }
            at += 1
            try readList(until: ["esac"], mayBeEmpty: ())
            guard peekOperator() == ";;" else { break }
            at += 2
        }
        try take("esac", for: "case", from: start)
    }

    /// Reads the commands of a pattern in `case`, which may have none.
    private mutating func readList(until end: Set<String>, mayBeEmpty: Void) throws(ShellSyntaxError) {
        skipBlanks(newlines: true)
        if peekOperator() == ";;" || peekReserved().map(end.contains) == true { return }
        try readList(until: end)
    }

    private mutating func take(_ word: String, for opening: String, from start: Int) throws(ShellSyntaxError) {
        skipBlanks(newlines: true)
        guard peekReserved() == word else {
            throw ShellSyntaxError(message: "“\(opening)” is not followed by “\(word)”", offset: start)
        }
        at += word.utf8.count
    }

    private mutating func readSimple(joinedBy: String?) throws(ShellSyntaxError) {
        let place = commands.count
        commands.append(.init(words: [], joinedBy: joinedBy))
        var words: [Word] = []
        var redirections: [ShellCommand.Redirection] = []
        var assigns = false
        let start = at
        while true {
            skipBlanks(newlines: false)
            if let redirection = try readRedirection() {
                redirections.append(redirection)
                continue
            }
            guard at < bytes.count, bytes[at] != 10 else { break }
            if peekOperator() == "(", words.count == 1, let name = words[0].literal, Self.isName(name) {
                return try readFunction(name, place)
            }
            guard peekOperator() == nil else { break }
            let word = try readWord()
            if words.isEmpty, Self.isAssignment(word.source) { assigns = true } else { words.append(word) }
        }
        if words.isEmpty && redirections.isEmpty && !assigns {
            throw ShellSyntaxError(message: "a command is missing", offset: start)
        }
        commands[place].words = words
        commands[place].redirections = redirections
    }

    private mutating func readFunction(_ name: String, _ place: Int) throws(ShellSyntaxError) {
        commands.remove(at: place)
        functions.insert(name)
        at += 1
        skipBlanks(newlines: false)
        guard peekOperator() == ")" else { throw ShellSyntaxError(message: "“\(name)(” needs “)”", offset: at) }
        at += 1
        skipBlanks(newlines: true)
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw ShellSyntaxError(message: "too deeply nested", offset: at) }
        try readCommand(joinedBy: nil)
    }

    // MARK: Redirections

    private mutating func readRedirections() throws(ShellSyntaxError) {
        while true {
            skipBlanks(newlines: false)
            guard try readRedirection() != nil else { return }
        }
    }

    private mutating func readRedirection() throws(ShellSyntaxError) -> ShellCommand.Redirection? {
        var end = at
        while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == 60 || bytes[end] == 62 else { return nil }
        let start = at
        let first = bytes[end]
        at = end + 1
        if at < bytes.count {
            switch (first, bytes[at]) {
            case (60, 60): return try readHereDocument(from: start)
            case (60, 40), (62, 40):
                throw ShellSyntaxError(
                    message: "<(…) and >(…) are features of bash, which the installer's shell does not have",
                    offset: start)
            case (60, 38), (60, 62), (62, 38), (62, 62), (62, 124): at += 1
            default: break
            }
        }
        let symbol = String(decoding: bytes[end..<at], as: UTF8.self)
        skipBlanks(newlines: false)
        guard at < bytes.count, peekOperator() == nil, bytes[at] != 10 else {
            throw ShellSyntaxError(message: "a redirection needs a file", offset: start)
        }
        return ShellCommand.Redirection(symbol: symbol, target: try readWord())
    }

    /// Reads the rest of `<<END` or `<<-END`. The text of the document is skipped at the end of the line.
    private mutating func readHereDocument(from start: Int) throws(ShellSyntaxError) -> ShellCommand.Redirection {
        at += 1
        let stripsTabs = at < bytes.count && bytes[at] == 45
        if stripsTabs { at += 1 }
        skipBlanks(newlines: false)
        guard at < bytes.count, peekOperator() == nil, bytes[at] != 10 else {
            throw ShellSyntaxError(message: "a here-document needs the word that ends it", offset: start)
        }
        let word = try readWord()
        documents.append(
            HereDocument(end: Array((word.literal ?? word.source).utf8), stripsTabs: stripsTabs, offset: start))
        return ShellCommand.Redirection(symbol: "<<", target: word)
    }

    /// Consumes a line feed and the here-documents that follow it. As in dash, a document without its last line extends to
    /// the end of the script.
    private mutating func takeLineEnd() {
        at += 1
        for document in documents {
            while at < bytes.count {
                let end = bytes[at...].firstIndex(of: 10) ?? bytes.count
                let line = bytes[at..<end].drop { document.stripsTabs && $0 == 9 }
                at = min(end + 1, bytes.count)
                if line.elementsEqual(document.end) { break }
            }
        }
        documents = []
    }

    // MARK: Words

    private mutating func skipBlanks(newlines: Bool) {
        while at < bytes.count {
            let byte = bytes[at]
            if newlines && byte == 10 {
                takeLineEnd()
            } else if byte == 32 || byte == 9 {
                at += 1
            } else if byte == 92, at + 1 < bytes.count, bytes[at + 1] == 10 {
                at += 2
            } else if byte == 35 {
                while at < bytes.count, bytes[at] != 10 { at += 1 }
            } else {
                return
            }
        }
    }

    private func peekOperator() -> String? {
        guard at < bytes.count else { return nil }
        let next = at + 1 < bytes.count ? bytes[at + 1] : 0
        switch (bytes[at], next) {
        case (38, 38): return "&&"
        case (124, 124): return "||"
        case (59, 59): return ";;"
        case (38, _): return "&"
        case (124, _): return "|"
        case (59, _): return ";"
        case (40, _): return "("
        case (41, _): return ")"
        default: return nil
        }
    }

    private static let ends: Set<UInt8> = [32, 9, 10, 38, 124, 59, 40, 41, 60, 62]

    /// Returns the unquoted text at the current position, at most 40 bytes, for reserved words and messages.
    private func nextWordSource() -> String {
        let word = bytes[at...].prefix { !Self.ends.contains($0) }
        return String(decoding: word.prefix(40), as: UTF8.self)
    }

    private func peekReserved() -> String? {
        let word = bytes[at...].prefix(6).prefix { !Self.ends.contains($0) }
        guard (1...5).contains(word.count) else { return nil }
        let text = String(decoding: word, as: UTF8.self)
        return Self.reserved.contains(text) ? text : nil
    }

    private mutating func readWord() throws(ShellSyntaxError) -> Word {
        let start = at
        var literal: [UInt8]? = []
        while at < bytes.count, !Self.ends.contains(bytes[at]) {
            switch bytes[at] {
            case 92:
                if at + 1 < bytes.count { literal?.append(bytes[at + 1]) }
                at = min(at + 2, bytes.count)
            case 39:
                let open = at
                at += 1
                let text = bytes[at...].prefix { $0 != 39 }
                at = text.endIndex
                guard at < bytes.count else { throw ShellSyntaxError(message: "a ' is not closed", offset: open) }
                at += 1
                literal?.append(contentsOf: text)
            case 34: try readDoubleQuotes(&literal)
            case 36, 96: try readExpansion(&literal)
            default:
                literal?.append(bytes[at])
                at += 1
            }
        }
        guard at > start else { throw ShellSyntaxError(message: "a word is missing", offset: start) }
        return Word(
            source: String(decoding: bytes[start..<at], as: UTF8.self),
            literal: literal.map { String(decoding: $0, as: UTF8.self) }, offset: start)
    }

    /// The characters that a backslash escapes inside double quotes: `$`, backquote, `"`, `\` and a line feed (POSIX, 2.2.3).
    static let escapable: Set<UInt8> = [36, 96, 34, 92, 10]

    private mutating func readDoubleQuotes(_ literal: inout [UInt8]?) throws(ShellSyntaxError) {
        let open = at
        at += 1
        while at < bytes.count, bytes[at] != 34 {
            switch bytes[at] {
            case 92:
                if at + 1 < bytes.count {
                    if !Self.escapable.contains(bytes[at + 1]) { literal?.append(92) }
                    literal?.append(bytes[at + 1])
                }
                at = min(at + 2, bytes.count)
            case 36, 96: try readExpansion(&literal, inQuotes: true)
            default:
                literal?.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw ShellSyntaxError(message: "a \" is not closed", offset: open) }
        at += 1
    }

    /// Reads `$…` or a command in backquotes.
    /// - Parameter inQuotes: Whether it is inside double quotes, where `'` has no special meaning.
    private mutating func readExpansion(_ literal: inout [UInt8]?, inQuotes: Bool = false) throws(ShellSyntaxError) {
        let open = at
        if bytes[at] == 96 {
            at += 1
            var inner: [UInt8] = []
            var places: [Int] = []
            while at < bytes.count, bytes[at] != 96 {
                if bytes[at] == 92, at + 1 < bytes.count, [96, 92, 36].contains(bytes[at + 1]) { at += 1 }
                inner.append(bytes[at])
                places.append(at)
                at += 1
            }
            guard at < bytes.count else { throw ShellSyntaxError(message: "a ` is not closed", offset: open) }
            at += 1
            literal = nil
            var reader = ShellReader(bytes: inner)
            reader.depth = depth + 1
            guard reader.depth < Self.deepest else {
                throw ShellSyntaxError(message: "too deeply nested", offset: open)
            }
            func place(_ offset: Int) -> Int { places.indices.contains(offset) ? places[offset] : open }
            do throws(ShellSyntaxError) { try reader.readScript() } catch {
                throw ShellSyntaxError(message: error.message, offset: place(error.offset))
            }
            for var command in reader.commands {
                for index in command.words.indices { command.words[index].offset = place(command.words[index].offset) }
                for index in command.redirections.indices {
                    command.redirections[index].target.offset = place(command.redirections[index].target.offset)
                }
                commands.append(command)
            }
            functions.formUnion(reader.functions)
            return
        }
        let next = at + 1 < bytes.count ? bytes[at + 1] : 0
        switch next {
        case 40:
            literal = nil
            if at + 2 < bytes.count, bytes[at + 2] == 40 {
                guard let end = arithmeticEnd(from: at + 3) else {
                    throw ShellSyntaxError(message: "“$((” is not closed", offset: open)
                }
                at = end
                return
            }
            at += 2
            try readList(until: [])
            guard at < bytes.count, bytes[at] == 41 else {
                throw ShellSyntaxError(message: "“$(” is not closed", offset: open)
            }
            at += 1
        case 123:
            literal = nil
            at += 2
            try readBraces(from: open, inQuotes: inQuotes)
        case 39, 34:
            // $'…' is a feature of bash; in POSIX, the dollar is a plain character.
            literal?.append(36)
            at += 1
        case 95, 65...90, 97...122, 48...57, 64, 42, 35, 63, 45, 36, 33:
            literal = nil
            at += 2
            if next == 95 || (65...90).contains(next) || (97...122).contains(next) {
                while at < bytes.count, Self.isNameByte(bytes[at]) { at += 1 }
            }
        default:
            literal?.append(36)
            at += 1
        }
    }

    /// Returns the position after the `))` that closes an arithmetic expansion; nil when there is none.
    private func arithmeticEnd(from start: Int) -> Int? {
        var open = 0
        var place = start
        while place < bytes.count {
            if bytes[place] == 40 { open += 1 }
            if bytes[place] == 41 {
                if open == 0 { return place + 1 < bytes.count && bytes[place + 1] == 41 ? place + 2 : nil }
                open -= 1
            }
            place += 1
        }
        return nil
    }

    private mutating func readBraces(from open: Int, inQuotes: Bool) throws(ShellSyntaxError) {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw ShellSyntaxError(message: "too deeply nested", offset: open) }
        var ignored: [UInt8]?
        while at < bytes.count, bytes[at] != 125 {
            switch bytes[at] {
            case 92: at = min(at + 2, bytes.count)
            case 34: try readDoubleQuotes(&ignored)
            case 39 where !inQuotes:
                guard let end = bytes[(at + 1)...].firstIndex(of: 39) else {
                    throw ShellSyntaxError(message: "a ' is not closed", offset: at)
                }
                at = end + 1
            case 36, 96: try readExpansion(&ignored, inQuotes: inQuotes)
            default: at += 1
            }
        }
        guard at < bytes.count else { throw ShellSyntaxError(message: "“${” is not closed", offset: open) }
        at += 1
    }

    // MARK: Names

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == 95 || (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    private static func isAssignment(_ source: String) -> Bool {
        guard let equals = source.utf8.firstIndex(of: 61) else { return false }
        return isName(String(source[..<equals]))
    }
}
