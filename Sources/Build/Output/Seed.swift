import Crypto
import Lab
import Preseed
import SystemPackage

/// `usb/seed.cpio.gz`: the archive that is appended to an installer's initrd so that one medium installs every node of
/// the lab.
///
/// All its files are in the tree as well, so it is packed and compared one member at a time.
package struct Seed: Sendable {
    package static let path = "usb/seed.cpio.gz"
    /// The directory of the tree with the files that do not belong to a node.
    static let directory = "usb/seed/"

    struct Member: Sendable {
        var path: String
        /// Permission bits.
        var mode: Int
        var content: Content

        enum Content: Sendable {
            case directory
            case bytes([UInt8])
            /// A file of the output tree, by its path there and the SHA-256 of its bytes in lower-case hex.
            case file(String, digest: String)
        }
    }

    /// All members in the order of the archive; directories come before their content.
    private let members: [Member]

    /// - Parameters:
    ///   - nodes: The members of all nodes.
    ///   - common: The files that do not belong to a node.
    init(nodes: [Member], common: [SeedFile]) {
        var members = [Member(path: "nodes", mode: 0o755, content: .directory)] + nodes
        var directories: Set<Substring> = []
        for file in common {
            if let end = file.path.lastIndex(of: "/"), directories.insert(file.path[..<end]).inserted {
                members.append(Member(path: String(file.path[..<end]), mode: 0o755, content: .directory))
            }
            members.append(Member(path: file.path, mode: file.mode, content: .bytes(file.content)))
        }
        self.members = members
    }

    /// Returns the members of one node: its directory, and files of the tree. A secret file is readable only by root.
    static func members(of node: Hostname, _ files: [PlannedFile]) -> [Member] {
        [Member(path: NodeFile.directory(of: node), mode: 0o755, content: .directory)]
            + files.map { file in
                Member(
                    path: file.path, mode: file.isSecret ? 0o600 : 0o644,
                    content: .file(file.path, digest: file.digest!))
            }
    }

    /// Whether a file of the archive has a secret.
    var isSecret: Bool { members.contains { $0.mode & 0o077 == 0 } }

    /// Whether an archive has exactly the planned members.
    func matches(archive path: String) -> Bool {
        do {
            let file = try CpioFile(path)
            for member in members {
                guard let entry = try file.next(limit: .max), entry.path.description == member.path,
                    entry.mode == member.mode
                else { return false }
                switch (member.content, entry.kind) {
                case (.directory, .folder): break
                case (.bytes(let wanted), .file(let bytes)) where bytes == wanted: break
                case (.file(_, let digest), .file(let bytes)) where sha256(bytes) == digest: break
                default: return false
                }
            }
            return try file.next(limit: .max) == nil
        } catch { return false }
    }

    /// Packs the archive.
    /// - Parameters:
    ///   - path: The path of an existing, empty file.
    ///   - place: Returns where a file of the output tree is now.
    func pack(into path: String, reading place: (String) throws -> String) throws {
        let file: FileDescriptor
        do { file = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec, .noFollow]) } catch {
            throw BuildError.failed("can't be opened", path, error)
        }
        defer { try? file.close() }
        do {
            var writer = try ArchiveWriter(newcGzip: file)
            for member in members {
                let kind: ArchiveEntry.Kind =
                    switch member.content {
                    case .directory: .folder
                    case .bytes(let bytes): .file(bytes)
                    case .file(let path, _): .file(try FileSystem.content(place(path)))
                    }
                guard let name = ArchivePath(member.path) else {
                    throw BuildError("the path \(member.path) can't be stored in an archive")
                }
                try writer.add(ArchiveEntry(path: name, mode: member.mode, kind: kind))
            }
            try writer.close()
        } catch let error as BuildError where error.code == .archive {
            throw BuildError("\(path): can't be written: \(error)")
        }
    }
}

/// Returns the SHA-256 of a file in lower-case hex.
package func sha256(ofFile path: String) throws(BuildError) -> String {
    var hash = SHA256()
    try FileSystem.read(path) { hash.update(bufferPointer: $0) }
    return hex(hash.finalize())
}
