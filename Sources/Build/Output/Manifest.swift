import Glibc
import Lab

/// `SHA256SUMS` of an output tree: the digest of every file in the format of sha256sum(1), and a comment for every
/// link.
///
/// It is also the list of the files that xenseed wrote: xenseed never removes or replaces other files of the tree.
package struct Manifest: Sendable {
    package static let name = "SHA256SUMS"
    static let heading = "# Written by xenseed: every file that it wrote here, and no other."
    private static let linkPrefix = "# link "

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

    /// The listed files by path; links are not among them.
    package var index: ManifestIndex { ManifestIndex(bytes) }

    /// Returns the digest of one listed file; nil when it is not listed.
    func digest(of path: String) -> String? {
        let end = Array("  \(path)".utf8)
        return Self.lines(of: bytes[...]).first { $0.count == 64 + end.count && $0.suffix(end.count) == end[...] }
            .map { String(decoding: $0.prefix(64), as: UTF8.self) }
    }

    /// Returns the content of a manifest with these lines.
    static func content(_ lines: some Collection<[UInt8]>) -> [UInt8] {
        var content = Array((heading + "\n").utf8)
        content.reserveCapacity(content.count + lines.reduce(0) { $0 + $1.count })
        for line in lines { content += line }
        return content
    }

    /// Returns the line of a planned file.
    static func line(_ file: PlannedFile) -> [UInt8] {
        Array(((file.digest.map { "\($0)  " } ?? linkPrefix) + file.path + "\n").utf8)
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
                guard try FileSystem.status("\(folder)/\(path)")?.type == .regular else {
                    // A node that is not armed has no boot files.
                    if !PXEPath.isBootFile(path) { damage.append("\(path) is missing") }
                    continue
                }
                if try sha256(ofFile: "\(folder)/\(path)") != text.prefix(64) {
                    damage.append("\(path) does not match \(Self.name)")
                }
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
