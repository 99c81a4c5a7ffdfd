import Preseed

extension Lab {
    /// The components that a node's sources name, in the order of sources.list.
    package func components(_ node: Node) -> [Component] {
        release.components(mirror.components, firmware: usesNonfreeFirmware, microcode: node.loadsMicrocode)
    }

    /// The packages that are installed on a node by name, sorted.
    package func packages(_ node: Node) -> [String] {
        Set(impliedPackages(node).map(\.package) + node.packages.map(\.description)).sorted()
    }

    private func impliedPackages(_ node: Node) -> [ImpliedPackage] {
        node.impliedPackages(release, mirror, firmware: usesNonfreeFirmware, timeServers: timeServers)
    }

    /// The servers that a node's systemd-timesyncd asks; none when the node has no such service, or another one.
    package func timeServers(_ node: Node) -> [TimeServer] { node.hasTimeDaemon ? [] : timeServers }
}

extension Node {
    /// The packages that a node needs although the lab does not name them.
    /// - Parameters:
    ///   - firmware: whether the lab uses firmware that is not free software.
    ///   - timeServers: the lab's.
    func impliedPackages(
        _ release: Release, _ mirror: Mirror, firmware: Bool, timeServers: [TimeServer]
    ) -> [ImpliedPackage] {
        var packages: [ImpliedPackage] = []
        func add(_ names: [String], _ cause: ImpliedPackage.Cause) {
            packages += names.map { ImpliedPackage(package: $0, cause: cause) }
        }
        add(release.xenPackages + release.networkPackages, .release)
        if !access.authorizedKeys.isEmpty { add(["openssh-server"], .access) }
        if mirror.scheme == .https { add(["ca-certificates"], .mirror) }
        if firmware { add(release.firmwarePackages, .firmware) }
        if loadsMicrocode { add(release.microcodePackages, .microcode) }
        if !timeServers.isEmpty, !hasTimeDaemon { add(release.timePackages, .time) }
        return packages
    }

    /// Whether one of the node's own packages has a time service, beside which systemd-timesyncd cannot be installed (Debian's
    /// virtual package time-daemon, which Jessie's packages do not declare).
    var hasTimeDaemon: Bool {
        packages.contains { ["chrony", "ntp", "ntpsec", "openntpd"].contains($0.description) }
    }
}

/// A package that a node needs although the lab does not name it.
struct ImpliedPackage: Sendable {
    var package: String
    package var cause: Cause

    /// The setting that asks for it; `release` is none of the lab's.
    package enum Cause: Hashable, Sendable { case release, access, mirror, firmware, microcode, time }
}

extension Release {
    /// The components that a node's sources have to name.
    /// - Parameters:
    ///   - named: those that the lab names.
    ///   - firmware: whether the lab uses firmware that is not free software.
    ///   - microcode: whether the node loads microcode.
    package func components(_ named: [Component], firmware: Bool, microcode: Bool) -> [Component] {
        Set(named).union(firmware ? [firmwareComponent] : []).union(microcode ? microcodeComponents : []).sorted()
    }
}
