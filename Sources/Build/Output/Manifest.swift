import Glibc
import Lab

/// `SHA256SUMS` of an output tree: the digest of every file in the format of sha256sum(1), and a comment for every
/// link.
///
/// It is also the list of the files that xenseed wrote: xenseed never removes or replaces other files of the tree.
package struct Manifest: Sendable {
    static let name = "SHA256SUMS"
    static let heading = "# Written by xenseed: every file that it wrote here, and no other."
    private static let linkPrefix = "# link "
    /// File names in a node's directory: the overlay, and its manifest in the format of mtree(5).
    static let archive = "overlay.tar.gz"
    static let mtree = "overlay.mtree"

    private let bytes: [UInt8]

    /// Reads the manifest of a directory; nil when there is none.
    /// - Throws: ``BuildError`` when there is one that xenseed did not write.
    package init?(in folder: String) throws(BuildError) {
        guard let bytes = try FileSystem.read("\(folder)/\(Self.name)") else { return nil }
        guard bytes.starts(with: "\(Self.heading)\n".utf8) else {
            throw BuildError("\(folder)/\(Self.name) was not written by xenseed; choose another directory")
        }
        self.bytes = bytes
    }

    /// The paths of all listed files and links, and of the manifest itself.
    package var paths: Set<String> { Set(Self.paths(of: bytes) + [Self.name]) }

    /// The digest of each listed file by path; links have none.
    package var sums: [String: String] {
        var sums: [String: String] = [:]
        for line in Self.lines(of: bytes[...]).dropFirst()
        where line.count > 66 && !line.starts(with: Self.linkPrefix.utf8) {
            sums[String(decoding: line.dropFirst(66), as: UTF8.self)] = String(decoding: line.prefix(64), as: UTF8.self)
        }
        return sums
    }

    /// The digests of the archives and of the files that they were packed from, by path: for an overlay its mtree
    /// manifest and the archive itself, for the seed all its files and the archive itself.
    ///
    /// These lines were written in one exchange of trees, for archives with exactly these members. A caller that trusts
    /// the manifest therefore knows, without unpacking, that an archive with the listed digest matches a plan with the
    /// listed digests. The mtree manifest has path, type, mode, owner and content of an overlay's members; the format
    /// of the archive, and the owner and time of the members, are the same in all archives of xenseed.
    var packedSums: [String: String] {
        var sums: [String: String] = [:]
        let names = ([Self.mtree] + Seed.parts).map { Array("/\($0)".utf8) }
        let folder = Array(Seed.folder.utf8)
        for line in Self.lines(of: bytes[...]).dropFirst() where line.count > 66 {
            let path = line.dropFirst(66)
            // A check of the last byte excludes most names.
            guard
                names.contains(where: { $0.last == path.last && path.suffix($0.count).elementsEqual($0) })
                    || path.starts(with: folder) || path.elementsEqual(Seed.path.utf8)
            else { continue }
            sums[String(decoding: path, as: UTF8.self)] = String(decoding: line.prefix(64), as: UTF8.self)
        }
        return sums
    }

    /// Returns the line of a file with a known digest.
    static func line(_ path: String, digest: String) -> [UInt8] { Array("\(digest)  \(path)\n".utf8) }

    /// Returns the line of a planned file.
    static func line(_ file: PlannedFile) -> [UInt8] {
        var line: [UInt8] = []
        add(file, to: &line)
        return line
    }

    /// Appends the line of a planned file.
    static func add(_ file: PlannedFile, to lines: inout [UInt8]) {
        switch file.kind {
        case .bytes(let bytes):
            lines += (file.sum ?? sha256(bytes)).utf8
            lines += "  ".utf8
        case .link: lines += linkPrefix.utf8
        }
        lines += file.path.utf8
        lines.append(10)
    }

    /// Compares the files of a directory with the manifest.
    /// - Returns: A sentence for each file that is missing or has another digest.
    func damage(in folder: String) throws(BuildError) -> [String] {
        var damage: [String] = []
        for line in Self.lines(of: bytes[...]).dropFirst() {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix(Self.linkPrefix) {
                let path = text.dropFirst(Self.linkPrefix.count)
                if FileSystem.readLink("\(folder)/\(path)") == nil { damage.append("\(path) is not a symbolic link") }
            } else {
                let path = text.dropFirst(66)
                guard let there = try FileSystem.read("\(folder)/\(path)") else {
                    // A node that is not armed has no boot files.
                    if !PXEPath.isBootFile(path) { damage.append("\(path) is missing") }
                    continue
                }
                if sha256(there) != text.prefix(64) { damage.append("\(path) does not match \(Self.name)") }
            }
        }
        return damage
    }

    /// Returns the paths that a manifest lists.
    static func paths(of manifest: [UInt8]) -> [String] {
        lines(of: manifest[...]).dropFirst().compactMap { line in
            let path = line.dropFirst(line.starts(with: linkPrefix.utf8) ? linkPrefix.utf8.count : 66)
            return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
        }
    }

    private static func lines(of manifest: ArraySlice<UInt8>) -> some Sequence<ArraySlice<UInt8>> {
        sequence(state: manifest) { (rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? in
            guard !rest.isEmpty else { return nil }
            let length = rest.withUnsafeBytes { bytes in
                memchr(bytes.baseAddress!, 10, bytes.count).map { UnsafeRawPointer($0) - bytes.baseAddress! }
            }
            let line = rest.prefix(length ?? rest.count)
            rest = rest[line.endIndex...].dropFirst()
            return line
        }
    }
}
