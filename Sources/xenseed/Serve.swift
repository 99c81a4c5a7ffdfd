import ArgumentParser
import Build
import FoundationEssentials
import Glibc
import Lab
import Logging
import Preseed
import Server
import UnixSignals

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
            the same data, /metrics has counters for Prometheus, and xenseed watch
            http://ADDRESS:PORT/ shows the state on a terminal.

            The files of a node are served only while the node is armed, and only to
            the first client that has an address of the node and fetches its preseed.
            That client receives a token, without which no post for the node is
            accepted. Where the lab does not know the address of a node, any address
            will do that is not another node's. Clients on this machine, and in the
            networks of --nat, can be any node.

            A node that reported that it is installed is disarmed: its files are not
            served, iPXE boots the disk, and its boot files are removed from the tree,
            until xenseed arm. The posts are kept in .xenseed beside the lab file, and
            so is operator-token, the secret with which nodes are armed on the page.
            --arm NODE arms the node; if a server runs already, nothing else is done.

            SIGTERM and SIGINT end the server when it has finished the answers that it
            has begun.
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions

    @Option(
        help: ArgumentHelp(
            "An address to listen at; may be repeated. 0.0.0.0 is all networks, [::] all of IPv6 and IPv4. (default: 127.0.0.1, and the port of the lab's boot_server, or 8000)",
            valueName: "address[:port]"))
    var listen: [String] = []

    @Option(
        help: ArgumentHelp(
            "A network or address from which any node may come, because it is a NAT; may be repeated.",
            valueName: "address[/prefix]"))
    var nat: [String] = []

    @Option(
        help: ArgumentHelp(
            "A name by which clients address this server, besides its addresses and this machine's name; may be repeated.",
            valueName: "name"))
    var serverName: [String] = []

    @Option(
        help: ArgumentHelp("A certificate chain in PEM: serve over TLS, too.", valueName: "file"),
        completion: .file())
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The private key of the certificate in PEM.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(help: ArgumentHelp("The port for TLS.", valueName: "port"))
    var tlsPort: UInt16 = 8443

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
            let access = try access(model)
            var handler = LineLogHandler(complain)
            handler.logLevel = quiet ? .notice : .info
            let server = try await LabServer(
                tree.plan, tree: tree, owner: owner, access: access, logger: Logger(label: "serve") { _ in handler })
            try await compare(tree, folder, disarmed: await server.settle())
            try await untilSignal {
                try await server.run { urls in
                    let count = "\(model.nodes.count) node\(model.nodes.count == 1 ? "" : "s")"
                    complain("\(folder): \(count); \(urls.joined(separator: " "))")
                    notifySystemd("READY=1\nSTATUS=\(count)")
                }
            }
        }
    }

    /// Runs a service until it fails, or until the process receives SIGTERM or SIGINT.
    private func untilSignal(_ service: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: service)
            group.addTask { for await _ in signals { break } }
            try await group.next()
            notifySystemd("STOPPING=1")
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func access(_ lab: Lab) throws -> LabServer.Access {
        let usual = lab.bootServer?.port ?? lab.reportURL?.port ?? 8000
        var access = LabServer.Access(
            addresses: try (listen.isEmpty ? ["127.0.0.1"] : listen).map { try endpoint($0, usual) })
        access.sharedNetworks = try nat.map { text in
            guard let network = AddressNetwork(text) else {
                throw CommandError.usage("--nat needs an address or a network, such as 10.8.8.1 or 10.8.8.0/24")
            }
            return network
        }
        access.serverNames = serverName
        switch (tlsCertificate, tlsKey) {
        case (let certificate?, let key?): access.tls = (certificate, key, Int(tlsPort))
        case (nil, nil): break
        default: throw CommandError.usage("--tls-certificate and --tls-key are needed together")
        }
        return access
    }

    /// Reads an address and a port to listen at: `10.8.8.1`, `10.8.8.1:8000`, `::1` or `[::1]:8000`.
    private func endpoint(_ text: String, _ usual: Int) throws -> (host: String, port: Int) {
        var (host, port) = (text, "\(usual)")
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty { port = rest.hasPrefix(":") ? String(rest.dropFirst()) : "" }
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            host = String(text[..<colon])
            port = String(text[text.index(after: colon)...])
        }
        if host == "localhost" { host = "127.0.0.1" }
        guard (try? IPAddress(text: host)) != nil, let number = UInt16(port) else {
            throw CommandError.usage(
                "--listen needs an address and optionally a port, such as 10.8.8.1:8000 or [2001:db8::1]:8000")
        }
        return (host, Int(number))
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
