import ArgumentParser
import Build
import Lab
import Preseed

struct GuestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guest",
        abstract: "Works on the guests of installed nodes.",
        subcommands: [GuestDemo.self])
}

struct GuestDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Makes a guest's blank disk into a small system to try with, and starts it.",
        discussion: """
            Runs xenseed-guest-demo on the node that starts the guest, by your ssh as
            root, and then xl create. The guest boots the node's own kernel, counts on
            its disk and its console once a second, and answers ping. A disk that has
            anything else on it is refused.

            Examples:
              xenseed guest demo web1 --address 10.8.8.50
              xenseed guest demo web1 --address 192.0.2.50/24
              xenseed verify --ssh --migrate web1 --ping 10.8.8.50

            Exit status: 0 done, 1 the lab is wrong, 2 the lab has no such guest or
            address, 3 the environment failed, 4 the node refused.
            """)

    @Argument(help: "The name of the guest.")
    var guest: String

    @Option(
        help: ArgumentHelp(
            "The guest's IPv4 address; without the length of its prefix, that of its bridge's network is used.",
            valueName: "address"))
    var address: String

    @Option(
        name: .customLong("lab"), help: "The lab file, or the directory with lab.yaml.",
        completion: .file(extensions: ["yaml", "yml"]), transform: labPath)
    var labFile = "lab.yaml"

    @Option(help: ArgumentHelp("The time that the node may take.", valueName: "seconds"))
    var timeout = 900

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout needs a number of seconds, 1 or more.") }
    }

    func run() async throws {
        let lab = try readLab(at: labFile, takesKeys: false, show: printErrors(of:))
        let guest = try lab.guest(guest)
        let node = lab.nodes(of: guest)[0]
        let address = try address(of: guest, on: node)
        let shell = try await NodeShell(lab)
        let status = try await shell.runForGuest(
            "/usr/local/sbin/xenseed-guest-demo \(guest.name) \(address) && xl create /etc/xen/\(guest.name).cfg",
            on: node, seconds: timeout)
        guard let status else {
            throw CommandError.environment("it is not known whether \(guest.name) runs on \(node.name)")
        }
        guard status == "exit status 0" else {
            complain("xenseed: \(guest.name) was not started on \(node.name): \(status)")
            throw CommandError.differences
        }
        complain("\(guest.name) runs on \(node.name)")
    }

    /// Returns the address with the length of its prefix.
    private func address(of guest: Guest, on node: Node) throws(CommandError) -> HostPrefix {
        if let full = try? HostPrefix(text: address), !full.address.isIPv6 { return full }
        guard let plain = try? IPv4Address(text: address) else {
            throw .usage("“\(address)” is not an IPv4 address, such as 10.8.8.50 or 192.0.2.50/24")
        }
        guard let network = node.links.first(where: { $0.name == guest.bridge })?.addressing.network,
            let subnet = network.subnet
        else {
            throw .usage("the lab has no subnet for \(guest.bridge) of \(node.name); write it as \(address)/24")
        }
        guard subnet.contains(plain) else {
            throw .usage("\(address) is not in \(subnet), the network \(network.name) of \(guest.bridge)")
        }
        guard let full = try? HostPrefix(text: "\(address)/\(subnet.prefix)") else {
            throw .usage("\(address)/\(subnet.prefix) is not an address of a host")
        }
        return full
    }
}
