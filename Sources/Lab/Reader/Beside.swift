import Preseed

/// The error of this module: why the text of a lab, or a file that the lab names, can't be read.
package struct LabError: Error {
    /// A clause for the message of a diagnostic: `no such file`.
    let reason: String
    /// The place in the lab file, for errors of its syntax.
    let mark: SourceMark?

    package init(_ reason: String) { self.init(reason, at: nil) }

    init(_ reason: String, at mark: SourceMark?) { (self.reason, self.mark) = (reason, mark) }
}

/// The files beside a lab file, as far as the lab names them: the reader's only way to the outside.
package struct Beside: Sendable {
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

    /// The bytes of one file.
    package var read: @Sendable (_ path: String) throws(LabError) -> [UInt8]
    /// Everything below a directory, and the directory itself, in any order.
    var list: @Sendable (_ folder: String) throws(LabError) -> [File]

    /// Whether the lab is in a work tree of git, which keeps no mode but whether a file's owner may execute it.
    var isInWorkTree: Bool

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
