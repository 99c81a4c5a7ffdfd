internal import CLinux
import Glibc

/// The exclusive right to write a file or a directory, shared by all processes: flock(2) on a file beside it.
///
/// `/a/out` is locked by `/a/.out.xenseed.lock`, which holds the process number of the owner. The file is removed with
/// the lock; the kernel releases the lock of a process that was killed, and the next owner reuses its file.
package final class OutputLock: Sendable {
    /// The absolute path that is locked.
    let target: String
    private let path: String
    private let descriptor: CInt

    private init(_ target: String, path: String, descriptor: CInt) {
        (self.target, self.path, self.descriptor) = (target, path, descriptor)
    }

    deinit {
        // The file is removed before the lock is released, so that the file of the next owner is not removed.
        unlink(path)
        close(descriptor)
    }

    /// Locks without waiting.
    /// - Returns: Nil when another owner has the lock.
    /// - Throws: ``OutputError`` when the lock file can't be created.
    package static func attempt(_ target: String) throws(OutputError) -> OutputLock? {
        let path = FileSystem.sibling(target, "xenseed.lock")
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard descriptor >= 0 else { throw .last("can't be written: its lock file can't be created", target) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let reason = errno
                let error = OutputError.last("can't be locked", path)
                close(descriptor)
                if reason == EWOULDBLOCK { return nil }
                if reason == EINTR { continue }
                throw error
            }
            // The previous owner may have removed the file between the two calls; then the lock is on a file that
            // nobody else opens.
            var (locked, there) = (stat(), stat())
            guard fstat(descriptor, &locked) == 0, lstat(path, &there) == 0, locked.st_ino == there.st_ino,
                locked.st_dev == there.st_dev
            else {
                close(descriptor)
                continue
            }
            let text = Array("\(getpid())\n".utf8)
            if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
            return OutputLock(target, path: path, descriptor: descriptor)
        }
    }

    /// Locks, and waits for another owner for a bounded time.
    /// - Parameters:
    ///   - patience: How long to wait. A build takes seconds, and a run in CI must not hang.
    ///   - log: Receives one sentence when another owner has the lock.
    /// - Throws: ``OutputError`` when the other owner still has the lock after that time, or the lock file can't be
    ///   created.
    package static func wait(
        for target: String, patience: Duration = .seconds(60), log: (String) -> Void
    ) async throws -> OutputLock {
        let end = ContinuousClock.now + patience
        var owner: String?
        while true {
            if let lock = try attempt(target) { return lock }
            if owner == nil {
                let text = try FileSystem.read(FileSystem.sibling(target, "xenseed.lock")) ?? []
                let number = String(decoding: text.prefix(20).filter { (48...57).contains($0) }, as: UTF8.self)
                owner = "another xenseed\(number.isEmpty ? "" : " (process \(number))")"
                log("waiting for \(owner!), which is writing \(target)")
            }
            guard .now < end else {
                throw OutputError(
                    "\(target) is still being written by \(owner!) after \(patience.components.seconds) s; try again when it has ended"
                )
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension FileSystem {
    /// Returns a path in the same directory as a file or directory: `/a/.out.SUFFIX` for `/a/out`.
    package static func sibling(_ path: String, _ suffix: String) -> String {
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        return path[..<cut] + "." + path[cut...] + "." + suffix
    }

    /// Puts a new file or directory in the place of an old one, in one step that survives a power cut: the new content is
    /// written to disk, then takes the name, then the directory with the name is written to disk.
    ///
    /// Everything that xenseed replaces is replaced here. An old directory is exchanged for the new one, and has its name
    /// afterwards; an old file is gone.
    /// - Parameters:
    ///   - new: the path of the new content, in the same file system as `path`.
    ///   - path: the place it goes to; absolute.
    package static func replace(_ path: String, by new: String) throws(OutputError) {
        // All that a tree holds at once: for 2,300 files a tenth of the time of fsync(2) on each of them.
        let descriptor = open(new, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last("can't be opened", new) }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw .last("can't be written to disk", new) }
        if let old = try status(path), old.isFolder {
            guard renameat2(AT_FDCWD, new, AT_FDCWD, path, UInt32(XENSEED_RENAME_EXCHANGE)) == 0 else {
                if errno == EBUSY { throw OutputError("\(path) is a mount point; build into a directory below it") }
                throw .last("can't be exchanged for the new tree", path)
            }
        } else {
            guard rename(new, path) == 0 else { throw .last("can't be put in place", path) }
        }
        try syncDirectory(of: path)
    }

    /// Writes the directory that holds a name to disk.
    static func syncDirectory(of path: String) throws(OutputError) {
        let cut = path.lastIndex(of: "/")
        let parent = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("can't be opened", parent) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last("can't be written to disk", parent) }
    }

    /// Replaces a file by one with these bytes, in one step that survives a power cut.
    /// - Parameter new: where the new file is written first: a path in the same file system that the caller may clear.
    package static func replace(_ path: String, with bytes: [UInt8], mode: mode_t, by new: String) throws(OutputError) {
        try remove(new)
        let cut = new.lastIndex(of: "/")!
        guard let folder = try Folder(new[..<cut] + "/") else { throw .last("can't be opened", new) }
        do {
            try write(bytes, to: new, mode: mode, in: folder)
            try replace(path, by: new)
        } catch {
            unlink(new)
            throw error
        }
    }
}
