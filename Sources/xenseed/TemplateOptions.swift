import ArgumentParser
import Build
import Foundation
import Images
import Server

/// Templates of the user's own, and what a lab gives with them.
struct TemplateOptions: ParsableArguments {
    @Option(help: "A folder whose files take the place of templates of the same path.", completion: .directory)
    var templates: String?

    /// Reads the lab, and hands over its planner; what goes wrong then gets its exit status.
    func use(_ lab: some LabSource, _ body: (Planner) async throws -> Void) async throws {
        let model = try lab.read()
        do { try await body(Planner(lab: model, templates: try templateSet(templates))) } catch let error as Exit {
            throw error
        } catch let error as UnsoundPreseed {
            complain(error.description)
            throw Exit.input
        } catch let error as MediaError {
            complain(error.description)
            throw Exit.input
        } catch let error as TemplateSet.Invalid {
            complain("xenseed: template \(error)")
            throw Exit.input
        } catch let error as OutputError where error.code == .staleTree {
            complain("xenseed: \(error)")
            throw Exit.differences
        } catch let error as Journal.Failure {
            throw Exit.environment("\(error)")
        } catch let error as OutputError { throw Exit.environment("\(error)") } catch {
            throw Exit.environment(error.localizedReason)
        }
    }
}

extension TemplateOptions {
    /// Texts of the user's own, by the paths of the templates that they take the place of.
    func replacements() throws -> [String: [UInt8]] { try templateReplacements(templates) }
}

/// The templates, with those of a folder in their places.
func templateSet(_ templates: String?) throws -> TemplateSet {
    try TemplateSet(replacing: try templateReplacements(templates))
}

private func templateReplacements(_ templates: String?) throws -> [String: [UInt8]] {
    guard let templates else { return [:] }
    let folder = URL(filePath: templates)
    let names: [String]
    do { names = try FileManager.default.subpathsOfDirectory(atPath: folder.path) } catch {
        throw Exit.environment("\(templates): \(error.localizedReason)")
    }
    var replaced: [String: [UInt8]] = [:]
    for name in names.sorted() {
        let file = folder.appending(path: name)
        guard try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory != true else { continue }
        replaced[name] = [UInt8](try Data(contentsOf: file))
    }
    return replaced
}
