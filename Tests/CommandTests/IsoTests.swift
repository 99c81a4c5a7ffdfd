import Foundation
import TestSupport
import Testing

/// Tests `xenseed iso` on images with Debian's layout.
@Suite(.timeLimit(.minutes(15)))
struct IsoTests {
    private let folder: TemporaryFolder
    private var output: URL { folder.url("lab.iso") }

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(labText(release: "bookworm"), to: "lab.yaml")
    }

    private func iso(_ source: SourceImage, _ words: [String] = [], environment: [String: String] = [:]) throws -> Ran {
        try run(
            [program, "iso", "--from", source.path, "--output", "lab.iso"] + words, environment: environment,
            in: URL(filePath: folder.path))
    }

    /// Returns the lab's seed, as `xenseed build` writes it.
    private func seed() throws -> Data {
        let ran = try xenseed("build", in: folder)
        try #require(ran.status == 0, "\(ran.err)")
        return try Data(contentsOf: folder.url("out/usb/seed.cpio.gz"))
    }

    // MARK: Content

    @Test(arguments: ["netinst", "mini"]) func startsWhereDebiansDid(layout: String) throws {
        let source = try SourceImage(layout)
        let ran = try iso(source)
        try #require(ran.status == 0 && ran.out.isEmpty, "\(ran.err)")
        let root = layout == "netinst" ? "isolinux/" : ""
        #expect(
            ran.err.contains(
                "lab.iso: installs node1, node2; BIOS /\(root)isolinux.bin, UEFI /boot/grub/efi.img, hybrid MBR, GPT"),
            "\(ran.err)")
        #expect(try records(output) == records(URL(filePath: source.path)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["lab.iso", "lab.yaml"])
    }

    /// Returns xorriso's report of the boot records, without block addresses and identifiers.
    private func records(_ image: URL) throws -> [String] {
        let ran = try run([
            "xorriso", "-no_rc", "-indev", image.path, "-report_el_torito", "plain", "-report_system_area", "plain",
            "-pvd_info",
        ])
        try #require(ran.status == 0, "\(ran.err)")
        let kept = [
            "El Torito img path", "El Torito img opts", "El Torito images", "System area summary", "MBR partition path",
            "GPT partition path", "APM partition path", "GPT type GUID", "Volume Id", "El Torito cat path",
        ]
        let lines = ran.out.split(separator: "\n").filter { line in kept.contains { line.hasPrefix($0) } }
        try #require(lines.count > 8, "\(ran.out)")
        return lines.map(String.init)
    }

    @Test func everyInitrdGetsTheSeed() throws {
        let source = try SourceImage()
        try #require(iso(source).status == 0)
        let seed = try seed()
        let old = try source.initrd
        try #require(old.count % 4 == 1)
        #expect(try content(of: "install.amd/initrd.gz", in: output) == old + Data(count: 3) + seed)
        // The script that makes the test images appends four zeros to the other initrd.
        #expect(try content(of: "install.amd/gtk/initrd.gz", in: output) == old + Data(count: 4 + 3) + seed)
        // bsdtar also finds the nodes' files in the seed.
        try seed.write(to: folder.url("seed"))
        let names = try run(["bsdtar", "-tf", folder.url("seed").path]).out.split(separator: "\n")
        for name in ["preseed.cfg", "xenseed/nodes", "nodes/node1/preseed.cfg", "nodes/node2/overlay.tar.gz"] {
            #expect(names.contains { $0 == name || $0 == "./\(name)" }, "\(name)")
        }
    }

    @Test func everythingElseStays() throws {
        let source = try SourceImage()
        try #require(iso(source).status == 0)
        let (old, new) = (try TemporaryFolder(), try TemporaryFolder())
        for (image, folder) in [(source.path, old), (output.path, new)] {
            let ran = try run(["bsdtar", "-xf", image, "-C", folder.path])
            try #require(ran.status == 0, "\(ran.err)")
        }
        let ran = try run(["diff", "-rq", "--no-dereference", old.path, new.path])
        let changed = ran.out.split(separator: "\n").map { line in
            line.hasPrefix("Only in ") ? String(line) : String(line.split(separator: " ")[1])
        }.map { $0.replacing(old.path + "/", with: "").replacing(new.path, with: "new") }
        // xorriso updates the boot loader's table with its own position in the image; xenseed checks it.
        #expect(
            changed.sorted() == [
                "Only in new: xenseed", "boot/grub/grub.cfg", "install.amd/gtk/initrd.gz", "install.amd/initrd.gz",
                "isolinux/boot.cat", "isolinux/isolinux.bin", "isolinux/isolinux.cfg", "md5sum.txt",
            ])
        #expect(try run(["md5sum", "--quiet", "-c", "md5sum.txt"], in: URL(filePath: new.path)).status == 0)
        // The Joliet names, which Windows shows.
        let joliet = try run(["bsdtar", "--options", "iso9660:!rockridge", "-tf", output.path]).out
        #expect(joliet.split(separator: "\n").contains("install.amd/gtk/initrd.gz"), "\(joliet)")
    }

    @Test func surroundingsChangeNothing() throws {
        let source = try SourceImage()
        func digest(_ prefix: String, _ environment: [String: String]) throws -> String {
            let ran = try run(
                [
                    "sh", "-c", prefix + " && exec \"$@\"", "sh", program, "iso", "--from", source.path, "--output",
                    "lab.iso",
                ],
                environment: environment, in: URL(filePath: folder.path))
            try #require(ran.status == 0, "\(ran.err)")
            return try run(["sha256sum", output.path]).out
        }
        let first = try digest("umask 022", ["TZ": "UTC"])
        let other = try TemporaryFolder()
        // Later, in other directories, and over the existing image.
        let second = try digest(
            "sleep 1.1; umask 077",
            ["TZ": "Pacific/Kiritimati", "TMPDIR": other.path, "LC_ALL": "tr_TR.UTF-8", "HOME": other.path])
        #expect(first == second)
        #expect(try digest("umask 0", ["SOURCE_DATE_EPOCH": "1700000000"]) != first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == [])
    }

    @Test func hidesHashes() throws {
        let source = try SourceImage("mini")
        func mode() throws -> String { try run(["stat", "-c", "%a", output.path]).out }
        let ran = try run(
            ["sh", "-c", "umask 0; exec \"$@\"", "sh", program, "iso", "--from", source.path, "--output", "lab.iso"],
            in: URL(filePath: folder.path))
        #expect(try ran.err.contains("contains password hashes") && mode() == "640\n", "\(ran.err)")
        let open = labText(release: "bookworm").split(separator: "\n").filter { !$0.contains("access:") }
        try folder.write(open.joined(separator: "\n"), to: "lab.yaml")
        #expect(try !iso(source).err.contains("hashes") && mode() == "644\n")
    }

    // MARK: Menus

    private func menus(_ lab: String, _ layout: String = "netinst") throws -> (bios: String, uefi: String) {
        try folder.write(lab, to: "lab.yaml")
        let ran = try iso(SourceImage(layout))
        try #require(ran.status == 0, "\(ran.err)")
        let bios = try text(of: layout == "netinst" ? "isolinux/isolinux.cfg" : "isolinux.cfg", in: output)
        let uefi = try text(of: "boot/grub/grub.cfg", in: output)
        try Data(uefi.utf8).write(to: folder.url("grub.cfg"))
        let check = try run(["grub-script-check", folder.url("grub.cfg").path])
        #expect(check.status == 0, "\(check.err)")
        return (bios, uefi)
    }

    @Test(arguments: [
        ("netinst", "/isolinux", "/install.amd/vmlinuz", "/install.amd/initrd.gz"),
        ("mini", "/", "/linux", "/initrd.gz"),
    ]) func nothingIsErasedUnasked(layout: String, path: String, kernel: String, initrd: String) throws {
        let lab = labText(release: "bookworm").replacing("defaults:\n", with: "defaults:\n  console: ttyS1,9600\n")
        let (bios, uefi) = try menus(
            lab + "  other: {firmware: uefi, interfaces: {eth0: {mac: \"08:00:27:00:00:99\", bridge: xenbr0}}}\n",
            layout)
        let lines = bios.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        let options =
            "priority=critical domain=hl.local locale=en_US.UTF-8 keymap=us console=ttyS1,9600n8 ---"
        #expect(lines.contains("serial 1 9600") && lines.contains("path \(path)") && lines.contains("ui vesamenu.c32"))
        #expect(lines.contains("default disk"))
        // The order of the labels, and what each of them boots.
        let labels = lines.filter { $0.hasPrefix("label ") }
        #expect(labels == ["label disk", "label install", "label node-node1", "label node-node2", "label node-other"])
        let disk = lines[lines.firstIndex(of: "label disk")!..<lines.firstIndex(of: "label install")!]
        #expect(
            disk.contains("boot /xenseed/disk.bin") && disk.contains("menu default")
                && !disk.contains { $0.hasPrefix("kernel") })
        #expect(lines.filter { $0.hasPrefix("kernel ") } == ["kernel \(kernel)"])
        #expect(lines.filter { $0.hasPrefix("append ") } == ["append initrd=\(initrd) \(options)"])
        #expect(bios.contains("WILL BE ERASED"))
        #expect(lines.contains("menu label node2  08:00:27:00:00:02  ERASED: /dev/sda"))
        #expect(lines.contains("menu label other  08:00:27:00:00:99  starts from UEFI only"))

        #expect(uefi.contains("serial --unit=1 --speed=9600") && uefi.contains("\nset default=0\n"))
        let entries = uefi.split(separator: "\nmenuentry ").dropFirst()
        try #require(entries.count == 5)
        #expect(entries.first!.contains("\n    exit\n") && !entries.first!.contains("linux "))
        let install = entries.dropFirst().first!
        #expect(
            install.contains("    linux \(kernel) \(options)\n    initrd \(initrd)\n")
                && install.contains("WILL BE ERASED"))
        #expect(entries.dropFirst(2).allSatisfy { !$0.contains("linux ") })
        #expect(entries.last!.contains("other  08:00:27:00:00:99  ERASED: /dev/sda"))
    }

    /// For a firmware that no node boots from, the menu has no entry that installs.
    @Test func otherFirmwareInstallsNothing() throws {
        let (bios, uefi) = try menus(labText(release: "bookworm"))
        #expect(bios.contains("label install") && !bios.contains("\nserial "))
        #expect(!uefi.contains("linux ") && uefi.contains("No node of this lab starts from UEFI"))
        #expect(!uefi.contains("serial"))
        let other = labText(release: "bookworm").replacing("defaults:\n", with: "defaults:\n  firmware: uefi\n")
        let (none, all) = try menus(other)
        #expect(!none.contains("kernel ") && none.contains("No node of this lab starts from BIOS"))
        #expect(all.contains("    linux /install.amd/vmlinuz "))
    }

    // MARK: Unsuitable sources

    @Test(arguments: [
        (["--without", "uefi"], "lacks a boot image for UEFI, and a GPT, with which UEFI boots it from USB; use"),
        (["--without", "bios"], "lacks a boot image for BIOS, and a hybrid MBR, with which a BIOS boots it from USB"),
        (["--without", "hybrid"], "lacks a hybrid MBR, with which a BIOS boots it from USB, and a GPT"),
        (["--without", "gpt"], "lacks a GPT, with which UEFI boots it from USB"),
        (["--without", "menus"], "has no isolinux.cfg"),
        (
            ["--info", "Debian GNU/Linux 8.11.0 \"Jessie\" - Official amd64 NETINST Binary-1 20180623-13:06"],
            "is “Debian GNU/Linux 8.11.0 \"Jessie\" - Official amd64 NETINST Binary-1 20180623-13:06”, but the lab needs "
                + "Debian 12 (bookworm), amd64"
        ),
        (
            ["--info", "Debian GNU/Linux 12.11.0 \"Bookworm\" - Official i386 NETINST 20250517-09:51"],
            "is “Debian GNU/Linux 12.11.0 \"Bookworm\" - Official i386 NETINST 20250517-09:51”, but the lab needs"
        ),
        (
            ["--kernel", "/usr/lib/ISOLINUX/isolinux.bin"],
            "has no kernel for amd64 with an initrd in its boot menus; they start /install.amd/vmlinuz"
        ),
    ]) func refused(options: [String], says: String) throws {
        // A file with the volume descriptor of an ISO image.
        let kept = String(repeating: " ", count: 32_769) + "CD001 kept"
        try folder.write(kept, to: "lab.iso")
        let source = try SourceImage(options: options)
        let ran = try iso(source)
        #expect(ran.status == 1 && ran.out.isEmpty && ran.err.contains("\(source.path): \(says)"), "\(ran.err)")
        #expect(try folder.read("lab.iso") == kept)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["lab.iso", "lab.yaml"])
    }

    @Test(arguments: ["netinst", "mini"]) func releaseOfTheInitrd(layout: String) throws {
        let other = try iso(
            SourceImage(layout, options: ["--without", "disk-info"], version: "8 (jessie) - installer build 20150422"))
        #expect(
            other.status == 1 && other.err.contains("is an installer of “8 (jessie) - installer build 20150422”"),
            "\(other.err)")
        // An unknown release is a warning, and the image is accepted.
        let silent = try iso(SourceImage(layout, options: ["--without", "disk-info"], version: nil))
        #expect(silent.status == 0 && silent.err.contains("warning: "), "\(silent.err)")
        #expect(silent.err.contains("does not contain its release; the lab needs Debian 12 (bookworm), amd64"))
    }

    @Test func noSecondSeed() throws {
        let twice = try iso(SourceImage(files: ["xenseed/nodes": "other\n"]))
        #expect(twice.status == 1 && twice.err.contains("already has the seed of a lab"), "\(twice.err)")
        try folder.write("no image", to: "text")
        let text = try xenseed("iso", "--from", "text", "--output", "lab.iso", in: folder)
        #expect(text.status == 1 && text.err.hasSuffix("text: is not an ISO 9660 image\n"), "\(text.err)")
    }

    // MARK: Output paths

    @Test func neverOverItsSourceOrADevice() throws {
        try folder.write("some bytes", to: "source.iso")
        try FileManager.default.createSymbolicLink(
            at: folder.url("link.iso"), withDestinationURL: folder.url("source.iso"))
        try FileManager.default.linkItem(at: folder.url("source.iso"), to: folder.url("same.iso"))
        for name in ["source.iso", "link.iso", "same.iso", "./source.iso"] {
            let ran = try xenseed("iso", "--from", "source.iso", "--output", name, in: folder)
            #expect(ran.status == 2 && ran.err.contains("is the image to read from"), "\(ran.err)")
        }
        // A block device without a driver.
        let made = try run(["mknod", folder.url("stick").path, "b", "240", "250"])
        try #require(made.status == 0, "\(made.err)")
        let device = try xenseed("iso", "--from", "source.iso", "--output", "stick", in: folder)
        #expect(device.status == 2 && device.err.contains("then copy it: cp lab.iso stick && sync"), "\(device.err)")
        let place = try xenseed("iso", "--from", "source.iso", "--output", ".", in: folder)
        #expect(place.status == 2 && place.err.contains("not a regular file"), "\(place.err)")
        // A file that exists and is not an image.
        let mine = try xenseed("iso", "--from", "source.iso", "--output", "lab.yaml", in: folder)
        #expect(mine.status == 2 && mine.err.contains("lab.yaml exists and is not an ISO image"), "\(mine.err)")
        #expect(try folder.read("source.iso") == "some bytes")
    }

    @Test func failedEnvironmentIsThree() throws {
        let missing = try xenseed("iso", "--from", "nowhere.iso", "--output", "lab.iso", in: folder)
        #expect(
            missing.status == 3 && missing.err == "xenseed: nowhere.iso: No such file or directory\n", "\(missing.err)")
        let source = try SourceImage("mini")
        let ran = try iso(source, environment: ["PATH": "/nowhere"])
        #expect(ran.status == 3 && ran.err.contains("install Debian's package xorriso"), "\(ran.err)")
        let place = try run(
            [program, "iso", "--from", source.path, "--output", "/proc/nowhere/lab.iso"], in: URL(filePath: folder.path)
        )
        #expect(place.status == 3 && place.err.contains("/proc/nowhere/lab.iso: can't be written: "), "\(place.err)")
        let time = try iso(source, environment: ["SOURCE_DATE_EPOCH": "yesterday"])
        #expect(time.status == 2 && time.err.contains("seconds since 1970"), "\(time.err)")
        let lab = try run(
            [program, "iso", "--from", source.path, "--output", "x", "-"], input: Data("domain: x\n".utf8))
        #expect(lab.status == 1 && lab.err.contains("error[X0106]"), "\(lab.err)")
    }

    /// If xorriso fails, loses the boot records or writes other bytes, no image is kept.
    @Test(arguments: [
        (
            "case \"$*\" in *-commit*) echo 'xorriso : SORRY : no more paper' >&2; exit 32;; esac; exec \"$real\" \"$@\"",
            "xorriso failed (exit status 32): xorriso : SORRY : no more paper"
        ),
        (
            "for word; do shift; [ \"$word\" = replay ] && word=discard; set -- \"$@\" \"$word\"; done; \"$real\" -return_with FATAL 0 \"$@\"; exit 0",
            "the image that xorriso wrote is wrong: it lost BIOS /isolinux/isolinux.bin, UEFI /boot/grub/efi.img"
        ),
        (
            "\"$real\" \"$@\" || exit; case \"$*\" in *-commit*) sed -i 's/WILL BE ERASED/will be fine..../' .lab.iso.xenseed;; esac",
            "the image that xorriso wrote is wrong: /isolinux/isolinux.cfg has the wrong content"
        ),
    ]) func xorrisoIsNotTrusted(script: String, says: String) throws {
        let source = try SourceImage()
        let tools = try TemporaryFolder()
        let real = try run(["sh", "-c", "command -v xorriso"]).out.trimmingCharacters(in: .newlines)
        try tools.write("#!/bin/sh\nreal=\(real)\n\(script)\n", to: "xorriso")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools.url("xorriso").path)
        let ran = try iso(source, environment: ["PATH": "\(tools.path):/usr/bin:/bin"])
        #expect(ran.status == 3 && ran.err.contains(says), "\(ran.err)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["lab.yaml"])
    }
}
