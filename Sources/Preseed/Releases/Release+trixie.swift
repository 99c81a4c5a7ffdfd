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
        components: bookworm.components,
        services: bookworm.services,
        httpsRefusal: nil,
        // 4.20.3, with xen-hypervisor-common's /etc/default/grub.d/xen.cfg as bookworm's.
        debianHosts: .current,
        xenPackages: ["xen-system-amd64"],
        // ifupdown 0.8.44 would bring dhcpcd-base by itself; isc-dhcp-client 4.4.3-P1 is still there.
        networkPackages: bookworm.networkPackages,
        timePackages: bookworm.timePackages,
        timeServerKey: bookworm.timeServerKey,
        timeServiceIsModern: bookworm.timeServiceIsModern,
        timeServers: bookworm.timeServers,
        toolstacks: ["xl"],
        xenVersion: "4.20",
        firmwareComponent: .nonFreeFirmware,
        // firmware-nonfree 20250410: Intel's ice is in firmware-intel-misc now, and firmware-misc-nonfree recommends firmware of
        // graphics cards.
        firmwarePackages: (bookworm.firmwarePackages + ["firmware-intel-misc"]).sorted(),
        microcodeComponents: bookworm.microcodeComponents,
        microcodePackages: bookworm.microcodePackages,
        uefiRefusal: nil,
        nicNameOptions: bookworm.nicNameOptions,
        // systemd 257, as 252.
        udevExchangesNames: bookworm.udevExchangesNames,
        diskNamesMove: true,
        bootDisks: [],
        lastVolumeTakesRest: false,
        seedOverridesKernelLine: false,
        // Measured like bookworm's (Xen 4.20.4, Linux 6.12.117; initramfs of 39 and 14 MB): most reaches multi-user with 256 MiB,
        // and less was not tried; dep does not reach it with 160 within 18 minutes (systemd-journald under memory pressure).
        dom0Memory: Dom0MemoryNeed(most: 256, dep: 192, isMeasured: true),
        // xen/include/xen/param.h: MAX_PARAM_SIZE 128, as in 4.17.
        xenOptionLength: 127,
        bridgeNeedsAddress: true,
        // libxcrypt 4.4.38.
        cryptMethods: bookworm.cryptMethods,
        // hw-detect 1.171, apt-setup 1:0.198, pkgsel 0.85 and partman's parts, from their templates.
        answers: bookworm.answers,
        firmwareRefusal: bookworm.firmwareRefusal,
        replacements: bookworm.replacements
    )
}
