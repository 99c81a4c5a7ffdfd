import Build
import Foundation

/// A directory in a revision of a git repository, read with the git program.
package final class GitFolder: Sendable {
    /// The name of the revision as the user gave it.
    package let name: String
    private let revision: String
    private let repository: String

    /// Creates the directory; nil when the repository does not have the revision, or git is not installed.
    /// - Parameter repository: A directory in a working tree; all paths are relative to it.
    package init?(_ revision: String, in repository: String) {
        // A name that looks like an option or a range is not accepted.
        guard !revision.isEmpty, !revision.hasPrefix("-"), !revision.contains("..") else { return nil }
        name = revision
        self.repository = repository
        let known = try? Self.git(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], in: repository)
        guard let known, !known.isEmpty else { return nil }
        self.revision = String(decoding: known, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func git(_ words: [String], in folder: String, input: [UInt8] = []) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + words
        let (output, feed) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardInput = feed
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Both pipes hold little, so writing and reading go side by side.
        let writer = Thread {
            try? feed.fileHandleForWriting.write(contentsOf: input)
            try? feed.fileHandleForWriting.close()
        }
        writer.start()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw OutputError("git \(words.first ?? "") ended with \(process.terminationStatus)")
        }
        return Array(data)
    }

    /// Returns the content of a file; nil when the revision does not have it.
    package func content(of path: String) -> [UInt8]? {
        try? Self.git(["cat-file", "blob", "\(revision):./\(path)"], in: repository)
    }

    /// A file or a symbolic link.
    struct Entry {
        /// The name of git's object with the content.
        var object: String
        /// The mode that git has: 100644, 100755, or 120000 for a symbolic link.
        var mode: String
    }

    /// Returns the files below a directory by their paths in it.
    func list(_ folder: String) throws -> [String: Entry] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let listing = try Self.git(["ls-tree", "-r", "-z", revision, "--", "./" + prefix], in: repository)
        var found: [String: Entry] = [:]
        for entry in listing.split(separator: 0) {
            // MODE TYPE OBJECT, a tab, PATH; the path is relative to the directory that git was started in.
            guard let tab = entry.firstIndex(of: 9) else { continue }
            let fields = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
            let path = String(decoding: entry[(tab + 1)...], as: UTF8.self)
            guard fields.count == 3, fields[1] == "blob", path.hasPrefix(prefix) else { continue }
            found[String(path.dropFirst(prefix.count))] = Entry(
                object: String(fields[2]), mode: String(fields[0]))
        }
        return found
    }

    /// Returns the files and symbolic links below a directory with their contents; the content of a link is its target.
    package func files(below folder: String) throws
        -> [(path: String, isExecutable: Bool, isLink: Bool, content: [UInt8])]
    {
        let entries = try list(folder)
        let contents = try contents(of: Array(Set(entries.values.map(\.object))))
        return entries.sorted { $0.key < $1.key }.map {
            ($0.key, $0.value.mode == "100755", $0.value.mode == "120000", contents[$0.value.object] ?? [])
        }
    }

    /// Returns the contents of git's objects by their names.
    func contents(of objects: [String]) throws -> [String: [UInt8]] {
        let answer = try Self.git(
            ["cat-file", "--batch"], in: repository, input: Array(objects.map { $0 + "\n" }.joined().utf8))
        var found: [String: [UInt8]] = [:]
        var rest = answer[...]
        while let feed = rest.firstIndex(of: 10) {
            let fields = String(decoding: rest[..<feed], as: UTF8.self).split(separator: " ")
            guard fields.count == 3, let size = Int(fields[2]), rest.count > feed - rest.startIndex + size else {
                throw OutputError("git cat-file: \(String(decoding: rest[..<feed], as: UTF8.self))")
            }
            let content = rest[(feed + 1)..<(feed + 1 + size)]
            found[String(fields[0])] = Array(content)
            rest = rest[(feed + 2 + size)...]
        }
        return found
    }
}

/// A built tree in a git revision.
package struct GitSnapshot: Snapshot {
    package let name: String
    package var paths: Set<String> { Set(files.keys) }
    private let files: [String: [UInt8]]

    /// Creates the snapshot; nil when the revision has no built tree in this directory.
    package init?(_ git: GitFolder, tree: String) throws {
        name = "\(git.name):\(tree)"
        let objects = try git.list(tree).filter { $0.value.mode != "120000" }
        guard objects["SHA256SUMS"] != nil else { return nil }
        let contents = try git.contents(of: Array(Set(objects.values.map(\.object))))
        files = objects.compactMapValues { contents[$0.object] }
    }

    package func content(of path: String) throws -> [UInt8]? { files[path] }
}
