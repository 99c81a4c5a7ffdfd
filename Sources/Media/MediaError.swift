/// Why a file can't be used: the input is at fault, not the world.
public struct UnusableMedium: Error, CustomStringConvertible {
    public let description: String

    init(_ path: String, _ problem: String) { description = "\(path): \(problem)" }
}
