import Build
import FoundationEssentials

/// A directory into which a command writes files for the user. Existing files are not changed.
struct NewFiles {
    /// The directory as the user gave it.
    let folder: String

    /// Returns the path of a file in the directory.
    func path(_ name: String) -> String {
        folder == "." ? name : URL(filePath: folder).appending(path: name).relativePath
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Writes files, creates the directories that they need, and prints their paths.
    /// - Throws: ``CommandError`` when one of the files exists already; then none is written.
    func write(_ files: [(name: String, bytes: [UInt8])]) async throws {
        for file in files where has(file.name) {
            throw CommandError.environment("\(path(file.name)) exists already")
        }
        for file in files {
            do {
                try FileManager.default.createDirectory(
                    at: URL(filePath: path(file.name)).deletingLastPathComponent(), withIntermediateDirectories: true)
            } catch { throw CommandError.environment("\(folder): \(error.reason)") }
            try await FileSystem.writeFile(file.bytes, to: path(file.name), existing: .keep, log: complain)
        }
        for file in files { try output(path(file.name)) }
    }
}
