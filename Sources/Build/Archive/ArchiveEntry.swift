internal import CLibArchive

/// A member of an archive. It belongs to root and has the modification time ``ArchiveEntry/time``.
package struct ArchiveEntry: Equatable, Sendable {
    package var path: ArchivePath
    /// Permission bits.
    package var mode: Int
    package var kind: Kind

    package enum Kind: Equatable, Sendable {
        case file([UInt8])
        case folder
        case link(String)
    }

    package init(path: ArchivePath, mode: Int, kind: Kind) {
        self.path = path
        self.mode = mode
        self.kind = kind
    }

    /// The modification time of every member, in seconds since 1970: 2015-04-25, the day on which Jessie was released.
    package static let time = 1_429_920_000
}

/// A relative path in an archive: printable ASCII without blanks, without empty components, `.` and `..`.
///
/// libarchive converts other names by the locale of the process, and loses them without an error.
package struct ArchivePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let description: String

    package init?(_ text: String) {
        // The bytes and the dots of the path component that is being read.
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

    package static func < (a: ArchivePath, b: ArchivePath) -> Bool {
        a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
    }
}

/// An error of this module: an archive that can't be read or written. The description is mostly the message of
/// libarchive.
package struct ArchiveError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }

    /// The last error of libarchive on this archive.
    init(of archive: OpaquePointer) {
        description = archive_error_string(archive).map { String(cString: $0) } ?? "libarchive failed"
    }
}
