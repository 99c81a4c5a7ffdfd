/// The files with which a node is installed. They have these names in the node's directory in the output tree and in
/// the seed, which boot media contain.
package enum NodeFile: String, Sendable {
    case preseed = "preseed.cfg"
    case lateCommand = "late-command.sh"
    case overlay = "overlay.tar.gz"
    /// The manifest of the overlay in the format of mtree(5); it is in the output tree only.
    case mtree = "overlay.mtree"

    /// The files that the installer of a node needs.
    package static let installing: [NodeFile] = [.lateCommand, .overlay, .preseed]

    /// Returns the path of a node's directory: `nodes/NAME`.
    package static func directory(of node: some CustomStringConvertible) -> String { "nodes/\(node)" }

    /// Returns the path of the file.
    package func path(of node: some CustomStringConvertible) -> String {
        "\(Self.directory(of: node))/\(rawValue)"
    }

    /// Returns the path of the copy of an overlay member. The copies are next to the archive so that they can be read
    /// and compared.
    package static func member(_ path: String, of node: some CustomStringConvertible) -> String {
        "\(directory(of: node))/overlay/\(path)"
    }

    /// Returns the node in whose directory a path is, and the path in it; nil for a path elsewhere.
    package static func split(_ path: String) -> (node: String, path: String)? {
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "nodes", !parts[1].isEmpty, !parts[2].isEmpty else { return nil }
        return (String(parts[1]), String(parts[2]))
    }
}
