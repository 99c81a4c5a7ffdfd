import Lab

/// One difference between two labs, as a sentence for the reviewer.
package struct Change: Sendable, Equatable {
    /// Nil for what belongs to no node.
    package var node: String?
    package var risk: Risk
    /// `xenbr0: port eth1 → eth2: network cut-over`.
    var sentence: String
    /// The file that says it, by its path in the tree, or in the overlay behind it: `nodes/xen01/overlay/etc/hosts`.
    package var path: String
    /// The field of the lab whose value changed: `nodes.xen01.dom0.memory`; nil for a difference of files.
    package var field: String?
    /// A unified diff, where the sentence does not say all.
    var diff: String?

    package init(node: String?, risk: Risk, sentence: String, path: String, field: String? = nil, diff: String? = nil) {
        (self.node, self.risk, self.sentence, self.path) = (node, risk, sentence, path)
        (self.field, self.diff) = (field, diff)
    }
}

/// All that changed between two labs.
package struct Review: Sendable {
    /// By node, in the order of their names; then what belongs to no node.
    package var changes: [Change]
    /// What is wrong with one of the two, and was not compared: a sentence for each.
    package var problems: [String]
    /// What a reader has to know of how the two were compared: a sentence for each.
    var notes: [String]

    package var highest: Risk? { changes.map(\.risk).max() }
    package var nodes: [String] {
        var seen: Set<String> = []
        return changes.compactMap(\.node).filter { seen.insert($0).inserted }
    }
}
