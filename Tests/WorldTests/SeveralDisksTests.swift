import Foundation
import TestSupport
import Testing

/// The late command with the disks of a RAID, and with volume groups on other disks.
@Suite(.timeLimit(.minutes(15)))
struct SeveralDisksTests {
    private static let mirror = "{raid: 1, devices: [/dev/sda, /dev/disk/by-id/ata-TEST_sdb], layout: lvm}"

    /// A world with these disks of 40 GB, each with a label in its first sector.
    private func world(
        _ disks: [String], disk: String, more: String = "", release: String = "bookworm"
    ) async throws -> World {
        let world = try await World(lab: lab(disk: disk, more: more), release: release)
        for name in disks {
            try world.disk(name, megabytes: 40000)
            try label(name, in: world)
        }
        return world
    }

    private func label(_ name: String, in world: World) throws {
        _ = try world.shell("echo label | dd of=/dev/\(name) bs=512 conv=notrunc")
    }

    private func isLabelled(_ name: String, in world: World) throws -> Bool {
        try world.shell("head -c 5 /dev/\(name)").out == "label"
    }

    // MARK: RAID

    @Test(arguments: ["bookworm", "jessie"], [false, true])
    func preparesEveryMember(release: String, dash: Bool) async throws {
        let world = try await world(["sda", "sdb", "sdc"], disk: Self.mirror, release: release)
        let ran = try world.prepare(dash: dash)
        #expect(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
        #expect(world.answer("partman-auto/method") == "raid")
        #expect(world.answer("partman-auto/disk") == "/dev/sda /dev/sdb")
        #expect(world.answer("grub-installer/bootdev") == "/dev/sda /dev/sdb")
        #expect(
            world.answer("partman-auto-raid/recipe")
                == "1 2 0 ext2 /boot /dev/sda1#/dev/sdb1 . 1 2 0 lvm - /dev/sda2#/dev/sdb2 .")
        #expect(try !isLabelled("sda", in: world) && !isLabelled("sdb", in: world))
        #expect(try isLabelled("sdc", in: world))
    }

    /// A disk of more than 2 TiB gets a GPT, in which GRUB's partition comes first. NVMe disks have a p before the number.
    @Test func numbersThePartitions() async throws {
        let world = try await world(
            ["nvme0n1", "nvme1n1"], disk: "{raid: 1, devices: [/dev/nvme0n1, /dev/nvme1n1], swap: none}")
        _ = try world.shell("echo 4294967297 >/sys/block/nvme1n1/size")
        let ran = try world.prepare()
        #expect(ran.status == 0, "\(ran.err)")
        #expect(world.answer("partman-auto-raid/recipe") == "1 2 0 ext4 / /dev/nvme0n1p1#/dev/nvme1n1p2 .")
    }

    @Test func numbersThePartitionsWithUEFI() async throws {
        let world = try await world(["sda", "sdb"], disk: Self.mirror, more: "firmware: uefi")
        let ran = try world.shell("mkdir -p /sys/firmware/efi; " + (try world.command("partman/early_command")))
        #expect(ran.status == 0, "\(ran.err)")
        #expect(
            world.answer("partman-auto-raid/recipe")
                == "1 2 0 ext2 /boot /dev/sda2#/dev/sdb2 . 1 2 0 lvm - /dev/sda3#/dev/sdb3 .")
    }

    /// If one of the disks can't be used, none is erased.
    @Test(arguments: [
        ("rm /dev/disk/by-id/ata-TEST_sdb", "there is no /dev/disk/by-id/ata-TEST_sdb; the disks are: "),
        ("ln -sf ../../sda /dev/disk/by-id/ata-TEST_sdb", "two of the 2 disks in the lab are the same disk: sda sda"),
        ("echo 1000 >/sys/block/sdb/size", "sdb has 0 MB; the layout needs 10314 MB"),
        ("echo 1 >/sys/block/sdb/removable", "sdb is on USB or removable, so it may be the install medium: 40000 MB"),
        ("mkdir -p /sys/block/sdb/holders/md127", "sdb is in use by md127"),
        ("echo '  /dev/sdc1  vg0' >/var/lib/pvs-stub", "there is a volume group vg0 on /dev/sdc1, which is not erased"),
    ])
    func stopsAtOneDisk(damage: String, says: String) async throws {
        let world = try await world(["sda", "sdb", "sdc"], disk: Self.mirror)
        let ran = try world.shell("\(damage); " + (try world.command("partman/early_command")))
        #expect(ran.status != 0)
        #expect(ran.err.contains("step choose-disk of prepare: "), "\(ran.err)")
        #expect(ran.err.contains(says), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
        for name in ["sda", "sdb", "sdc"] { #expect(try isLabelled(name, in: world), "\(name)") }
    }

    /// A volume group of an earlier installation is on an array that was made of the same partitions again; partman would find it.
    /// Arrays of other disks are spared.
    @Test func clearsNewArrays() async throws {
        let world = try await world(["sda", "sdb", "sdc"], disk: Self.mirror)
        #expect(try world.prepare().status == 0)
        let hook = "/lib/partman/init.d/24xenseed"
        // partman runs it before there are arrays, too.
        #expect(try world.shell("\(hook)").status == 0)
        _ = try world.shell(
            """
            for array in md0:sda1:sdb1 md1:sdc1:sdb1; do
                name=${array%%:*}; slaves=${array#*:}
                place=/sys/devices/virtual/block/$name
                mkdir -p $place/md $place/slaves; echo 8192 >$place/size
                ln -s $place /sys/block/$name; ln -s $place /sys/class/block/$name
                for slave in ${slaves%:*} ${slaves#*:}; do ln -s /sys/class/block/$slave $place/slaves/$slave; done
                dd if=/dev/zero of=/dev/$name bs=512 count=8192 2>/dev/null
                echo label | dd of=/dev/$name bs=512 conv=notrunc 2>/dev/null
            done
            """)
        let ran = try world.shell("\(hook)")
        #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran)")
        #expect(try !isLabelled("md0", in: world))
        #expect(try isLabelled("md1", in: world))
        // What partman then makes on it stays.
        try label("md0", in: world)
        #expect(try world.shell("\(hook)").status == 0)
        #expect(try isLabelled("md0", in: world))
    }

    /// Each disk gets the boot loader, now and with each new version, and the verifier learns what the disks are.
    @Test func installsTheBootLoaderOnEachDisk() async throws {
        let world = try await world(["sda", "sdb"], disk: Self.mirror)
        #expect(try world.prepare().status == 0)
        try stub("usr/sbin/grub-install", "echo \"$*\" >>/installed", in: world)
        let step =
            "mkdir -p /target/var/log/xenseed /target/var/lib/xenseed; "
            + "sh /tmp/xenseed/late-command.sh step boot_loaders"
        for _ in 1...2 {
            let ran = try world.shell(step)
            #expect(ran.status == 0, "\(ran)")
        }
        #expect(try world.shell("cat /target/installed").out == "/dev/sda\n/dev/sdb\n/dev/sda\n/dev/sdb\n")
        #expect(
            try world.shell("cat /target/var/lib/xenseed/disks").out
                == "sda /dev/disk/by-id/ata-TEST_sda\nsdb /dev/disk/by-id/ata-TEST_sdb\n")
        let answer = try world.shell("in-target --pass-stdout debconf-show grub-pc").out
        #expect(
            answer.contains("grub-pc/install_devices: /dev/disk/by-id/ata-TEST_sda, /dev/disk/by-id/ata-TEST_sdb\n"),
            "\(answer)")
        // A failure is one of the step.
        try stub("usr/sbin/grub-install", "echo no room; exit 1", in: world)
        #expect(try world.shell(step).status != 0)
    }

    /// Puts a program into the new system, in place of its own.
    private func stub(_ name: String, _ body: String, in world: World) throws {
        _ = try world.shell(
            """
            cat >/target/\(name) <<'END OF STUB'
            #!/bin/sh
            \(body)
            END OF STUB
            chmod 755 /target/\(name)
            """)
    }

    /// The second EFI partition gets the volume ID of the first one, and a system that has lost a disk starts without it.
    @Test func makesTheEFIPartitionsAlike() async throws {
        let world = try await world(["sda", "sdb"], disk: Self.mirror, more: "firmware: uefi")
        #expect(
            try world.shell("mkdir -p /sys/firmware/efi; " + (try world.command("partman/early_command"))).status == 0)
        try stub("usr/local/sbin/xenseed-esp", "echo \"$*\" >>/copied", in: world)
        try world.write("#!/bin/sh\ncat /ids/${5##*/}\n", to: "/sbin/blkid")
        try world.write(
            "#!/bin/sh\necho \"$*\" >>/formatted; echo ABCD-1234 >/ids/${5##*/}\n", to: "/sbin/mkfs.fat")
        let fstab = "UUID=ABCD-1234  /boot/efi       vfat    umask=0077      0       1\n"
        let ran = try world.shell(
            """
            chmod 755 /sbin/blkid /sbin/mkfs.fat; mkdir /ids; echo ABCD-1234 >/ids/sda1; echo 9999-0000 >/ids/sdb1
            mkdir -p /target/boot/efi /target/var/log/xenseed /target/var/lib/xenseed
            printf '\(fstab.replacing("\n", with: "\\n"))' >/target/etc/fstab
            rm /dev/sda1; mknod /dev/sda1 b 60 99; mount -t tmpfs /dev/sda1 /target/boot/efi
            sh /tmp/xenseed/late-command.sh step boot_loaders && sh /tmp/xenseed/late-command.sh step boot_loaders
            """)
        #expect(ran.status == 0, "\(ran)")
        #expect(try world.shell("cat /formatted").out == "-F 32 -i ABCD1234 /dev/sdb1\n")
        #expect(
            try world.shell("cat /target/etc/fstab").out == fstab.replacing("umask=0077", with: "umask=0077,nofail"))
        #expect(try world.shell("cat /target/copied").out == "\n\n")
    }

    // MARK: Volume groups

    private static let groups =
        "volume_groups: {fast: {devices: [/dev/sdb], erase: EVERYTHING ON THESE DISKS, volumes: {web1: 4 GiB}}, "
        + "slow: {devices: [/dev/sdc, /dev/disk/by-id/ata-TEST_sdd]}}"

    @Test(arguments: [false, true]) func erasesOnlyWhatTheLabSays(dash: Bool) async throws {
        let world = try await world(["sda", "sdb", "sde"], disk: "{device: /dev/sda}", more: Self.groups)
        for name in ["sdc", "sdd"] {
            try world.disk(name, megabytes: 40000)
            _ = try world.shell("rm -r /sys/block/\(name)/\(name)1")
        }
        let ran = try world.prepare(dash: dash)
        #expect(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
        #expect(world.answer("partman-auto/disk") == "/dev/sda")
        #expect(try !isLabelled("sda", in: world) && !isLabelled("sdb", in: world))
        #expect(try isLabelled("sde", in: world))
        #expect(world.read("/tmp/xenseed/late-command.log").contains("will be erased: sdb (40000 MB)"))
    }

    /// Without its permission, a disk has to be empty, and nothing is erased otherwise, not even the system's disk.
    @Test(arguments: [
        (
            "label", "echo label | dd of=/dev/sdd bs=512 conv=notrunc 2>/dev/null",
            "sdd, a disk of the volume group slow, is not empty"
        ),
        (
            "end", "echo label | dd of=/dev/sdd bs=512 seek=78124999 conv=notrunc 2>/dev/null",
            "sdd, a disk of the volume group slow, is not empty"
        ),
        (
            "partition", "mkdir /sys/block/sdd/sdd1; echo 1 >/sys/block/sdd/sdd1/partition",
            "write in the lab: erase: EVERYTHING ON THESE DISKS"
        ),
        (
            "missing", "rm /dev/disk/by-id/ata-TEST_sdd",
            "there is no /dev/disk/by-id/ata-TEST_sdd, a disk of the volume group slow"
        ),
        ("same", "ln -sf ../../sdb /dev/disk/by-id/ata-TEST_sdd", "is sdb, which the lab already uses"),
        (
            "elsewhere", "echo '  /dev/sde1  slow' >/var/lib/pvs-stub",
            "there is a volume group slow on /dev/sde1, which is not one of its disks"
        ),
        ("partly", "echo '  /dev/sdc  slow' >/var/lib/pvs-stub", "the volume group slow exists without sdd"),
        ("in use", "mkdir -p /sys/block/sdb/holders/md9", "sdb is in use by md9"),
    ])
    func stopsAtAVolumeGroup(what: String, damage: String, says: String) async throws {
        let world = try await world(["sda", "sdb", "sde"], disk: "{device: /dev/sda}", more: Self.groups)
        for name in ["sdc", "sdd"] {
            try world.disk(name, megabytes: 40000)
            _ = try world.shell("rm -r /sys/block/\(name)/\(name)1")
        }
        let ran = try world.shell("\(damage); " + (try world.command("partman/early_command")))
        #expect(ran.status != 0, "\(what)")
        #expect(ran.err.contains("step check-volume-groups of prepare: "), "\(what): \(ran.err)")
        #expect(ran.err.contains(says), "\(what): \(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
        for name in ["sda", "sdb", "sde"] { #expect(try isLabelled(name, in: world), "\(what): \(name)") }
    }

    /// A group that is on exactly these disks stays, and what is missing in it is added. A new one is made.
    @Test func keepsAVolumeGroup() async throws {
        let world = try await world(
            ["sda", "sdb", "sdc", "sdd"], disk: "{device: /dev/sda, layout: lvm, volumes: {a: 1 GiB}}",
            more: Self.groups.replacing("ata-TEST_sdd]", with: "ata-TEST_sdd], volumes: {b: 5 GiB}"))
        try world.write("  /dev/sdc  slow\n  /dev/sdd1  slow\n  /dev/sdb1  fast\n", to: "/var/lib/pvs-stub")
        let ran = try world.prepare()
        #expect(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
        #expect(try !isLabelled("sda", in: world) && !isLabelled("sdb", in: world))
        #expect(try isLabelled("sdc", in: world) && isLabelled("sdd", in: world))
        let log = world.read("/tmp/xenseed/late-command.log")
        #expect(log.contains("the volume group slow is kept, with the disks sdd sdc"))
        for name in ["vgs", "lvs"] { try world.write("#!/bin/sh\n[ -e /lvm/$1 ]\n", to: "/sbin/\(name)") }
        for (name, body) in [
            ("pvcreate", "echo \"pvcreate $*\" >>/lvm/log"),
            ("vgcreate", "echo \"vgcreate $*\" >>/lvm/log; mkdir /lvm/$1"),
            ("lvcreate", "echo \"lvcreate $*\" >>/lvm/log; touch /lvm/$8/$7"),
        ] { try world.write("#!/bin/sh\n\(body)\n", to: "/sbin/\(name)") }
        _ = try world.shell(
            "cd /sbin; chmod 755 vgs lvs pvcreate vgcreate lvcreate; mkdir -p /lvm/slow /lvm/vg0")
        for _ in 1...2 {
            let made = try world.shell("sh /tmp/xenseed/late-command.sh step make_volumes")
            #expect(made.status == 0, "\(made)")
        }
        #expect(
            try world.shell("cat /lvm/log").out == """
                pvcreate -ff -y /dev/sdb
                vgcreate fast /dev/sdb
                lvcreate -y --wipesignatures n -L 1024m -n a vg0
                lvcreate -y --wipesignatures n -L 4096m -n web1 fast
                lvcreate -y --wipesignatures n -L 5120m -n b slow

                """)
    }
}
