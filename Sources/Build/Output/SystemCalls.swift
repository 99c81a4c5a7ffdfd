internal import CLinux
import Glibc
import SystemPackage

// What swift-system 1.8 lacks. Each system call throws the number of its error, and is repeated when a signal interrupts
// it.

extension Errno {
    /// The error of the last system call of this thread that failed.
    static var current: Errno { Errno(rawValue: errno) }
}

@discardableResult
private func result(of call: () -> Int) throws(Errno) -> Int {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = Errno.current
        if error != .interrupted { throw error }
    }
}

private func check(_ call: () -> CInt) throws(Errno) { try result { Int(call()) } }

extension FileDescriptor {
    /// What relative paths are relative to where a directory is expected.
    static var workingDirectory: FileDescriptor { FileDescriptor(rawValue: AT_FDCWD) }

    /// Opens a file.
    /// - Parameters:
    ///   - path: The path relative to this directory.
    ///   - permissions: The mode of a file that is created; the file mode creation mask applies.
    func open(
        _ path: String, _ mode: AccessMode, options: OpenOptions, permissions: FilePermissions = []
    ) throws(Errno) -> FileDescriptor {
        let flags = mode.rawValue | options.rawValue
        return FileDescriptor(
            rawValue: CInt(try result { Int(openat(rawValue, path, flags, permissions.rawValue)) }))
    }

    func makeDirectory(_ path: String, _ permissions: FilePermissions) throws(Errno) {
        try check { mkdirat(rawValue, path, permissions.rawValue) }
    }

    /// Sets the mode of a path; a link is followed.
    func setPermissions(of path: String, _ permissions: FilePermissions) throws(Errno) {
        try check { fchmodat(rawValue, path, permissions.rawValue, 0) }
    }

    func setPermissions(_ permissions: FilePermissions) throws(Errno) {
        try check { fchmod(rawValue, permissions.rawValue) }
    }

    /// Makes a symbolic link.
    func makeLink(_ path: String, to target: String) throws(Errno) {
        try check { symlinkat(target, rawValue, path) }
    }

    /// Returns the target of a symbolic link.
    func target(ofLink path: String) throws(Errno) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = try result { readlinkat(rawValue, path, &buffer, buffer.count) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Returns up to `count` bytes from an offset, fewer at the end of the file.
    package func bytes(from offset: Int = 0, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            used = 0
            while used < count,
                case let read = try read(
                    fromAbsoluteOffset: Int64(offset + used),
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[used...])),
                read > 0
            {
                used += read
            }
        }
    }

    /// Takes the lock of flock(2) without waiting. It ends when all descriptors of this open file are closed.
    /// - Returns: Whether nobody else has the lock.
    package func lock() throws(Errno) -> Bool {
        do throws(Errno) { try check { flock(rawValue, LOCK_EX | LOCK_NB) } } catch {
            guard error == .wouldBlock else { throw error }
            return false
        }
        return true
    }

    /// Writes the file or directory to disk.
    func synchronize() throws(Errno) { try check { fsync(rawValue) } }

    /// Writes the content and the length of the file to disk.
    package func synchronizeData() throws(Errno) { try check { fdatasync(rawValue) } }

    /// Writes to disk all that the file system of this file holds.
    func synchronizeFileSystem() throws(Errno) { try check { syncfs(rawValue) } }
}

/// System calls on paths, by their own names.
enum SystemCall {
    static func unlink(_ path: String) throws(Errno) { try check { Glibc.unlink(path) } }
    static func rmdir(_ path: String) throws(Errno) { try check { Glibc.rmdir(path) } }
    static func link(_ old: String, _ new: String) throws(Errno) { try check { Glibc.link(old, new) } }
    static func rename(_ old: String, _ new: String) throws(Errno) { try check { Glibc.rename(old, new) } }

    /// Exchanges two names in one step.
    static func exchange(_ a: String, _ b: String) throws(Errno) {
        try check { renameat2(AT_FDCWD, a, AT_FDCWD, b, UInt32(XENSEED_RENAME_EXCHANGE)) }
    }

    /// Renames a file unless the new name exists.
    static func renameToNew(_ old: String, _ new: String) throws(Errno) {
        try check { renameat2(AT_FDCWD, old, AT_FDCWD, new, UInt32(XENSEED_RENAME_NOREPLACE)) }
    }

    static func chmod(_ path: String, _ permissions: FilePermissions) throws(Errno) {
        try check { Glibc.chmod(path, permissions.rawValue) }
    }

    /// - Parameter owner: The new owner; nil keeps the owner.
    static func chown(_ path: String, owner: UserID?, group: GroupID) throws(Errno) {
        try check { Glibc.chown(path, owner?.rawValue ?? uid_t.max, group.rawValue) }
    }
}
