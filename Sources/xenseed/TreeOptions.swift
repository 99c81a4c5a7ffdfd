import ArgumentParser
import Build
import FoundationEssentials

/// The options for the directory of the built tree and for the templates.
struct TreeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The directory of the built tree. (default: out, beside the lab file)",
        completion: .directory)
    var output: String?

    @OptionGroup var templates: TemplateOptions

    /// Reads the lab and calls a closure with its tree.
    /// - Parameter body: Receives the tree, and its path as the user gave it.
    func use(_ lab: some LabSource, _ body: (OutputTree, String) async throws -> Void) async throws {
        try await templates.use(lab) { plan in
            let folder = output ?? lab.folder.appending(path: "out").path
            try await body(try OutputTree(folder, plan: plan), folder)
        }
    }
}

extension OutputTree.Summary {
    /// The summary as text for the last line of the output.
    var text: String {
        let nodes = "\(nodes) node\(nodes == 1 ? "" : "s"), \(files) files"
        return isUnchanged
            ? "\(nodes), nothing changed" : "\(nodes), \(changed) written, \(removed.count) removed"
    }
}
