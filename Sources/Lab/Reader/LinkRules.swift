import Preseed

/// The rules that concern several links of one node, and the choice of the interface for the installation.
struct LinkRules {
    let reader: SpecReader
    let networks: Networks
    let mirror: Mirror?
    let links: PartialLinks

    func check(hasAllInterfaces: Bool, hasAllBonds: Bool) {
        checkNames()
        checkBonds(findsMembers: hasAllInterfaces)
        checkPorts(hasAll: hasAllInterfaces && hasAllBonds)
        checkBridges(findsPorts: hasAllInterfaces && !links.interfaces.contains(where: \.hasUnknownBridge))
        checkRoutes()
        checkVLANs()
    }

    // MARK: Rules

    /// Reports names that two links have, because the kernel has one namespace for all.
    private func checkNames() {
        var kinds: [InterfaceName: String] = [:]
        for nic in links.interfaces { kinds[nic.name] = "an interface" }
        let others =
            links.bonds.map { ($0.name, $0.location, "a bond") }
            + links.bridges.map { ($0.name, $0.location, "a bridge") }
        for (name, location, kind) in others {
            if let other = kinds.updateValue(kind, forKey: name) {
                reader.add(.duplicateName, at: location, "\(name) is already the name of \(other)")
            }
        }
    }

    private func checkBonds(findsMembers: Bool) {
        for bond in links.bonds {
            let members = links.interfaces.filter { $0.bond?.value == bond.name }
            guard findsMembers else { continue }
            if members.isEmpty {
                reader.add(
                    .bondMembers, at: bond.location, "\(bond.name) has no member",
                    hint: "set `bond: \(bond.name)` on two interfaces")
            } else if members.count == 1 {
                reader.add(
                    .bondMembers, at: bond.location,
                    "\(bond.name) has one member, \(members[0].name), and is no safer than that card",
                    hint: "set `bond: \(bond.name)` on another interface", severity: .warning)
            }
            if let primary = bond.primary, !members.contains(where: { $0.name == primary.value }) {
                reader.add(
                    .bondParameter, at: primary.location, "\(primary.value) is not a member of \(bond.name)",
                    hint: nearestName(to: primary.value.description, among: members.map(\.name.description))
                        .map { "did you mean \($0)?" })
            }
            if !members.isEmpty, !bond.addressing.hasNetwork, !links.isBase(bond.name) {
                reader.add(
                    .missingField, at: bond.location / "network", "\(bond.name) needs its network",
                    hint: "or a bridge with `port: \(bond.name)`")
            }
        }
    }

    /// Reports the fields `port` that do not name an interface or a bond, or a member of a bond.
    private func checkPorts(hasAll: Bool) {
        let ports =
            links.vlans.compactMap(\.port)
            + links.bridges.compactMap { bridge in
                bridge.port.flatMap { port in port.value.value.map { Located(value: $0, location: port.location) } }
            }
        let names = links.interfaces.map(\.name) + links.bonds.map(\.name)
        for port in ports {
            if let nic = links.interfaces.first(where: { $0.name == port.value }) {
                if let bond = nic.bond {
                    reader.add(
                        .bridgePort, at: port.location, "\(nic.name) is a member of \(bond.value)",
                        hint: "port: \(bond.value)")
                }
            } else if hasAll, !names.contains(port.value) {
                let near = nearestName(to: port.value.description, among: names.map(\.description))
                reader.add(
                    .bridgePort, at: port.location, "there is no interface or bond “\(port.value)”",
                    hint: near.map { "did you mean \($0)?" }
                        ?? "one of: \(names.map(\.description).joined(separator: ", "))")
            }
        }
        for bridge in links.bridges where bridge.hasPort {
            let cards = links.interfaces.filter { $0.bridge?.value == bridge.name && $0.bond == nil }
            if let card = cards.first?.bridge {
                reader.add(
                    .bridgePort, at: card.location,
                    "\(bridge.name) has its port already, by bridges.\(bridge.name).port",
                    hint: "keep one of the two")
            }
            if let port = bridge.port, port.value.value == nil {
                checkInternal(bridge, at: port.location)
            }
        }
    }

    /// Reports settings of a bridge without a port that need one.
    private func checkInternal(_ bridge: PartialBridge, at location: FieldLocation) {
        guard let network = bridge.addressing.network?.value else { return }
        if network.isDHCP, !bridge.addressing.isBare {
            reader.add(
                .bridgePort, at: location, "\(bridge.name) has no port, so it gets no address from DHCP",
                hint: "use a network without dhcp, or address: none")
        }
        if network.vlan != nil || network.mtu != nil {
            reader.add(
                .pointlessField, at: location,
                "\(bridge.name) has no port, so `\(network.vlan != nil ? "vlan" : "mtu")` of \(network.name) has no effect on it",
                hint: "use a network of its own", severity: .warning)
        }
    }

    private func checkBridges(findsPorts: Bool) {
        for bridge in links.bridges where !bridge.hasPort {
            let ports = links.interfaces.filter { $0.bridge?.value == bridge.name }.map(\.name.description).sorted()
            if findsPorts, ports.isEmpty {
                reader.add(
                    .bridgeWithoutPort, at: bridge.location, "\(bridge.name) has no port",
                    hint:
                        "set `bridge: \(bridge.name)` on an interface, or `port: none` for a bridge without a connection"
                )
            }
            if ports.count > 1, bridge.settings?.stp == false {
                reader.add(
                    .bridgeLoop, at: bridge.location,
                    "\(bridge.name) has \(ports.count) ports (\(ports.joined(separator: ", "))) and no spanning tree: "
                        + "if two of them reach the same switch, they form a loop",
                    hint: "set `stp: true` on \(bridge.name), or keep one port", severity: .warning)
            }
        }
    }

    /// Reports several default gateways on a node, and several links on one network.
    private func checkRoutes() {
        let known = links.links.compactMap { link in link.addressing.network.map { (link: link, network: $0) } }
        for (family, leadsOut) in [
            ("", \PartialAddressing.leadsOut), ("IPv6 ", \PartialAddressing.leadsOutByIPv6),
        ] {
            let out = known.filter { $0.link.addressing[keyPath: leadsOut] }.sorted {
                naturallyPrecedes($0.link.name, $1.link.name)
            }
            for (link, network) in out.dropFirst() {
                reader.add(
                    .twoDefaultRoutes, at: network.location,
                    "\(link.name) and \(out[0].link.name) both have a default \(family)gateway",
                    hint: "keep the gateway\(family.isEmpty ? ", or DHCP," : "") of one network only")
            }
        }
        for (index, (link, network)) in known.enumerated() {
            for (other, taken) in known[..<index] where taken.value.name == network.value.name {
                reader.add(
                    .twiceOnOneNetwork, at: network.location,
                    "\(link.name) is on \(network.value.name), and so is \(other.name)")
            }
        }
    }

    /// Reports VLANs and untagged networks that share an interface or bond and exclude each other.
    private func checkVLANs() {
        var earlier: [InterfaceName: [(name: String, network: Located<Network>)]] = [:]
        for link in links.links {
            let bases = link.base.map { [$0] } ?? link.cards.map(\.name)
            guard let network = link.addressing.network else { continue }
            for base in bases {
                for other in earlier[base] ?? [] where other.network.value.vlan == network.value.vlan {
                    let what = network.value.vlan.map { "VLAN \($0)" } ?? "the frames without a tag"
                    reader.add(
                        .duplicateVLAN, at: network.location,
                        "\(link.name) takes \(what) of \(base), and so does \(other.name)",
                        hint: "give one of the networks another `vlan`")
                }
                earlier[base, default: []].append((link.name, network))
                if let vlan = network.value.vlan, "\(base).\(vlan)".utf8.count > 15 {
                    reader.add(
                        .longVLANName, at: network.location,
                        "the name of VLAN \(vlan) on \(base), \(base).\(vlan), has more than 15 characters",
                        hint: "shorten the name \(base)")
                }
            }
        }
        for (base, users) in earlier.sorted(by: { $0.key < $1.key }) {
            guard let whole = users.first(where: { $0.network.value.vlan == nil }) else { continue }
            let mtu = whole.network.value.mtu ?? Network.defaultMTU
            for (name, network) in users {
                guard let own = network.value.mtu, network.value.vlan != nil, own > mtu else { continue }
                reader.add(
                    .vlanMTU, at: networks.byName[network.value.name]?.location ?? network.location,
                    "\(name) has the MTU \(own), but \(base) below it has \(mtu), that of \(whole.network.value.name)",
                    hint: "set mtu: \(own) on \(whole.network.value.name), too, or use another card")
            }
        }
    }

    // MARK: Installation

    /// Returns the interface of the field `install` or, without it, the only one that leads to the mirror.
    func installInterface(_ node: Hostname, _ fields: Fields) -> InterfaceName? {
        let target = mirror?.server.address
        func reaches(_ link: PartialLinks.Link) -> Bool {
            guard let network = link.addressing.network?.value, !link.addressing.isBare else { return false }
            return network.leadsOut || target.map { network.subnet?.contains($0) == true } ?? false
        }
        let all = links.links
        if fields["install"] != nil {
            guard let chosen: Located<InterfaceName> = fields.text("install") else { return nil }
            guard links.interfaces.contains(where: { $0.name == chosen.value }) else {
                reader.add(
                    .installInterface, at: chosen.location, "\(node) has no interface “\(chosen.value)”",
                    hint: nearestName(to: chosen.value.description, among: links.interfaces.map(\.name.description))
                        .map { "did you mean \($0)?" })
                return nil
            }
            let own = all.filter { link in link.cards.contains { $0.name == chosen.value } }
            if let link = own.first(where: reaches) {
                check(link, chosen.value, at: chosen.location)
            } else if let network = own.lazy.compactMap(\.addressing.network).first?.value {
                let why =
                    own.allSatisfy(\.addressing.isBare)
                    ? "no link on it has an address" : "\(network.name) has neither DHCP nor a gateway"
                reader.add(
                    .installInterface, at: chosen.location,
                    "the mirror can't be reached over \(chosen.value): \(why)")
            }
            return chosen.value
        }
        // The choice needs the network of every link.
        guard !links.interfaces.isEmpty, all.allSatisfy({ $0.addressing.network != nil }), isConnected else {
            return nil
        }
        let candidates = all.filter { reaches($0) && !$0.cards.isEmpty }
        if candidates.isEmpty {
            guard mirror != nil else { return nil }
            // Bridges are for guests, so a bridge on a network without a route is more probably the mistake than the
            // missing gateway.
            if let bridge = links.bridges.first(where: { !$0.addressing.isBare }),
                let network = bridge.addressing.network
            {
                reader.add(
                    .bridgeOnClosedLink, at: network.location,
                    "\(bridge.name) is on \(network.value.name), which has no gateway, and no other link of \(node) reaches the mirror",
                    hint: "put the bridge on a network with dhcp: true or a gateway")
                return nil
            }
            reader.add(
                .installInterface, at: fields.location("interfaces"), "no interface of \(node) reaches the mirror",
                hint: "one of its networks needs dhcp: true or a gateway")
            return nil
        }
        guard candidates.count == 1 else {
            let names = candidates.flatMap(\.cards).map(\.name.description)
            reader.add(
                .installInterface, at: fields.location("interfaces"),
                "\(node) could be installed over several interfaces: \(Set(names).sorted(by: naturallyPrecedes).joined(separator: ", "))",
                hint: "choose one with `install`")
            return nil
        }
        let card = candidates[0].cards[0]
        check(candidates[0], card.name, at: card.location)
        return card.name
    }

    /// Whether every interface is on a network, by itself or by a bridge, a bond or a VLAN.
    private var isConnected: Bool {
        links.interfaces.allSatisfy { nic in
            nic.addressing.hasNetwork || links.isBase(nic.name)
                || nic.bridge.map { bridge in links.bridges.contains { $0.name == bridge.value } } ?? false
                || nic.bond.map { bond in links.bonds.contains { $0.name == bond.value } } ?? false
        }
    }

    /// Reports why the installer, which uses one card without a tag, does not reach the mirror over a link.
    private func check(_ link: PartialLinks.Link, _ card: InterfaceName, at location: FieldLocation) {
        guard let network = link.addressing.network?.value else { return }
        if let vlan = network.vlan {
            reader.add(
                .taggedInstallation, at: networks.byName[network.name]?.location ?? location,
                "the installer can't tag frames, and reaches \(network.name) over VLAN \(vlan) only",
                hint:
                    "make it the native VLAN of the switch's ports and remove `vlan: \(vlan)`, or choose a card on another network with `install`"
            )
        }
        if let bond = links.bonds.first(where: { bond in
            links.interfaces.contains { $0.name == card && $0.bond?.value == bond.name }
        }), let mode = bond.settings?.mode, mode.needsSwitch {
            reader.add(
                .bondInstallation, at: bond.location,
                "the installer uses \(card) alone: the switch has to forward frames on its port although \(bond.name) is not there yet",
                hint: mode == .lacp
                    ? "allow it in the switch's LACP group: LACP fallback, or no suspension of individual ports"
                    : "take the other ports out of the switch's group while the node is installed, or use 802.3ad with LACP fallback",
                severity: .note)
        }
        checkDNS(network, at: location)
    }

    /// Reports a static network without a name server when the mirror or the proxy is given by name.
    private func checkDNS(_ network: Network, at location: FieldLocation) {
        guard !network.isDHCP, network.dns.isEmpty, let mirror, mirror.server.address == nil else { return }
        reader.add(
            .noNameServer, at: networks.byName[network.name]?.location ?? location,
            "\(network.name) has no name server, so the installer can't find \(mirror.server.host)",
            hint: "add `dns`, or give the \(mirror.proxy == nil ? "mirror" : "proxy") by its address")
    }
}
