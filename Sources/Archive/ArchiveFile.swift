internal import CLibArchive
import Glibc

/// An archive on disk, read from front to back; nothing of it is held.
///
/// Foreign archives come here, so owners, times and paths are told as they are.
public final class ArchiveFile {
    public enum Format: Sendable {
        /// An ISO 9660 image with Rock Ridge or Joliet.
        case iso9660
        /// tar, gzipped or not.
        case tar
        /// One entry: what the file holds, unpacked when it is gzip. Several gzip members are one stream.
        case raw
        /// One entry, as `raw`, unpacked by whatever libarchive unpacks: gzip, xz, bzip2, zstd, lz4 and more.
        case compressed
    }

    public struct Entry: Sendable {
        /// As it stands in the archive.
        public var name: String
        public var kind: Kind
        public var isExecutable: Bool

        /// Without a slash at its start or end; empty for the root.
        public var path: String {
            var path = name[...]
            while path.hasPrefix("./") { path = path.dropFirst(2) }
            while path.hasPrefix("/") { path = path.dropFirst() }
            while path.hasSuffix("/") { path = path.dropLast() }
            return path == "." ? "" : String(path)
        }

        public enum Kind: Equatable, Sendable {
            /// Its size in bytes; 0 for the entry of a raw file.
            case file(Int)
            case folder
            case link(String)
            /// The same file as that of another path, which came before.
            case sameAs(String)
            case other
        }
    }

    private let archive: OpaquePointer
    private let descriptor: CInt

    /// - Parameter offset: where in the file to begin.
    public init(_ path: String, _ format: Format, offset: Int = 0) throws(ArchiveError) {
        archive = archive_read_new()
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        // A pipe can't be sought in.
        guard descriptor >= 0, offset == 0 || lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw ArchiveError(description: String(cString: strerror(errno)))
        }
        switch format {
        case .iso9660: try check(archive_read_support_format_iso9660(archive))
        case .tar:
            try check(archive_read_support_format_tar(archive))
            try check(archive_read_support_filter_gzip(archive))
        case .raw:
            try check(archive_read_support_format_raw(archive))
            try check(archive_read_support_filter_gzip(archive))
        case .compressed:
            try check(archive_read_support_format_empty(archive))
            try check(archive_read_support_format_raw(archive))
            try check(archive_read_support_filter_all(archive))
        }
        try check(archive_read_open_fd(archive, descriptor, 1 << 16))
    }

    deinit {
        archive_read_free(archive)
        if descriptor >= 0 { close(descriptor) }
    }

    /// The next entry; nil behind the last.
    public func next() throws(ArchiveError) -> Entry? {
        var entry: OpaquePointer?
        let code = archive_read_next_header(archive, &entry)
        if code == ARCHIVE_EOF { return nil }
        // A warning is about what is not asked for, like a name that the C locale can't say.
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN else { throw error }
        return Entry(
            name: archive_entry_pathname(entry).map { String(cString: $0) } ?? "?", kind: kind(of: entry!),
            isExecutable: archive_entry_perm(entry) & 0o100 != 0)
    }

    private func kind(of entry: OpaquePointer) -> Entry.Kind {
        if let other = archive_entry_hardlink(entry) { return .sameAs(String(cString: other)) }
        switch mode_t(archive_entry_filetype(entry)) {
        case Glibc.S_IFDIR: return .folder
        case Glibc.S_IFLNK: return .link(archive_entry_symlink(entry).map { String(cString: $0) } ?? "")
        case Glibc.S_IFREG: return .file(Int(archive_entry_size(entry)))
        default: return .other
        }
    }

    /// The next bytes of the entry, at most so many; empty at its end.
    public func read(atMost count: Int) throws(ArchiveError) -> [UInt8] {
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            got = archive_read_data(archive, buffer.baseAddress, count)
            used = max(0, got)
        }
        guard got >= 0 else { throw error }
        return bytes
    }

    /// The rest of the entry.
    /// - Throws: also when it holds more than the limit.
    public func content(limit: Int) throws(ArchiveError) -> [UInt8] {
        var content: [UInt8] = []
        while case let bytes = try read(atMost: min(1 << 20, limit + 1)), !bytes.isEmpty {
            content += bytes
            guard content.count <= limit else { throw ArchiveError(description: "holds more than \(limit) bytes") }
        }
        return content
    }

    /// How many bytes of the file the compressed stream took; less than there are when something else follows it.
    public var consumed: Int { Int(archive_filter_bytes(archive, -1)) }
    /// Whether what is read had to be unpacked.
    public var isCompressed: Bool { archive_filter_count(archive) > 1 }

    private func check(_ code: CInt) throws(ArchiveError) {
        guard code == ARCHIVE_OK else { throw error }
    }

    private var error: ArchiveError {
        ArchiveError(of: archive)
    }
}
