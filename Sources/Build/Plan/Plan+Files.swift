import Glibc
import Lab
import Preseed

/// The files of one node.
package struct NodeFiles: Sendable {
    package let node: Node
    /// The files in `nodes/NAME`, sorted by path.
    package var own: [PlannedFile]
    /// The boot files, which are in other directories of the tree. The file that decides whether the node is installed
    /// is the first.
    package var boot: [PlannedFile]
    /// The MD5 of the preseed in lower-case hex, which the kernel line of the installer has.
    var preseedMD5: String
    /// The node's files in the seed.
    var seedMembers: [Seed.Member]
}

/// This is the one enumeration of a lab's files. All files but `SHA256SUMS`, which lists them, come from here.
extension Plan {
    /// Creates all files of the lab. The files of several nodes are created at the same time, and the files of a node
    /// are released when `body` returns, as each file of the lab is when `receive` returns, so the files of a large lab are
    /// never all in memory.
    /// - Parameters:
    ///   - overlay: Returns the overlay archive that an earlier build wrote for a node; see ``files(of:keeping:)``.
    ///   - body: Receives the files of a node, for several nodes at the same time and in any order.
    ///   - receive: Receives each file of the whole lab, after the nodes. The seed is the last, so that its members are
    ///     written before it.
    /// - Returns: The results of `body` by node, in the order of the nodes' names.
    package func files<Result: Sendable>(
        keeping overlay: @escaping @Sendable (Node) throws -> [UInt8]? = { _ in nil },
        _ body: @escaping @Sendable (NodeFiles) async throws -> Result,
        lab receive: (PlannedFile) async throws -> Void
    ) async throws -> [Result] {
        let nodes = lab.nodes
        var resolved: Task<[UInt8], Never>? = Task { ResolvedLab.json(of: lab) }
        var made = [(preseedMD5: String, seed: [Seed.Member], result: Result)?](repeating: nil, count: nodes.count)
        try await withThrowingTaskGroup(of: (Int, String, [Seed.Member], Result).self) { group in
            var waiting = nodes.indices.makeIterator()
            func start() {
                guard let place = waiting.next() else { return }
                group.addTask {
                    let files = try self.files(of: nodes[place], keeping: try overlay(nodes[place]))
                    return (place, files.preseedMD5, files.seedMembers, try await body(files))
                }
            }
            // Two tasks for each core, so that a core never waits for the next node.
            for _ in 0..<2 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) { start() }
            var count = 0
            while let (place, md5, seed, result) = try await group.next() {
                made[place] = (md5, seed, result)
                count += 1
                Progress.report("building \(nodes.count) nodes", count, of: nodes.count)
                start()
            }
        }
        let order = nodes.indices.sorted { nodes[$0].name.description < nodes[$1].name.description }
        let sums = made.map { $0!.preseedMD5 }
        let seed = try self.seed()
        try await receive(PlannedFile("README.md", readme(preseedSums: sums)))
        try await receive(PlannedFile(ResolvedLab.path, await resolved!.value))
        // The text is not kept in memory until the other files are written.
        resolved = nil
        for file in networkBoot() + overview() { try await receive(file) }
        try await receive(virtualBox())
        try await receive(qemu(preseedSums: sums))
        try await libvirt(receive)
        for member in seed {
            try await receive(
                PlannedFile(Seed.directory + member.path, member.content, isExecutable: member.mode & 0o100 != 0))
        }
        try await receive(PlannedFile(Seed(nodes: order.flatMap { made[$0]!.seed }, common: seed)))
        return order.map { made[$0]!.result }
    }

    /// Creates the files of one node.
    /// - Parameter standing: The overlay archive that an earlier build wrote, if there is one. It is kept if it has the
    ///   planned members, because another version of libdeflate may compress the same members to other bytes.
    package func files(of node: Node, keeping standing: [UInt8]?) throws -> NodeFiles {
        let overlay = self.overlay(node)
        let members = try overlay.map(SummedMember.init)
        let archive = try standing.flatMap { Self.hasMembers($0, members) ? $0 : nil } ?? Self.pack(members)
        let hidden = Set(node.hiddenFiles.map { String($0.description.dropFirst()) })
            .union(overlay.filter(\.isSecret).map(\.path))
        let packed = PlannedFile(
            NodeFile.overlay.path(of: node.name), archive, isSecret: !hidden.isEmpty, owner: node.name)
        let late = PlannedFile(
            NodeFile.lateCommand.path(of: node.name), lateCommand(node, overlaySum: packed.digest!),
            isSecret: node.access.hasUserPasswords, owner: node.name)
        let text = preseed(node, lateSum: late.digest!)
        try checkPreseed(text, of: node, file: NodeFile.preseed.path(of: node.name))
        let preseed = PlannedFile(
            NodeFile.preseed.path(of: node.name), text, isSecret: node.access.rootPassword != nil, owner: node.name)
        let unpacked = zip(overlay, members).compactMap { member, summed -> PlannedFile? in
            let path = NodeFile.member(member.path, of: node.name)
            switch member.kind {
            case .file(let bytes):
                return PlannedFile(
                    path, bytes, isExecutable: member.mode & 0o100 != 0, isSecret: hidden.contains(member.path),
                    digest: summed.sum, owner: node.name)
            case .link(let target): return PlannedFile(path, linkTo: target, owner: node.name)
            case .folder: return nil
            }
        }
        let mtree = PlannedFile(NodeFile.mtree.path(of: node.name), MtreeManifest.bytes(members), owner: node.name)
        let preseedMD5 = md5(text)
        return NodeFiles(
            node: node, own: [late, mtree, packed] + unpacked + [preseed],
            boot: bootFiles(of: node, preseedSum: preseedMD5),
            preseedMD5: preseedMD5, seedMembers: Seed.members(of: node.name, [late, packed, preseed]))
    }

    private static func pack(_ members: [SummedMember]) throws(BuildError) -> [UInt8] {
        try ArchiveWriter.tarGzip(members.lazy.map(\.entry))
    }

    private static func hasMembers(_ archive: [UInt8], _ members: [SummedMember]) -> Bool {
        let entries = members.map(\.entry)
        let bytes = entries.reduce(0) { if case .file(let content) = $1.kind { $0 + content.count } else { $0 } }
        return (try? ArchiveReader.members(of: archive, limit: bytes)) == entries
    }
}

extension SummedMember {
    init(_ member: OverlayMember) throws(BuildError) {
        guard let path = ArchivePath(member.path) else {
            throw BuildError("the path \(member.path) can't be stored in an archive")
        }
        switch member.kind {
        case .file(let bytes):
            self.init(entry: ArchiveEntry(path: path, mode: member.mode, kind: .file(bytes)), sum: sha256(bytes))
        case .folder: self.init(entry: ArchiveEntry(path: path, mode: member.mode, kind: .folder), sum: "")
        case .link(let target):
            self.init(entry: ArchiveEntry(path: path, mode: member.mode, kind: .link(target)), sum: "")
        }
    }
}
