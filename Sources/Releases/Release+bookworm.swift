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
        services: ["security", "updates"],
        // Its images carry GNU wget with TLS.
        httpsRefusal: nil,
        debianHosts: .current,
        xenPackages: ["xen-system-amd64"],
        networkPackages: ["bridge-utils", "ifupdown", "isc-dhcp-client"],
        toolstacks: ["xl"],
        xenVersion: "4.17",
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
            // hw-detect asks for firmware on media since 1.147; `never` looks for none.
            ReleaseAnswer(question: "hw-detect/firmware-lookup", value: "never"),
            // apt-setup 1:0.102, 1:0.103 and 1:0.174.
            ReleaseAnswer(question: "apt-setup/disable-cdrom-entries", value: "true"),
            ReleaseAnswer(question: "apt-setup/enable-source-repositories", value: "false"),
            ReleaseAnswer(question: "apt-setup/non-free-firmware", value: "false"),
            // Else unattended-upgrades is installed.
            ReleaseAnswer(question: "pkgsel/update-policy", value: "none"),
            // pkgsel 0.78; tasksel asked for no task still installs the language's, with dictionaries (seen on an installed node).
            ReleaseAnswer(question: "pkgsel/run_tasksel", value: "false"),
        ],
        replacements: [:]
    )
}
