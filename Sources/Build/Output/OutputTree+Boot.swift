import Glibc
import Lab

/// The boot files of a node after a build. While they are in the tree, the node is installed when it boots from the
/// network.
package struct NodeBoot: Sendable {
    package enum State: Sendable, Equatable {
        /// The boot files were in the tree before the build.
        case armed
        /// The build wrote the boot files for the first time.
        case newlyArmed
        /// The caller of the build listed the node as disarmed.
        case disarmed
        /// An earlier build wrote the boot files and somebody removed them, so they are not written again.
        case removed

        var isArmed: Bool { self == .armed || self == .newlyArmed }
    }

    package var node: Node
    package var state: State
    /// Whether the build changed a file that the node is installed from.
    package var isChanged: Bool
    package var isArmed: Bool { state.isArmed }
}

extension OutputTree {
    /// Writes a node's boot files into the tree, as the last build would have written them.
    /// - Throws: ``BuildError`` with the code `staleTree` when the tree was built from another state of the lab, so
    ///   that its SHA256SUMS has other digests.
    /// - Returns: The paths that were written; empty when all files were in the tree.
    @discardableResult
    package func placeBootFiles(of node: Node, holding lock: OutputLock) throws -> [String] {
        var placed: [String] = []
        // The file that decides whether the node is installed is written last.
        for file in try bootFiles(of: node).reversed() {
            let path = "\(root)/\(file.path)"
            if try FileSystem.read(path) == file.bytes { continue }
            var directory = root
            for part in file.path.split(separator: "/").dropLast() {
                directory += "/\(part)"
                try FileSystem.makeFolder(directory)
            }
            try FileSystem.replace(
                path, with: file.bytes!, mode: 0o644, by: Staging.path(for: lock.target))
            placed.append(file.path)
        }
        return placed
    }

    /// Removes a node's boot files from the tree, so that the node boots from its own disk.
    /// - Returns: The paths that were removed; empty when there were none.
    @discardableResult
    package func removeBootFiles(of node: Node, holding lock: OutputLock) throws -> [String] {
        guard let listed = try Manifest(in: root)?.paths else { return [] }
        var removed: [String] = []
        var failure: BuildError?
        // The file that decides whether the node is installed is removed first. When one can't be removed, the others
        // are removed all the same.
        for file in plan.bootFiles(of: node, preseedSum: "") where listed.contains(file.path) {
            let path = "\(root)/\(file.path)"
            do throws(BuildError) {
                guard try FileSystem.status(path) != nil else { continue }
                do { try SystemCall.unlink(path) } catch { throw BuildError.failed("can't be removed", path, error) }
                try FileSystem.syncDirectory(of: path)
                removed.append(file.path)
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return removed
    }

    /// Returns a node's boot files for the lab and the preseed in the tree. The file that decides whether the node is
    /// installed is the first.
    private func bootFiles(of node: Node) throws -> [PlannedFile] {
        let stale = BuildError(
            "\(root) was not built from the current state of this lab; run xenseed build first", code: .staleTree)
        guard let listed = try Manifest(in: root)?.index,
            let preseed = try FileSystem.read("\(root)/\(NodeFile.preseed.path(of: node.name))")
        else { throw stale }
        let files = plan.bootFiles(of: node, preseedSum: md5(preseed))
        guard files.allSatisfy({ listed.digest(of: $0.path) == $0.digest }) else { throw stale }
        return files
    }

    /// Whether the tree has the file that decides that a node is installed.
    package func hasBootFile(of node: Node) -> Bool {
        access("\(root)/\(PXEPath.pxelinux(node.installMAC))", F_OK) == 0
    }

    /// Checks that a node's boot files can be written.
    /// - Throws: ``BuildError`` with the code `staleTree` when the tree was built from another state of the lab.
    package func checkBootFiles(of node: Node) throws { _ = try bootFiles(of: node) }
}
