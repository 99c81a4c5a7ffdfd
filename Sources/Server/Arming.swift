import Foundation
import Lab
import Output
import Plan

/// The server's own folder: its journal, what was taken out of the tree, and wishes to arm nodes.
///
/// ```
/// lock        held while a server runs
/// journal
/// arm/xen01   somebody wants xen01 installed again
/// disarmed/…  a node's boot file, while the node is installed
/// ```
public struct StateFolder: Sendable {
    let path: String
    private let lock: Int32

    var journal: String { "\(path)/journal" }
    static func wish(_ path: String, _ node: String) -> String { "\(path)/arm/\(node)" }
    func disarmed(_ node: String) -> String { "\(path)/disarmed/\(node)" }

    /// - Returns: nil when a server has it already.
    /// - Throws: when it can't be made.
    public init?(_ path: String) throws {
        self.path = path
        for folder in ["arm", "disarmed"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        }
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw OutputError("\(path)/lock can't be opened") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            return nil
        }
    }

    /// Leaves a wish for the server that has the folder.
    public static func wish(in path: String, for node: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/arm", withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: wish(path, node)))
    }

    /// Whether a wish has been granted.
    public static func isGranted(in path: String, for node: String) -> Bool {
        !FileManager.default.fileExists(atPath: wish(path, node))
    }
}

/// Keeps the tree's boot files in step with which nodes are armed, and takes wishes to arm one.
actor Arming {
    private let board: Board
    private let routes: Routes
    private let journal: Journal
    private let state: StateFolder
    private let log: @Sendable (String) -> Void
    /// Nodes whose boot file is where it belongs, and whether they were armed then; in which build.
    private var placed: [String: Bool] = [:]
    private var build = 0
    /// What was said already, so that it is said once.
    private var said: Set<String> = []

    init(
        board: Board, routes: Routes, journal: Journal, state: StateFolder, log: @escaping @Sendable (String) -> Void
    ) {
        self.board = board
        self.routes = routes
        self.journal = journal
        self.state = state
        self.log = log
    }

    nonisolated var marksOfInstalled: Set<String> {
        Set(board.planner.lab.nodes.filter { !board.isArmed($0.name.description) }.map(Routes.marker))
    }

    /// Grants wishes, and puts boot files where they belong.
    func settle() async {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(state.path)/arm")) ?? []
        where board.has(name) {
            let now = Int(Date().timeIntervalSince1970)
            do {
                try await journal.append(Journal.Record(time: now, node: name, from: nil, content: .armed))
                unlink(StateFolder.wish(state.path, name))
                log("\(name) is armed: it is installed when it starts from the network")
            } catch { complain("\(error)") }
        }
        if routes.build != build {
            build = routes.build
            placed = [:]
        }
        for node in board.planner.lab.nodes { settle(node) }
    }

    /// One node, at once: it may start again within seconds.
    func settle(_ node: Node) {
        let name = node.name.description
        let isArmed = board.isArmed(name)
        guard placed[name] != isArmed else { return }
        placed[name] = isArmed
        place(Routes.marker(of: node), of: name, isArmed: isArmed)
    }

    /// Loaders that ask TFTP find a node's file only while the node is armed.
    private func place(_ path: String, of node: String, isArmed: Bool) {
        guard case .route(let route) = routes.find(path), let sum = route.sum else { return }
        let file = URL(filePath: "\(routes.root)/\(path)")
        let kept = URL(filePath: state.disarmed(node))
        do {
            if isArmed {
                guard let bytes = try? Data(contentsOf: kept) else { return }
                if sha256(Array(bytes)) == sum {
                    if access(file.path, F_OK) != 0 {
                        try bytes.write(to: file, options: .atomic)
                        chmod(file.path, 0o644)
                    }
                } else {
                    complain("\(path) is of an earlier build: run xenseed build")
                }
                unlink(kept.path)
            } else if let bytes = try? Data(contentsOf: file), sha256(Array(bytes)) == sum {
                try bytes.write(to: kept, options: .atomic)
                guard unlink(file.path) == 0 else { throw OutputError("\(path) can't be removed") }
                log("\(node) is installed, and starts from its own disk: \(path) is put away")
            }
        } catch { complain("\(node): \(error.localizedDescription)") }
    }

    private func complain(_ text: String) {
        if said.insert(text).inserted { log(text) }
    }
}
