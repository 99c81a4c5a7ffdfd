/// The error of this module: an input file that can't be used. The description has the path and the problem. Errors of
/// the environment are `OutputError`s.
package struct MediaError: Error, CustomStringConvertible {
    package let description: String

    init(_ path: String, _ problem: String) { description = "\(path): \(problem)" }
}
