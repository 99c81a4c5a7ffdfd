import Lab

/// What a build of the new lab, and the installations after it, do with the nodes.
package struct Installations: Sendable, Equatable {
    /// A node that is to be installed.
    struct Target: Sendable, Equatable {
        var node: String
        /// The disks that the installation erases, as text for a person.
        var disk: String
        /// The path of the file in the tree that decides whether the node is installed when it boots from the network; nil
        /// when the lab has no boot server.
        var bootFile: String?
        /// Whether the node is armed; nil when this is not known.
        var isArmed: Bool?
    }

    /// The nodes that a build of the new lab arms, because there are no boot files for them yet.
    private(set) var armed: [Target] = []
    /// The other nodes with changes that need a new installation.
    private(set) var again: [Target] = []

    mutating func add(_ target: Target, isNew: Bool) {
        if isNew { armed.append(target) } else { again.append(target) }
    }

    mutating func filter(_ isShown: (String) -> Bool) {
        armed.removeAll { !isShown($0.node) }
        again.removeAll { !isShown($0.node) }
    }

    /// Takes the state of the nodes into account.
    /// - Parameter isArmed: Returns whether a node is armed, by its name and the path of its boot file; nil when nothing is
    ///   known about it.
    package mutating func apply(_ isArmed: (_ node: String, _ bootFile: String) throws -> Bool?) rethrows {
        let targets = try (armed + again).map { target in
            var target = target
            target.isArmed = try target.bootFile.flatMap { try isArmed(target.node, $0) }
            return target
        }
        let newCount = armed.count
        armed = targets.prefix(newCount).filter { $0.isArmed != false }
        again = targets.dropFirst(newCount) + targets.prefix(newCount).filter { $0.isArmed == false }
    }

    /// The sentences for a reader: which disks are erased from now on, and how the other nodes are installed again.
    var sentences: [String] {
        func sentence(
            _ targets: [Target], _ text: (_ it: String, _ names: String, _ disks: String) -> String
        ) -> [String] {
            if targets.isEmpty { return [] }
            let disks = Set(targets.map(\.disk))
            return [
                text(
                    targets.count == 1 ? "it" : "them", NodeNames.text(targets.map(\.node)),
                    disks.count == 1 ? disks.first! : "their disks")
            ]
        }
        func command(_ targets: [Target]) -> String {
            targets.count > 8
                ? "xenseed arm NODE…"
                : "xenseed arm \(targets.map(\.node).sorted(by: NodeNames.isBefore).joined(separator: " "))"
        }
        let (armedBefore, disarmed) = (again.filter { $0.isArmed == true }, again.filter { $0.isArmed == false })
        let unknown = again.filter { $0.isArmed == nil && $0.bootFile != nil }
        let byMedium = again.filter { $0.bootFile == nil }
        return sentence(armed) { it, names, disks in
            "A build of the new lab arms \(names): booting from the network then installs \(it) and ERASES \(disks)."
        }
            + sentence(armedBefore) { it, names, disks in
                "Already armed: \(names): booting from the network installs \(it) again and ERASES \(disks)."
            }
            + sentence(disarmed) { it, names, disks in
                "Not armed: \(names): to install \(it) again, which ERASES \(disks): \(command(disarmed))"
            }
            + sentence(unknown) { it, names, disks in
                "To install \(names) again, which ERASES \(disks): \(command(unknown)). "
                    + "A node that is armed already is installed when it boots from the network."
            }
            + sentence(byMedium) { it, names, disks in
                "To install \(names) again, which ERASES \(disks), boot \(it) from a medium of the new lab."
            }
    }
}
