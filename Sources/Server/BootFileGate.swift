import Build
import Foundation
import Lab

/// Changes which nodes are armed: writes it to the journal, then moves the boot files of the built tree. What fails is tried
/// again with the next call of ``settle()``.
///
/// It knows nothing of HTTP: `xenseed serve` calls it for what nodes post and for requests, `xenseed arm` and
/// `xenseed disarm` call it where no server runs.
actor BootFileGate {
    private let statusStore: NodeStatusStore
    private let tree: OutputTree
    private let journal: Journal
    private let directory: StateDirectory
    private let log: @Sendable (String) -> Void
    /// Nodes that are not armed, and whose boot files were removed.
    private var cleared: Set<String> = []
    /// What was logged already, so that it is logged once.
    private var complaints: Set<String> = []

    /// - Parameters:
    ///   - statusStore: gets every record of the journal.
    ///   - log: gets a sentence for what was done, and for what failed.
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

    // MARK: On request

    /// Arms or disarms a node.
    /// - Returns: a sentence on what came of it.
    /// - Throws: when the tree is being written or can't have the boot files, or the journal can't be written.
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

    /// Once only, however often moving the files is tried.
    private func record(_ content: Journal.Entry.Content, _ node: Node) async throws {
        var wanted = ArmState()
        wanted.apply(content)
        guard statusStore.armState(of: node.name.description) != wanted else { return }
        let now = Int(Date().timeIntervalSince1970)
        try await journal.append(
            Journal.Entry(time: now, node: node.name.description, from: nil, content: content))
    }

    // MARK: Time and again

    /// Does what was asked for, and removes boot files of nodes that are not armed.
    package func settle() async {
        for (name, request) in directory.requests().sorted(by: { $0.key < $1.key }) {
            guard let node = statusStore.node(name) else { continue }
            do {
                // A build is writing: next time.
                guard let lock = try OutputLock.attempt(tree.root) else { return }
                log(try await change(node, to: request, holding: lock))
                directory.remove(request, for: name)
                complaints = []
            } catch { complain("\(name): \(request.rawValue): \(error)") }
        }
        for node in statusStore.planner.lab.nodes { settle(node) }
    }

    /// Removes one node's boot files if it is not armed: it may start again within seconds.
    package func settle(_ node: Node) {
        let name = node.name.description
        guard !statusStore.isArmed(name) else {
            cleared.remove(name)
            return
        }
        // A checkout from git may have brought them back.
        guard !cleared.contains(name) || tree.hasBootFile(of: node) else { return }
        do {
            guard let lock = try OutputLock.attempt(tree.root) else { return }
            let removed = try tree.removeBootFiles(of: node, holding: lock)
            cleared.insert(name)
            if let first = removed.first {
                log("\(name) is not armed and boots from its own disk: removed \(first)")
            }
        } catch { complain("\(name): its boot files can't be removed: \(error)") }
    }

    private func complain(_ text: String) {
        if complaints.insert(text).inserted { log(text) }
    }
}
