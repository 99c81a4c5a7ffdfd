internal import CLibArchive
import SystemPackage

/// Writes an archive. The same members always give the same bytes: order, owner, time and compression are fixed.
package struct ArchiveWriter: ~Copyable {
    private enum Format { case ustar, newc }

    private let handle: Handle
    private let sink: Sink
    private let format: Format
    private var count = 0

    /// The owner of libarchive's structures. If it were private, the release build of Swift 6.3 would not link.
    struct Handle: ~Copyable {
        let archive: OpaquePointer
        let entry: OpaquePointer
        deinit {
            archive_entry_free(entry)
            archive_write_free(archive)
        }
    }

    /// The destination of the bytes: a file, or memory when there is none.
    private final class Sink {
        var bytes: [UInt8] = []
        let file: FileDescriptor?
        /// The error of a write that failed.
        var error: (any Error)?

        init(file: FileDescriptor?) { self.file = file }

        /// Appends bytes.
        /// - Returns: Whether all of them were written.
        func take(_ buffer: UnsafeRawBufferPointer) -> Bool {
            guard let file else {
                bytes.append(contentsOf: buffer)
                return true
            }
            do { try file.writeAll(buffer) } catch {
                self.error = error
                return false
            }
            return true
        }
    }

    /// Returns a POSIX ustar archive, compressed with gzip without a time stamp: the format that busybox's `tar -z`
    /// reads.
    static func tarGzip(_ members: some Sequence<ArchiveEntry>) throws(BuildError) -> [UInt8] {
        var writer = try ArchiveWriter(.ustar, file: nil)
        for member in members { try writer.add(member) }
        try writer.close()
        return try gzip(writer.sink.bytes)
    }

    /// Opens an archive in cpio's "newc" format, in a gzip file without a time stamp, which Linux unpacks into its
    /// initial root file system. A directory has to come before its members, or Linux skips them.
    /// - Parameter file: An open file descriptor to which the bytes are written.
    package init(newcGzip file: FileDescriptor) throws(BuildError) { try self.init(.newc, file: file) }

    private init(_ format: Format, file: FileDescriptor?) throws(BuildError) {
        handle = Handle(archive: archive_write_new(), entry: archive_entry_new())
        sink = Sink(file: file)
        self.format = format
        switch format {
        case .ustar: try check(archive_write_set_format_ustar(handle.archive))
        case .newc:
            try check(archive_write_set_format_cpio_newc(handle.archive))
            try check(archive_write_add_filter_gzip(handle.archive))
            // Without compression: most of the content is compressed already, and compressing it again took a quarter of
            // the build of a large lab. Linux reads an archive that is not in gzip's format only at an address that is a
            // multiple of 4, and what is before the seed, an installer's initrd, may have any size.
            try check(archive_write_set_options(handle.archive, "gzip:!timestamp,gzip:compression-level=0"))
        }
        // The last block is not padded and is written in one piece.
        try check(archive_write_set_bytes_in_last_block(handle.archive, 1))
        let opened = archive_write_open(
            handle.archive, Unmanaged.passUnretained(sink).toOpaque(), nil,
            { _, context, buffer, count in
                let sink = Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue()
                return sink.take(UnsafeRawBufferPointer(start: buffer, count: count)) ? count : -1
            }, nil)
        try check(opened)
    }

    package mutating func add(_ member: ArchiveEntry) throws(BuildError) {
        let entry = handle.entry
        archive_entry_clear(entry)
        archive_entry_set_pathname(entry, member.path.description)
        archive_entry_set_perm(entry, mode_t(member.mode))
        archive_entry_set_uid(entry, 0)
        archive_entry_set_gid(entry, 0)
        archive_entry_set_mtime(entry, ArchiveEntry.time, 0)
        archive_entry_set_size(entry, 0)
        if case .newc = format {
            // Linux takes files with the same inode number for one file when their link count is above 1.
            count += 1
            archive_entry_set_ino(entry, la_int64_t(count))
            archive_entry_set_nlink(entry, 1)
        }
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

    /// Writes the end of the archive.
    package mutating func close() throws(BuildError) { try check(archive_write_close(handle.archive)) }

    /// A warning means that a member was not written completely, so it counts as an error.
    private borrowing func check(_ code: CInt) throws(BuildError) {
        guard code == ARCHIVE_OK else { throw failure() }
    }

    private borrowing func failure() -> BuildError {
        if let error = sink.error { return BuildError("\(error)", code: .archive) }
        return BuildError(of: handle.archive)
    }
}
