import ArgumentParser
import Foundation
import Lab
import Output
import Plan

struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes what installs a lab's nodes.",
        discussion: """
            The folder is replaced in one step; files in it that xenseed did not write stay. When nothing differs,
            nothing is touched.

            Examples:
              xenseed build                       lab.yaml, into out beside it
              xenseed build --output /srv/lab lab.yaml
              xenseed build --check               exit status 4 and a diff when out is not what the lab gives
              xenseed build --prove               build twice in changed surroundings, and compare
            """)

    @OptionGroup var lab: LabOptions

    @Option(
        name: .shortAndLong, help: "The folder to write. (default: out, beside the lab file)", completion: .directory)
    var output: String?

    @Option(help: "A folder whose files take the place of templates of the same path.", completion: .directory)
    var templates: String?

    @Flag(help: "Write nothing; show how the folder differs from what the lab gives.")
    var check = false

    @Flag(help: "Write nothing; show that surroundings do not change what is built.")
    var prove = false

    func validate() throws {
        if check, prove { throw ValidationError("--check and --prove are two questions; ask one at a time") }
    }

    func run() async throws {
        let model = try lab.read()
        if prove { return try Proof(lab: lab, templates: templates).run() }
        do {
            let planner = Planner(lab: model, templates: try templateSet())
            let folder = output ?? lab.folder.appending(path: "out").path
            let tree = try OutputTree(folder, planner: planner)
            if check { try await compare(tree) } else { try await write(tree, folder) }
        } catch let error as Exit { throw error } catch let error as UnsoundPreseed {
            complain(error.description)
            throw Exit.input
        } catch let error as TemplateSet.Invalid {
            complain("xenseed: template \(error)")
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

    private func write(_ tree: OutputTree, _ folder: String) async throws {
        let summary = try await tree.build()
        let nodes = "\(summary.nodes) node\(summary.nodes == 1 ? "" : "s")"
        complain(
            summary.isUnchanged
                ? "\(folder): \(nodes), \(summary.files) files, nothing changed"
                : "\(folder): \(nodes), \(summary.files) files, \(summary.changed.count) written, \(summary.removed.count) removed"
        )
    }

    private func compare(_ tree: OutputTree) async throws {
        let (summary, differences) = try await tree.check()
        for difference in differences { print(difference.text, terminator: "") }
        guard summary.isUnchanged else {
            complain(
                "\(summary.changed.count) files differ, \(summary.removed.count) are too many; xenseed build writes them anew"
            )
            throw Exit.differences
        }
    }
}
