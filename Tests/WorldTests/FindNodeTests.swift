import Foundation
import Testing

/// Tests how a machine finds out which node it is, with a seed that `build` wrote, in a copy of the installer.
@Suite(.timeLimit(.minutes(15)))
struct FindNodeTests {
    private static let early = "sh /xenseed/find-node.sh early"
    private static let later = "/var/lib/dpkg/info/xenseed.postinst configure"

    private let text = lab().replacing("  xen02:\n", with: "  xen02:\n    serial: CZ 3210-AB\n")
    /// The MAC addresses of eth0 and eth1 of xen01 and of xen02.
    private static let one = ["08:00:27:16:22:13", "08:00:27:08:08:13"]
    private static let two = ["08:00:27:16:22:14", "08:00:27:08:08:14"]

    /// Creates a world with the seed in its root, unpacked as by Linux.
    private func world(cards: [String], serial: String? = nil) async throws -> World {
        let world = try await World(lab: text)
        try world.plantSeed()
        for (index, mac) in cards.enumerated() { try world.card("eth\(index)", mac) }
        if let serial { try world.write(serial + "\n", to: "/sys/class/dmi/id/product_serial") }
        // The debconf frontend is loaded before our scripts, and passes on their questions.
        try world.write("", to: "/usr/share/debconf/confmodule")
        return world
    }

    @Test(
        arguments: [
            (one, nil, "xen01"), ([one[1]], nil, "xen01"), (two, nil, "xen02"), (two, "CZ 3210-AB", "xen02"),
            // On a CD, the driver of the cards may not be loaded yet.
            ([], "  CZ 3210-AB  ", "xen02"), (one, "Not Specified", "xen01"),
        ] as [([String], String?, String)], [false, true])
    func finds(machine: ([String], String?, String), dash: Bool) async throws {
        let (cards, serial, node) = machine
        let world = try await world(cards: cards, serial: serial)
        #expect(try world.seedCommand() == Self.early)
        let ran = try world.shell(Self.early, dash: dash)
        #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran)")
        expect(world, is: node)
        #expect(world.read("/dev/console") == "xenseed: this machine is \(node)")
        #expect(world.read("/var/log/syslog").contains("xenseed: this machine is \(node) by "))
    }

    private func expect(_ world: World, is node: String) {
        let number = node.suffix(1) == "1" ? 13 : 14
        #expect(world.answer("netcfg/hostname") == node)
        #expect(world.answer("netcfg/get_hostname") == node)
        #expect(world.answer("netcfg/get_domain") == "hl.local")
        #expect(world.answer("netcfg/choose_interface") == "08:00:27:08:08:\(number)")
        #expect(world.answer("partman-auto/method") == "regular")
        #expect(world.answer("partman/early_command").contains(" /nodes/\(node) "))
        #expect(world.answer("preseed/url") == "" && world.answer("preseed/file") == "")
        #expect(world.answer("auto-install/enable") == "false")
    }

    @Test(
        arguments: [
            ([], nil, "is not a node of the lab", "no network card\nserial number: none\n"),
            (
                ["08:00:27:99:99:99"], "CZ 3210-AC", "is not a node of the lab",
                "eth0 08:00:27:99:99:99\nserial number: CZ 3210-AC\n"
            ),
            // Characters that debconf or a terminal might interpret.
            (["08:00:27:99:99:99"], "a\\nb\u{1b}[2Jc", "is not a node", "serial number: a?nb?[2Jc\n"),
            (
                [one[0], two[0]], nil, "matches 2 nodes of the lab: xen01 by \(one[0]), xen02 by \(two[0])",
                "eth0 \(one[0])\neth1 \(two[0])\n"
            ),
            (
                one, "CZ 3210-AB",
                "matches 2 nodes of the lab: xen01 by \(one[0]) \(one[1]), xen02 by CZ 3210-AB",
                "serial number: CZ 3210-AB\n"
            ),
            ([one[0]], nil, "xen01 by \(one[0]), but has no network card \(one[1])", "eth0 \(one[0])\n"),
        ] as [([String], String?, String, String)])
    func stops(cards: [String], serial: String?, says: String, saw: String) async throws {
        let world = try await world(cards: cards, serial: serial)
        // Another preseed has set an answer before.
        _ = try world.shell("debconf-set partman-auto/method regular; \(Self.early)")
        #expect(world.read("/dev/console") == "xenseed: the node is not identified yet")
        // Without a frontend, the script can't show a dialog and fails.
        let ran = try world.shell(Self.later)
        #expect(ran.status == 1)
        #expect(ran.err.contains(says), "\(ran.err)")
        #expect(ran.err.contains(saw), "\(ran.err)")
        #expect(ran.err.contains("xen01 08:00:27:16:22:13,08:00:27:08:08:13\n"))
        #expect(ran.err.contains("xen02 08:00:27:16:22:14,08:00:27:08:08:14, serial number CZ 3210-AB\n"))
        #expect(world.read("/var/log/syslog").contains(says))
        #expect(world.answer("partman-auto/method") == "")
        #expect(world.answer("netcfg/hostname") == "" && world.answer("partman/early_command") == "")
    }

    /// An address that was set by a user, and that of a device that is not an Ethernet card, are ignored.
    @Test(arguments: [("addr_assign_type", "3"), ("addr_assign_type", "1"), ("type", "772")])
    func passesOver(file: String, content: String) async throws {
        let world = try await world(cards: Self.one)
        for card in ["eth0", "eth1"] { try world.write(content + "\n", to: "/sys/class/net/\(card)/\(file)") }
        _ = try world.shell(Self.early)
        #expect(world.answer("netcfg/hostname") == "")
        #expect(try world.shell(Self.later).err.contains("not the permanent address") == (file == "addr_assign_type"))
    }

    /// On a CD, the cards appear only after their drivers are loaded; the installer's menu then runs the script again.
    @Test func waitsForTheCards() async throws {
        let world = try await world(cards: [])
        _ = try world.shell(Self.early)
        #expect(world.answer("netcfg/hostname") == "")
        let item = world.read("/var/lib/dpkg/status")
        #expect(item.hasPrefix("Package: xenseed\nStatus: install ok unpacked\n"))
        #expect(item.contains("\nInstaller-Menu-Item: 1750\n"))
        #expect(world.read("/var/lib/debconf-stub/templates") == "xenseed /xenseed/find-node.templates")
        for (index, mac) in Self.two.enumerated() { try world.card("eth\(index)", mac) }
        let ran = try world.shell(Self.later)
        #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran)")
        expect(world, is: "xen02")
    }

    /// The dialog shows the machine's and the lab's addresses. After it is dismissed, the script looks for the node
    /// again.
    @Test func looksAgainWhenTheDialogIsDismissed() async throws {
        let world = try await world(cards: ["08:00:27:99:99:99"])
        _ = try world.shell(Self.early)
        try world.write(
            """
            db_capb() { :; }
            db_subst() { printf '%s\\n' "$*" >> /tmp/dialog; }
            db_fset() { :; }
            db_input() { echo "INPUT $*" >> /tmp/dialog; }
            # The person behind the keyboard swaps the cards, and presses Continue.
            db_go() { mv /tmp/card1 /sys/class/net/eth1; }
            """, to: "/usr/share/debconf/confmodule")
        try world.card("eth1", Self.one[1])
        let ran = try world.shell("mv /sys/class/net/eth1 /tmp/card1; DEBIAN_HAS_FRONTEND=1 \(Self.later)")
        #expect(ran.status == 0, "\(ran.err)")
        expect(world, is: "xen01")
        #expect(
            world.read("/tmp/dialog").split(separator: "\n") == [
                "xenseed/stopped PROBLEM This machine is not a node of the lab",
                "xenseed/stopped SAW eth0 08:00:27:99:99:99\\nserial number: none",
                "xenseed/stopped KNEW xen01 08:00:27:16:22:13,08:00:27:08:08:13\\n"
                    + "xen02 08:00:27:16:22:14,08:00:27:08:08:14, serial number CZ 3210-AB\\n",
                "INPUT critical xenseed/stopped",
            ])
    }

    @Test func runsTwice() async throws {
        let world = try await world(cards: Self.one)
        _ = try world.shell(Self.early)
        let (log, status) = (world.read("/var/lib/preseed/log"), world.read("/var/lib/dpkg/status"))
        #expect(!log.isEmpty)
        for command in [Self.early, Self.later] {
            #expect(try world.shell(command).status == 0)
            #expect(world.read("/var/lib/preseed/log") == log)
            #expect(world.read("/var/lib/dpkg/status") == status)
        }
        expect(world, is: "xen01")
    }

    /// Answers for another node from the kernel command line or another preseed do not apply.
    @Test func isNotTalkedOutOfIt() async throws {
        let world = try await world(cards: Self.one)
        let wrong = """
            debconf-set netcfg/hostname xen02; debconf-set preseed/url http://example.org/nodes/xen02/preseed.cfg
            debconf-set preseed/file /cdrom/nodes/xen02/preseed.cfg; debconf-set auto-install/enable true
            """
        _ = try world.shell("\(wrong); \(Self.early)")
        expect(world, is: "xen01")
        _ = try world.shell("debconf-set-selections /cdrom/nodes/xen02/preseed.cfg")
        #expect(world.answer("netcfg/hostname") == "xen02")
        _ = try world.shell(Self.later)
        expect(world, is: "xen01")
    }

    /// The node's own preseed then uses the late command and the overlay in the seed.
    @Test func preparesFromTheSeed() async throws {
        let world = try await world(cards: Self.two)
        try world.disk("sda", megabytes: 20000)
        let ran = try world.shell("rm -rf /cdrom/nodes; \(Self.early); sh -c \"$(debconf-get partman/early_command)\"")
        #expect(ran.status == 0, "\(ran.err)")
        #expect(world.read("/var/lib/xenseed/late-command.status") == "done prepare")
        #expect(world.answer("partman-auto/disk") == "/dev/sda")
    }

    // MARK: Unknown cards

    /// xen02 is known by its serial number, and its second card, too; of xen03 nothing is known.
    private static let unknown = """
        domain: hl.local
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true}
          drbd: {subnet: 172.16.22.0/24}
        defaults:
          cpus: 2
          memory: 2 GiB
          upgrade: false
          recommends: false
          access: {authorized_keys: ["\(key)"]}
          bridges: {xenbr0: {network: lan}}
        nodes:
          xen01:
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13}
              eth1: {mac: "08:00:27:08:08:13", bridge: xenbr0}
          xen02:
            serial: CZ 3210-AB
            interfaces:
              eth0: {mac: unknown, network: drbd, address: 172.16.22.14}
              eth1: {mac: unknown, bridge: xenbr0}
          xen03:
            interfaces:
              eth0: {mac: unknown, network: drbd, address: 172.16.22.15}
              eth1: {mac: unknown, bridge: xenbr0}
        """

    /// The cards of a new machine, by the kernel's names, which are not in the order of the PCI addresses.
    private static let strange = ["52:54:00:00:00:0a", "52:54:00:00:00:0b", "52:54:00:00:00:0c"]

    private func unknownWorld(node: String, serial: String?, cards: Int = 3) async throws -> World {
        let world = try await World(lab: Self.unknown, node: node)
        try world.plantSeed()
        let slots = ["0000:00:1c.0/0000:02:00.0", "0000:00:03.0/virtio1", "0000:00:03.1"]
        for (index, (mac, slot)) in zip(Self.strange, slots).prefix(cards).enumerated() {
            try world.card("eth\(index)", mac)
            _ = try world.shell(
                "mkdir -p /sys/devices/pci0000:00/\(slot); ln -s ../../../devices/pci0000:00/\(slot) /sys/class/net/eth\(index)/device"
            )
        }
        if let serial { try world.write(serial + "\n", to: "/sys/class/dmi/id/product_serial") }
        // A person who reads the answers of a file, line by line, and then gives none.
        try world.write(
            """
            db_capb() { :; }
            db_set() { :; }
            db_fset() { :; }
            db_subst() { printf '%s\\n' "$*" >>/tmp/dialog; }
            db_input() { echo "INPUT $*" >>/tmp/dialog; question=$2; }
            db_get() { RET=$(head -n 1 /tmp/replies); sed -i 1d /tmp/replies; }
            # Where something is wrong, the person puts in the card that is missing.
            db_go() { [ "$question" = xenseed/confirm ] || [ ! -e /tmp/card ] || mv /tmp/card /sys/class/net/eth1; }
            """, to: "/usr/share/debconf/confmodule")
        return world
    }

    /// Neither the serial number nor being the only one that is left is enough: a person has to say yes.
    @Test(arguments: [
        ("CZ 3210-AB", "xen02", "xen02 by CZ 3210-AB"),
        (nil, "xen03", "xen03, the only node of which the lab knows neither a network card nor the serial number"),
    ])
    func asksForUnknownCards(machine: (serial: String?, node: String, why: String)) async throws {
        let world = try await unknownWorld(node: machine.node, serial: machine.serial)
        try world.disk("sda", megabytes: 20000)
        _ = try world.shell(Self.early)
        #expect(world.read("/dev/console") == "xenseed: the node is not identified yet")
        #expect(world.answer("netcfg/hostname").isEmpty && world.answer("partman-auto/method").isEmpty)
        // Nobody is there.
        let alone = try world.shell(Self.later)
        #expect(
            alone.status == 1 && alone.err.contains("may be \(machine.why), but nobody has confirmed it"), "\(alone)")
        #expect(alone.err.contains("\n\(machine.node) eth0 unknown,eth1 unknown"), "\(alone)")
        #expect(world.answer("netcfg/hostname").isEmpty)

        // A no, and then a yes.
        let ran = try world.shell("printf 'false\\ntrue\\n' >/tmp/replies; DEBIAN_HAS_FRONTEND=1 \(Self.later)")
        #expect(ran.status == 0, "\(ran)\(world.read("/var/log/syslog"))")
        let dialog = world.read("/tmp/dialog").split(separator: "\n").map(String.init)
        #expect(
            dialog.filter { $0.hasPrefix("INPUT") } == [
                "INPUT critical xenseed/confirm", "INPUT critical xenseed/stopped", "INPUT critical xenseed/confirm",
            ], "\(dialog)")
        #expect(
            dialog.prefix(3) == [
                "xenseed/confirm NODE \(machine.node)", "xenseed/confirm WHY \(machine.why)",
                "xenseed/confirm CARDS eth0 \(Self.strange[1])\\neth1 \(Self.strange[2])\\n",
            ], "\(dialog)")
        #expect(world.answer("netcfg/hostname") == machine.node)
        #expect(world.answer("netcfg/choose_interface") == Self.strange[2])
        #expect(world.answer("partman-auto/method") == "regular")
        // The installer's menu may come back; then nothing is asked again.
        #expect(try world.shell("DEBIAN_HAS_FRONTEND=1 \(Self.later)").status == 0)
        #expect(world.read("/tmp/dialog").split(separator: "\n").map(String.init) == dialog)

        // The installed node knows its cards.
        let installed = try world.shell(
            "sh -c \"$(debconf-get partman/early_command)\" && sh -c \"$(debconf-get preseed/late_command)\"")
        #expect(installed.status == 0, "\(installed.err)\(world.read("/var/log/syslog"))")
        let files = try world.shell(
            "cd /target/etc && cat xenseed/cards network/interfaces && grep -h -E '^(card|bridge) ' xenseed/expect")
        #expect(files.out.contains("\neth0 \(Self.strange[1])\neth1 \(Self.strange[2])\n"), "\(files.out)")
        #expect(files.out.contains("bridge_hw \(Self.strange[2])\n"), "\(files.out)")
        #expect(
            files.out.hasSuffix(
                "card eth0 \(Self.strange[1])\ncard eth1 \(Self.strange[2])\nbridge xenbr0 eth1=\(Self.strange[2])\n"))
        #expect(!files.out.contains("02:78:65"))
    }

    @Test func hasTooFewCards() async throws {
        let world = try await unknownWorld(node: "xen02", serial: "CZ 3210-AB", cards: 2)
        _ = try world.shell("mv /sys/class/net/eth1 /tmp/card; \(Self.early)")
        let ran = try world.shell("echo true >/tmp/replies; DEBIAN_HAS_FRONTEND=1 \(Self.later)")
        #expect(ran.status == 0, "\(ran)")
        let dialog = world.read("/tmp/dialog")
        #expect(
            dialog.hasPrefix(
                "xenseed/stopped PROBLEM This machine may be xen02 by CZ 3210-AB, but has fewer network cards than xen02\n"
            ),
            "\(dialog)")
        #expect(
            dialog.contains("xenseed/confirm CARDS eth0 \(Self.strange[1])\\neth1 \(Self.strange[0])\\n"), "\(dialog)")
        #expect(world.answer("netcfg/choose_interface") == Self.strange[0])
    }

    /// A machine that no one has confirmed, because it was started in another way, is not erased.
    @Test func isNotErasedUnconfirmed() async throws {
        let world = try await World(lab: Self.unknown, node: "xen02")
        try world.disk("sda", megabytes: 20000)
        for (index, mac) in Self.strange.enumerated() { try world.card("eth\(index)", mac) }
        let ran = try world.prepare()
        #expect(ran.status != 0 && ran.err.contains("a network card of xen02 is unknown"), "\(ran)")
        #expect(world.answer("partman-auto/method").isEmpty && world.answer("partman-auto/disk").isEmpty)
    }

    /// A virtual machine of the lab has the addresses that stand for the unknown ones, so there is nothing to ask.
    @Test func virtualMachineIsKnown() async throws {
        let world = try await World(lab: Self.unknown, node: "xen03")
        try world.plantSeed()
        try world.disk("sda", megabytes: 20000)
        let table = world.read("/xenseed/nodes")
        let macs = try #require(table.split(separator: "\n").first { $0.hasPrefix("xen03 ") })
            .split(separator: " ")[1].split(separator: ",").map { String($0.split(separator: "=")[1]) }
        #expect(macs.count == 2 && macs.allSatisfy { $0.hasPrefix("02:78:65:") }, "\(table)")
        for (index, mac) in macs.enumerated() { try world.card("eth\(index)", mac) }
        let ran = try world.shell(Self.early)
        #expect(world.read("/dev/console") == "xenseed: this machine is xen03", "\(ran)")
        #expect(world.answer("netcfg/choose_interface") == macs[1])
        #expect(try world.prepare().status == 0)
    }
}
