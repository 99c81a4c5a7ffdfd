import Lab
import Preseed

extension Review {
    /// How much a review shows.
    package enum Detail: Sendable {
        /// The differences of files that no sentence describes, up to a number of lines each.
        case summary
        /// All differences of files, and every name.
        case all
    }

    /// The number of lines of a difference in a summary.
    static let longestDifference = 30
    /// The number of characters of a list of nodes in a summary.
    static let longestList = 60
    /// The column of the sentences.
    private static let indent = 10

    /// Returns the review as text for a terminal or a file.
    /// - Parameters:
    ///   - colours: The colours.
    ///   - columns: The number of columns of the terminal, to which lines are wrapped; nil for a file, in which each change is
    ///     a line.
    package func text(_ detail: Detail = .summary, colours: TerminalColours = .none, columns: Int? = nil) -> String {
        func wrapped(_ text: String, from indent: Int = 0) -> String {
            guard let columns else { return text + "\n" }
            let lines = text.wrapped(to: columns - indent)
            return lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "\n"
        }
        var out = problems.map { "\(colours.paint("problem:", .red)) \(wrapped($0, from: 9))" }.joined()
        out += notes.map { "note: \(wrapped($0, from: 6))" }.joined()
        for group in groups {
            let name = colours.paint(group.risk.name.padded(to: Self.indent - 2), group.risk.colour)
            out += "\(name)  \(wrapped("\(subject(of: group, detail)): \(group.sentence)", from: Self.indent))"
            if detail == .all {
                for difference in group.differences {
                    if group.differences.count > 1, !difference.nodes.isEmpty {
                        out += "    \(NodeNames.text(difference.nodes)):\n"
                    }
                    out += text(of: difference.diff, colours, columns)
                }
            } else if !group.isDerived, let first = group.differences.first {
                let (diff, left) = Self.shortened(first.diff, to: Self.longestDifference)
                out += text(of: diff, colours, columns)
                for line in Self.omissions(left, group.differences) { out += "    \(line)\n" }
            }
        }
        for sentence in installations.sentences { out += wrapped(sentence) }
        return out + wrapped(summary)
    }

    /// Returns the nodes of a group as text.
    func subject(of group: ChangeGroup, _ detail: Detail) -> String {
        group.nodes.isEmpty
            ? "the lab" : NodeNames.text(group.nodes, of: nodeCount, limit: detail == .all ? .max : Self.longestList)
    }

    /// Returns the first lines of a difference, and the number of the others.
    static func shortened(_ diff: String, to limit: Int) -> (diff: String, left: Int) {
        let lines = diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard lines.count > limit else { return (diff, 0) }
        return (lines.prefix(limit).map { $0 + "\n" }.joined(), lines.count - limit)
    }

    /// Returns what a summary says about the parts of a group's differences that it leaves out.
    static func omissions(_ left: Int, _ differences: [ChangeGroup.Difference]) -> [String] {
        var lines: [String] = []
        if left > 0 { lines.append("… \(left) more \(left == 1 ? "line" : "lines"): --details") }
        if differences.count > 1 {
            func names(_ nodes: [String]) -> String { NodeNames.text(nodes, limit: longestList) }
            let others = differences.dropFirst().flatMap(\.nodes)
            lines.append(
                "This is the difference of \(names(differences[0].nodes)). "
                    + "\(names(others)) \(others.count == 1 ? "has another one" : "have other ones"): --details")
        }
        return lines
    }

    private func text(of diff: String, _ colours: TerminalColours, _ columns: Int?) -> String {
        let lines = diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let longest = lines.map(\.count).max() ?? 0
        // Two columns of text are shown only if no line has to be cut.
        if let columns, longest - 1 <= (columns - 7) / 2 { return sideBySide(lines, colours, (columns - 7) / 2) }
        return lines.map { line in
            "    " + colours.paint(line, line.hasPrefix("+") ? .green : line.hasPrefix("-") ? .red : nil) + "\n"
        }.joined()
    }

    private func sideBySide(_ lines: ArraySlice<Substring>, _ colours: TerminalColours, _ width: Int) -> String {
        func cell(_ text: Substring) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        var out = ""
        var (old, new): ([Substring], [Substring]) = ([], [])
        func flush() {
            for index in 0..<max(old.count, new.count) {
                let left = index < old.count ? colours.paint(cell(old[index]), .red) : cell("")
                let right = index < new.count ? colours.paint(new[index], .green) : ""
                out += "    \(left) │ \(right)\n"
            }
            (old, new) = ([], [])
        }
        for line in lines.dropFirst(2) {
            switch line.first {
            case "-": old.append(line.dropFirst())
            case "+": new.append(line.dropFirst())
            case "@":
                flush()
                out += "    \(line)\n"
            default:
                flush()
                out += "    \(cell(line.dropFirst())) │ \(line.dropFirst())\n"
            }
        }
        flush()
        return out
    }
}

extension Risk {
    /// The colour on a terminal.
    fileprivate var colour: TerminalColours.Colour? {
        switch self {
        case .cosmetic: nil
        case .live: .green
        case .reboot: .yellow
        case .network: .boldMagenta
        case .erases: .boldRed
        }
    }
}
