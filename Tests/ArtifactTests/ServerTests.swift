import Foundation
import TestSupport
import Testing

/// Every file for a server, by the server that reads it.
@Suite(.timeLimit(.minutes(15)))
struct ServerTests {
    /// Runs a check over all the tree's files of a name, and finds the mistake that is made in each.
    private func check(
        _ tree: Tree, _ names: [String], breaking: (String) -> String, _ command: (String) -> [String]
    ) throws {
        let folder = try TemporaryFolder()
        for name in names {
            let file = tree.root.appending(path: name)
            // A lab without a boot server has none of them.
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
