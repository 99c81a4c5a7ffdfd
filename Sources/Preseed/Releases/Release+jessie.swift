extension Release {
    /// Debian 8.
    ///
    /// It was removed from the mirrors and is now on archive.debian.org, and every key that signed it has expired
    /// (debuerreotype/docker-debian-artifacts#204).
    static let jessie = Release(
        codename: "jessie",
        number: "8",
        mirrorHost: "archive.debian.org",
        mirrorDirectory: "/debian",
        securityURL: "http://archive.debian.org/debian-security",
        securitySuite: "jessie/updates",
        // jessie-updates and jessie-backports were removed from the mirrors in March 2019.
        updateSuites: [],
        signaturesExpired: true,
        // non-free-firmware is new in bookworm.
        components: [.main, .contrib, .nonFree],
        // apt-setup shows apt-setup/service-failed at critical when the index of a service is refused.
        services: [],
        // The images have only the wget of busybox, which has no TLS (choose-mirror 2.55, debian-installer-utils 1.104).
        httpsRefusal: "jessie's installer has busybox's wget, which has no TLS",
        // The release was moved from the mirrors to the archive.
        debianHosts: .only(["archive.debian.org", "snapshot.debian.org"]),
        xenPackages: ["xen-linux-system-amd64"],
        networkPackages: ["bridge-utils"],
        // systemd 215 has timesyncd, but does not enable it. timesyncd reads only Servers= in /etc/systemd/timesyncd.conf
        // (215-17+deb8u, timesyncd-gperf).
        timePackages: [],
        timeServerKey: "Servers",
        timeServiceIsModern: false,
        timeServers: (0...3).map { "\($0).debian.pool.ntp.org" },
        // The default of xen-utils-common is empty; xend is deprecated since Xen 4.2.
        toolstacks: ["xl"],
        xenVersion: "4.4",
        // xl of Xen 4.4 knows no pvh; its shadow paging lets pv guests move.
        guestTypes: [.pv, .hvm],
        movableTypes: [.pv, .hvm],
        namesGuestType: false,
        // lvm2 2.02.111 (lib/commands/toolcontext.c).
        lvmReadsLocalFile: false,
        deviceModelPackages: ["qemu-system-x86"],
        firmwareComponent: .nonFree,
        // firmware-nonfree 0.43. firmware-linux-nonfree has the firmware for Broadcom's tg3, Chelsio's cards, Intel's e100 and
        // more.
        firmwarePackages: [
            "firmware-bnx2", "firmware-bnx2x", "firmware-linux-nonfree", "firmware-myricom", "firmware-netxen",
            "firmware-qlogic", "firmware-realtek",
        ],
        // intel-microcode depends on iucode-tool, which is in contrib (wiki.debian.org/Microcode, revision 16).
        microcodeComponents: [.contrib, .nonFree],
        microcodePackages: ["amd64-microcode", "intel-microcode"],
        // 20_linux_xen of grub 2.02~beta2 loads Xen by multiboot, which gives Xen 4.4 no ACPI root pointer
        // (Debian #703586, Launchpad #1520979), and the package installs no xen.efi.
        uefiRefusal: "jessie's GRUB starts Xen 4.4 without the ACPI tables when the firmware is UEFI",
        nicNameOptions: [],
        // Debian's udev 215 renames cards through a temporary name, by a patch that later versions don't have. A card that
        // is not in the rules gets an unused name from 75-persistent-net-generator.rules.
        udevExchangesNames: true,
        diskNamesMove: false,
        // grub-installer 1.117+deb8u1 finds the disk of /boot by its name, and stops at other names (device_to_disk,
        // disc_offered).
        bootDisks: ["sd?", "vd?", "xvd?", "hd?", "mmcblk?"],
        // partman-auto-lvm 56, perform_recipe_by_lvm. Later versions do this only if guided_size is the whole group.
        lastVolumeTakesRest: true,
        // preseed 1.66: S30env-preseed runs before S35initrd-preseed. 1.69 exchanged them (Debian #805291).
        seedOverridesKernelLine: true,
        // Not measured; the numbers are those of bookworm.
        dom0Memory: Dom0MemoryNeed(
            most: bookworm.dom0Memory.most, dep: bookworm.dom0Memory.dep, isMeasured: false),
        // Xen 4.4.1: opt[100].
        xenOptionLength: 99,
        // The kernel gives a bridge the lowest address of its ports.
        bridgeNeedsAddress: false,
        // glibc 2.19.
        cryptMethods: ["$6$", "$5$", "$1$"],
        // openssh 1:6.7p1 knows no Include. Its postinst writes sshd_config only if there is none, so the file can be replaced
        // without a question at an update.
        sshdReadsDirectory: false,
        gonePackages: [:],
        // tasksel 3.31.
        tasks: desktopTasks.union(["standard", "laptop", "print-server", "ssh-server", "web-server"]),
        netinstOffersFurtherCDs: false,
        // Jessie's list is not known. In these languages, the translations of 2023 and 2025 were still poor.
        translations: .init(severe: "am bo bs dz hy km kn ku lo ml ne se si sr@latin te tl"),
        // debian-installer-utils 1.110, /usr/lib/fetch-url; it has https, too, which needs a wget with TLS.
        fetchSchemes: ["http", "ftp", "file", "tftp"],
        answers: [],
        // hw-detect 1.108 always looks for firmware on the medium.
        firmwareRefusal: [],
        replacements: [
            "hw-detect/firmware-lookup": "hw-detect/load_firmware",
            "mirror/protocol": "mirror/http/hostname and similar questions",
        ]
    )
}
