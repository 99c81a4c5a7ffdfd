/// A preseed file, read by the rules of the installer's own debconf-set-selections (preseed 1.66).
///
/// Only a `#` in the first column begins a comment. Comments and empty lines are removed first, even between joined lines.
/// A backslash at the end of a line joins the next line: the blanks before the backslash and the indentation of the next
/// line are replaced by one space. Everything after the type and the blanks that follow it is the value, including trailing
/// blanks. Carriage returns are removed.
public struct PreseedFile: Sendable {
    public private(set) var answers: [PreseedAnswer] = []
    /// The lines that set the flag `seen` of a question instead of its value; `false` means that an answer is only a default.
    public private(set) var flags: [PreseedAnswer] = []

    /// Reads a file from its text. Lines that can't be read are reported (code X0801).
    public init(_ text: String, report: inout DiagnosticReport) { self.init(Array(text.utf8), report: &report) }

    /// Reads a file from its bytes in UTF-8. Lines that can't be read are reported (code X0801).
    public init(_ bytes: [UInt8], report: inout DiagnosticReport) {
        var lines: [PreseedLine] = []
        PreseedLine.split(bytes, report: &report) { lines.append($0) }
        answers.reserveCapacity(lines.count)
        for line in lines { read(line, into: &report) }
    }

    /// Creates a file without answers.
    init() {}

    /// Adds the answers of another file, which is read later.
    mutating func add(_ other: PreseedFile) {
        answers += other.answers
        flags += other.flags
    }

    /// Adds the answer of a line; a line without an answer is reported.
    mutating func read(_ line: PreseedLine, into report: inout DiagnosticReport) {
        let start = line.bytes.startIndex
        var rest = line.bytes.drop(while: PreseedLine.isBlank)
        if rest.startIndex > start, rest.first == 35 {
            // With three words or more, the line becomes an answer to a question that nothing asks.
            let words = rest.split(maxSplits: 3, whereSeparator: PreseedLine.isBlank).count
            report.add(
                .init(
                    code: .preseedSyntax, severity: words < 3 ? .error : .note,
                    message: words < 3
                        ? "an indented comment is read as an answer, which lacks a type: the installer reads no further"
                        : "an indented comment is read as an answer",
                    mark: line.mark, hint: "move the # into the first column"))
            return
        }
        var offsets: [Int] = []
        func nextToken() -> String {
            offsets.append(rest.startIndex - start)
            let token = rest.prefix { !PreseedLine.isBlank($0) }
            rest = rest[token.endIndex...].drop(while: PreseedLine.isBlank)
            return String(decoding: token, as: UTF8.self)
        }
        let (owner, question, type) = (nextToken(), nextToken(), nextToken())
        guard !type.isEmpty else {
            let spaces = line.noBreakSpaces
            if !spaces.isEmpty {
                report.add(line.noBreakSpaceMistake(at: spaces))
                return
            }
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error,
                    message:
                        "an answer needs an owner, a question and a type; the installer reads no further than this",
                    mark: line.mark,
                    hint: owner == "d-i" ? nil : "if the line continues the one before, that one needs a \\ at its end")
            )
            return
        }
        let answer = PreseedAnswer(
            owner: owner, question: question, type: type, value: String(decoding: rest, as: UTF8.self),
            line: line, ownerOffset: offsets[0], questionOffset: offsets[1], typeOffset: offsets[2],
            valueOffset: rest.startIndex - start)
        if type == "seen" { flags.append(answer) } else { answers.append(answer) }
    }
}

/// One answer of a preseed file.
public struct PreseedAnswer: Sendable {
    /// The owner of the question: `d-i`, or a package of the installed system.
    public var owner: String
    public var question: String
    public var type: String
    public var value: String

    let line: PreseedLine
    let ownerOffset: Int
    let questionOffset: Int
    let typeOffset: Int
    let valueOffset: Int

    /// The position at which the answer begins.
    public var mark: SourceMark { line.mark }
    public var questionMark: SourceMark { line.mark(at: questionOffset) }
    public var typeMark: SourceMark { line.mark(at: typeOffset) }
    public var valueMark: SourceMark { valueMark(at: 0) }

    var ownerMark: SourceMark { line.mark(at: ownerOffset) }

    /// Returns the position of a byte of the value in the file, even if lines were joined.
    /// - Parameter offset: The offset from the start of ``value``, in bytes.
    public func valueMark(at offset: Int) -> SourceMark { line.mark(at: valueOffset + offset) }
}

/// A line that should have an answer. Joined lines are one line.
struct PreseedLine: Sendable {
    let bytes: ArraySlice<UInt8>
    /// The number of the first line in the file, counted from 1.
    let number: Int
    /// The parts of joined lines, with their positions in `bytes` and in the file; empty for a single line.
    var parts: [Part] = []

    struct Part: Sendable {
        var offset: Int
        var number: Int
        /// The number of bytes of the indentation, which was removed.
        var indentation: Int
    }

    var mark: SourceMark { SourceMark(line: number, column: 1) }

    func mark(at offset: Int) -> SourceMark {
        let part = parts.last { $0.offset <= offset } ?? Part(offset: 0, number: number, indentation: 0)
        let start = bytes.startIndex
        let before = bytes[(start + part.offset)..<min(start + offset, bytes.endIndex)]
        // Columns count Unicode scalars, so continuation bytes of UTF-8 are not counted. An indentation is ASCII.
        let column = before.count { $0 & 0xC0 != 0x80 } + part.indentation + 1
        return SourceMark(line: part.number, column: column)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Returns the offset of a position in this line, in bytes.
    func offset(of mark: SourceMark) -> Int {
        let part = parts.last { $0.number == mark.line } ?? Part(offset: 0, number: number, indentation: 0)
        let start = bytes.startIndex
        return bytes.position(ofColumn: mark.column - part.indentation, from: start + part.offset) - start
    }

    /// The offsets of the no-break spaces (U+00A0), as web pages and word processors have them, in bytes.
    var noBreakSpaces: [Int] {
        guard bytes.contains(0xC2) else { return [] }
        return bytes.indices.dropLast().filter { bytes[$0] == 0xC2 && bytes[$0 + 1] == 0xA0 }.map {
            $0 - bytes.startIndex
        }
    }

    /// Returns the diagnostic about no-break spaces that are mistakes.
    /// - Parameter offsets: Their offsets, in bytes.
    func noBreakSpaceMistake(at offsets: [Int]) -> Diagnostic {
        Diagnostic(
            code: .preseedSyntax, severity: .error,
            message: "there is a no-break space (U+00A0), which separates no words", mark: mark(at: offsets[0]),
            hint: "replace it by an ordinary blank",
            fix: Fix(
                "replace the no-break spaces by blanks",
                offsets.map { .init(from: mark(at: $0), to: mark(at: $0 + 2), with: " ") }))
    }

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Calls a function with every line that should have an answer, and reports a backslash at the end of the last line.
    static func split(_ text: [UInt8], report: inout DiagnosticReport, _ take: (PreseedLine) -> Void) {
        var joined: [UInt8] = []
        var parts: [Part] = []
        var number = 0
        var rest = text[...]
        if rest.starts(with: byteOrderMark) {
            rest = rest.dropFirst(byteOrderMark.count)
            // The installer does not take the first line for a comment or an empty one.
            let words = rest.prefix { $0 != 10 }.split(maxSplits: 3, whereSeparator: isBlank).count
            report.add(
                .init(
                    code: .preseedSyntax, severity: words < 3 ? .error : .warning,
                    message:
                        "the file begins with a byte order mark (BOM), which the installer reads as a part of the first line",
                    mark: SourceMark(line: 1, column: 1), hint: "save the file as UTF-8 without BOM"))
        }
        if rest.contains(13) { rest.removeAll { $0 == 13 } }
        while !rest.isEmpty {
            number += 1
            var line = rest.prefix { $0 != 10 }
            rest = rest[line.endIndex...].dropFirst()
            if line.first == 35 || line.allSatisfy(isBlank) { continue }
            if parts.isEmpty {
                if line.last != 92 {
                    take(PreseedLine(bytes: line, number: number))
                    continue
                }
                parts.append(Part(offset: 0, number: number, indentation: 0))
            } else {
                let start = line.startIndex
                line = line.drop(while: isBlank)
                joined.append(32)
                parts.append(Part(offset: joined.count, number: number, indentation: line.startIndex - start))
            }
            let isJoined = line.last == 92
            if isJoined {
                line = line.dropLast()
                while let last = line.last, isBlank(last) { line = line.dropLast() }
            }
            joined += line
            if isJoined { continue }
            take(PreseedLine(bytes: joined[...], number: parts[0].number, parts: parts))
            joined = []
            parts = []
        }
        if !parts.isEmpty {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error, message: "the last line ends in a backslash",
                    mark: SourceMark(line: parts[0].number, column: 1)))
        }
    }
}
