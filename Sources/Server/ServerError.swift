/// The error of this module.
package struct ServerError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// The environment failed: I/O, a directory of somebody else. The description names the path.
        case environment
        /// A verifier's report can't be read. The description is a clause to put after the name of the source.
        case report
    }

    package let code: Code
    package let description: String

    init(_ description: String, code: Code = .environment) { (self.code, self.description) = (code, description) }

    /// Returns an error with the operation that failed, the path, and the system's message.
    static func failed(_ what: String, _ path: String, _ reason: any Error) -> ServerError {
        ServerError("\(path): \(what): \(reason)")
    }
}
