import Glibc

/// The error of this module: an operation of the system that failed, or a tree that can't be used. The description
/// names the path.
package struct OutputError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// An error of the environment: I/O, a missing tool, a directory of somebody else.
        case environment
        /// The tree was built from another state of the lab.
        case staleTree
    }

    package let code: Code
    package let description: String

    package init(_ description: String, code: Code = .environment) {
        self.code = code
        self.description = description
    }

    /// Returns an error with the operation that failed, the path, and the system's message for `errno`.
    /// - Parameter folder: The directory that the path is relative to; nil for the working directory.
    package static func last(_ what: String, _ path: String, in folder: FileSystem.Folder? = nil) -> OutputError {
        let reason = String(cString: strerror(errno))
        return OutputError("\(folder.map { "\($0.path)/" } ?? "")\(path): \(what): \(reason)")
    }
}

/// The file operations that this module needs. Their errors name the path.
package enum FileSystem {
    package struct Status {
        var isFolder: Bool
        var isFile: Bool
        var mode: mode_t
        var owner: uid_t
        var group: gid_t
        /// The size in bytes.
        package var size: Int
    }

    /// Returns the status of a path without following a link; nil when nothing is there.
    package static func status(_ path: String) throws(OutputError) -> Status? {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .last("can't be examined", path)
        }
        return Status(
            isFolder: info.st_mode & S_IFMT == S_IFDIR, isFile: info.st_mode & S_IFMT == S_IFREG,
            mode: info.st_mode & 0o7777, owner: info.st_uid, group: info.st_gid, size: Int(info.st_size))
    }

    enum Found {
        case nothing, other
        case file([UInt8], mode: mode_t)
    }

    /// An open directory: the system finds its entries without a walk down the whole path each time.
    package final class Folder: Sendable {
        fileprivate let fd: CInt
        fileprivate let path: String

        /// Opens a directory; links are followed. Nil when nothing is there.
        package init?(_ path: String) throws(OutputError) {
            self.path = path
            fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard fd >= 0 else {
                if errno == ENOENT || errno == ENOTDIR { return nil }
                throw .last("can't be opened", path)
            }
        }

        deinit { if fd >= 0 { close(fd) } }
    }

    /// Returns what is at a path; a link is not followed.
    /// - Parameter folder: The directory that a relative path is relative to.
    static func find(_ path: String, in folder: Folder? = nil) throws(OutputError) -> Found {
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let fd = openat(folder?.fd ?? AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard fd >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .nothing }
            if errno == ELOOP || errno == ENXIO { return .other }
            throw .last("can't be opened", path, in: folder)
        }
        defer { close(fd) }
        var info = stat()
        guard fstat(fd, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return .other }
        var failed = false
        let size = Int(info.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
            used = 0
            while used < size {
                let count = Glibc.read(fd, buffer.baseAddress! + used, size - used)
                if count <= 0 {
                    failed = count < 0
                    break
                }
                used += count
            }
        }
        if failed { throw .last("can't be read", path, in: folder) }
        return .file(bytes, mode: info.st_mode & 0o7777)
    }

    /// Returns the content of a file; nil when there is no regular file.
    package static func read(_ path: String, in folder: Folder? = nil) throws(OutputError) -> [UInt8]? {
        guard case .file(let bytes, _) = try find(path, in: folder) else { return nil }
        return bytes
    }

    /// Returns the content of a file.
    /// - Throws: ``OutputError``, also when there is no regular file.
    static func content(_ path: String) throws(OutputError) -> [UInt8] {
        guard let bytes = try read(path) else { throw OutputError("\(path): was removed by another process") }
        return bytes
    }

    /// Reads a file and passes its bytes on, at most 64 KiB at a time.
    static func read(_ path: String, _ take: (UnsafeRawBufferPointer) -> Void) throws(OutputError) {
        let fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard fd >= 0 else { throw .last("can't be opened", path) }
        defer { close(fd) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(fd, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw .last("can't be read", path) }
            if count == 0 { return }
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Creates a file.
    /// - Throws: ``OutputError``, also when the file exists.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t, in folder: Folder) throws(OutputError) {
        let fd = openat(folder.fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard fd >= 0 else { throw .last("can't be created", path, in: folder) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(fd, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 {
                let error = OutputError.last("can't be written", path, in: folder)
                close(fd)
                throw error
            }
            done += count
        }
        guard mode & umask == 0 || fchmod(fd, mode) == 0 else {
            let error = OutputError.last("can't be given its mode", path, in: folder)
            close(fd)
            throw error
        }
        guard close(fd) == 0 else { throw .last("can't be written", path, in: folder) }
    }

    package static func link(target: String, at path: String, in folder: Folder) throws(OutputError) {
        guard symlinkat(target, folder.fd, path) == 0 else { throw .last("can't be linked", path, in: folder) }
    }

    static func readLink(_ path: String, in folder: Folder? = nil) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
            let count = readlinkat(folder?.fd ?? AT_FDCWD, path, buffer.baseAddress!, buffer.count)
            return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    /// Creates a directory unless it exists; an existing one keeps its mode. A new one inherits the set-group-ID bit of
    /// its parent.
    /// - Returns: Whether it was created.
    @discardableResult
    package static func makeFolder(
        _ path: String, mode: mode_t = 0o755, in folder: Folder? = nil
    ) throws(OutputError) -> Bool {
        let fd = folder?.fd ?? AT_FDCWD
        guard mkdirat(fd, path, mode) == 0 else {
            guard errno == EEXIST else { throw .last("can't be made", path, in: folder) }
            return false
        }
        if mode & (umask | 0o7000) == 0 { return true }
        var info = stat()
        guard fstatat(fd, path, &info, 0) == 0, fchmodat(fd, path, mode | info.st_mode & S_ISGID, 0) == 0 else {
            throw .last("can't be given its mode", path, in: folder)
        }
        return true
    }

    /// The file mode creation mask of the process. Files get their modes independently of it, and the mode is set a
    /// second time only where the mask removes bits.
    private static let umask = {
        // No system call reads the mask without setting it.
        let mask = Glibc.umask(0o077)
        _ = Glibc.umask(mask)
        return mask
    }()

    /// Returns the names in a directory, sorted by bytes.
    static func list(_ folder: String) throws(OutputError) -> [String] {
        guard let handle = opendir(folder) else { throw .last("can't be listed", folder) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Removes a file, a link, or a directory with its content; does nothing when nothing is there.
    package static func remove(_ path: String) throws(OutputError) {
        guard let status = try status(path) else { return }
        if status.isFolder {
            for name in try list(path) { try remove("\(path)/\(name)") }
            guard rmdir(path) == 0 else { throw .last("can't be removed", path) }
        } else {
            guard unlink(path) == 0 else { throw .last("can't be removed", path) }
        }
    }
}
