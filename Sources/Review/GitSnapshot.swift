import Build
import FoundationEssentials
import Preseed

/// A directory in a revision of a git repository, read with the git program.
package final class GitFolder: Sendable {
    /// The name of the revision as the user gave it.
    package let name: String
    private let revision: String
    private let repository: String
    private let program: Program
    /// The number of bytes that git may write at once: far more than the tree of a large lab has.
    private static let limit = 1 << 30

    /// - Parameter repository: a folder in a working tree; paths are relative to it.
    /// - Returns: nil when git knows no such revision there, or there is no git.
    package init?(_ revision: String, in repository: String) async {
        // Nothing that looks like an option, or like a range.
        guard !revision.isEmpty, !revision.hasPrefix("-"), !revision.contains(".."), let program = await Program("git")
        else { return nil }
        let known = try? await program.run(
            ["-C", repository, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"],
            limit: 1000)
        guard let known, known.isSuccess, !known.output.isEmpty else { return nil }
        name = revision
        self.revision = String(decoding: known.output, as: UTF8.self).trimmed
        self.repository = repository
        self.program = program
    }

    private func git(_ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        let result = try await program.run(["-C", repository] + arguments, input: input, limit: Self.limit)
        guard result.isSuccess else {
            throw ReviewError("\(name): git \(arguments.first ?? "") failed with \(result.status)")
        }
        return result.output
    }

    /// Returns the content of a file; nil when the revision does not have it.
    package func content(of path: String) async -> [UInt8]? {
        try? await git(["cat-file", "blob", "\(revision):./\(path)"])
    }

    /// A file or a symbolic link.
    struct Entry {
        /// The name of git's object with the content.
        var object: String
        /// The mode that git has: 100644, 100755, or 120000 for a symbolic link.
        var mode: String
    }

    /// Returns the files below a directory by their paths in it.
    func list(_ folder: String) async throws -> [String: Entry] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let listing = try await git(["ls-tree", "-r", "-z", revision, "--", "./" + prefix])
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
    package func files(below folder: String) async throws
        -> [(path: String, isExecutable: Bool, isLink: Bool, content: [UInt8])]
    {
        let entries = try await list(folder)
        let contents = try await contents(of: Array(Set(entries.values.map(\.object))))
        return entries.sorted { $0.key < $1.key }.map {
            ($0.key, $0.value.mode == "100755", $0.value.mode == "120000", contents[$0.value.object] ?? [])
        }
    }

    /// Returns the contents of git's objects by their names.
    func contents(of objects: [String]) async throws -> [String: [UInt8]] {
        let answer = try await git(
            ["cat-file", "--batch"], input: Array(objects.map { $0 + "\n" }.joined().utf8))
        var found: [String: [UInt8]] = [:]
        var rest = answer[...]
        while let feed = rest.firstIndex(of: 10) {
            let fields = String(decoding: rest[..<feed], as: UTF8.self).split(separator: " ")
            guard fields.count == 3, let size = Int(fields[2]), rest.count > feed - rest.startIndex + size else {
                throw ReviewError("\(name): git cat-file: \(String(decoding: rest[..<feed], as: UTF8.self))")
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
    package init?(_ git: GitFolder, tree: String) async throws {
        name = "\(git.name):\(tree)"
        let objects = try await git.list(tree).filter { $0.value.mode != "120000" }
        guard objects["SHA256SUMS"] != nil else { return nil }
        let contents = try await git.contents(of: Array(Set(objects.values.map(\.object))))
        files = objects.compactMapValues { contents[$0.object] }
    }

    package func content(of path: String) throws -> [UInt8]? { files[path] }
}
