internal import CLibArchive

/// Reads archives from memory.
package enum ArchiveReader {
    /// Returns the members of a tar archive, compressed with gzip or not, in the order of the archive.
    /// - Parameters:
    ///   - limit: The number of bytes that the contents of all members may have together.
    ///   - memberLimit: The number of members that there may be.
    /// - Throws: ``BuildError`` when the archive is damaged, exceeds a limit, is followed by other bytes, or has a
    ///   member that ``ArchiveEntry`` can't represent: another owner or time, a device, a hard link, an unusable path.
    package static func members(
        of bytes: [UInt8], limit: Int, memberLimit: Int = .max
    ) throws(BuildError) -> [ArchiveEntry] {
        let handle = Handle(archive: archive_read_new())
        let archive = handle.archive
        try check(archive_read_support_format_tar(archive), archive)
        try check(archive_read_support_filter_gzip(archive), archive)
        // libarchive keeps the pointer, so all reading happens inside the closure.
        let result: Result<[ArchiveEntry], BuildError> = bytes.withUnsafeBytes { buffer in
            do throws(BuildError) {
                try check(archive_read_open_memory(archive, buffer.baseAddress, buffer.count), archive)
                var members: [ArchiveEntry] = []
                var left = limit
                while let member = try next(archive, &left) {
                    guard members.count < memberLimit else {
                        throw BuildError("has more than \(memberLimit) members", code: .archive)
                    }
                    members.append(member)
                }
                // libarchive ignores trailing bytes; gzip and busybox's tar report an error.
                guard archive_filter_bytes(archive, -1) == buffer.count else {
                    throw BuildError("the archive is followed by other bytes", code: .archive)
                }
                return .success(members)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// The owner of a libarchive reader. If it were private, the release build of Swift 6.3 would not link.
    struct Handle: ~Copyable {
        let archive: OpaquePointer
        deinit { archive_read_free(archive) }
    }

    static func check(_ code: CInt, _ archive: OpaquePointer) throws(BuildError) {
        guard code == ARCHIVE_OK else { throw BuildError(of: archive) }
    }

    /// Returns the next member; nil after the last one.
    static func next(_ archive: OpaquePointer, _ left: inout Int) throws(BuildError) -> ArchiveEntry? {
        var entry: OpaquePointer?
        let code = archive_read_next_header(archive, &entry)
        if code == ARCHIVE_EOF { return nil }
        try check(code, archive)
        return try member(entry!, archive, &left)
    }

    private static func member(
        _ entry: OpaquePointer, _ archive: OpaquePointer, _ left: inout Int
    ) throws(BuildError) -> ArchiveEntry {
        var name = String(cString: archive_entry_pathname(entry))
        if name.hasSuffix("/") { name.removeLast() }
        guard let path = ArchivePath(name) else {
            throw BuildError("the path \(name) is not a plain relative path", code: .archive)
        }
        func refuse(_ what: String) -> BuildError { BuildError("\(name): \(what)", code: .archive) }
        guard archive_entry_uid(entry) == 0, archive_entry_gid(entry) == 0 else {
            throw refuse("the owner or the group is not root")
        }
        guard archive_entry_mtime(entry) == ArchiveEntry.time else {
            throw refuse("the modification time is not \(ArchiveEntry.time)")
        }
        guard archive_entry_hardlink(entry) == nil else { throw refuse("hard links are not supported") }
        let mode = Int(archive_entry_perm(entry))
        switch UInt32(archive_entry_filetype(entry)) {
        case UInt32(S_IFDIR): return ArchiveEntry(path: path, mode: mode, kind: .folder)
        case UInt32(S_IFLNK):
            return ArchiveEntry(path: path, mode: mode, kind: .link(String(cString: archive_entry_symlink(entry))))
        case UInt32(S_IFREG):
            let size = Int(archive_entry_size(entry))
            guard size <= left else { throw refuse("the content exceeds the limit") }
            left -= size
            var count = 0
            let content = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
                count = archive_read_data(archive, buffer.baseAddress, size)
                used = max(0, count)
            }
            guard count == size else { throw refuse("the content is truncated") }
            return ArchiveEntry(path: path, mode: mode, kind: .file(content))
        default: throw refuse("not a regular file, a directory or a symbolic link")
        }
    }
}

/// A cpio archive in a file, compressed with gzip or not, which is read one member at a time.
struct CpioFile: ~Copyable {
    private let handle: ArchiveReader.Handle

    init(_ path: String) throws(BuildError) {
        handle = ArchiveReader.Handle(archive: archive_read_new())
        try ArchiveReader.check(archive_read_support_format_cpio(handle.archive), handle.archive)
        try ArchiveReader.check(archive_read_support_filter_gzip(handle.archive), handle.archive)
        try ArchiveReader.check(archive_read_open_filename(handle.archive, path, 1 << 16), handle.archive)
    }

    /// Returns the next member; nil after the last one.
    /// - Parameter limit: The number of bytes that the member's content may have.
    /// - Throws: The errors of ``ArchiveReader/members(of:limit:)``.
    package func next(limit: Int) throws(BuildError) -> ArchiveEntry? {
        var left = limit
        return try ArchiveReader.next(handle.archive, &left)
    }
}

extension ArchiveReader {
    /// A member of an archive from an untrusted source.
    package struct UntrustedEntry: Sendable, Equatable {
        /// The path exactly as in the archive.
        package var path: String
        package var mode: Int
        package var owner: Int
        package var group: Int
        package var kind: Kind

        package enum Kind: Sendable, Equatable {
            case file([UInt8])
            case folder
            case link(String)
            case hardLink(String)
            /// A device, a named pipe or a socket.
            case other
        }
    }

    /// Reads an archive from an untrusted source into memory: nothing is written to disk, and the memory is bounded.
    /// - Parameter limit: The number of bytes that the contents of all members may have together; there may be one
    ///   member for every 64 of them.
    /// - Returns: The members up to the first that can't be read, and a clause for each problem of the archive.
    package static func readUntrusted(_ bytes: [UInt8], limit: Int) -> (members: [UntrustedEntry], problems: [String]) {
        let handle = Handle(archive: archive_read_new())
        let archive = handle.archive
        archive_read_support_format_tar(archive)
        archive_read_support_filter_gzip(archive)
        var members: [UntrustedEntry] = []
        var problems: [String] = []
        var seen: Set<String> = []
        var left = limit
        bytes.withUnsafeBytes { buffer in
            guard archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK else {
                return problems.append("is not a tar archive: \(BuildError(of: archive))")
            }
            while true {
                var entry: OpaquePointer?
                let code = archive_read_next_header(archive, &entry)
                if code == ARCHIVE_EOF { break }
                guard code == ARCHIVE_OK, let entry else {
                    return problems.append("is damaged: \(BuildError(of: archive))")
                }
                guard members.count < limit / 64 else { return problems.append("has more than \(limit / 64) members") }
                var path = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
                while path.hasSuffix("/") { path.removeLast() }
                if ArchivePath(path) == nil { problems.append("has a member with an unusable path: \(path)") }
                if !seen.insert(path).inserted { problems.append("has \(path) twice") }
                let kind: UntrustedEntry.Kind
                if let target = archive_entry_hardlink(entry) {
                    kind = .hardLink(String(cString: target))
                    problems.append("has a hard link: \(path)")
                } else {
                    switch UInt32(archive_entry_filetype(entry)) {
                    case UInt32(S_IFDIR): kind = .folder
                    case UInt32(S_IFLNK): kind = .link(archive_entry_symlink(entry).map { String(cString: $0) } ?? "")
                    case UInt32(S_IFREG):
                        let size = Int(archive_entry_size(entry))
                        guard size >= 0, size <= left else {
                            return problems.append("holds more than \(limit) bytes, at \(path)")
                        }
                        left -= size
                        var count = 0
                        let content = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
                            count = archive_read_data(archive, buffer.baseAddress, size)
                            used = max(0, count)
                        }
                        guard count == size else { return problems.append("is truncated in \(path)") }
                        kind = .file(content)
                    default:
                        kind = .other
                        problems.append(
                            "has a member that is not a regular file, a directory or a symbolic link: \(path)")
                    }
                }
                members.append(
                    UntrustedEntry(
                        path: path, mode: Int(archive_entry_perm(entry)), owner: Int(archive_entry_uid(entry)),
                        group: Int(archive_entry_gid(entry)), kind: kind))
            }
        }
        return (members, problems)
    }
}
