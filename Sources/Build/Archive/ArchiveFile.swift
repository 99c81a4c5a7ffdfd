internal import CLibArchive
import Glibc
import SystemPackage

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
    private let source: ArchiveSource
    /// The number of bytes of the file that may still be read to find the next entries.
    private var headerLimit: Int

    /// Opens an archive.
    /// - Parameters:
    ///   - offset: The offset in the file, in bytes, at which the archive begins.
    ///   - headerLimit: The number of bytes that may be read apart from the contents of entries. libarchive reads a directory
    ///     of an ISO 9660 image as a whole and keeps every entry of it until it is passed on, so this bounds the memory.
    /// - Throws: ``BuildError`` when the file can't be opened or is not an archive of this format.
    package init(_ path: String, _ format: Format, offset: Int = 0, headerLimit: Int = .max) throws(BuildError) {
        self.headerLimit = headerLimit
        source = try ArchiveSource(path, offset: offset, blockSize: headerLimit == .max ? 1 << 16 : 2048)
        archive = archive_read_new()
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
        source.use(for: archive)
        try check(archive_read_open1(archive))
    }

    deinit { archive_read_free(archive) }

    /// Reports how much of the file has been read.
    /// - Parameter name: What is being done; see ``Progress/Step``.
    package func reportProgress(_ name: @autoclosure () -> String) {
        guard Progress.receiver != nil, let (done, total) = source.position else { return }
        Progress.report(name(), done, of: total)
    }

    /// Returns the next entry; nil after the last one.
    package func next() throws(BuildError) -> Entry? {
        source.allowance = headerLimit
        defer {
            headerLimit = source.allowance
            source.allowance = .max
        }
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
        switch FileType(rawValue: CInterop.Mode(archive_entry_filetype(entry))) {
        case .directory: return .folder
        case .symbolicLink: return .link(archive_entry_symlink(entry).map { String(cString: $0) } ?? "")
        case .regular: return .file(Int(archive_entry_size(entry)))
        default: return .other
        }
    }

    /// Returns the next bytes of the current entry, at most `count`; empty at its end.
    package func read(atMost count: Int) throws(BuildError) -> [UInt8] {
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            got = archive_read_data(archive, buffer.baseAddress, count)
            used = max(0, got)
        }
        guard got >= 0 else { throw error }
        return bytes
    }

    /// Returns the rest of the current entry.
    /// - Throws: ``BuildError``, also when there are more bytes than the limit.
    package func content(limit: Int) throws(BuildError) -> [UInt8] {
        var content: [UInt8] = []
        while case let bytes = try read(atMost: min(1 << 20, limit + 1)), !bytes.isEmpty {
            content += bytes
            guard content.count <= limit else { throw BuildError("holds more than \(limit) bytes", code: .archive) }
        }
        return content
    }

    /// The number of bytes of the file that the compressed stream took; fewer than the file has when something follows
    /// the stream.
    package var consumed: Int { Int(archive_filter_bytes(archive, -1)) }
    /// Whether the content is compressed in the file.
    package var isCompressed: Bool { archive_filter_count(archive) > 1 }

    private func check(_ code: CInt) throws(BuildError) {
        guard code == ARCHIVE_OK else { throw error }
    }

    private var error: BuildError {
        source.allowance < 0
            ? BuildError("its directories are too large", code: .archive) : BuildError(of: archive)
    }
}

/// The file that libarchive reads an archive from.
private final class ArchiveSource {
    private let file: FileDescriptor
    private let buffer: UnsafeMutableRawBufferPointer
    /// The number of bytes that libarchive may read before it gets an error; negative after that error.
    var allowance = Int.max

    init(_ path: String, offset: Int, blockSize: Int) throws(BuildError) {
        do {
            file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            do {
                // A pipe has no offsets.
                if offset > 0 { try file.seek(offset: Int64(offset), from: .start) }
            } catch {
                try? file.close()
                throw error
            }
        } catch { throw BuildError("\(error)", code: .archive) }
        buffer = .allocate(byteCount: blockSize, alignment: 16)
    }

    deinit {
        buffer.deallocate()
        try? file.close()
    }

    /// Sets the callbacks of an archive, which must not outlive this object.
    func use(for archive: OpaquePointer) {
        archive_read_set_callback_data(archive, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(archive) { _, data, bytes in
            let source = Unmanaged<ArchiveSource>.fromOpaque(data!).takeUnretainedValue()
            bytes?.pointee = UnsafeRawPointer(source.buffer.baseAddress)
            guard source.allowance >= source.buffer.count else {
                source.allowance = -1
                return -1
            }
            guard let count = try? source.file.read(into: source.buffer) else { return -1 }
            source.allowance -= count
            return count
        }
        archive_read_set_skip_callback(archive) { _, data, count in
            let source = Unmanaged<ArchiveSource>.fromOpaque(data!).takeUnretainedValue()
            return source.skip(count)
        }
        archive_read_set_seek_callback(archive) { _, data, offset, origin in
            let source = Unmanaged<ArchiveSource>.fromOpaque(data!).takeUnretainedValue()
            let from: FileDescriptor.SeekOrigin = origin == SEEK_SET ? .start : origin == SEEK_CUR ? .current : .end
            return (try? source.file.seek(offset: offset, from: from)) ?? Int64(ARCHIVE_FATAL)
        }
    }

    /// The offset of the next byte and the size of a regular file.
    var position: (done: Int, total: Int)? {
        guard let status = try? file.stat(), status.type == .regular,
            let here = try? file.seek(offset: 0, from: .current)
        else { return nil }
        return (Int(here), Int(status.size))
    }

    /// Skips bytes in a regular file.
    /// - Returns: The number of bytes that were skipped; libarchive reads the others.
    private func skip(_ count: Int64) -> Int64 {
        guard count > 0, let status = try? file.stat(), status.type == .regular,
            let here = try? file.seek(offset: 0, from: .current)
        else { return 0 }
        let skipped = max(0, min(count, status.size - here))
        return (try? file.seek(offset: skipped, from: .current)) == nil ? 0 : skipped
    }
}
