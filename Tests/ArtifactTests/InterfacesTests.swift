import Foundation
import Lab
import TestSupport
import Testing

/// Compares every /etc/network/interfaces, as ifupdown reads it, with the plan.
@Suite(.timeLimit(.minutes(15)))
struct InterfacesTests {
    @Test(arguments: LabCase.all)
    func asPlanned(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let files = tree.lab.nodes.map { tree.url($0, "overlay/etc/network/interfaces").path }
        for (node, reading) in zip(tree.lab.nodes, try InterfacesReading.read(files)) {
            #expect(reading == InterfacesReading(of: node, on: tree.lab.release), "\(node.name)")
        }
    }

    /// The hook lets a DHCP client start when a port of its bridge has a link, or after 10 seconds. Uses real
    /// interfaces in a network namespace.
    @Test func theClientWaitsForALink() throws {
        let hook = checkout.appending(path: "templates/wait-for-carrier.sh").path
        let ran = try tool([
            "unshare", "--net", "--mount", "sh", "-euc",
            """
            mount -t sysfs sysfs /sys
            ip link add eth1 type veth peer name far
            ip link set eth1 up
            METHOD=static IF_BRIDGE_PORTS=eth1 sh "$1"
            METHOD=dhcp sh "$1"
            echo not asked to wait
            (sleep 1; echo link; ip link set far up) &
            METHOD=dhcp IF_BRIDGE_PORTS="eth0 eth1" sh "$1"
            echo has a link
            wait
            ip link set far down
            began=$(date +%s)
            METHOD=dhcp IF_BRIDGE_PORTS=eth1 sh "$1"
            [ $(($(date +%s) - began)) -ge 9 ]
            """, "sh", hook,
        ])
        #expect(ran == Ran(status: 0, out: "not asked to wait\nlink\nhas a link\n"))
    }

    @Test(arguments: LabCase.all) func theWaitIsInTheOverlay(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let path = tree.url(tree.lab.nodes[0], "overlay/etc/network/if-pre-up.d/xenseed-carrier").path
        #expect(FileManager.default.isExecutableFile(atPath: path))
    }

    /// The reading of the reference lab's node is spelled out, because `asPlanned` would miss a mistake that the plan
    /// and the test have in common.
    @Test func referenceNode() async throws {
        let tree = try await LabCase(name: "reference", codename: "jessie").tree()
        let reading = try InterfacesReading.read([tree.url(tree.lab.nodes[0], "overlay/etc/network/interfaces").path])[
            0]
        #expect(reading.auto == ["lo", "eth0", "xenbr0"])
        #expect(
            reading.options == [
                "lo": [:], "eth1": [:],
                "eth0": ["address": "172.16.22.13", "netmask": "255.255.255.0", "broadcast": "172.16.22.255"],
                "xenbr0": [
                    "bridge_ports": "eth1", "bridge_stp": "off", "bridge_waitport": "0", "bridge_fd": "0",
                    "bridge_maxwait": "0",
                ],
            ])
        #expect(
            reading.commands.map { $0.joined(separator: " ") } == [
                "ip link set dev lo up",
                "ip addr add 172.16.22.13/255.255.255.0 broadcast 172.16.22.255 dev eth0 label eth0",
                "ip link set dev eth0 up",
                "dhclient xenbr0",
            ])
    }

    /// ifupdown treats a comment after a value as part of the value. The comparison in `asPlanned` has to detect this.
    @Test func trailingComments() async throws {
        let tree = try await LabCase(name: "reference", codename: "jessie").tree()
        let node = tree.lab.nodes[0]
        let folder = try TemporaryFolder()
        let file = folder.url("interfaces")
        try Data(
            """
            auto lo
            iface lo inet loopback

            iface eth1 inet manual

            auto eth0
            iface eth0 inet static
              address 172.16.22.13 #.13 is xen01, .14 is xen02
              netmask 255.255.255.0

            auto xenbr0
            iface xenbr0 inet dhcp
               bridge_ports eth1
               bridge_stp off       # no spanning tree
               bridge_waitport 0    # no waiting for ports
               bridge_fd 0          # no forwarding delay
               bridge_maxwait 0

            """.utf8
        ).write(to: file)
        let reading = try InterfacesReading.read([file.path])[0]
        let planned = InterfacesReading(of: node, on: tree.lab.release)
        #expect(reading.auto == planned.auto)
        #expect(reading.options["eth0"]?["address"]?.hasPrefix("172.16.22.13 #.13 is xen01") == true)
        #expect(reading.options["xenbr0"]?["bridge_stp"] == "off       # no spanning tree")
        #expect(reading.options["xenbr0"] != planned.options["xenbr0"])
        #expect(reading.commands != planned.commands)
        // The shell that runs ifup's command ignores everything after `#`, and the device is missing.
        let command = try #require(reading.commands.first { $0.starts(with: ["ip", "addr"]) }).joined(separator: " ")
        let seen = try tool(["sh", "-c", "ip() { echo \"$@\"; }\n" + command])
        #expect(seen.out == "addr add 172.16.22.13\n")
    }
}
