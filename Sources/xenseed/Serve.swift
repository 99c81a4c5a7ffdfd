import ArgumentParser
import Build
import FoundationEssentials
import Glibc
import Lab
import Preseed
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves a built lab to its nodes and shows their progress.",
        discussion: """
            Examples:
              xenseed serve                    on this machine only, at port 8000
              xenseed serve --listen 10.8.8.1  on the network of the lab

            The files of the built tree are served by their paths, if they have the
            digest in SHA256SUMS. A new build is served at once. Nodes post to the
            lab's report_url. / is a web page with the state of the lab, /lab.json has
            the same data, and xenseed watch http://ADDRESS:PORT/ shows it on a
            terminal.

            A node that reported that it is installed is disarmed: its preseed is not
            served, iPXE boots the disk, and its boot files are removed from the tree,
            until xenseed arm. The posts are kept in .xenseed beside the lab file.
            --arm NODE arms the node; if a server runs already, nothing else is done.
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions

    @Option(
        help: ArgumentHelp(
            "The address to listen at; 0.0.0.0 for all networks. (default: 127.0.0.1, and the port of the lab's boot_server, or 8000)",
            valueName: "address[:port]"))
    var listen: String?

    @Option(help: ArgumentHelp("Arm this node; may be repeated.", valueName: "name"))
    var arm: [String] = []

    @OptionGroup var state: StateOptions

    @Flag(help: "Do not log requests.")
    var quiet = false

    func run() async throws {
        try await tree.use(lab) { tree, folder in
            let model = tree.plan.lab
            let directory = state.directory(of: lab)
            let nodes = try arm.map { try model.node($0) }
            for node in nodes { try tree.checkBootFiles(of: node) }
            guard let owner = try directory.own() else {
                guard !arm.isEmpty else {
                    throw CommandError.environment("\(directory.path) is in use: a server for this lab is running")
                }
                for node in nodes { try await directory.change(node, to: .arm, in: tree) }
                return
            }
            for name in arm { try await directory.ask(.arm, for: name, log: complain) }
            let isQuiet = quiet
            let server = try LabServer(tree.plan, tree: tree, owner: owner) { line in
                if !isQuiet { complain("\(clock())  \(line)") }
            }
            try await compare(tree, folder, disarmed: await server.settle())
            let (address, port) = try endpoint(model)
            do {
                try await server.run(address: address, port: port) { bound in
                    complain(
                        "\(folder): \(model.nodes.count) node\(model.nodes.count == 1 ? "" : "s"); http://\(bound)/")
                }
            } catch { throw CommandError.environment("\(address):\(port): \(error.reason)") }
        }
    }

    /// Returns the address and the port to listen at.
    private func endpoint(_ lab: Lab) throws -> (String, UInt16) {
        let usual = lab.bootServer?.port ?? lab.reportURL?.port ?? 8000
        let parts = (listen ?? "127.0.0.1").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let address = parts[0] == "localhost" ? "127.0.0.1" : parts[0]
        guard parts.count <= 2, (try? IPv4Address(text: address)) != nil,
            let port = parts.count > 1 ? UInt16(parts[1]) : UInt16(usual)
        else { throw CommandError.usage("--listen needs an IPv4 address and optionally a port, such as 10.8.8.1:8000") }
        return (address, port)
    }

    /// Checks that the built tree is up to date.
    private func compare(_ tree: OutputTree, _ folder: String, disarmed: Set<String>) async throws {
        let differing = try await tree.check(disarmed: disarmed).differences
        guard let first = differing.first else { return }
        let rest = differing.count > 1 ? " and \(differing.count - 1) more" : ""
        complain("xenseed: \(folder) does not match the lab: \(first.path)\(rest); run xenseed build")
        throw CommandError.differences
    }
}

/// Returns the time of day by the clock of this machine.
private func clock() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
}
