extension DiagnosticReport {
    /// Returns the report as text for a person:
    /// ```
    /// lab.yaml:14:17: error[X0204]: 10.0.0.300 is not an IPv4 address (nodes.xen01.interfaces.eth0.address)
    ///    14 |       address: 10.0.0.300
    ///       |                ^
    /// hint: …
    /// ```
    /// Empty when there is no diagnostic. The text is small for any file: it has the diagnostics of ``shown``, and of a long
    /// line only the part around the caret.
    /// - Parameter colour: Whether to use ANSI colours, for a terminal.
    public func text(colour: Bool = false) -> String {
        if diagnostics.isEmpty { return "" }
        let colours: TerminalColours = colour ? .on : .none
        let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var out = ""
        var line: (number: Int, scalars: [Unicode.Scalar]) = (0, [])
        for diagnostic in shown {
            out += heading(diagnostic, colours) + "\n"
            if let mark = diagnostic.mark, !diagnostic.isSecret, lines.indices.contains(mark.line - 1) {
                if line.number != mark.line { line = (mark.line, Array(lines[mark.line - 1].unicodeScalars)) }
                out += excerpt(line.scalars, mark, colours)
            }
            if let hint = diagnostic.hint { out += colours.paint("hint:", .bold) + " \(Self.printable(hint))\n" }
        }
        if let omission { out += "\(Self.printable(file)): \(omission)\n" }
        return out + closing + "\n"
    }

    /// The number of Unicode scalars of a line that an excerpt shows at most.
    private static let excerptWidth = 160

    /// The last line: the file name and the numbers of errors and warnings, and of notes if there are any.
    public var closing: String {
        func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }
        let counts = "\(Self.printable(file)): \(count(errors, "error")), \(count(warnings, "warning"))"
        return notes == 0 ? counts : "\(counts), \(count(notes, "note"))"
    }

    private func heading(_ diagnostic: Diagnostic, _ colours: TerminalColours) -> String {
        var place = Self.printable(file)
        if let mark = diagnostic.mark { place += ":\(mark.line):\(mark.column)" }
        let kind = colours.paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]", diagnostic.severity.colour)
        let path = diagnostic.path.map { $0.keys.isEmpty ? "" : " (\($0))" } ?? ""
        return
            "\(colours.paint(place + ":", .bold)) \(kind): \(Self.printable(diagnostic.message + Self.shortened(path)))"
    }

    /// Returns the line with a caret below the position; of a long line the part around it, with … where something is
    /// left out.
    private func excerpt(_ line: [Unicode.Scalar], _ mark: SourceMark, _ colours: TerminalColours) -> String {
        let caret = min(mark.column - 1, line.count)
        let start = max(0, min(caret - Self.excerptWidth / 2, line.count - Self.excerptWidth))
        let end = min(line.count, start + Self.excerptWidth)
        func text(_ range: Range<Int>) -> String {
            String(String.UnicodeScalarView(line[range]))
        }
        let shown = (start > 0 ? "…" : "") + Self.printable(text(start..<end)) + (end < line.count ? "…" : "")
        let number = String(mark.line)
        let gutter = String(repeating: " ", count: max(5, number.count))
        let pad = String(repeating: " ", count: gutter.count - number.count)
        // A tab above the caret stays a tab, so that the caret is below its character.
        let lead = (start > 0 ? " " : "") + line[start..<caret].map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(pad)\(number) | \(shown)\n\(gutter) | \(lead)\(colours.paint("^", Severity.error.colour))\n"
    }
}

extension Severity {
    /// The colour on a terminal.
    fileprivate var colour: TerminalColours.Colour {
        switch self {
        case .error: .boldRed
        case .warning: .boldMagenta
        case .note: .boldCyan
        }
    }
}
