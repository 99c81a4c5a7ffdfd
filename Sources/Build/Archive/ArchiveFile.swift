internal import CLibArchive
import Glibc

/// An archive in a file, read from front to back; only the current block is in memory.
///
/// The archives may come from elsewhere, so names, types and modes are reported as they are.
package final class ArchiveFile {
    package enum Format: Sendable {
        /// An ISO 9660 image with Rock Ridge or Joliet.
        case iso9660
        /// tar, gzipped or not.
        case tar
        /// A single entry: the content of the file, decompressed if it is gzip. Several gzip members are one stream.
        case raw
        /// A single entry as in `raw`, decompressed by any filter of libarchive: gzip, xz, bzip2, zstd, lz4 and more.
        case compressed
    }

    package struct Entry: Sendable {
        /// The name exactly as in the archive.
        package var name: String
        package var kind: Kind
        package var isExecutable: Bool

        /// The name without slashes at its start and end; empty for the root directory.
        package var path: String {
            var path = name[...]
            while path.hasPrefix("./") { path = path.dropFirst(2) }
            while path.hasPrefix("/") { path = path.dropFirst() }
            while path.hasSuffix("/") { path = path.dropLast() }
            return path == "." ? "" : String(path)
        }

        package enum Kind: Equatable, Sendable {
            /// A regular file with its size in bytes; the size is 0 for the entry of a raw file.
            case file(Int)
            case folder
            case link(String)
            /// A hard link to the file of another entry, which came earlier.
            case sameAs(String)
            case other
        }
    }

    private let archive: OpaquePointer
    private let descriptor: CInt

    /// Opens an archive.
    /// - Parameter offset: The offset in the file, in bytes, at which the archive begins.
    /// - Throws: ``ArchiveError`` when the file can't be opened or is not an archive of this format.
    package init(_ path: String, _ format: Format, offset: Int = 0) throws(ArchiveError) {
        archive = archive_read_new()
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        // lseek fails on a pipe.
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

    /// Returns the next entry; nil after the last one.
    package func next() throws(ArchiveError) -> Entry? {
        var entry: OpaquePointer?
        let code = archive_read_next_header(archive, &entry)
        if code == ARCHIVE_EOF { return nil }
        // A warning is about metadata that is not used here, such as a name that the C locale can't represent.
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

    /// Returns the next bytes of the current entry, at most `count`; empty at its end.
    package func read(atMost count: Int) throws(ArchiveError) -> [UInt8] {
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            got = archive_read_data(archive, buffer.baseAddress, count)
            used = max(0, got)
        }
        guard got >= 0 else { throw error }
        return bytes
    }

    /// Returns the rest of the current entry.
    /// - Throws: ``ArchiveError``, also when there are more bytes than the limit.
    package func content(limit: Int) throws(ArchiveError) -> [UInt8] {
        var content: [UInt8] = []
        while case let bytes = try read(atMost: min(1 << 20, limit + 1)), !bytes.isEmpty {
            content += bytes
            guard content.count <= limit else { throw ArchiveError(description: "holds more than \(limit) bytes") }
        }
        return content
    }

    /// The number of bytes of the file that the compressed stream took; fewer than the file has when something follows
    /// the stream.
    package var consumed: Int { Int(archive_filter_bytes(archive, -1)) }
    /// Whether the content is compressed in the file.
    package var isCompressed: Bool { archive_filter_count(archive) > 1 }

    private func check(_ code: CInt) throws(ArchiveError) {
        guard code == ARCHIVE_OK else { throw error }
    }

    private var error: ArchiveError {
        ArchiveError(of: archive)
    }
}
