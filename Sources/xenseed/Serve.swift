import ArgumentParser
import Diagnostics
import Foundation
import Lab
import Output
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves what was built, hears how far the nodes are, and shows it.",
        discussion: """
            Examples:
              xenseed serve                          on this machine only: http://127.0.0.1:8000/
              xenseed serve --listen 10.8.8.1        on the lab's LAN
              xenseed serve --arm xen01              install xen01 again when it starts from the network

            Artifacts are served by the paths of the built tree, and only as SHA256SUMS has them; a new build is
            taken at once. Nodes post to the lab's report_url. / is a page with the lab, /lab.json the same for
            programs; xenseed watch http://ADDRESS:PORT/ follows it on a terminal.

            A node that has said that it is installed is not installed again: its preseed and its boot files are
            withheld, iPXE is sent on to the disk, and its file in pxe/tftp is put away, until --arm. What was heard
            is kept in .xenseed, beside the lab file. With a server running, --arm tells it; else it begins one.
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

    @Option(
        help: ArgumentHelp(
            "The folder of what was heard. (default: .xenseed, beside the lab file)", valueName: "folder"),
        completion: .directory)
    var state: String?

    @Flag(help: "Log no requests.")
    var quiet = false

    func run() async throws {
        try await tree.use(lab) { tree, folder in
            let model = tree.planner.lab
            for name in arm { try model.require(name) }
            let home = state ?? lab.folder.appending(path: ".xenseed").path
            for name in arm { try StateFolder.wish(in: home, for: name) }
            guard let state = try StateFolder(home) else {
                guard !arm.isEmpty else {
                    throw Exit.environment("\(home) is in use: a server for this lab runs already")
                }
                return try await waitUntilArmed(in: home)
            }
            let isQuiet = quiet
            let server = try LabServer(tree.planner, tree: tree.root, state: state) { line in
                if !isQuiet { complain("\(clock())  \(line)") }
            }
            try await compare(tree, folder, without: server.marksOfInstalled)
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
    private func compare(_ tree: OutputTree, _ folder: String, without put: Set<String>) async throws {
        let differing = try await tree.check().differences.filter { !put.contains($0.path) }
        guard let first = differing.first else { return }
        let rest = differing.count > 1 ? " and \(differing.count - 1) more" : ""
        complain("xenseed: \(folder) is not what the lab gives: \(first.path)\(rest); run xenseed build")
        throw Exit.differences
    }

    private func waitUntilArmed(in home: String) async throws {
        for _ in 0..<100 {
            if arm.allSatisfy({ StateFolder.isGranted(in: home, for: $0) }) {
                return complain("\(arm.joined(separator: ", ")): armed")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Exit.environment("the server that has \(home) did not answer within 10 s; it arms when it goes on")
    }
}

extension Lab {
    /// - Throws: when it has no such node.
    func require(_ name: String) throws(Exit) {
        let names = nodes.map(\.name.description)
        guard !names.contains(name) else { return }
        throw Exit.usage("the lab has no node \(name)\(suggestion(for: name, among: names))")
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
