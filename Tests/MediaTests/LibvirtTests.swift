import Foundation
import TestSupport
import Testing

/// Reads the XML for libvirt with libvirt, and runs the script for it with the real virsh.
///
/// The server is libvirtd with its test driver, which keeps machines, networks and volumes in memory. It has no machines of the
/// type `kvm` and no variables of UEFI, so a wrapper of virsh changes the type and omits `--nvram`.
@Suite(.timeLimit(.minutes(15)))
struct LibvirtTests {
    /// Nodes with both firmwares, disks on all buses, serial numbers and consoles.
    private static let text = """
        release: bookworm
        domain: hl.local
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true, gateway: 10.8.8.254, mtu: 9000}
          drbd: {subnet: 172.16.22.0/24}
        boot_server: {address: 10.8.8.1, port: 8000}
        defaults:
          cpus: 2
          memory: 3 GiB
          access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
        nodes:
          xen01:
            serial: A-1 b/2
            console: ttyS1,115200
            disk: {raid: 1, devices: [/dev/sda, /dev/sdb], keep: [/dev/sdg]}
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13}
              eth1: {mac: "08:00:27:08:08:13", network: lan, address: 10.8.8.13}
          xen02:
            firmware: uefi
            disk: {by_id: virtio-one, keep: [/dev/sda, /dev/nvme0n1]}
            interfaces:
              eth0: {mac: "08:00:27:16:22:14", network: drbd, address: 172.16.22.14}
              eth1: {mac: "08:00:27:08:08:14", network: lan}
          xen03:
            disk: {by_id: ata-QEMU_HARDDISK_two}
            interfaces:
              eth0: {mac: "08:00:27:08:08:15", bond: bond0}
              eth1: {mac: "08:00:27:08:09:15", bond: bond0}
            bonds: {bond0: {mode: active-backup, network: lan, address: 10.8.8.15}}
          xen04:
            disk: {device: /dev/nvme0n1}
            interfaces:
              eth0: {mac: "08:00:27:08:08:16", network: lan}

        """

    private static let lab = Result { try BuiltLab(text: text) }

    /// The files have the form that libvirt's schemas require, and libvirt reads them.
    @Test(arguments: ["reference", "lacp-vlans", "dual-stack", "own"])
    func xml(_ name: String) throws {
        let lab = try name == "own" ? Self.lab.get() : BuiltLab.shared(name)
        let folder = try TemporaryFolder()
        let ran = try run(
            [
                "sh", "-euc",
                """
                cd "$1"
                for file in nodes/*.xml networks/*.xml; do
                    virt-xml-validate "$file" >"$2/log" 2>&1 || { cat "$2/log"; exit 1; }
                done
                {
                    for file in networks/*.xml; do echo "net-define --validate $file"; done
                    for file in nodes/*.xml; do
                        sed "s/^<domain type='kvm'>/<domain type='test'>/" "$file" >"$2/${file##*/}"
                        echo "define --validate $2/${file##*/}"
                    done
                    echo 'list --all --name'
                    echo 'net-list --all --name'
                } >"$2/commands"
                virsh --quiet --connect test:///default <"$2/commands" >"$2/log" 2>&1 || { cat "$2/log"; exit 1; }
                ! grep -i error "$2/log"
                ls nodes networks | grep -c '[.]xml$'
                grep -c -x ' *[^ ]*[.][^ ]*' "$2/log"
                """, "sh", lab.folder.url("out/libvirt").path, folder.path,
            ])
        let counts = Set(ran.out.split(separator: "\n"))
        #expect(ran.status == 0 && counts.count == 1 && counts.first != "0", "\(ran)")
    }

    @Test func wholeLife() throws {
        let host = try LibvirtHost(try BuiltLab(text: Self.text))
        let out = host.lab.folder.url("out/libvirt").path
        #expect(try host.done("status").out == "xen01  absent\nxen02  absent\nxen03  absent\nxen04  absent\n")
        let refused = try host.run("up", "--pool", "default-pool")
        #expect(refused.status == 1 && refused.err.contains("xen04: it is installed on /dev/nvme0n1; libvirt has"))
        #expect(
            try host.run("up", "xen01").err.hasSuffix("libvirt has no storage pool default: choose one with --pool\n"))
        #expect(try host.virsh("list", "--all", "--name") == "test")

        let up = try host.done("up", "--pool", "default-pool", "xen01", "xen03")
        #expect(up.err == "lab: KVM is not available, so this is slow\nlab: xen01: started\nlab: xen03: started\n")
        #expect(try host.done("status").out == "xen01  running\nxen02  absent\nxen03  running\nxen04  absent\n")
        #expect(
            try host.virsh("net-list", "--name").split(separator: "\n") == ["default", "drbd.hl.local", "lan.hl.local"])
        let volumes = try host.virsh("vol-list", "default-pool", "--details").split(separator: "\n")
            .compactMap {
                $0.firstMatch(of: #/^ *(\S+-sd[a-z])\.qcow2 .* (\S+ GiB) +\S+ \S+ *$/#).map { "\($0.1) \($0.2)" }
            }
        let others = "bcdefg".dropFirst().map { "xen01.hl.local-sd\($0) 1.00 GiB" }
        #expect(
            volumes == ["xen01.hl.local-sda 20.00 GiB", "xen01.hl.local-sdb 20.00 GiB"] + others + [
                "xen03.hl.local-sda 20.00 GiB"
            ],
            "\(volumes)")
        let machine = try host.virsh("dumpxml", "xen01.hl.local")
        for part in [
            ">qemu64</model>", "pool='default-pool' volume='xen01.hl.local-sdg.qcow2'",
        ] {
            #expect(machine.contains(part), "\(part) in \(machine)")
        }

        #expect(try host.done("up", "--pool", "default-pool", "xen01").err.contains("lab: xen01: is running already\n"))
        let bridge = try host.done("up", "--pool", "default-pool", "--bridge", "lan=br0", "--accel", "kvm", "xen02")
        #expect(bridge.err.hasPrefix("lab: lan: is in use and keeps its settings"), "\(bridge.err)")
        #expect(try host.virsh("dumpxml", "xen02.hl.local").contains("<cpu mode='host-passthrough'"))
        #expect(try host.done("down").err == "lab: xen01: off\nlab: xen02: off\nlab: xen03: off\n")

        // With all machines off, the settings of networks and machines change.
        try Data().write(to: host.lab.folder.url("a & b's.iso"))
        let iso = host.lab.folder.url("a & b's.iso").path
        _ = try host.done("up", "--pool", "default-pool", "--bridge", "br0", "--iso", iso, "xen01")
        #expect(try host.virsh("net-dumpxml", "lan.hl.local").contains("<bridge name='br0'/>"))
        #expect(
            try host.virsh("dumpxml", "xen01.hl.local").contains(
                "<source file='\(iso.replacing("&", with: "&amp;").replacing("'", with: "&apos;"))'"))
        _ = try host.done("down", "--wait", "0")
        #expect(try host.run("up", "--pxe", "xen03").err.contains("has no boot loader; create it with xenseed netboot"))
        let loader = host.lab.folder.url("out/pxe/tftp/pxelinux.0")
        try Data().write(to: loader)
        _ = try host.done("up", "--pool", "default-pool", "--pxe", "xen03")
        let network = try host.virsh("net-dumpxml", "lan.hl.local")
        #expect(
            network.contains("<tftp root='\(loader.deletingLastPathComponent().path)'/>")
                && network.contains("<forward mode='nat'/>"))
        try FileManager.default.removeItem(at: loader)

        try host.presentBrokenKVM()
        let slow = try host.done("up", "--pool", "default-pool", "xen01", "xen02")
        #expect(
            slow.err == "lab: xen01: KVM does not work here, so this is slow\nlab: xen01: started\n"
                + "lab: xen02: without /dev/nvme0n1, which libvirt does not have; as the lab keeps that disk, the installation will stop\n"
                + "lab: xen02: started\n")
        #expect(try host.done("down").status == 0)
        let broken = try host.run("up", "--pool", "default-pool", "--accel", "kvm", "xen01")
        #expect(
            broken.status == 3 && broken.err == "lab: virsh start failed: error: failed to set MSR 0x10a\n", "\(broken)"
        )

        // A machine or a network that has a name of the lab and another UUID is not touched.
        #expect(try host.done("destroy", "--yes", "--pool", "default-pool", "xen02").err == "lab: xen02: destroyed\n")
        let uuid = "00000000-0000-4000-8000-000000000001"
        let foreign = host.lab.folder.url("foreign.xml")
        try Data(
            "<domain type='test'><name>xen02.hl.local</name><uuid>\(uuid)</uuid><memory>1024</memory><os><type>hvm</type></os></domain>"
                .utf8
        )
        .write(to: foreign)
        _ = try host.virsh("define", foreign.path)
        for words in [["up", "--pool", "default-pool", "xen02"], ["down"], ["destroy", "--yes"]] {
            let ran = try host.run(words)
            #expect(
                ran.status == 1 && ran.err.contains("there is another machine named xen02.hl.local, which does not"),
                "\(ran)")
        }
        #expect(try host.done("status", "xen02").out == "xen02  foreign\n")
        _ = try host.virsh("undefine", "xen02.hl.local")
        #expect(
            try host.done("destroy", "--yes", "--pool", "default-pool").err
                == "lab: xen01: destroyed\nlab: xen03: destroyed\n")
        #expect(try host.virsh("vol-list", "default-pool").contains("qcow2") == false)
        #expect(try host.virsh("net-list", "--all", "--name") == "default")
        #expect(try host.done("destroy", "--yes").err == "lab: there is nothing to destroy\n")
        try Data("<network><name>lan.hl.local</name><uuid>\(uuid)</uuid></network>".utf8).write(to: foreign)
        _ = try host.virsh("net-define", foreign.path)
        let other = try host.run("up", "--pool", "default-pool", "xen03")
        #expect(
            other.status == 1 && other.err.contains("there is another network named lan.hl.local, which does not"),
            "\(other)")
        _ = try host.done("destroy", "--yes")
        #expect(try host.virsh("net-uuid", "lan.hl.local") == uuid)
        #expect(FileManager.default.fileExists(atPath: "\(out)/networks/lan.xml"))
    }

    @Test(arguments: [
        ([], "a subcommand is missing"), (["fly"], "there is no subcommand fly"),
        (["up", "xen9"], "there is no node xen9"),
        (["up", "--pool"], "--pool needs a value"), (["status", "--pxe"], "status has no option --pxe"),
        (["up", "--iso", "x", "--pxe"], "--iso and --pxe exclude each other"),
        (["up", "--accel", "xen"], "--accel takes auto, kvm or tcg"),
        (["up", "--bridge", "a b"], "--bridge: a b is not the name of a bridge"),
        (["down", "--wait", "x"], "--wait takes a number of seconds"),
        (["up", "--bridge", "lan=a", "--bridge", "b"], "the network lan is attached twice"),
        (["destroy"], "destroy removes disks: it needs --yes"), (["console"], "console needs one node"),
    ]) func wrongCommandLine(_ words: [String], _ message: String) throws {
        let ran = try TestSupport.run([try Self.lab.get().folder.url("out/libvirt/lab").path] + words)
        #expect(ran.status == 2 && ran.err.hasPrefix("lab: \(message)") && ran.out.isEmpty, "\(ran)")
    }

    @Test func withoutLibvirt() throws {
        let script = try Self.lab.get().folder.url("out/libvirt/lab").path
        let none = try TestSupport.run([script, "status", "--connect", "test+unix:///default?socket=/none/here"])
        #expect(none.status == 3 && none.err.hasPrefix("lab: cannot connect to libvirt at test+unix"), "\(none)")
        let help = try TestSupport.run([script, "--help"])
        #expect(help.status == 0 && help.out.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(help)")
        #expect(help.out.contains("Networks that lead out of this host: lan\n"))
    }

    @Test(arguments: ["reference", "everything"])
    func shells(_ name: String) throws {
        let script = try BuiltLab.shared(name).folder.url("out/libvirt/lab").path
        for words in [
            ["dash", "-n"], ["busybox", "ash", "-n"], ["bash", "--posix", "-n"],
            ["shellcheck", "--norc", "-s", "sh", "-S", "style"],
        ] {
            let ran = try TestSupport.run(words + [script])
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(words): \(ran)")
        }
    }
}

/// libvirtd with the test driver, as a user without rights, and a lab whose script uses it.
private final class LibvirtHost {
    let lab: BuiltLab
    private let folder: TemporaryFolder
    private let processes: [String]
    private var uri: String { "test+unix:///default?socket=\(folder.path)/libvirt/libvirt-sock" }

    init(_ lab: BuiltLab) throws {
        (self.lab, folder) = (lab, try TemporaryFolder())
        // The driver keeps its state as long as a client is connected.
        let started = try TestSupport.run(
            [
                "sh", "-euc",
                """
                cd "$1"
                cat >virsh <<'END'
                #!/bin/sh
                case " $* " in
                    *' domcapabilities '*) [ -e "${0%/*}/kvm" ] && exit ;;
                    *' start '*)
                        # KVM is present and does not work.
                        [ ! -e "${0%/*}/kvm" ] || ! /usr/bin/virsh "$1" "$2" "$3" dumpxml "$5" | grep -q host-passthrough || {
                            echo 'error: failed to set MSR 0x10a' >&2
                            exit 1
                        }
                        ;;
                esac
                case " $* " in
                    *' define '*) sed "s/^<domain type='[a-z]*'>/<domain type='test'>/" | /usr/bin/virsh "$@" ;;
                    *' undefine '*' --nvram '*) /usr/bin/virsh "$1" "$2" "$3" "$4" "$5" ;;
                    *) exec /usr/bin/virsh "$@" ;;
                esac
                END
                chmod 755 virsh .
                chown nobody .
                for name in RUNTIME_DIR CONFIG_HOME CACHE_HOME DATA_HOME; do export "XDG_$name=$1"; done
                HOME=$1 setpriv --reuid nobody --clear-groups timeout 600 libvirtd --timeout 30 >log 2>&1 &
                echo $!
                tries=300
                until [ -S libvirt/libvirt-sock ]; do
                    tries=$((tries - 1))
                    [ $tries -gt 0 ] || { cat log >&2; exit 1; }
                    sleep 0.1
                done
                timeout 600 /usr/bin/virsh --quiet --connect "$2" event --all --loop >/dev/null 2>&1 &
                echo $!
                tries=300
                until grep -qs . /proc/$!/net/unix && /usr/bin/virsh --quiet --connect "$2" uri >/dev/null 2>&1; do
                    tries=$((tries - 1))
                    [ $tries -gt 0 ] || exit 1
                    sleep 0.1
                done
                """, "sh", folder.path, "test+unix:///default?socket=\(folder.path)/libvirt/libvirt-sock",
            ])
        processes = started.out.split(separator: "\n").map(String.init)
        try #require(started.status == 0 && processes.count == 2, "\(started)")
    }

    /// Runs the script.
    func run(_ words: [String]) throws -> Ran {
        try TestSupport.run(
            ["timeout", "-s", "KILL", "120", lab.folder.url("out/libvirt/lab").path] + words + [
                "--connect", uri,
            ],
            environment: ["PATH": "\(folder.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"])
    }
    func run(_ words: String...) throws -> Ran { try run(words) }

    /// Runs the script, which must succeed.
    func done(_ words: String..., location: SourceLocation = #_sourceLocation) throws -> Ran {
        let ran = try run(words)
        #expect(ran.status == 0, "\(words): \(ran.err)", sourceLocation: location)
        return ran
    }

    /// Returns the output of virsh, which must succeed, without the line feeds at its end.
    func virsh(_ words: String..., location: SourceLocation = #_sourceLocation) throws -> String {
        let ran = try TestSupport.run(["virsh", "--quiet", "--connect", uri] + words)
        try #require(ran.status == 0, "\(words): \(ran.err)", sourceLocation: location)
        return ran.out.trimmingCharacters(in: .newlines)
    }

    /// From now on, machines do not start with KVM, which libvirt reports as present.
    func presentBrokenKVM() throws { try Data().write(to: folder.url("kvm")) }

    deinit { _ = try? TestSupport.run(["kill"] + processes.reversed()) }
}
