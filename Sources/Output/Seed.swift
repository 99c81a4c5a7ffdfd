import Archive
import Crypto
import Lab
import Plan

/// `usb/seed.cpio.gz`: what is appended to an installer's initrd so that one medium serves the whole lab.
///
/// It holds files of every node that are already in the tree, so it is read and written one member at a time.
struct Seed: Sendable {
    static let path = "usb/seed.cpio.gz"
    /// What it holds of each node, by path.
    private static let parts = ["late-command.sh", "overlay.tar.gz", "preseed.cfg"]

    private let nodes: [Node]
    private let common: [SeedFile]

    /// - Parameter order: the places of the lab's nodes, in the order of their names.
    init(planner: Planner, order: [Int]) throws {
        nodes = order.map { planner.lab.nodes[$0] }
        common = try planner.seed()
    }

    /// In the plan without its bytes.
    var file: PlannedFile {
        PlannedFile(
            path: Self.path, kind: .bytes([]), isSecret: nodes.contains { $0.carriesSecret || $0.hidesFiles })
    }

    // MARK: Members

    private struct Member {
        var path: String
        var mode: Int
        var content: Content

        enum Content {
            case folder
            case bytes([UInt8])
            /// A file of the output tree, of the node of this place in `nodes`.
            case file(String, node: Int)
        }
    }

    /// In the archive's order: parents come before what is in them.
    private func forEachMember(_ body: (Member) throws -> Void) throws {
        try body(Member(path: "nodes", mode: 0o755, content: .folder))
        for (index, node) in nodes.enumerated() {
            let folder = "nodes/\(node.name)"
            try body(Member(path: folder, mode: 0o755, content: .folder))
            for part in Self.parts {
                let isSecret = part == "preseed.cfg" ? node.carriesSecret : part == "overlay.tar.gz" && node.hidesFiles
                let path = "\(folder)/\(part)"
                try body(Member(path: path, mode: isSecret ? 0o600 : 0o644, content: .file(path, node: index)))
            }
        }
        var folders: Set<String> = []
        for file in common {
            if let slash = file.path.lastIndex(of: "/"), folders.insert(String(file.path[..<slash])).inserted {
                try body(Member(path: String(file.path[..<slash]), mode: 0o755, content: .folder))
            }
            try body(Member(path: file.path, mode: file.mode, content: .bytes(file.content)))
        }
    }

    // MARK: Reading

    private struct Differs: Error {}

    /// Whether an archive has the planned members.
    /// - Parameter lines: the manifest's lines of a node, by its place in the order.
    func isHeld(by archive: String, lines: (Int) -> [UInt8]) throws(OutputError) -> Bool {
        do {
            var file = try CpioFile(archive)
            try forEachMember { member in
                guard let entry = try file.next(limit: .max), entry.path.description == member.path,
                    entry.mode == member.mode
                else { throw Differs() }
                switch (member.content, entry.kind) {
                case (.folder, .folder): break
                case (.bytes(let wanted), .file(let bytes)) where bytes == wanted: break
                case (.file(let path, let node), .file(let bytes))
                where Manifest.digest(of: path, in: lines(node)) == sha256(bytes): break
                default: throw Differs()
                }
            }
            return try file.next(limit: .max) == nil
        } catch let error as OutputError { throw error } catch { return false }
    }

    // MARK: Writing

    /// Packs it into an open file.
    /// - Parameter read: gives the bytes of a file of the output tree.
    func pack(into file: CInt, _ read: (String) throws -> [UInt8]) throws {
        var writer = try ArchiveWriter(.newcGzip, file: file)
        try forEachMember { member in
            guard let path = ArchivePath(member.path) else { throw OutputError("\(member.path) can't be packed") }
            let kind: ArchiveEntry.Kind =
                switch member.content {
                case .folder: .folder
                case .bytes(let bytes): .file(bytes)
                case .file(let path, _): .file(try read(path))
                }
            try writer.add(ArchiveEntry(path: path, mode: member.mode, kind: kind))
        }
        try writer.finish()
    }
}

/// The SHA-256 of a file, in lower-case hex.
func sha256(ofFile path: String) throws(OutputError) -> String {
    var hash = SHA256()
    try FileSystem.read(path) { hash.update(bufferPointer: $0) }
    return hex(hash.finalize())
}
