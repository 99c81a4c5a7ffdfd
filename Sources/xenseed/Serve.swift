import ArgumentParser
import Build
import Foundation
import Lab
import Preseed
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves a built lab to its nodes and shows their progress.",
        discussion: """
            Examples:
              xenseed serve                    on this machine only, at port 8000
              xenseed serve --listen 10.8.8.1  on the lab's LAN

            Files are served by their paths in the built tree, and only with the content
            that SHA256SUMS lists; a new build is served at once. Nodes post to the
            lab's report_url. / is a page that shows the lab, /lab.json the same for
            programs; xenseed watch http://ADDRESS:PORT/ follows it on a terminal.

            A node that reported that it is installed is not installed again: its
            preseed is withheld, iPXE is told to boot the disk, and its boot files are
            removed from the tree, until xenseed arm. What nodes post is kept in
            .xenseed, beside the lab file. --arm NODE is xenseed arm, and starts a
            server when none runs.
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions

    @Option(
        help: ArgumentHelp(
            "Where to listen. 0.0.0.0 is every network. (default: 127.0.0.1, and the port of the lab's boot_server, or 8000)",
            valueName: "address[:port]"))
    var listen: String?

    @Option(help: ArgumentHelp("Install this node again; may be given again.", valueName: "name"))
    var arm: [String] = []

    @OptionGroup var state: StateOptions

    @Flag(help: "Log no requests.")
    var quiet = false

    func run() async throws {
        try await tree.use(lab) { tree, folder in
            let model = tree.planner.lab
            let directory = state.directory(of: lab)
            let nodes = try arm.map { try model.node($0) }
            for node in nodes { try tree.checkBootFiles(of: node) }
            guard let owner = try directory.own() else {
                guard !arm.isEmpty else {
                    throw Exit.environment("\(directory.path) is in use: a server for this lab runs already")
                }
                for node in nodes { try await directory.change(node, to: .arm, in: tree) }
                return
            }
            for name in arm { try directory.ask(.arm, for: name) }
            let isQuiet = quiet
            let server = try LabServer(tree.planner, tree: tree, owner: owner) { line in
                if !isQuiet { complain("\(clock())  \(line)") }
            }
            try await compare(tree, folder, disarmed: await server.settle())
            let (address, port) = try place(model)
            do {
                try await server.run(address: address, port: port) { where_ in
                    complain("\(folder): \(model.nodes.count) nodes; http://\(where_)/")
                }
            } catch { throw Exit.environment("\(address):\(port): \(error.localizedReason)") }
        }
    }

    /// The address and the port to listen at.
    private func place(_ lab: Lab) throws -> (String, UInt16) {
        let usual = lab.bootServer?.port ?? lab.reportURL?.port ?? 8000
        let words = (listen ?? "127.0.0.1").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let address = words[0] == "localhost" ? "127.0.0.1" : words[0]
        guard words.count <= 2, (try? IPv4Address(text: address)) != nil,
            let port = words.count > 1 ? UInt16(words[1]) : UInt16(usual)
        else { throw Exit.usage("--listen takes an IPv4 address, and a port behind a colon: 10.8.8.1:8000") }
        return (address, port)
    }

    /// What is served has to be what the lab asks for.
    private func compare(_ tree: OutputTree, _ folder: String, disarmed: Set<String>) async throws {
        let differing = try await tree.check(disarmed: disarmed).differences
        guard let first = differing.first else { return }
        let rest = differing.count > 1 ? " and \(differing.count - 1) more" : ""
        complain("xenseed: \(folder) is not what the lab gives: \(first.path)\(rest); run xenseed build")
        throw Exit.differences
    }
}

/// The time of day, by this machine's clock.
private func clock() -> String {
    let now = Date()
    return now.formatted(
        .verbatim(
            "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
            timeZone: .current, calendar: .current))
}
