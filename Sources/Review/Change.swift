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
    /// Whether the change is in a file that follows from other changes of the review, such as the drawing of the lab.
    var isDerived = false
    /// Whether the change reaches the machine only by a new installation.
    var needsInstallation = false

    package init(node: String?, risk: Risk, sentence: String, path: String, field: String? = nil, diff: String? = nil) {
        (self.node, self.risk, self.sentence, self.path) = (node, risk, sentence, path)
        (self.field, self.diff) = (field, diff)
    }

    /// Creates the change of a node or of the lab from one whose place was not known.
    init(_ change: UnplacedChange, node: String?, path: String, field: String? = nil) {
        self.init(
            node: node, risk: change.risk, sentence: change.sentence, path: path, field: field, diff: change.diff)
        (isDerived, needsInstallation) = (change.isDerived, change.needsInstallation)
    }
}

/// A change whose node and file are not known yet.
struct UnplacedChange: Equatable {
    var risk: Risk
    var sentence: String
    var diff: String?
    var isDerived = false
    /// Whether the change reaches the machine only by a new installation.
    var needsInstallation: Bool

    /// - Parameter needsInstallation: nil for a change that needs an installation if it erases the disk.
    init(_ risk: Risk, _ sentence: String, diff: String? = nil, needsInstallation: Bool? = nil) {
        (self.risk, self.sentence, self.diff) = (risk, sentence, diff)
        self.needsInstallation = needsInstallation ?? (risk == .erases)
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
    /// What the next build and the next installations do with the nodes.
    package var installations = Installations()
    /// The names of the nodes of both labs.
    package var allNodes: Set<String> = []
    /// The number of nodes in the new lab.
    var nodeCount = 0

    package var highest: Risk? { changes.map(\.risk).max() }
    package var nodes: [String] { Set(changes.compactMap(\.node)).sorted(by: NodeNames.isBefore) }

    /// Removes the changes that a reader did not ask for.
    /// - Parameters:
    ///   - nodes: The nodes whose changes remain; all changes if it is empty.
    ///   - risks: The risks of the changes that remain; all changes if it is empty.
    package mutating func filter(nodes: Set<String>, risks: Set<Risk>) {
        changes.removeAll { change in
            !nodes.isEmpty && !(change.node.map(nodes.contains) ?? false)
                || !risks.isEmpty && !risks.contains(change.risk)
        }
        installations.filter { node in
            (nodes.isEmpty || nodes.contains(node)) && (risks.isEmpty || risks.contains(.erases))
        }
    }
}
