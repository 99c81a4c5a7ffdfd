import Build
import Crypto
import FoundationEssentials
import Preseed

/// Inspects files and directories that xenseed or Debian made. The content decides what they are, not the name.
package struct Inspector {
    private let showsSecrets: Bool

    /// Creates an inspector.
    /// - Parameter showsSecrets: Whether password hashes are shown.
    package init(showsSecrets: Bool) { self.showsSecrets = showsSecrets }

    /// Inspects a file or a directory.
    /// - Throws: ``ImageError``, with the code `input` for an unknown or unreadable input.
    package func inspect(_ path: String) async throws -> Inspection {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ImageError(environment: "\(path): No such file or directory")
        }
        if isFolder { return try folder(path) }
        guard fileLength(path) != nil else { throw ImageError(path, "is not a regular file or a directory") }
        guard let start = fileBytes(path, from: 0, count: 6) else { throw ImageError(path, "can't be read") }
        if fileBytes(path, from: 0x8001, count: 5)?.elementsEqual("CD001".utf8) == true { return try await image(path) }
        if start.starts(with: "070701".utf8) { return try ramDisk(path) }
        guard start.starts(with: [0x1f, 0x8b]) else {
            throw ImageError(path, "is not an ISO image, an initrd, a seed or an overlay")
        }
        let unpacked: [UInt8]
        do throws(BuildError) {
            let file = try ArchiveFile(path, .raw)
            _ = try file.next()
            unpacked = try file.read(atMost: 512)
        } catch { throw ImageError(path, "damaged: \(error)") }
        if unpacked.starts(with: "070701".utf8) { return try ramDisk(path) }
        guard unpacked.dropFirst(257).starts(with: "ustar".utf8) else {
            throw ImageError(path, "is a gzip file, but not an initrd, a seed or an overlay")
        }
        return try tar(path)
    }

    // MARK: Images

    private func image(_ path: String) async throws -> Inspection {
        let xorriso = try await Xorriso()
        let scratch = try ScratchFolder()
        let image = try InstallerImage(path, name: path)
        var found = Inspection(path: path, kind: .image)
        found.says = image.info
        found.volume = image.volume
        let boot = try await BootRecords(
            of: URL(filePath: path).absoluteURL.path, xorriso, time: ArchiveEntry.time)
        found.boot = boot.present
        let starts = try image.starts()
        let kernels = Set(starts.map(\.kernel))
        // The menus that xenseed writes do not start every initrd of the image.
        let started = Set(starts.map(\.initrd))
        let initrds = image.files.filter { path in
            path.split(separator: "/").last?.hasPrefix("initrd") == true || started.contains(path)
        }
        guard initrds.count <= InstallerImage.startLimit else {
            throw ImageError(
                path, "has \(initrds.count) initrds; an installer image has at most \(InstallerImage.startLimit)")
        }
        let heads = try image.extract(kernels, to: try scratch.folder("kernels"), limit: 1 << 16)
        for path in kernels.sorted() {
            let header = heads[path].flatMap { fileBytes($0, from: 0, count: 1 << 16) }.flatMap(KernelHeader.init)
            found.installers.append(.init(path: "/" + path, version: header?.version))
        }
        var seeds: [(path: String, files: [String: [UInt8]])] = []
        for path in initrds.sorted() {
            // Initrds are extracted one at a time, since each can be large.
            let places = try image.extract([path], to: try scratch.folder("initrd"))
            guard let place = places[path] else { continue }
            do {
                let disk = try RAMDisk(place, name: "/" + path, wants: Self.limit)
                found.installers.append(Self.installer("/" + path, disk))
                if Self.hasSeed(disk) { seeds.append((path, disk.files)) }
            } catch { found.damage.append(error.description) }
            try? FileManager.default.removeItem(atPath: place)
        }
        if let first = seeds.first {
            take(seed: first.files, into: &found)
            for other in seeds.dropFirst() where Self.seedFiles(other.files) != Self.seedFiles(first.files) {
                found.damage.append("/\(other.path) has a different seed from /\(first.path)")
            }
            if image.text("xenseed/nodes") != first.files["xenseed/nodes"] {
                found.damage.append("/xenseed/nodes differs from the file in the seed")
            }
            found.damage += boot.missing.map { "lacks \($0)" }
        }
        Self.add(try image.damagedFiles().map { "/\($0) does not match md5sum.txt" }, to: &found.damage)
        return found
    }

    // MARK: Initrds

    /// Returns the number of bytes that a file may have which is inspected; nil for any other file.
    private static func limit(of path: String) -> Int? {
        if path == "etc/lsb-release" || path == "preseed.cfg" || path.hasPrefix("xenseed/") { return 1 << 20 }
        return NodeFile.split(path).flatMap { NodeFile(rawValue: $0.path) }.map(limit)
    }

    private static func limit(of file: NodeFile) -> Int {
        switch file {
        // A preseed of xenseed has 20 KB. Reading it takes memory many times its size.
        case .preseed: 1 << 18
        case .lateCommand, .mtree: 4 << 20
        case .overlay: 64 << 20
        }
    }

    /// The number of problems of one kind that are listed.
    private static let problemLimit = 100

    /// Adds the first problems of a kind, and how many others there are.
    private static func add(_ problems: [String], to damage: inout [String]) {
        damage += problems.prefix(problemLimit)
        if problems.count > problemLimit { damage.append("and \(problems.count - problemLimit) more") }
    }

    private static func hasSeed(_ disk: RAMDisk) -> Bool { disk.files["xenseed/nodes"] != nil }

    private static func seedFiles(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
        files.filter { $0.key != "etc/lsb-release" }
    }

    private static func installer(_ path: String, _ disk: RAMDisk) -> Inspection.Installer {
        let text = disk.files["etc/lsb-release"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        let version = InstallerVersion(lsbRelease: text)
        return .init(
            path: path, version: version?.text, archives: disk.archives, hasSeed: hasSeed(disk))
    }

    private func ramDisk(_ path: String) throws -> Inspection {
        let disk = try RAMDisk(path, name: path, wants: Self.limit)
        let isSeedAlone = Self.hasSeed(disk) && disk.archives == 1
        var found = Inspection(path: path, kind: isSeedAlone ? .seed : .initrd)
        if !isSeedAlone { found.installers = [Self.installer(path, disk)] }
        if Self.hasSeed(disk) { take(seed: disk.files, into: &found) }
        return found
    }

    private func take(seed files: [String: [UInt8]], into found: inout Inspection) {
        var nodes: [String: [NodeFile: [UInt8]]] = [:]
        for (path, bytes) in files {
            guard let (node, name) = NodeFile.split(path), let file = NodeFile(rawValue: name) else { continue }
            nodes[node, default: [:]][file] = bytes
        }
        for path in ["preseed.cfg", "xenseed/find-node.sh", "xenseed/find-node.templates", "xenseed/nodes"]
        where files[path] == nil {
            found.damage.append("the seed has no /\(path)")
        }
        take(nodes, into: &found)
        let table = NodeTable(files["xenseed/nodes"] ?? [])
        Self.add(
            table.names.filter { nodes[$0] == nil }.map {
                "the seed has no /nodes/\($0), which is listed in /xenseed/nodes"
            }, to: &found.damage)
        for index in found.nodes.indices {
            let name = found.nodes[index].name
            guard let row = table.rows[name] else {
                found.nodes[index].damage.append(
                    "/xenseed/nodes does not list the node, so no machine is recognised as this node")
                continue
            }
            found.nodes[index].serial = row.serial
            if !row.macs.isEmpty { found.nodes[index].macs = row.macs }
        }
    }

    /// The number of bytes that the overlays of all nodes may have together when they are unpacked, one at a time.
    private static let unpackLimit = 4 << 30

    private func take(_ nodes: [String: [NodeFile: [UInt8]]], into found: inout Inspection) {
        var left = Self.unpackLimit
        for (name, files) in nodes.sorted(by: { $0.key < $1.key }) {
            found.nodes.append(NodeContent(name: name, files: files, showsSecrets: showsSecrets, unpacking: &left))
        }
    }

    // MARK: tar

    private func tar(_ path: String) throws -> Inspection {
        var (isNetboot, isOverlay) = (false, false)
        var version: String?
        // The overlay of a node may have any files of the user's.
        var (members, bytes) = (100_000, 2 << 30)
        do throws(BuildError) {
            let archive = try ArchiveFile(path, .tar)
            while let entry = try archive.next() {
                members -= 1
                if case .file(let size) = entry.kind { bytes = size < 0 || size > bytes ? -1 : bytes - size }
                guard members >= 0, bytes >= 0 else { throw BuildError("is too large to be inspected", code: .archive) }
                isNetboot = isNetboot || entry.path == "debian-installer/amd64/initrd.gz"
                isOverlay = isOverlay || entry.path == "etc/xenseed/expect"
                if entry.path == "version.info" { version = Self.versionText(try archive.content(limit: 1 << 16)) }
            }
        } catch { throw ImageError(path, "damaged: \(error)") }
        if isNetboot {
            var found = Inspection(path: path, kind: .netbootArchive)
            found.says = version
            return found
        }
        guard isOverlay else {
            throw ImageError(path, "is a tar archive, but not an overlay of xenseed or Debian's netboot archive")
        }
        var found = Inspection(path: path, kind: .overlay)
        var left = Self.unpackLimit
        found.nodes = [
            NodeContent(
                name: "", files: try files([.overlay: path]), isComplete: false, showsSecrets: showsSecrets,
                unpacking: &left)
        ]
        return found
    }

    /// Returns the lines of version.info as one line.
    private static func versionText(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        .joined(separator: ", ")
    }

    // MARK: Folders

    private func folder(_ path: String) throws -> Inspection {
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
        if has(Manifest.name), has("nodes") { return try outputTree(path) }
        if has(NodeFile.preseed.rawValue), has(NodeFile.lateCommand.rawValue) {
            var found = Inspection(path: path, kind: .nodeFolder)
            let name = URL(filePath: path).absoluteURL.standardizedFileURL.lastPathComponent
            take([name: try nodeFiles(path)], into: &found)
            return found
        }
        for root in [path, "\(path)/tftp"]
        where FileManager.default.fileExists(atPath: "\(root)/debian-installer/amd64") {
            return try netbootTree(path, root)
        }
        throw ImageError(path, "is not an output tree, a node's directory or a netboot tree")
    }

    private func nodeFiles(_ directory: String) throws(ImageError) -> [NodeFile: [UInt8]] {
        try files(
            Dictionary(uniqueKeysWithValues: NodeFile.installing.map { ($0, "\(directory)/\($0.rawValue)") }))
    }

    /// Returns the contents of those files that are regular files.
    private func files(_ paths: [NodeFile: String]) throws(ImageError) -> [NodeFile: [UInt8]] {
        var files: [NodeFile: [UInt8]] = [:]
        for (file, path) in paths {
            guard let length = fileLength(path) else { continue }
            guard length <= Self.limit(of: file) else { throw ImageError(path, "is larger than any file of xenseed") }
            files[file] = fileBytes(path, from: 0, count: length)
        }
        return files
    }

    /// Returns the beginning of a text file; nil when there is no regular file.
    private func text(_ path: String) -> [UInt8]? {
        fileLength(path) == nil ? nil : fileBytes(path, from: 0, count: 1 << 16)
    }

    private func outputTree(_ path: String) throws -> Inspection {
        var found = Inspection(path: path, kind: .outputTree)
        found.damage = try OutputTree.damage(in: path)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(path)/nodes")
        var nodes: [String: [NodeFile: [UInt8]]] = [:]
        for name in names {
            let files = try nodeFiles("\(path)/\(NodeFile.directory(of: name))")
            // A directory that xenseed did not write has none of these files.
            if !files.isEmpty { nodes[name] = files }
        }
        take(nodes, into: &found)
        let tftp = "\(path)/pxe/tftp"
        if FileManager.default.fileExists(atPath: tftp) { found.armed = armed(tftp) }
        return found
    }

    private func netbootTree(_ path: String, _ root: String) throws -> Inspection {
        var found = Inspection(path: path, kind: .netbootTree)
        found.says = text("\(root)/version.info").map(Self.versionText)
        let debian = "debian-installer/amd64"
        if let bytes = fileBytes("\(root)/\(debian)/linux", from: 0, count: 1 << 16) {
            found.installers.append(.init(path: "\(debian)/linux", version: KernelHeader(bytes)?.version))
        }
        let initrd = "\(debian)/initrd.gz"
        if fileLength("\(root)/\(initrd)") != nil {
            do {
                let disk = try RAMDisk("\(root)/\(initrd)", name: initrd, wants: Self.limit)
                found.installers.append(Self.installer(initrd, disk))
                if Self.hasSeed(disk) { take(seed: disk.files, into: &found) }
            } catch { found.damage.append(error.description) }
        }
        found.armed = armed(root)
        return found
    }

    /// Returns the boot files of a TFTP root directory that belong to one MAC address.
    private func armed(_ root: String) -> [Inspection.Armed] {
        var found: [Inspection.Armed] = []
        for (folder, prefix, suffix) in [
            ("debian-installer/amd64/pxelinux.cfg", "01-", ""), ("debian-installer/amd64/grub", "grub.cfg-01-", ""),
            ("ipxe", "mac-", ".ipxe"),
        ] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            for name in names.sorted() where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
                let mac = name.dropFirst(prefix.count).dropLast(suffix.count).replacing("-", with: ":")
                let text = String(decoding: text("\(root)/\(folder)/\(name)") ?? [], as: UTF8.self)
                found.append(
                    .init(
                        path: "\(folder)/\(name)", mac: String(mac),
                        node: text.firstMatch(of: /netcfg\/hostname=(\S+)/).map { String($0.1) },
                        url: text.firstMatch(of: /\burl=(\S+)/).map { String($0.1) }))
            }
        }
        return found
    }
}

/// The file /xenseed/nodes: a line for each node with its name, its MAC addresses separated by commas, and its serial
/// number.
private struct NodeTable {
    struct Row {
        var macs: [String]
        var serial: String?
    }
    var names: [String] = []
    var rows: [String: Row] = [:]

    init(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            // A serial number may contain blanks.
            let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard let name = fields.first else { continue }
            names.append(name)
            rows[name] = Row(
                macs: fields.count > 1 ? fields[1].split(separator: ",").map(String.init) : [],
                serial: fields.count > 2 ? fields[2] : nil)
        }
    }
}
