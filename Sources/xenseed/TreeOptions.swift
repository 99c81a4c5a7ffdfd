import ArgumentParser
import Build
import Foundation

/// Where a lab is built to, and from which templates.
struct TreeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The directory of the built tree. (default: out, beside the lab file)",
        completion: .directory)
    var output: String?

    @OptionGroup var templates: TemplateOptions

    /// - Parameter body: gets the tree, and the folder by the user's own name for it.
    func use(_ lab: some LabSource, _ body: (OutputTree, String) async throws -> Void) async throws {
        try await templates.use(lab) { planner in
            let folder = output ?? lab.folder.appending(path: "out").path
            try await body(try OutputTree(folder, planner: planner), folder)
        }
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
