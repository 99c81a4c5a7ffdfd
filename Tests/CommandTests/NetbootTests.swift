import Foundation
import TestSupport
import Testing

/// Tests `xenseed netboot`, and what machines then receive over the network.
@Suite(.timeLimit(.minutes(15)))
struct NetbootTests {
    private static let image = NetbootArchive.image

    /// xen01 boots with BIOS, xen02 with UEFI; both are in two networks.
    private static let lab = """
        release: bookworm
        domain: hl.local
        boot_server: {address: 10.8.8.1, port: 8000}
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true}
          drbd: {subnet: 172.16.22.0/24}
        defaults:
          cpus: 2
          memory: 2 GiB
          access: {authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5 ann@desk"]}
          bridges: {xenbr0: {network: lan}}
        nodes:
          xen01:
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13}
              eth1: {mac: "08:00:27:08:08:13", bridge: xenbr0}
            bridges: {xenbr0: {address: 10.8.8.13}}
          xen02:
            firmware: uefi
            interfaces:
              eth0: {mac: "08:00:27:16:22:14", network: drbd, address: 172.16.22.14}
              eth1: {mac: "08:00:27:08:08:14", bridge: xenbr0}
            bridges: {xenbr0: {address: 10.8.8.14}}

        """

    private static func withLab() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try lab.write(to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        return folder
    }

    /// Creates a directory with the lab, and with Debian's netboot archive and its SHA256SUMS as on a mirror.
    private static func prepared() throws -> TemporaryFolder {
        let folder = try withLab()
        try NetbootArchive.place(in: folder)
        let sum = try run(["sha256sum", folder.url("netboot.tar.gz").path]).out.prefix(64)
        try "\(String(repeating: "0", count: 64))  ./netboot/gtk/netboot.tar.gz\n\(sum)  ./netboot/netboot.tar.gz\n"
            .write(to: folder.url("SHA256SUMS"), atomically: true, encoding: .utf8)
        return folder
    }

    @Test func completesTheTree() throws {
        let folder = try Self.prepared()
        let place = URL(filePath: folder.path)
        let ran = try xenseed(
            "netboot", "--archive", "netboot.tar.gz", "--sums", "SHA256SUMS", "--ipxe", "/usr/lib/ipxe", in: folder)
        #expect(ran.status == 0, "\(ran.err)")
        let compared = try run(
            ["diff", "--recursive", "--brief", "--no-dereference", Self.image, "out/pxe/tftp"], in: place
        ).out.replacing("\(Self.image)/", with: "").split(separator: "\n").map(String.init)
        #expect(
            Set(compared) == [
                "Only in out/pxe/tftp: boot.ipxe", "Only in out/pxe/tftp: ipxe",
                "Only in out/pxe/tftp: snponly.efi", "Only in out/pxe/tftp: undionly.kpxe",
                "Only in out/pxe/tftp/debian-installer/amd64/grub: grub.cfg-01-08-00-27-08-08-14",
                "Only in out/pxe/tftp/debian-installer/amd64/pxelinux.cfg: 01-08-00-27-08-08-13",
                "Only in out/pxe/tftp/debian-installer/amd64/pxelinux.cfg: 01-08-00-27-08-08-14",
                "Files debian-installer/amd64/grub/grub.cfg and out/pxe/tftp/debian-installer/amd64/grub/grub.cfg differ",
                "File debian-installer/amd64/pxelinux.cfg/default is a symbolic link while file "
                    + "out/pxe/tftp/debian-installer/amd64/pxelinux.cfg/default is a regular file",
            ], "\(compared)")
        // Debian's files are foreign files in the tree: a build keeps them, and a check reports no difference.
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        // All of them that are regular files are in the list of digests, and no file of the lab.
        func listed() throws -> [String] {
            let checked = try run(
                ["sha256sum", "--check", "--strict", "pxe/installer.sha256"], in: place.appending(path: "out"))
            #expect(checked.status == 0, "\(checked)")
            return checked.out.split(separator: "\n").compactMap { $0.hasSuffix(": OK") ? String($0.dropLast(4)) : nil }
        }
        let there = try run(["find", "pxe/tftp", "-type", "f"], in: place.appending(path: "out")).out
            .split(separator: "\n").map(String.init)
        let built = Set(try folder.read("out/SHA256SUMS").split(separator: "\n").map { String($0.dropFirst(66)) })
        #expect(try listed() == there.filter { !built.contains($0) }.sorted())
        #expect(try listed().contains("pxe/tftp/debian-installer/amd64/initrd.gz"))
        let kernel = place.appending(path: "out/pxe/tftp/debian-installer/amd64/linux")
        #expect(try xenseed("build", "--release", "jessie", in: folder).status == 1)
        try Self.lab.replacing("2 GiB", with: "3 GiB").write(
            to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(
            FileManager.default.contentsEqual(
                atPath: kernel.path, andPath: "\(Self.image)/debian-installer/amd64/linux"))
        #expect(try listed().contains("pxe/tftp/undionly.kpxe"))
        #expect(try xenseed("netboot", "--archive", "netboot.tar.gz", in: folder).status == 0)
        // The files of iPXE are still there, but no longer of this installer.
        #expect(try listed().contains("pxe/tftp/version.info") && !listed().contains("pxe/tftp/undionly.kpxe"))
    }

    /// The server serves the installer only as `netboot` put it there, or says that it does not know how that was.
    @Test func serveChecksTheInstaller() throws {
        let served = try ServeTests.Served(
            labText(release: "bookworm").replacing(
                "networks:", with: "boot_server: {address: 10.8.0.1, port: 8000}\nnetworks:"))
        let folder = served.folder
        try TreeTests.archive("first", in: folder)
        try #require(xenseed("netboot", "--archive", "first.tar", in: folder).status == 0)
        let (linux, initrd) = (
            "pxe/tftp/debian-installer/amd64/linux", "pxe/tftp/debian-installer/amd64/initrd.gz"
        )
        /// Waits until the server has noticed a change.
        func get(_ path: String, until isDone: (String) -> Bool) throws -> String {
            var got = ""
            for _ in 0..<100 {
                got = try served.get(path).out
                if isDone(got) { break }
                usleep(100_000)
            }
            return got
        }
        #expect(try get(linux) { $0.hasSuffix("[200]") } == "f [200]")
        try folder.write("x", to: "out/\(linux)")
        #expect(
            try get(linux) { $0.hasSuffix("[500]") }
                == "\(linux) does not have the digest in pxe/installer.sha256; run xenseed netboot\n [500]")
        #expect(try served.get(initrd).out == "f [200]")
        #expect(!served.log.contains("served unchecked"))
        let damaged = try xenseed("inspect", "out", in: folder)
        #expect(
            damaged.status == 1 && damaged.out.contains("DAMAGED: \(linux) does not match pxe/installer.sha256"),
            "\(damaged)")
        try FileManager.default.removeItem(at: folder.url("out/pxe/installer.sha256"))
        #expect(try get(linux) { $0.hasSuffix("[200]") } == "x [200]")
        #expect(
            served.log.contains(
                "\(initrd) is served unchecked: pxe/installer.sha256 does not list it; run xenseed netboot again"))
        // The next run checks them again.
        try TreeTests.archive("second", in: folder)
        try #require(xenseed("netboot", "--archive", "second.tar", in: folder).status == 0)
        #expect(try get(linux) { $0.hasPrefix("s") } == "s [200]")
        try folder.write("x", to: "out/\(linux)")
        #expect(try get(linux) { $0.hasSuffix("[500]") }.hasSuffix("[500]"))
    }

    /// If the archive can't be used, nothing is built.
    @Test func refusesAnotherArchive() throws {
        let folder = try Self.prepared()
        let place = URL(filePath: folder.path)
        func refusal(_ words: String...) throws -> Ran {
            let ran = try run([program] + ["netboot"] + words, in: place)
            #expect(!FileManager.default.fileExists(atPath: folder.url("out").path))
            return ran
        }
        try "0  netboot/netboot.tar.gz\n".write(to: folder.url("wrong"), atomically: true, encoding: .utf8)
        let changed = try refusal("--archive", "netboot.tar.gz", "--sums", "wrong")
        #expect(changed.status == 1 && changed.err.contains("but the list has"), "\(changed.err)")
        let missing = try refusal("--archive", "none.tar.gz")
        #expect(missing.status == 3 && missing.err.contains("none.tar.gz"), "\(missing.err)")
        #expect(try refusal().status == 2)

        for (name, text, says) in [
            ("version.info", "Debian version:  11 (bullseye)\n", "is for “Debian 11 (bullseye)”"),
            ("version.info", nil, "version.info"),
            ("debian-installer/amd64/linux", nil, "is not a netboot archive"),
        ] {
            let copy = folder.url("copy")
            try FileManager.default.copyItem(atPath: Self.image, toPath: copy.path)
            defer { try? FileManager.default.removeItem(at: copy) }
            try FileManager.default.removeItem(at: copy.appending(path: name))
            try text?.write(to: copy.appending(path: name), atomically: true, encoding: .utf8)
            #expect(try run(["tar", "-C", copy.path, "-cf", "other.tar", "."], in: place).status == 0)
            let ran = try refusal("--archive", "other.tar")
            #expect(ran.status == 1 && ran.err.contains(says), "\(name): \(ran.err)")
        }
    }

    /// An archive is refused if a member would be written, or a link would lead, outside the TFTP root.
    @Test(arguments: [
        ("above", "add('../evil')"), ("absolute", "add('/tmp/evil')"), ("inside", "add('a/../../evil')"),
        ("link above", "link('a', '../..')"), ("absolute link", "link('a', '/etc')"),
        ("through a link", "link('a', 'b'); add('a/evil')"), ("below a file", "add('a'); add('a/evil')"),
        ("behind a name", "add('b/c/x'); link('b/c/d', '../..'); link('b/c/e', 'd/..')"),
        ("hard link", "add('a'); hard('b', '/etc/passwd')"), ("twice", "add('a'); add('a')"), ("device", "device('a')"),
        ("long link", "link('a/b', 'c/../../../d')"),
    ]) func noMemberLeadsOut(_ name: String, _ members: String) throws {
        let folder = try Self.withLab()
        let place = URL(filePath: folder.path)
        let script = """
            import tarfile, io
            t = tarfile.open('evil.tar', 'w')
            def info(name, kind, target=''):
                i = tarfile.TarInfo(name); i.type = kind; i.linkname = target; return i
            def add(name):
                i = info(name, tarfile.REGTYPE); i.size = 4; t.addfile(i, io.BytesIO(b'evil'))
            def link(name, target): t.addfile(info(name, tarfile.SYMTYPE, target))
            def hard(name, target): t.addfile(info(name, tarfile.LNKTYPE, target))
            def device(name): t.addfile(info(name, tarfile.CHRTYPE))
            \(members)
            t.close()
            """
        #expect(try run(["python3", "-c", script], in: place).status == 0)
        let ran = try xenseed("netboot", "--archive", "evil.tar", in: folder)
        #expect(ran.status == 1 && ran.err.contains("evil.tar: has"), "\(name): \(ran.err)")
        #expect(
            try run(["find", ".", "-type", "f"], in: place).out.split(separator: "\n").sorted() == [
                "./evil.tar", "./lab.yaml",
            ])
        #expect(!FileManager.default.fileExists(atPath: "/tmp/evil"))
        #expect(!FileManager.default.fileExists(atPath: folder.url("out").path))
    }

    // MARK: DHCP, TFTP and HTTP

    private struct Answer: Decodable {
        var address, server, header_file, file, host, domain: String
        var routers, dns: [String]
        var name: String { file.isEmpty ? header_file : file }
    }

    private struct Fetched: Decodable {
        var name: String
        var loader: Int
        var hostname: String?
        var preseed_matches: Bool?
        var linux, linux_by_http: Int?
        var config_by_http: Bool?
    }

    private struct Client: Decodable {
        var mac: String
        var offers: [Answer]
        var answers: [Answer]
        var fetched: [Fetched]
    }

    /// A machine that boots from the network, and the boot file that it must get.
    private struct Machine {
        /// The file in Tests/Media/requests with the messages of its boot ROM.
        var rom: String
        /// The node that the machine is; nil for a machine that is not in the lab.
        var node: String?
        /// The client architecture (RFC 4578) if it is not the recorded one.
        var arch: Int?
        /// Codes of the iPXE features that are removed from the recorded messages.
        var without: [Int] = []
        /// The boot file if the lab has the only DHCP server, and if there is another one; nil for none.
        var file, fileBesideAnother: String?

        /// The machine in the format that `exchange.py` reads.
        var json: [String: Any] {
            let macs = ["xen01": "08:00:27:08:08:13", "xen02": "08:00:27:08:08:14"]
            var json: [String: Any] = [
                "mac": node.flatMap { macs[$0] } ?? "52:54:00:00:00:01", "rom": rom, "without": without,
            ]
            json["arch"] = arch
            return json
        }

        /// Creates a BIOS machine that is xen01.
        static func bios(_ rom: String, without: [Int] = [], _ file: String) -> Machine {
            Machine(rom: rom, node: "xen01", without: without, file: file, fileBesideAnother: file)
        }
        /// Creates a UEFI machine that is xen02.
        static func uefi(
            _ rom: String, arch: Int? = nil, without: [Int] = [], _ file: String?, besideAnother: String?
        ) -> Machine {
            Machine(
                rom: rom, node: "xen02", arch: arch, without: without, file: file, fileBesideAnother: besideAnother)
        }
    }

    private static let shim = "debian-installer/amd64/bootnetx64.efi"
    private static let (http, bzImage, efi) = (19, 24, 36)
    private static let machines: [Machine] = [
        .bios("plain-bios", "pxelinux.0"),
        .bios("virtualbox-bios", "pxelinux.0"),
        .bios("qemu-bios", "boot.ipxe"),
        .bios("undionly", "boot.ipxe"),
        .bios("lkrn", "boot.ipxe"),
        .bios("qemu-bios", without: [http], "pxelinux.0"),
        .bios("qemu-bios", without: [bzImage], "pxelinux.0"),
        .uefi("ovmf", shim, besideAnother: "snponly.efi"),
        .uefi("ovmf", arch: 9, shim, besideAnother: "snponly.efi"),
        .uefi("snponly", "boot.ipxe", besideAnother: "boot.ipxe"),
        .uefi("qemu-uefi", "boot.ipxe", besideAnother: "boot.ipxe"),
        .uefi("snponly", without: [http], shim, besideAnother: "snponly.efi"),
        .uefi("snponly", without: [efi], shim, besideAnother: "snponly.efi"),
        // UEFI on 32-bit x86, and the firmware's own HTTP boot.
        .uefi("ovmf-ia32", nil, besideAnother: nil),
        .uefi("snponly", arch: 6, nil, besideAnother: nil),
        .uefi("ovmf-http", nil, besideAnother: nil),
        .uefi("ovmf-http", arch: 15, nil, besideAnother: nil),
        // Machines that are not in the lab.
        Machine(rom: "plain-bios"), Machine(rom: "virtualbox-bios"), Machine(rom: "qemu-bios"),
    ]

    private func exchange(_ server: String) throws -> [(Machine, Client)] {
        let folder = try Self.prepared()
        let built = try xenseed("netboot", "--archive", "netboot.tar.gz", "--ipxe", "/usr/lib/ipxe", in: folder)
        #expect(built.status == 0, "\(built.err)")
        let clients = String(
            decoding: try JSONSerialization.data(withJSONObject: Self.machines.map(\.json)), as: UTF8.self)
        let script = checkout.appending(path: "Tests/Media/exchange.py").path
        let ran = try run(["timeout", "120", "python3", script, program, folder.url("out").path, server, clients])
        #expect(ran.status == 0, "\(ran.err)")
        let answered = try JSONDecoder().decode([Client].self, from: Data(ran.out.utf8))
        try #require(answered.count == Self.machines.count)
        return Array(zip(Self.machines, answered))
    }

    @Test(arguments: ["dnsmasq", "dhcpd"]) func asDHCPServer(_ server: String) throws {
        for (machine, client) in try exchange(server) {
            guard let node = machine.node else {
                #expect(client.offers.isEmpty, "\(machine)")
                continue
            }
            try #require(client.answers.count == 1, "\(machine)")
            let answer = client.answers[0]
            #expect(answer.address == (node == "xen01" ? "10.8.8.13" : "10.8.8.14"))
            #expect(answer.host == node && answer.domain == "hl.local")
            #expect(answer.routers == ["10.8.8.1"] && answer.dns == ["10.8.8.1"])
            #expect(answer.name == machine.file ?? "", "\(machine)")
            #expect(client.offers.map(\.name) == [machine.file ?? ""], "\(machine)")
            // shim derives the name of the next file from the file name in the BOOTP header.
            #expect(machine.file != Self.shim || answer.header_file == Self.shim)
            #expect(client.fetched.map(\.name) == (machine.file.map { [$0] } ?? []))
            for fetched in client.fetched {
                #expect(fetched.loader > 0 && fetched.hostname == node && fetched.preseed_matches == true, "\(fetched)")
                // By TFTP, only the beginning of the kernel is fetched.
                #expect(fetched.linux ?? 0 > 0 && fetched.linux_by_http ?? 0 > 1 << 22, "\(fetched)")
                #expect(fetched.config_by_http == (machine.file == "boot.ipxe" ? true : nil))
            }
        }
    }

    /// A node with several bridge ports is installed over the second port. The installer requests its lease with that
    /// card's address, the installed system with its bridge's address: that of the first port, or, in releases whose
    /// overlay sets none, the one that the kernel chooses. Both get the same IP address, the bridge also after the
    /// card.
    @Test(arguments: ["jessie", "bookworm"], ["dnsmasq", "dhcpd"])
    func leaseOfABridge(_ release: String, _ server: String) throws {
        let folder = try TemporaryFolder()
        let (first, second, third) = ("08:00:27:08:08:15", "08:00:27:08:08:14", "08:00:27:08:08:13")
        try """
        release: \(release)
        domain: hl.local
        boot_server: {address: 10.8.8.1, port: 8000}
        networks: {lan: {subnet: 10.8.8.0/24, dhcp: true}}
        nodes:
          xen01:
            cpus: 2
            memory: 2 GiB
            access: {authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5 ann@desk"]}
            install: eth1
            interfaces:
              eth0: {mac: "\(first)", bridge: xenbr0}
              eth1: {mac: "\(second)", bridge: xenbr0}
              eth2: {mac: "\(third)", bridge: xenbr0}
            bridges: {xenbr0: {network: lan, stp: true, address: 10.8.8.13}}

        """.write(to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        #expect(try xenseed("build", in: folder).status == 0)
        let own = release == "jessie" ? #""ports": ["\#(first)", "\#(second)", "\#(third)"]"# : #""mac": "\#(first)""#
        let other = release == "jessie" ? first : third
        let clients = #"[{"mac": "\#(second)"}, {\#(own)}, {"mac": "\#(other)"}]"#
        let script = checkout.appending(path: "Tests/Media/exchange.py").path
        let ran = try run(
            ["timeout", "120", "python3", script, program, folder.url("out").path, server, clients, "--no-files"])
        #expect(ran.status == 0, "\(ran.err)")
        let answered = try JSONDecoder().decode([Client].self, from: Data(ran.out.utf8))
        try #require(answered.count == 3)
        #expect(answered[1].mac == (release == "jessie" ? third : first))
        for client in answered[..<2] {
            let answer = try #require(client.answers.first)
            #expect(answer.address == "10.8.8.13" && answer.host == "xen01")
        }
        #expect(answered[2].offers.isEmpty)
    }

    @Test func besideAnotherDHCPServer() throws {
        for (machine, client) in try exchange("proxy") {
            // The other server answers every machine; the lab's ignores machines that are not in the lab and HTTP boot.
            guard machine.node != nil, machine.rom != "ovmf-http" else {
                #expect(client.offers.map(\.server) == ["10.8.8.9"], "\(machine)")
                continue
            }
            #expect(Set(client.offers.map(\.server)) == ["10.8.8.1", "10.8.8.9"], "\(machine)")
            let answer = try #require(client.answers.first { $0.server == "10.8.8.1" }, "\(machine)")
            #expect(answer.name == machine.fileBesideAnother ?? "", "\(machine)")
            #expect(client.fetched.map(\.name) == (machine.fileBesideAnother.map { [$0] } ?? []))
            for fetched in client.fetched {
                #expect(fetched.loader > 0)
                // iPXE requests a boot file in turn.
                #expect(fetched.hostname == (fetched.name == "snponly.efi" ? nil : machine.node), "\(fetched)")
            }
        }
    }
}
