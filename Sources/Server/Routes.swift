import Build
import FoundationEssentials
import Lab
import Preseed
import Synchronization
import SystemPackage

/// The paths that are served: the files in SHA256SUMS of the built tree, the installer that the nodes' boot scripts name, and
/// nothing else.
final class Routes: Sendable {
    struct Route: Sendable {
        var path: String
        /// The SHA-256 in hex; nil for SHA256SUMS itself, and for a file of the installer that was put there by hand.
        var sum: String?
        /// The name of the node that the file belongs to; nil for files of the lab.
        var node: String?
        /// Whether the file begins an installation, so that it is served only while the node is armed.
        var installs = false
        /// Whether only the machine that is installed as the node receives the file, because it may have secrets: the hash of a
        /// password, or files of the user's.
        var isPrivate = false
    }

    enum Found: Sendable {
        case route(Route)
        /// There is no such path; the value is a message for the client.
        case nothing(String)
    }

    private struct Table: Sendable {
        var routes: [String: Route] = [:]
        /// The names in each directory, from which a similar path is suggested.
        var names: [String: Set<String>] = [:]
        /// The stamps of SHA256SUMS, of its directory and of the list of the installer's files. A build that changes no
        /// digest changes only the directory.
        var stamps: [Stamp?] = []
    }

    /// The attributes by which a replaced or changed file is recognized.
    private struct Stamp: Sendable, Equatable {
        let device: DeviceID
        let inode: Inode
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
        /// The time of the last change of the inode, which no program can set.
        let changeSeconds: Int
        let changeNanoseconds: Int

        init(_ status: Stat) {
            device = status.deviceID
            inode = status.inode
            size = status.size
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
            changeSeconds = status.st_ctim.tv_sec
            changeNanoseconds = status.st_ctim.tv_nsec
        }
        init?(_ path: String) {
            guard let status = try? Stat(path, followTargetSymlink: false) else { return nil }
            self.init(status)
        }
    }

    let root: String
    private let plan: Plan
    private let log: @Sendable (String) -> Void
    /// The names of the nodes, by their MAC addresses with dashes.
    private let macs: [String: String]
    private let table = Mutex(Table())
    /// The files whose content was found to have their digest.
    private let verified = Mutex<[String: (stamp: Stamp, sum: String)]>([:])

    /// Creates the routes of a built tree.
    /// - Parameters:
    ///   - root: The path of the tree.
    ///   - log: Receives a sentence for each file of the installer that is served without a digest.
    /// - Throws: ``BuildError`` when the tree has no SHA256SUMS.
    init(_ root: String, plan: Plan, log: @escaping @Sendable (String) -> Void) throws {
        self.root = root
        self.plan = plan
        self.log = log
        macs = Dictionary(
            plan.lab.nodes.flatMap { node in node.interfaces.map { ($0.mac.dashed, node.name.description) } }
        ) { first, _ in first }
        try reload()
    }

    /// Reads SHA256SUMS if a new build has replaced the tree.
    func reload() throws {
        let stamps = ["", "/\(Manifest.name)", "/\(InstallerDigests.path)"].map { Stamp(root + $0) }
        guard stamps != table.withLock(\.stamps) else { return }
        guard let manifest = try Manifest(in: root) else {
            throw ServerError("\(root) has no SHA256SUMS, so it is not a built tree; run xenseed build")
        }
        var installing: [String: String] = [:]
        for node in plan.lab.nodes {
            let mac = node.installMAC
            let name = node.name.description
            for path in [PXEPath.pxelinux(mac), PXEPath.grub(mac), PXEPath.ipxe(mac), NodeFile.preseed.path(of: name)] {
                installing[path] = name
            }
        }
        let nodes = Set(plan.lab.nodes.map(\.name.description))
        var new = Table(stamps: stamps)
        func add(_ route: Route) {
            new.routes[route.path] = route
            var folder = ""
            for name in route.path.split(separator: "/") {
                new.names[folder, default: []].insert(String(name))
                folder += folder.isEmpty ? String(name) : "/\(name)"
            }
        }
        // The server shows the state of the nodes at the path of the resolved lab.
        for (path, sum) in manifest.digests where path != ResolvedLab.path {
            let owner = NodeFile.split(path).flatMap { nodes.contains($0.node) ? $0.node : nil }
            add(
                Route(
                    path: path, sum: sum, node: installing[path] ?? owner, installs: installing[path] != nil,
                    isPrivate: owner != nil))
        }
        add(Route(path: Manifest.name))
        let installer = try InstallerDigests(in: root)
        for path in PXEPath.installer {
            let sum = installer?.digest(of: path)
            add(Route(path: path, sum: sum))
            guard sum == nil, Stamp("\(root)/\(path)") != nil else { continue }
            log("\(path) is served unchecked: \(InstallerDigests.path) does not list it; run xenseed netboot again")
        }
        table.withLock { $0 = new }
    }

    /// Returns the route of a path.
    /// - Parameter path: The decoded path without the leading slash.
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
        // Replaces each unknown name in the path by the nearest name in its directory.
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

    /// Returns the MAC address in the name of a boot file, such as `01-08-00-27-08-08-13` or
    /// `mac-08-00-27-08-08-13.ipxe`.
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
        case file(FileDescriptor, size: Int)
        /// All of the file has to be read before it is served.
        case unverified
        case damaged(String)
    }

    /// Opens the file of a route if its digest was checked before and it has not changed since.
    func openVerified(_ route: Route) -> Opened {
        guard let file = try? openFile(route) else { return .unverified }
        let known = verified.withLock { $0[route.path] }
        guard let status = try? file.stat(), status.type == .regular,
            route.sum == nil || known?.sum == route.sum && known?.stamp == Stamp(status)
        else {
            try? file.close()
            return .unverified
        }
        return .file(file, size: Int(status.size))
    }

    private func openFile(_ route: Route) throws -> FileDescriptor {
        try FileDescriptor.open(
            "\(root)/\(route.path)", .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
    }

    /// Opens the file of a route and checks its digest. After a mismatch, the routes are read again, as a new build may have
    /// replaced the tree.
    func open(_ route: Route) -> Opened {
        var route = route
        for isLast in [false, true] {
            let file = try? openFile(route)
            if let file, let status = try? file.stat(), status.type == .regular, isVerified(route, file, status) {
                return .file(file, size: Int(status.size))
            }
            let isThere = file != nil
            try? file?.close()
            if isLast {
                return .damaged(
                    isThere
                        ? "does not have the digest in \(PXEPath.installer.contains(route.path) ? "\(InstallerDigests.path); run xenseed netboot" : "\(Manifest.name); run xenseed build")"
                        : "is missing or can't be read")
            }
            try? reload()
            if case .route(let now) = find(route.path) { route = now }
        }
        return .damaged("is missing")
    }

    private func isVerified(_ route: Route, _ file: FileDescriptor, _ status: Stat) -> Bool {
        guard let sum = route.sum else { return true }
        let stamp = Stamp(status)
        if let known = verified.withLock({ $0[route.path] }), known.stamp == stamp, known.sum == sum { return true }
        guard let found = sha256(ofFile: file), found == sum else { return false }
        verified.withLock { $0[route.path] = (stamp, sum) }
        return true
    }
}
