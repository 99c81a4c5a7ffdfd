import Preseed

/// The error of this module: why the text of a lab, or a file that the lab names, can't be read.
package struct LabError: Error {
    /// A clause for the message of a diagnostic: `no such file`.
    let reason: String
    /// The place in the lab file, for errors of its syntax.
    let mark: SourceMark?
    /// What to write instead, for errors of the syntax of the lab file.
    let hint: String?

    package init(_ reason: String) { self.init(reason, at: nil) }

    init(_ reason: String, at mark: SourceMark?, hint: String? = nil) {
        (self.reason, self.mark, self.hint) = (reason, mark, hint)
    }
}

/// Access to the files beside a lab file that the lab refers to. The reader uses no other files.
package struct LabFiles: Sendable {
    /// A file, symbolic link or directory below a directory that the lab refers to.
    package struct File: Sendable {
        package enum Kind: Sendable {
            case file([UInt8])
            /// A symbolic link with its target, unchanged.
            case link(String)
            case folder
        }

        /// The path relative to the listed directory, with slashes between its parts; empty for that directory itself.
        package var path: String
        /// The permission bits of the file beside the lab.
        package var mode: Int
        package var kind: Kind

        package init(path: String, mode: Int, kind: Kind) {
            self.path = path
            self.mode = mode
            self.kind = kind
        }

        /// Creates a regular file with the mode that git records: whether its owner may execute it.
        package init(path: String, isExecutable: Bool, content: [UInt8]) {
            self.init(path: path, mode: isExecutable ? 0o755 : 0o644, kind: .file(content))
        }
    }

    /// Returns the bytes of a file.
    package var read: @Sendable (_ path: String) throws(LabError) -> [UInt8]
    /// Returns a directory and everything below it, in any order.
    var list: @Sendable (_ folder: String) throws(LabError) -> [File]

    /// Whether the lab is in a work tree of git, which records only one bit of a mode: whether the owner may execute the file.
    var isInWorkTree: Bool
    /// Whether the keys of nodes are read. They are not when `xenseed keys` reads the lab to make them.
    package var hasKeys = true

    package init(
        isInWorkTree: Bool = false,
        read: @escaping @Sendable (String) throws(LabError) -> [UInt8],
        list: @escaping @Sendable (String) throws(LabError) -> [File]
    ) {
        self.isInWorkTree = isInWorkTree
        self.read = read
        self.list = list
    }
}
