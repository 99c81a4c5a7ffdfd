internal import CLibArchive

/// Writes an archive into memory, the same bytes for the same members: order, owner, time and compression are fixed.
///
/// `finish` ends the writer; using it afterwards does not compile.
public struct ArchiveWriter: ~Copyable {
    public enum Format: Sendable {
        /// POSIX ustar, gzip without a time stamp: what busybox's tar reads with -z.
        case tarGzip
    }

    private let handle: Handle
    private let sink: Sink

    /// Frees libarchive's structs. Were it private, Swift 6.3's release build would not link.
    struct Handle: ~Copyable {
        let archive: OpaquePointer
        let entry: OpaquePointer
        deinit {
            archive_entry_free(entry)
            archive_write_free(archive)
        }
    }

    /// Where libarchive puts its bytes.
    private final class Sink {
        var bytes: [UInt8] = []
    }

    public init(_ format: Format) throws(ArchiveError) {
        handle = Handle(archive: archive_write_new(), entry: archive_entry_new())
        sink = Sink()
        switch format {
        case .tarGzip:
            try check(archive_write_set_format_ustar(handle.archive))
            try check(archive_write_add_filter_gzip(handle.archive))
            // The fastest level: an overlay is a few kilobytes, and deflating was a third of a build's time.
            try check(archive_write_set_options(handle.archive, "gzip:!timestamp,gzip:compression-level=1"))
        }
        // Nothing is padded behind the last block, and it comes in one piece.
        try check(archive_write_set_bytes_in_last_block(handle.archive, 1))
        let opened = archive_write_open(
            handle.archive, Unmanaged.passUnretained(sink).toOpaque(), nil,
            { _, context, buffer, count in
                let sink = Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue()
                sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: count))
                return count
            }, nil)
        try check(opened)
    }

    public mutating func add(_ member: ArchiveEntry) throws(ArchiveError) {
        let entry = handle.entry
        archive_entry_clear(entry)
        archive_entry_set_pathname(entry, member.path.description)
        archive_entry_set_perm(entry, mode_t(member.mode))
        archive_entry_set_uid(entry, 0)
        archive_entry_set_gid(entry, 0)
        archive_entry_set_mtime(entry, ArchiveEntry.time, 0)
        archive_entry_set_size(entry, 0)
        var content: [UInt8] = []
        switch member.kind {
        case .file(let bytes):
            content = bytes
            archive_entry_set_filetype(entry, UInt32(S_IFREG))
            archive_entry_set_size(entry, la_int64_t(bytes.count))
        case .folder: archive_entry_set_filetype(entry, UInt32(S_IFDIR))
        case .link(let target):
            archive_entry_set_filetype(entry, UInt32(S_IFLNK))
            archive_entry_set_symlink(entry, target)
        }
        try check(archive_write_header(handle.archive, entry))
        guard !content.isEmpty else { return }
        let written = archive_write_data(handle.archive, content, content.count)
        guard written == content.count else { throw failure() }
    }

    /// The archive's bytes.
    public consuming func finish() throws(ArchiveError) -> [UInt8] {
        try check(archive_write_close(handle.archive))
        return sink.bytes
    }

    /// A warning is a member written with loss, so it counts as an error.
    private borrowing func check(_ code: CInt) throws(ArchiveError) {
        guard code == ARCHIVE_OK else { throw failure() }
    }

    private borrowing func failure() -> ArchiveError {
        ArchiveError(
            description: archive_error_string(handle.archive).map { String(cString: $0) } ?? "libarchive failed")
    }
}
