import Build
import Foundation
import Lab
import Preseed
import Synchronization

/// Which paths are served: what SHA256SUMS of the built tree names, the installer that the nodes' boot scripts name, and nothing else.
final class Routes: Sendable {
    struct Route: Sendable {
        var path: String
        /// Nil for SHA256SUMS itself and for Debian's files.
        var sum: String?
        /// Whose it is.
        var node: String?
        /// Whether it begins an installation, so that a node that is installed does not get it.
        var installs = false
    }

    enum Found: Sendable {
        case route(Route)
        /// Why not, in a sentence.
        case nothing(String)
    }

    private struct Table: Sendable {
        var routes: [String: Route] = [:]
        /// Names in each folder, for who asks for what is nearly there.
        var names: [String: Set<String>] = [:]
        /// Of SHA256SUMS, and of the folder that it is in: a build that changes no digest brings a new folder only.
        var stamps: [Stamp?] = []
    }

    /// What changes with a file.
    private struct Stamp: Sendable, Equatable {
        let device: dev_t
        let inode: ino_t
        let size: off_t
        let seconds: Int
        let nanoseconds: Int

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
            size = status.st_size
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            self.init(status)
        }
    }

    let root: String
    private let planner: Planner
    /// By their dashed MAC addresses.
    private let macs: [String: String]
    private let table = Mutex(Table())
    /// Files that were read and were what SHA256SUMS says.
    private let verified = Mutex<[String: (stamp: Stamp, sum: String)]>([:])

    /// - Parameter root: the built tree.
    init(_ root: String, planner: Planner) throws(OutputError) {
        self.root = root
        self.planner = planner
        macs = Dictionary(
            planner.lab.nodes.flatMap { node in node.interfaces.map { ($0.mac.dashed, node.name.description) } }
        ) { first, _ in first }
        try reload()
    }

    /// Takes a new build when there is one.
    func reload() throws(OutputError) {
        let stamps = ["", "/\(Manifest.name)"].map { Stamp(root + $0) }
        guard stamps != table.withLock(\.stamps) else { return }
        guard let manifest = try Manifest(in: root) else {
            throw OutputError("\(root) has no SHA256SUMS: nothing was built there; run xenseed build")
        }
        var installing: [String: String] = [:]
        for node in planner.lab.nodes {
            let mac = node.installMAC
            let name = node.name.description
            for path in [PXEPath.pxelinux(mac), PXEPath.grub(mac), PXEPath.ipxe(mac), NodeFile.preseed.path(of: name)] {
                installing[path] = name
            }
        }
        let nodes = Set(planner.lab.nodes.map(\.name.description))
        var new = Table(stamps: stamps)
        func add(_ route: Route) {
            new.routes[route.path] = route
            var folder = ""
            for name in route.path.split(separator: "/") {
                new.names[folder, default: []].insert(String(name))
                folder += folder.isEmpty ? String(name) : "/\(name)"
            }
        }
        // At the path of the resolved lab, the server has the state of the nodes.
        for (path, sum) in manifest.digests where path != ResolvedLab.path {
            let owner = NodeFile.split(path).flatMap { nodes.contains($0.node) ? $0.node : nil }
            add(Route(path: path, sum: sum, node: installing[path] ?? owner, installs: installing[path] != nil))
        }
        for path in [Manifest.name] + PXEPath.installer { add(Route(path: path)) }
        table.withLock { $0 = new }
    }

    /// - Parameter path: without a slash at its beginning, decoded.
    func find(_ path: String) -> Found {
        table.withLock { table in
            if let route = table.routes[path] { return .route(route) }
            return .nothing(reason(path, table))
        }
    }

    private func reason(_ path: String, _ table: Table) -> String {
        if let mac = Self.dashedMAC(in: path), macs[mac] == nil {
            let near = macs.min { (Self.distance($0.key, mac), $0.key) < (Self.distance($1.key, mac), $1.key) }
            return "no node has the MAC address \(mac)"
                + (near.map { "; the nearest is \($0.key) of \($0.value)" } ?? "")
        }
        // Name by name, each beside its neighbours.
        var folder = ""
        var isNear = false
        for name in path.split(separator: "/", maxSplits: 16) {
            guard let names = table.names[folder] else { return "no such path" }
            var next = String(name)
            if !names.contains(next) {
                guard next.utf8.count <= 64, let near = nearestName(to: next, among: names) else {
                    return "no such path"
                }
                next = near
                isNear = true
            }
            folder += folder.isEmpty ? next : "/\(next)"
        }
        return table.routes[folder] != nil && isNear ? "no such path; did you mean /\(folder)?" : "no such path"
    }

    /// Of `…/01-08-00-27-08-08-13` and `…/mac-08-00-27-08-08-13.ipxe`.
    private static func dashedMAC(in path: String) -> String? {
        guard let name = path.split(separator: "/").last, path.hasPrefix("pxe/"),
            let match = name.wholeMatch(
                of: #/(?:grub\.cfg-)?(?:01|mac)-([0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5})(?:\.ipxe)?/#)
        else { return nil }
        return match.1.lowercased()
    }

    private static func distance(_ a: String, _ b: String) -> Int { zip(a.utf8, b.utf8).count { $0 != $1 } }

    // MARK: Files

    enum Opened {
        case file(descriptor: Int32, size: Int)
        case damaged(String)
    }

    /// Opens what a route names, after making sure that it is what was built. A new build in between is taken.
    func open(_ route: Route) -> Opened {
        var route = route
        for isLast in [false, true] {
            let path = "\(root)/\(route.path)"
            let descriptor = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
            var status = stat()
            if descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
                if isVerified(route, descriptor, status) {
                    return .file(descriptor: descriptor, size: Int(status.st_size))
                }
            }
            let isThere = descriptor >= 0
            if isThere { close(descriptor) }
            if isLast {
                return .damaged(
                    isThere ? "is not what SHA256SUMS says; run xenseed build" : "is not there, or can't be read")
            }
            try? reload()
            if case .route(let now) = find(route.path) { route = now }
        }
        return .damaged("is not there")
    }

    private func isVerified(_ route: Route, _ descriptor: Int32, _ status: stat) -> Bool {
        guard let sum = route.sum else { return true }
        let stamp = Stamp(status)
        if let known = verified.withLock({ $0[route.path] }), known.stamp == stamp, known.sum == sum { return true }
        guard let found = sha256(ofFile: descriptor), found == sum else { return false }
        verified.withLock { $0[route.path] = (stamp, sum) }
        return true
    }
}
