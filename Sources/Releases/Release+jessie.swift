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
        services: [],
        // The images list busybox's wget only, which has no TLS (choose-mirror 2.55, debian-installer-utils 1.104).
        httpsRefusal: "jessie's installer has busybox's wget, which has no TLS",
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
        // 20_linux_xen of grub 2.02~beta2 loads Xen by multiboot; Xen 4.4 so loaded gets no ACPI root pointer
        // (Debian #703586, Launchpad #1520979), and the package installs no xen.efi.
        uefiRefusal: "jessie's GRUB starts Xen 4.4 without the ACPI tables when the firmware is UEFI",
        nicNameOptions: [],
        diskNamesMove: false,
        // The kernel gives a bridge the lowest address of its ports.
        bridgeNeedsAddress: false,
        // glibc 2.19.
        cryptMethods: ["$6$", "$5$", "$1$"],
        answers: [],
        replacements: [
            "hw-detect/firmware-lookup": "hw-detect/load_firmware",
            "mirror/protocol": "mirror/http/hostname and its like",
        ]
    )
}
