import Build
import FoundationEssentials
import Lab

/// Arms and disarms nodes: writes the change to the journal, then places or removes the boot files in the built tree. The
/// next call of ``settle()`` repeats an operation that failed.
///
/// It is independent of HTTP: `xenseed serve` calls it for the nodes' posts and for requests, `xenseed arm` and
/// `xenseed disarm` call it when no server runs.
actor BootFileGate {
    private let statusStore: NodeStatusStore
    private let tree: OutputTree
    private let journal: Journal
    private let directory: StateDirectory
    private let log: @Sendable (String) -> Void
    /// The names of the nodes that are not armed and whose boot files were removed.
    private var cleared: Set<String> = []
    /// The errors that were logged, so that an operation that fails again and again is logged once.
    private var loggedErrors: Set<String> = []

    /// Creates a gate.
    /// - Parameters:
    ///   - statusStore: The store that receives every entry of the journal.
    ///   - log: Receives a sentence for each change and for each error.
    init(
        statusStore: NodeStatusStore, tree: OutputTree, journal: Journal, directory: StateDirectory,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.statusStore = statusStore
        self.tree = tree
        self.journal = journal
        self.directory = directory
        self.log = log
    }

    // MARK: Requests

    /// Arms or disarms a node.
    /// - Returns: A sentence that describes the result.
    /// - Throws: An error when the tree was not built from the current lab, or when the journal or the tree can't be
    ///   written.
    @discardableResult
    func change(
        _ node: Node, to request: StateDirectory.Request, holding lock: OutputLock
    ) async throws -> String {
        let name = node.name.description
        switch request {
        case .arm:
            try tree.checkBootFiles(of: node)
            try await record(.armed, node)
            try tree.placeBootFiles(of: node, holding: lock)
            cleared.remove(name)
            return "\(name) is armed: it is installed when it starts from the network, and its disk is ERASED"
        case .disarm:
            try await record(.disarmed, node)
            try tree.removeBootFiles(of: node, holding: lock)
            return "\(name) is disarmed: it boots from its own disk"
        }
    }

    /// Arms or disarms a node as soon as no other process writes the tree.
    func change(_ node: Node, to request: StateDirectory.Request) async throws -> String {
        try await change(node, to: request, holding: try await tree.lock(log: log))
    }

    /// Writes a change to the journal, unless the node has this state already: moving the files may be repeated. A node that is
    /// bound to a machine is armed again, so that another machine can be installed as the node.
    private func record(_ content: Journal.Entry.Content, _ node: Node) async throws {
        var wanted = ArmState()
        wanted.apply(content)
        let name = node.name.description
        let isBound = content == .armed && statusStore.binding(of: name).address != nil
        guard isBound || statusStore.armState(of: name) != wanted else { return }
        let now = Int(Date().timeIntervalSince1970)
        try await journal.append(
            Journal.Entry(time: now, node: name, from: nil, content: content))
    }

    // MARK: Periodic work

    /// Carries out the pending requests, and removes the boot files of nodes that are not armed.
    package func settle() async {
        for (name, request) in directory.requests().sorted(by: { $0.key < $1.key }) {
            guard let node = statusStore.node(name) else { continue }
            do {
                // While a build writes the tree, the request stays pending.
                guard let lock = try OutputLock.attempt(tree.root) else { return }
                log(try await change(node, to: request, holding: lock))
                directory.remove(request, for: name)
                loggedErrors = []
            } catch { logOnce("\(name): \(request.rawValue): \(error)") }
        }
        for node in statusStore.plan.lab.nodes { settle(node) }
    }

    /// Removes the boot files of one node if it is not armed. The server calls this after each post, because a node that
    /// was just installed boots again within seconds.
    package func settle(_ node: Node) {
        let name = node.name.description
        guard !statusStore.isArmed(name) else {
            cleared.remove(name)
            return
        }
        // A git checkout may have restored the files.
        guard !cleared.contains(name) || tree.hasBootFile(of: node) else { return }
        do {
            guard let lock = try OutputLock.attempt(tree.root) else { return }
            let removed = try tree.removeBootFiles(of: node, holding: lock)
            cleared.insert(name)
            if let first = removed.first {
                log("\(name) is not armed and boots from its own disk: removed \(first)")
            }
        } catch { logOnce("\(name): its boot files can't be removed: \(error)") }
    }

    private func logOnce(_ error: String) {
        if loggedErrors.insert(error).inserted { log(error) }
    }
}
