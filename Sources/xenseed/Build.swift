import ArgumentParser
import Build
import Server

struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Writes the files that install the nodes of a lab.",
        discussion: """
            The directory is replaced in one step; files in it that xenseed did not
            write stay. If nothing differs, nothing is written. A directory that is
            neither empty nor written by xenseed is an error. A build waits up to a
            minute for another build of the same directory.

            A new node is armed: it is installed when it boots from the network. A
            build does not arm a node that is installed, that was disarmed, or whose
            boot file was removed; use xenseed arm for that.

            Examples:
              xenseed build                       build lab.yaml into out beside it
              xenseed build --output /srv/lab lab.yaml
              xenseed build --check               show a diff, and exit with 4, if out
                                                  is not up to date
              xenseed build --check-reproducible  build twice in different environments
                                                  and compare
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var state: StateOptions

    @Flag(help: "Write nothing; show how the directory differs from the lab.")
    var check = false

    @Flag(help: "Write nothing; check that the environment does not affect the result.")
    var checkReproducible = false

    /// The earlier name of `--check-reproducible`.
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
            return try await ReproducibilityCheck(lab: lab, templates: tree.templates.templates).run()
        }
        let directory = state.directory(of: lab)
        try await tree.use(lab) { tree, folder in
            let model = tree.plan.lab
            if check { return try await compare(tree, StateDirectory.disarmed(try directory.states(of: model))) }
            let lock = try await tree.lock(log: complain)
            // Only the holder of the lock moves boot files, so the state does not change during the build.
            let states = try directory.states(of: model)
            let summary = try await ProgressBar.during {
                try await tree.build(holding: lock, disarmed: StateDirectory.disarmed(states))
            }
            bootReport(summary.boot, states).forEach(complain)
            complain("\(folder): \(summary.text)")
        }
    }

    private func compare(_ tree: OutputTree, _ disarmed: Set<String>) async throws {
        let (summary, differences) = try await ProgressBar.during { try await tree.check(disarmed: disarmed) }
        for difference in differences { try output(difference.text, terminator: "") }
        guard summary.isUnchanged else {
            func files(_ count: Int, _ one: String, _ many: String) -> String {
                count == 1 ? "1 file \(one)" : "\(count) files \(many)"
            }
            let removed =
                summary.removed.isEmpty ? "" : ", \(files(summary.removed.count, "is", "are")) not in the lab"
            complain("\(files(summary.changed, "differs", "differ"))\(removed); run xenseed build to update")
            throw CommandError.differences
        }
    }
}
