/// `SHA256SUMS` of an output tree: the digest of every file, in sha256sum(1)'s form, and a comment for every link.
///
/// It is also the list of what xenseed wrote: nothing else in the tree is ever removed or replaced.
package struct Manifest {
    static let name = "SHA256SUMS"
    static let heading = "# Written by xenseed: every file that it wrote here, and no other."
    private static let linkPrefix = "# link "

    /// Paths that the tree's manifest names; nil when there is none.
    /// - Throws: when there is one that xenseed did not write.
    package static func paths(in folder: String) throws(OutputError) -> Set<String>? {
        guard let bytes = try FileSystem.read("\(folder)/\(name)") else { return nil }
        guard bytes.split(separator: 10, maxSplits: 1).first?.elementsEqual(heading.utf8) == true else {
            throw OutputError("\(folder)/\(name) was not written by xenseed; choose another folder")
        }
        return Set(paths(of: bytes) + [name])
    }

    /// The digest that the tree's manifest has of a file; nil when it names none.
    static func digest(of path: String, in folder: String) throws(OutputError) -> String? {
        guard let bytes = try FileSystem.read("\(folder)/\(name)") else { return nil }
        return digest(of: path, in: bytes)
    }

    /// The digest that lines of a manifest have of a file.
    static func digest(of path: String, in lines: [UInt8]) -> String? {
        let end = Array("  \(path)".utf8)
        return lines.split(separator: 10).first { $0.count == 64 + end.count && $0.suffix(end.count) == end[...] }
            .map { String(decoding: $0.prefix(64), as: UTF8.self) }
    }

    /// A line for a file whose digest is known.
    static func line(_ path: String, digest: String) -> String { "\(digest)  \(path)\n" }

    /// One file's line.
    static func line(_ file: PlannedFile) -> String {
        switch file.kind {
        case .bytes(let bytes): line(file.path, digest: sha256(bytes))
        case .link: "\(linkPrefix)\(file.path)\n"
        }
    }

    /// What differs from a manifest's digests, or is missing.
    static func damage(in folder: String) throws(OutputError) -> [String] {
        guard let bytes = try FileSystem.read("\(folder)/\(name)"), try paths(in: folder) != nil else { return [] }
        var damage: [String] = []
        for line in bytes.split(separator: 10).dropFirst() {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix(linkPrefix) {
                let path = text.dropFirst(linkPrefix.count)
                if FileSystem.readLink("\(folder)/\(path)") == nil { damage.append("\(path) is no link any more") }
            } else {
                let path = text.dropFirst(66)
                guard let there = try FileSystem.read("\(folder)/\(path)") else {
                    damage.append("\(path) is missing")
                    continue
                }
                if sha256(there) != text.prefix(64) { damage.append("\(path) is not what \(name) says") }
            }
        }
        return damage
    }

    /// The paths in a manifest's bytes.
    static func paths(of manifest: [UInt8]) -> [String] {
        manifest.split(separator: 10).dropFirst().compactMap { line in
            let path = line.dropFirst(line.starts(with: linkPrefix.utf8) ? linkPrefix.utf8.count : 66)
            return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
        }
    }
}
