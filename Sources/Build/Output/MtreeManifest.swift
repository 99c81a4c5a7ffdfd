/// A member of an overlay with the SHA-256 of its content in hex, so that the content is hashed once only.
struct SummedMember: Sendable {
    let entry: ArchiveEntry
    /// The SHA-256 in lower-case hex; empty for directories and links.
    let sum: String
}

/// `overlay.mtree`: type, mode, owner, size and SHA-256 of every member, in the format of mtree(5).
///
/// The order is the one of libarchive's writer: the files of a directory come before its subdirectories. No path needs
/// the quoting of mtree, since neither `OverlayPath` nor `TargetPath` allows blanks, `#`, `=` or backslashes.
enum MtreeManifest {
    static func bytes(_ members: [SummedMember]) -> [UInt8] {
        var text = Array("#mtree\n".utf8)
        text.reserveCapacity(160 * members.count)
        for (_, member) in members.map({ (sortKey(of: $0.entry), $0) }).sorted(by: {
            $0.0.lexicographicallyPrecedes($1.0)
        }) {
            text += "./".utf8
            text += member.entry.path.description.utf8
            text += " mode=".utf8
            text += String(member.entry.mode, radix: 8).utf8
            text += " gid=0 uid=0 type=".utf8
            switch member.entry.kind {
            case .file(let bytes):
                text += "file size=".utf8
                text += String(bytes.count).utf8
                text += " sha256digest=".utf8
                text += member.sum.utf8
            case .folder: text += "dir".utf8
            case .link(let target):
                text += "link link=".utf8
                text += target.utf8
            }
            text.append(10)
        }
        return text
    }

    /// The sort key of a member: its path with each `/` as 1, and a 0 before the last component of what is not a
    /// directory.
    private static func sortKey(of entry: ArchiveEntry) -> [UInt8] {
        var key = entry.path.description.utf8.map { $0 == 47 ? 1 : $0 }
        if entry.kind != .folder { key.insert(0, at: key.lastIndex(of: 1).map { $0 + 1 } ?? 0) }
        return key
    }
}
