import Foundation
import TestSupport
import Testing

/// The script for VirtualBox, against a stand-in: VirtualBox itself is never run here.
struct VirtualBoxTests {
    // MARK: The machines are what the lab says

    static let pc =
        "Debian_64 chipset piix3 acpi on ioapic on pae on longmode on hpet on utc on paravirt none vram 16 usb off "
        + "mouse ps2 audio off boot disk dvd net none"

    static let reference = """
        xen01.hl.local running, bios, 2 CPUs, 2048 MiB
        hl.local/xen01.hl.local/xen01.hl.local.vbox
        1 intnet drbd.hl.local 080027162213 82540EM deny priority 0 cable on
        2 bridged eth0 080027080813 82540EM allow-all priority 1 cable on
        uart1 0x03f8,4 file,hl.local/xen01.hl.local/serial.log
        IDE ide 2 ports, bootable
          1-0 emptydrive
        SATA sata 1 ports, bootable
          0-0 hl.local/xen01.hl.local/xen01-sda.vdi 20480 MiB
        xenseed/lab=hl.local
        group /hl.local \(pc)

        xen02.hl.local running, bios, 2 CPUs, 2048 MiB
        hl.local/xen02.hl.local/xen02.hl.local.vbox
        1 intnet drbd.hl.local 080027162214 82540EM deny priority 0 cable on
        2 bridged eth0 080027080814 82540EM allow-all priority 1 cable on
        uart1 0x03f8,4 file,hl.local/xen02.hl.local/serial.log
        IDE ide 2 ports, bootable
          1-0 emptydrive
        SATA sata 1 ports, bootable
          0-0 hl.local/xen02.hl.local/xen02-sda.vdi 20480 MiB
        xenseed/lab=hl.local
        group /hl.local \(pc)
        """

    static let oneNIC = """
        dom0.home.arpa running, bios, 4 CPUs, 8192 MiB
        home.arpa/dom0.home.arpa/dom0.home.arpa.vbox
        1 bridged eth0 525400123456 82540EM allow-all priority 1 cable on
        uart1 0x03f8,4 file,home.arpa/dom0.home.arpa/serial.log
        IDE ide 2 ports, bootable
          1-0 emptydrive
        SATA sata 1 ports, bootable
          0-0 home.arpa/dom0.home.arpa/dom0-sda.vdi 20480 MiB
        xenseed/lab=home.arpa
        group /home.arpa \(pc)
        """

    static let threeNodes = [("xen1", "08002730001"), ("xen10", "080027300A0"), ("xen2", "08002730002")]
        .map { node, mac in
            """
            \(node).hl.local running, bios, 4 CPUs, 16384 MiB
            hl.local/\(node).hl.local/\(node).hl.local.vbox
            1 bridged eth0 \(mac)0 82540EM allow-all priority 1 cable on
            2 intnet guests.hl.local \(mac)1 82540EM allow-all priority 0 cable on
            3 intnet guests.hl.local \(mac)2 82540EM allow-all priority 0 cable on
            uart1 0x03f8,4 file,hl.local/\(node).hl.local/serial.log
            IDE ide 2 ports, bootable
              1-0 emptydrive
            SATA sata 1 ports, bootable
              0-0 hl.local/\(node).hl.local/\(node)-sda.vdi 20480 MiB
            xenseed/lab=hl.local
            group /hl.local \(pc)
            """
        }.joined(separator: "\n\n")

    /// Of `everything` and `everything-uefi`.
    static func alpha(_ firmware: String, _ device: String) -> String {
        """
        alpha.rack-7.example.net running, \(firmware), 16 CPUs, 65536 MiB
        rack-7.example.net/alpha.rack-7.example.net/alpha.rack-7.example.net.vbox
        1 bridged eth0 3C970EAABB01 82540EM allow-all priority 1 cable on
        2 intnet storage.rack-7.example.net 3C970EAABB02 82540EM deny priority 0 cable on
        3 intnet spare.rack-7.example.net 3C970EAABB03 82540EM allow-all priority 0 cable on
        4 intnet spare.rack-7.example.net 3C970EAABB04 82540EM allow-all priority 0 cable on
        uart2 0x02f8,3 file,rack-7.example.net/alpha.rack-7.example.net/serial.log
        IDE ide 2 ports, bootable
          1-0 emptydrive
        SATA sata 2 ports, bootable
          0-0 rack-7.example.net/alpha.rack-7.example.net/alpha-sda.vdi 1907349 MiB
          1-0 rack-7.example.net/alpha.rack-7.example.net/alpha-sdb.vdi 1024 MiB
        VBoxInternal/Devices/ahci/0/Config/Port0/SerialNumber=string:VB1234:5-6.7+8
        VBoxInternal/Devices/\(device)/0/Config/DmiSystemSerial=string:CZ3210 AB/7.1_x+y-Z
        xenseed/lab=rack-7.example.net
        group /rack-7.example.net \(pc)
        """
    }

    /// From nothing to nothing, by every verb; whatever is done twice changes nothing.
    @Test(arguments: VirtualBoxHost.versions)
    func everyVerb(_ version: String) throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost(version: version)
        try wholeLife(of: lab, on: host, shell: [])
    }

    /// Adapters' numbers decide the order in which the kernel finds cards.
    @Test(arguments: ["reverse", "eth1,eth0", "eth1"]) func cards(_ order: String) throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        func done(_ words: String...) throws {
            let ran = try host.lab(lab, words)
            #expect(ran.status == 0, "\(words): \(ran.err)")
        }
        let reversed = Self.reference.replacing("\n1 intnet", with: "\n* intnet").replacing(
            "\n2 bridged", with: "\n1 bridged"
        )
        .replacing("\n* intnet", with: "\n2 intnet").split(separator: "\n", omittingEmptySubsequences: false)
        func sorted(_ lines: [Substring]) -> [Substring] { lines.sorted() }
        try done("up", "--bridge", "eth0", "--cards", order)
        #expect(sorted(try host.picture.split(separator: "\n", omittingEmptySubsequences: false)) == sorted(reversed))
        // With another order, the adapter is on another network than the one that it was on.
        try done("down", "--wait", "0", "--force")
        let refused = try host.lab(lab, ["up"])
        #expect(
            refused.status == 2 && refused.err.contains("nothing says yet what carries the network lan"),
            "\(refused.err)")
        try done("up", "--cards", order)
        #expect(sorted(try host.picture.split(separator: "\n", omittingEmptySubsequences: false)) == sorted(reversed))
        try done("down", "--wait", "0", "--force")
        try done("up", "--bridge", "eth0")
        #expect(try host.picture == Self.reference)
        let unknown = try host.lab(lab, ["up", "--cards", "eth0,eth7"])
        #expect(
            unknown.status == 2 && unknown.err.contains("no card is named eth7; there are: eth0 eth1"), "\(unknown.err)"
        )
    }

    @Test(arguments: [["dash"], ["busybox", "ash"], ["bash", "--posix"]])
    func everyShell(_ shell: [String]) throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        try host.set(["noise": "WARNING: The vboxdrv kernel module is not loaded."])
        try wholeLife(of: lab, on: host, shell: shell)
    }

    private func wholeLife(of lab: BuiltLab, on host: VirtualBoxHost, shell: [String]) throws {
        func done(_ words: String..., says expected: String = "") throws {
            let ran = try host.lab(lab, words, shell: shell)
            #expect(ran.status == 0, "\(words): \(ran.err)")
            #expect(ran.out == expected)
            // What a version finds deprecated, it says there.
            #expect(!ran.err.contains("Warning"), "\(ran.err)")
        }
        try done("status", says: "xen01  absent\nxen02  absent\n")
        try done("down")
        try done("destroy", "--yes")
        try done("up", "--bridge", "eth0")
        #expect(try host.picture == Self.reference)
        try done("status", says: "xen01  running\nxen02  running\n")
        let first = try host.state
        try done("up", "--bridge", "eth0")
        try done("up")
        #expect(try host.picture == Self.reference)
        try done("down")
        try done("status", says: "xen01  poweroff\nxen02  poweroff\n")
        try done("up")
        #expect(try host.picture == Self.reference)
        #expect(try host.state.machines.keys.sorted() == first.machines.keys.sorted())
        try done("destroy", "--yes")
        #expect(try host.state.machines.isEmpty)
        #expect(try host.state.media.isEmpty)
        #expect(host.files == [])
    }

    @Test(arguments: [
        ("one-nic", [], oneNIC), ("three-nodes", [], threeNodes), ("everything", ["alpha"], alpha("bios", "pcbios")),
        ("everything-uefi", ["alpha"], alpha("efi", "efi")),
    ])
    func otherLabs(_ name: String, _ nodes: [String], _ expected: String) throws {
        let lab = try BuiltLab(name)
        for version in [VirtualBoxHost.versions.first!, VirtualBoxHost.versions.last!] {
            let host = try VirtualBoxHost(version: version)
            let ran = try host.lab(lab, ["up", "--bridge", "eth0"] + nodes)
            #expect(ran.status == 0, "\(ran.err)")
            #expect(try host.picture == expected)
        }
    }

    /// A changed lab reaches machines that are switched off; their disks stay.
    @Test func changedLab() throws {
        let host = try VirtualBoxHost()
        let serial = "    serial: ABC1234\n"
        for (memory, more, network) in [("4 GiB", serial, "lan"), ("6 GiB", "", "lan")] {
            let text = BuiltLab.text(node: more).replacing("4 GiB", with: memory)
            let lab = try BuiltLab(text: text.replacing("network: lan}", with: "network: \(network)}"))
            #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
            let machine = try #require(try host.state.machines.values.first)
            #expect(machine.settings["memory"]?.description == (memory == "4 GiB" ? "4096" : "6144"))
            #expect(machine.extra.values.contains("string:ABC1234") == !more.isEmpty)
            #expect(try host.lab(lab, ["down"]).status == 0)
        }
        #expect(try host.calls.count { $0.first == "createmedium" } == 1)
    }

    // MARK: What carries the LAN

    @Test func nothingIsGuessed() throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        let ran = try host.lab(lab, ["up"])
        #expect(ran.status == 2)
        for word in ["network lan", "  eth0\n", "  wlan0\n", "  vboxnet0\n"] { #expect(ran.err.contains(word)) }
        #expect(try host.state.machines.isEmpty)
        #expect(host.files == [])
    }

    @Test(arguments: [
        (["--hostonly", "vboxnet0"], [:], "hostonly vboxnet0"), (["--hostonly=lan=vboxnet0"], [:], "hostonly vboxnet0"),
        (["--bridge=lan=wlan0"], [:], "bridged wlan0"), ([], ["XENSEED_BRIDGE": "wlan0"], "bridged wlan0"),
        ([], ["XENSEED_HOSTONLY": "vboxnet0"], "hostonly vboxnet0"),
        (["--bridge", "eth0"], ["XENSEED_HOSTONLY": "vboxnet0"], "bridged eth0"),
    ])
    func carriers(_ words: [String], _ environment: [String: String], _ expected: String) throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        let ran = try host.lab(lab, ["up"] + words, environment: environment)
        #expect(ran.status == 0, "\(ran.err)")
        #expect(try host.picture == Self.reference.replacing("bridged eth0", with: expected))
    }

    /// Once chosen it stays, until something else is chosen while the machine is off.
    @Test func anotherCarrier() throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.lab(lab, ["up", "--hostonly", "vboxnet0"]).status == 0)
        #expect(try host.picture == Self.reference)
        #expect(try host.lab(lab, ["down", "xen02"]).status == 0)
        #expect(try host.lab(lab, ["up", "--hostonly", "vboxnet0", "xen02"]).status == 0)
        #expect(
            try host.picture
                == Self.reference.replacing(
                    "bridged eth0 080027080814", with: "hostonly vboxnet0 080027080814"))
    }

    /// An adapter that leads nowhere by now is no choice.
    @Test func lostCarrier() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.lab(lab, ["down"]).status == 0)
        try host.change("dom0.home.arpa") { $0.settings["nic1"] = .text("nat") }
        #expect(try host.lab(lab, ["up"]).status == 2)
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.picture == Self.oneNIC)
    }

    @Test(arguments: [
        ("6.1.50r161033", ["--bridge", "en0"], "bridged en0: Wi-Fi (AirPort)"),
        ("6.1.50r161033", ["--hostonly", "vboxnet0"], "hostonly vboxnet0"),
        ("7.0.14r161095", ["--hostonly", "Legacy Network"], "hostonlynet Legacy Network"),
        ("7.2.0r170228", ["--hostonly", "Legacy Network"], "hostonlynet Legacy Network"),
    ])
    func mac(_ version: String, _ words: [String], _ expected: String) throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost(version: version, os: "darwin")
        try host.set([
            "bridged": ["en0: Wi-Fi (AirPort)", "en01"], "hostonlynets": ["Legacy Network"],
            "hostonly": version.hasPrefix("6") ? ["vboxnet0"] : [],
        ])
        let ran = try host.lab(lab, ["up"] + words)
        #expect(ran.status == 0, "\(ran.err)")
        #expect(try host.picture == Self.reference.replacing("bridged eth0", with: expected))
    }

    @Test(arguments: [
        ["--bridge", "eth1"], ["--hostonly", "eth0"], ["--hostonly", "vboxnet"], ["--bridge", "eth."],
    ])
    func noSuchCarrier(_ words: [String]) throws {
        let host = try VirtualBoxHost()
        let ran = try host.lab(try BuiltLab("reference"), ["up"] + words)
        #expect(ran.status == 1)
        #expect(ran.err.contains("there is no \(words[1]) for \(words[0])") && ran.err.contains("  wlan0\n"))
        #expect(try host.state.machines.isEmpty)
    }

    /// Two networks that lead out, each with a carrier of its own; a closed one on which the mirror is reached.
    @Test func severalNetworks() throws {
        let lab = try BuiltLab(
            text: BuiltLab.text(
                node: """
                      xen02:
                        interfaces:
                          eth0: {mac: "08:00:27:00:00:02", network: wan, address: 10.9.0.2}
                    """,
                networks: "  wan: {subnet: 10.9.0.0/16, gateway: 10.9.0.1, dns: [10.9.0.1]}"))
        let host = try VirtualBoxHost()
        var ran = try host.lab(lab, ["up", "--bridge", "lan=eth0"])
        #expect(ran.status == 2 && ran.err.contains("network wan:"), "\(ran.err)")
        ran = try host.lab(lab, ["up", "--bridge", "eth0", "--hostonly", "wan=vboxnet0"])
        #expect(ran.status == 2 && ran.err.contains("twice"), "\(ran.err)")
        ran = try host.lab(lab, ["up", "--bridge", "lan=eth0", "--hostonly", "wan=vboxnet0"])
        #expect(ran.status == 0, "\(ran.err)")
        let kinds = try host.state.machines.values.sorted { $0.name < $1.name }.map { $0.settings["nic1"]!.description }
        #expect(kinds == ["bridged", "hostonly"])
    }

    // MARK: What is started from

    @Test func bootSource() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        let iso = host.folder.url("lab one.iso")
        try Data("iso".utf8).write(to: iso)
        let there = URL(filePath: host.folder.path)
        func drive() throws -> String? { try host.state.machines.values.first?.controllers["IDE"]?.media["1-0"] }
        #expect(try host.lab(lab, ["up", "--bridge", "eth0", "--iso", "none.iso"], in: there).status == 1)
        #expect(try host.calls.isEmpty)
        #expect(try host.lab(lab, ["up", "--bridge", "eth0", "--iso", "lab one.iso"], in: there).status == 0)
        #expect(try drive() == iso.path)
        for (words, expected) in [([], iso.path), (["--pxe"], "emptydrive"), ([], "emptydrive")] {
            #expect(try host.lab(lab, ["down"]).status == 0)
            #expect(try host.lab(lab, ["up"] + words).status == 0)
            #expect(try drive() == expected)
        }
        #expect(try host.lab(lab, ["down"]).status == 0)
        #expect(try host.lab(lab, ["up"], environment: ["XENSEED_ISO": iso.path]).status == 0)
        #expect(try drive() == iso.path)
        #expect(try host.lab(lab, ["destroy", "--yes"]).status == 0)
        #expect(FileManager.default.fileExists(atPath: iso.path))
        #expect(host.files == [])
    }

    // MARK: What is somebody else's

    /// A machine of the name, without the mark, or with another lab's.
    @Test(arguments: [nil, "other.lab"])
    func foreignMachine(_ mark: String?) throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        #expect(try host.manage("createvm", "--name", "xen02.hl.local", "--register").status == 0)
        if let mark { #expect(try host.manage("setextradata", "xen02.hl.local", "xenseed/lab", mark).status == 0) }
        let before = try host.state.machines
        let (picture, files) = (try host.picture, host.files)
        for words in [
            ["up", "--bridge", "eth0"], ["down"], ["down", "--force", "xen02"], ["destroy", "--yes"],
            ["console", "xen02"],
        ] {
            let ran = try host.lab(lab, words)
            #expect(ran.status == 1 && ran.err.contains("did not make"), "\(words): \(ran.err)")
        }
        #expect(try host.lab(lab, ["status"]).out == "xen01  absent\nxen02  foreign\n")
        #expect(try host.state.machines.keys == before.keys)
        #expect(try host.picture == picture)
        #expect(host.files == files)
        // The other node is not hindered.
        #expect(try host.lab(lab, ["up", "--bridge", "eth0", "xen01"]).status == 0)
        #expect(try host.lab(lab, ["destroy", "--yes", "xen01"]).status == 0)
        #expect(try host.picture == picture)
    }

    /// Another lab's machines, a disk of the user's in one of ours, and files beside them outlast everything.
    @Test func destroyTakesItsOwnOnly() throws {
        let lab = try BuiltLab("reference")
        let other = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        #expect(try host.lab(other, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.lab(lab, ["down"]).status == 0)
        let disk = host.folder.url("precious.vdi").path
        #expect(try host.manage("createmedium", "disk", "--filename", disk, "--size", "10").status == 0)
        try host.change("xen01.hl.local") {
            $0.controllers["SATA"]!.ports = 2
            $0.controllers["SATA"]!.media["1-0"] = disk
        }
        let note = host.home.appending(path: "hl.local/xen02.hl.local/note.txt")
        try Data("mine".utf8).write(to: note)
        let ran = try host.lab(lab, ["destroy", "--yes"])
        #expect(ran.status == 0 && ran.err.contains("is not empty"), "\(ran.err)")
        #expect(try host.picture == Self.oneNIC)
        #expect(try host.state.media.keys.contains(disk))
        #expect(FileManager.default.fileExists(atPath: disk) && FileManager.default.fileExists(atPath: note.path))
        #expect(host.files.count { $0.contains("hl.local") } == 3)
    }

    /// On a terminal it asks; anything but the lab's domain is a no.
    @Test func destroyAsks() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        for (answer, status) in [("yes\n", 1), ("home.arpa\n", 0)] as [(String, Int32)] {
            let ran = try run(
                ["timeout", "-s", "KILL", "60", "script", "-qec", "\(lab.script.path) destroy", "/dev/null"],
                input: Data(answer.utf8), environment: host.surroundings)
            #expect(ran.status == status && ran.out.contains("with their disks: dom0"), "\(ran.out)")
            #expect(try host.state.machines.isEmpty == (status == 0))
        }
    }

    /// Files where a machine belongs that VirtualBox does not know: perhaps of a disk that is not mounted, say.
    @Test func strayMachine() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.lab(lab, ["down"]).status == 0)
        #expect(try host.manage("unregistervm", "dom0.home.arpa").status == 0)
        let files = host.files
        for words in [["up", "--bridge", "eth0"], ["destroy", "--yes"]] {
            let ran = try host.lab(lab, words)
            #expect(ran.status == 1 && ran.err.contains("does not know"), "\(ran.err)")
        }
        #expect(try host.lab(lab, ["status"]).out == "dom0  stray\n")
        try FileManager.default.removeItem(
            at: host.home.appending(path: "home.arpa/dom0.home.arpa/dom0.home.arpa.vbox"))
        let ran = try host.lab(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 1 && ran.err.contains("in the way"), "\(ran.err)")
        #expect(host.files == files.filter { !$0.hasSuffix(".vbox") })
    }

    @Test func twoOfOneName() throws {
        let host = try VirtualBoxHost()
        for folder in ["a", "b"] {
            let base = host.folder.url(folder).path
            #expect(
                try host.manage("createvm", "--name", "dom0.home.arpa", "--basefolder", base, "--register").status == 0)
        }
        let ran = try host.lab(try BuiltLab("one-nic"), ["up", "--bridge", "eth0"])
        #expect(ran.status == 1 && ran.err.contains("two machines"), "\(ran.err)")
    }

    // MARK: What is interrupted

    /// Every call of `up` fails, in three ways; the next `up` completes what was begun.
    @Test(arguments: ["before", "half", "after"])
    func interruptedUp(_ when: String) throws {
        let lab = try BuiltLab("one-nic")
        for call in try Self.calls(of: ["up", "--bridge", "eth0"], lab, thatFail: when) {
            let host = try VirtualBoxHost()
            try host.set(["fail": ["call": call, "when": when]])
            let ran = try host.lab(lab, ["up", "--bridge", "eth0"])
            #expect(ran.status == 3, "\(call): \(ran.err)")
            try host.set(["fail": [:] as [String: Any]])
            let again = try host.lab(lab, ["up", "--bridge", "eth0"])
            #expect(again.status == 0, "\(call): \(again.err)")
            #expect(try host.picture == Self.oneNIC, "\(call)")
            #expect(try host.state.media.count == 1)
        }
    }

    /// So does every call of `destroy`; what it left is taken away by the next one, and hinders no new machine.
    @Test(arguments: ["before", "half", "after"], [["destroy", "--yes"], ["up", "--bridge", "eth0"]])
    func interruptedDestroy(_ when: String, _ then: [String]) throws {
        let lab = try BuiltLab("one-nic")
        let up = ["up", "--bridge", "eth0"]
        for call in try Self.calls(of: ["destroy", "--yes"], lab, after: up, thatFail: when) {
            let host = try VirtualBoxHost()
            #expect(try host.lab(lab, up).status == 0)
            try host.forgetCalls()
            try host.set(["fail": ["call": call, "when": when]])
            #expect(try host.lab(lab, ["destroy", "--yes"]).status == 3)
            try host.set(["fail": [:] as [String: Any]])
            let again = try host.lab(lab, then)
            #expect(again.status == 0, "\(call): \(again.err)")
            #expect(try host.picture == (then == up ? Self.oneNIC : ""), "\(call)")
            #expect(host.files.isEmpty == (then != up), "\(call)")
            #expect(try host.state.media.count == (then == up ? 1 : 0))
        }
    }

    /// Numbers of the calls that a command makes and that can fail so: what only reads does nothing halfway, and what
    /// it has answered is as good as if it had not been interrupted.
    private static func calls(
        of words: [String], _ lab: BuiltLab, after first: [String] = [], thatFail when: String
    ) throws -> [Int] {
        let host = try VirtualBoxHost()
        if !first.isEmpty { #expect(try host.lab(lab, first).status == 0) }
        try host.forgetCalls()
        #expect(try host.lab(lab, words).status == 0)
        let calls = try host.calls
        let numbers = calls.indices.filter { index in
            switch when {
            case "before": true
            case "half": ["createvm", "createmedium", "unregistervm"].contains(calls[index][0])
            default: !["--version", "list", "showvminfo", "getextradata"].contains(calls[index][0])
            }
        }
        try #require(!numbers.isEmpty)
        return numbers.map { $0 + 1 }
    }

    /// The first node is whole when the second one fails.
    @Test func interruptedAtTheSecondNode() throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        let count = try Self.calls(of: ["up", "--bridge", "eth0"], lab, thatFail: "before").count
        try host.set(["fail": ["call": count - 4, "when": "before"]])
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 3)
        #expect(try host.lab(lab, ["status"]).out == "xen01  running\nxen02  unfinished\n")
        try host.set(["fail": [:] as [String: Any]])
        let first = try #require(try host.state.machines.values.first { $0.name == "xen01.hl.local" })
        // Without a name for the LAN the second one is not made anew.
        #expect(try host.lab(lab, ["up"]).status == 2)
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.picture == Self.reference)
        #expect(try host.state.machines[first.uuid] != nil)
    }

    @Test func unfinishedButRunning() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        try Data().write(to: host.home.appending(path: "home.arpa/dom0.home.arpa/unfinished"))
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 1)
        #expect(try host.lab(lab, ["destroy", "--yes"]).status == 0)
        #expect(host.files == [])
    }

    // MARK: Off

    @Test func powerButton() throws {
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        try host.set(["acpi": "ignored"])
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        var ran = try host.lab(lab, ["down", "--wait", "1", "xen02"])
        #expect(ran.status == 1 && ran.err.contains("still on: xen02"), "\(ran.err)")
        #expect(try host.calls.count { $0.first == "controlvm" } == 1)
        ran = try host.lab(lab, ["down", "--wait=0", "--force", "xen02"])
        #expect(ran.status == 0, "\(ran.err)")
        #expect(try host.lab(lab, ["status"]).out == "xen01  running\nxen02  poweroff\n")
        try host.change("xen01.hl.local") { $0.state = "paused" }
        #expect(try host.lab(lab, ["up"]).status == 1)
        #expect(try host.lab(lab, ["down", "--wait", "0"]).status == 1)
        #expect(try host.lab(lab, ["down", "--wait", "0", "--force"]).status == 0)
        #expect(try host.lab(lab, ["status"]).out == "xen01  poweroff\nxen02  poweroff\n")
    }

    /// VirtualBox keeps a machine locked for a moment after it is off.
    @Test func lockedForAMoment() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        try host.set(["locked": 2])
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        #expect(try host.lab(lab, ["down"]).status == 0)
        #expect(try host.lab(lab, ["up"]).status == 0)
        #expect(try host.picture == Self.oneNIC)
        #expect(try host.lab(lab, ["destroy", "--yes"]).status == 0)
        #expect(host.files == [])
    }

    @Test func savedState() throws {
        let lab = try BuiltLab("one-nic")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["up", "--bridge", "eth0"]).status == 0)
        try host.change("dom0.home.arpa") { $0.state = "saved" }
        #expect(try host.lab(lab, ["down"]).status == 0)
        #expect(try host.lab(lab, ["status"]).out == "dom0  saved\n")
        #expect(try host.lab(lab, ["up"]).status == 0)
        #expect(try host.picture == Self.oneNIC)
        try host.change("dom0.home.arpa") { $0.state = "saved" }
        #expect(try host.lab(lab, ["destroy", "--yes"]).status == 0)
        #expect(try host.state.machines.isEmpty)
    }

    // MARK: Console

    @Test func console() throws {
        let lab = try BuiltLab("three-nodes")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, ["console"]).status == 1)
        #expect(try host.lab(lab, ["up", "--bridge", "eth0", "xen1", "xen2"]).status == 0)
        #expect(try host.lab(lab, ["console", "xen10"]).status == 1)
        for (words, expected) in [(["xen1"], 1), (["xen1", "xen2"], 2)] {
            let ran = try host.lab(lab, ["console"] + words, limit: 2)
            // It goes on until it is ended.
            #expect(ran.status == 128 + 9)
            #expect(ran.out.split(separator: "\n").count { $0 == "started" } == expected, "\(ran.out)")
        }
    }

    // MARK: Wrong command lines, wrong labs, no VirtualBox

    @Test(arguments: [
        [], ["start"], ["up", "--fast"], ["up", "xen03"], ["up", "--bridge"], ["up", "--bridge", ""],
        ["up", "--bridge="],
        ["up", "--bridge", "lan="], ["up", "--bridge", "eth0", "--hostonly", "vboxnet0"], ["up", "--iso"],
        ["up", "--iso="],
        ["up", "--iso", "a", "--pxe"], ["down", "--wait", "soon"], ["down", "--wait", "-1"], ["down", "--wait"],
        ["down", "--yes"], ["destroy"], ["destroy", "--force"], ["status", "--force"], ["console", "-f"],
        ["up", "--pxe=1"], ["destroy", "--yes=1"],
    ])
    func wrongCommandLine(_ words: [String]) throws {
        let host = try VirtualBoxHost()
        let ran = try host.lab(try BuiltLab("reference"), words)
        #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains("lab --help"), "\(words): \(ran.err)")
        #expect(try host.calls.isEmpty)
    }

    @Test func bothInTheEnvironment() throws {
        let host = try VirtualBoxHost()
        let ran = try host.lab(
            try BuiltLab("reference"), ["up"], environment: ["XENSEED_BRIDGE": "eth0", "XENSEED_HOSTONLY": "vboxnet0"])
        #expect(ran.status == 2, "\(ran.err)")
    }

    @Test(arguments: [["--help"], ["-h"], ["help"], ["up", "--help"], ["destroy", "-h"]])
    func help(_ words: [String]) throws {
        let host = try VirtualBoxHost()
        let ran = try host.lab(try BuiltLab("reference"), words)
        #expect(ran.status == 0 && ran.out.hasPrefix("usage: lab up") && ran.err.isEmpty)
        #expect(ran.out.contains("The nodes: xen01 xen02\n"))
        #expect(ran.out.split(separator: "\n").allSatisfy { $0.utf8.count <= 120 })
    }

    @Test(arguments: ["up --bridge eth0", "status", "console", "down", "destroy --yes"])
    func noVirtualBox(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let lab = try BuiltLab("reference")
        let host = try VirtualBoxHost()
        #expect(try host.lab(lab, words, environment: ["PATH": "/usr/bin:/bin"]).status == 3)
        try host.set(["version": "5.1.38r122592"])
        var ran = try host.lab(lab, words)
        #expect(ran.status == 3 && ran.err.contains("too old"), "\(ran.err)")
        try host.set(["fail": ["call": 1, "when": "before"]])
        try host.forgetCalls()
        ran = try host.lab(lab, words)
        #expect(ran.status == 3 && ran.err.contains("--version failed"), "\(ran.err)")
    }

    @Test(arguments: [
        ("    disk: {device: /dev/vda}\n", "", "it is installed on /dev/vda"),
        ("    disk: {device: /dev/nvme0n1}\n", "", "it is installed on /dev/nvme0n1"),
        ("    disk: {by_id: wwn-0x5000c500a0b1c2d3}\n", "", "it is installed on the disk wwn-0x5000c500a0b1c2d3"),
        ("    disk: {by_id: ata-VBOX_HARDDISK_VB0123456789-0123456789}\n", "", "at most 20 characters"),
        ("    disk: {device: /dev/sdae}\n", "", "beyond the 30 ports"),
        ("    disk: {keep: [/dev/sdae]}\n", "", "beyond the 30 ports"),
        ("    cpus: 65\n", "", "it has 65 CPUs; VirtualBox gives 64"),
        ("    memory: 3 TiB\n", "", "it has 3 TiB of memory; VirtualBox gives 2 TiB"),
        (
            "    bridges: {br0: {network: closed, address: 10.7.0.1}}\n",
            (1...8).map { "      eth\($0): {mac: \"08:00:27:00:01:0\($0)\", bridge: br0}\n" }.joined(),
            "it has 9 interfaces; VirtualBox gives 8"
        ),
    ])
    func machinesThatCannotBe(_ node: String, _ interfaces: String, _ why: String) throws {
        let text = BuiltLab.text(node: interfaces + node, networks: "  closed: {subnet: 10.7.0.0/24}")
        let host = try VirtualBoxHost()
        let lab = try BuiltLab(text: text)
        let ran = try host.lab(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 1 && ran.err.contains("xen01: ") && ran.err.contains(why), "\(ran.err)")
        #expect(try host.calls.isEmpty)
        #expect(try host.lab(lab, ["status"]).out == "xen01  absent\n")
    }

    /// One node that can't be made stops nothing but itself, when the others are named.
    @Test func refusedNode() throws {
        let lab = try BuiltLab("everything")
        let host = try VirtualBoxHost()
        let ran = try host.lab(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 1 && ran.err.contains("beta: it is installed on /dev/xvdb"), "\(ran.err)")
        #expect(try host.calls.isEmpty)
        let made = try host.lab(lab, ["up", "--bridge", "eth0", "alpha"])
        #expect(made.status == 0 && made.err.contains("without /dev/mmcblk0, /dev/nvme0n1"), "\(made.err)")
        #expect(try host.lab(lab, ["destroy", "--yes"]).status == 0)
        #expect(host.files == [])
    }

    /// Which disk is at which port: `NAME size in MiB`, separated by commas.
    @Test(arguments: [
        ("device: /dev/sda", "sda 20480"), ("device: /dev/sdb", "sda 1024,sdb 20480"),
        ("device: /dev/sdc, keep: [/dev/sda]", "sda 1024,sdb 1024,sdc 20480"),
        ("select: largest, keep: [/dev/sdb, /dev/sda]", "sda 1024,sdb 1024,sdc 20480"),
        ("select: only", "sda 20480"), ("select: only, keep: [/dev/sdb]", "sda 20480,sdb 1024"),
        ("select: size, size: 250 GB", "sda 238419"), ("device: /dev/sda, size: 30 GiB", "sda 30720"),
        ("layout: lvm, root: 40 GiB, swap: none", "sda 45547"),
        ("by_id: ata-VBOX_HARDDISK_VB01, keep: [/dev/sda]", "sda 1024,sdb 20480"),
    ])
    func disks(_ disk: String, _ expected: String) throws {
        let lab = try BuiltLab(text: BuiltLab.text(node: "    disk: {\(disk)}\n"))
        let host = try VirtualBoxHost()
        let ran = try host.lab(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 0, "\(ran.err)")
        let state = try host.state
        let sata = try #require(state.machines.values.first?.controllers["SATA"])
        let found = try (0..<sata.ports).map { port in
            let path = try #require(sata.media["\(port)-0"])
            let name = path.split(separator: "-").last!.replacing(".vdi", with: "")
            return "\(name) \(state.media[path]!.bytes! >> 20)"
        }
        #expect(found.joined(separator: ",") == expected)
        if disk.hasPrefix("by_id") {
            #expect(
                state.machines.values.first!.extra["VBoxInternal/Devices/ahci/0/Config/Port1/SerialNumber"]
                    == "string:VB01")
        }
    }

    // MARK: The script, and the stand-in

    @Test(arguments: ["reference", "one-nic", "three-nodes", "everything", "everything-uefi", "lvm", "thirty", "disks"])
    func shellsReadIt(_ name: String) throws {
        let lab = try BuiltLab(name)
        for words in [
            ["dash", "-n"], ["busybox", "ash", "-n"], ["bash", "--posix", "-n"],
            ["shellcheck", "--norc", "-s", "sh", "-S", "style", "-f", "gcc"],
        ] {
            let ran = try run(words + [lab.script.path])
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
        }
    }

    /// The stand-in refuses what VirtualBox refuses; without that, the tests above would show nothing.
    @Test func standIn() throws {
        let host = try VirtualBoxHost(version: "7.0.14r161095")
        func check(_ line: String, _ status: Int32, _ message: String = "", at place: SourceLocation = #_sourceLocation)
            throws
        {
            let ran = try run(
                ["VBoxManage"] + line.split(separator: " ").map(String.init), environment: host.surroundings)
            #expect(
                ran.status == status && (message.isEmpty || ran.err.contains(message)), "\(line): \(ran.err)",
                sourceLocation: place)
        }
        try check("showvminfo a --machinereadable", 1, "Could not find a registered machine named 'a'")
        try check("createvm --ostype Debian_64", 2, "--name is required")
        try check("createvm --name a --ostype Debian_64 --register", 0)
        try check("createvm --name a --ostype Debian_64 --register", 1, "already exists")
        try check("modifyvm a --memory 1 --cpus 2", 1)
        try check("modifyvm a --cpus 2", 1, "I/O APIC")
        try check("modifyvm a --audio-enabled off", 2, "Unknown option: --audio-enabled")
        try check("modifyvm a --x86-hpet on", 2, "Unknown option: --x86-hpet")
        try check("modifyvm a --long-mode on --nic-type2 virtio", 0)
        try check("modifyvm a --nic9 none", 1)
        try check("modifyvm a --nic none", 2, "Unknown option: --nic")
        try check("modifyvm a --nic1 hostonlynet", 1)
        try check("modifyvm a --hostonlynet1 x", 2)
        try check("list hostonlynets", 2)
        try check("modifyvm a --macaddress1 08:00:27:00:00:01", 1)
        try check("modifyvm a --macaddress1 090027000001", 1)
        try check("modifyvm a --nicpromisc1 allow", 1)
        try check("modifyvm a --nicbootprio1 5", 1)
        try check("modifyvm a --uartmode1 file /tmp/x", 1, "disabled")
        try check("modifyvm a --uart1 0x3F8", 2)
        try check("modifyvm a --hpet maybe", 2)
        try check(
            "storageattach a --storagectl S --port 0 --device 0 --type hdd --medium /x", 1, "controller named 'S'")
        try check("storagectl a --name S --add sata --portcount 1", 0)
        try check("storagectl a --name S --add sata --portcount 1", 1, "already exists")
        try check("storageattach a --storagectl S --port 1 --device 0 --type dvddrive --medium emptydrive", 1)
        try check("storageattach a --storagectl S --port 0 --device 0 --type hdd --medium /x", 1, "Could not find file")
        let disk = host.folder.url("a.vdi").path
        try check("createmedium disk --filename \(disk) --size 10", 0)
        try check("createmedium disk --filename \(disk) --size 10", 1, "VERR_ALREADY_EXISTS")
        try check("storageattach a --storagectl S --port 0 --device 0 --type hdd --medium \(disk)", 0)
        try check("closemedium disk \(disk) --delete", 1, "attached")
        try check("startvm a --type headless", 0)
        try check("startvm a --type headless", 1, "already locked")
        try check("modifyvm a --memory 1024", 1, "already locked")
        try check("unregistervm a --delete", 1, "locked")
        try check("unregistervm a --delete-all", 1, "locked")
        try check("controlvm a poweroff", 0)
        try check("controlvm a poweroff", 1, "not currently running")
        try check("unregistervm a --delete", 0)
        #expect(!FileManager.default.fileExists(atPath: disk))
        try check("createhd --filename x", 2)

        try host.set(["version": "5.2.44r139111"])
        try check("createvm --name a --ostype Debian_64 --default --register", 2, "--default")
        try check("createvm --name a --ostype Debian_64 --register", 0)
        for option in ["--long-mode on", "--nic-type1 virtio", "--usbohci on", "--nested-hw-virt on"] {
            try check("modifyvm a \(option)", 2, "Unknown option")
        }
        try check("unregistervm a --delete-all", 2, "Unknown option")
        try host.set(["version": "7.1.4r165100"])
        try check("modifyvm a --x86-hpet on --hpet on --audio-enabled off", 0)
    }
}
