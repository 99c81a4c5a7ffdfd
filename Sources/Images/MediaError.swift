/// The error of this module: an input file that can't be used. The description has the path and the problem. Errors of
/// the environment are `OutputError`s.
public struct MediaError: Error, CustomStringConvertible {
    public let description: String

    init(_ path: String, _ problem: String) { description = "\(path): \(problem)" }
}
