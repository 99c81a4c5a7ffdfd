internal import CLibArchive

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
        // Of the part that is being read.
        var (count, dots) = (0, 0)
        func isUnusable() -> Bool { count <= 2 && count == dots }
        for byte in text.utf8 {
            guard (33...126).contains(byte) else { return nil }
            if byte == 47 {
                if isUnusable() { return nil }
                (count, dots) = (0, 0)
            } else {
                count += 1
                if byte == 46 { dots += 1 }
            }
        }
        if isUnusable() { return nil }
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

    /// What libarchive says of its last failure.
    init(of archive: OpaquePointer) {
        description = archive_error_string(archive).map { String(cString: $0) } ?? "libarchive failed"
    }
}
