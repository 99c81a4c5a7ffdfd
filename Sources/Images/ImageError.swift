import Preseed

/// The error of this module. Its description has no characters that control a terminal: most errors are about files from
/// elsewhere, and have names or texts in these files.
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
    /// - Parameter lines: More lines of the description.
    init(_ path: String, _ problem: String, lines: [String] = []) {
        code = .input
        description = (["\(path): \(problem)"] + lines).map(Self.shown).joined(separator: "\n")
    }

    init(environment description: String) {
        (code, self.description) = (.environment, Self.shown(description))
    }

    /// Names in an archive may have any characters and any length.
    private static func shown(_ line: String) -> String {
        DiagnosticReport.printable(DiagnosticReport.shortened(line))
    }
}
