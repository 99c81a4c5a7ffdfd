import Foundation
import TestSupport
import Testing

/// A lab of node1 and node2, which replicate web1. node1 starts it.
func guestLab() -> String {
    """
    release: bookworm
    domain: hl.local
    networks:
      lan: {subnet: 10.8.0.0/16, dhcp: true}
      drbd: {subnet: 172.16.22.0/24}
    defaults:
      cpus: 2
      memory: 4 GiB
      disk: {device: /dev/sda, layout: lvm}
      dom0: {memory: 1 GiB}
      bridges: {xenbr0: {network: lan}}
      access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
    nodes:
      node1:
        interfaces:
          eth0: {mac: "08:00:27:00:00:01", bridge: xenbr0}
          eth1: {mac: "08:00:27:00:01:01", network: drbd, address: 172.16.22.1}
      node2:
        interfaces:
          eth0: {mac: "08:00:27:00:00:02", bridge: xenbr0}
          eth1: {mac: "08:00:27:00:01:02", network: drbd, address: 172.16.22.2}
    guests:
      web1: {on: [node1, node2], memory: 256 MiB, disk: 1 GiB, mac: "00:16:3e:00:00:01", start_on: node1}
    replication: {network: drbd}

    """
}

/// Tests `xenseed keys` as a user runs it; `KeyFilesTests` has what it writes.
@Suite(.timeLimit(.minutes(5)))
struct KeysTests {
    private static let names = ["node1.migration", "node1.host", "node2.migration", "node2.host"]

    @Test func makesTheKeysOfALab() throws {
        let folder = try TemporaryFolder()
        try folder.write(guestLab(), to: "mylab/lab.yaml")
        let first = try xenseed("keys", "mylab", in: folder)
        #expect(first.status == 0)
        let lines = first.out.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        #expect(lines.map { String($0[0]) } == Self.names.map { "mylab/keys/\($0).pub" })
        for line in lines {
            let shown = try run(["ssh-keygen", "-l", "-f", folder.url(String(line[0])).path])
            #expect(shown.out.split(separator: " ")[1] == line[1])
        }
        #expect(first.err.hasPrefix("commit mylab/keys/.gitignore and mylab/keys/*.pub; "), "\(first.err)")
        let made = try folder.snapshot("mylab")
        let again = try xenseed("-C", "mylab", "keys", in: folder)
        #expect(again == Ran(status: 0, out: "", err: "keys has the keys of all nodes already\n"))
        #expect(try folder.snapshot("mylab") == made)
    }

    /// In a clone of the lab, the private keys are missing.
    @Test func replacesNoKeyInAClone() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            guestLab().replacing("{network: drbd}\n", with: "{network: drbd, keys: lab/keys}\n"), to: "lab.yaml")
        #expect(try xenseed("keys", in: folder).status == 0)
        for name in [Self.names[0], Self.names[3]] {
            try FileManager.default.removeItem(at: folder.url("lab/keys/\(name)"))
        }
        let clone = try folder.snapshot(".")
        let ran = try xenseed("keys", in: folder)
        #expect(ran.status == 3 && ran.out.isEmpty)
        #expect(ran.err.hasSuffix("for new ones:\n  lab/keys/node1.migration\n  lab/keys/node2.host\n"), "\(ran.err)")
        #expect(try folder.snapshot(".") == clone)
    }

    @Test func labsWithoutKeys() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        let none = try xenseed("keys", in: folder)
        #expect(none == Ran(status: 0, out: "", err: "lab.yaml: no guest is on two nodes, so no node needs keys\n"))
        try folder.write(guestLab().replacing("network: drbd}\n", with: "network: drdb}\n"), to: "lab.yaml")
        let wrong = try xenseed("keys", in: folder)
        #expect(wrong.status == 1 && wrong.out.isEmpty && wrong.err.contains("did you mean drbd?"), "\(wrong)")
        #expect(!FileManager.default.fileExists(atPath: folder.url("keys").path))
    }
}
