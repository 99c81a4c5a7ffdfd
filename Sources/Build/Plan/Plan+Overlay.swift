import Lab
import Preseed
import Templates

extension Plan {
    /// Returns the members of a node's overlay, sorted by path. A directory is included only if its mode matters.
    package func overlay(_ node: Node) -> [OverlayMember] {
        let subject = NodeSubject(self, node)
        let members =
            Self.ownMembers.compactMap { $0.member(of: subject, templates) } + sharedMembers
            + guestMembers(node) + node.files.map(OverlayMember.init)
        return members.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The members that are the same in every node's overlay.
    var sharedMembers: [OverlayMember] {
        Self.commonMembers.compactMap { $0.member(of: self, templates) }
    }

    // MARK: Members

    /// The definitions of the members that depend on the node.
    static let ownMembers: [OverlayMemberDefinition<NodeSubject>] = [
        // hostname(5) does not allow comments in jessie, so this is the only file without the comment that names
        // xenseed.
        .init(.hostname, .text(from: ["domain", .nodeName]) { Array(($0.lab.fullName($0.node.name) + "\n").utf8) }),
        .init(.hosts, .template(hosts)),
        .init(.interfaces, .template(interfaces)),
        .init(.nicNames, .template(nicNames), .when(.cardNaming) { $0.lab.release.udevExchangesNames }),
        .init(.cards, .template(cards), .when(.cardNaming) { !$0.lab.release.udevExchangesNames }),
        .init(.grub, .template(grub)),
        .init(.xendomains, .template(xendomains)),
        .init(.xendomainsUnit, .template(xendomainsUnit)),
        .init(.xlConf, .template(xlConf), .when(.defaultBridge) { $0.defaultBridge != nil }),
        .init(
            .timesyncd, .template(timesyncd),
            .when([.timeServers, .timeService]) { !$0.timeServers.isEmpty && !$0.lab.release.timeServiceIsModern }),
        .init(
            .timesyncdDropIn, .template(timesyncd),
            .when([.timeServers, .timeService]) { !$0.timeServers.isEmpty && $0.lab.release.timeServiceIsModern }),
        .init(
            .timesyncdWanted, .link("/lib/systemd/system/systemd-timesyncd.service"),
            .when([.timeServers, .timeService]) { !$0.timeServers.isEmpty && !$0.lab.release.timeServiceIsModern }),
        .init(.toolstack, .template(toolstack)),
        .init(.aptSources, .template(aptSourcesList)),
        .init(
            .aptConf, .template(aptConf),
            .when(["mirror.proxy", "release", .expiredKeys]) {
                $0.lab.release.signaturesExpired || $0.lab.mirror.proxy != nil
            }),
        .init(
            .resolv, .template(resolv),
            .when([.networks, .addresses, "networks.*.dhcp", "networks.*.dns"]) { $0.writesResolvConf }),
        .init(.sshFolder, mode: 0o700, .folder, .whenKeys),
        .init(.authorizedKeys, mode: 0o600, .template(authorizedKeys), .whenKeys),
        .init(.guests, .template(guestTable), .whenGuests),
        .init(.guestsScript, mode: 0o755, .template(TemplateDefinition(.guestsScript) {}), .whenGuests),
        .init(.guestsUnit, .template(TemplateDefinition(.guestsUnit) {}), .whenGuests),
        .init(.guestsUnitWanted, .link(to: .guestsUnit), .whenGuests),
        .init(.guestDemoScript, mode: 0o755, .template(TemplateDefinition(.guestDemoScript) {}), .whenGuests),
        .init(
            .lvmFilter, .template(lvmFilter),
            .when(["guests.*.on", .lvmFiles]) { !$0.guests.isEmpty && $0.lab.release.lvmReadsLocalFile }),
        .init(
            .lvmConf, .template(lvmFilter),
            .when(["guests.*.on", .lvmFiles]) { !$0.guests.isEmpty && !$0.lab.release.lvmReadsLocalFile }),
        .init(.drbdModule, .template(TemplateDefinition(.drbdModule) {}), .whenReplicated),
        .init(.migrateScript, mode: 0o755, .template(TemplateDefinition(.migrateScript) {}), .whenReplicated),
        .init(.migratePeerScript, mode: 0o755, .template(TemplateDefinition(.migratePeerScript) {}), .whenReplicated),
        .init(
            .migrationKey, mode: 0o600, .secret(from: .migration) { $0.keys?.migration.privateKey ?? [] },
            .when(.migration) { $0.keys?.migration.privateKey != nil }),
        .init(.migrationHosts, .template(migrationHosts), .whenReplicated),
        .init(
            .hostKey, mode: 0o600, .secret(from: .migration) { $0.keys?.host.privateKey ?? [] },
            .when(.migration) { $0.keys?.host.privateKey != nil }),
        .init(
            .hostPublicKey,
            .text(from: .migration) { Array(($0.keys.map { "\($0.host.publicKey)\n" } ?? "").utf8) },
            .when(.migration) { $0.keys?.host.privateKey != nil }),
        .init(.verifyWaits, .template(TemplateDefinition(.verifyWaits) {}), .whenReplicated),
        .init(
            .sshd, .template(sshd),
            .when([.sshAccess, .sshdFile, "guests.*.on"]) { $0.usesSSH && !$0.lab.release.sshdReadsDirectory }),
        .init(
            .sshdDropIn, .template(sshd),
            .when([.sshAccess, .sshdFile, "guests.*.on"]) { $0.usesSSH && $0.lab.release.sshdReadsDirectory }),
        .init(
            .sudoers, mode: 0o440, .template(sudoers), .when("nodes.*.access.users.*.sudo") { $0.node.access.usesSudo }),
        .init(.serialGetty0, .template(serialGetty), .when("nodes.*.console") { $0.node.console?.unit == 0 }),
        .init(.serialGetty1, .template(serialGetty), .when("nodes.*.console") { $0.node.console?.unit == 1 }),
        .init(.expect, .template(expect)),
        .init(.espScript, mode: 0o755, .template(TemplateDefinition(.espScript) {}), .whenMirroredESPs),
        .init(.espHook, .template(TemplateDefinition(.espHook) {}), .whenMirroredESPs),
        .init(
            .lateScript, mode: 0o755, .foreign(from: "nodes.*.late_script") { $0.node.lateScript!.content },
            .when("nodes.*.late_script") { $0.node.lateScript != nil }),
    ]

    /// The definitions of the members that are the same in the overlays of all nodes.
    static let commonMembers: [OverlayMemberDefinition<Plan>] = [
        .init(.carrierWait, mode: 0o755, .constant(.carrierWait)),
        .init(.verifyUnit, .constant(.verifyUnit)), .init(.verifyUnitWanted, .link(to: .verifyUnit)),
        .init(.verifyTimer, .constant(.verifyTimer)), .init(.verifyTimerWanted, .link(to: .verifyTimer)),
        .init(.verifySoonTimer, .constant(.verifySoonTimer)), .init(.aptHook, .constant(.aptHook)),
        .init(.verifyScript, mode: 0o755, .constant(.verifyScript)),
        .init(.cardsRule, .constant(.cardsRule), .whenUnitNamesCards),
        .init(.cardsUnit, .constant(.cardsUnit), .whenUnitNamesCards),
        .init(.cardsUnitWanted, .link(to: .cardsUnit), .whenUnitNamesCards),
        .init(.cardsScript, mode: 0o755, .constant(.cardsScript), .whenUnitNamesCards),
    ]

    /// The sources of members that are the user's own files.
    static let ownFiles: Sources = ["nodes.*.files.folder", "nodes.*.files.modes.*"]

    /// The templates of the members, without duplicates.
    static var overlayTemplates: [AnyTemplateDefinition] {
        let templates =
            ownMembers.compactMap(\.template) + commonMembers.compactMap(\.template)
            + guestMembers.map(\.template.erased)
        return Dictionary(templates.map { ($0.template, $0) }) { first, _ in first }
            .values.sorted { $0.template.rawValue < $1.template.rawValue }
    }

    // MARK: Templates

    private static let hosts = TemplateDefinition<NodeSubject>(.hosts) {
        nodeValues
        TemplateValue(optional: "self", from: .addresses, of: { $0.isAddressed ? nil : $0.node }) {
            TemplateValue("name", from: .nodeName) { $0.name }
        }
        TemplateValue(list: "peers", from: [.addresses, .networks, .waysOut], of: { $0.peers }) {
            TemplateValue("address") { $0.address }
            TemplateValue("name", from: .eachNode) { $0.name }
            TemplateValue("fqdn", from: ["domain", .eachNode]) { $0.fullName }
        }
    }

    private static let nicNames = TemplateDefinition<NodeSubject>(.nicNames) {
        nodeValues
        nics
    }

    private static let cards = TemplateDefinition<NodeSubject>(.cards) {
        nodeValues
        nics
    }

    private static var nics: TemplateValue<NodeSubject> {
        TemplateValue(list: "nics", from: "nodes.*.interfaces.*.mac", of: { $0.node.interfaces }) {
            TemplateValue("mac") { $0.mac }
            TemplateValue("name") { $0.name }
        }
    }

    private static let grub = TemplateDefinition<NodeSubject>(.grub) {
        nodeValues
        TemplateValue("timeout", from: "nodes.*.grub.timeout") { $0.node.grub.timeout }
        TemplateValue("disable_linux_uuid", from: "nodes.*.grub.disable_linux_uuid") { $0.node.grub.disablesLinuxUUID }
        TemplateValue("xen_options", from: .xenOptions) { subject in
            subject.plan.xenOptions(subject.node).joined(separator: " ")
        }
        TemplateValue("linux_options", from: ["nodes.*.grub.linux_options", "nodes.*.console", .cardNames]) {
            $0.linuxOptions($0.node.console.map { ["console=tty0", "console=\($0)n8"] } ?? [])
        }
        TemplateValue(optional: "console", from: "nodes.*.console") { subject in
            subject.node.console.map { (subject: subject, console: $0) }
        } values: {
            TemplateValue("dom0_options", from: ["nodes.*.grub.linux_options", .cardNames]) {
                $0.subject.linuxOptions(["console=tty0", "console=hvc0"])
            }
            TemplateValue("unit") { $0.console.unit }
            TemplateValue("speed") { $0.console.speed }
        }
    }

    private static let xendomains = TemplateDefinition<NodeSubject>(.xendomains) {
        nodeValues
        TemplateValue(flag: "saves", from: "nodes.*.xendomains.save") { $0.node.xendomains.save != nil }
        TemplateValue("save", from: "nodes.*.xendomains.save") { $0.node.xendomains.save }
        TemplateValue("restore", from: "nodes.*.xendomains.restore") { $0.node.xendomains.restores ? "true" : "" }
        TemplateValue("auto", from: "nodes.*.xendomains.auto") { $0.node.xendomains.auto }
        TemplateValue("stop_maxwait", from: "nodes.*.xendomains.stop_maxwait") { $0.node.xendomains.stopMaxWait }
    }

    private static let xendomainsUnit = TemplateDefinition<NodeSubject>(.xendomainsUnit) {
        nodeValues
        // In seconds: `stop_maxwait` for each of ten guests, and twice that if guests are saved, because saving may
        // take this time before it fails.
        TemplateValue("stop_timeout", from: ["nodes.*.xendomains.stop_maxwait", "nodes.*.xendomains.save"]) {
            max(300, $0.node.xendomains.stopMaxWait * 10 * ($0.node.xendomains.save == nil ? 1 : 2))
        }
    }

    private static let xlConf = TemplateDefinition<NodeSubject>(.xlConf) {
        nodeValues
        TemplateValue("default_bridge", from: .defaultBridge) { $0.defaultBridge }
    }

    private static let timesyncd = TemplateDefinition<NodeSubject>(.timesyncd) {
        nodeValues
        TemplateValue("server_key", from: .timeService) { $0.lab.release.timeServerKey }
        timeServers
    }

    private static var timeServers: TemplateValue<NodeSubject> {
        TemplateValue("time_servers", from: .timeServers) {
            $0.timeServers.map(\.description).joined(separator: " ")
        }
    }

    private static let toolstack = TemplateDefinition<NodeSubject>(.toolstack) {
        nodeValues
        toolstackName
    }

    private static var toolstackName: TemplateValue<NodeSubject> {
        TemplateValue("toolstack", from: "nodes.*.toolstack") { $0.node.toolstack }
    }

    private static let aptSourcesList = TemplateDefinition<NodeSubject>(.aptSources) {
        nodeValues
        TemplateValue(
            texts: "sources",
            from: ["mirror.protocol", "mirror.host", "mirror.directory", "mirror.security", "release"]
        ) { $0.plan.aptSources }
        TemplateValue("components", from: .components) {
            $0.lab.components($0.node).map(\.rawValue).joined(separator: " ")
        }
    }

    private static let aptConf = TemplateDefinition<NodeSubject>(.aptConf) {
        nodeValues
        TemplateValue("proxy", from: "mirror.proxy") { $0.lab.mirror.proxy }
    }

    private static let resolv = TemplateDefinition<NodeSubject>(.resolv) {
        nodeValues
        TemplateValue("search", from: ["networks.*.search", .networks]) { subject in
            subject.searchDomains.map(\.description).joined(separator: " ")
        }
        TemplateValue(texts: "dns", from: ["networks.*.dns", .networks]) { $0.nameservers }
    }

    private static let authorizedKeys = TemplateDefinition<NodeSubject>(.authorizedKeys) {
        nodeValues
        TemplateValue(texts: "keys", from: "nodes.*.access.authorized_keys") { $0.node.access.authorizedKeys }
        migrationKeys
    }

    private static let serialGetty = TemplateDefinition<NodeSubject>(.serialGetty) { nodeValues }

    private static let expect = TemplateDefinition<NodeSubject>(.expect) {
        nodeValues
        report()
        assertionLines
    }

    // MARK: Values

    /// Returns the options of the hypervisor (xen-command-line(7)).
    func xenOptions(_ node: Node) -> [String] {
        let dom0 = node.dom0
        var memory = "dom0_mem=\(dom0.memory.mebibytes)M"
        if let low = dom0.memoryMin { memory += ",min:\(low.mebibytes)M" }
        memory += ",max:\(dom0.memoryMax.mebibytes)M"
        var options = [memory, "dom0_max_vcpus=\(dom0.vcpus)"]
        if dom0.pinsVCPUs { options.append("dom0_vcpus_pin") }
        // With `ucode=scan`, Xen finds the microcode in the archive at the beginning of the initramfs.
        if node.loadsMicrocode { options.append("ucode=scan") }
        options += dom0.options.map(\.description)
        if let console = node.console {
            options += ["com\(console.unit + 1)=\(console.speed),8n1", "console=com\(console.unit + 1),vga"]
        }
        return options
    }

    /// The suites from which the installed system gets packages, each after the URL of its archive.
    var aptSources: [String] {
        let release = lab.release
        var sources = ["\(lab.mirror.url) \(release.codename)"]
        sources += release.updateSuites.map { "\(lab.mirror.url) \($0)" }
        if lab.mirror.security { sources.append("\(release.securityURL) \(release.securitySuite)") }
        return sources
    }
}

extension OverlayMemberDefinition.Content where Subject == Plan {
    /// Returns a content that is the same in all labs: its template has no values.
    static func constant(_ template: Template) -> Self { .template(TemplateDefinition(template) {}) }
}

extension OverlayMemberDefinition.Condition where Subject == NodeSubject {
    /// A RAID with UEFI has an EFI system partition on each disk.
    static let whenMirroredESPs = when([.disk, "nodes.*.firmware"]) {
        $0.node.disk.isMirrored && $0.node.firmware == .uefi
    }
    static let whenKeys = when(["nodes.*.access.authorized_keys", "guests.*.on"]) {
        !$0.node.access.authorizedKeys.isEmpty || $0.replicates
    }
}

extension OverlayMemberDefinition.Condition where Subject == Plan {
    static let whenUnitNamesCards = when(.cardNaming) { !$0.lab.release.udevExchangesNames }
}

extension Sources {
    static let dom0: Sources = [
        "nodes.*.dom0.memory", "nodes.*.dom0.memory_min", "nodes.*.dom0.memory_max", "nodes.*.dom0.vcpus",
        "nodes.*.dom0.pin", "nodes.*.dom0.options",
    ]
    static let xenOptions: Sources = [dom0, "nodes.*.console", "nodes.*.microcode", "nonfree_firmware"]
    /// The sources of the archive's components.
    static let components: Sources = [
        "mirror.components", "nonfree_firmware", "nodes.*.microcode", "release",
        .fact("the components of the release"),
    ]
    /// The sources of a node's time servers. A node whose own packages include a time service does not get a second
    /// one.
    static let timeServers: Sources = ["ntp", "nodes.*.packages"]
    static let defaultBridge: Sources = [networks, "nodes.*.interfaces.*.bridge", waysOut]
    static let bridgeAddress = fact("the MAC address that the release's bridges use")
    fileprivate static let cardNames = fact("the release's names of network cards")
    fileprivate static let cardNaming: Sources = ["release", cardNames]
    fileprivate static let timeService: Sources = ["release", .fact("the configuration of the release's time service")]
}

extension NodeSubject {
    /// The servers of the node's time service.
    fileprivate var timeServers: [TimeServer] { lab.timeServers(node) }

    /// The default bridge for guests: the first bridge that leads out, otherwise the first one. It is nil if the node
    /// has no bridge, or if it has xenbr0, which is xl's own default.
    fileprivate var defaultBridge: InterfaceName? {
        if node.bridges.contains(where: { $0.name.description == "xenbr0" }) { return nil }
        return (node.links.first { $0.bridge != nil && $0.leadsOut }?.bridge ?? node.bridges.first)?.name
    }

    fileprivate func linuxOptions(_ consoles: [String]) -> String {
        (lab.release.nicNameOptions + node.grub.linuxOptions.map(\.description) + consoles).joined(separator: " ")
    }

    /// A node with one of its addresses.
    fileprivate struct Peer: Sendable {
        var name: Hostname
        var fullName: String
        var address: IPv4Address
    }

    /// Whether the lab has an address for the node, so that it is one of its own peers.
    fileprivate var isAddressed: Bool { node.links.contains { $0.addressing.address != nil } }

    /// The node itself and the nodes that share a network with it on which the lab has addresses for both, each with
    /// its address there. A closed network is preferred, because DRBD uses it.
    fileprivate var peers: [Peer] {
        // A bridge without a port leads to no other node.
        let shared = node.links.filter { !$0.ports.isEmpty }.map(\.addressing).filter { $0.address != nil }
        func rank(_ addressing: Addressing) -> Int {
            addressing.network.leadsOut ? (addressing.network.isDHCP ? 2 : 1) : 0
        }
        let networks = shared.sorted { (rank($0), $0.network.name) < (rank($1), $1.network.name) }.map(\.network.name)
        var addresses: [Int: IPv4Address] = [:]
        for member in networks.flatMap({ plan.members[$0]! }) where addresses[member.node] == nil {
            let link = lab.nodes[member.node].links[member.link]
            if !link.ports.isEmpty { addresses[member.node] = link.addressing.address }
        }
        return addresses.sorted { $0.key < $1.key }.map { index, address in
            let name = lab.nodes[index].name
            return Peer(name: name, fullName: lab.fullName(name), address: address)
        }
    }
}
