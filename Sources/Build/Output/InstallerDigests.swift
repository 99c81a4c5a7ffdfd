import SystemPackage

/// `pxe/installer.sha256` of an output tree: the digests of the files that `xenseed netboot` put into the TFTP root, in the
/// format of sha256sum(1), with paths relative to the tree. Symbolic links are not listed.
///
/// These files are Debian's and do not come from the lab, so they are not in ``Manifest``.
package struct InstallerDigests: Sendable {
    package static let path = "pxe/installer.sha256"
    private static let heading = "# Written by xenseed netboot: the files of the installer that it put here."

    /// The SHA-256 of each file in lower-case hex, by its path in the tree.
    private let digests: [String: String]

    /// Reads the list of a tree; nil when there is none that xenseed wrote.
    package init?(in root: String) throws(BuildError) {
        guard let bytes = try FileSystem.read("\(root)/\(Self.path)"), bytes.starts(with: "\(Self.heading)\n".utf8)
        else { return nil }
        digests = Dictionary(
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
                (String(line.dropFirst(66)), String(line.prefix(64)))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns the digest of a file; nil when it is not listed.
    package func digest(of path: String) -> String? { digests[path] }

    /// Compares the files of a tree with the list.
    /// - Returns: A sentence for each file that is missing or has another digest.
    func damage(in root: String) throws(BuildError) -> [String] {
        var damage: [String] = []
        for (path, digest) in digests.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            if try FileSystem.status("\(root)/\(path)")?.type != .regular {
                damage.append("\(path) is missing")
            } else if try sha256(ofFile: "\(root)/\(path)") != digest {
                damage.append("\(path) does not match \(Self.path)")
            }
        }
        return damage
    }

    /// Returns the content of a list.
    /// - Parameter files: The paths of the files in the tree, and where they are now.
    static func content(_ files: [(path: String, source: String)]) throws(BuildError) -> [UInt8] {
        var text = heading + "\n"
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
        where try FileSystem.status(file.source)?.type == .regular {
            text += "\(try sha256(ofFile: file.source))  \(file.path)\n"
        }
        return Array(text.utf8)
    }
}
