import Foundation
import TestSupport
import Testing

/// Tests archive components, firmware and microcode with apt and Debian's installer.
@Suite(.timeLimit(.minutes(15)))
struct ComponentTests {
    /// Returns a lab of one node, with additional lines for the lab and for the node.
    private static func lab(_ release: String, _ top: String, _ node: String) -> String {
        labText(nodes: 1, release: release).replacing("domain: hl.local\n", with: "domain: hl.local\n\(top)\n")
            .replacing("  cpus: 2\n", with: "  cpus: 2\n\(node)\n")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var release: String
        var top = ""
        var node = ""
        /// The components that each line of sources.list must have.
        var components: String

        var testDescription: String { "\(release) \(top) \(node)" }

        static let all = [
            Case(release: "jessie", components: "main"), Case(release: "bookworm", components: "main"),
            Case(release: "jessie", top: "nonfree_firmware: true", components: "main contrib non-free"),
            Case(
                release: "jessie", top: "nonfree_firmware: true", node: "  microcode: false",
                components: "main non-free"),
            Case(release: "bookworm", top: "nonfree_firmware: true", components: "main non-free-firmware"),
            Case(release: "trixie", top: "nonfree_firmware: true", components: "main non-free-firmware"),
            Case(release: "jessie", node: "  microcode: true", components: "main contrib non-free"),
            Case(
                release: "bookworm", top: "mirror: {components: [non-free, main]}", node: "  microcode: true",
                components: "main non-free non-free-firmware"),
        ]
    }

    /// apt finds every package that the late command installs in the components of sources.list, and the preseed
    /// enables the same components.
    @Test(arguments: Case.all) func aptFindsThePackages(_ item: Case) throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.lab(item.release, item.top, item.node), to: "lab.yaml")
        let built = try xenseed("build", in: folder)
        #expect(built.status == 0, "\(built.err)")
        let node = "out/nodes/node1"
        let sources = try folder.read("\(node)/overlay/etc/apt/sources.list").split(separator: "\n")
            .filter { $0.hasPrefix("deb ") }
        for line in sources {
            #expect(line.split(separator: " ").dropFirst(3).joined(separator: " ") == item.components)
        }
        // apt-setup combines these components (50mirror of apt-setup 1:0.97 and 1:0.198).
        let preseed = try folder.read("\(node)/preseed.cfg")
        let asked = preseed.matches(of: /d-i apt-setup\/(contrib|non-free|non-free-firmware) boolean (true|false)/)
        #expect(asked.count == (item.release == "jessie" ? 2 : 3))
        #expect(
            Set(["main"] + asked.filter { $0.2 == "true" }.map { String($0.1) })
                == Set(item.components.split(separator: " ").map(String.init)))

        let command = try #require(
            try folder.read("\(node)/late-command.sh").firstMatch(of: /apt-get -q -y install (.*)'/))
        let packages = command.1.split(separator: " ").map(String.init)
        let carrier = item.release == "jessie" ? "non-free" : "non-free-firmware"
        func component(_ name: String) -> String {
            if name == "iucode-tool" { return item.release == "jessie" ? "contrib" : "main" }
            return name.hasPrefix("firmware-") || name.hasSuffix("-microcode") ? carrier : "main"
        }
        let firmware = ["firmware-bnx2", "intel-microcode", "iucode-tool"]
        let index = Set(packages + firmware).map { "\(component($0)) \($0)\n" }.joined()
        try folder.write(index, to: "index")
        let ran = try run(
            [
                checkout.appending(path: "Tests/Media/apt-sources.py").path,
                folder.url("\(node)/overlay/etc/apt/sources.list").path, folder.url("index").path,
            ] + packages + firmware)
        #expect(ran.status == 0, "\(ran.err)")
        let found = ran.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        for line in found.prefix(packages.count) { #expect(line[1] == component(line[0]), "\(line)") }
        for line in found.suffix(firmware.count) {
            let isNamed = item.components.split(separator: " ").contains { $0 == component(line[0]) }
            #expect(line[1] == (isNamed ? component(line[0]) : "-"), "\(line)")
        }
        #expect(packages.contains("firmware-bnx2") == item.top.contains("nonfree_firmware"))
        let loads = item.node.contains("true") || item.top.contains("nonfree_firmware") && !item.node.contains("false")
        #expect(packages.contains("intel-microcode") == loads && packages.contains("amd64-microcode") == loads)
        // The hypervisor's command line and the verifier's expectations have the microcode option.
        for file in ["overlay/etc/default/grub.d/50-xenseed.cfg", "overlay/etc/xenseed/expect"] {
            #expect(try folder.read("\(node)/\(file)").contains("ucode=scan") == loads, "\(file)")
        }
    }

    // MARK: Debian's installer

    private static let images = NetbootArchive.image

    /// Places Debian's netboot archive and a package with firmware, `firmware-test_1_all.deb`, in the directory.
    private static func prepare(_ folder: TemporaryFolder, lab: String) throws {
        try folder.write(lab, to: "lab.yaml")
        try NetbootArchive.place(in: folder)
        try folder.write("code", to: "package/lib/firmware/bnx2/test.fw")
        try folder.write(
            """
            Package: firmware-test
            Version: 1
            Architecture: all
            Section: non-free-firmware/kernel
            Maintainer: Nobody <nobody@example.org>
            Description: test

            """, to: "package/DEBIAN/control")
        for words in [
            ["dpkg-deb", "--build", "--root-owner-group", "package", "firmware-test_1_all.deb"],
            [
                "sh", "-c",
                "mkdir firmware; cp *.deb firmware; find firmware | cpio --quiet -o -H newc >firmware.cpio; gzip -9nk firmware.cpio",
            ],
        ] {
            let ran = try run(words, in: URL(filePath: folder.path))
            #expect(ran.status == 0, "\(ran.err)")
        }
    }

    /// Unpacks the installer's root as Linux does: first Debian's part of the initrd, then the appended archive.
    private static func unpack(_ folder: TemporaryFolder, to root: String) throws {
        let ran = try run(
            [
                "sh", "-euc",
                """
                mkdir "$2"
                cd "$2"
                own=$(stat -c %s "$1/debian-installer/amd64/initrd.gz")
                all=../out/pxe/tftp/debian-installer/amd64/initrd.gz
                cmp -n "$own" "$1/debian-installer/amd64/initrd.gz" $all
                gzip -dc "$1/debian-installer/amd64/initrd.gz" | cpio -id --quiet --nonmatching 'dev/*'
                [ "$own" -eq "$(stat -c %s $all)" ] ||
                    tail -c +$(((own + 3) / 4 * 4 + 1)) $all >../added
                [ ! -e ../added ] || { gzip -dcf ../added | cpio -id --quiet; }
                """, "sh", images, root,
            ], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran.err)")
    }

    /// Runs the installer's search for firmware. Before the network is up, the installer has the answers of the kernel
    /// command line; afterwards it also has those of the preseed.
    private static func detect(_ folder: TemporaryFolder, without option: String = "") throws -> [String] {
        try unpack(folder, to: "root")
        let line = try folder.read("out/pxe/tftp/debian-installer/amd64/pxelinux.cfg/01-08-00-27-00-00-01")
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        let early = words.filter { $0.contains("/") && $0.contains("=") && !$0.hasPrefix("url") && $0 != option }
            .map { $0.split(separator: "=", maxSplits: 1) }.filter { $0.count == 2 }
            .map { "d-i \($0[0]) string \($0[1])" }
        let late = try folder.read("out/nodes/node1/preseed.cfg").split(separator: "\n")
            .filter { $0.contains("hw-detect/firmware-lookup") || $0.contains("apt-setup/non-free-firmware") }
        try folder.write(
            (["d-i debconf/priority select critical"] + early).joined(separator: "\n") + "\n", to: "early")
        try folder.write(late.joined(separator: "\n") + "\n", to: "late")
        let ran = try run(
            [
                "timeout", "120", checkout.appending(path: "Tests/Media/missing-firmware").path,
                folder.url("root").path,
                folder.url("early").path, folder.url("late").path,
            ])
        #expect(ran.status == 0, "\(ran.err)")
        return ran.out.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("log ") }
    }

    private static let server = "boot_server: {address: 10.8.0.1, port: 8000}"

    /// If a card lacks its firmware, the search neither fails nor mounts disks, and it enables no component.
    @Test func missingFirmwareStopsNothing() throws {
        try #require(getuid() == 0, "needs root, as `make test` has it")
        let folder = try TemporaryFolder()
        try Self.prepare(folder, lab: Self.lab("bookworm", Self.server, ""))
        let ran = try xenseed("netboot", "--archive", "netboot.tar.gz", in: folder)
        #expect(ran.status == 0, "\(ran.err)")
        #expect(try Self.detect(folder) == ["detect 0", "firmware no", "component no", "queued"])
        // Without this option on the kernel command line, the search would mount disks.
        try FileManager.default.removeItem(atPath: folder.url("root").path)
        let without = try Self.detect(folder, without: "hw-detect/load_firmware=false")
        #expect(without.contains("detect 1") && without.contains("mountmedia driver"), "\(without)")
    }

    @Test(arguments: [
        ["firmware-test_1_all.deb"], ["firmware.cpio.gz"], ["firmware.cpio"],
    ]) func firmwareReachesTheInstaller(_ files: [String]) throws {
        try #require(getuid() == 0, "needs root, as `make test` has it")
        let folder = try TemporaryFolder()
        try Self.prepare(folder, lab: Self.lab("bookworm", "\(Self.server)\nnonfree_firmware: true", ""))
        let ran = try run(
            [program, "netboot", "--archive", "netboot.tar.gz"] + files.flatMap { ["--firmware", $0] },
            in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran.err)")
        #expect(ran.err.contains("the installer has 1 firmware package\n"), "\(ran.err)")
        #expect(
            try Self.detect(folder) == [
                "detect 0", "firmware yes", "component yes", "queued intel-microcode firmware-test_1_all.deb",
            ])
        // A later build or check does not change or report the initrd.
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        // Without firmware, the initrd is Debian's again.
        #expect(try xenseed("netboot", "--archive", "netboot.tar.gz", in: folder).status == 0)
        let initrd = "debian-installer/amd64/initrd.gz"
        #expect(try run(["cmp", "\(Self.images)/\(initrd)", folder.url("out/pxe/tftp/\(initrd)").path]).status == 0)
    }

    @Test func refusesOtherFirmware() throws {
        let folder = try TemporaryFolder()
        try Self.prepare(folder, lab: Self.lab("bookworm", Self.server, ""))
        try folder.write(Self.lab("bookworm", "", ""), to: "text")
        let made = try run(
            [
                "sh", "-euc",
                """
                cp firmware-test_1_all.deb firmware.pkg
                echo lab.yaml | cpio --quiet -o -H newc >other.cpio
                (find firmware; echo lab.yaml) | cpio --quiet -o -H newc >more.cpio
                head -c 700 firmware.cpio >cut.cpio
                """,
            ], in: URL(filePath: folder.path))
        #expect(made.status == 0, "\(made.err)")
        for (files, status, says) in [
            (["text"], 1, "not a newc archive"), (["nowhere"], 3, "nowhere: no such file"),
            (["other.cpio"], 1, "has no firmware/*.deb"),
            (["more.cpio"], 1, "has a file that is not firmware: lab.yaml"), (["cut.cpio"], 1, "truncated"),
            (["firmware.pkg"], 1, "does not end in .deb"),
            (["firmware-test_1_all.deb", "./firmware-test_1_all.deb"], 1, "is given twice"),
        ] as [([String], Int32, String)] {
            let ran = try run(
                [program, "netboot", "--archive", "netboot.tar.gz"] + files.flatMap { ["--firmware", $0] },
                in: URL(filePath: folder.path))
            #expect(ran.status == status && ran.err.contains(says), "\(files): \(ran.status) \(ran.err)")
            #expect(!FileManager.default.fileExists(atPath: folder.url("out").path))
        }
        let ran = try xenseed(
            "netboot", "--archive", "netboot.tar.gz", "--firmware", "firmware-test_1_all.deb", in: folder)
        #expect(ran.status == 0 && ran.err.contains("the installed nodes will lack firmware"), "\(ran.err)")
    }

    // MARK: check --packages

    private static let index = """
        Package: bridge-utils

        Package: ifupdown

        Package: isc-dhcp-client

        Package: systemd-timesyncd

        Package: xen-system-amd64

        Package: htop

        """

    @Test func packagesOfAnIndex() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.lab("bookworm", "", "  packages: [htop, drbd-utils]"), to: "lab.yaml")
        try folder.write(Self.index, to: "Packages")
        try folder.write("Package: drbd-utils\n", to: "Packages-2")
        let packed = try run(
            [
                "sh", "-euc",
                "gzip -k Packages; xz -k Packages; bzip2 -k Packages; head -c 60 Packages.xz >cut.xz; : >empty",
            ],
            in: URL(filePath: folder.path))
        #expect(packed.status == 0, "\(packed.err)")
        for name in ["Packages", "Packages.gz", "Packages.xz", "Packages.bz2"] {
            let ran = try xenseed("check", "--packages", name, in: folder)
            #expect(
                ran.status == 1 && ran.out.contains("error[X0613]: the package indices have no drbd-utils"), "\(ran)")
            #expect(ran.out.contains("lab.yaml: 1 error, "), "\(ran)")
            let both = try xenseed("check", "--packages", name, "--packages", "Packages-2", in: folder)
            #expect(both.status == 0, "\(both)")
        }
        let stdin = try xenseed("check", "--packages", "-", input: Self.index, in: folder)
        #expect(stdin.status == 1 && stdin.out.contains("X0613"), "\(stdin)")
        #expect(try xenseed("check", "--packages", "-", "-", input: Self.index, in: folder).status == 2)
        for (name, says) in [
            ("nowhere", "nowhere: No such file"), ("cut.xz", "cut.xz: "),
            ("lab.yaml", "lab.yaml: not a Debian package index"),
            ("empty", "empty: not a Debian package index"),
        ] {
            let ran = try xenseed("check", "--packages", name, in: folder)
            #expect(ran.status == 3 && ran.err.contains(says) && ran.out.isEmpty, "\(name): \(ran)")
        }
        // Without an index, package names are not checked.
        #expect(try xenseed("check", in: folder).status == 0)
    }
}
