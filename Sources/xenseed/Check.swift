import ArgumentParser

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says everything that is wrong with a lab, and writes nothing.",
        discussion: """
            Examples:
              xenseed check
              xenseed check --strict --format sarif lab.yaml
              xenseed check --release bookworm - < lab.yaml
            """)

    @OptionGroup var lab: LabOptions

    func run() throws { _ = try lab.read(to: .output) }
}
