import ArgumentParser
import Build
import Server

struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes what installs a lab's nodes.",
        discussion: """
            The directory is replaced in one step; files in it that xenseed did not
            write stay. When nothing differs, nothing is touched. A directory that is
            neither empty nor written by xenseed is refused. Two builds of one
            directory wait for each other, up to a minute.

            A new node is armed: it is installed when it starts from the network. A
            node that is installed, that was disarmed, or whose boot file somebody
            removed is not armed by a build; xenseed arm does it.

            Examples:
              xenseed build                       lab.yaml, into out beside it
              xenseed build --output /srv/lab lab.yaml
              xenseed build --check               exit status 4 and a diff when out is
                                                  not what the lab gives
              xenseed build --check-reproducible  build twice in changed surroundings,
                                                  and compare
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var state: StateOptions

    @Flag(help: "Write nothing; show how the directory differs from what the lab gives.")
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
        let directory = state.directory(of: lab)
        try await tree.use(lab) { tree, folder in
            let model = tree.planner.lab
            if check { return try await compare(tree, StateDirectory.disarmed(try directory.states(of: model))) }
            let lock = try await tree.lock(log: complain)
            // Boot files are moved only by a holder of the lock, so the state does not change during the build.
            let states = try directory.states(of: model)
            let summary = try await tree.build(holding: lock, disarmed: StateDirectory.disarmed(states))
            bootReport(summary.boot, states).forEach(complain)
            complain("\(folder): \(summary.words)")
        }
    }

    private func compare(_ tree: OutputTree, _ disarmed: Set<String>) async throws {
        let (summary, differences) = try await tree.check(disarmed: disarmed)
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
