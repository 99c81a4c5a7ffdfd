import FoundationEssentials
import Lab
import Preseed

extension Review {
    /// The summary, such as `2 nodes, 3 changes; the highest risk: network`.
    var summary: String {
        guard let highest else { return "nothing changed" }
        func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }
        return "\(count(nodes.count, "node")), \(count(changes.count, "change")); the highest risk: \(highest.name)"
    }

    /// A change and all nodes that have it.
    struct Group {
        var nodes: [String]
        var change: Change
    }

    /// The grouped changes, sorted by descending risk and then by node.
    var groups: [Group] {
        var groups: [Group] = []
        var places: [String: Int] = [:]
        for change in changes {
            // The files of a node may contain its name.
            let diff = change.node.map { (change.diff ?? "").replacing($0, with: "…") } ?? change.path
            let key = "\(change.risk.rawValue) \(change.sentence) \(diff)"
            if let place = places[key], let node = change.node {
                groups[place].nodes.append(node)
            } else {
                places[key] = groups.count
                groups.append(Group(nodes: change.node.map { [$0] } ?? [], change: change))
            }
        }
        return groups.enumerated().sorted {
            (-$0.element.change.risk.rawValue, $0.offset) < (-$1.element.change.risk.rawValue, $1.offset)
        }
        .map(\.element)
    }

    /// Returns the review as text for a terminal or a file.
    /// - Parameters:
    ///   - paint: The colours.
    ///   - columns: The number of columns for old and new text side by side; nil for unified diffs.
    package func text(paint: Paint = .plain, columns: Int? = nil) -> String {
        var out = problems.map { paint.bad("problem:") + " \($0)\n" }.joined()
        out += notes.map { "note: \($0)\n" }.joined()
        for group in groups {
            let subject = group.nodes.isEmpty ? "the lab" : Self.list(group.nodes)
            out +=
                "\(paint.risk(group.change.risk, group.change.risk.name.padded(to: 8)))  \(subject): \(group.change.sentence)\n"
            guard let diff = group.change.diff else { continue }
            out += columns.map { sideBySide(diff, paint, $0) } ?? unified(diff, paint)
        }
        return out + summary + "\n"
    }

    private static func list(_ nodes: [String]) -> String {
        nodes.count > 4 ? "\(nodes[0]) … \(nodes.last!) (\(nodes.count) nodes)" : nodes.joined(separator: ", ")
    }

    private func unified(_ diff: String, _ paint: Paint) -> String {
        diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            "    "
                + (line.hasPrefix("+")
                    ? paint.good(String(line)) : line.hasPrefix("-") ? paint.bad(String(line)) : String(line)) + "\n"
        }.joined()
    }

    private func sideBySide(_ diff: String, _ paint: Paint, _ columns: Int) -> String {
        let width = max(20, (columns - 7) / 2)
        func cell(_ text: String) -> String {
            let shown = String(text.prefix(width))
            return shown + String(repeating: " ", count: width - shown.count)
        }
        var out = ""
        var (old, new): ([String], [String]) = ([], [])
        func flush() {
            for index in 0..<max(old.count, new.count) {
                let left = index < old.count ? paint.bad(cell(old[index])) : cell("")
                let right = index < new.count ? paint.good(cell(new[index])) : ""
                out += "    \(left) │ \(right)\n"
            }
            (old, new) = ([], [])
        }
        for line in diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast().dropFirst(2) {
            switch line.first {
            case "-": old.append(String(line.dropFirst()))
            case "+": new.append(String(line.dropFirst()))
            case "@":
                flush()
                out += "    \(line)\n"
            default:
                flush()
                out += "    \(cell(String(line.dropFirst()))) │ \(String(line.dropFirst().prefix(width)))\n"
            }
        }
        flush()
        return out
    }

    /// The review in Markdown, for a comment on a pull request.
    package var markdown: String {
        var out = "### What changes on the machines\n\n**\(Self.escaped(summary))**\n\n"
        for problem in problems { out += "> ⚠ \(Self.escaped(problem))\n\n" }
        for note in notes { out += "> \(Self.escaped(note))\n\n" }
        guard !changes.isEmpty else { return out }
        out += "| risk | nodes | change |\n| --- | --- | --- |\n"
        for group in groups {
            let subject = group.nodes.isEmpty ? "the lab" : Self.list(group.nodes)
            let risk = group.change.risk
            out +=
                "| \(risk >= .network ? "**\(risk.name)**" : risk.name) | \(Self.escaped(subject)) | \(Self.escaped(group.change.sentence)) |\n"
        }
        for group in groups {
            guard let diff = group.change.diff else { continue }
            // The fence must be longer than any row of backticks in the text.
            let longest = diff.matches(of: #/`+/#).map(\.output.count).max() ?? 0
            let fence = String(repeating: "`", count: max(3, longest + 1))
            out +=
                "\n<details><summary>\(Self.escaped(group.change.sentence))</summary>\n\n\(fence)diff\n\(diff)\(fence)\n\n</details>\n"
        }
        return out
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

    /// The review in JSON.
    package var json: String {
        struct Shown: Encodable {
            struct Item: Encodable {
                var node: String?
                var risk: String
                var sentence: String
                var path: String
                var field: String?
                var diff: String?
            }
            var highest: String?
            var summary: String
            var problems: [String]
            var notes: [String]
            var changes: [Item]
        }
        let shown = Shown(
            highest: highest?.name, summary: summary, problems: problems, notes: notes,
            changes: changes.map {
                .init(
                    node: $0.node, risk: $0.risk.name, sentence: $0.sentence, path: $0.path, field: $0.field,
                    diff: $0.diff)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Strings can always be encoded.
        return (try? encoder.encode(shown)).map {
            DiagnosticReport.printableJSON(String(decoding: $0, as: UTF8.self)) + "\n"
        } ?? ""
    }

    /// The colours of text on a terminal.
    package struct Paint: Sendable {
        private let isColoured: Bool
        package static let plain = Paint(isColoured: false)
        package static let coloured = Paint(isColoured: true)

        private func paint(_ code: String, _ text: String) -> String {
            isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
        }
        func good(_ text: String) -> String { paint("32", text) }
        func bad(_ text: String) -> String { paint("31", text) }
        func risk(_ risk: Risk, _ text: String) -> String {
            switch risk {
            case .cosmetic: text
            case .live: paint("32", text)
            case .reboot: paint("33", text)
            case .network: paint("35;1", text)
            case .erases: paint("31;1", text)
            }
        }
    }
}
