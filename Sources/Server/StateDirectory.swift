import Build
import FoundationEssentials
import Lab
import Preseed
import SystemPackage

/// The state of a lab's nodes: the journal, and requests to arm or disarm nodes for the server that has the journal.
///
/// ```
/// lock             locked by the process that writes the journal
/// journal
/// operator-token   the secret that permits to arm nodes over HTTP
/// requests/xen01   "arm" or "disarm"
/// ```
package struct StateDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    private static let known: Set<String> = [
        "lock", "journal", "journal.new", "requests", "arm", "disarmed", "operator-token",
    ]

    /// The right to write the journal. It ends with the last reference or with the process.
    package final class Owner: Sendable {
        package let directory: StateDirectory
        private let lock: FileDescriptor

        /// Opens the journal.
        func open(
            _ tree: OutputTree, log: @escaping @Sendable (String) -> Void
        ) throws -> (statusStore: NodeStatusStore, journal: Journal, gate: BootFileGate) {
            let statusStore = NodeStatusStore(tree.plan)
            let (journal, damaged) = try Journal.open(
                directory.journal, apply: { statusStore.apply($0) }, compacted: { statusStore.records() })
            if damaged > 0 {
                log("\(directory.journal): ignored \(damaged) damaged \(damaged == 1 ? "line" : "lines")")
            }
            let gate = BootFileGate(
                statusStore: statusStore, tree: tree, journal: journal, directory: directory, log: log)
            return (statusStore, journal, gate)
        }

        fileprivate init(_ directory: StateDirectory, lock: FileDescriptor) {
            (self.directory, self.lock) = (directory, lock)
        }
        deinit { try? lock.close() }
    }

    /// Acquires the right to write the journal; creates the directory if it does not exist.
    /// - Returns: The right; nil when another process has it.
    /// - Throws: An error when the directory can't be created, or has files that a state directory does not have.
    package func own() throws -> Owner? {
        try make()
        do {
            let file = try FileDescriptor.open(
                "\(path)/lock", .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
            if try file.lock() { return Owner(self, lock: file) }
            try file.close()
            return nil
        } catch { throw ServerError.failed("can't be locked", "\(path)/lock", error) }
    }

    private func make() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let others = names.filter { !Self.known.contains($0) }.sorted()
        if let other = others.first, !Journal.isJournal(journal) {
            throw ServerError(
                "\(path) is not a state directory of xenseed: it holds \(other); choose a new or empty directory")
        }
        try FileManager.default.createDirectory(atPath: "\(path)/requests", withIntermediateDirectories: true)
    }

    /// Arms or disarms a node if no server runs.
    /// - Returns: A sentence that describes the result; nil when a server has the journal, to which the request has to be
    ///   submitted.
    package func change(
        _ node: Node, to request: Request, tree: OutputTree, log: @escaping @Sendable (String) -> Void
    ) async throws -> String? {
        guard let owner = try own() else { return nil }
        defer { withExtendedLifetime(owner) {} }
        let gate = try owner.open(tree, log: log).gate
        let done = try await gate.change(node, to: request, holding: try await tree.lock(log: log))
        // An earlier request may be left, which no server has carried out.
        try FileSystem.remove(self.request(node.name.description))
        return done
    }

    var journal: String { "\(path)/journal" }

    /// Returns the arm state of each node of a lab. It reads the journal and does not change it; a server may be writing.
    /// - Throws: An error when the journal can't be read.
    package func states(of lab: Lab) throws -> [String: ArmState] {
        let known = try states()
        return Dictionary(
            uniqueKeysWithValues: lab.nodes.map { ($0.name.description, known[$0.name.description] ?? ArmState()) })
    }

    /// Returns the arm state of each node that the journal names.
    /// - Throws: An error when the journal can't be read.
    package func states() throws -> [String: ArmState] {
        var states: [String: ArmState] = [:]
        for record in try Journal.records(in: journal) {
            states[record.node, default: ArmState()].apply(record.content)
        }
        return states
    }

    /// Returns the operator's token, which is created if there is none.
    /// - Throws: ``ServerError`` when the file can't be read or written, or is not a token.
    func operatorToken() async throws -> Token {
        let path = "\(path)/operator-token"
        if !FileManager.default.fileExists(atPath: path) {
            do {
                try await FileSystem.writeFile(Array("\(Token().text)\n".utf8), to: path, mode: 0o600) { _ in }
            } catch { throw ServerError.failed("can't be written", path, error) }
        }
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw ServerError.failed("can't be read", path, error)
        }
        guard let token = Token(text.trimmed) else {
            throw ServerError("\(path) is not an operator's token; remove it, and a new one is made")
        }
        return token
    }

    // MARK: Requests

    package enum Request: String, Sendable { case arm, disarm }

    private func request(_ node: String) -> String { "\(path)/requests/\(node)" }

    /// Leaves a request for the server; a later one takes its place.
    package func ask(_ request: Request, for node: String, log: (String) -> Void) async throws {
        try make()
        try await FileSystem.writeFile(Array("\(request.rawValue)\n".utf8), to: self.request(node), log: log)
    }

    /// Returns whether the server has carried out the request for a node.
    package func isDone(for node: String) -> Bool { !FileManager.default.fileExists(atPath: request(node)) }

    /// Returns the pending requests by the names of the nodes.
    func requests() -> [String: Request] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/requests")) ?? []
        var found: [String: Request] = [:]
        // A name with a dot is of a file that is being written.
        for name in names where !name.hasPrefix(".") {
            let text = try? String(contentsOfFile: request(name), encoding: .utf8)
            found[name] = text.flatMap { Request(rawValue: $0.trimmed) }
        }
        return found
    }

    func remove(_ request: Request, for node: String) {
        // Another request may have been submitted in the meantime.
        if requests()[node] == request { try? FileSystem.remove(self.request(node)) }
    }
}
