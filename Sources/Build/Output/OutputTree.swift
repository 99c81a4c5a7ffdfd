import Glibc
import Lab
import SystemPackage

/// The directory that a lab is built into.
package struct OutputTree: Sendable {
    /// The absolute path, without symbolic links.
    package let root: String
    package let plan: Plan

    /// Describes an output tree; nothing is written.
    /// - Parameter folder: The directory. It need not exist; its parent must.
    /// - Throws: ``BuildError`` when the parent does not exist.
    package init(_ folder: String, plan: Plan) throws(BuildError) {
        root = try Self.resolve(folder)
        self.plan = plan
    }

    private static func resolve(_ folder: String) throws(BuildError) -> String {
        func real(_ path: String) -> String? {
            guard let resolved = realpath(path, nil) else { return nil }
            defer { free(resolved) }
            return String(cString: resolved)
        }
        if let path = real(folder) { return path }
        var trimmed = folder[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed = trimmed.dropLast() }
        let cut = trimmed.lastIndex(of: "/")
        let parent = cut.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
        guard let above = real(parent) else { throw .failed("can't be found", parent, Errno.current) }
        let name = trimmed[(cut.map(trimmed.index(after:)) ?? trimmed.startIndex)...]
        return (above == "/" ? "" : above) + "/" + name
    }

    /// The result of a build or a check.
    package struct Summary: Sendable {
        package var nodes = 0
        package var files = 0
        /// The number of files that are new or differ.
        package var changed = 0
        /// The paths that the last build wrote and this one does not: the lab no longer has them, or they are boot
        /// files of nodes that are not to be installed.
        package var removed: [String] = []
        /// The nodes that have boot files, in the order of the lab.
        package var boot: [NodeBoot] = []
        /// The boot files that the manifest lists and that are not in the tree.
        var absent: Set<String> = []
        package var isUnchanged: Bool { changed == 0 && removed.isEmpty }
    }

    // MARK: Building

    /// Locks the tree against other builds and against changes of boot files.
    /// - Parameter log: Receives one sentence when another process has the lock.
    /// - Throws: ``BuildError`` when the directory was not written by xenseed, or another process keeps the lock for a
    ///   minute.
    package func lock(log: (String) -> Void) async throws -> OutputLock {
        // When the directory is refused, no lock file is written beside it.
        try checkPlace()
        let lock = try await OutputLock.wait(for: root, log: log)
        // These are left by a run that was killed.
        for path in [Staging.path(for: root), scratch] { try FileSystem.remove(path) }
        return lock
    }

    /// The path of a temporary directory in the file system of the tree, for the owner of the lock. The owner creates
    /// it.
    package var scratch: String { FileSystem.sibling(root, "netboot") }

    /// Refuses a directory that has files but no SHA256SUMS of xenseed: the build would replace the directory.
    private func checkPlace() throws(BuildError) {
        guard let status = try FileSystem.status(root) else { return }
        guard status.type == .directory else { throw BuildError("\(root) is not a directory; choose another path") }
        if try Manifest(in: root) != nil { return }
        let names = try FileSystem.list(root)
        guard !names.isEmpty else { return }
        let shown = names.prefix(3).map { name in
            String(name.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
        }
        let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
        throw BuildError(
            "\(root) was not written by xenseed and is not empty: it holds \(shown.joined(separator: ", "))\(rest); choose a new or empty directory"
        )
    }

    /// Files of the installer, which xenseed did not build and which are put into the tree together with its own.
    package struct AddedFiles {
        /// The directory that they are moved from; it is in the file system of the tree.
        var source: String
        /// The paths of the files relative to that directory.
        package var paths: [String]
        /// The directory of the tree that they are moved to.
        package var directory: String

        package init(from source: String, _ paths: [String], to directory: String) {
            (self.source, self.paths, self.directory) = (source, paths, directory)
        }
    }

    /// Writes the tree completely or not at all: after an error, a kill or a power failure, the tree is the old one or
    /// the new one.
    ///
    /// The new tree is put together in a directory beside the old one, with hard links to unchanged files and to files
    /// that xenseed did not write; then one system call exchanges the two directories. When nothing differs, no file is
    /// touched.
    /// - Parameters:
    ///   - lock: The lock from ``lock(log:)``.
    ///   - disarmed: The names of nodes that are not to be installed. Their boot files are not in the tree afterwards.
    ///   - added: Files of the installer, whose digests are put into ``InstallerDigests``. A file is not moved when the lab
    ///     has a file with the same path.
    package func build(
        holding lock: OutputLock, disarmed: Set<String> = [], adding added: AddedFiles? = nil
    ) async throws -> Summary {
        precondition(lock.target == root, "a lock is for one tree")
        try checkPlace()
        let manifest = try Manifest(in: root)
        let previous = manifest?.paths ?? []
        let staging = try Staging(for: root)
        defer { staging.discard() }
        let (summary, content) = try await compare(with: manifest, previous, disarmed: disarmed) { files in
            for (file, standing) in files where standing == .different && !previous.contains(file.path) {
                throw BuildError("\(root)/\(file.path) was not written by xenseed; it will not be replaced")
            }
            try staging.write(files.map(\.file))
            return staging.directory
        }
        if summary.isUnchanged, added == nil { return summary }
        // In a first build there is no old file to keep.
        let listed = manifest == nil && added == nil ? [] : Set(Manifest.paths(of: content) + [Manifest.name])
        if let added {
            let files = added.paths.map { (path: "\(added.directory)/\($0)", source: "\(added.source)/\($0)") }
                .filter { !listed.contains($0.path) }
            try staging.write([PlannedFile(InstallerDigests.path, try InstallerDigests.content(files))])
            for file in files { try staging.add(file.source, at: file.path) }
        }
        try staging.adopt(from: root, planned: listed.subtracting(summary.absent), previous: previous)
        try staging.exchange()
        return summary
    }

    /// Locks the tree and writes it; for trees that no other process uses.
    package func build() async throws -> Summary { try await build(holding: try await lock { _ in }) }

    // MARK: Checking

    /// A difference between the tree and the plan.
    package struct Difference: Sendable {
        package var path: String
        /// A unified diff, or a sentence for a file that is not a text.
        package var text: String
    }

    /// Compares the tree with the plan without writing. Archives count as equal when their members are equal. A node's
    /// boot files may be missing: the lab does not tell whether a node is armed.
    /// - Parameter disarmed: The names of nodes that are not to be installed. Boot files of these nodes are a
    ///   difference.
    package func check(disarmed: Set<String> = []) async throws -> (summary: Summary, differences: [Difference]) {
        let found = Collector()
        let manifest = try Manifest(in: root)
        let (summary, _) = try await compare(with: manifest, manifest?.paths ?? [], disarmed: disarmed) { files in
            for (file, standing) in files {
                await found.add(Difference(path: file.path, text: try describe(file, standing)))
            }
            return nil
        }
        for path in summary.removed {
            let text =
                summary.absent.contains(path)
                ? "this node is not armed; xenseed build removes the file" : "the lab no longer has this file"
            await found.add(Difference(path: path, text: "\(path): \(text)\n"))
        }
        return (summary, await found.differences.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    private actor Collector {
        var differences: [Difference] = []
        func add(_ difference: Difference) { differences.append(difference) }
    }

    private func describe(_ file: PlannedFile, _ standing: Standing) throws -> String {
        let wanted: [UInt8]
        switch file.content {
        case .bytes(let bytes): wanted = bytes
        case .link: return "\(file.path): the link is missing or has another target\n"
        case .archive:
            return standing == .nothing
                ? "\(file.path): missing\n" : "\(file.path): the members or the permissions differ\n"
        }
        let path = "\(root)/\(file.path)"
        guard let there = try FileSystem.read(path) else {
            return isText(wanted)
                ? unifiedDiff(old: [], new: wanted, oldName: "/dev/null", newName: file.path)
                : "\(file.path): missing\n"
        }
        if there == wanted { return "\(file.path): the permissions differ\n" }
        guard isText(there), isText(wanted) else { return "\(file.path): the content differs\n" }
        return unifiedDiff(old: there, new: wanted, oldName: file.path, newName: "\(file.path) (from the lab)")
    }

    /// Compares the files of a directory with its own SHA256SUMS, and those of the installer with their list.
    /// - Returns: A sentence for each file that is missing or has another digest.
    package static func damage(in folder: String) throws(BuildError) -> [String] {
        let own = try Manifest(in: folder)?.damage(in: folder) ?? []
        return own + (try InstallerDigests(in: folder)?.damage(in: folder) ?? [])
    }

    // MARK: Both

    private typealias Differing = [(file: PlannedFile, standing: Standing)]

    /// Compares every file of the plan with the tree, and passes on the files that differ.
    /// - Parameters:
    ///   - manifest: The manifest of the last build.
    ///   - previous: The paths in that manifest.
    ///   - disarmed: The names of nodes whose boot files are not to be in the tree.
    ///   - differs: Receives the files that differ, sorted by path: those of a node together, for several nodes at a
    ///     time, then those of the lab. Returns the directory that it wrote them to; nil when it wrote nothing.
    /// - Returns: The summary, and the content of the new manifest.
    private func compare(
        with manifest: Manifest?, _ previous: Set<String>, disarmed: Set<String>,
        _ differs: @escaping @Sendable (Differing) async throws -> String?
    ) async throws -> (Summary, manifest: [UInt8]) {
        var summary = Summary()
        var lines: [(path: String, bytes: [UInt8])] = []
        let nodes: [NodeResult] = try await plan.files { node in
            try FileSystem.read("\(root)/\(NodeFile.overlay.path(of: node.name))")
        } _: { files in
            try await compare(files, previous, isDisarmed: disarmed.contains(files.node.name.description), differs)
        } lab: { file in
            var file = file
            // An archive that an earlier build packed has the digest of that build.
            if case .archive = file.content { file.digest = manifest?.digest(of: file.path) }
            let standing = try self.standing(of: file)
            var written: String?
            if standing != .same {
                written = try await differs([(file, standing)])
                summary.changed += 1
            }
            if case .archive = file.content, let written {
                file.digest = try sha256(ofFile: "\(written)/\(file.path)")
            }
            summary.files += 1
            // A check does not know the digest of an archive that no build has packed.
            if file.digest != nil { lines.append((file.path, Manifest.line(file))) }
        }
        summary.nodes = nodes.count
        for node in nodes {
            summary.files += node.count
            summary.changed += node.changed
            summary.removed += node.surplus
            summary.absent.formUnion(node.absent)
        }
        let boot = Dictionary(uniqueKeysWithValues: nodes.compactMap(\.boot).map { ($0.node.name, $0) })
        summary.boot = plan.lab.nodes.compactMap { boot[$0.name] }
        // The manifest itself.
        summary.files += 1
        lines += nodes.flatMap(\.lines)
        lines.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let content = Manifest.content(lines.lazy.map(\.bytes))
        lines = []
        let listing = PlannedFile(Manifest.name, content)
        let standing = try standing(of: listing)
        if standing != .same {
            _ = try await differs([(listing, standing)])
            summary.changed += 1
        }
        if standing != .same, manifest != nil {
            let removed = previous.subtracting(Manifest.paths(of: content)).subtracting([Manifest.name])
            summary.removed += try removed.filter { try FileSystem.status("\(root)/\($0)") != nil }
        }
        summary.removed.sort()
        return (summary, content)
    }

    private struct NodeResult: Sendable {
        /// The lines of the manifest: those of the node's directory together, and one for each boot file.
        var lines: [(path: String, bytes: [UInt8])] = []
        var count = 0
        var changed = 0
        var boot: NodeBoot?
        /// The boot files that are not to be in the tree, and those of them that are in it.
        var absent: [String] = []
        var surplus: [String] = []
    }

    private func compare(
        _ files: NodeFiles, _ previous: Set<String>, isDisarmed: Bool,
        _ differs: @escaping @Sendable (Differing) async throws -> String?
    ) async throws -> NodeResult {
        let path = NodeFile.directory(of: files.node.name)
        let directory = try FileSystem.Folder("\(root)/\(path)")
        var result = NodeResult()
        var differing: Differing = []
        var lines: [UInt8] = []
        lines.reserveCapacity(files.own.reduce(0) { $0 + $1.path.utf8.count + 67 })
        for file in files.own {
            lines += Manifest.line(file)
            let standing =
                directory == nil ? .nothing : try standing(of: file, in: directory, named: path)
            if standing != .same { differing.append((file, standing)) }
        }
        result.lines = [(path, lines)] + files.boot.map { ($0.path, Manifest.line($0)) }
        let boot = try bootState(of: files, isDisarmed, previous)
        for file in files.boot {
            if boot?.isArmed == false {
                result.absent.append(file.path)
                if try FileSystem.status("\(root)/\(file.path)") != nil, previous.contains(file.path) {
                    result.surplus.append(file.path)
                }
                continue
            }
            let standing = try standing(of: file)
            if standing != .same { differing.append((file, standing)) }
        }
        if !differing.isEmpty { _ = try await differs(differing) }
        result.count = files.own.count + files.boot.count
        result.changed = differing.count
        if let boot {
            let installs = NodeFile.installing.map { $0.path(of: files.node.name) }
            result.boot = NodeBoot(
                node: files.node, state: boot, isChanged: differing.contains { installs.contains($0.file.path) })
        }
        return result
    }

    /// Returns whether the tree is to have a node's boot files, and why; nil when the lab has none for the node.
    private func bootState(
        of files: NodeFiles, _ isDisarmed: Bool, _ previous: Set<String>
    ) throws -> NodeBoot.State? {
        guard let deciding = files.boot.first?.path else { return nil }
        if isDisarmed { return .disarmed }
        if try FileSystem.status("\(root)/\(deciding)") != nil { return .armed }
        return previous.contains(deciding) ? .removed : .newlyArmed
    }

    /// The state of a path in the tree, compared with the plan.
    private enum Standing { case nothing, different, same }

    /// Compares a file with the tree. Of the mode, only the executable bit (which git keeps) and the permissions of
    /// secret files count.
    /// - Parameters:
    ///   - folder: The directory of the file, if it is open.
    ///   - name: The path of that directory in the tree.
    private func standing(
        of file: PlannedFile, in folder: FileSystem.Folder? = nil, named name: String = ""
    ) throws -> Standing {
        let path =
            folder == nil
            ? "\(root)/\(file.path)" : String(Substring(file.path.utf8.dropFirst(name.utf8.count + 1)))
        func isRight(_ permissions: FilePermissions) -> Bool {
            permissions.contains(.ownerExecute) == file.isExecutable
                && (!file.isSecret || permissions.isDisjoint(with: .otherReadWriteExecute))
        }
        switch file.content {
        case .link(let target):
            if FileSystem.readLink(path, in: folder) == target { return .same }
            return try FileSystem.status("\(root)/\(file.path)") == nil ? .nothing : .different
        case .bytes(let wanted):
            switch try FileSystem.find(path, in: folder) {
            case .nothing: return .nothing
            case .other: return .different
            case .file(let bytes, let mode): return isRight(mode) && areSame(bytes, wanted) ? .same : .different
            }
        case .archive(let seed):
            guard let status = try FileSystem.status(path) else { return .nothing }
            let isSame =
                try status.type == .regular && isRight(status.permissions) && sha256(ofFile: path) == file.digest
                && seed.matches(archive: path)
            return isSame ? .same : .different
        }
    }
}

/// Array's `==` compares one byte at a time, which is slower than memcmp.
private func areSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && (a.isEmpty || memcmp(a, b, a.count) == 0)
}

private func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.contains { $0 < 9 || (11...12).contains($0) || (14...31).contains($0) }
}
