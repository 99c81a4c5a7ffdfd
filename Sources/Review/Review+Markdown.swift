import Lab

/// The review in Markdown, for a comment on a pull request.
extension Review {
    /// The largest size of a comment in bytes: a summary that people read, or else what forges accept. GitHub takes 65,536
    /// characters.
    private static func limit(_ detail: Detail) -> Int { detail == .summary ? 10_000 : 60_000 }
    /// The share of the limit for everything except the table and the differences: the heading, problems, notes, and what is
    /// left out.
    private static let reserve = 3_000

    /// Returns the review in Markdown. What does not fit into a comment is left out and counted: first the differences of
    /// files, then the changes of the lowest risk.
    package func markdown(_ detail: Detail = .summary) -> String {
        let limit = Self.limit(detail)
        var out = "### What changes on the machines\n\n**\(Self.escaped(summary))**\n\n"
        out += quotes(problems.map { "⚠ \($0)" } + notes) + quotes(installations.sentences)
        guard !changes.isEmpty else { return out }
        let groups = groups
        out += table(groups, detail, atMost: limit - out.utf8.count - (limit - Self.reserve) / 4)
        for group in groups where detail == .all || !group.isDerived {
            for (index, difference) in group.differences.enumerated() {
                if index > 0, detail == .summary { break }
                let block = Self.block(group, difference, detail)
                guard out.utf8.count + block.utf8.count + 100 <= limit else {
                    return out + "\nThe other differences of files are left out: `xenseed diff --details` shows them.\n"
                }
                out += block
            }
        }
        return out
    }

    /// Returns quoted sentences, at most a share of ``reserve``.
    private func quotes(_ sentences: [String]) -> String {
        var out = ""
        for (index, sentence) in sentences.enumerated() {
            let quote = "> \(Self.shortened(sentence))\n\n"
            guard out.utf8.count + quote.utf8.count <= Self.reserve / 3 else {
                return out + "> … and \(sentences.count - index) more\n\n"
            }
            out += quote
        }
        return out
    }

    private func table(_ groups: [ChangeGroup], _ detail: Detail, atMost size: Int) -> String {
        var out = "| risk | nodes | change |\n| --- | --- | --- |\n"
        for (index, group) in groups.enumerated() {
            let risk = group.risk >= .network ? "**\(group.risk.name)**" : group.risk.name
            let row =
                "| \(risk) | \(Self.escaped(subject(of: group, .summary))) | \(Self.shortened(group.sentence)) |\n"
            guard out.utf8.count + row.utf8.count <= size else {
                let left = groups.count - index
                return out + "| \(group.risk.name)\(index + 1 < groups.count ? " and below" : "") | | "
                    + "\(left) more \(left == 1 ? "change" : "changes"): `xenseed diff` shows all |\n"
            }
            out += row
        }
        return out
    }

    /// Returns a difference of files as a block that is folded.
    private static func block(_ group: ChangeGroup, _ difference: ChangeGroup.Difference, _ detail: Detail) -> String {
        var (diff, left) = (difference.diff, 0)
        if detail == .summary { (diff, left) = shortened(diff, to: longestDifference) }
        // The fence must be longer than any row of backticks in the text.
        let longest = diff.matches(of: #/`+/#).map(\.output.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let nodes = difference.nodes.isEmpty ? "" : NodeNames.text(difference.nodes, limit: longestList) + ": "
        let omissions = detail == .summary ? omissions(left, group.differences) : []
        return "\n<details><summary>\(escaped(nodes))\(shortened(group.sentence))</summary>\n\n"
            + "\(fence)diff\n\(diff)\(fence)\n\n"
            + omissions.map { "\(escaped($0))\n\n" }.joined() + "</details>\n"
    }

    /// Returns a sentence for Markdown, shortened if it is very long, as a list of packages can be.
    private static func shortened(_ sentence: String) -> String {
        let limit = 400
        return escaped(sentence.count > limit ? sentence.prefix(limit) + "…" : sentence)
    }

    /// Returns a text with the special characters of Markdown and HTML escaped.
    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            case "|", "*", "_", "`", "[", "]", "\\", "#", "~", "!": "\\\(character)"
            case "\n", "\r": " "
            default: String(character)
            }
        }.joined()
    }
}
