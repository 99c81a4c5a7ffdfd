import Build

/// A built lab, wherever it is: a folder, a git revision, or only planned.
package protocol Snapshot: Sendable {
    /// As the user named it.
    var name: String { get }
    /// Every file, by its path in the tree.
    var paths: Set<String> { get }
    /// - Returns: nil when there is no file of that path.
    func content(of path: String) throws -> [UInt8]?
}

/// A tree in a folder.
package struct FolderSnapshot: Snapshot {
    package let name: String
    package let paths: Set<String>

    /// - Returns: nil when nothing was built there.
    package init?(_ folder: String) throws(OutputError) {
        guard let manifest = try Manifest(in: folder) else { return nil }
        name = folder
        paths = manifest.paths
    }

    package func content(of path: String) throws -> [UInt8]? {
        let file = "\(name)/\(path)"
        // Whoever made the tree; nothing that xenseed writes for review is nearly that large.
        guard try FileSystem.status(file)?.size ?? 0 <= Review.fileLimit else {
            throw OutputError("\(file) is larger than \(Review.fileLimit >> 20) MiB")
        }
        return try FileSystem.read(file)
    }
}

/// A lab that is planned and not written.
package struct PlannedSnapshot: Snapshot {
    package let name: String
    package let paths: Set<String>
    /// The files that a review reads: all but those beside the archives that have them, too.
    private let files: [String: [UInt8]]

    package init(_ planner: Planner, name: String) async throws {
        self.name = name
        let (nodes, lab) = try await planner.files { files in
            let unpacked = NodeFile.member("", of: files.node.name)
            return (files.own + files.boot).map { ($0.path, $0.path.hasPrefix(unpacked) ? nil : $0.bytes) }
        }
        let planned = nodes.joined() + lab.map { ($0.path, $0.bytes) }
        paths = Set(planned.map(\.0))
        files = Dictionary(uniqueKeysWithValues: planned.compactMap { path, bytes in bytes.map { (path, $0) } })
    }

    package func content(of path: String) throws -> [UInt8]? { files[path] }
}
