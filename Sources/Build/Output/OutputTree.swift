import Glibc
import Lab
import SystemPackage

/// The directory that a lab is built into.
package struct OutputTree: Sendable {
    /// The absolute path, without symbolic links.
    package let root: String
    private let artifacts: NodeArtifacts
    package var planner: Planner { artifacts.planner }

    /// Describes an output tree; nothing is written.
    /// - Parameter folder: The directory. It need not exist; its parent must.
    /// - Throws: ``BuildError`` when the parent does not exist.
    package init(_ folder: String, planner: Planner) throws(BuildError) {
        root = try Self.resolve(folder)
        artifacts = try NodeArtifacts(planner: planner)
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
        /// The paths that are new or differ, sorted.
        package var changed: [String] = []
        /// The paths that the last build wrote and this one does not: the lab no longer has them, or they are boot
        /// files of nodes that are not to be installed.
        package var removed: [String] = []
        /// The nodes that have boot files, in the order of the lab.
        package var boot: [NodeBoot] = []
        /// The boot files that the manifest lists and that are not in the tree.
        var absent: Set<String> = []
        package var isUnchanged: Bool { changed.isEmpty && removed.isEmpty }
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
    package var scratch: String { FileSystem.beside(root, "netboot") }

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

    /// Files that xenseed did not build and that are put into the tree together with its own.
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
    /// touched. The manifest is trusted about the members of archives that are in the tree.
    /// - Parameters:
    ///   - lock: The lock from ``lock(log:)``.
    ///   - disarmed: The names of nodes that are not to be installed. Their boot files are not in the tree afterwards.
    ///   - added: Other files. A file is not moved when the lab has a file with the same path.
    package func build(
        holding lock: OutputLock, disarmed: Set<String> = [], adding added: AddedFiles? = nil
    ) async throws -> Summary {
        precondition(lock.target == root, "a lock is for one tree")
        try checkPlace()
        let previous = Previous(try Manifest(in: root))
        let staging = try Staging(for: root)
        defer { staging.discard() }
        @Sendable func refuse(_ file: PlannedFile, _ standing: Standing) async throws {
            if standing == .different, await !previous.paths.contains(file.path) {
                throw BuildError("\(root)/\(file.path) was not written by xenseed; it will not be replaced")
            }
        }
        let (summary, manifest) = try await scan(previous: previous, trusting: true, disarmed: disarmed) { files in
            for (file, standing) in files { try await refuse(file, standing) }
            try staging.write(files.map(\.file))
        } packs: { seed, standing in
            try await refuse(seed.file, standing)
            try staging.write([seed.file])
            return try Seed.Packing(seed, into: staging.place(of: Seed.path)) {
                try FileSystem.content(staging.place(of: $0))
            }
        }
        let listed = Set(Manifest.paths(of: manifest) + [Manifest.name])
        for path in added?.paths ?? [] where !listed.contains("\(added!.directory)/\(path)") {
            try staging.add("\(added!.source)/\(path)", at: "\(added!.directory)/\(path)")
        }
        if summary.isUnchanged, added == nil { return summary }
        try staging.adopt(from: root, planned: listed.subtracting(summary.absent), previous: await previous.paths)
        try staging.exchange()
        return summary
    }

    /// Locks the tree and writes it; for trees that no other process uses.
    package func build() async throws -> Summary { try await build(holding: try await lock { _ in }) }

    /// Returns the contents of a tree's files by path, without links and without the archive of the seed, whose files
    /// are all in the tree.
    package static func plan(_ planner: Planner) async throws -> [String: [UInt8]] {
        let artifacts = try NodeArtifacts(planner: planner)
        let nodes = planner.lab.nodes
        let made = try await withThrowingTaskGroup(of: (Int, NodeArtifacts.Files).self) { group in
            for place in nodes.indices {
                group.addTask { (place, try artifacts.files(of: nodes[place], packed: nil, previous: [:])) }
            }
            return try await group.reduce(into: [Int: NodeArtifacts.Files]()) { $0[$1.0] = $1.1 }
        }
        let sums = nodes.indices.map { made[$0]!.preseedSum }
        var planned = made.values.flatMap { $0.own + $0.media }
        planned += try (planner.media() + planner.media(preseedSums: sums)).map(PlannedFile.init)
        planned += try Seed(planner: planner, order: Array(nodes.indices)).files
        planned.append(PlannedFile(path: "README.md", kind: .bytes(try planner.readme(preseedSums: sums))))
        planned.append(PlannedFile(path: ResolvedLab.path, kind: .bytes(ResolvedLab.value(of: planner.lab).json)))
        var files: [String: [UInt8]] = [:]
        for file in planned { if case .bytes(let bytes) = file.kind { files[file.path] = bytes } }
        return files
    }

    // MARK: Checking

    /// A difference between the tree and the plan.
    package struct Difference: Sendable {
        package var path: String
        /// A unified diff, or a sentence for a file that is not a text.
        package var text: String
    }

    /// Compares the tree with the plan without writing, and without trusting the manifest. Archives count as equal when
    /// their members are equal. A node's boot files may be missing: the lab does not tell whether a node is armed.
    /// - Parameter disarmed: The names of nodes that are not to be installed. Boot files of these nodes are a
    ///   difference.
    package func check(disarmed: Set<String> = []) async throws -> (summary: Summary, differences: [Difference]) {
        let previous = Previous(try Manifest(in: root))
        let found = Collector()
        let (summary, _) = try await scan(previous: previous, trusting: false, disarmed: disarmed) { files in
            // The mtree manifest matches, so a build would trust it and keep the archive.
            let hasOtherMembers =
                files.contains { $0.file.path.hasSuffix("/\(Manifest.archive)") && $0.standing == .different }
                && !files.contains { $0.file.path.hasSuffix("/\(Manifest.mtree)") }
            for (file, _) in files {
                let text =
                    hasOtherMembers && file.path.hasSuffix("/\(Manifest.archive)")
                    ? Self.otherMembers(file.path) : try describe(file)
                await found.add(Difference(path: file.path, text: text))
            }
        } packs: { seed, standing in
            let text =
                switch standing {
                case .nothing: "\(Seed.path): missing\n"
                case .different: "\(Seed.path): the content or the permissions differ\n"
                case .same: Self.otherMembers(Seed.path)
                }
            await found.add(Difference(path: Seed.path, text: text))
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

    private static func otherMembers(_ path: String) -> String {
        "\(path): its members are not the files beside it; remove it and run xenseed build\n"
    }

    private actor Collector {
        var differences: [Difference] = []
        func add(_ difference: Difference) { differences.append(difference) }
    }

    private func describe(_ file: PlannedFile) throws -> String {
        guard case .bytes(let wanted) = file.kind else {
            return "\(file.path): the link is missing or has another target\n"
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

    /// Compares the files of a directory with its own SHA256SUMS.
    /// - Returns: A sentence for each file that is missing or has another digest.
    package static func damage(in folder: String) throws(BuildError) -> [String] {
        try Manifest(in: folder)?.damage(in: folder) ?? []
    }

    // MARK: Both

    /// The manifest of the last build.
    private actor Previous {
        let manifest: Manifest?
        /// The paths of its files and links. They are computed only when something has changed.
        private(set) lazy var paths = manifest?.paths ?? []

        init(_ manifest: Manifest?) { self.manifest = manifest }
    }

    private typealias Differing = [(file: PlannedFile, standing: Standing)]

    /// Compares every file of the plan with the tree, several nodes at a time, and passes on the files that differ:
    /// those of a node together, sorted by path.
    /// - Parameters:
    ///   - trusts: Whether the manifest is trusted about the members of archives.
    ///   - disarmed: The names of nodes whose boot files are not to be in the tree.
    ///   - differs: Receives the files that differ.
    ///   - packs: Receives the seed when it differs, and returns its writer if it is to be written.
    /// - Returns: The summary, and the content of the new manifest.
    private func scan(
        previous: Previous, trusting trusts: Bool, disarmed: Set<String>,
        _ differs: @escaping @Sendable (Differing) async throws -> Void,
        packs: (Seed, Standing) async throws -> Seed.Packing?
    ) async throws -> (Summary, [UInt8]) {
        let nodes = planner.lab.nodes
        var summary = Summary()
        // The lines of the manifest for the nodes' directories, and those for the boot files.
        var lines: [UInt8] = []
        var media: [(path: String, line: [UInt8])] = []
        let packedSums = previous.manifest?.packedSums ?? [:]
        let trusted = trusts ? packedSums : [:]
        var sums = [String](repeating: "", count: nodes.count)
        var boot = [NodeBoot?](repeating: nil, count: nodes.count)
        let order = nodes.indices.sorted { nodes[$0].name.description < nodes[$1].name.description }
        let seed = try Seed(planner: planner, order: order)
        var seedSum = packedSums[Seed.path]
        let seedStanding = try standing(of: seed, digest: seedSum)
        // Whether the seed in the tree was packed from the planned files.
        var hasPlannedMembers =
            seedStanding == .same && (!trusts || seed.files.allSatisfy { trusted[$0.path] == $0.sum })
        // The writer gets a node as soon as it is planned, while others are still to come.
        var packing = seedStanding == .nothing ? try await packs(seed, .nothing) : nil
        let isPacking = packing != nil
        async let still = planner.media()
        async let resolved = ResolvedLab.value(of: planner.lab).json
        try await withThrowingTaskGroup(of: (Int, NodeResult).self) { group in
            var next = 0
            func start() {
                guard next < nodes.count else { return }
                let place = next
                next += 1
                group.addTask {
                    let node = nodes[order[place]]
                    let isDisarmed = disarmed.contains(node.name.description)
                    return (place, try await scan(node, previous, trusted, isDisarmed, keeps: isPacking, differs))
                }
            }
            // Two tasks for each core, so that a core never waits for the next node.
            for _ in 0..<2 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) { start() }
            // The results of nodes that finished before their turn.
            var early: [Int: NodeResult] = [:]
            var turn = 0
            while let (place, result) = try await group.next() {
                early[place] = result
                start()
                while let result = early.removeValue(forKey: turn) {
                    hasPlannedMembers = hasPlannedMembers && (!trusts || result.isPacked)
                    try packing?.add(node: turn, result.parts)
                    lines += result.lines
                    media += result.media
                    sums[order[turn]] = result.preseedSum
                    summary.files += result.count
                    summary.changed += result.changed
                    summary.removed += result.surplus
                    summary.absent.formUnion(result.absent)
                    boot[order[turn]] = result.boot
                    turn += 1
                }
            }
        }
        summary.nodes = nodes.count
        summary.boot = boot.compactMap { $0 }
        let preseedSums = sums
        async let readme = planner.readme(preseedSums: preseedSums)
        let starting = try planner.media(preseedSums: preseedSums) + (await still)
        var top = [
            PlannedFile(path: "README.md", kind: .bytes(try await readme)),
            PlannedFile(path: ResolvedLab.path, kind: .bytes(await resolved)),
        ]
        // In the order of paths, both come before nodes/, and nodes/ before the directories with boot files.
        let first = top.flatMap(Manifest.line)
        let rest = starting.map(PlannedFile.init) + seed.files
        media += rest.map { ($0.path, Manifest.line($0)) }
        top += rest
        if !trusts { hasPlannedMembers = hasPlannedMembers && seed.hasPlannedMembers(in: root) }
        if !hasPlannedMembers {
            if seedStanding != .nothing {
                // No other file differs.
                let hasOtherMembers = seedStanding == .same && summary.changed.isEmpty
                packing = try await packs(seed, hasOtherMembers ? .same : .different)
                for place in order.indices { try packing?.add(node: place) }
            }
            // The digest of the new archive is known only after it is written.
            seedSum = try packing?.finish() ?? seedSum
            summary.changed.append(Seed.path)
        }
        summary.files += 1
        if let seedSum { media.append((Seed.path, Manifest.line(Seed.path, digest: seedSum))) }
        var manifest = Array((Manifest.heading + "\n").utf8) + first + lines
        for (_, line) in media.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            manifest += line
        }
        top.append(PlannedFile(path: Manifest.name, kind: .bytes(manifest)))
        let differing = try top.map { ($0, try standing(of: $0)) }.filter { $0.1 != .same }
        if !differing.isEmpty { try await differs(differing) }
        summary.changed += differing.map(\.0.path)
        summary.files += top.count
        // An equal manifest lists the same files.
        if summary.changed.last == Manifest.name, previous.manifest != nil {
            let planned = Set(Manifest.paths(of: manifest) + [Manifest.name])
            summary.removed += try await previous.paths.subtracting(planned)
                .filter { try FileSystem.status("\(root)/\($0)") != nil }
        }
        summary.removed.sort()
        summary.changed.sort()
        return (summary, manifest)
    }

    private struct NodeResult: Sendable {
        /// The lines of the manifest for the node's own directory.
        var lines: [UInt8] = []
        /// The lines of the manifest for files in other directories.
        var media: [(path: String, line: [UInt8])] = []
        /// Whether the seed in the tree was packed from the same files.
        var isPacked = false
        /// The files for the seed, if it is written at once.
        var parts: [PlannedFile] = []
        var preseedSum = ""
        var count = 0
        var changed: [String] = []
        var boot: NodeBoot?
        /// The boot files that are not to be in the tree, and those of them that are in it.
        var absent: [String] = []
        var surplus: [String] = []
    }

    private func scan(
        _ node: Node, _ previous: Previous, _ trusted: [String: String], _ isDisarmed: Bool, keeps keepsParts: Bool,
        _ differs: @escaping @Sendable (Differing) async throws -> Void
    ) async throws -> NodeResult {
        let name = "nodes/\(node.name)"
        let folder = try FileSystem.Folder("\(root)/\(name)")
        let packed = try folder.flatMap { try FileSystem.read(Manifest.archive, in: $0) }
        var result = NodeResult()
        let files = try artifacts.files(of: node, packed: packed, previous: trusted)
        var differing: Differing = []
        for file in files.own {
            Manifest.add(file, to: &result.lines)
            let standing = folder == nil ? .nothing : try standing(of: file, in: folder, named: name)
            if standing != .same { differing.append((file, standing)) }
        }
        let boot = try await bootState(of: node, files.media, isDisarmed, previous)
        for file in files.media {
            result.media.append((file.path, Manifest.line(file)))
            if boot?.isArmed == false {
                result.absent.append(file.path)
                if try FileSystem.status("\(root)/\(file.path)") != nil, await previous.paths.contains(file.path) {
                    result.surplus.append(file.path)
                }
                continue
            }
            let standing = try standing(of: file)
            if standing != .same { differing.append((file, standing)) }
        }
        if !differing.isEmpty { try await differs(differing) }
        result.count = files.own.count + files.media.count
        result.changed = differing.map(\.file.path)
        if let boot {
            let installs = Seed.parts.map { "\(name)/\($0)" }
            result.boot = NodeBoot(
                node: node, state: boot, isChanged: result.changed.contains(where: installs.contains))
        }
        result.preseedSum = files.preseedSum
        let parts = files.own.filter { Seed.takes($0.path) }
        result.isPacked = parts.allSatisfy { trusted[$0.path] == $0.sum }
        if keepsParts { result.parts = parts }
        return result
    }

    /// Returns whether the tree is to have a node's boot files, and why; nil when the lab has none for the node.
    private func bootState(
        of node: Node, _ files: [PlannedFile], _ isDisarmed: Bool, _ previous: Previous
    ) async throws -> NodeBoot.State? {
        if files.isEmpty { return nil }
        if isDisarmed { return .disarmed }
        let mark = PXEPath.pxelinux(node.installMAC)
        if try FileSystem.status("\(root)/\(mark)") != nil { return .armed }
        return await previous.paths.contains(mark) ? .removed : .newlyArmed
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
        switch file.kind {
        case .link(let target):
            if FileSystem.readLink(path, in: folder) == target { return .same }
            return try FileSystem.status("\(root)/\(file.path)") == nil ? .nothing : .different
        case .bytes(let wanted):
            switch try FileSystem.find(path, in: folder) {
            case .nothing: return .nothing
            case .other: return .different
            case .file(let bytes, let mode):
                let isRight = mode.contains(.ownerExecute) == file.isExecutable && (!file.isSecret || mode.isPrivate)
                return isRight && areSame(bytes, wanted) ? .same : .different
            }
        }
    }
}

extension OutputTree {
    /// Returns whether the seed in the tree has the digest in the manifest; its members are not compared.
    private func standing(of seed: Seed, digest: String?) throws(BuildError) -> Standing {
        let path = "\(root)/\(Seed.path)"
        guard let status = try FileSystem.status(path) else { return .nothing }
        guard status.type == .regular, !status.permissions.contains(.ownerExecute),
            !seed.file.isSecret || status.permissions.isPrivate,
            try digest == sha256(ofFile: path)
        else { return .different }
        return .same
    }
}

extension FilePermissions {
    /// Whether users who are neither the owner nor in the group have no permission.
    fileprivate var isPrivate: Bool { isDisjoint(with: .otherReadWriteExecute) }
}

/// Array's `==` compares one byte at a time, which is slower than memcmp.
private func areSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && (a.isEmpty || memcmp(a, b, a.count) == 0)
}

private func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.contains { $0 < 9 || (11...12).contains($0) || (14...31).contains($0) }
}
