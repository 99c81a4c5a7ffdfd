import Foundation
import TestSupport
import Testing

/// Tests `xenseed inspect` on intact and damaged files from xenseed and Debian.
@Suite(.timeLimit(.minutes(15)))
struct InspectTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(labText(release: "bookworm"), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        try #require(ran.status == 0, "\(ran.err)")
    }

    private func json(_ words: String...) throws -> [String: Any] {
        let ran = try run([program, "inspect", "--format", "json"] + words, in: URL(filePath: folder.path))
        try #require(ran.err.isEmpty, "\(ran.err)")
        return try #require(try JSONSerialization.jsonObject(with: Data(ran.out.utf8)) as? [String: Any])
    }

    private func sum(_ path: String) throws -> String {
        String(try run(["sha256sum", folder.url(path).path]).out.prefix(64))
    }

    /// Checks everything that is reported about the nodes, wherever their files are.
    private func expectNodes(_ found: [String: Any]) throws {
        let nodes = try #require(found["nodes"] as? [[String: Any]])
        #expect(nodes.map { $0["name"] as? String } == ["node1", "node2"])
        for node in nodes {
            let name = try #require(node["name"] as? String)
            #expect(node["macs"] as? [String] == ["08:00:27:00:00:0\(name.last!)"])
            #expect(node["erases"] as? String == "/dev/sda" && node["release"] as? String == "bookworm")
            #expect(node["isChained"] as? Bool == true && (node["damage"] as? [String])?.isEmpty == true)
            #expect(node["password"] as? String == "$6$ hash, hidden")
            for (key, file) in [
                ("preseed", "preseed.cfg"), ("lateCommand", "late-command.sh"), ("overlay", "overlay.tar.gz"),
            ] {
                #expect(try node[key] as? String == sum("out/nodes/\(name)/\(file)"), "\(name) \(key)")
            }
        }
    }

    @Test func theSameNodesEverywhere() throws {
        let tree = try json("out")
        #expect(tree["kind"] as? String == "output tree")
        try expectNodes(tree)
        let seed = try json("out/usb/seed.cpio.gz")
        #expect(seed["kind"] as? String == "seed")
        try expectNodes(seed)

        let source = try SourceImage()
        try source.initrd.write(to: folder.url("initrd.gz"))
        let plain = try json("initrd.gz")
        #expect(plain["kind"] as? String == "initrd" && (plain["nodes"] as? [Any])?.isEmpty == true)
        try (source.initrd + Data(count: 3) + Data(contentsOf: folder.url("out/usb/seed.cpio.gz"))).write(
            to: folder.url("both.gz"))
        let both = try json("both.gz")
        let installer = try #require((both["installers"] as? [[String: Any]])?.first)
        #expect(installer["archives"] as? Int == 2 && installer["hasSeed"] as? Bool == true)
        #expect(installer["version"] as? String == "12 (bookworm) - installer build 20230607+deb12u15")
        try expectNodes(both)

        try #require(xenseed("iso", "--from", source.path, "--output", "lab.iso", in: folder).status == 0)
        let image = try json("lab.iso")
        #expect(image["kind"] as? String == "image" && image["volume"] as? String == "Debian 12.11.0 amd64 n")
        #expect(
            image["boot"] as? [String] == [
                "BIOS /isolinux/isolinux.bin", "UEFI /boot/grub/efi.img", "hybrid MBR", "GPT", "APM",
            ])
        #expect((image["damage"] as? [String])?.isEmpty == true)
        let initrds = try #require(image["installers"] as? [[String: Any]]).filter { $0["archives"] != nil }
        #expect(initrds.map { $0["path"] as? String } == ["/install.amd/gtk/initrd.gz", "/install.amd/initrd.gz"])
        #expect(initrds.allSatisfy { $0["hasSeed"] as? Bool == true })
        try expectNodes(image)
        let stock = try json(source.path)
        #expect((stock["nodes"] as? [Any])?.isEmpty == true && (stock["damage"] as? [String])?.isEmpty == true)
        #expect((stock["says"] as? String)?.hasPrefix("Debian GNU/Linux 12.11.0") == true)
    }

    @Test func overlayAndNodeFolder() throws {
        let overlay = try xenseed("inspect", "out/nodes/node2/overlay.tar.gz", in: folder)
        #expect(overlay.status == 0 && overlay.out.contains("a node's overlay\nnode node2\n"), "\(overlay.out)")
        #expect(
            try overlay.out.contains("08:00:27:00:00:02") && overlay.out.contains(sum("out/nodes/node2/overlay.tar.gz"))
        )
        let node = try json("out/nodes/node1")
        #expect(node["kind"] as? String == "node folder")
        #expect((node["nodes"] as? [[String: Any]])?.first?["isChained"] as? Bool == true)
    }

    @Test func networkTrees() throws {
        let text = "/usr/lib/debian-installer/images/12/amd64/text"
        let stock = try json(text)
        #expect(stock["kind"] as? String == "netboot tree")
        #expect((stock["says"] as? String)?.hasPrefix("Debian version: 12 (bookworm)") == true)
        let lab = labText(release: "bookworm").replacing(
            "defaults:", with: "boot_server: {address: 10.8.0.1, port: 8000}\ndefaults:")
        try folder.write(lab, to: "lab.yaml")
        try #require(xenseed("build", in: folder).status == 0)
        let armed = try #require(try json("out/pxe")["armed"] as? [[String: Any]])
        #expect(armed.count == 4)
        #expect(armed.first?["node"] as? String == "node1" && armed.first?["mac"] as? String == "08:00:27:00:00:01")
        #expect(armed.first?["url"] as? String == "http://10.8.0.1:8000/nodes/node1/preseed.cfg")
        try #require(run(["tar", "-czf", folder.url("netboot.tar.gz").path, "-C", text, "."]).status == 0)
        #expect(try json("netboot.tar.gz")["kind"] as? String == "netboot archive")
    }

    @Test func hashesOnlyWhenAsked() throws {
        for words in [["out"], ["--format", "json", "out"], ["out/usb/seed.cpio.gz"]] {
            let ran = try run([program, "inspect"] + words, in: URL(filePath: folder.path))
            #expect(ran.status == 0 && !(ran.out + ran.err).contains("saltsalt"), "\(ran.out)")
            let asked = try run([program, "inspect", "--show-secrets"] + words, in: URL(filePath: folder.path))
            #expect(asked.status == 0 && asked.out.contains("$6$saltsalt$xxx"), "\(asked.out)")
        }
    }

    // MARK: Damage

    @Test(arguments: [
        ("echo >>out/nodes/node1/late-command.sh", "the preseed has the digest of another late-command.sh"),
        ("echo >>out/nodes/node1/late-command.sh", "nodes/node1/late-command.sh does not match SHA256SUMS"),
        ("rm out/nodes/node2/overlay.tar.gz", "overlay.tar.gz is missing"),
        (
            "cp out/nodes/node1/overlay.tar.gz out/nodes/node2/",
            "the late command has the digest of another overlay.tar.gz"
        ),
        ("truncate -s 100 out/nodes/node2/overlay.tar.gz", "overlay.tar.gz: "),
        ("echo x >out/README.md", "README.md does not match SHA256SUMS"),
    ]) func damagedTree(change: String, says: String) throws {
        try #require(run(["sh", "-c", change], in: URL(filePath: folder.path)).status == 0)
        let ran = try xenseed("inspect", "out", in: folder)
        #expect(ran.status == 1 && ran.out.contains("DAMAGED") && ran.out.contains(says), "\(ran.out)")
    }

    @Test func damagedImage() throws {
        let source = try SourceImage()
        try #require(xenseed("iso", "--from", source.path, "--output", "lab.iso", in: folder).status == 0)
        // Changes letters in a boot menu.
        let spoilt = try run([
            "sed", "-i", "s/ATTR{address}/ATTR{adress}/; s/is ERASED without/is ERASED WITHOUT/",
            folder.url("lab.iso").path,
        ])
        try #require(spoilt.status == 0)
        let ran = try xenseed("inspect", "lab.iso", in: folder)
        #expect(ran.status == 1, "\(ran.out)")
        #expect(ran.out.contains("DAMAGED: /isolinux/isolinux.cfg does not match md5sum.txt"), "\(ran.out)")
        // Without its boot records, the image does not boot anywhere.
        try #require(xenseed("iso", "--from", source.path, "--output", "lab.iso", in: folder).status == 0)
        try #require(
            run(["dd", "if=/dev/zero", "of=\(folder.url("lab.iso").path)", "bs=32k", "count=1", "conv=notrunc"]).status
                == 0)
        let bare = try xenseed("inspect", "lab.iso", in: folder)
        #expect(bare.status == 1 && bare.out.contains("DAMAGED: lacks a hybrid MBR"), "\(bare.out)")
    }

    @Test(arguments: [
        ("hello", "is not an ISO image"), ("\u{1f}", "is not an ISO image"), ("070701hello", "damaged after byte 0"),
    ])
    func nothingKnown(text: String, says: String) throws {
        try folder.write(text, to: "file")
        let ran = try xenseed("inspect", "file", in: folder)
        #expect(ran.status == 1 && ran.out.isEmpty && ran.err.contains("file: \(says)"), "\(ran.err)")
    }

    @Test func otherStatuses() throws {
        let missing = try xenseed("inspect", "nowhere", in: folder)
        #expect(missing.status == 3 && missing.err == "xenseed: nowhere: No such file or directory\n")
        #expect(try xenseed("inspect", in: folder).status == 2)
        #expect(try xenseed("inspect", "--format", "xml", "out", in: folder).status == 2)
        #expect(try xenseed("inspect", "/etc", in: folder).status == 1)
        let source = try SourceImage("mini")
        let ran = try run([program, "inspect", source.path], environment: ["PATH": "/nowhere"])
        #expect(ran.status == 3 && ran.err.contains("install Debian's package xorriso"), "\(ran.err)")
    }
}
