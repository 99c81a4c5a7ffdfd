/// The error of this module.
package struct ImageError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// An input file can't be used. The description has its path and the problem.
        case input
        /// The environment failed: I/O, a missing tool.
        case environment
    }

    package let code: Code
    package let description: String

    /// An input file that can't be used.
    init(_ path: String, _ problem: String) { (code, description) = (.input, "\(path): \(problem)") }

    init(environment description: String) { (code, self.description) = (.environment, description) }
}
