import ArgumentParser
import Build
import FoundationEssentials
import Lab

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes an example lab with comments.",
        discussion: """
            Writes lab.yaml and its JSON Schema, which editors use to complete and
            validate. Existing files are not changed.

            --ci also writes a CI configuration that validates the lab and shows on each
            pull request what it changes on the machines. If there is a lab.yaml
            already, only the CI configuration is written.

            Examples:
              xenseed init mylab
              xenseed init --ci github .
            """)

    @Option(help: "Write a CI configuration for github or gitlab.")
    var ci: Starter.CI?

    @Argument(help: "The directory; it is created if it does not exist.", completion: .directory)
    var folder: String

    func run() async throws {
        let folder = URL(filePath: folder)
        var files = [("lab.yaml", Starter.text), ("lab.schema.json", LabSchema.json())]
        if ci != nil, FileManager.default.fileExists(atPath: folder.appending(path: "lab.yaml").path) { files = [] }
        if let ci { files.append((ci.path, ci.text)) }
        let places = files.map { (file: folder.appending(path: $0.0), text: $0.1) }
        for (file, _) in places where FileManager.default.fileExists(atPath: file.path) {
            throw CommandError.environment("\(file.relativePath) exists already")
        }
        for (file, text) in places {
            do {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            } catch { throw CommandError.environment("\(folder.relativePath): \(error.reason)") }
            try await FileSystem.writeFile(Array(text.utf8), to: file.relativePath, existing: .keep, log: complain)
        }
        for (file, _) in places { try output(file.relativePath) }
    }
}

extension Starter.CI: ExpressibleByArgument {}
