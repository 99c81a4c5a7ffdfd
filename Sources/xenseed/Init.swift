import ArgumentParser
import Build
import Foundation
import Lab

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
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

    func run() throws {
        let folder = URL(filePath: folder)
        var files = [("lab.yaml", Starter.text), ("lab.schema.json", LabSchema.json())]
        if ci != nil, FileManager.default.fileExists(atPath: folder.appending(path: "lab.yaml").path) { files = [] }
        if let ci { files.append((ci.path, ci.text)) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, _) in files where FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
                throw Exit.environment("\(folder.appending(path: name).relativePath) exists already")
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
