import Build
import Lab

/// The files of a built lab: in a directory, in a git revision, or only planned.
package protocol Snapshot: Sendable {
    /// The name that the user gave.
    var name: String { get }
    /// The paths of all files in the tree.
    var paths: Set<String> { get }
    /// Returns the content of a file; nil when there is no such file.
    func content(of path: String) throws -> [UInt8]?
    /// Returns the resolved lab; nil when the tree was built by a version that did not write one.
    /// - Throws: ``ReviewError`` when it is not a resolved lab that this version can compare.
    func resolvedLab() throws -> FieldValue?
}

/// A built tree in a directory.
package struct FolderSnapshot: Snapshot {
    package let name: String
    package let paths: Set<String>

    /// Creates the snapshot; nil when the directory is not a built tree.
    package init?(_ folder: String) throws(BuildError) {
        guard let manifest = try Manifest(in: folder) else { return nil }
        name = folder
        paths = manifest.paths
    }

    package func content(of path: String) throws -> [UInt8]? {
        let file = "\(name)/\(path)"
        // The tree may come from others. The files that xenseed writes are much smaller.
        guard try FileSystem.status(file)?.size ?? 0 <= Review.fileLimit else {
            throw ReviewError("\(file) is larger than \(Review.fileLimit >> 20) MiB")
        }
        return try FileSystem.read(file)
    }
}

/// The planned files of a lab, which are not written.
package struct PlannedSnapshot: Snapshot {
    package let name: String
    package let paths: Set<String>
    /// The contents of the files that a review reads: all except the unpacked copies of archive members.
    private let files: [String: [UInt8]]
    private let lab: FieldValue?

    package init(_ plan: Plan, name: String) async throws {
        self.name = name
        var planned: [(String, [UInt8]?)] = []
        let nodes = try await plan.files { files in
            let unpacked = NodeFile.member("", of: files.node.name)
            return (files.own + files.boot).map { ($0.path, $0.path.hasPrefix(unpacked) ? nil : $0.bytes) }
        } lab: {
            planned.append(($0.path, $0.bytes))
        }
        planned += nodes.joined()
        paths = Set(planned.map(\.0))
        files = Dictionary(uniqueKeysWithValues: planned.compactMap { path, bytes in bytes.map { (path, $0) } })
        lab = try files[ResolvedLab.path].map(FieldValue.init(resolvedLab:))
    }

    package func content(of path: String) throws -> [UInt8]? { files[path] }
    package func resolvedLab() -> FieldValue? { lab }
}
