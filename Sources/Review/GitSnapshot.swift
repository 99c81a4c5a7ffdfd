import Build
import Foundation

/// What git has of a folder in one of its revisions; asked by the user's own git.
package final class GitFolder: Sendable {
    /// As the user named it.
    package let name: String
    private let revision: String
    private let repository: String

    /// - Parameter repository: a folder in a working tree; paths are relative to it.
    /// - Returns: nil when git knows no such revision there, or there is no git.
    package init?(_ revision: String, in repository: String) {
        // Nothing that looks like an option, or like a range.
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

    /// A file's bytes; nil when it is not there.
    package func content(of path: String) -> [UInt8]? {
        try? Self.git(["cat-file", "blob", "\(revision):./\(path)"], in: repository)
    }

    /// A file below a folder, and what git calls its content.
    struct Entry {
        var object: String
        /// What git has of its mode: 100644, 100755, or 120000 for a link.
        var mode: String
    }

    /// Files below a folder, by their paths in it.
    func list(_ folder: String) throws -> [String: Entry] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let listing = try Self.git(["ls-tree", "-r", "-z", revision, "--", "./" + prefix], in: repository)
        var found: [String: Entry] = [:]
        for entry in listing.split(separator: 0) {
            // MODE TYPE OBJECT, a tab, PATH; relative to the folder that git was started in.
            guard let tab = entry.firstIndex(of: 9) else { continue }
            let words = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
            let path = String(decoding: entry[(tab + 1)...], as: UTF8.self)
            guard words.count == 3, words[1] == "blob", path.hasPrefix(prefix) else { continue }
            found[String(path.dropFirst(prefix.count))] = Entry(
                object: String(words[2]), mode: String(words[0]))
        }
        return found
    }

    /// Files and links below a folder, with their contents; a link's content is its target.
    package func files(below folder: String) throws
        -> [(path: String, isExecutable: Bool, isLink: Bool, content: [UInt8])]
    {
        let entries = try list(folder)
        let contents = try contents(of: Array(Set(entries.values.map(\.object))))
        return entries.sorted { $0.key < $1.key }.map {
            ($0.key, $0.value.mode == "100755", $0.value.mode == "120000", contents[$0.value.object] ?? [])
        }
    }

    /// Contents by what git calls them.
    func contents(of objects: [String]) throws -> [String: [UInt8]] {
        let answer = try Self.git(
            ["cat-file", "--batch"], in: repository, input: Array(objects.map { $0 + "\n" }.joined().utf8))
        var found: [String: [UInt8]] = [:]
        var rest = answer[...]
        while let feed = rest.firstIndex(of: 10) {
            let words = String(decoding: rest[..<feed], as: UTF8.self).split(separator: " ")
            guard words.count == 3, let size = Int(words[2]), rest.count > feed - rest.startIndex + size else {
                throw OutputError("git cat-file: \(String(decoding: rest[..<feed], as: UTF8.self))")
            }
            let content = rest[(feed + 1)..<(feed + 1 + size)]
            found[String(words[0])] = Array(content)
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

    /// - Returns: nil when nothing was built there.
    package init?(_ git: GitFolder, tree: String) throws {
        name = "\(git.name):\(tree)"
        let objects = try git.list(tree).filter { $0.value.mode != "120000" }
        guard objects["SHA256SUMS"] != nil else { return nil }
        let contents = try git.contents(of: Array(Set(objects.values.map(\.object))))
        files = objects.compactMapValues { contents[$0.object] }
    }

    package func content(of path: String) throws -> [UInt8]? { files[path] }
}
