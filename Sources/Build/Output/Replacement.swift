import SystemPackage

import func Glibc.getpid

/// The exclusive right to write a file or a directory, shared by all processes: flock(2) on a file beside it.
///
/// `/a/out` is locked by `/a/.out.xenseed.lock`, which holds the process number of the owner. The file is removed with
/// the lock; the kernel releases the lock of a process that was killed, and the next owner reuses its file.
package final class OutputLock: Sendable {
    /// The path that is locked.
    let target: String
    private let path: String
    private let file: FileDescriptor

    private init(_ target: String, path: String, file: FileDescriptor) {
        (self.target, self.path, self.file) = (target, path, file)
    }

    deinit {
        // The file is removed before the lock is released, so that the file of the next owner is not removed.
        try? SystemCall.unlink(path)
        try? file.close()
    }

    /// Locks without waiting.
    /// - Returns: Nil when another owner has the lock.
    /// - Throws: ``BuildError`` when the lock file can't be created.
    package static func attempt(_ target: String) throws(BuildError) -> OutputLock? {
        let path = FileSystem.sibling(target, "xenseed.lock")
        while true {
            let file: FileDescriptor
            do {
                file = try FileDescriptor.open(
                    path, .readWrite, options: [.create, .closeOnExec, .noFollow],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
            } catch { throw .failed("can't be written: its lock file can't be created", target, error) }
            do {
                guard try file.lock() else {
                    try file.close()
                    return nil
                }
                // The previous owner may have removed the file between the two calls; then the lock is on a file that
                // nobody else opens.
                let locked = try file.stat()
                guard let there = try FileSystem.status(path), there.inode == locked.inode,
                    there.deviceID == locked.deviceID
                else {
                    try file.close()
                    continue
                }
                try file.resize(to: 0)
                try file.writeAll(toAbsoluteOffset: 0, "\(getpid())\n".utf8)
                return OutputLock(target, path: path, file: file)
            } catch {
                try? file.close()
                throw .failed("can't be locked", path, error)
            }
        }
    }

    /// Locks, and waits for another owner for a bounded time.
    /// - Parameters:
    ///   - patience: How long to wait. A build takes seconds, and a run in CI must not hang.
    ///   - log: Receives one sentence when another owner has the lock.
    /// - Throws: ``BuildError`` when the other owner still has the lock after that time, or the lock file can't be
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
                throw BuildError(
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
    ///   - path: the place it goes to.
    ///   - existing: with `keep`, anything that has the name already is an error.
    package static func replace(
        _ path: String, by new: String, existing: Existing = .replace
    ) throws(BuildError) {
        do {
            let file = try FileDescriptor.open(new, .readOnly, options: [.closeOnExec, .noFollow])
            // All that a tree holds at once: for 2,300 files a tenth of the time of fsync(2) on each of them.
            try file.closeAfter { try file.synchronizeFileSystem() }
        } catch { throw .failed("can't be written to disk", new, error) }
        let isDirectory = try status(path)?.type == .directory
        do throws(Errno) {
            switch existing {
            case .keep: try SystemCall.renameToNew(new, path)
            case .replace where isDirectory: try SystemCall.exchange(new, path)
            case .replace: try SystemCall.rename(new, path)
            }
        } catch {
            if isDirectory, error == .resourceBusy {
                throw BuildError("\(path) is a mount point; build into a directory below it")
            }
            if existing == .keep, error == .fileExists { throw BuildError("\(path) is there already") }
            throw .failed(isDirectory ? "can't be exchanged for the new tree" : "can't be put in place", path, error)
        }
        try syncDirectory(of: path)
    }

    /// What happens to what has the name already.
    package enum Existing { case replace, keep }

    /// Writes the directory that holds a name to disk.
    static func syncDirectory(of path: String) throws(BuildError) {
        let cut = path.lastIndex(of: "/")
        let parent = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        do {
            let directory = try FileDescriptor.open(parent, .readOnly, options: [.directory, .closeOnExec])
            try directory.closeAfter { try directory.synchronize() }
        } catch { throw .failed("can't be written to disk", parent, error) }
    }

    /// Replaces a file by one with these bytes, in one step that survives a power cut.
    /// - Parameters:
    ///   - new: Where the new file is written first: a path in the same file system that the caller may clear.
    ///   - existing: With `keep`, a file that has the name already is an error.
    package static func replace(
        _ path: String, with bytes: [UInt8], mode: CInterop.Mode, by new: String, existing: Existing = .replace
    ) throws(BuildError) {
        try remove(new)
        do throws(BuildError) {
            try write(bytes, to: new, mode: mode)
            try replace(path, by: new, existing: existing)
        } catch {
            try? remove(new)
            throw error
        }
    }
}

/// A file that is written beside its place, readable by its user only, and takes its name when it is complete.
///
/// The place is locked meanwhile. Without ``place(mode:)`` the file is removed again.
package final class PartialFile: Sendable {
    /// The path to write to, where an empty file is.
    package let path: String
    private let lock: OutputLock

    /// Creates the file.
    /// - Parameters:
    ///   - place: The path that it gets when it is complete.
    ///   - log: Receives one sentence when another process writes the same file.
    /// - Throws: ``BuildError``, also when another process writes the same file for a minute.
    package init(for place: String, log: (String) -> Void) async throws {
        lock = try await OutputLock.wait(for: place, log: log)
        path = FileSystem.sibling(place, "xenseed")
        // This file is left by a run that was killed.
        try FileSystem.remove(path)
        try FileSystem.write([], to: path, mode: 0o600)
    }

    deinit { try? FileSystem.remove(path) }

    /// Gives the complete file its mode and its name.
    package func place(mode: CInterop.Mode) throws(BuildError) {
        do { try SystemCall.chmod(path, FilePermissions(rawValue: mode)) } catch {
            throw .failed("can't be given its mode", path, error)
        }
        try FileSystem.replace(lock.target, by: path)
    }
}

extension FileSystem {
    /// Writes a file completely or not at all, in one step that survives a power cut.
    /// - Parameters:
    ///   - existing: With `keep`, a file that has the name already is an error.
    ///   - log: Receives one sentence when another process writes the same file.
    package static func writeFile(
        _ bytes: [UInt8], to path: String, mode: CInterop.Mode = 0o644, existing: Existing = .replace,
        log: (String) -> Void
    ) async throws {
        let lock = try await OutputLock.wait(for: path, log: log)
        try withExtendedLifetime(lock) {
            try replace(path, with: bytes, mode: mode, by: sibling(path, "xenseed"), existing: existing)
        }
    }
}
