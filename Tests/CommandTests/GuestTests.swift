import Foundation
import TestSupport
import Testing

/// Tests `xenseed verify --ssh --migrate` and `xenseed guest demo` as a user runs them, on nodes that ssh reaches.
@Suite(.timeLimit(.minutes(5)))
struct GuestTests {
    /// A directory with a lab of node1 and node2, which replicate web1, and with its keys.
    private func folder(_ lab: String = guestLab()) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(lab, to: "lab.yaml")
        try #require(try xenseed("keys", in: folder).status == 0)
        return folder
    }

    /// The program of a node that notes how it is called in the file `calls`, and then runs a script.
    private func notes(_ script: String, in folder: TemporaryFolder) -> String {
        "echo \"$0 $*\" >>'\(folder.url("calls").path)'\n\(script)"
    }

    // MARK: verify --migrate

    /// node2 runs the guest.
    @Test func movesTheGuestWhereItRuns() throws {
        let folder = try folder()
        let nodes = [
            notes("echo 'xenseed-verify: web1 does not run on this node' >&2; exit 4", in: folder),
            notes("printf 'moved \\033[2J\\nmoved back\\n'", in: folder),
        ]
        let ran = try xenseed(
            ["verify", "--ssh", "--migrate", "web1", "--ping", "10.8.8.50"], reaching: nodes, in: folder)
        #expect(ran.status == 0, "\(ran)")
        #expect(ran.out.hasPrefix("moved ") && ran.out.hasSuffix("[2J\nmoved back\n") && !ran.out.contains("\u{1B}"))
        #expect(ran.err == "node1: xenseed-verify: web1 does not run on this node\n")
        let call = "/usr/local/sbin/xenseed-verify --migrate web1 --ping 10.8.8.50\n"
        #expect(try folder.read("calls") == call + call)
    }

    /// The node that starts the guest is asked first, and the other one only if the guest does not run there.
    @Test func theGuestDoesNotMove() throws {
        let folder = try folder(guestLab().replacing("start_on: node1", with: "start_on: node2"))
        let nodes = [notes("exit 0", in: folder), notes("echo no room >&2; exit 1", in: folder)]
        let ran = try xenseed(["verify", "--ssh", "--migrate", "web1"], reaching: nodes, in: folder)
        let message = "xenseed: node2: xenseed-verify --migrate web1 ended with exit status 1\n"
        #expect(ran == Ran(status: 4, out: "", err: "node2: no room\n" + message))
        #expect(try folder.read("calls") == "/usr/local/sbin/xenseed-verify --migrate web1\n")
    }

    @Test func noNodeHasTheGuest() throws {
        let folder = try folder()
        let ran = try xenseed(
            ["verify", "--ssh", "--migrate", "web1", "--timeout", "3"], reaching: ["sleep 600"], in: folder)
        #expect(ran.status == 4 && ran.out.isEmpty)
        #expect(ran.err.contains("xenseed: node1: ssh did not end within 3 s\n"), "\(ran.err)")
        #expect(ran.err.contains("xenseed: node2: ssh failed with exit status 255\n"), "\(ran.err)")
        #expect(ran.err.hasSuffix("xenseed: web1 was found on neither node1 nor node2\n"), "\(ran.err)")
    }

    @Test func wrongArguments() throws {
        let folder = try folder()
        for (words, message) in [
            (["verify", "--ssh", "--migrate", "web2"], "the lab has no guest web2; did you mean web1?"),
            (["verify", "--migrate", "web1"], "Name reports, - for standard input, or --ssh."),
            (["verify", "--migrate", "web1", "report.json"], "--migrate needs --ssh."),
            (["verify", "--ssh", "--ping", "10.8.8.50"], "--ping needs --migrate."),
            (["verify", "--ssh", "--migrate", "web1", "--ping", "$(id)"], "is not an IP address"),
            (["verify", "--ssh", "--migrate", "web1", "--all"], "--migrate makes no report"),
            (["guest", "demo", "web2", "--address", "10.8.8.50"], "the lab has no guest web2"),
            (["guest", "demo", "web1", "--address", "10.9.8.50"], "10.9.8.50 is not in 10.8.0.0/16, the network lan"),
            (["guest", "demo", "web1", "--address", "$(id)"], "is not an IPv4 address"),
            (["guest", "demo", "web1"], "Missing expected argument '--address <address>'"),
        ] {
            let ran = try run([program] + words, in: URL(filePath: folder.path))
            #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains(message), "\(words): \(ran)")
        }
        try folder.write(guestLab().replacing("[node1, node2]", with: "[node1]"), to: "lab.yaml")
        let local = try xenseed("verify", "--ssh", "--migrate", "web1", in: folder)
        #expect(local.status == 2 && local.err.contains("web1 can't move: its disk is on node1 only"), "\(local)")
    }

    // MARK: guest demo

    @Test func makesAndStartsADemo() throws {
        let folder = try folder()
        let ran = try xenseed(
            ["guest", "demo", "web1", "--address", "10.8.8.50"], reaching: [notes("echo done", in: folder)], in: folder)
        #expect(ran == Ran(status: 0, out: "done\ndone\n", err: "web1 runs on node1\n"))
        #expect(
            try folder.read("calls")
                == "/usr/local/sbin/xenseed-guest-demo web1 10.8.8.50/16\n/usr/sbin/xl create /etc/xen/web1.cfg\n")
    }

    /// A guest whose disk is refused is not started.
    @Test func theNodeRefusesADemo() throws {
        let folder = try folder()
        let refuses = notes("echo 'not blank' >&2; exit 1", in: folder)
        let ran = try xenseed(
            ["guest", "demo", "web1", "--address", "192.0.2.50/24"], reaching: [refuses], in: folder)
        let message = "xenseed: web1 was not started on node1: exit status 1\n"
        #expect(ran == Ran(status: 4, out: "", err: "node1: not blank\n" + message))
        #expect(try folder.read("calls") == "/usr/local/sbin/xenseed-guest-demo web1 192.0.2.50/24\n")
        try FileManager.default.removeItem(at: folder.url("node1.sh"))
        let absent = try xenseed(["guest", "demo", "web1", "--address", "192.0.2.50/24"], reaching: [], in: folder)
        #expect(absent.status == 3 && absent.err.contains("it is not known whether web1 runs on node1"), "\(absent)")
    }
}
