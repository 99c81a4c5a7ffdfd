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
}
