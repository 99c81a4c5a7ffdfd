import Foundation
import TestSupport
import Testing

/// Starts the reference lab's machines in the real VirtualBox, from the ISO image and from the network, as far as its
/// interpreter runs them. Needs root and Tests/VirtualBox/root, and takes a quarter of an hour;
/// `make virtualbox-start-test` runs it.
///
/// Debian's mirror no longer has the installer for jessie, the release of the reference lab, so the lab is built for
/// bookworm. The script virtualbox/lab is the same in both.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct VirtualBoxStartTests {
    private static let prepared = Result {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
        // Adds a console, on which the output of boot loader and kernel can be read, and a node that boots with UEFI.
        let lab = text.replacing("release: jessie", with: "release: bookworm")
            .replacing("defaults:\n", with: "defaults:\n  console: ttyS0,115200\n")
            .replacing("  xen02:\n", with: "  xen02:\n    firmware: uefi\n")
        try lab.write(to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        let ran = try run(
            [
                "sh", "-euc",
                """
                tar -czf netboot.tar.gz -C /usr/lib/debian-installer/images/12/amd64/text .
                "$1" netboot --archive netboot.tar.gz
                "$2" netinst debian.iso
                "$1" iso --from debian.iso --output lab.iso
                rm netboot.tar.gz debian.iso
                """, "sh", checkout.appending(path: ".build/debug/xenseed").path,
                checkout.appending(path: "Tests/Media/debian-iso").path,
            ], in: URL(filePath: folder.path))
        guard ran.status == 0 else { throw Failure(output: ran.err) }
        // A disk whose boot sector writes a text to the screen. It has a partition table, from which VirtualBox's BIOS
        // derives the geometry of the disk.
        let code: [UInt8] = [
            0x31, 0xC0,  // xor ax, ax
            0x8E, 0xD8,  // mov ds, ax
            0xFC,  // cld
            0xBE, 0x1A, 0x7C,  // mov si, 0x7C1A: the text
            0xAC,  // lodsb
            0x84, 0xC0,  // test al, al
            0x74, 0x09,  // jz +9: hlt
            0xB4, 0x0E,  // mov ah, 0x0E: teletype output
            0xBB, 0x07, 0x00,  // mov bx, 7
            0xCD, 0x10,  // int 0x10
            0xEB, 0xF2,  // jmp -14: lodsb
            0xF4,  // hlt
            0xEB, 0xFD,  // jmp -3: hlt
            0x90,
        ]
        var sector = code + "the disk has started\0".utf8
        sector += [UInt8](repeating: 0, count: 446 - sector.count)
        sector += [0x80, 0x20, 0x21, 0, 0x83, 0xFE, 0xFF, 0xFF, 0, 8, 0, 0, 0, 0xF8, 0x1F, 0]
        sector += [UInt8](repeating: 0, count: 48) + [0x55, 0xAA]
        try Data(sector).write(to: folder.url("disk.raw"))
        try FileHandle(forWritingTo: folder.url("disk.raw")).truncate(atOffset: 1 << 30)
        return folder
    }

    struct Failure: Error { var output: String }

    /// - Parameter steps: the steps for Tests/VirtualBox/start.py.
    /// - Returns: the texts in which the steps that wait found their matches.
    private func start(_ steps: String...) throws -> [String] {
        let folder = try Self.prepared.get()
        let ran = try run(
            [
                "timeout", "3000", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL",
                "--mount-proc",
                "/usr/bin/python3", checkout.appending(path: "Tests/VirtualBox/start.py").path,
                checkout.appending(path: ".build-virtualbox/root").path, folder.url("out").path,
            ] + steps)
        guard ran.status == 0 else { throw Failure(output: ran.out + ran.err) }
        return try JSONDecoder().decode([String].self, from: Data(ran.out.utf8))
    }

    /// Returns a step that waits until the menu is on the screen, with the lines of both nodes. Of the fixed lines, the
    /// step has the parts that are recognized without mistakes.
    private static func menu(_ nodes: String...) -> String {
        let lines =
            ["this machine from its own disk", "the node that this machine is: its disk WILL BE ERASED"] + nodes
        return "menu=(?s)" + lines.joined(separator: ".*")
    }

    /// The menu of the CD appears, and its second entry starts the kernel.
    @Test func isoByBIOS() throws {
        _ = try start(
            "run=lab/out/virtualbox/lab up --bridge br0 --iso lab/lab.iso xen01",
            Self.menu("08:00:27:08:08:13 ERASED: /dev/sda", "08:00:27:08:08:14 starts from UEFI only"), "key=down",
            "key=enter", "screen=Probing EDD.*ok")
    }

    /// If the CD is first in the boot order, as a user may set it, the first entry of its menu boots the disk.
    @Test func diskFromTheMenuOfTheISO() throws {
        _ = try start(
            "run=lab/out/virtualbox/lab up --bridge br0 --iso lab/lab.iso xen01",
            "run=lab/out/virtualbox/lab down --wait 0 --force",
            """
            run=VBoxManage convertfromraw lab/disk.raw boot.vdi --format VDI &&
            VBoxManage storageattach xen01.hl.local --storagectl SATA --port 0 --device 0 --type hdd --medium boot.vdi &&
            VBoxManage modifyvm xen01.hl.local --boot1 dvd --boot2 disk || exit
            # It stays locked for a moment after it was switched off.
            for _ in $(seq 20); do
                ! VBoxManage startvm xen01.hl.local || exit 0
                sleep 1
            done
            exit 1
            """,
            Self.menu("08:00:27:08:08:14"), "key=enter", "screen=the disk has started")
    }

    /// The menu of the CD's GRUB appears.
    @Test func isoByUEFI() throws {
        _ = try start(
            "run=lab/out/virtualbox/lab up --bridge br0 --iso lab/lab.iso xen02",
            Self.menu("08:00:27:08:08:13 starts from BIOS only", "08:00:27:08:08:14 ERASED: /dev/sda"))
    }

    /// VirtualBox's boot ROM, an iPXE without HTTP, boots over the second card: PXELINUX, the kernel and the initrd.
    @Test func networkByBIOS() throws {
        let seen = try start(
            "run=lab/out/virtualbox/lab up --bridge br0 xen01", "dhcp=sent .*/pxelinux.0 to 10.8.8.13",
            "dhcp=sent .*/pxelinux.cfg/01-08-00-27-08-08-13 to 10.8.8.13", "dhcp=sent .*/linux to 10.8.8.13",
            "dhcp=sent .*/initrd.gz to 10.8.8.13", "screen=Probing EDD.*ok")
        #expect(seen.last!.contains("Loading debian-installer/amd64/linux... ok"), "\(seen.last!)")
    }
}
