import Archive
internal import CLinux
import Glibc

/// The folder beside the output in which the next tree is put together.
final class Staging: Sendable {
    private let root: String
    private let folder: String
    /// Nothing is replaced.
    private let isFirst: Bool

    /// `/a/out` is put together in `/a/.out.xenseed`.
    init(for root: String) throws(OutputError) {
        self.root = root
        isFirst = try FileSystem.status(root) == nil
        let cut = root.lastIndex(of: "/")!
        folder = root[..<cut] + "/." + root[root.index(after: cut)...] + ".xenseed"
    }

    /// Clears away what a killed run left.
    func prepare() throws(OutputError) { try FileSystem.remove(folder) }

    /// Removes whatever is left; after an exchange, that is the old tree.
    func discard() { try? FileSystem.remove(folder) }

    /// - Parameter old: the path of the file that this one replaces; its group is kept, so that a web server that
    ///   could read the old one can read the new one.
    func write(_ file: PlannedFile, replacing old: String) throws(OutputError) {
        let path = "\(folder)/\(file.path)"
        // Most files find their folder there, so nobody asks before the first one fails.
        if try !create(file, path) {
            try makeFolders(above: "/" + file.path)
            guard try create(file, path) else { throw .last("can't be created", path) }
        }
        if file.isSecret, let before = try FileSystem.status(old) { _ = chown(path, uid_t.max, before.group) }
    }

    /// As ``write(_:replacing:)``, for a file that is empty in the plan: its bytes are handed to an open file.
    func write(_ file: PlannedFile, replacing old: String, _ body: (CInt) throws -> Void) throws {
        try write(file, replacing: old)
        let path = "\(folder)/\(file.path)"
        let fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard fd >= 0 else { throw OutputError.last("can't be opened", path) }
        do { try body(fd) } catch {
            close(fd)
            if let error = error as? ArchiveError { throw OutputError("\(path): can't be written: \(error)") }
            throw error
        }
        guard close(fd) == 0 else { throw OutputError.last("can't be written", path) }
    }

    /// The file's path: here when it is new, else in the tree that stands.
    func place(of path: String) throws(OutputError) -> String {
        let new = "\(folder)/\(path)"
        return try FileSystem.status(new) == nil ? "\(root)/\(path)" : new
    }

    /// - Returns: false when its folder is not there.
    private func create(_ file: PlannedFile, _ path: String) throws(OutputError) -> Bool {
        switch file.kind {
        case .link(let target): try FileSystem.link(target: target, at: path)
        case .bytes(let bytes): try FileSystem.write(bytes, to: path, mode: file.mode)
        }
    }

    private func makeFolders(above path: String) throws(OutputError) {
        let parent = String(path[..<path.utf8.lastIndex(of: 47)!])
        if try makeFolder(parent) { return }
        guard !parent.isEmpty else { throw .last("can't be made", folder) }
        try makeFolders(above: parent)
        guard try makeFolder(parent) else { throw .last("can't be made", folder + parent) }
    }

    /// Folders take mode and group of those that they will replace.
    /// - Returns: false when its parent is not there.
    private func makeFolder(_ part: String) throws(OutputError) -> Bool {
        guard try FileSystem.makeFolder(folder + part) else { return false }
        let old = isFirst ? nil : try FileSystem.status(root + part)
        // A new folder keeps the set-group-ID bit that it has from the one above.
        let inherited = isFirst || old != nil ? 0 : (try FileSystem.status(folder + part)?.mode ?? 0) & S_ISGID
        try FileSystem.setMode(folder + part, old?.mode ?? 0o755 | inherited)
        if let old, chown(folder + part, uid_t.max, old.group) == 0 {
            // chown may have cleared the set-group-ID bit.
            _ = chmod(folder + part, old.mode)
        }
        return true
    }

    /// Links everything of the old tree that is not replaced: unchanged files and files that xenseed did not write.
    /// - Parameters:
    ///   - planned: the new manifest.
    ///   - previous: what the last build wrote; what of it is planned no more stays behind.
    func adopt(from root: String, planned: [UInt8], previous: Set<String>) throws(OutputError) {
        if isFirst { return }
        try makeFolders(above: "/")
        try adopt("", keep: Set(Manifest.paths(of: planned)), previous: previous)
    }

    private func adopt(_ part: String, keep: Set<String>, previous: Set<String>) throws(OutputError) {
        for name in try FileSystem.list(root + part) {
            let path = "\(part)/\(name)"
            let relative = String(path.dropFirst())
            guard let old = try FileSystem.status(root + path) else { continue }
            if old.isFolder {
                // A folder that held nothing but files of ours goes with the last of them.
                let isOurs = try FileSystem.status(folder + path) != nil
                if !isOurs, try !holdsAnything(path, keep, previous) { continue }
                if !isOurs { _ = try makeFolder(path) }
                try adopt(path, keep: keep, previous: previous)
            } else if try FileSystem.status(folder + path) == nil,
                keep.contains(relative) || !previous.contains(relative)
            {
                guard Glibc.link(root + path, folder + path) == 0 else { throw .last("can't be linked", folder + path) }
            }
        }
    }

    /// Whether a folder has anything that stays.
    private func holdsAnything(_ part: String, _ keep: Set<String>, _ previous: Set<String>) throws(OutputError) -> Bool
    {
        let names = try FileSystem.list(root + part)
        if names.isEmpty { return true }
        for name in names {
            let path = "\(part)/\(name)"
            let relative = String(path.dropFirst())
            if try FileSystem.status(root + path)?.isFolder == true {
                if try holdsAnything(path, keep, previous) { return true }
            } else if keep.contains(relative) || !previous.contains(relative) {
                return true
            }
        }
        return false
    }

    /// Puts the new tree in the old one's place, in one step.
    func exchange() throws(OutputError) {
        if try FileSystem.status(root) == nil {
            guard rename(folder, root) == 0 else { throw .last("can't be put in place", root) }
            return
        }
        guard renameat2(AT_FDCWD, folder, AT_FDCWD, root, UInt32(XENSEED_RENAME_EXCHANGE)) == 0 else {
            if errno == EBUSY { throw OutputError("\(root) is a mount point; build into a folder below it") }
            throw .last("can't be exchanged for the new tree", root)
        }
    }
}
