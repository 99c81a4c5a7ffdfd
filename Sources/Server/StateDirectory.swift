import Build
import Foundation
import Lab

/// The state of a lab's nodes: the journal, and requests to arm or disarm nodes for the server that has the journal.
///
/// ```
/// lock             held by the process that writes the journal
/// journal
/// requests/xen01   "arm" or "disarm"
/// ```
package struct StateDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    private static let known: Set<String> = ["lock", "journal", "journal.new", "requests", "arm", "disarmed"]

    /// The right to write the journal; ends with the process or the last reference.
    package final class Owner: Sendable {
        package let directory: StateDirectory
        private let lock: Int32

        /// Opens the journal.
        func open(
            _ tree: OutputTree, log: @escaping @Sendable (String) -> Void
        ) throws -> (statusStore: NodeStatusStore, journal: Journal, gate: BootFileGate) {
            let statusStore = NodeStatusStore(tree.planner)
            let (journal, damaged) = try Journal.open(
                directory.journal, apply: { statusStore.apply($0) }, compacted: { statusStore.records() })
            if damaged > 0 {
                log("\(directory.journal): ignored \(damaged) damaged \(damaged == 1 ? "line" : "lines")")
            }
            let gate = BootFileGate(
                statusStore: statusStore, tree: tree, journal: journal, directory: directory, log: log)
            return (statusStore, journal, gate)
        }

        fileprivate init(_ directory: StateDirectory, lock: Int32) { (self.directory, self.lock) = (directory, lock) }
        deinit { close(lock) }
    }

    /// Takes the right to write the journal; makes the directory when there is none.
    /// - Returns: nil when another process has it.
    /// - Throws: when it can't be made, or has other files than a state directory.
    package func own() throws -> Owner? {
        try make()
        let lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw OutputError("\(path)/lock can't be opened: \(String(cString: strerror(errno)))") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            return nil
        }
        return Owner(self, lock: lock)
    }

    private func make() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let others = names.filter { !Self.known.contains($0) }.sorted()
        if let other = others.first, !Journal.isJournal(journal) {
            throw OutputError(
                "\(path) is not a state directory of xenseed: it holds \(other); choose a new or empty directory")
        }
        try FileManager.default.createDirectory(atPath: "\(path)/requests", withIntermediateDirectories: true)
    }

    /// Changes a node's state where no server runs.
    /// - Returns: a sentence on what came of it; nil when a server has the journal and has to be asked.
    package func change(
        _ node: Node, to request: Request, tree: OutputTree, log: @escaping @Sendable (String) -> Void
    ) async throws -> String? {
        guard let owner = try own() else { return nil }
        defer { withExtendedLifetime(owner) {} }
        let gate = try owner.open(tree, log: log).gate
        let done = try await gate.change(node, to: request, holding: try await tree.lock(log: log))
        // A server that ended may have left one.
        unlink(self.request(node.name.description))
        return done
    }

    var journal: String { "\(path)/journal" }

    /// What the journal says of each node of a lab; read only, also while a server writes it.
    /// - Throws: when there is a journal that can't be read.
    package func states(of lab: Lab) throws -> [String: ArmState] {
        var states = Dictionary(uniqueKeysWithValues: lab.nodes.map { ($0.name.description, ArmState()) })
        for record in try Journal.records(in: journal) { states[record.node]?.apply(record.content) }
        return states
    }

    // MARK: Requests

    package enum Request: String, Sendable { case arm, disarm }

    private func request(_ node: String) -> String { "\(path)/requests/\(node)" }

    /// Leaves a request for the server; a later one takes its place.
    package func ask(_ request: Request, for node: String) throws {
        try make()
        try Data("\(request.rawValue)\n".utf8).write(to: URL(filePath: self.request(node)), options: .atomic)
    }

    /// Whether the server has no request for a node left to do.
    package func isDone(for node: String) -> Bool { !FileManager.default.fileExists(atPath: request(node)) }

    /// The requests that are left, by node.
    func requests() -> [String: Request] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/requests")) ?? []
        var found: [String: Request] = [:]
        for name in names {
            let text = try? String(contentsOfFile: request(name), encoding: .utf8)
            found[name] = text.flatMap { Request(rawValue: $0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        return found
    }

    func remove(_ request: Request, for node: String) {
        // Another one may have come since.
        if requests()[node] == request { unlink(self.request(node)) }
    }
}
