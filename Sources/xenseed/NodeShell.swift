import Build
import Lab
import Preseed

/// The user's own ssh, as root on nodes.
struct NodeShell {
    private let ssh: Program
    private let lab: Lab

    /// - Throws: ``CommandError`` when ssh is not installed.
    init(_ lab: Lab) async throws(CommandError) {
        guard let ssh = await Program("ssh") else {
            throw .environment("ssh is not installed; install Debian's package openssh-client")
        }
        (self.ssh, self.lab) = (ssh, lab)
    }

    /// Runs a shell command on a node.
    ///
    /// A node may be under the control of others: it gets nothing of this machine's and can't keep it waiting. What it sends
    /// must not be printed as it is.
    /// - Parameters:
    ///   - limit: The number of bytes that the node may send.
    ///   - seconds: The time that it may take.
    func run(_ command: String, on node: Node, limit: Int, seconds: Int) async throws(BuildError) -> Program.Result {
        try await ssh.run(
            [
                "-a", "-x", "-o", "ClearAllForwardings=yes", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10",
                "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3", "root@\(lab.fullName(node.name))",
                command,
            ], limit: limit, time: .seconds(seconds), errors: .collected)
    }

    /// Returns what a node or ssh wrote as lines that can be printed: the last ones, each shortened.
    static func lines(of bytes: [UInt8], last count: Int = 10) -> [String] {
        bytes.split { $0 == 10 || $0 == 13 }.suffix(count).map {
            DiagnosticReport.printable(String(decoding: $0.prefix(300), as: UTF8.self))
        }
    }

    /// The exit status of ssh when it could not run the command (ssh(1)).
    static let failure = "exit status 255"

    /// The number of bytes that a program which moves or makes a guest may write, and the number of its lines that are shown.
    private static let (outputLimit, lineLimit) = (1 << 20, 200)

    /// Runs a program for a guest on a node, and prints what it writes: its output, and its errors with the name of the node.
    /// - Returns: `exit status N`; nil when it did not run to its end, which is printed, too.
    func runForGuest(_ command: String, on node: Node, seconds: Int) async throws(CommandError) -> String? {
        do {
            let ran = try await run(command, on: node, limit: Self.outputLimit, seconds: seconds)
            for line in Self.lines(of: ran.output, last: Self.lineLimit) { try output(line) }
            for line in Self.lines(of: ran.errors, last: Self.lineLimit) { complain("\(node.name): \(line)") }
            guard ran.status != Self.failure else {
                complain("xenseed: \(node.name): ssh failed with \(ran.status)")
                return nil
            }
            return ran.status
        } catch let error as CommandError { throw error } catch {
            complain("xenseed: \(node.name): \(error)")
            return nil
        }
    }
}

extension Lab {
    /// - Throws: when it has no such guest.
    func guest(_ name: String) throws(CommandError) -> Guest {
        if let guest = guests.first(where: { $0.name.description == name }) { return guest }
        throw CommandError.usage(
            "the lab has no guest \(name)\(suggestion(for: name, among: guests.map(\.name.description)))")
    }

    /// Returns the nodes of a guest, first the one that starts it.
    func nodes(of guest: Guest) -> [Node] {
        let names = [guest.firstNode] + guest.nodes.filter { $0 != guest.firstNode }
        return names.compactMap { name in nodes.first { $0.name == name } }
    }
}
