import Foundation
import TestSupport
import Testing

/// Tests the script for VirtualBox with a simulated VBoxManage, which knows the options of each version: the command
/// line, the machines that the script refuses, and the options that it uses. Tests/VirtualBoxTests runs the script with
/// a real VirtualBox.
@Suite(.timeLimit(.minutes(15)))
struct VirtualBoxVersionTests {
    private static let versions = [
        "5.2.44r139111", "6.0.24r139119", "6.1.50r161033", "7.0.14r161095", "7.1.4r165100", "7.2.0r170228",
    ]

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url("bin"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.url("bin/VBoxManage"),
            withDestinationURL: checkout.appending(path: "Tests/MediaTests/VBoxManage"))
    }

    private func run(
        _ lab: BuiltLab, _ words: [String], version: String = "7.1.4r165100", host: String = "linux",
        shell: [String] = [], environment: [String: String] = [:]
    ) throws -> Ran {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let variables = [
            "PATH": "\(folder.url("bin").path):\(path)", "HOME": folder.path, "VBOX_CALLS": folder.url("calls").path,
            "VBOX_VERSION": version, "VBOX_HOST": host, "XENSEED_BRIDGE": "", "XENSEED_HOSTONLY": "", "XENSEED_ISO": "",
        ]
        return try TestSupport.run(
            ["timeout", "-s", "KILL", "120"] + shell + [lab.virtualBox.path] + words,
            environment: variables.merging(environment) { $1 })
    }

    /// The arguments of each call of VBoxManage.
    private var calls: [String] {
        ((try? String(contentsOf: folder.url("calls"), encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    // MARK: Versions and hosts

    @Test(arguments: versions) func everyVersion(_ version: String) throws {
        let ran = try run(try BuiltLab.shared("reference"), ["up", "--hostonly", "vboxnet0"], version: version)
        #expect(ran.status == 0 && ran.err.contains("xen02: started"), "\(ran.err)")
        // VirtualBox 7.0 only has the deprecated option.
        let settings = calls.filter { $0.hasPrefix("modifyvm") }
        let newer = version.hasPrefix("7.1") || version.hasPrefix("7.2")
        #expect(settings.count == 2)
        #expect(settings.allSatisfy { $0.contains(newer ? "--audio-enabled off" : "--audio none") }, "\(settings)")
        #expect(settings.allSatisfy { $0.contains("--nic2 hostonly --hostonlyadapter2 vboxnet0") }, "\(settings)")
    }

    @Test(arguments: [
        ("6.1.50r161033", ["--bridge", "en0"], "--nic2 bridged --bridgeadapter2 en0: Wi-Fi (AirPort)"),
        ("6.1.50r161033", ["--hostonly", "vboxnet0"], "--nic2 hostonly --hostonlyadapter2 vboxnet0"),
        ("7.0.14r161095", ["--hostonly", "Legacy Network"], "--nic2 hostonlynet --hostonlynet2 Legacy Network"),
        ("7.2.0r170228", ["--hostonly", "Legacy Network"], "--nic2 hostonlynet --hostonlynet2 Legacy Network"),
    ])
    func mac(_ version: String, _ words: [String], _ expected: String) throws {
        let ran = try run(try BuiltLab.shared("reference"), ["up"] + words, version: version, host: "darwin")
        #expect(ran.status == 0, "\(ran.err)")
        #expect(calls.count { $0.contains(expected) } == 2, "\(calls)")
    }

    @Test(arguments: [["dash"], ["busybox", "ash"], ["bash", "--posix"]])
    func everyShell(_ shell: [String]) throws {
        let lab = try BuiltLab.shared("everything")
        let expected = try run(lab, ["up", "--bridge", "eth0", "alpha"])
        #expect(expected.status == 0)
        let first = calls
        try FileManager.default.removeItem(at: folder.url("calls"))
        try FileManager.default.removeItem(at: folder.url("VirtualBox VMs"))
        let ran = try run(lab, ["up", "--bridge", "eth0", "alpha"], shell: shell)
        #expect(ran == expected && calls == first, "\(ran)")
    }

    @Test(arguments: ["up --bridge eth0", "status", "console", "down", "destroy --yes"])
    func noVirtualBox(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let lab = try BuiltLab.shared("reference")
        var ran = try run(lab, words, environment: ["PATH": "/usr/bin:/bin"])
        #expect(ran.status == 3 && ran.err.contains("there is no VBoxManage"), "\(ran.err)")
        ran = try run(lab, words, version: "5.1.38r122592")
        #expect(ran.status == 3 && ran.err.contains("too old"), "\(ran.err)")
        ran = try run(lab, words, environment: ["VBOX_CALLS": "/none/calls"])
        #expect(ran.status == 3 && ran.err.contains("--version failed"), "\(ran.err)")
    }

    /// The simulated VBoxManage refuses options that a version does not have.
    @Test(arguments: [
        ("7.0.14r161095", "linux", "--audio-enabled off"), ("7.1.4r165100", "linux", "--audio none"),
        ("7.1.4r165100", "linux", "--hostonlynet1 x"), ("6.1.50r161033", "darwin", "--hostonlynet1 x"),
        ("7.2.0r170228", "linux", "--nic9 none"), ("7.2.0r170228", "linux", "--memory"),
    ])
    func standIn(_ version: String, _ host: String, _ option: String) throws {
        let ran = try TestSupport.run(
            [folder.url("bin/VBoxManage").path, "modifyvm", "a"] + option.split(separator: " ").map(String.init),
            environment: [
                "VBOX_CALLS": folder.url("calls").path, "VBOX_VERSION": version, "VBOX_HOST": host, "HOME": folder.path,
            ])
        #expect(ran.status == 2, "\(ran)")
    }

    // MARK: Command lines and labs

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
        let ran = try run(try BuiltLab.shared("reference"), words)
        #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains("lab --help"), "\(words): \(ran.err)")
        #expect(calls.isEmpty)
    }

    @Test func bothInTheEnvironment() throws {
        let ran = try run(
            try BuiltLab.shared("reference"), ["up"],
            environment: ["XENSEED_BRIDGE": "eth0", "XENSEED_HOSTONLY": "vboxnet0"])
        #expect(ran.status == 2, "\(ran.err)")
    }

    @Test(arguments: [["--help"], ["-h"], ["help"], ["up", "--help"], ["destroy", "-h"]])
    func help(_ words: [String]) throws {
        let ran = try run(try BuiltLab.shared("reference"), words)
        #expect(ran.status == 0 && ran.out.hasPrefix("usage: lab up") && ran.err.isEmpty)
        #expect(ran.out.contains("\nNodes: xen01 xen02\nNetworks that lead out of this host: lan\n"))
        #expect(ran.out.split(separator: "\n").allSatisfy { $0.utf8.count <= 80 })
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
        let lab = try BuiltLab(text: text)
        let ran = try run(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 1 && ran.err.contains("xen01: ") && ran.err.contains(why), "\(ran.err)")
        #expect(calls.isEmpty)
        #expect(try run(lab, ["status"]).out == "xen01  absent\n")
    }

    /// A node that can't be created does not affect other nodes if these are named.
    @Test func refusedNode() throws {
        let lab = try BuiltLab.shared("everything")
        let ran = try run(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 1 && ran.err.contains("beta: it is installed on /dev/xvdb"), "\(ran.err)")
        #expect(calls.isEmpty)
        #expect(try run(lab, ["up", "--bridge", "eth0", "alpha"]).status == 0)
    }

    /// Each disk is at the port that its name implies. Expected are `NAME SIZE` in MiB, separated by commas.
    @Test(arguments: [
        ("device: /dev/sda", "sda 20480"), ("device: /dev/sdb", "sda 1024, sdb 20480"),
        ("device: /dev/sdc, keep: [/dev/sda]", "sda 1024, sdb 1024, sdc 20480"),
        ("select: largest, keep: [/dev/sdb, /dev/sda]", "sda 1024, sdb 1024, sdc 20480"),
        ("select: only", "sda 20480"), ("select: only, keep: [/dev/sdb]", "sda 20480, sdb 1024"),
        ("select: size, size: 250 GB", "sda 238419"), ("device: /dev/sda, size: 30 GiB", "sda 30720"),
        ("layout: lvm, root: 40 GiB, swap: none", "sda 45547"),
        ("by_id: ata-VBOX_HARDDISK_VB01, keep: [/dev/sda]", "sda 1024, sdb 20480"),
    ])
    func disks(_ disk: String, _ expected: String) throws {
        let lab = try BuiltLab(text: BuiltLab.text(node: "    disk: {\(disk)}\n"))
        let ran = try run(lab, ["up", "--bridge", "eth0"])
        #expect(ran.status == 0, "\(ran.err)")
        let found = calls.compactMap {
            $0.firstMatch(of: #/^createmedium disk --filename .*-(sd[a-z]).vdi --size ([0-9]+) /#)
        }
        #expect(found.map { "\($0.1) \($0.2)" }.joined(separator: ", ") == expected)
        #expect(ran.err.contains(": \(expected.replacing(/[0-9](?=,|$)/) { "\($0.0) MiB" })\n"), "\(ran.err)")
        for (port, disk) in found.enumerated() {
            let end = "--storagectl SATA --port \(port) --device 0 --type hdd --medium "
            #expect(calls.contains { $0.contains(end) && $0.hasSuffix("/xen01-\(disk.1).vdi") }, "\(calls)")
        }
        if disk.hasPrefix("by_id") {
            #expect(
                calls.contains { $0.hasSuffix("VBoxInternal/Devices/ahci/0/Config/Port1/SerialNumber string:VB01") })
        }
    }

    @Test(arguments: ["reference", "one-nic", "three-nodes", "everything", "everything-uefi", "lvm", "thirty", "disks"])
    func shellsReadIt(_ name: String) throws {
        let lab = try BuiltLab.shared(name)
        for words in [
            ["dash", "-n"], ["busybox", "ash", "-n"], ["bash", "--posix", "-n"],
            ["shellcheck", "--norc", "-s", "sh", "-S", "style", "-f", "gcc"],
        ] {
            let ran = try TestSupport.run(words + [lab.virtualBox.path])
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
        }
    }
}
