import Crypto
import Lab
import SystemPackage

/// `usb/seed.cpio.gz`: the archive that is appended to an installer's initrd so that one medium installs every node of
/// the lab.
///
/// All its files are in the tree as well, so it is written and read one member at a time.
struct Seed: Sendable {
    static let path = "usb/seed.cpio.gz"
    /// The directory of the tree with the files that do not belong to a node.
    static let folder = "usb/seed/"
    /// The files of each node's directory that the archive has.
    static let parts = ["late-command.sh", "overlay.tar.gz", "preseed.cfg"]

    private let nodes: [Node]
    private let common: [SeedFile]

    /// Plans the archive of a lab.
    /// - Parameter order: The indices of the lab's nodes, in the order of their names.
    init(planner: Planner, order: [Int]) throws {
        nodes = order.map { planner.lab.nodes[$0] }
        common = try planner.seed()
    }

    /// Whether the archive has a file of the tree.
    static func takes(_ path: String) -> Bool {
        path.hasPrefix(folder) || path.utf8.count { $0 == 47 } == 2 && parts.contains(where: path.hasSuffix)
    }

    /// The files of the archive that do not belong to a node.
    var files: [PlannedFile] {
        common.map {
            PlannedFile(
                path: Self.folder + $0.path, kind: .bytes($0.content), isExecutable: $0.mode & 0o100 != 0,
                sum: sha256($0.content))
        }
    }

    /// The archive as a planned file; its content is not in memory.
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
            /// The content of a file of the output tree, by path.
            case file(String)
        }
    }

    private var first: [Member] { [Member(path: "nodes", mode: 0o755, content: .folder)] }

    private func members(ofNode index: Int) -> [Member] {
        let node = nodes[index]
        let folder = "nodes/\(node.name)"
        return [Member(path: folder, mode: 0o755, content: .folder)]
            + Self.parts.map { part in
                let isSecret = part == "preseed.cfg" ? node.carriesSecret : part == "overlay.tar.gz" && node.hidesFiles
                let path = "\(folder)/\(part)"
                return Member(path: path, mode: isSecret ? 0o600 : 0o644, content: .file(path))
            }
    }

    private var last: [Member] {
        var folders: Set<String> = []
        return common.flatMap { file -> [Member] in
            let folder = file.path.lastIndex(of: "/").map { String(file.path[..<$0]) }
            let isNew = folder.map { folders.insert($0).inserted } ?? false
            return (isNew ? [Member(path: folder!, mode: 0o755, content: .folder)] : [])
                + [Member(path: file.path, mode: file.mode, content: .bytes(file.content))]
        }
    }

    /// All members in the order of the archive: directories come before their content.
    private var members: some Sequence<Member> {
        first + nodes.indices.lazy.flatMap { members(ofNode: $0) } + last
    }

    // MARK: Reading

    /// Whether the archive in an output tree has exactly the planned members.
    func hasPlannedMembers(in tree: String) -> Bool {
        do {
            let file = try CpioFile("\(tree)/\(Self.path)")
            for member in members {
                guard let entry = try file.next(limit: .max), entry.path.description == member.path,
                    entry.mode == member.mode
                else { return false }
                switch (member.content, entry.kind) {
                case (.folder, .folder): break
                case (.bytes(let wanted), .file(let bytes)) where bytes == wanted: break
                case (.file(let path), .file(let bytes)):
                    if try FileSystem.content("\(tree)/\(path)") != bytes { return false }
                default: return false
                }
            }
            return try file.next(limit: .max) == nil
        } catch { return false }
    }

    // MARK: Writing

    /// Writes the archive to a file, one node at a time.
    final class Packing {
        private let seed: Seed
        private let path: String
        private let file: FileDescriptor
        private let read: (String) throws -> [UInt8]
        private var writer: ArchiveWriter

        /// Opens a writer.
        /// - Parameters:
        ///   - path: The path of an existing, empty file.
        ///   - read: Returns the content of a file of the output tree.
        init(_ seed: Seed, into path: String, read: @escaping (String) throws -> [UInt8]) throws {
            self.seed = seed
            self.path = path
            self.read = read
            do { file = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec, .noFollow]) } catch {
                throw BuildError.failed("can't be opened", path, error)
            }
            writer = try ArchiveWriter(newcGzip: file)
            try add(seed.first)
        }

        deinit { try? file.close() }

        /// Appends the next node in the order.
        /// - Parameter known: Files of the node whose content is known; the others are read.
        func add(node: Int, _ known: [PlannedFile] = []) throws { try add(seed.members(ofNode: node), known) }

        private func add(_ members: [Member], _ known: [PlannedFile] = []) throws {
            for member in members {
                guard let path = ArchivePath(member.path) else {
                    throw BuildError("the path \(member.path) can't be stored in an archive")
                }
                let kind: ArchiveEntry.Kind =
                    switch member.content {
                    case .folder: .folder
                    case .bytes(let bytes): .file(bytes)
                    case .file(let path):
                        if case .bytes(let bytes)? = known.first(where: { $0.path == path })?.kind {
                            .file(bytes)
                        } else {
                            .file(try read(path))
                        }
                    }
                do { try writer.add(ArchiveEntry(path: path, mode: member.mode, kind: kind)) } catch {
                    throw BuildError("\(self.path): can't be written: \(error)")
                }
            }
        }

        /// Completes the archive.
        /// - Returns: The SHA-256 of the archive, in hex.
        func finish() throws -> String {
            try add(seed.last)
            do { try writer.close() } catch { throw BuildError("\(path): can't be written: \(error)") }
            return try sha256(ofFile: path)
        }
    }
}

/// Returns the SHA-256 of a file in lower-case hex.
func sha256(ofFile path: String) throws(BuildError) -> String {
    var hash = SHA256()
    try FileSystem.read(path) { hash.update(bufferPointer: $0) }
    return hex(hash.finalize())
}
