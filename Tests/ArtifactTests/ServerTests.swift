import Foundation
import TestSupport
import Testing

/// Checks the configuration files for each server with that server.
@Suite(.timeLimit(.minutes(15)))
struct ServerTests {
    /// Runs a server's check on the tree's files with the given names. The check has to accept them, and to refuse each
    /// file with a mistake in it.
    private func check(
        _ tree: Tree, _ names: [String], breaking: (String) -> String, _ command: (String) -> [String]
    ) throws {
        let folder = try TemporaryFolder()
        for name in names {
            let file = tree.root.appending(path: name)
            // A lab without a boot server has no such files.
            #expect(FileManager.default.fileExists(atPath: file.path) == (tree.lab.bootServer != nil), "\(name)")
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            let ran = try tool(command(file.path))
            #expect(ran.status == 0, "\(name): \(ran.out)\(ran.err)")
            let broken = folder.url("broken")
            try breaking(text).write(to: broken, atomically: true, encoding: .utf8)
            #expect(try tool(command(broken.path)).status != 0, "\(name) is taken with a mistake in it")
        }
    }

    @Test(arguments: LabCase.all) func dnsmasq(_ lab: LabCase) async throws {
        try check(
            try await lab.tree(), ["pxe/dnsmasq.conf", "pxe/dnsmasq-proxy.conf"],
            breaking: { $0 + "dhcp-host=nonsense,10.8.8.300\ndhcp-range=10.8.8\n" }
        ) { ["dnsmasq", "--test", "--conf-file=\($0)"] }
    }

    @Test(arguments: LabCase.all) func dhcpd(_ lab: LabCase) async throws {
        let leases = try TemporaryFolder()
        try Data().write(to: leases.url("leases"))
        try check(try await lab.tree(), ["pxe/dhcpd.conf"], breaking: { $0.replacing("}", with: "") }) {
            ["dhcpd", "-t", "-cf", $0, "-lf", leases.url("leases").path]
        }
    }
}
