/// The files beside a lab file, as far as the lab names them: the reader's only way to the outside.
package struct LabFiles: Sendable {
    /// A file, symbolic link or directory below a directory that the lab names.
    package struct File: Sendable {
        package enum Kind: Sendable {
            case file([UInt8])
            /// To this target, as the link has it.
            case link(String)
            case folder
        }

        /// Relative to the directory that was listed, parts joined by slashes; empty for that directory itself.
        package var path: String
        /// Permission bits, as they are beside the lab.
        package var mode: Int
        package var kind: Kind

        package init(path: String, mode: Int, kind: Kind) {
            self.path = path
            self.mode = mode
            self.kind = kind
        }

        /// A regular file of which only that is known which git keeps.
        package init(path: String, isExecutable: Bool, content: [UInt8]) {
            self.init(path: path, mode: isExecutable ? 0o755 : 0o644, kind: .file(content))
        }
    }

    /// Why a file can't be used, for the message: `no such file`.
    package struct Unreadable: Error {
        var reason: String
        package init(_ reason: String) { self.reason = reason }
    }

    /// The bytes of one file.
    package var read: @Sendable (_ path: String) throws(Unreadable) -> [UInt8]
    /// Everything below a directory, and the directory itself, in any order.
    var list: @Sendable (_ folder: String) throws(Unreadable) -> [File]

    /// Whether the lab is in a work tree of git, which keeps no mode but whether a file's owner may execute it.
    var isInWorkTree: Bool

    package init(
        isInWorkTree: Bool = false,
        read: @escaping @Sendable (String) throws(Unreadable) -> [UInt8],
        list: @escaping @Sendable (String) throws(Unreadable) -> [File]
    ) {
        self.isInWorkTree = isInWorkTree
        self.read = read
        self.list = list
    }
}
