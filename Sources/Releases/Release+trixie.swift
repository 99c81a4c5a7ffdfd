extension Release {
    /// Debian 13. Where it says bookworm's, trixie's packages were read and are the same.
    static let trixie = Release(
        codename: "trixie",
        number: "13",
        mirrorHost: "deb.debian.org",
        mirrorDirectory: "/debian",
        securityURL: "http://security.debian.org/debian-security",
        securitySuite: "trixie-security",
        updateSuites: ["trixie-updates"],
        signaturesExpired: false,
        services: bookworm.services,
        httpsRefusal: nil,
        // 4.20.3, with xen-hypervisor-common's /etc/default/grub.d/xen.cfg as bookworm's.
        xenPackages: ["xen-system-amd64"],
        // ifupdown 0.8.44 would bring dhcpcd-base by itself; isc-dhcp-client 4.4.3-P1 is still there.
        networkPackages: bookworm.networkPackages,
        timePackages: bookworm.timePackages,
        timeServerKey: bookworm.timeServerKey,
        timeServiceIsModern: bookworm.timeServiceIsModern,
        timeServers: bookworm.timeServers,
        toolstacks: ["xl"],
        xenVersion: "4.20",
        uefiRefusal: nil,
        nicNameOptions: bookworm.nicNameOptions,
        diskNamesMove: true,
        bridgeNeedsAddress: true,
        // libxcrypt 4.4.38.
        cryptMethods: bookworm.cryptMethods,
        // hw-detect 1.171, apt-setup 1:0.198, pkgsel 0.85 and partman's parts, from their templates.
        answers: bookworm.answers,
        replacements: bookworm.replacements
    )
}
