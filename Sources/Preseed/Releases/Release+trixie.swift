extension Release {
    /// Debian 13. Values that refer to bookworm were checked in trixie's packages and are the same.
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
        debianHosts: .current,
        // Xen 4.20.3; /etc/default/grub.d/xen.cfg of xen-hypervisor-common is the same as in bookworm.
        xenPackages: ["xen-system-amd64"],
        // ifupdown 0.8.44 would install dhcpcd-base by itself; isc-dhcp-client 4.4.3-P1 still exists.
        networkPackages: bookworm.networkPackages,
        timePackages: bookworm.timePackages,
        timeServerKey: bookworm.timeServerKey,
        timeServiceIsModern: bookworm.timeServiceIsModern,
        timeServers: bookworm.timeServers,
        toolstacks: ["xl"],
        xenVersion: "4.20",
        guestTypes: [.pvh, .pv, .hvm],
        movableTypes: [.pvh, .hvm],
        namesGuestType: true,
        lvmReadsLocalFile: true,
        deviceModelPackages: ["qemu-system-xen"],
        firmwareComponent: .nonFreeFirmware,
        // firmware-nonfree 20250410: the firmware for Intel's ice has moved to firmware-intel-misc, and firmware-misc-nonfree
        // recommends firmware for graphics cards.
        firmwarePackages: (bookworm.firmwarePackages + ["firmware-intel-misc"]).sorted(),
        microcodeComponents: bookworm.microcodeComponents,
        microcodePackages: bookworm.microcodePackages,
        uefiRefusal: nil,
        nicNameOptions: bookworm.nicNameOptions,
        // systemd 257 fails like 252.
        udevExchangesNames: bookworm.udevExchangesNames,
        diskNamesMove: true,
        bootDisks: [],
        lastVolumeTakesRest: false,
        seedOverridesKernelLine: false,
        // Measured in the same way as bookworm (Xen 4.20.4, Linux 6.12.117; initramfs of 39 and 14 MB). With most, dom0 reaches
        // multi-user with 256 MiB, and less was not tried. With dep, it does not reach it with 160 MiB within 18 minutes
        // (systemd-journald under memory pressure).
        dom0Memory: Dom0MemoryNeed(most: 256, dep: 192, isMeasured: true),
        // xen/include/xen/param.h: MAX_PARAM_SIZE 128, as in 4.17.
        xenOptionLength: 127,
        bridgeNeedsAddress: true,
        // libxcrypt 4.4.38.
        cryptMethods: bookworm.cryptMethods,
        // openssh 1:10.0p1.
        sshdReadsDirectory: true,
        gonePackages: bookworm.gonePackages,
        // Those of bookworm; the tasksel of this release was not read.
        tasks: bookworm.tasks,
        netinstOffersFurtherCDs: true,
        // Installer build 20250803+deb13u7, /usr/share/localechooser/translation-status.
        translations: .init(
            severe:
                "am ast bg bn bo bs cy da dz eo eu ga gu hi hy kab kk km kn ku lo mk ml nb ne nn oc pa se si sk sl sq sr@latin te tg th tl vi",
            light: "fa fi is mr sr ta"),
        fetchSchemes: bookworm.fetchSchemes,
        // From the templates of hw-detect 1.171, apt-setup 1:0.198, pkgsel 0.85 and partman.
        answers: bookworm.answers,
        firmwareRefusal: bookworm.firmwareRefusal,
        replacements: bookworm.replacements
    )
}
