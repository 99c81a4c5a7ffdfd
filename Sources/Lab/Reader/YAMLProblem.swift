import Preseed

/// A syntax error of libyaml as what a person did: the place of the mistake, which is often some lines above the place where
/// libyaml notices it, and the corrected line.
struct YAMLProblem {
    /// The message and the places of libyaml (yaml_parser_t, 0.2.5).
    struct Report {
        var problem: String
        var context: String
        var mark: SourceMark
        /// The beginning of what libyaml was reading.
        var contextMark: SourceMark
    }

    var message: String
    var mark: SourceMark
    var hint: String?

    init(_ report: Report, in source: String) {
        let lines = Lines(source)
        self =
            Self.openQuote(report, lines) ?? Self.character(report, lines) ?? Self.colon(report, lines)
            ?? Self.nestedValue(report, lines) ?? Self.indentation(report, lines) ?? Self.bracket(report, lines)
            ?? Self.listItem(report, lines) ?? Self.escape(report) ?? Self.other(report)
    }

    private init(_ message: String, _ mark: SourceMark, write correction: String?) {
        self.init(message, mark, hint: correction.map { "write \($0)" })
    }

    private init(_ message: String, _ mark: SourceMark, hint: String?) {
        (self.message, self.mark, self.hint) = (message, mark, hint)
    }

    /// The lines of the file. A line is decoded when it is needed, because the file may have very many.
    private struct Lines {
        private let bytes: [UInt8]
        private let starts: [Int]

        init(_ source: String) {
            let bytes = Array(source.utf8)
            self.bytes = bytes
            starts = [0] + bytes.indices.lazy.filter { bytes[$0] == 10 }.map { $0 + 1 }
        }

        var indices: Range<Int> { starts.indices }

        private func bytes(of index: Int) -> ArraySlice<UInt8> {
            let line = bytes[starts[index]..<(index + 1 < starts.count ? starts[index + 1] - 1 : bytes.count)]
            return line.last == 13 ? line.dropLast() : line
        }

        subscript(index: Int) -> Line { Line(String(decoding: bytes(of: index), as: UTF8.self)) }

        /// Returns whether a line has an odd number of double quotes.
        func hasOpenQuote(_ index: Int) -> Bool { bytes(of: index).count { $0 == 34 } % 2 == 1 }

        /// Returns the index of the last line with content before a line; nil when there is none.
        func content(before index: Int) -> Int? { indices[..<index].last { self[$0].hasContent } }
    }

    /// A line of the file, without its end.
    private struct Line {
        let text: String
        /// The number of blanks before its first character.
        let indentation: Int

        init(_ text: String) {
            self.text = text
            indentation = text.prefix { $0 == " " }.count
        }

        /// Whether there is something else than a comment.
        var hasContent: Bool { !content.isEmpty && !content.hasPrefix("#") }
        /// The text without its indentation and without blanks at its end.
        var content: String { text.trimmed }

        /// Returns the text before a column, and from it on without a comment, both without blanks at the end.
        func parts(at column: Int) -> (before: String, rest: String) {
            let scalars = Array(text.unicodeScalars)
            let index = min(column - 1, scalars.count)
            let before = String(String.UnicodeScalarView(scalars[..<index]))
            let rest = String(String.UnicodeScalarView(scalars[index...]))
            return (before.trimmed, (rest.firstRange(of: " #").map { String(rest[..<$0.lowerBound]) } ?? rest).trimmed)
        }

        /// Returns the line with another indentation, in quotation marks that show it.
        func indented(by count: Int) -> String { "“\(String(repeating: " ", count: count))\(content)”" }
    }

    // MARK: Kinds of mistakes

    /// A quote that is not closed in its line. libyaml reads on to the next quote, or to the end of the file.
    private static func openQuote(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        let first = max(1, min(report.contextMark.line, report.mark.line))
        for number in first...max(first, report.mark.line)
        where lines.indices.contains(number - 1) && lines.hasOpenQuote(number - 1) {
            let line = lines[number - 1]
            guard line.hasContent else { continue }
            let before = line.text[..<line.text.lastIndex(of: "\"")!]
            let (start, rest) = line.parts(at: before.unicodeScalars.count + 1)
            // In braces, the value ends before the next comma or the brace.
            let isFlow = before.contains { "{[".contains($0) }
            let value = isFlow ? rest.prefix { !",}]".contains($0) } : rest[...]
            return YAMLProblem(
                "the quote that opens here is not closed",
                SourceMark(line: number, column: before.unicodeScalars.count + 1),
                write: "\(start) \(value)\"\(rest[value.endIndex...])")
        }
        return nil
    }

    /// A character with which nothing can begin.
    private static func character(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        guard report.problem == "found character that cannot start any token",
            lines.indices.contains(report.mark.line - 1)
        else { return nil }
        let line = lines[report.mark.line - 1]
        let (before, rest) = line.parts(at: report.mark.column)
        guard let character = line.text.unicodeScalars.dropFirst(report.mark.column - 1).first else { return nil }
        if character == "\t" {
            let depth = line.text.prefix { $0 == "\t" || $0 == " " }
                .reduce(0) { $0 + ($1 == "\t" ? 2 : 1) }
            return YAMLProblem(
                before.isEmpty
                    ? "the line is indented with a tab, and YAML allows only blanks"
                    : "there is a tab before the value",
                report.mark, write: before.isEmpty ? line.indented(by: depth) : "\(before) \(rest)")
        }
        return YAMLProblem(
            "a value that begins with \(character) has to be in quotes", report.mark,
            write: before.isEmpty ? nil : "\(before) \"\(rest)\"")
    }

    /// A key without a colon, or without the blank after it.
    private static func colon(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        guard report.problem == "could not find expected ':'", lines.indices.contains(report.contextMark.line - 1)
        else { return nil }
        let line = lines[report.contextMark.line - 1]
        let above = lines.content(before: report.contextMark.line - 1).map { lines[$0] }
        if let above, above.content.hasPrefix("- "), !line.content.contains(/[:=]/) {
            return YAMLProblem(
                "there is no dash before the item of the list", report.contextMark,
                write: "“\(String(repeating: " ", count: above.indentation))- \(line.content)”")
        }
        return withoutColon(line, report.contextMark.line)
    }

    private static func withoutColon(_ line: Line, _ number: Int) -> YAMLProblem {
        let mark = SourceMark(line: number, column: line.indentation + 1)
        let text = line.content
        if text.hasPrefix("//") {
            return YAMLProblem("a comment begins with #", mark, write: "# \(text.dropFirst(2).trimmed)")
        }
        let key = text.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        let rest = text[key.endIndex...].trimmed
        let message = "there is no colon with a blank behind the key"
        if key.isEmpty { return YAMLProblem(message, mark, hint: nil) }
        let value = rest.drop { $0 == ":" || $0 == "=" }.trimmed
        return YAMLProblem(message, mark, write: value.isEmpty ? "\(key):" : "\(key): \(value)")
    }

    /// A second colon in a line, or a line that is indented as if it belonged to the value above it.
    private static func nestedValue(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        guard report.problem == "mapping values are not allowed in this context",
            lines.indices.contains(report.mark.line - 1)
        else { return nil }
        let line = lines[report.mark.line - 1]
        let (before, rest) = line.parts(at: report.mark.column)
        if let colon = before.firstRange(of: ": ") {
            let (key, value) = (before[..<colon.lowerBound], before[colon.upperBound...].trimmed)
            if rest == ":" {
                return YAMLProblem("there is a colon behind the value", report.mark, write: "\(key): \(value)")
            }
            return YAMLProblem(
                "a value that contains a colon and a blank has to be in quotes",
                SourceMark(line: report.mark.line, column: report.mark.column - value.unicodeScalars.count),
                write: "\(key): \"\(value)\(rest)\"")
        }
        guard let above = lines.content(before: report.mark.line - 1) else { return nil }
        if lines[above].content.contains(/^[\w.-]+:\S/) { return withoutColon(lines[above], above + 1) }
        guard line.indentation > lines[above].indentation, !lines[above].content.hasSuffix(":") else { return nil }
        return YAMLProblem(
            "the line is indented deeper than line \(above + 1), which has a value already",
            SourceMark(line: report.mark.line, column: line.indentation + 1),
            write: line.indented(by: lines[above].indentation))
    }

    /// A line whose indentation is that of no line above it, or an item without a dash.
    private static func indentation(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        let isItem = report.problem == "did not find expected '-' indicator"
        guard isItem || report.problem == "did not find expected key", lines.indices.contains(report.mark.line - 1)
        else { return nil }
        let line = lines[report.mark.line - 1]
        guard report.mark.column == line.indentation + 1,
            let above = lines.content(before: report.mark.line - 1)
        else { return nil }
        if isItem, !line.content.contains(/^[\w.-]+:( |$)/) {
            return YAMLProblem(
                "there is no dash before the item of the list", report.mark,
                write: "“\(String(repeating: " ", count: report.contextMark.column - 1))- \(line.content)”")
        }
        return YAMLProblem(
            "the line is indented differently from the lines above", report.mark,
            write: line.indented(by: lines[above].indentation))
    }

    /// A bracket that is not closed, or a comma that is missing.
    private static func bracket(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        let closing: Character
        if report.problem == "did not find expected ',' or '}'" {
            closing = "}"
        } else if report.problem == "did not find expected ',' or ']'" {
            closing = "]"
        } else {
            return nil
        }
        guard lines.indices.contains(report.contextMark.line - 1) else { return nil }
        let line = lines[report.contextMark.line - 1]
        if report.mark.line != report.contextMark.line {
            let opening: Character = closing == "}" ? "{" : "["
            let (before, rest) = line.parts(at: report.contextMark.column)
            return YAMLProblem(
                "the \(opening) that opens here is not closed", report.contextMark, write: "\(before) \(rest)\(closing)"
            )
        }
        let (before, rest) = line.parts(at: report.mark.column)
        // libyaml stops at the colon of the key that is not separated from the value before it.
        guard rest.hasPrefix(":"), let blank = before.lastIndex(of: " ") else {
            return YAMLProblem("a comma is missing here", report.mark, write: "\(before), \(rest)")
        }
        let key = before[blank...].dropFirst()
        return YAMLProblem(
            "a comma is missing before \(key)",
            SourceMark(line: report.mark.line, column: report.mark.column - key.unicodeScalars.count),
            write: "\(before[..<blank]), \(key)\(rest)")
    }

    /// An item of a list in the line of its key.
    private static func listItem(_ report: Report, _ lines: Lines) -> YAMLProblem? {
        guard report.problem == "block sequence entries are not allowed in this context",
            lines.indices.contains(report.mark.line - 1)
        else { return nil }
        let (before, rest) = lines[report.mark.line - 1].parts(at: report.mark.column)
        return YAMLProblem(
            "an item with a dash has to be on a line of its own", report.mark,
            write: before.hasSuffix(":") ? "\(before) [\(YAMLValue.scalar(rest.dropFirst().trimmed))]" : nil)
    }

    private static func escape(_ report: Report) -> YAMLProblem? {
        guard report.problem == "found unknown escape character" else { return nil }
        return YAMLProblem(
            "a backslash in double quotes begins an escape sequence, and this is none", report.mark,
            hint: "put the value in single quotes, or write the backslash twice")
    }

    private static func other(_ report: Report) -> YAMLProblem {
        var context = report.context.isEmpty ? "" : " " + report.context
        if !context.isEmpty, report.contextMark.line != report.mark.line {
            context += " that begins in line \(report.contextMark.line)"
        }
        return YAMLProblem("the YAML is broken: \(report.problem)\(context)", report.mark, hint: nil)
    }
}
