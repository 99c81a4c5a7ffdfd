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
        // The installer's images have GNU wget with TLS.
        httpsRefusal: nil,
        debianHosts: .current,
        xenPackages: ["xen-system-amd64"],
        networkPackages: ["bridge-utils", "ifupdown", "isc-dhcp-client"],
        // systemd-timesyncd is a separate package since Debian 10, and its postinst enables the service. Its priority is
        // standard, so only tasksel installs it.
        timePackages: ["systemd-timesyncd"],
        timeServerKey: "NTP",
        timeServiceIsModern: true,
        timeServers: (0...3).map { "\($0).debian.pool.ntp.org" },
        toolstacks: ["xl"],
        xenVersion: "4.17",
        // Xen of bookworm's security archive (4.17.7) and of trixie (4.20) is built without CONFIG_SHADOW_PAGING, so `xl migrate` of
        // a pv guest fails (measured). 4.17.5 of bookworm itself has it, until the first update.
        guestTypes: [.pvh, .pv, .hvm],
        movableTypes: [.pvh, .hvm],
        namesGuestType: true,
        lvmReadsLocalFile: true,
        deviceModelPackages: ["qemu-system-xen"],
        firmwareComponent: .nonFreeFirmware,
        // The packages that live-task-non-free-firmware-server 12.0.1 recommends, and firmware-realtek. firmware-misc-nonfree
        // 20230210 has the firmware for Intel's ice, Chelsio's cxgb and Broadcom's tg3.
        firmwarePackages: [
            "firmware-bnx2", "firmware-bnx2x", "firmware-cavium", "firmware-misc-nonfree", "firmware-myricom",
            "firmware-netronome", "firmware-netxen", "firmware-qlogic", "firmware-realtek",
        ],
        // iucode-tool is in main since this release.
        microcodeComponents: [.nonFreeFirmware],
        microcodePackages: ["amd64-microcode", "intel-microcode"],
        uefiRefusal: nil,
        nicNameOptions: ["net.ifnames=0"],
        // systemd 252 fails with "Failed to rename network interface 2 from 'eth0' to 'eth1': File exists".
        udevExchangesNames: false,
        diskNamesMove: true,
        bootDisks: [],
        lastVolumeTakesRest: false,
        seedOverridesKernelLine: false,
        // Measured 2026-11-28 in steps of 32 MiB (QEMU, BIOS, AHCI; Xen 4.17.5, Linux 6.1.176 and the packages of a node; initramfs
        // of 33 and 10 MB). With 320 MiB, most ends with “System is deadlocked on memory”; with 192 MiB, the OOM killer ends
        // services with dep.
        dom0Memory: Dom0MemoryNeed(most: 352, dep: 224, isMeasured: true),
        // Xen 4.17.3, xen/include/xen/param.h: MAX_PARAM_SIZE 128.
        xenOptionLength: 127,
        // The cause is systemd's MACAddressPolicy=persistent (observed on an installed node).
        bridgeNeedsAddress: true,
        // libxcrypt 4.4.33, crypt(5).
        cryptMethods: ["$6$", "$5$", "$1$", "$y$", "$gy$", "$7$", "$2b$"],
        // openssh 1:9.2p1.
        sshdReadsDirectory: true,
        // Looked up in bookworm's index of packages, 2026-11-30.
        gonePackages: [
            "python": "python3", "python-dev": "python3-dev", "python-pip": "python3-pip",
            "python-software-properties": "software-properties-common", "php5*": "php",
            "libapache2-mod-php5": "libapache2-mod-php", "openjdk-7-*": "default-jdk",
            "mysql-server": "default-mysql-server",
            "mysql-client": "default-mysql-client", "libssl1.0.0": nil, "ruby2.1*": "ruby",
            "postgresql-9.4*": "postgresql",
            "exfat-utils": "exfatprogs", "iceweasel": "firefox-esr", "module-init-tools": "kmod",
            "virtualbox-guest-dkms": nil, "virtualbox-guest-utils": nil, "libreadline6*": "libreadline8",
            "libreadline-gplv2-dev": "libreadline-dev", "ifenslave-2.6": "ifenslave", "netcat": "netcat-openbsd",
            "linux-image-3.*": "linux-image-amd64", "linux-headers-3.*": "linux-headers-amd64",
        ],
        // tasksel 3.73.
        tasks: desktopTasks.union(["standard", "laptop", "ssh-server", "web-server"]),
        netinstOffersFurtherCDs: true,
        // Installer build 20230607+deb12u15, /usr/share/localechooser/translation-status.
        translations: .init(
            severe:
                "am ast bn bo bs cy dz fa ga gu hu hy it ka km kn ku lo mk ml mr ne se si sk sl sq sr@latin te tg th tl ug zh_TW",
            light: "nn"),
        // debian-installer-utils 1.146, /usr/lib/fetch-url.
        fetchSchemes: ["http", "https", "ftp", "file", "tftp", "base64"],
        answers: [
            // apt-setup 1:0.102 and 1:0.103.
            ReleaseAnswer(question: "apt-setup/disable-cdrom-entries", value: "true"),
            ReleaseAnswer(question: "apt-setup/enable-source-repositories", value: "false"),
            // With the default, unattended-upgrades is installed.
            ReleaseAnswer(question: "pkgsel/update-policy", value: "none"),
            // pkgsel 0.78. Even without a selected task, tasksel installs the language's task with dictionaries (observed on an
            // installed node).
            ReleaseAnswer(question: "pkgsel/run_tasksel", value: "false"),
        ],
        // Since hw-detect 1.147. `never` also prevents hw-detect from enabling the component and installing microcode by itself
        // (hw-detect 1.159, post-base-installer.d/50install-firmware).
        firmwareRefusal: [ReleaseAnswer(question: "hw-detect/firmware-lookup", value: "never")],
        replacements: [:]
    )
}
