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
        xenPackages: ["xen-system-amd64"],
        networkPackages: ["bridge-utils", "ifupdown", "isc-dhcp-client"],
        // A package of its own since Debian 10; its postinst enables it. Its priority is standard, so only tasksel installs it.
        timePackages: ["systemd-timesyncd"],
        timeServerKey: "NTP",
        timeServiceIsModern: true,
        timeServers: (0...3).map { "\($0).debian.pool.ntp.org" },
        toolstacks: ["xl"],
        xenVersion: "4.17",
        uefiRefusal: nil,
        nicNameOptions: ["net.ifnames=0"],
        diskNamesMove: true,
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
