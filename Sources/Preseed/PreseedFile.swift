/// A preseed file as the installer's own debconf-set-selections reads it (preseed 1.66).
///
/// Only a `#` in the first column makes a comment; comments and empty lines go first, even from between joined lines.
/// A backslash at the end of a line joins the next one: blanks before it and the next line's indentation go, one space
/// is put between. Everything behind the type and the blanks after it is the value, trailing blanks included. Carriage
/// returns are dropped.
public struct PreseedFile: Sendable {
    public private(set) var answers: [PreseedAnswer] = []

    /// Reads `text`; what can't be read goes into `report` (code X0801).
    public init(_ text: String, report: inout DiagnosticReport) { self.init(Array(text.utf8), report: &report) }

    /// Reads the bytes of a file, in UTF-8.
    public init(_ bytes: [UInt8], report: inout DiagnosticReport) {
        var lines: [PreseedLine] = []
        PreseedLine.split(bytes, report: &report) { lines.append($0) }
        answers.reserveCapacity(lines.count)
        for line in lines { read(line, into: &report) }
    }

    /// Without answers.
    init() {}

    /// Adds a line's answer.
    mutating func read(_ line: PreseedLine, into report: inout DiagnosticReport) {
        let start = line.bytes.startIndex
        var rest = line.bytes.drop(while: PreseedLine.isBlank)
        if rest.startIndex > start, rest.first == 35 {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error, message: "an indented comment is read as an answer",
                    mark: line.mark, hint: "move the # into the first column"))
            return
        }
        var offsets: [Int] = []
        func word() -> String {
            offsets.append(rest.startIndex - start)
            let word = rest.prefix { !PreseedLine.isBlank($0) }
            rest = rest[word.endIndex...].drop(while: PreseedLine.isBlank)
            return String(decoding: word, as: UTF8.self)
        }
        let (owner, question, type) = (word(), word(), word())
        guard !type.isEmpty else {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error, message: "an answer needs an owner, a question and a type",
                    mark: line.mark))
            return
        }
        answers.append(
            PreseedAnswer(
                owner: owner, question: question, type: type, value: String(decoding: rest, as: UTF8.self),
                line: line, questionOffset: offsets[1], typeOffset: offsets[2], valueOffset: rest.startIndex - start))
    }
}

/// One answer of a preseed file.
public struct PreseedAnswer: Sendable {
    /// `d-i`, or the package of the installed system that asks.
    public var owner: String
    public var question: String
    public var type: String
    public var value: String

    let line: PreseedLine
    let questionOffset: Int
    let typeOffset: Int
    let valueOffset: Int

    /// Where it begins.
    public var mark: SourceMark { line.mark }
    public var questionMark: SourceMark { line.mark(at: questionOffset) }
    public var typeMark: SourceMark { line.mark(at: typeOffset) }
    public var valueMark: SourceMark { valueMark(at: 0) }

    /// The place of a byte of the value in the file, also where lines were joined.
    /// - Parameter offset: bytes from the start of ``value``.
    public func valueMark(at offset: Int) -> SourceMark { line.mark(at: valueOffset + offset) }
}

/// A line that should have an answer, joined lines as one.
struct PreseedLine: Sendable {
    let bytes: ArraySlice<UInt8>
    /// The number of its first line, from 1.
    let number: Int
    /// Of joined lines: where each part begins in `bytes`, and where in the file.
    var parts: [Part] = []

    struct Part: Sendable {
        var offset: Int
        var number: Int
        /// Bytes that were left out in front: the indentation.
        var indentation: Int
    }

    var mark: SourceMark { SourceMark(line: number, column: 1) }

    func mark(at offset: Int) -> SourceMark {
        let part = parts.last { $0.offset <= offset } ?? Part(offset: 0, number: number, indentation: 0)
        let start = bytes.startIndex
        let before = bytes[(start + part.offset)..<min(start + offset, bytes.endIndex)]
        // Columns count scalars: of their bytes, those that continue one do not count. An indentation is ASCII.
        let column = before.count { $0 & 0xC0 != 0x80 } + part.indentation + 1
        return SourceMark(line: part.number, column: column)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Calls `take` with every line that should have an answer.
    static func split(_ text: [UInt8], report: inout DiagnosticReport, _ take: (PreseedLine) -> Void) {
        var joined: [UInt8] = []
        var parts: [Part] = []
        var number = 0
        var rest = text[...]
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
            let goesOn = line.last == 92
            if goesOn {
                line = line.dropLast()
                while let last = line.last, isBlank(last) { line = line.dropLast() }
            }
            joined += line
            if goesOn { continue }
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
