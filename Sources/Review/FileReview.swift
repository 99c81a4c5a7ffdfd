import Build
import Lab
import Preseed

/// Compares the files of one node in two trees, and finds the changes that the fields of the lab do not explain.
struct FileReview {
    /// The changes, each with its path below the directory of the node.
    private(set) var changes: [(path: String, change: UnplacedChange)] = []
    /// The paths below the directory of the node of the files that differ or are in only one of the trees.
    private(set) var differing: [String] = []

    private typealias Member = ArchiveReader.UntrustedEntry

    /// The differences that changed fields explain.
    struct Explained {
        /// The patterns of the fields whose values differ, such as `nodes.*.dom0.memory`. Files that are rendered from them
        /// differ as well.
        var fields: Set<String> = []
        /// Whether every rendered file differs, as for a renamed node or for another release.
        var rendersEveryFile = false
        /// Whether the fields could be compared.
        var comparesFields = true
        /// The name of the node whose files are compared.
        var node = ""
        /// The nodes that changed.
        var changedNodes: [FieldReview.ChangedNode] = []

        /// Whether one of the fields affects the partitioning.
        var dividesDisk: Bool {
            fields.contains { $0.hasPrefix("nodes.*.disk.") || $0 == "nodes.*.firmware" || $0 == "release" }
        }

        /// Returns whether a file outside of the nodes' directories differs because of the fields.
        func explains(labFile path: String) -> Bool {
            guard let fields = GeneratedFile.fields(behindLabFile: path) else { return false }
            return rendersEveryFile || !fields.isDisjoint(with: self.fields)
        }
    }

    private let explained: Explained

    init(_ explained: Explained) { self.explained = explained }

    private func isExplained(_ path: String) -> Bool {
        guard let fields = GeneratedFile.fields(behind: path) else { return false }
        return explained.rendersEveryFile || !fields.isDisjoint(with: explained.fields)
    }

    private mutating func add(_ path: String, _ changes: [UnplacedChange]) {
        differing.append(path)
        if isExplained(path) { return }
        let others = otherNodes(behind: path)
        self.changes += changes.map { change in
            guard !others.isEmpty else { return (path, change) }
            var change = change
            change.sentence += ", which follows from \(NodeNames.text(others, limit: 50))"
            change.isDerived = true
            return (path, change)
        }
    }

    /// Returns the names of the other nodes because of which a file differs.
    private func otherNodes(behind path: String) -> [String] {
        guard GeneratedFile.dependsOnOtherNodes(path), let fields = GeneratedFile.fields(behind: path) else {
            return []
        }
        return explained.changedNodes.filter { other in
            other.node != explained.node && other.fields.map { !$0.isDisjoint(with: fields) } ?? true
        }.map(\.node)
    }

    // MARK: The installer's files

    /// Compares a file that only the installer reads. Digests are ignored, because the files that they belong to are compared
    /// as well.
    mutating func compareInstallation(_ file: NodeFile, _ old: [UInt8], _ new: [UInt8]) {
        let (a, b) = (Text(Text(old).withoutDigests), Text(Text(new).withoutDigests))
        guard a.bytes != b.bytes else { return }
        let path = file.rawValue
        let name = file == .preseed ? "the preseed" : "the late command"
        let diff = Text.diff(a, b, path)
        if !explained.comparesFields, a.content != b.content {
            // Any line may select the disk or the partitioning.
            return add(
                path, [UnplacedChange(.erases, "\(name) changed, and may install on another disk", diff: diff)])
        }
        if file == .preseed, !explained.dividesDisk, Self.partitioning(old) != Self.partitioning(new) {
            let sentence = "the preseed partitions the disk differently, which no field explains: reinstall, ERASES"
            return changes.append((path, UnplacedChange(.erases, sentence, diff: diff)))
        }
        add(path, [UnplacedChange(.cosmetic, "\(name) changed; it takes effect at the next installation", diff: diff)])
    }

    /// Returns the answers of a preseed about disks, without commands, which contain digests of other files.
    private static func partitioning(_ preseed: [UInt8]) -> [String] {
        var report = DiagnosticReport(file: NodeFile.preseed.rawValue, source: "")
        return PreseedFile(preseed, report: &report).answers
            .filter { $0.question.hasPrefix("partman") || $0.question.hasPrefix("grub-installer") }
            .filter { !$0.question.hasSuffix("_command") }
            .map { "\($0.question) \($0.value)" }
    }

    // MARK: The overlay

    /// Compares two overlays, member by member.
    mutating func compareOverlays(
        _ old: [String: ArchiveReader.UntrustedEntry], _ new: [String: ArchiveReader.UntrustedEntry]
    ) {
        for path in Set(old.keys).union(new.keys).sorted() where old[path] != new[path] {
            add("overlay/\(path)", Self.compare(path, old[path], new[path]))
        }
    }

    private static func compare(_ path: String, _ old: Member?, _ new: Member?) -> [UnplacedChange] {
        let risk = OverlayPath(rawValue: path)?.risk ?? .live
        let isSecret = [old, new].contains { $0.map { Self.isSecret($0, path) } ?? false }
        guard let old, let new else {
            let member = (old ?? new)!
            var diff: String?
            if case .file(let bytes) = member.kind, !isSecret {
                diff = Text.diff(old == nil ? nil : Text(bytes), old == nil ? Text(bytes) : nil, path)
            }
            var about = ""
            if old == nil {
                if case .file = member.kind {
                    about = ", \(mode(member.mode))"
                } else {
                    about = ", \(kind(member.kind))"
                }
                if (member.owner, member.group) != (0, 0) { about += ", owner \(member.owner):\(member.group)" }
            }
            return [UnplacedChange(risk, "/\(path): \(old == nil ? "added" : "removed")\(about)", diff: diff)]
        }
        var changes: [UnplacedChange] = []
        if old.mode != new.mode {
            changes.append(UnplacedChange(.live, changeText("/\(path): mode", mode(old.mode), mode(new.mode))))
        }
        if (old.owner, old.group) != (new.owner, new.group) {
            changes.append(
                UnplacedChange(
                    .live, changeText("/\(path): owner", "\(old.owner):\(old.group)", "\(new.owner):\(new.group)")))
        }
        switch (old.kind, new.kind) {
        case (let a, let b) where a == b: break
        case (.file(let a), .file(let b)):
            let diff = isSecret ? nil : Text.diff(Text(a), Text(b), path)
            // In a script, a line that begins with # may be part of the program.
            let isConfiguration = OverlayPath(rawValue: path) != nil && old.mode & 0o100 == 0 && new.mode & 0o100 == 0
            changes.append(
                isConfiguration && Text(a).content == Text(b).content
                    ? UnplacedChange(.cosmetic, "/\(path): comments", diff: diff)
                    : UnplacedChange(risk, "/\(path): changed content", diff: diff))
        case (.link(let a), .link(let b)): changes.append(UnplacedChange(.live, changeText("/\(path): link to", a, b)))
        default: changes.append(UnplacedChange(risk, "/\(path): \(kind(old.kind)) → \(kind(new.kind))"))
        }
        return changes
    }

    /// Returns whether the content of a member must not be shown in a review: only its owner may read it, as a private key.
    private static func isSecret(_ member: Member, _ path: String) -> Bool {
        member.mode & 0o077 == 0 && path != OverlayPath.authorizedKeys.rawValue
    }

    private static func mode(_ mode: Int) -> String { "0" + String(mode, radix: 8) }

    private static func kind(_ kind: Member.Kind) -> String {
        switch kind {
        case .file: "file"
        case .folder: "directory"
        case .link(let target): "link to \(target)"
        case .hardLink: "hard link"
        case .other: "special file"
        }
    }
}

extension OverlayPath {
    /// The risk of a changed file: what is needed before a running machine uses the new content.
    fileprivate var risk: Risk {
        switch self {
        case .interfaces, .carrierWait, .nicNames, .cards, .cardsRule, .cardsUnit, .cardsUnitWanted, .cardsScript:
            .network
        case .hostname, .grub, .toolstack: .reboot
        // They only check what other files configure.
        case .expect, .verifyScript: .cosmetic
        default: .live
        }
    }
}
