import Lab

/// The same change of one or of several nodes.
struct ChangeGroup {
    /// A difference of files, and the nodes that have it.
    struct Difference {
        var nodes: [String]
        var diff: String
    }

    /// The nodes; empty for a change that is not of a single node.
    var nodes: [String]
    var risk: Risk
    var sentence: String
    var isDerived: Bool
    /// The differences of the files, which may not be the same for all nodes.
    var differences: [Difference]
}

extension Review {
    /// The changes, each with all nodes that have it, sorted by descending risk and then by node. Derived changes come last,
    /// and those that are not of a single node are one group.
    var groups: [ChangeGroup] {
        struct Key: Hashable {
            var risk: Risk
            var sentence: String
            var isOfNode: Bool
        }
        var groups: [ChangeGroup] = []
        var places: [Key: Int] = [:]
        // The places of the differences in their groups, by their changed lines.
        var known: [[String: Int]] = []
        let files = changes.filter { $0.isDerived && $0.node == nil }
        for change in changes {
            let isFile = change.isDerived && change.node == nil
            let sentence = isFile ? Self.sentence(on: files.map(\.path)) : change.sentence
            let key = Key(risk: change.risk, sentence: sentence, isOfNode: change.node != nil)
            let place = places[key] ?? groups.count
            if place == groups.count {
                places[key] = place
                known.append([:])
                groups.append(
                    ChangeGroup(
                        nodes: [], risk: change.risk, sentence: sentence, isDerived: change.isDerived, differences: []))
            }
            groups[place].nodes += change.node.map { [$0] } ?? []
            guard let diff = change.diff else { continue }
            let lines = Self.changedLines(of: diff, node: change.node)
            if let same = known[place][lines], let node = change.node {
                groups[place].differences[same].nodes.append(node)
            } else {
                known[place][lines] = groups[place].differences.count
                groups[place].differences.append(.init(nodes: change.node.map { [$0] } ?? [], diff: diff))
            }
        }
        return groups.enumerated().sorted { a, b in
            if a.element.risk != b.element.risk { return a.element.risk > b.element.risk }
            if a.element.isDerived != b.element.isDerived { return b.element.isDerived }
            switch (a.element.nodes.min(by: NodeNames.isBefore), b.element.nodes.min(by: NodeNames.isBefore)) {
            case (let x?, let y?) where x != y: return NodeNames.isBefore(x, y)
            case (.some, nil): return true
            case (nil, .some): return false
            default: return a.offset < b.offset
            }
        }
        .map(\.element)
    }

    /// Returns the changed lines of a unified diff without the name of the node, which its files may contain.
    private static func changedLines(of diff: String, node: String?) -> String {
        let lines = diff.split(separator: "\n").dropFirst(2).filter { $0.hasPrefix("+") || $0.hasPrefix("-") }
        let text = lines.joined(separator: "\n")
        guard let node else { return text }
        var out = ""
        for part in Self.words(of: text) { out += part == node ? "…" : part }
        return out
    }

    /// Splits a text into names, such as those of nodes, and what is between them.
    private static func words(of text: String) -> [Substring] {
        func isPart(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 45
        }
        var (words, rest) = ([Substring](), text[...])
        while let first = rest.utf8.first {
            let word = rest.utf8.prefix { isPart($0) == isPart(first) }
            words.append(Substring(word))
            rest = rest[word.endIndex...]
        }
        return words
    }

    /// Returns the sentence on derived files, such as `3 files follow from these changes: README.md, pxe/ (2 files)`.
    private static func sentence(on paths: [String]) -> String {
        let folders = Dictionary(grouping: paths) { $0.split(separator: "/").first.map(String.init) ?? $0 }
        let list = folders.sorted { $0.key < $1.key }.map { folder, paths in
            paths.count == 1 ? paths[0] : "\(folder)/ (\(paths.count) files)"
        }
        let subject = paths.count == 1 ? "1 file follows" : "\(paths.count) files follow"
        return "\(subject) from these changes: \(list.joined(separator: ", "))"
    }

    /// The summary, such as `2 nodes, 3 changes; the highest risk: network`. Derived changes are not counted.
    var summary: String {
        guard let highest else { return "nothing changed" }
        func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }
        let own = changes.count { !$0.isDerived }
        return
            "\(count(nodes.count, "node")), \(count(own == 0 ? changes.count : own, "change")); the highest risk: \(highest.name)"
    }
}
