import Preseed

/// Reads a node's interfaces, bonds, VLANs and bridges, and determines the interface for the installation.
struct LinkReader {
    let reader: SpecReader
    let networks: Networks
    let mirror: Mirror?

    /// The links of a node without mistakes.
    struct Model {
        var interfaces: [Interface]
        var bonds: [Bond]
        var vlans: [VLAN]
        var bridges: [Bridge]
        var install: InterfaceName
    }

    func read(_ node: Hostname, _ fields: Fields) -> (links: PartialLinks, model: Model?) {
        var links = PartialLinks()
        func table<Key: TextValue & Comparable, Part>(
            _ key: String, _: Key.Type, _ read: (Key, Fields) -> Part
        ) -> (parts: [Part], isComplete: Bool) {
            let parts = fields[key] == nil ? [] : fields.table(key, keys: Key.self).map(read)
            return (parts, fields.isComplete(key, read: parts.count))
        }
        let bridges = table("bridges", InterfaceName.self, bridge)
        let bonds = table("bonds", InterfaceName.self, bond)
        let vlans = table("vlans", NetworkName.self, vlan)
        (links.bridges, links.bonds, links.vlans) = (bridges.parts, bonds.parts, vlans.parts)
        // What an interface needs depends on the bridges and VLANs that name it.
        let others = links
        let interfaces = table("interfaces", InterfaceName.self) {
            interface(node, $0, $1, others, hasAllBridges: bridges.isComplete, hasAllBonds: bonds.isComplete)
        }
        links.interfaces = interfaces.parts
        // Missing interfaces can be reported only when all entries could be read.
        let hasAll = fields["interfaces"] != nil && interfaces.isComplete
        if hasAll, links.interfaces.isEmpty {
            reader.add(.missingField, at: fields.location("interfaces"), "\(node) needs at least one interface")
        }
        let rules = LinkRules(reader: reader, networks: networks, mirror: mirror, links: links)
        rules.check(hasAllInterfaces: hasAll, hasAllBonds: bonds.isComplete)
        let install = hasAll ? rules.installInterface(node, fields) : nil
        return (links, model(links, install))
    }

    // MARK: Reading

    private func interface(
        _ node: Hostname, _ name: InterfaceName, _ fields: Fields, _ links: PartialLinks, hasAllBridges: Bool,
        hasAllBonds: Bool
    ) -> PartialInterface {
        var draft = PartialInterface(name: name, location: fields.cursor.location)
        if fields.cursor.child("mac") == nil {
            reader.add(
                .missingField, at: fields.cursor.location / "mac", "\(name) needs its MAC address",
                hint:
                    "NICs are named and nodes are identified by MAC address; if you don't know it yet, write mac: unknown"
            )
        }
        draft.mac = fields.text("mac", CardAddress.self).map {
            Located(value: $0.value.mac ?? .placeholder(node, name), location: $0.location)
        }
        draft.isMember = fields["bridge"] != nil || fields["bond"] != nil
        guard draft.isMember else {
            draft.addressing = addressing(
                name, fields, address: fields.text("address").map { $0 }, isAlone: !links.isBase(name),
                otherwise: "or the bridge that it is a port of")
            return draft
        }
        draft.bridge = fields.text("bridge")
        draft.bond = fields.text("bond")
        draft.hasUnknownBridge =
            fields["bridge"] != nil && !links.bridges.contains { $0.name == draft.bridge?.value }
        if let bridge = draft.bridge, draft.hasUnknownBridge, hasAllBridges {
            let near = nearestName(to: bridge.value.description, among: links.bridges.map(\.name.description))
            reader.add(
                .unknownBridge, at: bridge.location, "there is no bridge “\(bridge.value)”",
                hint: near.map { "did you mean \($0)?" } ?? "define it under `bridges`, with its network")
        }
        if let bond = draft.bond, hasAllBonds, !links.bonds.contains(where: { $0.name == bond.value }) {
            let near = nearestName(to: bond.value.description, among: links.bonds.map(\.name.description))
            reader.add(
                .unknownBond, at: bond.location, "there is no bond “\(bond.value)”",
                hint: near.map { "did you mean \($0)?" } ?? "define it under `bonds`, with its mode")
        }
        if let bond = draft.bond, let bridge = draft.bridge {
            reader.add(
                .portWithAddress, at: bridge.location, "\(name) is a member of \(bond.value) already",
                hint: "set `port: \(bond.value)` on bridges.\(bridge.value)")
        }
        guard let owner = draft.bond ?? draft.bridge else { return draft }
        let (role, kind) = draft.bond == nil ? ("a port", "bridge") : ("a member", "bond")
        for key in ["network", "address", "more_addresses", "ipv6_address"] where fields[key] != nil {
            reader.add(
                .portWithAddress, at: fields.location(key),
                "\(name) is \(role) of \(owner.value); the \(kind) has the \(key)",
                hint: "move `\(key)` to \(kind)s.\(owner.value)")
        }
        return draft
    }

    private func bond(_ name: InterfaceName, _ fields: Fields) -> PartialBond {
        var draft = PartialBond(name: name, location: fields.cursor.location)
        if fields["network"] != nil {
            draft.addressing = addressing(name, fields, address: fields.text("address"), isAlone: true)
        } else {
            for key in ["address", "more_addresses", "ipv6_address"] where fields[key] != nil {
                reader.add(
                    .missingField, at: fields.cursor.location / "network",
                    "\(name) has \(key), and needs its network")
            }
        }
        if fields["mode"] == nil {
            reader.add(
                .missingField, at: fields.cursor.location / "mode", "\(name) needs its mode",
                hint: "one of: \(BondMode.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let mode = fields.text("mode", BondMode.self)
        let miimon = fields.integer("miimon")
        let up = fields.integer("updelay")
        let down = fields.integer("downdelay")
        let rate = fields.text("lacp_rate", LACPRate.self)
        let policy = fields.text("xmit_hash_policy", HashPolicy.self)
        draft.primary = fields.text("primary")
        if let mode = mode?.value {
            let others = [
                ("lacp_rate", mode == .lacp, "802.3ad"),
                ("xmit_hash_policy", mode.hashes, "802.3ad, balance-xor or balance-tlb"),
                ("primary", mode.prefers, "active-backup, balance-tlb or balance-alb"),
            ]
            for (key, isUsed, modes) in others where !isUsed && fields[key] != nil {
                reader.add(
                    .bondParameter, at: fields.location(key), "\(key) has no effect with mode: \(mode.rawValue)",
                    hint: "it is for mode: \(modes)")
            }
        }
        if let miimon {
            for delay in [up, down].compactMap({ $0 }) where delay.value % miimon.value != 0 {
                reader.add(
                    .bondParameter, at: delay.location,
                    "\(delay.value) is not a multiple of miimon, \(miimon.value); the kernel rounds it down",
                    hint: Correction.hint("\(delay.value / miimon.value * miimon.value)", at: delay.location.path))
            }
        }
        if let mode, let miimon, let up, let down, let rate, let policy,
            draft.primary != nil || fields["primary"] == nil
        {
            draft.settings = Bond(
                name: name, mode: mode.value, miimon: miimon.value, upDelay: up.value, downDelay: down.value,
                lacpRate: mode.value == .lacp ? rate.value : nil, hashPolicy: mode.value.hashes ? policy.value : nil,
                primary: draft.primary?.value, addressing: nil)
        }
        return draft
    }

    private func vlan(_ name: NetworkName, _ fields: Fields) -> PartialVLAN {
        var draft = PartialVLAN(network: name, location: fields.cursor.location)
        if fields["port"] == nil {
            reader.add(
                .missingField, at: fields.cursor.location / "port", "the VLAN of \(name) needs its port",
                hint: "the interface or the bond that sends its frames")
        }
        draft.port = fields.text("port")
        draft.addressing.hasNetwork = true
        finish(
            &draft.addressing, "the VLAN of \(name)", fields, address: fields.text("address"),
            network: Located(value: name, location: fields.cursor.location))
        if let network = draft.addressing.network, network.value.vlan == nil {
            reader.add(
                .missingField, at: fields.cursor.location, "\(name) has no VLAN",
                hint: "set networks.\(name).vlan, or the network on the interface or bond itself")
        }
        return draft
    }

    private func bridge(_ name: InterfaceName, _ fields: Fields) -> PartialBridge {
        var draft = PartialBridge(name: name, location: fields.cursor.location)
        let address = fields.text("address", OrNone<IPv4Address>.self)
        draft.addressing = addressing(
            name, fields,
            address: address.flatMap { address in
                address.value.value.map { Located(value: $0, location: address.location) }
            }, isNone: address.map { $0.value.value == nil } ?? false, isAlone: true, canBeBare: true)
        draft.hasPort = fields["port"] != nil
        draft.port = fields.text("port")
        if let stp = fields.boolean("stp"), let waitport = fields.integer("waitport"), let fd = fields.integer("fd"),
            let maxwait = fields.integer("maxwait")
        {
            draft.settings = (stp.value, waitport.value, fd.value, maxwait.value)
        }
        return draft
    }

    /// Returns the network and the addresses of an interface, a bond or a bridge.
    /// - Parameters:
    ///   - isAlone: Whether no bridge or VLAN uses the interface, so that it needs a network.
    ///   - canBeBare: Whether the link can be without an address.
    ///   - otherwise: What to write instead of a network, for the message.
    private func addressing(
        _ name: InterfaceName, _ fields: Fields, address: Located<IPv4Address>?, isNone: Bool = false, isAlone: Bool,
        canBeBare: Bool = false, otherwise: String? = nil
    ) -> PartialAddressing {
        var draft = PartialAddressing()
        draft.hasNetwork = fields["network"] != nil
        draft.isNone = isNone
        draft.address = address
        guard draft.hasNetwork else {
            if isAlone || fields["address"] != nil {
                reader.add(
                    .missingField, at: fields.cursor.location / "network", "\(name) needs its network",
                    hint: otherwise)
            }
            return draft
        }
        finish(
            &draft, "\(name)", fields, address: address, network: fields.text("network"), canBeBare: canBeBare)
        return draft
    }

    private func finish(
        _ draft: inout PartialAddressing, _ name: String, _ fields: Fields, address: Located<IPv4Address>?,
        network named: Located<NetworkName>?, canBeBare: Bool = false
    ) {
        draft.address = address
        draft.more = fields.list("more_addresses", of: HostPrefix.self)
        draft.ipv6 = fields.text("ipv6_address")
        guard let named else { return }
        guard let network = networks.byName[named.value]?.network else {
            if networks.isComplete, networks.byName[named.value] == nil {
                let near = nearestName(to: named.value.description, among: networks.byName.keys.map(\.description))
                reader.add(
                    .unknownNetwork, at: named.location, "there is no network “\(named.value)”",
                    hint: near.map { "did you mean \($0)?" } ?? "define it under `networks`, with its subnet")
            }
            return
        }
        draft.network = Located(value: network, location: named.location)
        if draft.isBare {
            if !canBeBare {
                reader.add(
                    .missingField, at: named.location,
                    "\(name) is on \(network.name), which has no subnet; only a bridge can be without an address",
                    hint: "add networks.\(network.name).subnet, or make \(name) the port of a bridge")
            }
            for key in ["more_addresses", "ipv6_address"] where fields.isPresent(key) {
                reader.add(
                    .bareBridge, at: fields.location(key), "\(name) has \(key), but no address of its own",
                    hint: "remove it, or give \(name) an address")
            }
        }
        if let address {
            if let subnet = network.subnet {
                NetworkReader(reader: reader).check(address, in: subnet, what: "the address")
            } else {
                reader.add(
                    .outsideSubnet, at: address.location,
                    "the address \(address.value) is not in a subnet: \(network.name) has none",
                    hint: "add networks.\(network.name).subnet")
            }
            if address.value == network.gateway {
                reader.add(
                    .duplicateAddress, at: address.location, "\(address.value) is the gateway of \(network.name)")
            }
        } else if network.subnet != nil, !network.isDHCP, !draft.isNone, fields["address"] == nil {
            reader.add(
                .missingField, at: fields.cursor.location / "address",
                "\(name) needs an address: \(network.name) has no DHCP",
                hint: canBeBare ? "or address: none, when only guests use it" : nil)
        }
        checkIPv6(draft, name, fields, network)
    }

    private func checkIPv6(_ draft: PartialAddressing, _ name: String, _ fields: Fields, _ network: Network) {
        if let address = draft.ipv6 {
            guard network.ipv6.method == .static, let subnet = network.ipv6.subnet else {
                return reader.add(
                    .pointlessField, at: address.location,
                    "\(network.name) has no static IPv6 addresses, so ipv6_address has no effect",
                    hint: "set networks.\(network.name).ipv6: {method: static, subnet: …}")
            }
            NetworkReader(reader: reader).check(address, in: subnet, what: "the address")
            if address.value == network.ipv6.gateway {
                reader.add(
                    .duplicateAddress, at: address.location, "\(address.value) is the gateway of \(network.name)")
            }
        } else if network.ipv6.method == .static, !draft.isBare, fields["ipv6_address"] == nil {
            reader.add(
                .missingField, at: fields.cursor.location / "ipv6_address",
                "\(name) needs an IPv6 address: \(network.name) has static ones")
        }
    }

    // MARK: Result

    private func model(_ links: PartialLinks, _ install: InterfaceName?) -> Model? {
        guard let install, !links.interfaces.isEmpty else { return nil }
        var model = Model(interfaces: [], bonds: [], vlans: [], bridges: [], install: install)
        for nic in links.interfaces {
            guard let mac = nic.mac else { return nil }
            let addressing = nic.isMember ? nil : nic.addressing.model
            guard nic.bridge != nil || nic.bond != nil || addressing != nil || links.isBase(nic.name) else {
                return nil
            }
            model.interfaces.append(
                Interface(
                    name: nic.name, mac: mac.value, bridge: nic.bridge?.value, bond: nic.bond?.value,
                    addressing: addressing))
        }
        for bond in links.bonds {
            guard var settings = bond.settings, !links.cards(bond.name).isEmpty else { return nil }
            settings.addressing = bond.addressing.model
            guard settings.addressing != nil || !bond.addressing.hasNetwork else { return nil }
            model.bonds.append(settings)
        }
        for vlan in links.vlans {
            guard let port = vlan.port, let addressing = vlan.addressing.model, addressing.network.vlan != nil,
                !links.cards(port.value).isEmpty
            else { return nil }
            model.vlans.append(VLAN(port: port.value, addressing: addressing))
        }
        for bridge in links.bridges {
            guard let addressing = bridge.addressing.model, let settings = bridge.settings,
                bridge.port != nil || links.interfaces.contains(where: { $0.bridge?.value == bridge.name })
            else { return nil }
            if let base = bridge.port?.value.value, links.cards(base).isEmpty { return nil }
            model.bridges.append(
                Bridge(
                    name: bridge.name, addressing: addressing, port: bridge.port?.value, stp: settings.stp,
                    waitport: settings.waitport, forwardDelay: settings.fd, maxwait: settings.maxwait))
        }
        return model
    }
}
