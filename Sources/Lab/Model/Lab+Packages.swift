import Preseed

extension Lab {
    /// Returns the components in a node's sources.list, in their order.
    package func components(_ node: Node) -> [Component] {
        release.components(mirror.components, firmware: usesNonfreeFirmware, microcode: node.loadsMicrocode)
    }

    /// Returns the sorted names of the packages that are installed on a node explicitly.
    package func packages(_ node: Node) -> [String] {
        Set(impliedPackages(node).map(\.package) + node.packages.map(\.description)).sorted()
    }

    private func impliedPackages(_ node: Node) -> [ImpliedPackage] {
        node.impliedPackages(release, mirror, firmware: usesNonfreeFirmware, timeServers: timeServers)
            + guests(on: node.name).impliedPackages(release)
    }

    /// Returns the NTP servers of a node's systemd-timesyncd; empty when the node has no time service or a different one.
    package func timeServers(_ node: Node) -> [TimeServer] { node.hasTimeDaemon ? [] : timeServers }
}

extension Node {
    /// Returns the packages that the settings of a node require.
    /// - Parameters:
    ///   - firmware: Whether the lab uses non-free firmware.
    ///   - timeServers: The NTP servers of the lab.
    func impliedPackages(
        _ release: Release, _ mirror: Mirror, firmware: Bool, timeServers: [TimeServer]
    ) -> [ImpliedPackage] {
        var packages: [ImpliedPackage] = []
        func add(_ names: [String], _ cause: ImpliedPackage.Cause) {
            packages += names.map { ImpliedPackage(package: $0, cause: cause) }
        }
        add(release.xenPackages + release.networkPackages, .release)
        // VLANs need no package: ifupdown creates them with iproute2.
        if !bonds.isEmpty { add(["ifenslave"], .bonds) }
        if disk.isMirrored { add(["mdadm"], .disks) }
        if !volumeGroups.isEmpty { add(["lvm2"], .disks) }
        if access.usesSSH { add(["openssh-server"], .access) }
        if access.usesSudo { add(["sudo"], .sudo) }
        if mirror.scheme == .https { add(["ca-certificates"], .mirror) }
        if firmware { add(release.firmwarePackages, .firmware) }
        if loadsMicrocode { add(release.microcodePackages, .microcode) }
        if !timeServers.isEmpty, !hasTimeDaemon { add(release.timePackages, .time) }
        return packages
    }

    /// Whether one of the node's packages is a time service, which conflicts with systemd-timesyncd (Debian's virtual
    /// package time-daemon, which Jessie's packages do not declare).
    var hasTimeDaemon: Bool {
        packages.contains { ["chrony", "ntp", "ntpsec", "openntpd"].contains($0.description) }
    }
}

extension [Guest] {
    /// Returns the packages that a node with these guests requires.
    func impliedPackages(_ release: Release) -> [ImpliedPackage] {
        var packages: Set<String> = []
        // xenseed-guest-demo makes a guest of busybox.
        if !isEmpty { packages.formUnion(["busybox", "lvm2"]) }
        if contains(where: { $0.replication != nil }) { packages.formUnion(["drbd-utils", "openssh-server"]) }
        if contains(where: { $0.type != .hvm && $0.kernel == nil }) { packages.insert("grub-xen-host") }
        if contains(where: { $0.type == .hvm }) { packages.formUnion(release.deviceModelPackages) }
        return packages.sorted().map { ImpliedPackage(package: $0, cause: .guests) }
    }
}

/// A package that a setting of the lab requires.
struct ImpliedPackage: Sendable {
    var package: String
    package var cause: Cause

    /// The setting that requires the package. Every node needs the packages of `release`, whatever its settings.
    package enum Cause: Hashable, Sendable {
        case release, bonds, disks, access, sudo, mirror, firmware, microcode, time, guests
    }
}

extension Release {
    /// Returns the components that a node's sources.list has to name.
    /// - Parameters:
    ///   - named: The components in the lab file.
    ///   - firmware: Whether the lab uses non-free firmware.
    ///   - microcode: Whether the node loads microcode.
    package func components(_ named: [Component], firmware: Bool, microcode: Bool) -> [Component] {
        Set(named).union(firmware ? [firmwareComponent] : []).union(microcode ? microcodeComponents : []).sorted()
    }
}
