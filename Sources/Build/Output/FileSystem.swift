import SystemPackage

import func Glibc.closedir
import func Glibc.opendir
import func Glibc.readdir
import func Glibc.umask

extension BuildError {
    /// Returns an error with the operation that failed, the path, and the system's message.
    /// - Parameter folder: The directory that the path is relative to; nil for the working directory.
    static func failed(
        _ what: String, _ path: String, in folder: FileSystem.Folder? = nil, _ reason: any Error
    ) -> BuildError {
        BuildError("\(folder.map { "\($0.path)/" } ?? "")\(path): \(what): \(reason)")
    }
}

/// The file operations that this module needs. Their errors name the path.
///
/// Paths are strings: those of an output tree are relative and are also names in archives, manifests and URLs.
package enum FileSystem {
    /// Returns the status of a path without following a link; nil when nothing is there.
    package static func status(_ path: String) throws(BuildError) -> Stat? {
        do throws(Errno) { return try Stat(path, followTargetSymlink: false) } catch {
            if isAbsence(error) { return nil }
            throw .failed("can't be examined", path, error)
        }
    }

    private static func isAbsence(_ error: Errno) -> Bool {
        error == .noSuchFileOrDirectory || error == .notDirectory
    }

    enum Found {
        case nothing, other
        case file([UInt8], permissions: FilePermissions)
    }

    /// An open directory: the system finds its entries without a walk down the whole path each time.
    package final class Folder: Sendable {
        fileprivate let descriptor: FileDescriptor
        fileprivate let path: String

        /// Opens a directory; links are followed. Nil when nothing is there.
        package init?(_ path: String) throws(BuildError) {
            self.path = path
            do throws(Errno) {
                descriptor = try FileDescriptor.workingDirectory.open(
                    path, .readOnly, options: [.directory, .closeOnExec])
            } catch {
                if isAbsence(error) { return nil }
                throw .failed("can't be opened", path, error)
            }
        }

        deinit { try? descriptor.close() }
    }

    private static func directory(_ folder: Folder?) -> FileDescriptor { folder?.descriptor ?? .workingDirectory }

    /// Returns what is at a path; a link is not followed.
    /// - Parameter folder: The directory that a relative path is relative to.
    static func find(_ path: String, in folder: Folder? = nil) throws(BuildError) -> Found {
        let file: FileDescriptor
        do throws(Errno) {
            // Without O_NONBLOCK, opening a named pipe would wait for a writer.
            file = try directory(folder).open(path, .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
        } catch {
            if isAbsence(error) { return .nothing }
            if error == .tooManySymbolicLinkLevels || error == .noSuchAddressOrDevice { return .other }
            throw .failed("can't be opened", path, in: folder, error)
        }
        do {
            return try file.closeAfter {
                let status = try file.stat()
                guard status.type == .regular else { return .other }
                return .file(try file.bytes(count: Int(status.size)), permissions: status.permissions)
            }
        } catch { throw .failed("can't be read", path, in: folder, error) }
    }

    /// Returns the content of a file; nil when there is no regular file.
    package static func read(_ path: String, in folder: Folder? = nil) throws(BuildError) -> [UInt8]? {
        guard case .file(let bytes, _) = try find(path, in: folder) else { return nil }
        return bytes
    }

    /// Returns the content of a file.
    /// - Throws: ``BuildError``, also when there is no regular file.
    static func content(_ path: String) throws(BuildError) -> [UInt8] {
        guard let bytes = try read(path) else { throw BuildError("\(path): was removed by another process") }
        return bytes
    }

    /// Reads a file and passes its bytes on, at most 64 KiB at a time.
    static func read(_ path: String, _ take: (UnsafeRawBufferPointer) -> Void) throws(BuildError) {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec])
            try file.closeAfter {
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
                defer { buffer.deallocate() }
                while case let count = try file.read(into: buffer), count > 0 {
                    take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
            }
        } catch { throw .failed("can't be read", path, error) }
    }

    /// Creates a file.
    /// - Throws: ``BuildError``, also when the file exists.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: CInterop.Mode, in folder: Folder? = nil
    ) throws(BuildError) {
        var bytes = bytes
        try write(to: path, mode: mode, in: folder) { () throws(BuildError) in
            defer { bytes = [] }
            return bytes
        }
    }

    /// Creates a file whose content comes in parts.
    /// - Parameter next: Returns the next part; an empty one ends the content.
    /// - Throws: ``BuildError``, also when the file exists; the errors of `next`.
    package static func write(
        to path: String, mode: CInterop.Mode, in folder: Folder? = nil, _ next: () throws(BuildError) -> [UInt8]
    ) throws(BuildError) {
        let permissions = FilePermissions(rawValue: mode)
        do {
            let file = try directory(folder).open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
            try file.closeAfter {
                while case let bytes = try next(), !bytes.isEmpty { try file.writeAll(bytes) }
                if !permissions.isDisjoint(with: mask) { try file.setPermissions(permissions) }
            }
        } catch let error as BuildError { throw error } catch {
            throw .failed("can't be written", path, in: folder, error)
        }
    }

    package static func link(target: String, at path: String, in folder: Folder) throws(BuildError) {
        do { try folder.descriptor.makeLink(path, to: target) } catch {
            throw .failed("can't be linked", path, in: folder, error)
        }
    }

    /// Returns the target of a symbolic link; nil when there is none.
    static func readLink(_ path: String, in folder: Folder? = nil) -> String? {
        try? directory(folder).target(ofLink: path)
    }

    /// Creates a directory unless it exists; an existing one keeps its mode. A new one inherits the set-group-ID bit of
    /// its parent.
    /// - Returns: Whether it was created.
    @discardableResult
    package static func makeFolder(
        _ path: String, mode: CInterop.Mode = 0o755, in folder: Folder? = nil
    ) throws(BuildError) -> Bool {
        let (parent, permissions) = (directory(folder), FilePermissions(rawValue: mode))
        do throws(Errno) {
            try parent.makeDirectory(path, permissions)
            if permissions.isDisjoint(with: mask.union([.setUserID, .setGroupID, .saveText])) { return true }
            let inherited = try Stat(path, relativeTo: parent, flags: []).permissions.intersection(.setGroupID)
            try parent.setPermissions(of: path, permissions.union(inherited))
            return true
        } catch {
            if error == .fileExists { return false }
            throw .failed("can't be made", path, in: folder, error)
        }
    }

    /// The file mode creation mask of the process. Files get their modes independently of it, and the mode is set a
    /// second time only where the mask removes bits.
    private static let mask = {
        // No system call reads the mask without setting it.
        let mask = umask(0o077)
        _ = umask(mask)
        return FilePermissions(rawValue: mask)
    }()

    /// Returns the names in a directory, sorted by bytes.
    static func list(_ folder: String) throws(BuildError) -> [String] {
        guard let handle = opendir(folder) else { throw .failed("can't be listed", folder, Errno.current) }
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
    package static func remove(_ path: String) throws(BuildError) {
        guard let status = try status(path) else { return }
        let isDirectory = status.type == .directory
        if isDirectory { for name in try list(path) { try remove("\(path)/\(name)") } }
        do { try isDirectory ? SystemCall.rmdir(path) : SystemCall.unlink(path) } catch {
            throw .failed("can't be removed", path, error)
        }
    }
}
