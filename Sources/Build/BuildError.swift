/// The error of this module.
package struct BuildError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// The environment failed: I/O, a missing tool, a directory of somebody else. The description names the path.
        case environment
        /// The output tree was built from another state of the lab.
        case staleTree
        /// A template can't be used. The description names its file and line.
        case template
        /// A preseed does not pass the checks that a preseed of others has to pass, because of a template or of a mistake
        /// in xenseed. The description is a report with diagnostics.
        case preseed
        /// An archive can't be read or written. The description is mostly libarchive's message, without the path.
        case archive
        /// A program wrote more than it may.
        case outputLimit
    }

    package let code: Code
    package let description: String

    package init(_ description: String, code: Code = .environment) {
        self.code = code
        self.description = description
    }
}
