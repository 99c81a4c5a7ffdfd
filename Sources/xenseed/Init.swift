import ArgumentParser
import Foundation
import Plan
import Spec

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a commented lab to start from.",
        discussion: """
            Writes lab.yaml and its schema, by which editors complete and check. Existing files are left alone.

            Example:
              xenseed init mylab
            """)

    @Argument(help: "The folder; made when it is not there.", completion: .directory)
    var folder: String

    func run() throws {
        let folder = URL(filePath: folder)
        let files = [("lab.yaml", Starter.text), ("lab.schema.json", LabSchema.json())]
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, _) in files where FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
                throw Exit.environment("\(folder.appending(path: name).relativePath) is there already")
            }
            for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic) }
        } catch let error as Exit { throw error } catch {
            throw Exit.environment("\(folder.relativePath): \(error.localizedReason)")
        }
        for (name, _) in files { print(folder.appending(path: name).relativePath) }
    }
}
