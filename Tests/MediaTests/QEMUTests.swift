import Foundation
import TestSupport
import Testing

/// Tests the script for QEMU: the command lines, and the subcommands with real QEMU machines that run a boot sector.
@Suite(.timeLimit(.minutes(15)))
struct QEMUTests {
    // MARK: Settings of the machines

    /// Returns the options of a command, one in each line, without those that are the same for every machine.
    private func picture(_ command: Substring) -> String {
        let same = [
            "-nodefaults", "-no-user-config", "-daemonize", "-rtc base=utc", "-vga std", "-cpu qemu64,+npt",
            "-machine pc,accel=tcg", "-boot strict=on",
        ]
        let node = "/state/nodes/" + command.split(separator: " ")[2].prefix { $0 != "." }
        return command.replacing(" -", with: "\n-").split(separator: "\n").map(String.init)
            .filter { !same.contains($0) }.joined(separator: "\n").replacing(node, with: "NODE")
    }

    private static let sockets = """
        -display vnc=unix:NODE/vnc.sock
        -pidfile NODE/pid
        -chardev pipe,id=control,path=NODE/control
        -mon chardev=control,mode=control
        """
    private static let serial =
        "-chardev socket,id=serial,path=NODE/serial.sock,server=on,wait=off,logfile=NODE/serial.log"

    private static let reference = """
        qemu-system-x86_64
        -name xen01.hl.local
        -uuid 78656e73-6565-4d00-8000-080027080813
        -smp 2
        -m 2048
        \(sockets)
        \(serial)
        -serial chardev:serial
        -netdev dgram,id=n0,local.type=unix,local.path=NODE/n0.sock,remote.type=unix,remote.path=/state/nodes/xen02/n0.sock
        -device e1000,netdev=n0,mac=08:00:27:16:22:13,addr=0x10,romfile=
        -netdev user,id=n1,net=10.8.8.0/24,host=10.8.8.1,dns=10.8.8.254,dhcpstart=10.8.8.13,hostname=xen01
        -device e1000,netdev=n1,mac=08:00:27:08:08:13,addr=0x11,romfile=
        -device ich9-ahci,id=ahci0
        -drive if=none,id=sda,format=qcow2,discard=unmap,file=NODE/sda.qcow2
        -device ide-hd,drive=sda,bus=ahci0.0,bootindex=1
        """

    private static let oneNIC = """
        qemu-system-x86_64
        -name dom0.home.arpa
        -uuid 78656e73-6565-4d00-8000-525400123456
        -smp 4
        -m 8192
        \(sockets)
        \(serial)
        -serial chardev:serial
        -netdev user,id=n0,net=192.168.1.0/24,host=192.168.1.254,dns=192.168.1.253,dhcpstart=192.168.1.252,hostname=dom0
        -device e1000,netdev=n0,mac=52:54:00:12:34:56,addr=0x10,romfile=
        -device ich9-ahci,id=ahci0
        -drive if=none,id=sda,format=qcow2,discard=unmap,file=NODE/sda.qcow2
        -device ide-hd,drive=sda,bus=ahci0.0,bootindex=1
        """

    /// The gateway in the LAN is the host. Connections to the boot server's address are forwarded to the host.
    private static let uefi = """
        qemu-system-x86_64
        -name alpha.rack-7.example.net
        -uuid 78656e73-6565-4d00-8000-3c970eaabb01
        -smp 16
        -m 65536
        \(sockets)
        -smbios 'type=1,serial=CZ3210 AB/7.1_x+y-Z'
        -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd
        -drive if=pflash,unit=1,format=qcow2,file=NODE/variables.qcow2
        \(serial)
        -serial null
        -serial chardev:serial
        -netdev 'user,id=n0,net=10.64.0.0/10,host=10.64.0.1,dns=10.64.0.2,dhcpstart=10.64.1.1,hostname=alpha,guestfwd=tcp:10.64.0.3:8080-cmd:nc 127.0.0.1 8080'
        -device e1000,netdev=n0,mac=3c:97:0e:aa:bb:01,addr=0x10,romfile=
        -netdev dgram,id=n1,local.type=unix,local.path=NODE/n1.sock,remote.type=unix,remote.path=/state/nodes/beta/n1.sock
        -device e1000,netdev=n1,mac=3c:97:0e:aa:bb:02,addr=0x11,romfile=
        -netdev dgram,id=n2,local.type=unix,local.path=NODE/n2.sock,remote.type=unix,remote.path=NODE/n3.sock
        -device e1000,netdev=n2,mac=3c:97:0e:aa:bb:03,addr=0x12,romfile=
        -netdev dgram,id=n3,local.type=unix,local.path=NODE/n3.sock,remote.type=unix,remote.path=NODE/n2.sock
        -device e1000,netdev=n3,mac=3c:97:0e:aa:bb:04,addr=0x13,romfile=
        -device ich9-ahci,id=ahci0
        -drive if=none,id=sda,format=qcow2,discard=unmap,file=NODE/sda.qcow2
        -device 'ide-hd,drive=sda,bus=ahci0.0,model=VBOX HARDDISK,serial=VB1234:5-6.7+8,bootindex=1'
        -drive if=none,id=sdb,format=qcow2,discard=unmap,file=NODE/sdb.qcow2
        -device ide-hd,drive=sdb,bus=ahci0.1
        -drive if=none,id=nvme0n1,format=qcow2,discard=unmap,file=NODE/nvme0n1.qcow2
        -device nvme,drive=nvme0n1,serial=nvme0n1
        """

    private static let bios = uefi.split(separator: "\n").filter { !$0.hasPrefix("-drive if=pflash") }
        .joined(separator: "\n")

    @Test(arguments: [
        ("reference", "xen01", reference), ("one-nic", "dom0", oneNIC), ("everything", "alpha", bios),
        ("everything-uefi", "alpha", uefi),
    ])
    func machine(_ name: String, _ node: String, _ expected: String) throws {
        let lab = try QEMULab(name)
        try lab.putInFront("nc", "#!/bin/sh\n")
        let commands = try lab.printed(node).split(separator: "\n")
        #expect(picture(try #require(commands.last)) == expected)
    }

    /// `--cards` changes the order of the cards on the PCI bus, and nothing else.
    @Test func cards() throws {
        let lab = try QEMULab("three-nodes")
        func devices(_ words: String...) throws -> [[String]] {
            let ran = try lab.lab(["up", "--accel", "tcg", "--print", "--lan", "guests=tap:g"] + words)
            #expect(ran.status == 0, "\(ran.err)")
            return ran.out.split(separator: "\n").filter { $0.hasPrefix("qemu-system") }.map { command in
                command.matches(of: /netdev=(n[0-9]),mac=[0-9a-f:]*(..),addr=(0x[0-9a-f]+)/)
                    .map { "\($0.1) \($0.2) \($0.3)" }
            }
        }
        #expect(try devices("xen2") == [["n0 20 0x10", "n1 21 0x11", "n2 22 0x12"]])
        #expect(try devices("--cards", "reverse", "xen2") == [["n0 20 0x12", "n1 21 0x11", "n2 22 0x10"]])
        #expect(try devices("--cards", "eth2,eth0", "xen2") == [["n0 20 0x11", "n1 21 0x12", "n2 22 0x10"]])
        #expect(try devices("--cards", "eth1").map { $0[1].suffix(4) } == ["0x10", "0x10", "0x10"])
        #expect(
            try lab.printed("--lan", "guests=tap:g", "xen2").replacing(/,addr=0x1./, with: "")
                == lab.printed("--lan", "guests=tap:g", "--cards", "reverse", "xen2").replacing(/,addr=0x1./, with: ""))
        let unknown = try lab.lab(["up", "--cards", "eth0,lan7", "--print"])
        #expect(unknown.status == 2)
        #expect(unknown.err.hasPrefix("lab: --cards: there is no card lan7; the cards are: eth0 eth1 eth2\n"))
    }

    /// QEMU refuses two devices with the same place in the boot order, also where a node has several system disks.
    @Test func bootOrder() throws {
        let lab = try QEMULab(text: BuiltLab.text(node: "    disk: {raid: 1, devices: [/dev/sda, /dev/sdb]}"))
        let command = try #require(try lab.printed("--iso", lab.script.path).split(separator: "\n").last)
        #expect(command.matches(of: /bootindex=([0-9]+)/).map { $0.1 } == ["1", "2", "100"], "\(command)")
    }

    @Test func disks() throws {
        let made = try QEMULab("everything-uefi").printed("alpha").split(separator: "\n").dropLast()
        #expect(
            made.joined(separator: "\n") == """
                qemu-img create -q -f qcow2 /state/nodes/alpha/sda.qcow2.part 1907349M
                mv /state/nodes/alpha/sda.qcow2.part /state/nodes/alpha/sda.qcow2
                qemu-img create -q -f qcow2 /state/nodes/alpha/sdb.qcow2.part 1024M
                mv /state/nodes/alpha/sdb.qcow2.part /state/nodes/alpha/sdb.qcow2
                qemu-img create -q -f qcow2 /state/nodes/alpha/nvme0n1.qcow2.part 1024M
                mv /state/nodes/alpha/nvme0n1.qcow2.part /state/nodes/alpha/nvme0n1.qcow2
                qemu-img convert -f raw -O qcow2 /usr/share/OVMF/OVMF_VARS_4M.fd /state/nodes/alpha/variables.qcow2.part
                mv /state/nodes/alpha/variables.qcow2.part /state/nodes/alpha/variables.qcow2
                """)
    }

    /// If a closed network joins more than two cards, `up` needs a bridge or tap interfaces of the host.
    @Test func threeOnANetwork() throws {
        let lab = try QEMULab("three-nodes")
        let refused = try lab.lab(["up", "--accel", "tcg"])
        #expect(refused.status == 1)
        let why =
            "the network guests joins more than two adapters: use --lan guests=bridge:NAME or --lan guests=tap:PREFIX"
        #expect(refused.err == ["xen1", "xen2", "xen10"].map { "lab: \($0): \(why)\n" }.joined())
        let commands = try lab.printed("--lan", "guests=tap:g").split(separator: "\n")
            .filter { $0.hasPrefix("qemu-system") }.map(picture)
        #expect(commands.count == 3)
        for (node, command) in commands.enumerated() {
            let expected = [
                "user,id=n0,net=10.8.8.0/24,host=10.8.8.2,dns=10.8.8.254,dhcpstart=10.8.8.\([21, 22, 30][node]),"
                    + "hostname=xen\([1, 2, 10][node])",
                "tap,id=n1,ifname=g\(2 * node),script=no,downscript=no",
                "tap,id=n2,ifname=g\(2 * node + 1),script=no,downscript=no",
            ]
            #expect(
                command.split(separator: "\n").filter { $0.hasPrefix("-netdev") } == expected.map { "-netdev \($0)" })
        }
    }

    /// Each boot method adds or removes the expected options.
    @Test func ways() throws {
        let lab = try QEMULab("reference")
        let netboot = lab.folder.url("out/pxe/tftp/debian-installer/amd64")
        for name in ["linux", "initrd.gz"] { try Data("x".utf8).write(to: netboot.appending(path: name)) }
        try Data("x".utf8).write(to: lab.folder.url("out/pxe/tftp/pxelinux.0"))
        let medium = lab.folder.url("a, b.iso")
        try Data("x".utf8).write(to: medium)
        let plain = try lab.printed("xen01").split(separator: "\n").last!.replacing(" -", with: "\n-")
            .split(separator: "\n")
        func more(_ words: String...) throws -> (added: [String], gone: [String]) {
            let ran = try lab.lab(["up", "--accel", "tcg", "--print", "xen01"] + words)
            #expect(ran.status == 0, "\(ran.err)")
            let options = ran.out.split(separator: "\n").last!.replacing(lab.state.path, with: "/state")
                .replacing(lab.folder.path, with: "").replacing(" -", with: "\n-").split(separator: "\n")
            return (
                options.filter { !plain.contains($0) }.map(String.init),
                plain.filter { !options.contains($0) }.map(String.init)
            )
        }
        let text = String(
            decoding: try Data(contentsOf: netboot.appending(path: "pxelinux.cfg/01-08-00-27-08-08-13")), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.contains("append ") })
        let options = String(line.trimmingPrefix(#/\s*append\sinitrd=\S*\s/#)).replacing(" ---", with: "")
        #expect(options.contains("preseed/url/checksum="))

        let kernel = try more("--kernel", "--append", "a=1", "--append", "b='2'")
        #expect(
            kernel.added.joined(separator: " ")
                == "-no-reboot -kernel /out/qemu/../pxe/tftp/debian-installer/amd64/linux "
                + "-initrd /out/qemu/../pxe/tftp/debian-installer/amd64/initrd.gz "
                + "-append '\(options) a=1 b='\\''2'\\'' ---'")
        #expect(kernel.gone == ["-boot strict=on"])
        #expect(
            try more("--iso", medium.path).added == [
                "-drive 'if=none,id=cd,media=cdrom,format=raw,readonly=on,file=/a,, b.iso'",
                "-device ide-cd,bus=ide.1,drive=cd,bootindex=100",
            ])
        #expect(
            try more("--usb", medium.path).added == [
                "-drive 'if=none,id=stick,format=raw,readonly=on,file=/a,, b.iso'", "-device usb-ehci,id=usb",
                "-device usb-storage,bus=usb.0,drive=stick,removable=on,bootindex=0",
                "-no-reboot",
            ])
        let user = "-netdev user,id=n1,net=10.8.8.0/24,host=10.8.8.1,dns=10.8.8.254,dhcpstart=10.8.8.13,hostname=xen01"
        #expect(
            try more("--pxe").added == [
                user + ",tftp=/out/qemu/../pxe/tftp,bootfile=pxelinux.0",
                "-device e1000,netdev=n1,mac=08:00:27:08:08:13,addr=0x11,bootindex=101",
            ])
        #expect(try more("--lan", "bridge:br0").added == ["-netdev bridge,id=n1,br=br0"])
        #expect(
            try more("--lan", "lan=tap:lab").added == [
                "-netdev tap,id=n1,ifname=lab0,script=no,downscript=no"
            ])
    }

    @Test(arguments: ["reference", "one-nic", "three-nodes", "everything", "everything-uefi", "disks", "thirty"])
    func shells(_ name: String) throws {
        let lab = try QEMULab(name)
        for check in [["shellcheck"], ["dash", "-n"], ["busybox", "ash", "-n"], ["bash", "--posix", "-n"]] {
            let ran = try run(check + [lab.script.path])
            #expect(ran.status == 0, "\(check) \(ran.out)\(ran.err)")
        }
    }

    // MARK: Subcommands

    @Test(arguments: [["dash"], ["busybox", "ash"], ["bash", "--posix"]])
    func wholeLife(_ shell: [String]) throws {
        let lab = try QEMULab(text: QEMULab.pair)
        func status() throws -> String { try lab.done("status", shell: shell).out }
        #expect(try status() == "xen01  absent\nxen02  absent\n")
        try lab.done("down", shell: shell)
        #expect(try lab.done("destroy", "--yes", shell: shell).err == "lab: there is nothing to destroy\n")

        // With empty disks and nothing else to boot from, no machine is started or created.
        let nothing = try lab.lab(["up", "--accel", "tcg"], shell: shell)
        let advice =
            "its disk is empty, and there is nothing else to boot from: add --pxe, --kernel, --iso FILE or --usb FILE"
        #expect(nothing.status == 1 && nothing.err == "lab: xen01: \(advice)\nlab: xen02: \(advice)\n")
        #expect(try status() == "xen01  absent\nxen02  absent\n")
        let blank = try lab.blankDisc()
        try lab.done("up", "--accel", "tcg", "--iso", blank, shell: shell)
        #expect(try status() == "xen01  running\nxen02  running\n")
        let first = try lab.pid("xen01")
        #expect(try lab.done("up", "xen01", shell: shell).err == "lab: xen01: is running already\n")
        #expect(try lab.pid("xen01") == first)
        // The boot code does not react to the power button.
        let deaf = try lab.lab(["down", "--wait", "1", "xen01"], shell: shell)
        #expect(deaf.status == 1)
        #expect(deaf.err == "lab: still on: xen01 (an installer ignores the power button: --force cuts the power)\n")
        let running = try lab.lab(["snapshot", "save", "empty"], shell: shell)
        #expect(running.status == 1 && running.err == "lab: xen01: is running: switch it off first\n")
        try lab.done("down", "--wait", "0", "--force", shell: shell)
        #expect(lab.commandLine(of: first).isEmpty)
        #expect(try status() == "xen01  poweroff\nxen02  poweroff\n")

        try lab.done("snapshot", "save", "empty", shell: shell)
        for node in ["xen01", "xen02"] { try lab.write(bootCode("this is \(node)'s disk"), on: "sda", of: node) }
        try lab.done("snapshot", "save", "written", "xen02", shell: shell)
        let list = try lab.done("snapshot", "list", shell: shell).out.split(separator: "\n")
        #expect(
            list.map { $0.prefix { $0 != ":" }.dropLast(15) } == ["xen01  empty", "xen02  empty", "xen02  written"])
        let twice = try lab.lab(["snapshot", "save", "empty"], shell: shell)
        #expect(twice.status == 1 && twice.err == "lab: xen01: the snapshot empty exists already\n")
        // All nodes must have the snapshot, and a part of its name does not match.
        #expect(
            try lab.lab(["snapshot", "restore", "ten", "xen02"], shell: shell).err
                == "lab: xen02: there is no snapshot ten\n")
        let unknown = try lab.lab(["snapshot", "restore", "written"], shell: shell)
        #expect(unknown.status == 1 && unknown.err == "lab: xen01: there is no snapshot written\n")

        try lab.done("up", "--accel", "tcg", shell: shell)
        for node in ["xen01", "xen02"] { try lab.waitFor("this is \(node)'s disk", from: node) }
        let typed = try lab.done("console", "xen01", shell: shell, input: "typed here")
        #expect(typed.out == "typed here")
        #expect(try lab.done("snapshot", "list", "xen01", shell: shell).out.hasPrefix("xen01  empty  "))
        try lab.waitFor("typed here", from: "xen01")
        // This guest reacts to the power button.
        #expect(try lab.done("down", "xen01", shell: shell).err == "lab: xen01: off\n")
        #expect(try status() == "xen01  poweroff\nxen02  running\n")
        try lab.done("down", shell: shell)

        try lab.done("snapshot", "restore", "empty", "xen02", shell: shell)
        try lab.done("up", "--accel", "tcg", "--iso", blank, shell: shell)
        try lab.waitFor("this is xen01's disk", from: "xen01")
        let asked = try lab.lab(["destroy"], shell: shell)
        #expect(asked.status == 2 && asked.err.hasPrefix("lab: destroy removes disks: it needs --yes\n"))
        #expect(try status() == "xen01  running\nxen02  running\n")
        try Data("mine".utf8).write(to: lab.place("xen02", "notes"))
        let gone = try lab.done("destroy", "--yes", shell: shell)
        #expect(gone.err.contains("xen02 has other files and is not removed\n"))
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: lab.state.path).sorted().last == "nodes/xen02/notes")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: lab.state.path).count == 3)
    }

    /// A disk with a boot sector is booted before an installation medium; an empty disk is skipped.
    @Test(arguments: ["--iso", "--pxe", "--usb"])
    func diskFirst(_ way: String) throws {
        let lab = try QEMULab(text: QEMULab.pair)
        let tree = lab.folder.url("tree")
        try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
        let code = bootCode("this is the medium")
        try Data(code).write(to: tree.appending(path: "pxelinux.0"))
        let medium = lab.folder.url("medium")
        switch way {
        case "--usb": try Data(code + [UInt8](repeating: 0, count: 1 << 20)).write(to: medium)
        case "--iso":
            let made = try run([
                "xorriso", "-as", "mkisofs", "-quiet", "-o", medium.path, "-b", "pxelinux.0", "-no-emul-boot",
                "-boot-load-size", "1", tree.path,
            ])
            try #require(made.status == 0, "\(made.err)")
        default: break
        }
        let words =
            ["up", "--accel", "tcg", "xen01"] + (way == "--pxe" ? [way, "--netboot", tree.path] : [way, medium.path])
        let up = try lab.lab(words)
        #expect(up.status == 0, "\(up.err)")
        try lab.waitFor("this is the medium", from: "xen01")
        try lab.done("down")
        try lab.write(bootCode("this is the disk"), on: "sda", of: "xen01")
        let again = try lab.lab(words)
        if way == "--usb" {
            // A BIOS tries one disk only, so the stick has to be the first.
            #expect(again.status == 1)
            #expect(
                again.err
                    == "lab: xen01: its disk is not empty: boot it without --kernel and --usb, or remove it with destroy\n"
            )
        } else {
            #expect(again.status == 0, "\(again.err)")
            try lab.waitFor("this is the disk", from: "xen01")
        }
    }

    /// With the installer's kernel and a test script in place of the installer, the machines reach each other and the
    /// boot server, and have the right addresses and serial numbers.
    @Test func joined() throws {
        let port = Int.random(in: 20000..<30000)
        let lab = try QEMULab(text: QEMULab.pair.replacing("port: 8000", with: "port: \(port)"))
        try lab.makeNetboot(
            init: """
                #!/bin/sh
                export PATH=/bin
                /bin/busybox --install -s /bin
                mount -t proc proc /proc
                mount -t sysfs sysfs /sys
                for word in $(cat /proc/cmdline); do
                    case $word in
                        netcfg/hostname=*) node=${word#*=} ;;
                        url=*) url=${word#*=} ;;
                    esac
                done
                insmod /e1000.ko
                fact() { echo "$node: $*"; }
                for nic in eth0 eth1; do
                    fact "$nic: $(cat /sys/class/net/$nic/address)"
                    ip link set $nic up
                done
                fact "serial number: $(cat /sys/class/dmi/id/product_serial)"
                case $node in
                    xen01) own=13 other=14 ;;
                    *) own=14 other=13 ;;
                esac
                ip address add 172.16.22.$own/24 dev eth0
                until ping -c 1 -W 1 172.16.22.$other >/dev/null; do sleep 1; done
                fact "the other answers"
                printf '#!/bin/sh\\n[ $1 != bound ] || { ip address add $ip/$mask dev eth1; echo "$ip/$mask"; }\\n' >/bound
                chmod +x /bound
                fact "lease: $(udhcpc -q -n -f -i eth1 -s /bound 2>/dev/null)"
                fact "preseed: $(wget -q -O - "$url" | md5sum)"
                # The other may not have its answer yet.
                sleep 5
                fact "over"
                reboot -f

                """)
        let server = try lab.start(["busybox", "httpd", "-f", "-p", "127.0.0.1:\(port)", "-h", "out"])
        defer { kill(server, SIGKILL) }
        try lab.done("up", "--accel", "tcg", "--kernel", "--append", "console=ttyS0")
        for (node, last, serial) in [("xen01", 13, "A-1"), ("xen02", 14, "")] {
            try lab.waitFor("\(node): over", from: node)
            let log = try String(contentsOf: lab.place(node, "serial.log"), encoding: .utf8)
            let sum = try run(["md5sum", lab.folder.url("out/nodes/\(node)/preseed.cfg").path]).out.prefix(32)
            #expect(
                log.split(separator: "\r\n").filter { $0.hasPrefix("\(node): ") } == [
                    "\(node): eth0: 08:00:27:16:22:\(last)", "\(node): eth1: 08:00:27:08:08:\(last)",
                    "\(node): serial number: \(serial)", "\(node): the other answers",
                    "\(node): lease: 10.8.8.\(last)/24",
                    "\(node): preseed: \(sum)  -", "\(node): over",
                ])
        }
        // A machine that was started with --kernel exits at a reboot, because it would run the installer again.
        try lab.waitUntilOff()
        #expect(try lab.done("status").out == "xen01  poweroff\nxen02  poweroff\n")
    }

    // MARK: Foreign processes

    /// `down` and `destroy` don't kill another process whose number is in a pid file.
    @Test func othersProcesses() throws {
        let lab = try QEMULab(text: QEMULab.pair)
        try lab.done("up", "--accel", "tcg", "--iso", try lab.blankDisc(), "xen01")
        try lab.done("down", "--wait", "0", "--force")
        let other = try lab.start(["sleep", "600"])
        defer { kill(other, SIGKILL) }
        try Data("\(other)\n".utf8).write(to: lab.place("xen01", "pid"))
        #expect(try lab.done("status").out == "xen01  poweroff\nxen02  absent\n")
        try lab.done("down", "--wait", "0", "--force")
        try lab.done("destroy", "--yes")
        #expect(!lab.commandLine(of: other).isEmpty)
    }

    // MARK: Detection of KVM

    @Test(
        .enabled(if: access("/dev/kvm", W_OK) == 0, "needs a /dev/kvm, working or not"),
        arguments: [
            // The test guest ran; it did not run; QEMU failed; QEMU hangs.
            ("exit 43", "kvm"), ("exit 0", "tcg"), ("exit 134", "tcg"), ("exec sleep 600", "tcg"),
        ])
    func probe(_ answer: String, _ accel: String) throws {
        let lab = try QEMULab(text: QEMULab.pair)
        try lab.putInFront(
            "qemu-system-x86_64",
            """
            #!/bin/sh
            case $* in
                *--version*) echo 'QEMU emulator version 7.2.0' ;;
                *isa-debug-exit*) \(answer) ;;
            esac

            """)
        let ran = try lab.lab(["up", "--print", "xen01"])
        #expect(ran.status == 0, "\(ran.err)")
        #expect(ran.out.contains("-machine pc,accel=\(accel) -cpu \(accel == "kvm" ? "host" : "qemu64,+npt") "))
        let asked = try lab.lab(["up", "--accel", "kvm", "--print", "xen01"])
        #expect(asked.status == (accel == "kvm" ? 0 : 1), "\(asked.err)")
    }

    // MARK: Mistakes

    @Test(arguments: [
        (["fly"], 2, "there is no subcommand fly"), ([], 2, "a subcommand is missing"),
        (["up", "xen03"], 2, "there is no node xen03"),
        (["up", "--bridge", "x"], 2, "up has no option --bridge"),
        (["status", "--yes"], 2, "status has no option --yes"),
        (["up", "--lan", "wifi"], 2, "--lan takes user, bridge:NAME or tap:PREFIX, not wifi"),
        (["up", "--lan", "tap:a,b"], 2, "a,b is not the name of an interface"),
        (["up", "--lan", "lan=user", "--lan", "user"], 2, "--lan is given twice for the network lan"),
        (["up", "--accel", "warp"], 2, "--accel takes auto, kvm or tcg, not warp"),
        (["up", "--iso", "a", "--pxe"], 2, "--kernel, --pxe, --iso and --usb exclude each other"),
        (["up", "--seed"], 2, "--seed and --append need --kernel"),
        (["up", "--netboot", "x"], 2, "--netboot needs --kernel or --pxe"),
        (["up", "--iso"], 2, "--iso needs a value"),
        (["up", "--lan", "tap:xsnone"], 1, "lab: xen01: there is no interface xsnone0"),
        (["down", "--wait", "soon"], 2, "--wait takes a number of seconds, not soon"),
        (["snapshot"], 2, "snapshot needs save, restore or list"),
        (["snapshot", "save"], 2, "snapshot save needs a name"),
        (["snapshot", "save", "a b"], 2, "a b is not a name for a snapshot"),
        (["snapshot", "save", "1"], 2, "1 is not a name for a snapshot"),
        (["snapshot", "save", "a"], 1, "xen01: absent"), (["destroy"], 2, "destroy removes disks: it needs --yes"),
        (["up", "--iso", "/nowhere.iso"], 1, "/nowhere.iso can't be read"),
        (["up", "--kernel"], 1, "linux can't be read; create it with xenseed netboot"),
        (["up", "--pxe"], 1, "pxelinux.0 can't be read; create it with xenseed netboot"),
        (["console", "xen01"], 1, "serial.log yet: it was never started by this script"),
    ])
    func mistake(_ words: [String], _ status: Int32, _ message: String) throws {
        let lab = try QEMULab(text: QEMULab.pair)
        // The state directory is set by a variable, because `--state` would become the value of an option at the end.
        lab.environment["XENSEED_STATE"] = lab.state.path
        let ran = try run([lab.script.path] + words, environment: lab.environment)
        #expect(ran.status == status)
        #expect(ran.err.contains(message), "\(ran.err)")
        #expect(ran.out == "")
        #expect(!FileManager.default.fileExists(atPath: lab.state.path))
    }

    @Test func refusals() throws {
        let disk = try QEMULab("everything").lab(["up", "--accel", "tcg"])
        #expect(disk.status == 1)
        #expect(disk.err.hasPrefix("lab: beta: it is installed on /dev/xvdb; QEMU has /dev/sda and further"))
        let small = try QEMULab(
            text: QEMULab.pair.replacing("10.8.8.0/24", with: "10.8.8.0/30").replacing("10.8.8.13", with: "10.8.8.2")
                .replacing("eth1: {mac: \"08:00:27:08:08:14\", network: lan, address: 10.8.8.14}", with: "")
                .replacing(
                    "eth0: {mac: \"08:00:27:16:22:14\", network: drbd, address: 172.16.22.14}",
                    with: "eth0: {mac: \"08:00:27:16:22:14\", network: lan}"))
        let cramped = try small.lab(["up", "--accel", "tcg"])
        #expect(cramped.status == 1)
        #expect(cramped.err.contains("lab: xen01: the network lan has no room for addresses of user mode"))
        #expect(try small.lab(["up", "--accel", "tcg", "--lan", "bridge:br0", "--print"]).status == 0)
        let long = try QEMULab(text: QEMULab.pair)
        let ran = try run([long.script.path, "up", "--state", "/" + String(repeating: "x", count: 90)])
        #expect(ran.status == 1 && ran.err.contains("too long for sockets"))
    }

    @Test func withoutQEMU() throws {
        let lab = try QEMULab(text: QEMULab.pair)
        let bin = lab.folder.url("few")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        for tool in ["sh", "dirname", "sed", "cat", "mkdir"] {
            let path = try run(["which", tool]).out.trimmingCharacters(in: .newlines)
            try FileManager.default.createSymbolicLink(
                at: bin.appending(path: tool), withDestinationURL: URL(filePath: path))
        }
        let ran = try run(
            ["/bin/sh", lab.script.path, "up", "--state", lab.state.path], environment: ["PATH": bin.path])
        #expect(ran.status == 3)
        #expect(ran.err == "lab: there is no qemu-system-x86_64: install it (Debian: qemu-system-x86)\n")
    }

    @Test func failingQEMU() throws {
        let lab = try QEMULab(text: QEMULab.pair)
        let ran = try lab.lab(["up", "--accel", "tcg", "--iso", try lab.blankDisc(), "--lan", "bridge:xsnone"])
        #expect(ran.status == 3)
        #expect(ran.err.contains("qemu-system-x86_64 failed: "))
        #expect(try lab.done("status").out == "xen01  poweroff\nxen02  absent\n")
    }

    @Test func help() throws {
        let lab = try QEMULab(text: QEMULab.pair)
        for words in [["--help"], ["up", "--help"], ["snapshot", "--help"], ["help"]] {
            let ran = try lab.lab(words)
            #expect(ran.status == 0 && ran.err == "" && ran.out.hasPrefix("usage: lab up "))
        }
    }
}
