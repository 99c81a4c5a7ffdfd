import ArgumentParser
import Build
import Foundation
import Lab

struct Init: ParsableCommand {
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

    func run() throws {
        let folder = URL(filePath: folder)
        var files = [("lab.yaml", Starter.text), ("lab.schema.json", LabSchema.json())]
        if ci != nil, FileManager.default.fileExists(atPath: folder.appending(path: "lab.yaml").path) { files = [] }
        if let ci { files.append((ci.path, ci.text)) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, _) in files where FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
                throw Exit.environment("\(folder.appending(path: name).relativePath) is there already")
            }
            for (name, text) in files {
                let file = folder.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file, options: .atomic)
            }
        } catch let error as Exit { throw error } catch {
            throw Exit.environment("\(folder.relativePath): \(error.localizedReason)")
        }
        for (name, _) in files { try output(folder.appending(path: name).relativePath) }
    }
}

extension Starter.CI: ExpressibleByArgument {}
