import Lab
import SystemPackage

/// A file that is to be written, with its path in the output tree.
struct PlannedFile: Sendable {
    var path: String
    var kind: Kind
    var isExecutable = false
    /// Whether the file has a secret, so that other users must not read it.
    var isSecret = false
    /// The SHA-256 of the content in hex, if it is known already.
    var sum: String?

    enum Kind: Sendable {
        case bytes([UInt8])
        case link(String)
    }

    /// The permission bits with which the file is written.
    var mode: CInterop.Mode { isSecret ? (isExecutable ? 0o750 : 0o640) : (isExecutable ? 0o755 : 0o644) }
}

/// Computes the files of one node from the plan.
struct NodeArtifacts: Sendable {
    let planner: Planner
    /// The overlay members that all nodes share, by path.
    private let shared: [String: SummedMember]

    init(planner: Planner) throws(BuildError) {
        self.planner = planner
        var shared: [String: SummedMember] = [:]
        for member in planner.sharedMembers { shared[member.path] = try SummedMember(member) }
        self.shared = shared
    }

    /// The files of one node.
    struct Files {
        /// The files in `nodes/NAME`, sorted by path.
        var own: [PlannedFile]
        /// The boot files, which are in other directories of the tree.
        var media: [PlannedFile]
        /// The MD5 of the node's preseed, in hex.
        var preseedSum: String
    }

    /// Returns all files of a node.
    /// - Parameters:
    ///   - packed: The overlay archive that is in the tree, if there is one. It is kept when it has the planned
    ///     members, since another version of zlib compresses the same members to other bytes.
    ///   - previous: The digests of overlays and their mtree manifests in the tree's SHA256SUMS, by path.
    func files(of node: Node, packed: [UInt8]?, previous: [String: String]) throws -> Files {
        let folder = "nodes/\(node.name)"
        let overlay = try planner.overlay(node)
        let members = try overlay.map { member throws(BuildError) in
            try member.isShared ? shared[member.path]! : SummedMember(member)
        }
        let mtree = MtreeManifest.bytes(members)
        let mtreeSum = sha256(mtree)
        let archive =
            try packed.flatMap { packed in
                let sum = sha256(packed)
                let isListed =
                    previous["\(folder)/\(Manifest.mtree)"] == mtreeSum
                    && previous["\(folder)/\(Manifest.archive)"] == sum
                return isListed || Self.hasMembers(packed, members) ? (packed, sum) : nil
            } ?? Self.pack(members)
        let lateCommand = try planner.lateCommand(node, overlaySum: archive.sum)
        let lateSum = sha256(lateCommand)
        let preseed = try planner.preseed(node, lateSum: lateSum)
        try planner.checkPreseed(preseed, of: node, file: "\(folder)/preseed.cfg")
        let hidden = Set(node.hiddenFiles.map { String($0.description.dropFirst()) })
        // Sorted by path.
        var files = [
            PlannedFile(path: "\(folder)/late-command.sh", kind: .bytes(lateCommand), sum: lateSum),
            PlannedFile(path: "\(folder)/\(Manifest.mtree)", kind: .bytes(mtree), sum: mtreeSum),
            PlannedFile(
                path: "\(folder)/\(Manifest.archive)", kind: .bytes(archive.bytes), isSecret: !hidden.isEmpty,
                sum: archive.sum),
        ]
        for (member, summed) in zip(overlay, members) {
            let path = "\(folder)/overlay/\(member.path)"
            switch member.kind {
            case .file(let bytes):
                files.append(
                    PlannedFile(
                        path: path, kind: .bytes(bytes), isExecutable: member.mode & 0o100 != 0,
                        isSecret: !hidden.isEmpty && hidden.contains(member.path), sum: summed.sum))
            case .link(let target): files.append(PlannedFile(path: path, kind: .link(target)))
            case .folder: break
            }
        }
        files.append(
            PlannedFile(
                path: "\(folder)/preseed.cfg", kind: .bytes(preseed), isSecret: node.carriesSecret,
                sum: sha256(preseed)))
        let preseedSum = md5(preseed)
        let media = try planner.media(node, preseedSum: preseedSum).map(PlannedFile.init)
        return Files(own: files, media: media, preseedSum: preseedSum)
    }

    private static func pack(_ members: [SummedMember]) throws(BuildError) -> (bytes: [UInt8], sum: String) {
        let bytes = try ArchiveWriter.tarGzip(members.lazy.map(\.entry))
        return (bytes, sha256(bytes))
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

extension PlannedFile {
    init(_ file: MediaFile) {
        self.init(path: file.path, kind: .bytes(file.content), isExecutable: file.isExecutable)
    }
}
