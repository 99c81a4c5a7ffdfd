import ArgumentParser
import Output

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
              xenseed build --check-reproducible  build twice in changed surroundings, and compare
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions

    @Flag(help: "Write nothing; show how the folder differs from what the lab gives.")
    var check = false

    @Flag(help: "Write nothing; show that surroundings do not change what is built.")
    var checkReproducible = false

    /// The earlier name.
    @Flag(help: .hidden)
    var prove = false

    func validate() throws {
        if check, checkReproducible || prove {
            throw ValidationError("--check and --check-reproducible can't be used together")
        }
    }

    func run() async throws {
        if checkReproducible || prove {
            _ = try lab.read()
            return try ReproducibilityCheck(lab: lab, templates: tree.templates.templates).run()
        }
        try await tree.use(lab) { tree, folder in
            if check { try await compare(tree) } else { complain("\(folder): \(try await tree.build().words)") }
        }
    }

    private func compare(_ tree: OutputTree) async throws {
        let (summary, differences) = try await tree.check()
        for difference in differences { try output(difference.text, terminator: "") }
        guard summary.isUnchanged else {
            func files(_ count: Int, _ one: String, _ many: String) -> String {
                count == 1 ? "1 file \(one)" : "\(count) files \(many)"
            }
            let removed =
                summary.removed.isEmpty ? "" : ", \(files(summary.removed.count, "is", "are")) not in the lab"
            complain("\(files(summary.changed.count, "differs", "differ"))\(removed); run xenseed build to update")
            throw Exit.differences
        }
    }
}
