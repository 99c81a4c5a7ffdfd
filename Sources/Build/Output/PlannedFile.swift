import Glibc
import Lab
import Preseed

/// A file of an output tree, as it is planned.
package struct PlannedFile: Sendable {
    /// The path relative to the output tree.
    package var path: String
    package var content: Content
    var isExecutable = false
    /// Whether the file has a secret, so that other users must not read it.
    var isSecret = false
    /// The SHA-256 of the bytes in lower-case hex; nil for links, and for archives that were never packed.
    var digest: String?
    /// The node that the file belongs to; nil for a file of the whole lab.
    package var owner: Hostname?

    package enum Content: Sendable {
        case bytes([UInt8])
        /// A symbolic link to this target.
        case link(String)
        /// An archive of other files of the tree. It is packed when those are written.
        case archive(Seed)
    }

    /// The content of a regular file; nil for links, and for archives that were never packed.
    package var bytes: [UInt8]? { if case .bytes(let bytes) = content { bytes } else { nil } }

    /// The permission bits with which the file is written.
    var mode: mode_t { (isSecret ? 0o640 : 0o644) | (isExecutable ? (isSecret ? 0o110 : 0o111) : 0) }

    init(
        _ path: String, _ bytes: [UInt8], isExecutable: Bool = false, isSecret: Bool = false, digest: String? = nil,
        owner: Hostname? = nil
    ) {
        self.path = path
        content = .bytes(bytes)
        self.isExecutable = isExecutable
        self.isSecret = isSecret
        self.digest = digest ?? sha256(bytes)
        self.owner = owner
    }

    init(_ path: String, linkTo target: String, owner: Hostname) {
        self.path = path
        content = .link(target)
        self.owner = owner
    }

    init(_ seed: Seed) {
        path = Seed.path
        content = .archive(seed)
        isSecret = seed.isSecret
    }
}
