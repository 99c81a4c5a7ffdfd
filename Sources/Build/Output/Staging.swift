import Glibc

/// The directory beside the output tree in which the next tree is put together.
final class Staging: Sendable {
    private let root: String
    /// The path of the directory.
    let directory: String
    /// Whether there is no tree yet.
    private let isFirst: Bool

    /// Returns the path of the directory: `/a/.out.xenseed` for `/a/out`.
    static func path(for root: String) -> String { FileSystem.sibling(root, "xenseed") }

    init(for root: String) throws(OutputError) {
        self.root = root
        isFirst = try FileSystem.status(root) == nil
        directory = Self.path(for: root)
    }

    /// Removes the directory; after an exchange, that is the old tree.
    func discard() { try? FileSystem.remove(directory) }

    /// Writes files of the new tree.
    /// - Parameter files: The files, sorted by path, so that each directory is created once.
    func write(_ files: [PlannedFile]) throws {
        try makeFolder("")
        guard let base = try FileSystem.Folder(directory) else { throw OutputError.last("can't be opened", directory) }
        // The directory of the previous file; it and its parents exist.
        var there = Substring().utf8
        for file in files {
            let path = file.path.utf8
            let parent = path[..<(path.lastIndex(of: 47).map(path.index(after:)) ?? path.startIndex)]
            if !parent.elementsEqual(there) {
                let common = zip(parent, there).prefix { $0 == $1 }.count
                for (place, byte) in parent.enumerated() where byte == 47 && place >= common {
                    try makeFolder("/" + Substring(parent.prefix(place)), in: base)
                }
                there = parent
            }
            switch file.content {
            case .link(let target): try FileSystem.link(target: target, at: file.path, in: base)
            case .bytes(let bytes): try FileSystem.write(bytes, to: file.path, mode: file.mode, in: base)
            case .archive(let seed):
                try FileSystem.write([], to: file.path, mode: file.mode, in: base)
                try seed.pack(into: "\(directory)/\(file.path)", reading: place)
            }
            // The group of an existing file is kept, so that a web server that could read the old file can read the new
            // one.
            if file.isSecret, let before = try FileSystem.status("\(root)/\(file.path)") {
                _ = chown("\(directory)/\(file.path)", uid_t.max, before.group)
            }
        }
    }

    /// Returns where a file of the new tree is now: in this directory if it was written, otherwise in the old tree.
    private func place(of path: String) throws(OutputError) -> String {
        let new = "\(directory)/\(path)"
        return try FileSystem.status(new) == nil ? "\(root)/\(path)" : new
    }

    /// Creates a directory with the mode, owner and group of the one that it replaces. An existing directory is not
    /// changed.
    private func makeFolder(_ part: String, in base: FileSystem.Folder? = nil) throws(OutputError) {
        let old = isFirst ? nil : try FileSystem.status(root + part)
        let path = base == nil ? directory + part : String(part.dropFirst())
        guard try FileSystem.makeFolder(path, mode: old?.mode ?? 0o755, in: base), let old else { return }
        // Only root can change the owner of a directory. chown may clear the set-group-ID bit.
        if chown(directory + part, old.owner, old.group) == 0 || chown(directory + part, uid_t.max, old.group) == 0 {
            _ = chmod(directory + part, old.mode)
        }
    }

    /// Links all files of the old tree that are not replaced: unchanged files, and files that xenseed did not write.
    /// - Parameters:
    ///   - planned: The paths of the new tree.
    ///   - previous: The paths that the last build wrote. Those that are not planned are left out.
    func adopt(from root: String, planned: Set<String>, previous: Set<String>) throws(OutputError) {
        if isFirst { return }
        try makeFolder("")
        try adopt("", keep: planned, previous: previous)
    }

    /// Moves a file or link that xenseed did not build into the new tree, where it replaces an old one.
    /// - Throws: ``OutputError``, also when a parent of the path is not a directory in the old tree.
    func add(_ source: String, at path: String) throws(OutputError) {
        try makeFolder("")
        guard let base = try FileSystem.Folder(directory) else { throw .last("can't be opened", directory) }
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += "/" + part
            if let old = try FileSystem.status(root + parent), !old.isFolder {
                throw OutputError("\(root + parent) is in the way: it is not a directory")
            }
            try makeFolder(parent, in: base)
        }
        if try FileSystem.status("\(root)/\(path)")?.isFolder == true {
            throw OutputError("\(root)/\(path) is in the way: it is a directory")
        }
        guard rename(source, "\(directory)/\(path)") == 0 else {
            throw .last("can't be put in place", "\(directory)/\(path)")
        }
    }

    private func adopt(_ part: String, keep: Set<String>, previous: Set<String>) throws(OutputError) {
        for name in try FileSystem.list(root + part) {
            let path = "\(part)/\(name)"
            let relative = String(path.dropFirst())
            guard let old = try FileSystem.status(root + path) else { continue }
            if old.isFolder {
                // A directory is left out when all its files were written by xenseed and none is planned.
                let isOurs = try FileSystem.status(directory + path) != nil
                if !isOurs, try !hasKeptFiles(path, keep, previous) { continue }
                if !isOurs { try makeFolder(path) }
                try adopt(path, keep: keep, previous: previous)
            } else if try FileSystem.status(directory + path) == nil,
                keep.contains(relative) || !previous.contains(relative)
            {
                guard Glibc.link(root + path, directory + path) == 0 else {
                    throw .last("can't be linked", directory + path)
                }
            }
        }
    }

    /// Whether a directory has a file that is kept.
    private func hasKeptFiles(_ part: String, _ keep: Set<String>, _ previous: Set<String>) throws(OutputError) -> Bool
    {
        let names = try FileSystem.list(root + part)
        if names.isEmpty { return true }
        for name in names {
            let path = "\(part)/\(name)"
            let relative = String(path.dropFirst())
            if try FileSystem.status(root + path)?.isFolder == true {
                if try hasKeptFiles(path, keep, previous) { return true }
            } else if keep.contains(relative) || !previous.contains(relative) {
                return true
            }
        }
        return false
    }

    /// Exchanges the new tree and the old one in one step.
    func exchange() throws(OutputError) { try FileSystem.replace(root, by: directory) }
}
