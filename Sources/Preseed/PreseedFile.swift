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
        var joined = ""
        var start = 0
        var number = 0
        var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for raw in lines {
            number += 1
            var line = Substring(decoding: raw.filter { $0 != 13 }, as: UTF8.self)
            if line.utf8.first == 35 || line.allSatisfy({ $0 == " " || $0 == "\t" }) { continue }
            if joined.isEmpty { start = number } else { line = line.drop { $0 == " " || $0 == "\t" } }
            if line.utf8.last == 92 {
                line = line.dropLast()
                while line.last == " " || line.last == "\t" { line = line.dropLast() }
                joined += joined.isEmpty ? String(line) : " " + line
                if joined.isEmpty { joined = " " }
                continue
            }
            joined += joined.isEmpty ? String(line) : " " + line
            read(joined, line: start, into: &report)
            joined = ""
        }
        if !joined.isEmpty {
            report.add(.init(
                code: .preseedSyntax, severity: .error, message: "the last line ends in a backslash",
                mark: SourceMark(line: start, column: 1)))
        }
    }

    private mutating func read(_ line: String, line number: Int, into report: inout Report) {
        let mark = SourceMark(line: number, column: 1)
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        if let first = line.first, isBlank(first), line.drop(while: isBlank).first == "#" {
            report.add(.init(
                code: .preseedSyntax, severity: .error, message: "an indented comment is read as an answer",
                mark: mark, hint: "move the # into the first column"))
            return
        }
        var rest = line.drop(while: isBlank)
        var words: [String] = []
        while words.count < 3, !rest.isEmpty {
            let word = rest.prefix { !isBlank($0) }
            words.append(String(word))
            rest = rest.dropFirst(word.count).drop(while: isBlank)
        }
        guard words.count == 3 else {
            report.add(.init(
                code: .preseedSyntax, severity: .error, message: "an answer needs an owner, a question and a type",
                mark: mark))
            return
        }
        answers.append(
            PreseedAnswer(owner: words[0], question: words[1], type: words[2], value: String(rest), mark: mark))
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
