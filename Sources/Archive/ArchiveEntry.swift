/// A member of an archive, owned by root, at ``ArchiveEntry/time``.
public struct ArchiveEntry: Equatable, Sendable {
    public var path: ArchivePath
    /// Permission bits.
    public var mode: Int
    public var kind: Kind

    public enum Kind: Equatable, Sendable {
        case file([UInt8])
        case folder
        case link(String)
    }

    public init(path: ArchivePath, mode: Int, kind: Kind) {
        self.path = path
        self.mode = mode
        self.kind = kind
    }

    /// Every member's modification time, in seconds since 1970: the day Jessie was released, 2015-04-25.
    public static let time = 1_429_920_000
}

/// A relative path in an archive: ASCII, no empty part, no `.` or `..`.
///
/// libarchive converts other names by the process's locale, and loses them without a word.
public struct ArchivePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let description: String

    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 47, omittingEmptySubsequences: false)
        func isUnusable(_ part: Substring.UTF8View) -> Bool { part.count <= 2 && part.allSatisfy { $0 == 46 } }
        guard text.utf8.allSatisfy({ (33...126).contains($0) }), !parts.contains(where: isUnusable) else { return nil }
        description = text
    }

    public static func < (a: ArchivePath, b: ArchivePath) -> Bool {
        a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
    }
}

/// What is wrong with an archive, mostly in libarchive's words.
public struct ArchiveError: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}
