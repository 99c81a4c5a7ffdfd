extension Release {
    /// Debian 12.
    static let bookworm = Release(
        codename: "bookworm",
        number: "12",
        mirrorHost: "deb.debian.org",
        mirrorDirectory: "/debian",
        securityURL: "http://security.debian.org/debian-security",
        securitySuite: "bookworm-security",
        updateSuites: ["bookworm-updates"],
        signaturesExpired: false,
        // non-free-firmware is new in this release (apt-setup 1:0.174).
        components: [.main, .contrib, .nonFree, .nonFreeFirmware],
        services: ["security", "updates"],
        // Its images carry GNU wget with TLS.
        httpsRefusal: nil,
        debianHosts: .current,
        xenPackages: ["xen-system-amd64"],
        networkPackages: ["bridge-utils", "ifupdown", "isc-dhcp-client"],
        // A package of its own since Debian 10; its postinst enables it. Its priority is standard, so only tasksel installs it.
        timePackages: ["systemd-timesyncd"],
        timeServerKey: "NTP",
        timeServiceIsModern: true,
        timeServers: (0...3).map { "\($0).debian.pool.ntp.org" },
        toolstacks: ["xl"],
        xenVersion: "4.17",
        firmwareComponent: .nonFreeFirmware,
        // What live-task-non-free-firmware-server 12.0.1 recommends, with Realtek's; firmware-misc-nonfree 20230210 has Intel's ice,
        // Chelsio's cxgb and Broadcom's tg3.
        firmwarePackages: [
            "firmware-bnx2", "firmware-bnx2x", "firmware-cavium", "firmware-misc-nonfree", "firmware-myricom",
            "firmware-netronome", "firmware-netxen", "firmware-qlogic", "firmware-realtek",
        ],
        // iucode-tool is in main now.
        microcodeComponents: [.nonFreeFirmware],
        microcodePackages: ["amd64-microcode", "intel-microcode"],
        uefiRefusal: nil,
        nicNameOptions: ["net.ifnames=0"],
        // systemd 252 says "Failed to rename network interface 2 from 'eth0' to 'eth1': File exists".
        udevExchangesNames: false,
        diskNamesMove: true,
        bootDisks: [],
        lastVolumeTakesRest: false,
        seedOverridesKernelLine: false,
        // Measured 2026-11-28 in steps of 32 MiB (QEMU, BIOS, AHCI; Xen 4.17.5, Linux 6.1.176 and the packages of a node; initramfs
        // of 33 and 10 MB): most ends at 320 MiB with “System is deadlocked on memory”; dep loses services to the OOM killer at 192.
        dom0Memory: Dom0MemoryNeed(most: 352, dep: 224, isMeasured: true),
        // Xen 4.17.3, xen/include/xen/param.h: MAX_PARAM_SIZE 128.
        xenOptionLength: 127,
        // systemd's MACAddressPolicy=persistent; seen on an installed node.
        bridgeNeedsAddress: true,
        // libxcrypt 4.4.33, crypt(5).
        cryptMethods: ["$6$", "$5$", "$1$", "$y$", "$gy$", "$7$", "$2b$"],
        answers: [
            // apt-setup 1:0.102 and 1:0.103.
            ReleaseAnswer(question: "apt-setup/disable-cdrom-entries", value: "true"),
            ReleaseAnswer(question: "apt-setup/enable-source-repositories", value: "false"),
            // Else unattended-upgrades is installed.
            ReleaseAnswer(question: "pkgsel/update-policy", value: "none"),
            // pkgsel 0.78; tasksel asked for no task still installs the language's, with dictionaries (seen on an installed node).
            ReleaseAnswer(question: "pkgsel/run_tasksel", value: "false"),
        ],
        // Since hw-detect 1.147. `never` also keeps it from enabling the component and from installing microcode by itself
        // (hw-detect 1.159, post-base-installer.d/50install-firmware).
        firmwareRefusal: [ReleaseAnswer(question: "hw-detect/firmware-lookup", value: "never")],
        replacements: [:]
    )
}
