import Glibc

/// The world refused: a path and what was tried.
public struct OutputError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// With errno's text.
    /// - Parameter folder: what the path is relative to.
    package static func last(_ what: String, _ path: String, in folder: FileSystem.Folder? = nil) -> OutputError {
        let reason = String(cString: strerror(errno))
        return OutputError("\(folder.map { "\($0.path)/" } ?? "")\(path): \(what): \(reason)")
    }
}

/// The calls that the output needs, with errors that name the path.
package enum FileSystem {
    package struct Status {
        package var isFolder: Bool
        var isFile: Bool
        var mode: mode_t
        var owner: uid_t
        var group: gid_t
        /// In bytes.
        package var size: Int
    }

    /// Not followed when it is a link; nil when there is nothing.
    package static func status(_ path: String) throws(OutputError) -> Status? {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .last("can't be looked at", path)
        }
        return Status(
            isFolder: info.st_mode & S_IFMT == S_IFDIR, isFile: info.st_mode & S_IFMT == S_IFREG,
            mode: info.st_mode & 0o7777, owner: info.st_uid, group: info.st_gid, size: Int(info.st_size))
    }

    enum Found {
        case nothing, other
        case file([UInt8], mode: mode_t)
    }

    /// An open folder: what is in it is found without going down its whole path each time.
    package final class Folder: Sendable {
        fileprivate let fd: CInt
        fileprivate let path: String

        /// A link is followed; nil when there is nothing.
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

    /// What is there; a link is not followed.
    /// - Parameter folder: what a relative path is relative to.
    static func find(_ path: String, in folder: Folder? = nil) throws(OutputError) -> Found {
        // Without O_NONBLOCK, a pipe would be waited for.
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

    /// Nil when there is no such file.
    package static func read(_ path: String, in folder: Folder? = nil) throws(OutputError) -> [UInt8]? {
        guard case .file(let bytes, _) = try find(path, in: folder) else { return nil }
        return bytes
    }

    /// Of a file that has to be there.
    static func content(_ path: String) throws(OutputError) -> [UInt8] {
        guard let bytes = try read(path) else { throw OutputError("\(path): is gone") }
        return bytes
    }

    /// Hands over a file's bytes piece by piece.
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

    /// A new file; an existing one is an error.
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

    /// One that is there is fine, and stays as it is; a new one takes the set-group-ID bit from the folder above.
    /// - Returns: whether it is new.
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

    /// What the process keeps from new files. It has no say here, and only where it would is a mode set twice.
    private static let umask = {
        // There is no call that only reads it.
        let mask = Glibc.umask(0o077)
        _ = Glibc.umask(mask)
        return mask
    }()

    /// Names, sorted by bytes.
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

    /// A file, link or folder with everything in it; nothing there is fine.
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
