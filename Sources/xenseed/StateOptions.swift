import ArgumentParser
import FoundationEssentials
import Server

/// The option for the directory with the state of a lab's nodes.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory with the state of the nodes. (default: .xenseed, beside the lab file)",
            valueName: "directory"),
        completion: .directory)
    var state: String?

    func directory(of lab: some LabSource) -> StateDirectory {
        StateDirectory(state ?? lab.folder.appending(path: ".xenseed").path)
    }
}
