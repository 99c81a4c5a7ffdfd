import Lab
import Preseed
import Templates

extension Planner {
    /// The members of a node's overlay, by path; a folder stands only where its mode matters.
    package func overlay(_ node: Node) throws(TemplateSet.Invalid) -> [OverlayMember] {
        let base = context(node)
        var members: [OverlayMember] = []
        func add(_ path: OverlayPath, mode: Int = 0o644, _ more: Context = [:]) throws(TemplateSet.Invalid) {
            guard let template = path.template else { preconditionFailure("\(path) has no template") }
            let text = try templates.render(template, base, more)
            members.append(OverlayMember(path, mode: mode, .file(text)))
        }
        // hostname(5) takes no comment in jessie, so this file alone does not say what made it.
        members.append(OverlayMember(.hostname, .file(Array((lab.fullName(node.name) + "\n").utf8))))
        try add(.hosts, hosts(node))
        try add(.interfaces, interfaces(node))
        let nics: Context = [
            "nics": .list(node.interfaces.map { ["mac": .init($0.mac), "name": .init($0.name)] })
        ]
        if lab.release.udevExchangesNames {
            try add(.nicNames, nics)
        } else {
            try add(.cards, nics)
        }
        try add(.grub, grub(node))
        try add(.xendomains, xendomains(node))
        // Seconds for each guest, ten of them; saving them may take the time before it does not succeed.
        let stop = max(300, node.xendomains.stopMaxWait * 10 * (node.xendomains.save == nil ? 1 : 2))
        try add(.xendomainsUnit, ["stop_timeout": .init(stop)])
        if let bridge = defaultBridge(node) { try add(.xlConf, ["default_bridge": .init(bridge)]) }
        let servers = lab.timeServers(node)
        if !servers.isEmpty {
            let isModern = lab.release.timeServiceIsModern
            try add(
                isModern ? .timesyncdDropIn : .timesyncd,
                [
                    "server_key": .text(lab.release.timeServerKey),
                    "time_servers": .text(servers.map(\.description).joined(separator: " ")),
                ])
            if !isModern {
                members.append(
                    OverlayMember(
                        .timesyncdWanted, mode: 0o777, .link("/lib/systemd/system/systemd-timesyncd.service")))
            }
        }
        try add(.toolstack, ["toolstack": .text(node.toolstack)])
        try add(
            .aptSources,
            [
                "sources": .items(aptSources),
                "components": .text(lab.components(node).map(\.rawValue).joined(separator: " ")),
            ])
        if lab.release.signaturesExpired || lab.mirror.proxy != nil {
            try add(.aptConf, ["proxy": .text(lab.mirror.proxy?.description ?? "")])
        }
        // With DHCP, dhclient writes it.
        if !node.links.contains(where: \.addressing.network.isDHCP) {
            let dns = node.links.flatMap(\.addressing.network.dns)
            if !dns.isEmpty { try add(.resolv, ["dns": .items(dns)]) }
        }
        if !node.access.authorizedKeys.isEmpty {
            members.append(OverlayMember(.sshFolder, mode: 0o700, .folder))
            try add(
                .authorizedKeys, mode: 0o600,
                [
                    "keys": .items(node.access.authorizedKeys)
                ])
        }
        if let console = node.console {
            try add(console.unit == 0 ? .serialGetty0 : .serialGetty1)
        }
        try add(.expect, expect(node))
        members += sharedMembers
        if let script = node.lateScript {
            members.append(OverlayMember(.lateScript, mode: 0o755, .file(script.content)))
        }
        members += node.files.map(OverlayMember.init)
        return members.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Members that are the same in every node's overlay.
    var sharedMembers: [OverlayMember] {
        func file(_ path: OverlayPath, mode: Int = 0o644) -> OverlayMember {
            guard let template = path.template else { preconditionFailure("\(path) has no template") }
            return OverlayMember(path, mode: mode, .file(templates.text(of: template)), isShared: true)
        }
        func link(_ path: OverlayPath, to target: OverlayPath) -> OverlayMember {
            OverlayMember(path, mode: 0o777, .link("/" + target.rawValue), isShared: true)
        }
        let everywhere = [
            file(.carrierWait, mode: 0o755),
            file(.verifyUnit), link(.verifyUnitWanted, to: .verifyUnit),
            file(.verifyTimer), link(.verifyTimerWanted, to: .verifyTimer),
            file(.verifySoonTimer), file(.aptHook),
            file(.verifyScript, mode: 0o755),
        ]
        guard !lab.release.udevExchangesNames else { return everywhere }
        return everywhere + [
            file(.cardsRule), file(.cardsUnit), link(.cardsUnitWanted, to: .cardsUnit),
            file(.cardsScript, mode: 0o755),
        ]
    }

    // MARK: Contexts

    /// Nodes that share a static network with this one, and itself, each by its address there: on a closed link when
    /// there is one, since that is where DRBD speaks.
    func hosts(_ node: Node) -> Context {
        let shared = node.links.map(\.addressing).filter { $0.address != nil }
        func rank(_ addressing: Addressing) -> Int {
            addressing.network.leadsOut ? (addressing.network.isDHCP ? 2 : 1) : 0
        }
        let networks = shared.sorted { (rank($0), $0.network.name) < (rank($1), $1.network.name) }.map(\.network.name)
        var addresses: [Int: IPv4Address] = [:]
        for member in networks.flatMap({ members[$0]! }) where addresses[member.node] == nil {
            addresses[member.node] = lab.nodes[member.node].links[member.link].addressing.address
        }
        let peers = addresses.sorted { $0.key < $1.key }.map { (lab.nodes[$0.key].name, $0.value) }
        let entries = peers.map { name, address -> Context in
            ["address": .init(address), "name": .init(name), "fqdn": .text(lab.fullName(name))]
        }
        let isListed = peers.contains { $0.0 == node.name }
        return ["peers": .list(entries), "self": .optional(isListed ? nil : ["name": .init(node.name)])]
    }

    func interfaces(_ node: Node) -> Context {
        let ports = node.interfaces.compactMap { nic in
            nic.bridge.map { ["port": .init(nic.name), "bridge": .init($0)] as Context }
        }
        let links = node.links.map { link -> Context in
            let network = link.addressing.network
            var context: Context = [
                "link": .init(link.name), "network": .init(network.name), "subnet": .init(network.subnet),
                "dhcp": .flag(network.isDHCP), "static": .list([]), "bridge": .list([]),
            ]
            if !network.isDHCP, let address = link.addressing.address {
                context["static"] = .optional([
                    "address": .init(address), "netmask": .init(network.subnet.netmask),
                    "gateway": .text(network.gateway?.description ?? ""),
                ])
            }
            if let bridge = link.bridge {
                context["bridge"] = .optional([
                    "ports": .text(node.ports(of: bridge).map(\.name.description).joined(separator: " ")),
                    "hardware_address": .text(
                        lab.release.bridgeNeedsAddress ? link.mac(on: lab.release).description : ""),
                    "stp": bridge.stp ? "on" : "off", "waitport": .init(bridge.waitport),
                    "fd": .init(bridge.forwardDelay), "maxwait": .init(bridge.maxwait),
                ])
            }
            return context
        }
        return ["ports": .list(ports), "links": .list(links)]
    }

    func grub(_ node: Node) -> Context {
        let plain = lab.release.nicNameOptions + node.grub.linuxOptions.map(\.description)
        func line(_ consoles: [String]) -> String { (plain + consoles).joined(separator: " ") }
        let console = node.console.map { console -> Context in
            [
                "dom0_options": .text(line(["console=tty0", "console=hvc0"])), "unit": .init(console.unit),
                "speed": .init(console.speed),
            ]
        }
        return [
            "timeout": .init(node.grub.timeout), "disable_linux_uuid": .init(node.grub.disablesLinuxUUID),
            "xen_options": .text(xenOptions(node).joined(separator: " ")),
            "linux_options": .text(line(node.console.map { ["console=tty0", "console=\($0)n8"] } ?? [])),
            "console": .optional(console),
        ]
    }

    /// The hypervisor's options, in the article's order (xen-command-line(7)).
    func xenOptions(_ node: Node) -> [String] {
        let dom0 = node.dom0
        var memory = "dom0_mem=\(dom0.memory.mebibytes)M"
        if let low = dom0.memoryMin { memory += ",min:\(low.mebibytes)M" }
        memory += ",max:\(dom0.memoryMax.mebibytes)M"
        var options = [memory, "dom0_max_vcpus=\(dom0.vcpus)"]
        if dom0.pinsVCPUs { options.append("dom0_vcpus_pin") }
        // The initramfs begins with an archive that has the microcode.
        if node.loadsMicrocode { options.append("ucode=scan") }
        options += dom0.options.map(\.description)
        if let console = node.console {
            options += ["com\(console.unit + 1)=\(console.speed),8n1", "console=com\(console.unit + 1),vga"]
        }
        return options
    }

    func xendomains(_ node: Node) -> Context {
        let settings = node.xendomains
        return [
            "saves": .flag(settings.save != nil), "save": .text(settings.save?.description ?? ""),
            "restore": settings.restores ? "true" : "", "auto": .text(settings.auto?.description ?? ""),
            "stop_maxwait": .init(settings.stopMaxWait),
        ]
    }

    /// Suites that the installed system takes packages from.
    var aptSources: [String] {
        let release = lab.release
        var sources = ["\(lab.mirror.url) \(release.codename)"]
        sources += release.updateSuites.map { "\(lab.mirror.url) \($0)" }
        if lab.mirror.security { sources.append("\(release.securityURL) \(release.securitySuite)") }
        return sources
    }

    func expect(_ node: Node) -> Context {
        let links = node.links
        let settings = node.xendomains
        return [
            "report": reportTarget, "xen_version": .text(lab.release.xenVersion),
            "xen_options": .items(xenOptions(node)),
            "dom0_memory": .init(node.dom0.memory.mebibytes), "dom0_vcpus": .init(node.dom0.vcpus),
            "dom0_pinned": node.dom0.pinsVCPUs ? "yes" : "no",
            "total_memory": .text(node.memory.map { "\($0.mebibytes)" } ?? ""),
            "cards": .list(node.interfaces.map { ["card": .init($0.name), "mac": .init($0.mac)] }),
            "time_servers": .text(lab.timeServers(node).map(\.description).joined(separator: " ")),
            "volumes": .items(node.disk.layout.volumes.map { "\($0.name) \($0.size.mebibytes)" }),
            "static": .list(
                links.filter { !$0.addressing.network.isDHCP }.compactMap { link in
                    link.addressing.address.map {
                        ["link": .init(link.name), "address": "\($0)/\(link.addressing.network.subnet.prefix)"]
                    }
                }),
            "bridges": .list(
                node.bridges.map { bridge in
                    [
                        "bridge": .init(bridge.name),
                        "ports": .text(node.ports(of: bridge).map { "\($0.name)=\($0.mac)" }.joined(separator: " ")),
                    ]
                }),
            "leases": .items(
                links.filter(\.addressing.network.isDHCP).map { link in
                    "\(link.name)" + (link.addressing.address.map { " \($0)" } ?? "")
                }),
            "default_route": .text(links.first { $0.addressing.network.leadsOut }?.name.description ?? "none"),
            "toolstack": .text(node.toolstack),
            "xendomains": .items([
                "XENDOMAINS_SAVE=\(settings.save?.description ?? "")",
                "XENDOMAINS_RESTORE=\(settings.restores ? "true" : "")",
                "XENDOMAINS_AUTO=\(settings.auto?.description ?? "")",
                "XENDOMAINS_STOP_MAXWAIT=\(settings.stopMaxWait)",
            ]),
        ]
    }
}
