import Build
import Lab
import Preseed

extension Review {
    /// The number of bytes that the contents of an overlay may have together.
    static let overlayLimit = 64 << 20
    /// The maximum size of a file in bytes.
    static let fileLimit = 64 << 20

    /// Compares two labs: field by field if both have a resolved lab, and then the files that the fields do not explain.
    /// - Throws: An error when a file can't be read.
    package init(from old: any Snapshot, to new: any Snapshot) throws {
        changes = []
        problems = []
        notes = []
        let (before, after) = (try resolved(old), try resolved(new))
        (allNodes, nodeCount) = (Self.nodes(in: old).union(Self.nodes(in: new)), Self.nodes(in: new).count)
        if let before, let after {
            let fields = FieldReview(before, after)
            try compare(fields, old, new)
            try compareMedia(old, new, explained: fields.explained)
            installations = installations(fields, old, new)
        } else {
            try compareFiles(old, new)
            try compareMedia(old, new, explained: .init(comparesFields: false))
        }
        // The names and texts may come from others and must not control the terminal that shows them.
        for index in changes.indices {
            changes[index].node = changes[index].node.map(DiagnosticReport.printable)
            changes[index].sentence = DiagnosticReport.printable(changes[index].sentence)
            changes[index].diff = changes[index].diff.map { diff in
                diff.split(separator: "\n", omittingEmptySubsequences: false).map {
                    DiagnosticReport.printable(String($0))
                }
                .joined(separator: "\n")
            }
        }
        problems = problems.map(DiagnosticReport.printable)
        notes = notes.map(DiagnosticReport.printable)
    }

    private mutating func resolved(_ snapshot: any Snapshot) throws -> FieldValue? {
        do {
            if let lab = try snapshot.resolvedLab() {
                let (named, built) = (Self.nodes(of: lab), Self.nodes(in: snapshot))
                guard named == built else {
                    let others = named.symmetricDifference(built).sorted().joined(separator: ", ")
                    throw ReviewError("does not belong to this tree: only one of them has \(others)", code: .lab)
                }
                return lab
            }
            notes.append(
                "\(snapshot.name) has no \(ResolvedLab.path) (it was built by an earlier version): files are compared, not fields"
            )
        } catch let error as ReviewError where error.code == .lab {
            problems.append("\(snapshot.name): \(ResolvedLab.path) \(error)")
        }
        return nil
    }

    private static func nodes(of lab: FieldValue) -> Set<String> {
        guard case .object(let nodes)? = lab["nodes"] else { return [] }
        return Set(nodes.map(\.name))
    }

    /// Returns the names of the nodes that a tree has a preseed for.
    private static func nodes(in snapshot: any Snapshot) -> Set<String> {
        Set(
            snapshot.paths.compactMap { path in
                guard let (node, file) = NodeFile.split(path), file == NodeFile.preseed.rawValue else { return nil }
                return node
            })
    }

    // MARK: Fields

    private mutating func compare(_ fields: FieldReview, _ old: any Snapshot, _ new: any Snapshot) throws {
        let pairs = Dictionary(uniqueKeysWithValues: fields.nodes.map { ($0.new, $0.old) })
        let byNode = Dictionary(grouping: fields.differences) { $0.node ?? "" }
        let added = Set(fields.added)
        for node in (pairs.keys + fields.added + fields.removed).sorted() {
            let folder = NodeFile.directory(of: node)
            if added.contains(node) {
                let erased = FieldReview.disk(of: fields.node(node)).map { "; its installation ERASES \($0)" } ?? ""
                changes.append(Change(node: node, risk: .erases, sentence: "a new node\(erased)", path: folder))
                continue
            }
            guard let former = pairs[node] else {
                changes.append(
                    Change(
                        node: node, risk: .cosmetic, sentence: "removed from the lab; the machine stays as it is",
                        path: folder))
                continue
            }
            let differences = byNode[node] ?? []
            let start = changes.count
            let rename = fields.renames.first { $0.new == node }
            if let rename { changes.append(Self.change(rename, differences.compactMap(\.change), fields.node(node))) }
            let patterns = Set(differences.map(\.pattern))
            let files = try files(
                of: node, former,
                .init(
                    fields: patterns, rendersEveryFile: rename != nil || patterns.contains("release"),
                    others: fields.changedNodes.filter { $0.node != node }), old, new)
            for difference in differences {
                guard let change = difference.change else { continue }
                let path = Self.file(of: difference.pattern, among: files.differing).map { "\(folder)/\($0)" }
                changes.append(
                    Change(change, node: node, path: path ?? ResolvedLab.path, field: difference.path))
            }
            let reported = Set(changes[start...].map(\.sentence))
            add(files, node, folder, without: reported)
        }
        for difference in byNode[""] ?? [] {
            guard let change = difference.change else { continue }
            changes.append(Change(change, node: nil, path: ResolvedLab.path, field: difference.path))
        }
    }

    /// Returns what the next build and the next installations do with the nodes of the new lab.
    private func installations(
        _ fields: FieldReview, _ old: any Snapshot, _ new: any Snapshot
    ) -> Installations {
        var found = Installations()
        for node in (fields.added + fields.nodes.map(\.new)).sorted(by: NodeNames.isBefore) {
            // Only the card that the node is installed over has boot files.
            let bootFile = fields.cards(of: node).map(PXEPath.pxelinux).first(where: new.paths.contains)
            let isNew = bootFile.map { !old.paths.contains($0) } ?? false
            guard isNew || changes.contains(where: { $0.node == node && $0.needsInstallation }) else { continue }
            let disk = FieldReview.disk(of: fields.node(node)) ?? "its disk"
            found.add(.init(node: node, disk: disk, bootFile: bootFile), isNew: isNew)
        }
        return found
    }

    /// Returns the first of the differing files that is rendered from a field.
    private static func file(of pattern: String, among paths: [String]) -> String? {
        paths.first { GeneratedFile.fields(behind: $0)?.contains(pattern) == true }
    }

    private static func change(
        _ rename: FieldReview.Rename, _ changes: [UnplacedChange], _ node: FieldValue
    ) -> Change {
        let erases = changes.contains { $0.risk == .erases }
        let disk = FieldReview.disk(of: node) ?? "its disk"
        let end =
            erases
            ? "its installation ERASES \(disk)" : "the new host name needs a reboot, and nothing on \(disk) is erased"
        return Change(
            UnplacedChange(
                erases ? .erases : .reboot, "\(rename.old) is now \(rename.new), by \(rename.mark): \(end)"),
            node: rename.new, path: NodeFile.directory(of: rename.new), field: "nodes.\(rename.new)")
    }

    /// Adds the changes of a node's files.
    /// - Parameter reported: The sentences of changed fields, which are not repeated.
    private mutating func add(_ files: FileReview, _ node: String, _ folder: String, without reported: Set<String> = [])
    {
        for (path, change) in files.changes where !reported.contains(change.sentence) {
            changes.append(Change(change, node: node, path: "\(folder)/\(path)"))
        }
    }

    // MARK: Files

    private mutating func compareFiles(_ old: any Snapshot, _ new: any Snapshot) throws {
        let (before, after) = (Self.nodes(in: old), Self.nodes(in: new))
        for node in before.union(after).sorted() {
            let folder = NodeFile.directory(of: node)
            if before.contains(node), after.contains(node) {
                add(try files(of: node, node, .init(comparesFields: false), old, new), node, folder)
            } else {
                let isNew = after.contains(node)
                changes.append(
                    Change(
                        node: node, risk: isNew ? .erases : .cosmetic,
                        sentence: isNew
                            ? "a new node; its installation ERASES a disk"
                            : "removed from the lab; the machine stays as it is",
                        path: folder))
            }
        }
    }

    private mutating func files(
        of node: String, _ former: String, _ explained: FileReview.Explained, _ old: any Snapshot, _ new: any Snapshot
    ) throws -> FileReview {
        var review = FileReview(explained)
        func pair(_ file: NodeFile) throws -> (old: [UInt8], new: [UInt8])? {
            let a = try old.content(of: file.path(of: former)) ?? []
            let b = try new.content(of: file.path(of: node)) ?? []
            return a == b ? nil : (a, b)
        }
        if let (a, b) = try pair(.overlay) {
            review.compareOverlays(members(a, old, former), members(b, new, node))
        }
        for file in [NodeFile.preseed, .lateCommand] {
            if let (a, b) = try pair(file) { review.compareInstallation(file, a, b) }
        }
        return review
    }

    private mutating func members(
        _ archive: [UInt8], _ snapshot: any Snapshot, _ node: String
    ) -> [String: ArchiveReader.UntrustedEntry] {
        let path = NodeFile.overlay.path(of: node)
        guard !archive.isEmpty else {
            problems.append("\(snapshot.name): \(path) is missing")
            return [:]
        }
        let (members, found) = ArchiveReader.readUntrusted(archive, limit: Self.overlayLimit)
        // The last problem may have ended the reading, so it is always shown.
        let shown = found.count > 20 ? found.prefix(19) + found.suffix(1) : found[...]
        problems += shown.map { "\(snapshot.name): \(path) \($0)" }
        // tar keeps the last of several members with the same name.
        return Dictionary(members.map { ($0.path, $0) }) { $1 }
    }

    /// Compares the files that are not of a single node: boot media, scripts and texts.
    private mutating func compareMedia(
        _ old: any Snapshot, _ new: any Snapshot, explained: FileReview.Explained
    ) throws {
        let paths = old.paths.union(new.paths).filter { path in
            // All files in the seed's archive are also in the tree: those of the nodes and usb/seed/.
            NodeFile.split(path) == nil && ![Manifest.name, Seed.path, ResolvedLab.path].contains(path)
        }
        for path in paths.sorted() {
            let (a, b) = (try old.content(of: path), try new.content(of: path))
            // Boot files may be missing, because the lab does not define which nodes are armed.
            guard a != b, (a != nil && b != nil) || !PXEPath.isBootFile(path) else { continue }
            let (before, after) = (a.map(Text.init), b.map(Text.init))
            // Kernel lines contain digests of files that were compared already.
            if let before, let after, before.withoutDigests == after.withoutDigests { continue }
            let verb = a == nil ? "new" : b == nil ? "removed" : "changed"
            var change = Change(
                node: nil, risk: .cosmetic, sentence: "\(path): \(verb)", path: path,
                diff: path == "README.md" ? nil : Text.diff(before, after, path))
            change.isDerived = explained.explains(labFile: path)
            changes.append(change)
        }
    }
}
