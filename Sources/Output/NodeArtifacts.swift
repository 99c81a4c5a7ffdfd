import Archive
import Glibc
import Lab
import Plan

/// A file to be written, by its path in the output tree.
struct PlannedFile: Sendable {
    var path: String
    var kind: Kind
    var isExecutable = false
    /// Not for everybody's eyes.
    var isSecret = false

    enum Kind: Sendable {
        case bytes([UInt8])
        case link(String)
    }

    /// What the file's permission bits are when it is written.
    var mode: mode_t { (isSecret ? 0o640 : 0o644) | (isExecutable ? (isSecret ? 0o110 : 0o111) : 0) }
}

/// Turns the plan of one node into bytes.
struct NodeArtifacts: Sendable {
    let planner: Planner

    /// What one node gives.
    struct Files {
        /// Below `nodes/NAME`, sorted by path.
        var own: [PlannedFile]
        /// Elsewhere in the tree.
        var media: [PlannedFile]
        /// The MD5 of its preseed, in hex.
        var preseedSum: String
    }

    /// Every file that one node gives.
    /// - Parameter packed: the overlay archive that stands in the tree, when there is one. Its bytes are kept when its
    ///   members are the planned ones: another zlib packs other bytes with the same content.
    func files(of node: Node, packed: [UInt8]?) throws -> Files {
        let folder = "nodes/\(node.name)"
        let overlay = try planner.overlay(node)
        let members = try overlay.map(Self.entry)
        let archive: [UInt8]
        if let packed, Self.holds(packed, members) {
            archive = packed
        } else {
            archive = try Self.pack(members, .tarGzip)
        }
        let lateCommand = try planner.lateCommand(node, overlaySum: sha256(archive))
        let preseed = try planner.preseed(node, lateSum: sha256(lateCommand))
        try planner.checkPreseed(preseed, file: "\(folder)/preseed.cfg")
        var files = [
            PlannedFile(path: "\(folder)/late-command.sh", kind: .bytes(lateCommand)),
            PlannedFile(path: "\(folder)/overlay.mtree", kind: .bytes(try Self.pack(members, .mtree))),
            PlannedFile(path: "\(folder)/overlay.tar.gz", kind: .bytes(archive), isSecret: node.hidesFiles),
            PlannedFile(path: "\(folder)/preseed.cfg", kind: .bytes(preseed), isSecret: node.carriesSecret),
        ]
        let hidden = Set(node.files.filter { $0.mode & 0o004 == 0 }.map { String($0.path.description.dropFirst()) })
        for member in overlay {
            let path = "\(folder)/overlay/\(member.path)"
            switch member.kind {
            case .file(let bytes):
                files.append(
                    PlannedFile(
                        path: path, kind: .bytes(bytes), isExecutable: member.mode & 0o100 != 0,
                        isSecret: hidden.contains(member.path)))
            case .link(let target): files.append(PlannedFile(path: path, kind: .link(target)))
            case .folder: break
            }
        }
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let preseedSum = md5(preseed)
        let media = try planner.media(node, preseedSum: preseedSum).map(PlannedFile.init)
        return Files(own: files, media: media, preseedSum: preseedSum)
    }

    private static func entry(_ member: OverlayMember) throws(OutputError) -> ArchiveEntry {
        guard let path = ArchivePath(member.path) else { throw OutputError("the path \(member.path) can't be packed") }
        switch member.kind {
        case .file(let bytes): return ArchiveEntry(path: path, mode: member.mode, kind: .file(bytes))
        case .folder: return ArchiveEntry(path: path, mode: member.mode, kind: .folder)
        case .link(let target): return ArchiveEntry(path: path, mode: member.mode, kind: .link(target))
        }
    }

    private static func pack(_ members: [ArchiveEntry], _ format: ArchiveWriter.Format) throws(ArchiveError) -> [UInt8]
    {
        var writer = try ArchiveWriter(format)
        for member in members { try writer.add(member) }
        return try writer.finish()
    }

    private static func holds(_ archive: [UInt8], _ members: [ArchiveEntry]) -> Bool {
        let bytes = members.reduce(0) { if case .file(let content) = $1.kind { $0 + content.count } else { $0 } }
        return (try? ArchiveReader.members(of: archive, limit: bytes)) == members
    }
}

extension PlannedFile {
    init(_ file: MediaFile) {
        self.init(path: file.path, kind: .bytes(file.content), isExecutable: file.isExecutable)
    }
}
