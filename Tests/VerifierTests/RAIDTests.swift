import Foundation
import TestSupport
import Testing

/// The assertions about RAID arrays, the boot loader on each disk, and volume groups.
@Suite(.timeLimit(.minutes(15)))
struct RAIDTests {
    /// A machine with two disks and the arrays of the layout `lvm`, both complete.
    private static func mirrored(_ world: World) throws {
        try world.write(
            "25 30 9:0 / /boot rw,relatime - ext2 /dev/md0 rw\n26 1 253:0 / / rw - ext4 /dev/mapper/vg0-root rw\n",
            to: "proc/self/mountinfo")
        for (array, number) in [("md0", "1"), ("md1", "2")] {
            try world.write("2\n", to: "sys/block/\(array)/md/raid_disks")
            try world.write("idle\n", to: "sys/block/\(array)/md/sync_action")
            for disk in ["sda", "sdb"] {
                try world.write("in_sync\n", to: "sys/block/\(array)/md/dev-\(disk)\(number)/state")
                try world.write("\(number)\n", to: "sys/devices/\(disk)/\(disk)\(number)/partition")
                try world.link("sys/class/block/\(disk)\(number)", to: "../../devices/\(disk)/\(disk)\(number)")
            }
            try world.write("", to: "dev/\(array)")
        }
        try world.link("sys/dev/block/9:0", to: "../../block/md0")
        for disk in ["sda", "sdb"] {
            try world.write(Self.bootSectors, to: "dev/\(disk)")
            try world.write("", to: "dev/disk/by-id/ata-\(disk)")
        }
        try world.write(
            "sda /dev/disk/by-id/ata-sda\nsdb /dev/disk/by-id/ata-sdb\n", to: "var/lib/xenseed/disks")
        try world.command("pvs", "echo '  /dev/sdc    guests'; echo '  /dev/md1    vg0'")
        try world.command("vgs", "[ \"$4\" = guests ] && echo '  2 wz--n-'")
        try world.write("array /boot 2\narray vg0 2\nboot-loader bios\ngroup guests 2\n", to: "etc/xenseed/expect")
    }

    /// What GRUB writes to a disk with an msdos label: its boot sector, which has at 92 the number of the sector that it loads,
    /// and the beginning of its core image (boot.img and diskboot.img of grub-pc-bin 2.06 have these texts).
    private static let bootSectors: Data = {
        var sectors = Data(count: 1024)
        sectors.replaceSubrange(92..<96, with: [1, 0, 0, 0])
        sectors.replaceSubrange(384..<389, with: Data("GRUB ".utf8))
        sectors.replaceSubrange(600..<607, with: Data("loading".utf8))
        return sectors
    }()

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (World) throws -> Void
        var lines: [String]
    }

    static let cases = [
        Case(
            testDescription: "everything is complete", change: { _ in },
            lines: [
                "ok    array /boot: saw 2 of 2 members", "ok    array vg0: saw 2 of 2 members",
                "ok    boot-loader: saw sda, sdb", "ok    group guests: saw 2 disks",
            ]),
        Case(
            testDescription: "a disk is gone",
            change: { world in
                for path in [
                    "dev/sdb", "dev/disk/by-id/ata-sdb", "sys/block/md0/md/dev-sdb1", "sys/block/md1/md/dev-sdb2",
                ] {
                    try world.remove(path)
                }
            },
            lines: [
                "FAIL  array /boot: saw 1 of 2 members of md0: sda1; missing: /dev/disk/by-id/ata-sdb (was sdb), expected 2 of 2 members",
                "FAIL  array vg0: saw 1 of 2 members of md1: sda2; missing: /dev/disk/by-id/ata-sdb (was sdb), expected 2 of 2 members",
                "ok    boot-loader: saw sda",
                "ok    group guests: saw 2 disks",
            ]),
        Case(
            testDescription: "a member has failed, and the other array is rebuilt",
            change: { world in
                try world.write("faulty\n", to: "sys/block/md0/md/dev-sdb1/state")
                try world.write("spare\n", to: "sys/block/md1/md/dev-sdb2/state")
                try world.write("recover\n", to: "sys/block/md1/md/sync_action")
            },
            lines: [
                "FAIL  array /boot: saw 1 of 2 members of md0: sda1; sdb1 faulty, expected 2 of 2 members",
                "FAIL  array vg0: saw 1 of 2 members of md1: sda2; sdb2 spare; recover is running, expected 2 of 2 members",
                "ok    boot-loader: saw sda, sdb", "ok    group guests: saw 2 disks",
            ]),
        Case(
            testDescription: "a disk without a boot loader, and one without its core image",
            change: { world in
                try world.write(Data(count: 1024), to: "dev/sda")
                try world.write(bootSectors.prefix(512) + Data(count: 512), to: "dev/sdb")
            },
            lines: [
                "ok    array /boot: saw 2 of 2 members", "ok    array vg0: saw 2 of 2 members",
                "FAIL  boot-loader: saw sda has no boot loader, sdb has no boot loader, expected each disk",
                "ok    group guests: saw 2 disks",
            ]),
        Case(
            testDescription: "/boot is not on an array, and the groups are not there",
            change: { world in
                try world.write("25 30 8:1 / /boot rw - ext2 /dev/sda1 rw\n", to: "proc/self/mountinfo")
                try world.link("sys/dev/block/8:1", to: "../../class/block/sda1")
                try world.command("pvs", ":")
                try world.command("vgs", "exit 5")
            },
            lines: [
                "FAIL  array /boot: saw sda1, which is not an array, expected 2 of 2 members",
                "FAIL  array vg0: saw nothing, expected 2 of 2 members",
                "ok    boot-loader: saw sda, sdb", "FAIL  group guests: saw no such group, expected 2 disks",
            ]),
        Case(
            testDescription: "a group lacks a disk",
            change: { try $0.command("vgs", "echo '  2 wz-pn-'") },
            lines: [
                "ok    array /boot: saw 2 of 2 members", "ok    array vg0: saw 2 of 2 members",
                "ok    boot-loader: saw sda, sdb",
                "FAIL  group guests: saw 2 disks, of which at least one is missing, expected 2 disks",
            ]),
        Case(
            testDescription: "swap, and EFI partitions of which one is not in step",
            change: { world in
                try world.write(
                    "Filename Type Size Used Priority\n/dev/md1 partition 1046524 0 -2\n", to: "proc/swaps")
                try world.write(
                    "array swap 2\nboot-loader uefi\ngroup guests 2\n", to: "etc/xenseed/expect")
                try world.command(
                    "xenseed-esp", "[ $1 = check ] && printf 'sda1 ok\\nsdb1 differs from /boot/efi\\n'; exit 1")
                try world.link("usr/local/sbin/xenseed-esp", to: "../../../bin/xenseed-esp")
            },
            lines: [
                "ok    array swap: saw 2 of 2 members",
                "FAIL  boot-loader: saw sda1; sdb1 differs from /boot/efi, expected each disk",
                "ok    group guests: saw 2 disks",
            ]),
    ]

    @Test(arguments: Shell.allCases, cases)
    func arrays(shell: Shell, test: Case) throws {
        try withWorld(.bookworm) { world in
            try Self.mirrored(world)
            try test.change(world)
            let outcome = try world.verify(shell)
            let lines = outcome.out.split(separator: "\n").dropLast().dropFirst(2).map(String.init)
            #expect(lines == test.lines)
            #expect(outcome.status == (test.lines.contains { $0.hasPrefix("FAIL") } ? 1 : 0), "\(outcome.err)")
        }
    }
}

extension World {
    /// Makes a symbolic link.
    fileprivate func link(_ path: String, to target: String) throws {
        let link = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
    }
}
