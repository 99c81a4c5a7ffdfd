import Lab

/// A difference between two labs, described for a reviewer.
package struct Change: Sendable, Equatable {
    /// The name of the node; nil when the change is not of a single node.
    package var node: String?
    package var risk: Risk
    /// The description, such as `xenbr0: port eth1 → eth2: network cut-over`.
    var sentence: String
    /// The path in the tree of the file that shows the change, or that of an overlay's member:
    /// `nodes/xen01/overlay/etc/hosts`.
    package var path: String
    /// The field of the lab whose value changed, such as `nodes.xen01.dom0.memory`; nil for a difference of files.
    package var field: String?
    /// A unified diff, if the sentence does not describe the whole change.
    var diff: String?

    package init(node: String?, risk: Risk, sentence: String, path: String, field: String? = nil, diff: String? = nil) {
        (self.node, self.risk, self.sentence, self.path) = (node, risk, sentence, path)
        (self.field, self.diff) = (field, diff)
    }
}

/// The changes between two labs.
package struct Review: Sendable {
    /// The changes, sorted by the name of the node; the changes that are not of a single node come last.
    package var changes: [Change]
    /// A sentence for each part that could not be compared because it is damaged.
    package var problems: [String]
    /// A sentence for each limitation of the comparison.
    var notes: [String]

    package var highest: Risk? { changes.map(\.risk).max() }
    package var nodes: [String] {
        var seen: Set<String> = []
        return changes.compactMap(\.node).filter { seen.insert($0).inserted }
    }
}
