import Foundation
import TestSupport
import Testing

/// Starts machines with the files of a built overlay and network cards in every order, with the release's own kernel, udev,
/// systemd and ifupdown. Needs root; `make boot-test` runs it. A boot takes half a minute of a processor without KVM.
@Suite(.timeLimit(.minutes(60)))
struct CardTests {
    /// A network card, identified by the last byte of its MAC address.
    enum Card: UInt8, CaseIterable {
        case drbd = 0x10
        case lan, backup
        /// A card that is not in the lab.
        case extra

        var mac: String { "08:00:27:16:22:" + String(rawValue, radix: 16) }
        /// The name of a card that has the name of a card in the lab.
        var stableName: String { "enx" + mac.replacing(":", with: "") }
    }

    /// The names of cards in the lab, and the machine's PCI slots, from number 16.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var names: [Card: String] = [.drbd: "eth0", .lan: "eth1"]
        var slots: [Card]
        /// The card on USB, whose driver is loaded late.
        var usb: [Card] = []
        /// The final names of cards that are not in the lab.
        var others: [Card: String] = [:]
        /// The cards of the lab that are missing in the machine.
        var missing: [Card] = []
        /// A script that the machine runs after its start, before its state is read.
        var then = ""
    }

    static let required = [
        Case(testDescription: "in order", slots: [.drbd, .lan, .extra], others: [.extra: "eth2"]),
        Case(testDescription: "exchanged", slots: [.lan, .drbd]),
        Case(
            testDescription: "cycle of three", names: [.drbd: "eth0", .lan: "eth1", .backup: "eth2"],
            slots: [.lan, .backup, .drbd]),
        Case(
            testDescription: "an extra card takes eth0", slots: [.extra, .drbd, .lan],
            others: [.extra: Card.extra.stableName]),
        Case(testDescription: "lan0", names: [.drbd: "eth0", .lan: "lan0"], slots: [.lan, .drbd]),
    ]

    static let more = [
        Case(
            testDescription: "the card of eth0 is missing", slots: [.extra, .lan],
            others: [.extra: Card.extra.stableName], missing: [.drbd]),
        // The name that systemd gives to the other card as an alternative one.
        Case(testDescription: "alternative name", names: [.drbd: "enp0s16", .lan: "eth1"], slots: [.lan, .drbd]),
        Case(testDescription: "on USB", slots: [.extra, .drbd], usb: [.lan], others: [.extra: Card.extra.stableName]),
        // VLANs have the address of their card, and keep their name. Then both cards go and come back.
        Case(
            testDescription: "added later", slots: [.lan, .drbd],
            then: """
                ip link add link eth0 name vlan5 type vlan id 5
                xenseed-cards && echo again
                cat /sys/class/net/vlan5/address
                ip link del vlan5
                ifdown -a
                for card in eth0 eth1; do readlink -f /sys/class/net/$card/device; done >/tmp/devices
                while read -r device; do echo 1 >$device/remove; done </tmp/devices
                ip -o link show | grep -c 'eth[01]:'
                echo 1 >/sys/bus/pci/rescan
                udevadm settle
                for second in $(seq 100); do
                    sleep 1
                    systemctl is-active -q xenseed-cards.service || break
                done
                sleep 5
                ifup -a
                """),
    ]

    @Test(arguments: ["bookworm", "trixie"], required) func byBIOS(_ release: String, _ machine: Case) throws {
        try check(machine, try start(machine, release))
    }

    @Test(arguments: ["bookworm", "trixie"], required) func byUEFI(_ release: String, _ machine: Case) throws {
        try check(machine, try start(machine, release, uefi: true))
    }

    @Test(arguments: ["bookworm", "trixie"], more) func special(_ release: String, _ machine: Case) throws {
        let state = try start(machine, release)
        try check(machine, state)
        if !machine.then.isEmpty { #expect(state["test"].prefix(3) == ["again", Card.drbd.mac, "0"]) }
    }

    @Test(arguments: ["bookworm", "trixie"]) func underXen(_ release: String) throws {
        let machine = Self.required[1]
        let state = try start(machine, release, xen: true)
        #expect(state["xen"] == ["xen"])
        try check(machine, state)
    }

    /// Of two cards with one address, one has the name, and the unit reports that this is ambiguous.
    @Test(arguments: ["bookworm", "trixie"]) func twoWithOneAddress(_ release: String) throws {
        let state = try start(Case(testDescription: "twins", slots: [.lan, .drbd, .drbd]), release)
        #expect(state.names.filter { $1 == Card.drbd.mac }.count == 2)
        #expect(state.names["eth0"] == Card.drbd.mac && state.names["eth1"] == Card.lan.mac)
        #expect(state["failed"].contains { $0.contains("xenseed-cards.service") })
        #expect(
            state["cards"].contains(
                "2 cards have the MAC address \(Card.drbd.mac), so it is not certain which of them is eth0"))
    }

    // MARK: What a machine is and says

    private func check(_ machine: Case, _ state: BootState) throws {
        let said = Comment(rawValue: state.lines.map { "\($0.kind) \($0.text)" }.joined(separator: "\n"))
        let names = state.names
        var expected = machine.others.map { ($1, $0.mac) }
        expected += machine.names.filter { !machine.missing.contains($0.key) }.map { ($1, $0.mac) }
        #expect(names.filter { $0.key != "xenbr0" } == Dictionary(uniqueKeysWithValues: expected), said)
        if let lan = machine.names[.lan] {
            #expect(state["port"] == ["/sys/class/net/xenbr0/brif/\(lan)"] && names["xenbr0"] == Card.lan.mac, said)
            #expect(state.has("10.8.8.13", on: "xenbr0"), said)
        }
        for (card, address) in [(Card.drbd, "172.16.22.13"), (.backup, "172.16.33.13")] {
            guard let name = machine.names[card] else { continue }
            #expect(state.has(address, on: name) == !machine.missing.contains(card), said)
        }
        let failed = state["failed"].map { $0.split(separator: " ")[0] }
        if machine.missing.isEmpty {
            #expect(failed.isEmpty, said)
        } else {
            #expect(Set(failed) == ["networking.service", "xenseed-cards.service"], said)
            for card in machine.missing {
                #expect(
                    state["cards"].contains(
                        "there is no card with the MAC address \(card.mac), which should be \(machine.names[card]!)"),
                    said)
            }
        }
        for (card, name) in machine.others where name == card.stableName {
            #expect(state["cards"].contains { $0.hasSuffix(" is now \(name)") }, said)
        }
    }

    private static func lab(_ machine: Case, _ release: String) -> String {
        func card(_ card: Card, _ more: String) -> String {
            machine.names[card].map { "\n      \($0): {mac: \"\(card.mac)\", \(more)}" } ?? ""
        }
        return """
            release: \(release)
            domain: hl.local
            networks:
              lan: {subnet: 10.8.8.0/24, gateway: 10.8.8.1, dns: [10.8.8.1]}
              drbd: {subnet: 172.16.22.0/24}
              backup: {subnet: 172.16.33.0/24}
            nodes:
              xen01:
                cpus: 1
                memory: 1 GiB
                dom0: {memory: 512 MiB}
                access: {authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5 ann@desk"]}
                files: {folder: files}
                interfaces:\(card(.drbd, "network: drbd, address: 172.16.22.13"))\(card(.lan, "bridge: xenbr0"))\(card(.backup, "network: backup, address: 172.16.33.13"))
                bridges: {xenbr0: {network: lan, address: 10.8.8.13}}

            """
    }

    /// Builds the lab of a case and starts its machine.
    private func start(_ machine: Case, _ release: String, uefi: Bool = false, xen: Bool = false) throws -> BootState {
        let folder = try TemporaryFolder()
        try Self.lab(machine, release).write(to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(
            at: folder.url("files/usr/local/sbin"), withIntermediateDirectories: true)
        try "#!/bin/sh\n\(machine.then)\n".write(
            to: folder.url("files/usr/local/sbin/boot-test"), atomically: true, encoding: .utf8)
        var devices: [String] = []
        for (number, card) in machine.slots.enumerated() {
            devices += [
                "-netdev", "hubport,id=n\(number),hubid=\(number)",
                "-device",
                "e1000,netdev=n\(number),mac=\(card.mac),romfile=,addr=0x\(String(16 + number, radix: 16))",
            ]
        }
        if !machine.usb.isEmpty { devices += ["-device", "qemu-xhci"] }
        for (number, card) in machine.usb.enumerated() {
            devices += [
                "-netdev", "hubport,id=u\(number),hubid=\(100 + number)",
                "-device", "usb-net,netdev=u\(number),mac=\(card.mac)",
            ]
        }
        return try BootState(release, in: folder, uefi: uefi, xen: xen, devices: devices)
    }
}

extension BootState {
    /// The names of interfaces and their MAC addresses.
    fileprivate var names: [String: String] {
        Dictionary(
            self["link"].compactMap { line in
                line.firstMatch(of: /^[0-9]+: ([^:@]+)[:@].* link\/ether ([0-9a-f:]{17})/).map {
                    (String($0.1), String($0.2))
                }
            }
        ) { $1 }
    }

    fileprivate func has(_ address: String, on link: String) -> Bool {
        self["address"].contains { $0.contains(": \(link) ") && $0.contains(" \(address)/24 ") }
    }
}
