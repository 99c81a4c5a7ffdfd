import Build
import Lab
import Preseed

/// The files of one node, of two trees: what the fields of the lab do not explain.
struct FileReview {
    /// With the path of each change below the node's directory.
    private(set) var changes: [(path: String, change: UnplacedChange)] = []
    /// Paths below the node's directory whose content or presence differs, sorted.
    private(set) var differing: [String] = []

    private typealias Member = ArchiveReader.UntrustedEntry

    /// Which differences are told already.
    struct Explained {
        /// The fields whose values differ, as `nodes.*.dom0.memory`; files that are rendered from one of them differ, too.
        var fields: Set<String> = []
        /// Whether every file that xenseed renders differs, as for a node with another name or for another release.
        var rendersEveryFile = false
        /// Whether the fields could be compared at all.
        var comparesFields = true

        /// Whether one of the fields decides how the disk is divided.
        var dividesDisk: Bool {
            fields.contains { $0.hasPrefix("nodes.*.disk.") || $0 == "nodes.*.firmware" || $0 == "release" }
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
        if !isExplained(path) { self.changes += changes.map { (path, $0) } }
    }

    // MARK: The installer's files

    /// Compares what only the next installation reads, without digests: the files that they stand for are compared themselves.
    mutating func compareInstallation(_ file: NodeFile, _ old: [UInt8], _ new: [UInt8]) {
        let (a, b) = (Text(Text(old).withoutDigests), Text(Text(new).withoutDigests))
        guard a.bytes != b.bytes else { return }
        let path = file.rawValue
        let name = file == .preseed ? "the preseed" : "the late command"
        let diff = Text.diff(a, b, path)
        if !explained.comparesFields, a.content != b.content {
            // Which disk is erased, and how it is divided, may be in any line.
            return add(
                path, [UnplacedChange(.erases, "\(name) changed, and may install on another disk", diff: diff)])
        }
        if file == .preseed, !explained.dividesDisk, Self.partitioning(old) != Self.partitioning(new) {
            let sentence = "the preseed divides the disk differently, and no field says so: reinstall, ERASES"
            return changes.append((path, UnplacedChange(.erases, sentence, diff: diff)))
        }
        add(path, [UnplacedChange(.cosmetic, "\(name) changed; this counts at the next installation", diff: diff)])
    }

    /// The answers of a preseed about disks, but for commands, which have digests of other files in them.
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
        guard let old, let new else {
            let member = (old ?? new)!
            var diff: String?
            if case .file(let bytes) = member.kind {
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
            changes.append(UnplacedChange(.live, words("/\(path): mode", mode(old.mode), mode(new.mode))))
        }
        if (old.owner, old.group) != (new.owner, new.group) {
            changes.append(
                UnplacedChange(
                    .live, words("/\(path): owner", "\(old.owner):\(old.group)", "\(new.owner):\(new.group)")))
        }
        switch (old.kind, new.kind) {
        case (let a, let b) where a == b: break
        case (.file(let a), .file(let b)):
            let diff = Text.diff(Text(a), Text(b), path)
            // Of a script, a comment may be more than one.
            let isConfiguration = OverlayPath(rawValue: path) != nil && old.mode & 0o100 == 0 && new.mode & 0o100 == 0
            changes.append(
                isConfiguration && Text(a).content == Text(b).content
                    ? UnplacedChange(.cosmetic, "/\(path): comments", diff: diff)
                    : UnplacedChange(risk, "/\(path): changed content", diff: diff))
        case (.link(let a), .link(let b)): changes.append(UnplacedChange(.live, words("/\(path): link to", a, b)))
        default: changes.append(UnplacedChange(risk, "/\(path): \(kind(old.kind)) → \(kind(new.kind))"))
        }
        return changes
    }

    private static func mode(_ mode: Int) -> String { "0" + String(mode, radix: 8) }

    private static func kind(_ kind: Member.Kind) -> String {
        switch kind {
        case .file: "file"
        case .folder: "folder"
        case .link(let target): "link to \(target)"
        case .hardLink: "hard link"
        case .other: "neither file, folder nor link"
        }
    }
}

extension OverlayPath {
    /// What has to happen before a running machine uses the changed content of the file.
    fileprivate var risk: Risk {
        switch self {
        case .interfaces, .carrierWait, .nicNames, .cards, .cardsRule, .cardsUnit, .cardsUnitWanted, .cardsScript:
            .network
        case .hostname, .grub, .toolstack: .reboot
        // They ask for what other files set up.
        case .expect, .verifyScript: .cosmetic
        default: .live
        }
    }
}
