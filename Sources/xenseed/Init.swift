import ArgumentParser
import Build
import Foundation
import Lab

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a commented lab to start from.",
        discussion: """
            Writes lab.yaml and its schema, by which editors complete and check. Existing files are left alone.

            With --ci, also a recipe that checks the lab, and says on each pull request what it changes on the
            machines; beside a lab that is there, only that.

            Examples:
              xenseed init mylab
              xenseed init --ci github .
            """)

    @Option(help: "Write a recipe for this forge's CI: github or gitlab.")
    var ci: Starter.CI?

    @Argument(help: "The folder; made when it is not there.", completion: .directory)
    var folder: String

    func run() async throws {
        let folder = URL(filePath: folder)
        var files = [("lab.yaml", Starter.text), ("lab.schema.json", LabSchema.json())]
        if ci != nil, FileManager.default.fileExists(atPath: folder.appending(path: "lab.yaml").path) { files = [] }
        if let ci { files.append((ci.path, ci.text)) }
        let places = files.map { (file: folder.appending(path: $0.0), text: $0.1) }
        for (file, _) in places where FileManager.default.fileExists(atPath: file.path) {
            throw CommandError.environment("\(file.relativePath) is there already")
        }
        for (file, text) in places {
            do {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            } catch { throw CommandError.environment("\(folder.relativePath): \(error.localizedReason)") }
            try await FileSystem.writeFile(Array(text.utf8), to: file.relativePath, existing: .keep, log: complain)
        }
        for (file, _) in places { try output(file.relativePath) }
    }
}

extension Starter.CI: ExpressibleByArgument {}
