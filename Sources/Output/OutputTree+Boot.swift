import Glibc
import Lab
import Plan

/// Whether a build put a node's boot files into the tree. While they are there, the node is installed when it starts from
/// the network.
public struct NodeBoot: Sendable {
    public enum State: Sendable, Equatable {
        /// They were there already.
        case armed
        /// No build before this one wrote them.
        case newlyArmed
        /// The node is not to be installed.
        case disarmed
        /// An earlier build wrote them and somebody removed them, so they are not written again.
        case removed

        var isArmed: Bool { self == .armed || self == .newlyArmed }
    }

    public var node: Node
    public var state: State
    /// Whether the build changed what the node is installed from.
    public var isChanged: Bool
    public var isArmed: Bool { state.isArmed }
}

/// A tree that was not built from the lab as it is now.
public struct StaleTree: Error, CustomStringConvertible {
    public let description: String
}

extension OutputTree {
    /// Puts a node's boot files into the tree, as the last build would have written them.
    /// - Throws: ``StaleTree`` when the tree was built from another lab, so that its SHA256SUMS has other digests.
    /// - Returns: the paths that were written; empty when all were there.
    @discardableResult
    public func placeBootFiles(of node: Node, holding lock: OutputLock) throws -> [String] {
        var placed: [String] = []
        // The one that decides comes last.
        for file in try bootFiles(of: node).reversed() {
            let path = "\(root)/\(file.path)"
            if try FileSystem.read(path) == file.content { continue }
            var directory = root
            for part in file.path.split(separator: "/").dropLast() {
                directory += "/\(part)"
                try FileSystem.makeFolder(directory)
            }
            try FileSystem.replace(
                path, with: file.content, mode: 0o644, by: Staging.path(for: lock.target))
            placed.append(file.path)
        }
        return placed
    }

    /// Removes a node's boot files from the tree, so that the node boots from its own disk.
    /// - Returns: the paths that were removed; empty when there were none.
    @discardableResult
    public func removeBootFiles(of node: Node, holding lock: OutputLock) throws -> [String] {
        guard let listed = try Manifest(in: root)?.paths else { return [] }
        var removed: [String] = []
        var failure: OutputError?
        // The one that decides comes first. When one stays, the others go all the same.
        for file in try planner.media(node, preseedSum: "") where listed.contains(file.path) {
            let path = "\(root)/\(file.path)"
            do throws(OutputError) {
                guard try FileSystem.status(path) != nil else { continue }
                guard unlink(path) == 0 else { throw .last("can't be removed", path) }
                try FileSystem.syncDirectory(of: path)
                removed.append(file.path)
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return removed
    }

    /// A node's boot files, by the lab and the preseed that was built; the one that decides whether it is installed is the
    /// first.
    private func bootFiles(of node: Node) throws -> [MediaFile] {
        let stale = StaleTree(
            description: "\(root) was not built from this lab as it is now; run xenseed build first")
        guard let sums = try Manifest(in: root)?.sums,
            let preseed = try FileSystem.read("\(root)/nodes/\(node.name)/preseed.cfg")
        else { throw stale }
        let files = try planner.media(node, preseedSum: md5(preseed))
        guard files.allSatisfy({ sums[$0.path] == sha256($0.content) }) else { throw stale }
        return files
    }

    /// Whether the tree has the file that decides whether a node is installed.
    public func hasBootFile(of node: Node) -> Bool {
        access("\(root)/\(PXEPath.pxelinux(node.installMAC))", F_OK) == 0
    }

    /// - Throws: ``StaleTree`` when the tree can't get a node's boot files.
    public func checkBootFiles(of node: Node) throws { _ = try bootFiles(of: node) }
}
