import Build
import FoundationEssentials
import Lab
import Preseed
import Synchronization
import SystemPackage

/// The paths that are served: the files in SHA256SUMS of the built tree, the installer that the nodes' boot scripts name, and
/// nothing else.
final class Routes: Sendable {
    final class Route: Sendable {
        let path: String
        /// The SHA-256 in hex; nil for SHA256SUMS itself, and for a file of the installer that was put there by hand.
        fileprivate let sum: String?
        /// The name of the node that the file belongs to; nil for files of the lab.
        let node: String?
        /// Whether the file begins an installation, so that it is served only while the node is armed.
        let installs: Bool
        /// Whether only the machine that is installed as the node receives the file, because it may have secrets: the hash of a
        /// password, or files of the user's.
        let isPrivate: Bool
        /// The attributes of the file when its content was found to have the digest.
        private let verified = Mutex<Stamp?>(nil)

        init(
            path: String, sum: String? = nil, node: String? = nil, installs: Bool = false, isPrivate: Bool = false
        ) {
            (self.path, self.sum, self.node) = (path, sum, node)
            (self.installs, self.isPrivate) = (installs, isPrivate)
        }

        /// Whether a file with these attributes was found to have the digest, or there is none.
        fileprivate func isVerified(_ stamp: Stamp) -> Bool { sum == nil || verified.withLock { $0 == stamp } }

        fileprivate func setVerified(_ stamp: Stamp) { verified.withLock { $0 = stamp } }
    }

    /// What the tree has.
    private struct Table: Sendable {
        var manifest: ManifestIndex?
        /// The digests of the installer's files.
        var installer: [String: String] = [:]
        /// The stamps of SHA256SUMS, of its directory and of the list of the installer's files. A build that changes no
        /// digest changes only the directory.
        var stamps: [Stamp?] = []
        /// The routes that were requested, at most ``longest``.
        var routes: [String: Route] = [:]

        static let longest = 1 << 14
    }

    /// The attributes by which a replaced or changed file is recognized.
    fileprivate struct Stamp: Sendable, Equatable {
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
    /// The names of the nodes by the paths of the files that begin their installations.
    private let installing: [String: String]
    private let nodes: Set<String>
    private let table = Mutex(Table())

    /// Creates the routes of a built tree, without any until ``reload()``.
    /// - Parameters:
    ///   - root: The path of the tree.
    ///   - log: Receives a sentence for each file of the installer that is served without a digest.
    /// - Throws: ``ServerError`` when the tree has no SHA256SUMS.
    init(_ root: String, plan: Plan, log: @escaping @Sendable (String) -> Void) throws {
        self.root = root
        self.plan = plan
        self.log = log
        macs = Dictionary(
            plan.lab.nodes.flatMap { node in node.interfaces.map { ($0.mac.dashed, node.name.description) } }
        ) { first, _ in first }
        installing = Dictionary(
            plan.lab.nodes.flatMap { node in
                let (mac, name) = (node.installMAC, node.name.description)
                return [
                    PXEPath.pxelinux(mac), PXEPath.grub(mac), PXEPath.ipxe(mac), NodeFile.preseed.path(of: name),
                ].map { ($0, name) }
            }
        ) { first, _ in first }
        nodes = Set(plan.lab.nodes.map(\.name.description))
        guard Stamp("\(root)/\(Manifest.name)") != nil else { throw unbuilt }
    }

    private var unbuilt: ServerError {
        ServerError("\(root) has no SHA256SUMS, so it is not a built tree; run xenseed build")
    }

    /// Reads SHA256SUMS if a new build has replaced the tree.
    func reload() throws {
        let stamps = ["", "/\(Manifest.name)", "/\(InstallerDigests.path)"].map { Stamp(root + $0) }
        guard stamps != table.withLock(\.stamps) else { return }
        guard let manifest = try Manifest(in: root) else { throw unbuilt }
        let listed = try InstallerDigests(in: root)
        var installer: [String: String] = [:]
        for path in PXEPath.installer {
            installer[path] = listed?.digest(of: path)
            guard installer[path] == nil, Stamp("\(root)/\(path)") != nil else { continue }
            log("\(path) is served unchecked: \(InstallerDigests.path) does not list it; run xenseed netboot again")
        }
        let new = Table(manifest: manifest.index, installer: installer, stamps: stamps)
        table.withLock { $0 = new }
    }

    /// Returns the route of a path; nil when it is not served.
    /// - Parameter path: The decoded path without the leading slash.
    func find(_ path: String) -> Route? {
        table.withLock { table in
            if let route = table.routes[path] { return route }
            guard let route = route(of: path, table) else { return nil }
            if table.routes.count == Table.longest { table.routes = [:] }
            table.routes[path] = route
            return route
        }
    }

    private func route(of path: String, _ table: Table) -> Route? {
        if path == Manifest.name { return Route(path: path) }
        if PXEPath.installer.contains(path) { return Route(path: path, sum: table.installer[path]) }
        // The server shows the state of the nodes at the path of the resolved lab.
        guard path != ResolvedLab.path, let sum = table.manifest?.digest(of: path) else { return nil }
        let owner = NodeFile.split(path).flatMap { nodes.contains($0.node) ? $0.node : nil }
        let installed = installing[path]
        return Route(
            path: path, sum: sum, node: installed ?? owner, installs: installed != nil, isPrivate: owner != nil)
    }

    /// Returns a message about a path that is not served, with a similar one if there is one.
    func reason(_ path: String) -> String {
        let table = table.withLock(\.self)
        func names(in directory: String) -> Set<String> {
            var names = table.manifest?.names(in: directory) ?? []
            for path in [Manifest.name] + PXEPath.installer where directory.isEmpty || path.hasPrefix(directory + "/") {
                names.formUnion(
                    path.dropFirst(directory.isEmpty ? 0 : directory.count + 1).split(separator: "/").prefix(1).map(
                        String.init))
            }
            return names
        }
        if let mac = Self.dashedMAC(in: path), macs[mac] == nil {
            let near = macs.min { (Self.distance($0.key, mac), $0.key) < (Self.distance($1.key, mac), $1.key) }
            return "no node has the MAC address \(mac)"
                + (near.map { "; the nearest is \($0.key) of \($0.value)" } ?? "")
        }
        // Replaces each unknown name in the path by the nearest name in its directory.
        var folder = ""
        var isNear = false
        for name in path.split(separator: "/", maxSplits: 16) {
            let names = names(in: folder)
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
        return isNear && find(folder) != nil ? "no such path; did you mean /\(folder)?" : "no such path"
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
        case damaged(String)
    }

    /// Opens the file of a route if its digest was checked before and it has not changed since.
    /// - Returns: nil when all of the file has to be read before it is served.
    func openVerified(_ route: Route) -> (file: FileDescriptor, size: Int)? {
        guard let file = try? openFile(route) else { return nil }
        guard let status = try? file.stat(), status.type == .regular, route.isVerified(Stamp(status)) else {
            try? file.close()
            return nil
        }
        return (file, Int(status.size))
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
            if let now = find(route.path) { route = now }
        }
        return .damaged("is missing")
    }

    private func isVerified(_ route: Route, _ file: FileDescriptor, _ status: Stat) -> Bool {
        let stamp = Stamp(status)
        if route.isVerified(stamp) { return true }
        guard sha256(ofFile: file) == route.sum else { return false }
        route.setVerified(stamp)
        return true
    }
}
