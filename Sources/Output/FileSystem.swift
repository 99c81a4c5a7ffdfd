import Glibc

/// The world refused: a path and what was tried.
public struct OutputError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// With errno's text.
    static func last(_ what: String, _ path: String) -> OutputError {
        OutputError("\(path): \(what): \(String(cString: strerror(errno)))")
    }
}

/// The calls that the output needs, with errors that name the path.
enum FileSystem {
    struct Status {
        var isFolder: Bool
        var isLink: Bool
        var isFile: Bool
        var mode: mode_t
        var group: gid_t
    }

    /// Not followed when it is a link; nil when there is nothing.
    static func status(_ path: String) throws(OutputError) -> Status? {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .last("can't be looked at", path)
        }
        let type = info.st_mode & S_IFMT
        return Status(
            isFolder: type == S_IFDIR, isLink: type == S_IFLNK, isFile: type == S_IFREG, mode: info.st_mode & 0o7777,
            group: info.st_gid)
    }

    /// Nil when there is no such file.
    static func read(_ path: String) throws(OutputError) -> [UInt8]? {
        let fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard fd >= 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
            throw .last("can't be opened", path)
        }
        defer { close(fd) }
        var info = stat()
        guard fstat(fd, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
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
        if failed { throw .last("can't be read", path) }
        return bytes
    }

    /// A new file; an existing one is an error.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(OutputError) {
        let fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0o600)
        guard fd >= 0 else { throw .last("can't be created", path) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(fd, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 {
                let error = OutputError.last("can't be written", path)
                close(fd)
                throw error
            }
            done += count
        }
        // By descriptor and after the fact: the umask has no say.
        guard fchmod(fd, mode) == 0 else {
            let error = OutputError.last("can't be given its mode", path)
            close(fd)
            throw error
        }
        guard close(fd) == 0 else { throw .last("can't be written", path) }
    }

    static func link(target: String, at path: String) throws(OutputError) {
        guard symlink(target, path) == 0 else { throw .last("can't be linked", path) }
    }

    static func readLink(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, 4096) }
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(OutputError) {
        guard mkdir(path, 0o700) == 0 else {
            if errno == EEXIST { return }
            throw .last("can't be made", path)
        }
        guard chmod(path, mode) == 0 else { throw .last("can't be given its mode", path) }
    }

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
    static func remove(_ path: String) throws(OutputError) {
        guard let status = try status(path) else { return }
        if status.isFolder {
            for name in try list(path) { try remove("\(path)/\(name)") }
            guard rmdir(path) == 0 else { throw .last("can't be removed", path) }
        } else {
            guard unlink(path) == 0 else { throw .last("can't be removed", path) }
        }
    }
}
