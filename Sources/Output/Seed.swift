import Archive
import Crypto
import Glibc
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
            /// A file of the output tree.
            case file(String)
        }
    }

    // In the archive's order; parents come before what is in them.

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

    // MARK: Reading

    /// Holds an archive against the plan, a node at a time.
    struct Comparison: ~Copyable {
        private let seed: Seed
        private var file: CpioFile
        private var differs = false

        /// - Throws: when there is no archive at that path.
        init(_ seed: Seed, with archive: String) throws {
            self.seed = seed
            file = try CpioFile(archive)
            compare(seed.first, [])
        }

        /// The next node in the order.
        /// - Parameter lines: the manifest's, of that node.
        mutating func add(node: Int, _ lines: [UInt8]) { compare(seed.members(ofNode: node), lines) }

        /// Whether the archive has the planned members, and no others.
        consuming func isHeld() -> Bool {
            compare(seed.last, [])
            do { return try !differs && file.next(limit: .max) == nil } catch { return false }
        }

        private mutating func compare(_ members: [Member], _ lines: [UInt8]) {
            for member in members where !differs {
                guard let entry = try? file.next(limit: .max), entry.path.description == member.path,
                    entry.mode == member.mode
                else {
                    differs = true
                    return
                }
                switch (member.content, entry.kind) {
                case (.folder, .folder): break
                case (.bytes(let wanted), .file(let bytes)) where bytes == wanted: break
                case (.file(let path), .file(let bytes)) where Manifest.digest(of: path, in: lines) == sha256(bytes):
                    break
                default: differs = true
                }
            }
        }
    }

    // MARK: Writing

    /// Packs it into a file, a node at a time.
    final class Packing {
        private let seed: Seed
        private let path: String
        private let file: CInt
        private let read: (String) throws -> [UInt8]
        private var writer: ArchiveWriter

        /// - Parameters:
        ///   - path: of a file that is there, and empty.
        ///   - read: gives the bytes of a file of the output tree.
        init(_ seed: Seed, into path: String, read: @escaping (String) throws -> [UInt8]) throws {
            self.seed = seed
            self.path = path
            self.read = read
            file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
            guard file >= 0 else { throw OutputError.last("can't be opened", path) }
            writer = try ArchiveWriter(.newcGzip, file: file)
            try add(seed.first)
        }

        deinit { close(file) }

        /// The next node in the order; its files are in their places.
        func add(node: Int) throws { try add(seed.members(ofNode: node)) }

        private func add(_ members: [Member]) throws {
            for member in members {
                guard let path = ArchivePath(member.path) else { throw OutputError("\(member.path) can't be packed") }
                let kind: ArchiveEntry.Kind =
                    switch member.content {
                    case .folder: .folder
                    case .bytes(let bytes): .file(bytes)
                    case .file(let path): .file(try read(path))
                    }
                do { try writer.add(ArchiveEntry(path: path, mode: member.mode, kind: kind)) } catch {
                    throw OutputError("\(self.path): can't be written: \(error)")
                }
            }
        }

        /// - Returns: its SHA-256.
        func finish() throws -> String {
            try add(seed.last)
            do { try writer.close() } catch { throw OutputError("\(path): can't be written: \(error)") }
            return try sha256(ofFile: path)
        }
    }
}

/// The SHA-256 of a file, in lower-case hex.
func sha256(ofFile path: String) throws(OutputError) -> String {
    var hash = SHA256()
    try FileSystem.read(path) { hash.update(bufferPointer: $0) }
    return hex(hash.finalize())
}
