import Glibc
import Lab
import Plan

/// `SHA256SUMS` of an output tree: the digest of every file, in sha256sum(1)'s form, and a comment for every link.
///
/// It is also the list of what xenseed wrote: nothing else in the tree is ever removed or replaced.
package struct Manifest: Sendable {
    static let name = "SHA256SUMS"
    static let heading = "# Written by xenseed: every file that it wrote here, and no other."
    private static let linkPrefix = "# link "
    /// Names in a node's folder.
    static let archive = "overlay.tar.gz"
    static let listing = "overlay.mtree"

    private let bytes: [UInt8]

    /// The one that stands in a folder; nil when there is none.
    /// - Throws: when there is one that xenseed did not write.
    package init?(in folder: String) throws(OutputError) {
        guard let bytes = try FileSystem.read("\(folder)/\(Self.name)") else { return nil }
        guard bytes.starts(with: "\(Self.heading)\n".utf8) else {
            throw OutputError("\(folder)/\(Self.name) was not written by xenseed; choose another folder")
        }
        self.bytes = bytes
    }

    /// What it names, and itself.
    package var paths: Set<String> { Set(Self.paths(of: bytes) + [Self.name]) }

    /// The digest of each file that it names, by path; links have none.
    package var sums: [String: String] {
        var sums: [String: String] = [:]
        for line in Self.lines(of: bytes[...]).dropFirst()
        where line.count > 66 && !line.starts(with: Self.linkPrefix.utf8) {
            sums[String(decoding: line.dropFirst(66), as: UTF8.self)] = String(decoding: line.prefix(64), as: UTF8.self)
        }
        return sums
    }

    /// The digests of what archives were packed from, by path: for an overlay its listing and the archive itself, for
    /// the seed all that it takes and the archive itself.
    ///
    /// Its lines were written in one exchange of trees, for archives that held just these. So whoever believes it knows,
    /// without unpacking, that an archive of the digest that it has stands for a plan with these digests. A listing says path,
    /// type, mode, owner and content of an overlay's members; what it does not say is the same in all that xenseed packs:
    /// the archive's form, and the members' owner and time.
    var packedSums: [String: String] {
        var sums: [String: String] = [:]
        let names = ([Self.listing] + Seed.parts).map { Array("/\($0)".utf8) }
        let folder = Array(Seed.folder.utf8)
        for line in Self.lines(of: bytes[...]).dropFirst() where line.count > 66 {
            let path = line.dropFirst(66)
            // Most names end otherwise.
            guard
                names.contains(where: { $0.last == path.last && path.suffix($0.count).elementsEqual($0) })
                    || path.starts(with: folder) || path.elementsEqual(Seed.path.utf8)
            else { continue }
            sums[String(decoding: path, as: UTF8.self)] = String(decoding: line.prefix(64), as: UTF8.self)
        }
        return sums
    }

    /// A line for a file whose digest is known.
    static func line(_ path: String, digest: String) -> [UInt8] { Array("\(digest)  \(path)\n".utf8) }

    /// One file's line.
    static func line(_ file: PlannedFile) -> [UInt8] {
        var line: [UInt8] = []
        add(file, to: &line)
        return line
    }

    /// Adds one file's line.
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

    /// What differs in its directory from its digests, or is missing; a sentence for each.
    func damage(in folder: String) throws(OutputError) -> [String] {
        var damage: [String] = []
        for line in Self.lines(of: bytes[...]).dropFirst() {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix(Self.linkPrefix) {
                let path = text.dropFirst(Self.linkPrefix.count)
                if FileSystem.readLink("\(folder)/\(path)") == nil { damage.append("\(path) is no link any more") }
            } else {
                let path = text.dropFirst(66)
                guard let there = try FileSystem.read("\(folder)/\(path)") else {
                    // A node that is not armed has none.
                    if !PXEPath.isBootFile(path) { damage.append("\(path) is missing") }
                    continue
                }
                if sha256(there) != text.prefix(64) { damage.append("\(path) is not what \(Self.name) says") }
            }
        }
        return damage
    }

    /// The paths in a manifest's bytes.
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
