import ArgumentParser
import Foundation
import Lab
import Output
import Plan

/// Where a lab is built to, and from which templates.
struct TreeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The folder to write. (default: out, beside the lab file)", completion: .directory)
    var output: String?

    @Option(help: "A folder whose files take the place of templates of the same path.", completion: .directory)
    var templates: String?

    /// Reads the lab, and hands over the tree that it gives; what goes wrong then gets its exit status.
    /// - Parameter body: gets the tree, and the folder by the user's own name for it.
    func use(_ lab: LabOptions, _ body: (OutputTree, String) async throws -> Void) async throws {
        let model = try lab.read()
        do {
            let folder = output ?? lab.folder.appending(path: "out").path
            try await body(try OutputTree(folder, planner: Planner(lab: model, templates: templateSet())), folder)
        } catch let error as Exit { throw error } catch let error as UnsoundPreseed {
            complain(error.description)
            throw Exit.input
        } catch let error as TemplateSet.Invalid {
            complain("xenseed: template \(error)")
            throw Exit.input
        } catch let error as NetbootTree.Unusable {
            complain("xenseed: \(error)")
            throw Exit.input
        } catch { throw Exit.environment("\(error)") }
    }

    private func templateSet() throws -> TemplateSet {
        guard let templates else { return try TemplateSet() }
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
        return try TemplateSet(replacing: replaced)
    }
}

extension OutputTree.Summary {
    /// For the closing line.
    var words: String {
        let nodes = "\(nodes) node\(nodes == 1 ? "" : "s"), \(files) files"
        return isUnchanged
            ? "\(nodes), nothing changed" : "\(nodes), \(changed.count) written, \(removed.count) removed"
    }
}
