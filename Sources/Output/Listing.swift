import Archive

/// A member of an overlay, and the SHA-256 of its content in hex; nobody else hashes that content again.
struct SummedMember: Sendable {
    let entry: ArchiveEntry
    /// Empty for what is no file.
    let sum: String
}

/// `overlay.mtree`: type, mode, owner, size and SHA-256 of every member, as mtree(5) has it.
///
/// In the order of libarchive's own writer: the files of a folder, then what is below it. Nothing in a path needs
/// mtree's quoting, since neither `OverlayPath` nor `TargetPath` has blanks, `#`, `=` or backslashes.
enum Listing {
    static func bytes(_ members: [SummedMember]) -> [UInt8] {
        var text = Array("#mtree\n".utf8)
        text.reserveCapacity(160 * members.count)
        for (_, member) in members.map({ (place(of: $0.entry), $0) }).sorted(by: {
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

    /// The path with each `/` as 1, and a 0 before the name of what is no folder.
    private static func place(of entry: ArchiveEntry) -> [UInt8] {
        var place = entry.path.description.utf8.map { $0 == 47 ? 1 : $0 }
        if entry.kind != .folder { place.insert(0, at: place.lastIndex(of: 1).map { $0 + 1 } ?? 0) }
        return place
    }
}
