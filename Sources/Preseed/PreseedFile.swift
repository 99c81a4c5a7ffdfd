import Diagnostics

/// A preseed file as the installer's own debconf-set-selections reads it (preseed 1.66).
///
/// Only a `#` in the first column makes a comment; comments and empty lines go first, even from between joined lines.
/// A backslash at the end of a line joins the next one: blanks before it and the next line's indentation go, one space
/// is put between. Everything behind the type and the blanks after it is the value, trailing blanks included. Carriage
/// returns are dropped.
public struct PreseedFile: Sendable {
    public private(set) var answers: [PreseedAnswer] = []

    /// Reads `text`; what can't be read goes into `report` (code X0801).
    public init(_ text: String, report: inout Report) {
        var found: [(line: ArraySlice<UInt8>, number: Int)] = []
        Self.lines(Array(text.utf8), report: &report) { found.append(($0, $1)) }
        for (line, number) in found { read(line, line: number, into: &report) }
    }

    /// Without answers.
    init() {}

    /// Calls `take` with every line that should have an answer, joined lines as one, and the number of its first.
    static func lines(_ text: [UInt8], report: inout Report, _ take: (ArraySlice<UInt8>, Int) -> Void) {
        var joined: [UInt8] = []
        var start = 0
        var number = 0
        var rest = text[...]
        if rest.contains(13) { rest.removeAll { $0 == 13 } }
        while !rest.isEmpty {
            number += 1
            var line = rest.prefix { $0 != 10 }
            rest = rest[line.endIndex...].dropFirst()
            if line.first == 35 || line.allSatisfy(Self.isBlank) { continue }
            if joined.isEmpty {
                start = number
                if line.last != 92 {
                    take(line, start)
                    continue
                }
            } else {
                line = line.drop(while: Self.isBlank)
                joined.append(32)
            }
            if line.last == 92 {
                line = line.dropLast()
                while let last = line.last, Self.isBlank(last) { line = line.dropLast() }
                joined += line
                if joined.isEmpty { joined = [32] }
                continue
            }
            joined += line
            take(joined[...], start)
            joined = []
        }
        if !joined.isEmpty {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error, message: "the last line ends in a backslash",
                    mark: SourceMark(line: start, column: 1)))
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Adds a line's answer.
    mutating func read(_ line: ArraySlice<UInt8>, line number: Int, into report: inout Report) {
        let mark = SourceMark(line: number, column: 1)
        var rest = line.drop(while: Self.isBlank)
        if rest.startIndex > line.startIndex, rest.first == 35 {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error, message: "an indented comment is read as an answer",
                    mark: mark, hint: "move the # into the first column"))
            return
        }
        func word() -> String {
            let word = rest.prefix { !Self.isBlank($0) }
            rest = rest[word.endIndex...].drop(while: Self.isBlank)
            return String(decoding: word, as: UTF8.self)
        }
        let (owner, question, type) = (word(), word(), word())
        guard !type.isEmpty else {
            report.add(
                .init(
                    code: .preseedSyntax, severity: .error, message: "an answer needs an owner, a question and a type",
                    mark: mark))
            return
        }
        answers.append(
            PreseedAnswer(
                owner: owner, question: question, type: type, value: String(decoding: rest, as: UTF8.self), mark: mark))
    }
}

/// One answer of a preseed file.
public struct PreseedAnswer: Sendable {
    /// `d-i`, or the package of the installed system that asks.
    public var owner: String
    public var question: String
    public var type: String
    public var value: String
    public var mark: SourceMark
}
