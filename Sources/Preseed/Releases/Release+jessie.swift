extension Release {
    /// Debian 8, the release of record.
    ///
    /// It left the mirrors; only archive.debian.org has it, and every key that signed it has expired
    /// (debuerreotype/docker-debian-artifacts#204).
    static let jessie = Release(
        codename: "jessie",
        number: "8",
        mirrorHost: "archive.debian.org",
        mirrorDirectory: "/debian",
        securityURL: "http://archive.debian.org/debian-security",
        securitySuite: "jessie/updates",
        // jessie-updates and jessie-backports left the mirrors in March 2019.
        updateSuites: [],
        signaturesExpired: true,
        // apt-setup shows apt-setup/service-failed at critical when a service's index is refused.
        // The fourth came with bookworm.
        components: [.main, .contrib, .nonFree],
        services: [],
        // The images list busybox's wget only, which has no TLS (choose-mirror 2.55, debian-installer-utils 1.104).
        httpsRefusal: "jessie's installer has busybox's wget, which has no TLS",
        // It left the mirrors for the archive.
        debianHosts: .only(["archive.debian.org", "snapshot.debian.org"]),
        xenPackages: ["xen-linux-system-amd64"],
        networkPackages: ["bridge-utils"],
        // systemd 215 carries timesyncd, and does not enable it. It reads /etc/systemd/timesyncd.conf only, and of that
        // only Servers= (215-17+deb8u, timesyncd-gperf).
        timePackages: [],
        timeServerKey: "Servers",
        timeServiceIsModern: false,
        timeServers: (0...3).map { "\($0).debian.pool.ntp.org" },
        // xen-utils-common's own default is empty; xend is deprecated since Xen 4.2.
        toolstacks: ["xl"],
        xenVersion: "4.4",
        firmwareComponent: .nonFree,
        // firmware-nonfree 0.43. firmware-linux-nonfree has Broadcom's tg3, Chelsio's cards, Intel's e100 and more.
        firmwarePackages: [
            "firmware-bnx2", "firmware-bnx2x", "firmware-linux-nonfree", "firmware-myricom", "firmware-netxen",
            "firmware-qlogic", "firmware-realtek",
        ],
        // intel-microcode depends on iucode-tool, which is in contrib (wiki.debian.org/Microcode, revision 16).
        microcodeComponents: [.contrib, .nonFree],
        microcodePackages: ["amd64-microcode", "intel-microcode"],
        // 20_linux_xen of grub 2.02~beta2 loads Xen by multiboot; Xen 4.4 so loaded gets no ACPI root pointer
        // (Debian #703586, Launchpad #1520979), and the package installs no xen.efi.
        uefiRefusal: "jessie's GRUB starts Xen 4.4 without the ACPI tables when the firmware is UEFI",
        nicNameOptions: [],
        // Debian's udev 215 renames through a temporary name (a patch of Debian's that later versions don't have). A card
        // that is not in the rules gets a free name from its 75-persistent-net-generator.rules.
        udevExchangesNames: true,
        diskNamesMove: false,
        // grub-installer 1.117+deb8u1 finds the disk of /boot by its name, and stops at any other: device_to_disk, disc_offered.
        bootDisks: ["sd?", "vd?", "xvd?", "hd?", "mmcblk?"],
        // partman-auto-lvm 56, perform_recipe_by_lvm. Later versions do so only when guided_size is all of the group.
        lastVolumeTakesRest: true,
        // preseed 1.66: S30env-preseed runs before S35initrd-preseed. 1.69 exchanged them (Debian #805291).
        seedOverridesKernelLine: true,
        // Not measured: bookworm's.
        dom0Memory: Dom0MemoryNeed(
            most: bookworm.dom0Memory.most, dep: bookworm.dom0Memory.dep, isMeasured: false),
        // Xen 4.4.1: opt[100].
        xenOptionLength: 99,
        // The kernel gives a bridge the lowest address of its ports.
        bridgeNeedsAddress: false,
        // glibc 2.19.
        cryptMethods: ["$6$", "$5$", "$1$"],
        answers: [],
        // Its hw-detect 1.108 can't be told not to look at the medium.
        firmwareRefusal: [],
        replacements: [
            "hw-detect/firmware-lookup": "hw-detect/load_firmware",
            "mirror/protocol": "mirror/http/hostname and its like",
        ]
    )
}
