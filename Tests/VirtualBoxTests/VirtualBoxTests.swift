import Foundation
import TestSupport
import Testing

/// Tests the script for VirtualBox with the real VirtualBox of Debian sid, as an ordinary user; `make virtualbox-test`
/// runs it. Only the start of machines is simulated (`VBoxManage`), because it needs a kernel module.
@Suite(.timeLimit(.minutes(15)))
struct VirtualBoxTests {
    private let host: VirtualBoxHost

    init() throws { host = try VirtualBoxHost() }

    /// Runs a lab's script and checks its exit status.
    @discardableResult
    private func run(
        _ lab: BuiltLab, _ words: String..., status: Int32 = 0, at place: SourceLocation = #_sourceLocation
    ) throws -> Ran {
        let ran = try host.lab(lab, words)
        #expect(ran.status == status, "\(words): \(ran.err)", sourceLocation: place)
        return ran
    }

    // MARK: Settings of the machines

    static let pc =
        "Debian (64-bit) chipset piix3 acpi on ioapic on pae on longmode on hpet on utc on paravirt none vram 16 "
        + "usb off off off mouse ps2mouse audio none boot disk dvd net none"

    static let reference = ["13", "14"].map { number in
        """
        xen0\(number == "13" ? 1 : 2).hl.local running, BIOS, 2 CPUs, 2048 MiB
        hl.local/xen0N.hl.local/xen0N.hl.local.vbox
        1 intnet drbd.hl.local 0800271622\(number) 82540EM deny priority 0 cable on
        2 bridged eth0 0800270808\(number) 82540EM allow-all priority 1 cable on
        uart1 0x03f8,4 file,hl.local/xen0N.hl.local/serial.log
        SATA IntelAhci 1 ports, bootable on
          0-0 hl.local/xen0N.hl.local/xen0N-sda.vdi 20480 MiB
        IDE PIIX4 2 ports, bootable on
          1-0 emptydrive
        xenseed/lab=hl.local
        group /hl.local \(pc)
        """.replacing("xen0N", with: number == "13" ? "xen01" : "xen02")
    }.joined(separator: "\n\n")

    static let oneNIC = """
        dom0.home.arpa running, BIOS, 4 CPUs, 8192 MiB
        home.arpa/dom0.home.arpa/dom0.home.arpa.vbox
        1 bridged eth0 525400123456 82540EM allow-all priority 1 cable on
        uart1 0x03f8,4 file,home.arpa/dom0.home.arpa/serial.log
        SATA IntelAhci 1 ports, bootable on
          0-0 home.arpa/dom0.home.arpa/dom0-sda.vdi 20480 MiB
        IDE PIIX4 2 ports, bootable on
          1-0 emptydrive
        xenseed/lab=home.arpa
        group /home.arpa \(pc)
        """

    static let threeNodes = [("xen1", "08002730001"), ("xen10", "080027300A0"), ("xen2", "08002730002")]
        .map { node, mac in
            """
            \(node).hl.local running, BIOS, 4 CPUs, 16384 MiB
            hl.local/\(node).hl.local/\(node).hl.local.vbox
            1 bridged eth0 \(mac)0 82540EM allow-all priority 1 cable on
            2 intnet guests.hl.local \(mac)1 82540EM allow-all priority 0 cable on
            3 intnet guests.hl.local \(mac)2 82540EM allow-all priority 0 cable on
            uart1 0x03f8,4 file,hl.local/\(node).hl.local/serial.log
            SATA IntelAhci 1 ports, bootable on
              0-0 hl.local/\(node).hl.local/\(node)-sda.vdi 20480 MiB
            IDE PIIX4 2 ports, bootable on
              1-0 emptydrive
            xenseed/lab=hl.local
            group /hl.local \(pc)
            """
        }.joined(separator: "\n\n")

    /// The description of the node alpha of `everything` and `everything-uefi`.
    static func alpha(_ firmware: String, _ device: String) -> String {
        """
        alpha.rack-7.example.net running, \(firmware), 16 CPUs, 65536 MiB
        rack-7.example.net/alpha.rack-7.example.net/alpha.rack-7.example.net.vbox
        1 bridged eth0 3C970EAABB01 82540EM allow-all priority 1 cable on
        2 intnet storage.rack-7.example.net 3C970EAABB02 82540EM deny priority 0 cable on
        3 intnet spare.rack-7.example.net 3C970EAABB03 82540EM allow-all priority 0 cable on
        4 intnet spare.rack-7.example.net 3C970EAABB04 82540EM allow-all priority 0 cable on
        uart2 0x02f8,3 file,rack-7.example.net/alpha.rack-7.example.net/serial.log
        SATA IntelAhci 2 ports, bootable on
          0-0 rack-7.example.net/alpha.rack-7.example.net/alpha-sda.vdi 1907349 MiB
          1-0 rack-7.example.net/alpha.rack-7.example.net/alpha-sdb.vdi 1024 MiB
        IDE PIIX4 2 ports, bootable on
          1-0 emptydrive
        VBoxInternal/Devices/ahci/0/Config/Port0/SerialNumber=string:VB1234:5-6.7+8
        VBoxInternal/Devices/\(device)/0/Config/DmiSystemSerial=string:CZ3210 AB/7.1_x+y-Z
        xenseed/lab=rack-7.example.net
        group /rack-7.example.net \(pc)
        """
    }

    /// Runs every subcommand, beginning and ending without machines. A repeated subcommand changes nothing.
    @Test func everySubcommand() throws {
        let lab = try BuiltLab("reference")
        func check(_ words: String..., prints expected: String = "", at place: SourceLocation = #_sourceLocation) throws
        {
            let ran = try host.lab(lab, words)
            #expect(ran.status == 0 && ran.out == expected, "\(words): \(ran)", sourceLocation: place)
        }
        try check("status", prints: "xen01  absent\nxen02  absent\n")
        try check("down")
        try check("destroy", "--yes")
        let made = try run(lab, "up", "--bridge", "eth0")
        #expect(
            made.err.contains("xen01: created in /home/user/VirtualBox VMs/hl.local/xen01.hl.local: sda 20480 MiB\n"))
        #expect(try host.picture == Self.reference)
        try check("status", prints: "xen01  running\nxen02  running\n")
        let first = try host.machines.map(\.id)
        try check("up", "--bridge", "eth0")
        #expect(try host.picture == Self.reference)
        try check("down")
        try check("down")
        try check("status", prints: "xen01  poweroff\nxen02  poweroff\n")
        try check("up")
        #expect(try host.picture == Self.reference)
        #expect(try host.machines.map(\.id) == first)
        try check("destroy", "--yes")
        #expect(try host.machines.isEmpty)
        #expect(try host.manage("list", "hdds").out == "")
        #expect(host.files == [])
    }

    @Test(arguments: [
        ("one-nic", [], oneNIC), ("three-nodes", [], threeNodes), ("everything", ["alpha"], alpha("BIOS", "pcbios")),
        ("everything-uefi", ["alpha"], alpha("EFI", "efi")),
    ])
    func otherLabs(_ name: String, _ nodes: [String], _ expected: String) throws {
        try host.write(Self.image, to: "lab.iso")
        let ran = try host.lab(try BuiltLab(name), ["up", "--bridge", "eth0", "--iso", "lab.iso"] + nodes)
        #expect(ran.status == 0, "\(ran.err)")
        #expect(try host.picture == expected.replacing("emptydrive", with: "\(VirtualBoxHost.home)/lab.iso"))
        if nodes == ["alpha"] {
            #expect(ran.err.contains("sda 1907349 MiB, sdb 1024 MiB\n"), "\(ran.err)")
            #expect(ran.err.contains("without /dev/mmcblk0, /dev/nvme0n1"), "\(ran.err)")
        }
    }

    /// The numbers of the adapters determine the order in which the kernel finds the cards.
    @Test func cards() throws {
        let lab = try BuiltLab("reference")
        func lines(_ text: String) -> [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false).sorted()
        }
        let reversed = lines(
            Self.reference.replacing("\n1 intnet", with: "\n* intnet").replacing("\n2 bridged", with: "\n1 bridged")
                .replacing("\n* intnet", with: "\n2 intnet"))
        try run(lab, "up", "--bridge", "eth0", "--cards", "reverse")
        #expect(lines(try host.picture) == reversed)
        try run(lab, "down")
        // In another order, the card uses an adapter that was attached to another network.
        let refused = try run(lab, "up", status: 2)
        #expect(refused.err.contains("how to attach the network lan"), "\(refused.err)")
        for order in ["eth1,eth0", "eth1"] {
            try run(lab, "up", "--cards", order)
            #expect(lines(try host.picture) == reversed)
            try run(lab, "down")
        }
        try run(lab, "up", "--bridge", "eth0")
        #expect(try host.picture == Self.reference)
        let unknown = try run(lab, "up", "--cards", "eth0,eth7", status: 2)
        #expect(unknown.err.contains("there is no card eth7; the cards are: eth0 eth1"), "\(unknown.err)")
    }

    /// `up` applies a changed lab to machines that are off, and keeps their disks.
    @Test func changedLab() throws {
        for (memory, serial) in [("4 GiB", "    serial: ABC1234\n"), ("6 GiB", "")] {
            let lab = try BuiltLab(text: BuiltLab.text(node: serial).replacing("4 GiB", with: memory))
            try run(lab, "up", "--bridge", "eth0")
            let picture = try host.picture
            #expect(picture.contains(memory == "4 GiB" ? " 4096 MiB\n" : " 6144 MiB\n"), "\(picture)")
            #expect(picture.contains("DmiSystemSerial=string:ABC1234\n") == !serial.isEmpty, "\(picture)")
            try run(lab, "down")
        }
        #expect(try host.calls.count { $0.hasPrefix("createmedium") } == 1)
    }

    // MARK: Attachment of networks

    @Test func attachments() throws {
        let lab = try BuiltLab("one-nic")
        var ran = try run(lab, "up", status: 2)
        for text in ["network lan", "  eth0\n", "  wlan0\n", "  vboxnet0\n"] { #expect(ran.err.contains(text)) }
        for words in [
            ["--bridge", "eth1"], ["--hostonly", "eth0"], ["--hostonly", "vboxnet"], ["--bridge", "eth."],
        ] {
            ran = try run(lab, "up", words[0], words[1], status: 1)
            #expect(ran.err.contains("\(words.joined(separator: " ")): there is no such interface"), "\(ran.err)")
            #expect(ran.err.contains("  wlan0\n"))
        }
        #expect(try host.machines.isEmpty && host.files == [])
        for (words, environment, expected) in [
            (["--hostonly", "vboxnet0"], [:], "hostonly vboxnet0"), (["--bridge=lan=wlan0"], [:], "bridged wlan0"),
            ([], ["XENSEED_HOSTONLY": "vboxnet0"], "hostonly vboxnet0"), ([], [:], "hostonly vboxnet0"),
            ([], ["XENSEED_BRIDGE": "wlan0"], "bridged wlan0"),
            (["--bridge", "eth0"], ["XENSEED_HOSTONLY": "vboxnet0"], "bridged eth0"),
        ] as [([String], [String: String], String)] {
            ran = try host.lab(lab, ["up"] + words, environment: environment)
            #expect(ran.status == 0, "\(ran.err)")
            #expect(try host.picture == Self.oneNIC.replacing("bridged eth0", with: expected))
            // Settings of a running machine are not changed.
            ran = try run(lab, "up", "--bridge", "eth0")
            #expect(ran.err.contains("dom0: is running; its settings are not changed"), "\(ran.err)")
            #expect(try host.picture == Self.oneNIC.replacing("bridged eth0", with: expected))
            try run(lab, "down")
        }
        // An attachment that was changed to another type is not reused.
        _ = try host.manage("modifyvm", "dom0.home.arpa", "--nic1", "nat")
        try run(lab, "up", status: 2)
        try run(lab, "up", "--bridge", "eth0")
        #expect(try host.picture == Self.oneNIC)
    }

    /// Two networks that lead out of the host are attached to different interfaces.
    @Test func severalNetworks() throws {
        let lab = try BuiltLab(
            text: BuiltLab.text(
                node: """
                      xen02:
                        interfaces:
                          eth0: {mac: "08:00:27:00:00:02", network: wan, address: 10.9.0.2}
                    """,
                networks: "  wan: {subnet: 10.9.0.0/16, gateway: 10.9.0.1, dns: [10.9.0.1]}"))
        var ran = try run(lab, "up", "--bridge", "lan=eth0", status: 2)
        #expect(ran.err.contains("network wan:"), "\(ran.err)")
        ran = try run(lab, "up", "--bridge", "eth0", "--hostonly", "wan=vboxnet0", status: 2)
        #expect(ran.err.contains("twice"), "\(ran.err)")
        try run(lab, "up", "--bridge", "lan=eth0", "--hostonly", "wan=vboxnet0")
        let picture = try host.picture
        #expect(
            picture.contains("\n1 bridged eth0 080027000001 ")
                && picture.contains("\n1 hostonly vboxnet0 080027000002 "))
    }

    // MARK: Boot media

    /// A file that VirtualBox accepts as a CD image: the volume descriptor in sector 16 has the standard identifier.
    private static let image = Data(count: 32769) + Data("CD001".utf8) + Data(count: 65536 - 32774)

    private func drive() throws -> String? {
        try host.picture.firstMatch(of: /\n  1-0 (.*)\n/).map { String($0.1) }
    }

    @Test func bootMedium() throws {
        let lab = try BuiltLab("one-nic")
        let iso = "\(VirtualBoxHost.home)/lab äöü.iso"
        for name in ["lab äöü.iso", "other.iso"] { try host.write(Self.image, to: name) }
        try run(lab, "up", "--bridge", "eth0", "--iso", "none.iso", status: 1)
        #expect(try host.calls.isEmpty)
        // The path may be relative to another directory than the current one.
        try run(lab, "up", "--bridge", "eth0", "--iso", "VirtualBox VMs/../lab äöü.iso", status: 1)
        try run(lab, "up", "--bridge", "eth0", "--iso", ".test/../lab äöü.iso")
        #expect(try drive() == iso)
        for (words, expected) in [([], iso), (["--pxe"], "emptydrive"), ([], "emptydrive")] as [([String], String)] {
            try run(lab, "down")
            #expect(try host.lab(lab, ["up"] + words).status == 0)
            #expect(try drive() == expected)
        }
        try run(lab, "down")
        #expect(try host.lab(lab, ["up"], environment: ["XENSEED_ISO": iso]).status == 0)
        #expect(try drive() == iso)
        // While the machine runs, another medium is refused. The same medium and a default from the environment are
        // accepted.
        try run(lab, "up", "--iso", iso)
        #expect(try host.lab(lab, ["up"], environment: ["XENSEED_ISO": "\(VirtualBoxHost.home)/other.iso"]).status == 0)
        for words in [["--iso", "other.iso"], ["--pxe"]] {
            let ran = try host.lab(lab, ["up"] + words)
            #expect(ran.status == 1 && ran.err.contains("run `lab down dom0` before --iso or --pxe"), "\(ran.err)")
        }
        #expect(try drive() == iso)
        try run(lab, "destroy", "--yes")
        #expect(host.exists("lab äöü.iso") && host.files == [])
    }

    /// Since VirtualBox 7.1, its UEFI firmware can't start an installation over the network.
    @Test func networkByUEFI() throws {
        let lab = try BuiltLab("everything-uefi")
        func isRefused(_ words: String...) throws -> Bool {
            let ran = try host.lab(lab, ["up"] + words + ["alpha"])
            return ran.status == 1 && ran.err.contains("alpha: the UEFI firmware of VirtualBox 7.")
                && ran.err.contains("give --iso FILE\n")
        }
        #expect(try isRefused("--bridge", "eth0"))
        #expect(try isRefused("--bridge", "eth0", "--pxe"))
        #expect(try host.machines.isEmpty && host.files.isEmpty)
        try host.write(Self.image, to: "lab.iso")
        try run(lab, "up", "--bridge", "eth0", "--iso", "lab.iso", "alpha")
        try run(lab, "down", "alpha")
        #expect(try isRefused("--pxe"))
        // The disk may contain a system by now.
        try run(lab, "up", "alpha")
    }

    /// `up` prints a message about the order in which VirtualBox's boot ROM tries the cards, if it causes a delay.
    @Test func secondCardByPXE() throws {
        let lab = try BuiltLab("reference")
        let wait = "xen01: VirtualBox tries the cards one by one; eth1, the installer's, is number 2"
        #expect(try run(lab, "up", "--bridge", "eth0", "xen01").err.contains(wait))
        try run(lab, "down")
        #expect(try !run(lab, "up", "xen01").err.contains(wait))
        try run(lab, "down")
        #expect(try run(lab, "up", "--pxe", "xen01").err.contains(wait))
        try run(lab, "down")
        #expect(try !run(lab, "up", "--bridge", "eth0", "--pxe", "--cards", "reverse", "xen01").err.contains(wait))
    }

    // MARK: Foreign machines and files

    /// A machine with a node's name is left alone if it has no mark, or that of another lab.
    @Test(arguments: [nil, "other.lab"])
    func foreignMachine(_ mark: String?) throws {
        let lab = try BuiltLab("reference")
        #expect(try host.manage("createvm", "--name", "xen02.hl.local", "--register").status == 0)
        if let mark { #expect(try host.manage("setextradata", "xen02.hl.local", "xenseed/lab", mark).status == 0) }
        let (picture, files) = (try host.picture, host.files)
        for words in [
            ["up", "--bridge", "eth0"], ["down"], ["down", "--force", "xen02"], ["destroy", "--yes"],
            ["console", "xen02"],
        ] {
            let ran = try host.lab(lab, words)
            #expect(ran.status == 1 && ran.err.contains("is not this lab's"), "\(words): \(ran.err)")
        }
        #expect(try run(lab, "status").out == "xen01  absent\nxen02  foreign\n")
        #expect(try host.picture == picture && host.files == files)
        // The other node is not affected.
        try run(lab, "up", "--bridge", "eth0", "xen01")
        try run(lab, "destroy", "--yes", "xen01")
        #expect(try host.picture == picture)
    }

    /// Machines of another lab, a user's disk in a machine of the lab, and the user's files survive `destroy`.
    @Test func destroyTakesItsOwnOnly() throws {
        let lab = try BuiltLab("reference")
        try run(try BuiltLab("one-nic"), "up", "--bridge", "eth0")
        try run(lab, "up", "--bridge", "eth0")
        try run(lab, "down")
        let disk = "\(VirtualBoxHost.home)/precious.vdi"
        for words in [
            ["createmedium", "disk", "--filename", disk, "--size", "10"],
            ["storagectl", "xen01.hl.local", "--name", "SATA", "--portcount", "2"],
            [
                "storageattach", "xen01.hl.local", "--storagectl", "SATA", "--port", "1", "--device", "0", "--type",
                "hdd", "--medium", disk,
            ], ["snapshot", "xen01.hl.local", "take", "one"],
        ] { #expect(try host.run(["VBoxManage"] + words).status == 0, "\(words)") }
        // VirtualBox would also delete a disk in a snapshot.
        let refused = try run(lab, "destroy", "--yes", status: 1)
        #expect(
            refused.err.contains("xen01.hl.local has snapshots with disks from elsewhere") && refused.err.contains(disk)
        )
        #expect(try host.machines.count == 3)
        #expect(try host.manage("snapshot", "xen01.hl.local", "delete", "one").status == 0)
        // A snapshot that contains only the lab's disk is no obstacle.
        #expect(
            try host.manage(
                "storageattach", "xen01.hl.local", "--storagectl", "SATA", "--port", "1", "--device", "0", "--medium",
                "none"
            ).status == 0)
        #expect(try host.manage("snapshot", "xen01.hl.local", "take", "two").status == 0)
        #expect(
            try host.manage(
                "storageattach", "xen01.hl.local", "--storagectl", "SATA", "--port", "1", "--device", "0", "--type",
                "hdd", "--medium", disk
            ).status == 0)
        let folder = "\(host.machineFolder)/hl.local/xen02.hl.local"
        try host.write(Data("mine".utf8), to: "\(folder)/note.txt")
        let ran = try run(lab, "destroy", "--yes")
        #expect(
            ran.err.contains(
                "xen02: these files in /home/user/\(folder) are not the machine's, and stay: note.txt\n"), "\(ran.err)")
        #expect(try host.picture == Self.oneNIC)
        #expect(host.exists("precious.vdi"))
        #expect(
            host.files.filter { $0.contains("hl.local") } == [
                "hl.local", "hl.local/xen02.hl.local", "hl.local/xen02.hl.local/note.txt",
            ])
    }

    enum Condition: CaseIterable { case complete, unfinished, unregistered }

    /// `destroy` removes every file that VirtualBox wrote for a machine that was complete, unfinished, or unfinished
    /// and no longer registered. A later machine of the same name does not get the old UEFI variables.
    @Test(arguments: Condition.allCases) func destroyLeavesNothing(_ condition: Condition) throws {
        let lab = try BuiltLab("everything-uefi")
        let name = "alpha.rack-7.example.net"
        let folder = "\(host.machineFolder)/rack-7.example.net/\(name)"
        let left = [
            "\(name).nvram", "\(name)-1.19-linux.vbox", "Logs/VBox.log", "Logs/VBox.log.1", "Logs/VBoxHardening.log",
        ]
        try host.write(Self.image, to: "lab.iso")
        try run(lab, "up", "--bridge", "eth0", "--iso", "lab.iso", "alpha")
        try run(lab, "down", "alpha")
        for file in left { try host.write(Data("x".utf8), to: "\(folder)/\(file)") }
        if condition != .complete { try host.write(to: "\(folder)/unfinished") }
        if condition == .unregistered { #expect(try host.manage("unregistervm", name).status == 0) }
        try run(lab, "destroy", "--yes", "alpha")
        #expect(host.files == [])
        // VirtualBox's graphical interface leaves this file when it removes only the machine.
        try host.write(Data("x".utf8), to: "\(folder)/\(name).nvram")
        try run(lab, "up", "--bridge", "eth0", "--iso", "lab.iso", "alpha")
        #expect(!host.exists("\(folder)/\(name).nvram"))
    }

    /// On a terminal, `destroy` asks for confirmation, which is the domain of the lab.
    @Test func destroyAsks() throws {
        let lab = try BuiltLab("one-nic")
        try run(lab, "up", "--bridge", "eth0")
        let refused = try run(lab, "destroy", status: 2)
        #expect(refused.err.contains("--yes"))
        for (answer, status) in [("yes\n", 1), ("home.arpa\n", 0)] as [(String, Int32)] {
            let ran = try host.run(
                ["script", "-qec", "'./\(VirtualBoxHost.script)' destroy", "/dev/null"], input: answer, limit: 60)
            #expect(ran.status == status && ran.out.contains("with their disks: dom0"), "\(ran)")
            #expect(try host.machines.isEmpty == (status == 0))
        }
    }

    /// Files of a machine that is not registered in VirtualBox stop `up` and `destroy`.
    @Test func strayMachine() throws {
        let lab = try BuiltLab("one-nic")
        try run(lab, "up", "--bridge", "eth0")
        try run(lab, "down")
        #expect(try host.manage("unregistervm", "dom0.home.arpa").status == 0)
        let files = host.files
        for words in [["up", "--bridge", "eth0"], ["destroy", "--yes"]] {
            let ran = try host.lab(lab, words)
            #expect(ran.status == 1 && ran.err.contains("run VBoxManage registervm"), "\(ran.err)")
        }
        #expect(try run(lab, "status").out == "dom0  stray\n")
        try host.remove("\(host.machineFolder)/home.arpa/dom0.home.arpa/dom0.home.arpa.vbox")
        let ran = try run(lab, "up", "--bridge", "eth0", status: 1)
        #expect(ran.err.contains("dom0-sda.vdi exists"), "\(ran.err)")
        #expect(host.files == files.filter { !$0.hasSuffix("dom0.home.arpa.vbox") })
    }

    /// The directory of a machine was deleted. While VirtualBox's server runs, it has the machine in memory; a
    /// restarted server reports the machine as inaccessible.
    @Test(arguments: [false, true]) func inaccessibleMachine(_ restart: Bool) throws {
        let lab = try BuiltLab("reference")
        if !restart { try host.startServer() }
        try run(lab, "up", "--bridge", "eth0")
        try run(lab, "down")
        // A foreign machine that is inaccessible as well is kept.
        #expect(try host.manage("createvm", "--name", "other", "--register").status == 0)
        for folder in ["hl.local/xen01.hl.local", "other"] { try host.remove("\(host.machineFolder)/\(folder)") }
        if restart { try endServer() }
        #expect(try run(lab, "status").out == "xen01  inaccessible\nxen02  poweroff\n")
        for words in [["up", "--bridge", "eth0"], ["down"]] {
            let ran = try host.lab(lab, words)
            #expect(
                ran.status == 1 && ran.err.contains("hl.local/xen01.hl.local, the directory of the machine")
                    && ran.err.contains("run `lab destroy xen01`"), "\(ran.err)")
        }
        try run(lab, "destroy", "--yes", "xen01")
        #expect(try host.machines.map(\.name).sorted() == [restart ? "<inaccessible>" : "other", "xen02.hl.local"])
        try run(lab, "up", "--bridge", "eth0")
        #expect(try host.picture.hasSuffix(Self.reference))
        // The user has to repair settings that cannot be read.
        try run(lab, "down")
        try host.write(Data("damaged".utf8), to: "\(host.machineFolder)/hl.local/xen01.hl.local/xen01.hl.local.vbox")
        try endServer()
        let ran = try run(lab, "destroy", "--yes", "xen01", status: 1)
        #expect(ran.err.contains("xen01.hl.local.vbox: repair it, or move it away"), "\(ran.err)")
        #expect(host.files.contains("hl.local/xen01.hl.local/xen01-sda.vdi"))
    }

    /// Ends VirtualBox's server, which would otherwise end some seconds after the last client.
    private func endServer() throws {
        let ended = try host.run(
            [
                "sh", "-c",
                """
                kill $(ps -C VBoxSVC -o pid=)
                for _ in $(seq 100); do
                    ps -C VBoxSVC >/dev/null || exit 0
                    sleep 0.1
                done
                exit 1
                """,
            ])
        try #require(ended.status == 0, "\(ended.err)")
    }

    @Test func twoOfOneName() throws {
        for folder in ["a", "b"] {
            let base = "\(VirtualBoxHost.home)/\(folder)"
            #expect(
                try host.manage("createvm", "--name", "dom0.home.arpa", "--basefolder", base, "--register").status == 0)
        }
        let ran = try run(try BuiltLab("one-nic"), "up", "--bridge", "eth0", status: 1)
        #expect(ran.err.contains("two machines named dom0.home.arpa"), "\(ran.err)")
    }

    /// A default machine folder may have a name with non-ASCII letters.
    @Test func machineFolder() throws {
        host.machineFolder = "Geräte für Xen"
        #expect(
            try host.manage("setproperty", "machinefolder", "\(VirtualBoxHost.home)/\(host.machineFolder)").status == 0)
        let lab = try BuiltLab("one-nic")
        try run(lab, "up", "--bridge", "eth0")
        #expect(try host.picture == Self.oneNIC)
        try run(lab, "destroy", "--yes")
        #expect(try host.machines.isEmpty && host.files == [])
    }

    // MARK: Power

    @Test func powerButton() throws {
        let lab = try BuiltLab("reference")
        try host.write(to: ".test/button")
        try run(lab, "up", "--bridge", "eth0")
        let ran = try run(lab, "down", "--wait", "1", "xen02", status: 1)
        #expect(ran.err.contains("still on: xen02"), "\(ran.err)")
        #expect(try host.calls.count { $0.hasPrefix("controlvm") } == 1)
        try run(lab, "down", "--wait=0", "--force", "xen02")
        #expect(try run(lab, "status").out == "xen01  running\nxen02  poweroff\n")
        let xen01 = try #require(try host.machines.first { $0.name == "xen01.hl.local" })
        try host.write(Data("paused\n".utf8), to: ".test/on/\(xen01.id)")
        #expect(try run(lab, "up", status: 1).err.contains("xen01: is paused; switch it off first"))
        try run(lab, "down", "--wait", "0", status: 1)
        try run(lab, "down", "--wait", "0", "--force")
        #expect(try run(lab, "status").out == "xen01  poweroff\nxen02  poweroff\n")
    }

    /// VirtualBox keeps a machine locked for a moment after it was switched off.
    @Test func lockedForAMoment() throws {
        let lab = try BuiltLab("one-nic")
        try host.write(Data("2\n".utf8), to: ".test/linger")
        try run(lab, "up", "--bridge", "eth0")
        try run(lab, "down")
        try run(lab, "up")
        #expect(try host.picture == Self.oneNIC)
        try run(lab, "destroy", "--yes")
        #expect(host.files == [])
    }

    /// A machine with a saved state, which VirtualBox adopts from any file, can be resumed and destroyed.
    @Test func savedState() throws {
        let lab = try BuiltLab("one-nic")
        try run(lab, "up", "--bridge", "eth0")
        for then in ["up", "destroy"] {
            try run(lab, "down")
            try host.write(Data("state".utf8), to: "state.sav")
            let adopted = try host.manage("adoptstate", "dom0.home.arpa", "\(VirtualBoxHost.home)/state.sav")
            try #require(adopted.status == 0, "\(adopted.err)")
            try run(lab, "down")
            #expect(try run(lab, "status").out == "dom0  saved\n")
            if then == "up" {
                try host.write(Self.image, to: "lab.iso")
                let refused = try run(lab, "up", "--iso", "lab.iso", status: 1)
                #expect(refused.err.contains("VBoxManage discardstate dom0.home.arpa"), "\(refused.err)")
                #expect(try run(lab, "status").out == "dom0  saved\n")
                try run(lab, "up")
                #expect(try host.picture == Self.oneNIC)
            } else {
                try run(lab, "destroy", "--yes")
                #expect(try host.machines.isEmpty && host.files == [])
            }
        }
    }

    @Test func console() throws {
        let lab = try BuiltLab("three-nodes")
        try run(lab, "console", status: 1)
        try run(lab, "up", "--bridge", "eth0", "xen1", "xen2")
        try run(lab, "console", "xen10", status: 1)
        for (words, expected) in [(["xen1"], 1), (["xen1", "xen2"], 2)] {
            // The command continues until it is killed.
            let ran = try host.run(
                [
                    "sh", "-c",
                    """
                    lines=$1
                    shift
                    "$@" >console &
                    for _ in $(seq 300); do
                        [ "$(grep -c '^started$' console)" -lt "$lines" ] || break
                        sleep 0.1
                    done
                    kill "$!" && cat console
                    """, "sh", "\(expected)", "./\(VirtualBoxHost.script)", "console",
                ] + words)
            #expect(ran.status == 0 && ran.out.split(separator: "\n").count { $0 == "started" } == expected, "\(ran)")
        }
    }

    // MARK: Interruption

    static let up = ["up", "--bridge", "eth0"]

    /// If the script is killed before, after or in the middle of any call, the next `up` completes the machines.
    @Test(arguments: ["before", "half", "after"])
    func interruptedUp(_ when: String) throws {
        let lab = try BuiltLab("one-nic")
        for call in try calls(of: Self.up, lab, cut: when) {
            try host.cut(when, call)
            let ran = try host.lab(lab, Self.up)
            #expect(ran.status == 128 + 9, "\(call): \(ran.err)")
            try host.cutNothing()
            let again = try host.lab(lab, Self.up)
            #expect(again.status == 0, "\(call): \(again.err)")
            #expect(try host.picture == Self.oneNIC, "\(call)")
            try run(lab, "destroy", "--yes")
            #expect(try host.machines.isEmpty && host.files == [], "\(call)")
            #expect(try host.manage("list", "hdds").out == "", "\(call)")
        }
    }

    /// If `destroy` is killed, the next `destroy` completes it, and a new machine can be created.
    @Test(arguments: ["before", "half", "after"], [["destroy", "--yes"], up])
    func interruptedDestroy(_ when: String, _ then: [String]) throws {
        let lab = try BuiltLab("one-nic")
        for call in try calls(of: ["destroy", "--yes"], lab, after: Self.up, cut: when) {
            #expect(try host.lab(lab, Self.up).status == 0)
            try host.cut(when, call)
            #expect(try host.lab(lab, ["destroy", "--yes"]).status == 128 + 9)
            try host.cutNothing()
            let again = try host.lab(lab, then)
            #expect(again.status == 0, "\(call): \(again.err)")
            #expect(try host.picture == (then == Self.up ? Self.oneNIC : ""), "\(call)")
            #expect(host.files.isEmpty == (then != Self.up), "\(call)")
        }
    }

    /// Returns the numbers of the calls to interrupt. Calls that only read are left out, because they change nothing.
    private func calls(of words: [String], _ lab: BuiltLab, after first: [String] = [], cut when: String) throws
        -> [Int]
    {
        if !first.isEmpty { #expect(try host.lab(lab, first).status == 0) }
        try host.forgetCalls()
        #expect(try host.lab(lab, words).status == 0)
        let calls = try host.calls.map { $0.split(separator: " ")[0] }
        try run(lab, "destroy", "--yes")
        let numbers = calls.indices.filter { index in
            switch when {
            case "half": ["createvm", "createmedium", "unregistervm"].contains(calls[index])
            default: !["--version", "list", "showvminfo", "getextradata"].contains(calls[index])
            }
        }
        try #require(!numbers.isEmpty)
        return numbers.map { $0 + 1 }
    }

    /// The first node is complete when the script is interrupted at the second one.
    @Test func interruptedAtTheSecondNode() throws {
        let lab = try BuiltLab("reference")
        let up = Self.up
        try run(lab, "up", "--bridge", "eth0")
        let count = try host.calls.count
        try run(lab, "destroy", "--yes")
        try host.cut("before", count - 4)
        #expect(try host.lab(lab, up).status == 128 + 9)
        try host.cutNothing()
        #expect(try run(lab, "status").out == "xen01  running\nxen02  unfinished\n")
        let first = try #require(try host.machines.first { $0.name == "xen01.hl.local" })
        // Without an interface for the LAN, the second machine is not created again.
        try run(lab, "up", status: 2)
        try run(lab, "up", "--bridge", "eth0")
        #expect(try host.picture == Self.reference)
        #expect(try host.machines.contains { $0.id == first.id })
    }

    @Test func unfinishedButRunning() throws {
        let lab = try BuiltLab("one-nic")
        try run(lab, "up", "--bridge", "eth0")
        try host.write(to: "\(host.machineFolder)/home.arpa/dom0.home.arpa/unfinished")
        try run(lab, "up", "--bridge", "eth0", status: 1)
        try run(lab, "destroy", "--yes")
        #expect(host.files == [])
    }

    /// If the machine's directory is not writable, `destroy` fails with an environment error.
    @Test func readOnly() throws {
        let lab = try BuiltLab("one-nic")
        try run(lab, "up", "--bridge", "eth0")
        try run(lab, "down")
        let folder = "\(host.machineFolder)/home.arpa/dom0.home.arpa"
        #expect(try host.run(["chmod", "555", folder]).status == 0)
        let ran = try run(lab, "destroy", "--yes", status: 3)
        #expect(ran.err.contains("cannot write to /home/user/\(folder)"), "\(ran.err)")
        #expect(try host.run(["chmod", "755", folder]).status == 0)
        try run(lab, "destroy", "--yes")
        #expect(host.files == [])
    }
}
