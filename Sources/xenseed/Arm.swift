import ArgumentParser
import Build
import FoundationEssentials
import Lab
import Preseed
import Server

struct Arm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arm",
        abstract: "Arms nodes: they are installed when they boot from the network.",
        discussion: """
            The installation ERASES the disk that the lab names. A new node is armed by
            its first build. A node that reported that it is installed, or that was
            disarmed, is armed by this command only. It puts the node's boot files into
            the built tree and keeps the decision in .xenseed/journal beside the lab
            file. If a server runs for the lab, the server does this.

            Examples:
              xenseed arm xen01                    install xen01 again
              xenseed arm --lab mylab/lab.yaml xen01 xen02
              xenseed arm --output /srv/lab xen01  a tree in another directory

            Exit status: 0 done, 1 the lab is wrong, 2 the lab has no such node, 3 the
            environment failed, 4 the tree was not built from the lab as it is now (run
            xenseed build).
            """)

    @OptionGroup var options: ArmOptions

    func run() async throws { try await options.change(to: .arm) }
}

struct Disarm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disarm",
        abstract: "Disarms nodes: they boot from their own disk, and builds leave it so.",
        discussion: """
            Removes the node's boot files from the built tree and keeps the decision in
            .xenseed/journal beside the lab file. xenseed serve disarms a node when the
            node reports that it is installed; with another web server, use this command
            then.

            Examples:
              xenseed disarm xen01
              xenseed disarm --lab mylab/lab.yaml xen01 xen02

            Exit status: 0 done, 1 the lab is wrong, 2 the lab has no such node, 3 the
            environment failed.
            """)

    @OptionGroup var options: ArmOptions

    func run() async throws { try await options.change(to: .disarm) }
}

/// The arguments of both commands.
struct ArmOptions: ParsableArguments {
    @OptionGroup var lab: NamedLabOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var state: StateOptions

    @Argument(help: "The names of the nodes.")
    var node: [String]

    func change(to request: StateDirectory.Request) async throws {
        try await tree.use(lab) { tree, folder in
            let model = tree.plan.lab
            let nodes = try node.map { try model.node($0) }
            if request == .arm { for node in nodes { try tree.checkBootFiles(of: node) } }
            let directory = state.directory(of: lab)
            for node in nodes { try await directory.change(node, to: request, in: tree) }
            if model.bootServer == nil {
                complain(
                    "\(folder): the lab has no boot_server, so there are no boot files; only xenseed serve uses this")
            }
        }
    }
}

extension StateDirectory {
    /// Arms or disarms a node; if a server runs, the server does it.
    func change(_ node: Node, to request: Request, in tree: OutputTree) async throws {
        if let done = try await change(node, to: request, tree: tree, log: complain) { return complain(done) }
        let name = node.name.description
        try await ask(request, for: name, log: complain)
        for _ in 0..<100 {
            if isDone(for: name) { return complain("\(name): \(request == .arm ? "armed" : "disarmed") by the server") }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CommandError.environment(
            "the server that uses \(path) did not answer within 10 s; the request to \(request.rawValue) \(name) is pending"
        )
    }
}

extension Lab {
    /// - Throws: when it has no such node.
    func node(_ name: String) throws(CommandError) -> Node {
        if let node = nodes.first(where: { $0.name.description == name }) { return node }
        throw CommandError.usage(
            "the lab has no node \(name)\(suggestion(for: name, among: nodes.map(\.name.description)))")
    }
}
