internal import CLibArchive

/// Reads archives from memory.
public enum ArchiveReader {
    /// The members of a tar archive, gzipped or not, in order.
    /// - Parameter limit: the most bytes that the members may hold together.
    /// - Throws: ``ArchiveError`` when it is damaged, larger than the limit, has something behind its end, or holds what
    ///   ``ArchiveEntry`` can't say: another owner or time, a device, a hard link, an unusable path.
    public static func members(of bytes: [UInt8], limit: Int) throws(ArchiveError) -> [ArchiveEntry] {
        let handle = Handle(archive: archive_read_new())
        let archive = handle.archive
        try check(archive_read_support_format_tar(archive), archive)
        try check(archive_read_support_filter_gzip(archive), archive)
        // libarchive keeps the pointer, so the whole reading happens inside.
        let result: Result<[ArchiveEntry], ArchiveError> = bytes.withUnsafeBytes { buffer in
            do throws(ArchiveError) {
                try check(archive_read_open_memory(archive, buffer.baseAddress, buffer.count), archive)
                var members: [ArchiveEntry] = []
                var left = limit
                while let member = try next(archive, &left) { members.append(member) }
                // libarchive passes over it; gzip and busybox's tar complain.
                guard archive_filter_bytes(archive, -1) == buffer.count else {
                    throw ArchiveError(description: "something stands behind its end")
                }
                return .success(members)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Were it private, Swift 6.3's release build would not link.
    struct Handle: ~Copyable {
        let archive: OpaquePointer
        deinit { archive_read_free(archive) }
    }

    static func check(_ code: CInt, _ archive: OpaquePointer) throws(ArchiveError) {
        guard code == ARCHIVE_OK else { throw ArchiveError(of: archive) }
    }

    /// The next member; nil behind the last.
    static func next(_ archive: OpaquePointer, _ left: inout Int) throws(ArchiveError) -> ArchiveEntry? {
        var entry: OpaquePointer?
        let code = archive_read_next_header(archive, &entry)
        if code == ARCHIVE_EOF { return nil }
        try check(code, archive)
        return try member(entry!, archive, &left)
    }

    private static func member(
        _ entry: OpaquePointer, _ archive: OpaquePointer, _ left: inout Int
    ) throws(ArchiveError) -> ArchiveEntry {
        var name = String(cString: archive_entry_pathname(entry))
        if name.hasSuffix("/") { name.removeLast() }
        guard let path = ArchivePath(name) else { throw ArchiveError(description: "the path \(name) is unusable") }
        func refuse(_ what: String) -> ArchiveError { ArchiveError(description: "\(name): \(what)") }
        guard archive_entry_uid(entry) == 0, archive_entry_gid(entry) == 0 else { throw refuse("not root's") }
        guard archive_entry_mtime(entry) == ArchiveEntry.time else { throw refuse("another time") }
        guard archive_entry_hardlink(entry) == nil else { throw refuse("a hard link") }
        let mode = Int(archive_entry_perm(entry))
        switch UInt32(archive_entry_filetype(entry)) {
        case UInt32(S_IFDIR): return ArchiveEntry(path: path, mode: mode, kind: .folder)
        case UInt32(S_IFLNK):
            return ArchiveEntry(path: path, mode: mode, kind: .link(String(cString: archive_entry_symlink(entry))))
        case UInt32(S_IFREG):
            let size = Int(archive_entry_size(entry))
            guard size <= left else { throw refuse("more than can be held") }
            left -= size
            var count = 0
            let content = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
                count = archive_read_data(archive, buffer.baseAddress, size)
                used = max(0, count)
            }
            guard count == size else { throw refuse("cut short") }
            return ArchiveEntry(path: path, mode: mode, kind: .file(content))
        default: throw refuse("neither file, folder nor link")
        }
    }
}

/// A cpio archive in a file, gzipped or not, read one member after another.
public struct CpioFile: ~Copyable {
    private let handle: ArchiveReader.Handle

    public init(_ path: String) throws(ArchiveError) {
        handle = ArchiveReader.Handle(archive: archive_read_new())
        try ArchiveReader.check(archive_read_support_format_cpio(handle.archive), handle.archive)
        try ArchiveReader.check(archive_read_support_filter_gzip(handle.archive), handle.archive)
        try ArchiveReader.check(archive_read_open_filename(handle.archive, path, 1 << 16), handle.archive)
    }

    /// The next member; nil behind the last.
    /// - Throws: as ``ArchiveReader/members(of:limit:)`` does.
    public func next(limit: Int) throws(ArchiveError) -> ArchiveEntry? {
        var left = limit
        return try ArchiveReader.next(handle.archive, &left)
    }
}

extension ArchiveReader {
    /// A member of an archive that somebody else may have made.
    public struct Stranger: Sendable, Equatable {
        /// As it is written there.
        public var path: String
        public var mode: Int
        public var owner: Int
        public var group: Int
        public var kind: Kind

        public enum Kind: Sendable, Equatable {
            case file([UInt8])
            case folder
            case link(String)
            case hardLink(String)
            /// A device, a pipe.
            case other
        }
    }

    /// Takes what an archive says, without trusting it: nothing is written anywhere, and its size is bounded.
    /// - Parameter limit: the most bytes that the members may hold together; there may be a member for every 64 of them.
    /// - Returns: the members up to the first that can't be taken, and what is wrong with the archive, a sentence for each.
    public static func survey(_ bytes: [UInt8], limit: Int) -> (members: [Stranger], problems: [String]) {
        let handle = Handle(archive: archive_read_new())
        let archive = handle.archive
        archive_read_support_format_tar(archive)
        archive_read_support_filter_gzip(archive)
        var members: [Stranger] = []
        var problems: [String] = []
        var seen: Set<String> = []
        var left = limit
        bytes.withUnsafeBytes { buffer in
            guard archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK else {
                return problems.append("is no archive: \(ArchiveError(of: archive))")
            }
            while true {
                var entry: OpaquePointer?
                let code = archive_read_next_header(archive, &entry)
                if code == ARCHIVE_EOF { break }
                guard code == ARCHIVE_OK, let entry else {
                    return problems.append("is damaged: \(ArchiveError(of: archive))")
                }
                guard members.count < limit / 64 else { return problems.append("has more members than can be held") }
                var path = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
                while path.hasSuffix("/") { path.removeLast() }
                if ArchivePath(path) == nil { problems.append("has a member with an unusable path: \(path)") }
                if !seen.insert(path).inserted { problems.append("has \(path) twice") }
                let kind: Stranger.Kind
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
                        guard count == size else { return problems.append("is cut short in \(path)") }
                        kind = .file(content)
                    default:
                        kind = .other
                        problems.append("has a member that is neither file, folder nor link: \(path)")
                    }
                }
                members.append(
                    Stranger(
                        path: path, mode: Int(archive_entry_perm(entry)), owner: Int(archive_entry_uid(entry)),
                        group: Int(archive_entry_gid(entry)), kind: kind))
            }
        }
        return (members, problems)
    }
}
