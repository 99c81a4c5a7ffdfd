import Archive
import Diagnostics
import Output
import Plan

extension Review {
    /// What of an overlay is taken into memory at most, in bytes.
    static let overlayLimit = 64 << 20
    /// What is read of one file at most, in bytes.
    static let fileLimit = 64 << 20

    /// Holds two labs against each other.
    /// - Throws: when a file can't be read.
    public init(from old: any Snapshot, to new: any Snapshot) throws {
        changes = []
        problems = []
        func nodes(_ snapshot: any Snapshot) -> Set<String> {
            Set(
                snapshot.paths.compactMap { path in
                    let words = path.split(separator: "/")
                    return words.count == 3 && words[0] == "nodes" && words[2] == "preseed.cfg" ? String(words[1]) : nil
                })
        }
        let (before, after) = (nodes(old), nodes(new))
        for node in before.union(after).sorted() {
            let folder = "nodes/\(node)"
            guard before.contains(node) else {
                let disk = PreseedReview.disk(of: try new.content(of: "\(folder)/preseed.cfg") ?? [])
                let erased = disk.map { "; its installation ERASES \($0)" } ?? ""
                changes.append(Change(node: node, risk: .erases, sentence: "a new node\(erased)", path: folder))
                continue
            }
            guard after.contains(node) else {
                changes.append(
                    Change(
                        node: node, risk: .cosmetic, sentence: "not in the lab any more; the machine stays as it is",
                        path: folder))
                continue
            }
            try compare(node, folder, old, new)
        }
        try compareMedia(old, new)
        // Names and texts are another's, and must not drive the terminal that shows them.
        for index in changes.indices {
            changes[index].sentence = DiagnosticReport.printable(changes[index].sentence)
            changes[index].diff = changes[index].diff.map { diff in
                diff.split(separator: "\n", omittingEmptySubsequences: false).map {
                    DiagnosticReport.printable(String($0))
                }
                .joined(separator: "\n")
            }
        }
        problems = problems.map(DiagnosticReport.printable)
    }

    private mutating func compare(_ node: String, _ folder: String, _ old: any Snapshot, _ new: any Snapshot) throws {
        func pair(_ name: String) throws -> (old: [UInt8], new: [UInt8])? {
            let path = "\(folder)/\(name)"
            let (a, b) = (try old.content(of: path) ?? [], try new.content(of: path) ?? [])
            return a == b ? nil : (a, b)
        }
        if let (a, b) = try pair("preseed.cfg") {
            changes += PreseedReview(a, b).changes.map { $0.change(node, "\(folder)/preseed.cfg") }
        }
        if let (a, b) = try pair("overlay.tar.gz") {
            let (before, after) = (members(a, old, folder), members(b, new, folder))
            changes += OverlayReview(before, after).changes.map { path, draft in
                draft.change(node, "\(folder)/overlay/\(path)")
            }
        }
        if let (a, b) = try pair("late-command.sh") {
            changes += LateCommandReview(a, b).changes.map { $0.change(node, "\(folder)/late-command.sh") }
        }
    }

    private mutating func members(
        _ archive: [UInt8], _ snapshot: any Snapshot, _ folder: String
    ) -> [String: ArchiveReader.UntrustedEntry] {
        let path = "\(folder)/overlay.tar.gz"
        guard !archive.isEmpty else {
            problems.append("\(snapshot.name): \(path) is missing")
            return [:]
        }
        let (members, found) = ArchiveReader.readUntrusted(archive, limit: Self.overlayLimit)
        // The last one ended the reading.
        let shown = found.count > 20 ? found.prefix(19) + found.suffix(1) : found[...]
        problems += shown.map { "\(snapshot.name): \(path) \($0)" }
        // Of two of one name, tar leaves the last.
        return Dictionary(members.map { ($0.path, $0) }) { $1 }
    }

    /// What machines start from, and what only people read.
    private mutating func compareMedia(_ old: any Snapshot, _ new: any Snapshot) throws {
        let paths = old.paths.union(new.paths).filter { path in
            // The seed's archive has the nodes' files and usb/seed/, nothing of its own.
            !path.hasPrefix("nodes/") && path != "SHA256SUMS" && path != "usb/seed.cpio.gz"
        }
        for path in paths.sorted() {
            let (a, b) = (try old.content(of: path), try new.content(of: path))
            // Whether a node is armed is not in the lab: its boot files come and go.
            guard a != b, (a != nil && b != nil) || !PXEPath.isBootFile(path) else { continue }
            let (before, after) = (a.map(Text.init), b.map(Text.init))
            // A kernel line carries digests of what was reviewed already.
            if let before, let after, before.withoutDigests == after.withoutDigests { continue }
            let word = a == nil ? "new" : b == nil ? "gone" : "another"
            changes.append(
                Change(
                    node: nil, risk: .cosmetic, sentence: "\(path): \(word)", path: path,
                    diff: path == "README.md" ? nil : Text.diff(before, after, path)))
        }
    }
}

/// A change in a file, before it is known whose the file is.
struct Draft: Equatable {
    var risk: Risk
    var sentence: String
    var diff: String?

    init(_ risk: Risk, _ sentence: String, diff: String? = nil) {
        (self.risk, self.sentence, self.diff) = (risk, sentence, diff)
    }

    func change(_ node: String, _ path: String) -> Change {
        Change(node: node, risk: risk, sentence: sentence, path: path, diff: diff)
    }
}

/// What differs between two tables, in the order of its names; nil where a table has none.
func differing<Value: Equatable>(
    _ a: [String: Value], _ b: [String: Value]
) -> [(name: String, old: Value?, new: Value?)] {
    Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }.map { ($0, a[$0], b[$0]) }
}

/// `a → b`, or what came or went.
func words(_ name: String, _ old: String?, _ new: String?) -> String {
    switch (old?.isEmpty == true ? "none" : old, new?.isEmpty == true ? "none" : new) {
    case (let old?, let new?): "\(name) \(old) → \(new)"
    case (nil, let new?): "\(name) \(new): added"
    case (let old?, nil): "\(name) \(old): removed"
    case (nil, nil): name
    }
}
