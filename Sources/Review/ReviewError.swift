/// The error of this module.
package struct ReviewError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// The environment failed: git, or a file that is too large.
        case environment
        /// The `lab.json` of a tree can't be compared. The description is a clause to put after the name of the file.
        case lab
    }

    package let code: Code
    package let description: String

    init(_ description: String, code: Code = .environment) { (self.code, self.description) = (code, description) }
}
