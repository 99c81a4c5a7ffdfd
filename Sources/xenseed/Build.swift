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
              xenseed build --prove               build twice in changed surroundings, and compare
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions

    @Flag(help: "Write nothing; show how the folder differs from what the lab gives.")
    var check = false

    @Flag(help: "Write nothing; show that surroundings do not change what is built.")
    var prove = false

    func validate() throws {
        if check, prove { throw ValidationError("--check and --prove are two questions; ask one at a time") }
    }

    func run() async throws {
        if prove {
            _ = try lab.read()
            return try Proof(lab: lab, templates: tree.templates.templates).run()
        }
        try await tree.use(lab) { tree, folder in
            if check { try await compare(tree) } else { complain("\(folder): \(try await tree.build().words)") }
        }
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
