import Preseed

/// What could be read of an interface.
struct PartialInterface {
    var name: InterfaceName
    var location: FieldLocation
    var mac: Located<MACAddress>?
    var network: Located<Network>?
    var address: Located<IPv4Address>?
    var bridge: Located<InterfaceName>?
    /// Whether it names a bridge that the node does not have, which is reported.
    var hasUnknownBridge = false
}

/// What could be read of a bridge.
struct PartialBridge {
    var name: InterfaceName
    var location: FieldLocation
    var network: Located<Network>?
    var address: Located<IPv4Address>?
    var settings: (stp: Bool, waitport: Int, fd: Int, maxwait: Int)?
}

/// Reads a node's interfaces and bridges, and determines the interface for the installation.
struct LinkReader {
    let reader: SpecReader
    let networks: Networks
    let mirror: Mirror?

    /// The links of a node without mistakes.
    struct Model {
        var interfaces: [Interface]
        var bridges: [Bridge]
        var install: InterfaceName
    }

    func read(
        _ node: Hostname, _ fields: Fields
    ) -> (interfaces: [PartialInterface], bridges: [PartialBridge], model: Model?) {
        let bridges = fields["bridges"] == nil ? [] : fields.table("bridges", keys: InterfaceName.self).map(bridge)
        let hasAllBridges = fields.isComplete("bridges", read: bridges.count)
        let interfaces =
            fields["interfaces"] == nil
            ? []
            : fields.table("interfaces", keys: InterfaceName.self).map {
                interface(node, $0, $1, bridges, hasAllBridges)
            }
        // Missing interfaces can be reported only when all entries could be read.
        let hasAll = fields["interfaces"] != nil && fields.isComplete("interfaces", read: interfaces.count)
        if hasAll, interfaces.isEmpty {
            reader.add(.missingField, at: fields.location("interfaces"), "\(node) needs at least one interface")
        }
        checkBridges(bridges, interfaces, findsPorts: hasAll && !interfaces.contains(where: \.hasUnknownBridge))
        checkRoutes(interfaces, bridges)
        let install = hasAll ? installInterface(node, fields, interfaces, bridges) : nil
        return (interfaces, bridges, model(interfaces, bridges, install))
    }

    // MARK: Reading

    private func interface(
        _ node: Hostname, _ name: InterfaceName, _ fields: Fields, _ bridges: [PartialBridge], _ hasAllBridges: Bool
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
        guard fields["bridge"] != nil else {
            (draft.network, draft.address) = addressing(name, fields, isInterface: true)
            return draft
        }
        draft.bridge = fields.text("bridge")
        draft.hasUnknownBridge = !bridges.contains { $0.name == draft.bridge?.value }
        guard let bridge = draft.bridge else { return draft }
        if draft.hasUnknownBridge, hasAllBridges {
            let near = nearestName(to: bridge.value.description, among: bridges.map(\.name.description))
            reader.add(
                .unknownBridge, at: bridge.location, "there is no bridge “\(bridge.value)”",
                hint: near.map { "did you mean \($0)?" } ?? "define it under `bridges`, with its network")
        }
        for key in ["network", "address"] where fields[key] != nil {
            reader.add(
                .portWithAddress, at: fields.location(key),
                "\(name) is a port of \(bridge.value); the bridge has the \(key)",
                hint: "move `\(key)` to bridges.\(bridge.value)")
        }
        return draft
    }

    private func bridge(_ name: InterfaceName, _ fields: Fields) -> PartialBridge {
        var draft = PartialBridge(name: name, location: fields.cursor.location)
        (draft.network, draft.address) = addressing(name, fields, isInterface: false)
        if let stp = fields.boolean("stp"), let waitport = fields.integer("waitport"), let fd = fields.integer("fd"),
            let maxwait = fields.integer("maxwait")
        {
            draft.settings = (stp.value, waitport.value, fd.value, maxwait.value)
        }
        return draft
    }

    private func addressing(
        _ name: InterfaceName, _ fields: Fields, isInterface: Bool
    ) -> (Located<Network>?, Located<IPv4Address>?) {
        let address: Located<IPv4Address>? = fields.text("address")
        guard fields["network"] != nil else {
            reader.add(
                .missingField, at: fields.cursor.location / "network", "\(name) needs its network",
                hint: isInterface ? "or the bridge that it is a port of" : nil)
            return (nil, address)
        }
        guard let named: Located<NetworkName> = fields.text("network") else { return (nil, address) }
        guard let network = networks.byName[named.value]?.network else {
            if networks.isComplete, networks.byName[named.value] == nil {
                let near = nearestName(to: named.value.description, among: networks.byName.keys.map(\.description))
                reader.add(
                    .unknownNetwork, at: named.location, "there is no network “\(named.value)”",
                    hint: near.map { "did you mean \($0)?" } ?? "define it under `networks`, with its subnet")
            }
            return (nil, address)
        }
        if let address {
            NetworkReader(reader: reader).check(address, in: network.subnet, what: "the address")
            if address.value == network.gateway {
                reader.add(
                    .duplicateAddress, at: address.location, "\(address.value) is the gateway of \(network.name)")
            }
        } else if !network.isDHCP, fields["address"] == nil {
            reader.add(
                .missingField, at: fields.cursor.location / "address",
                "\(name) needs an address: \(network.name) has no DHCP")
        }
        return (Located(value: network, location: named.location), address)
    }

    // MARK: Rules

    private func checkBridges(_ bridges: [PartialBridge], _ interfaces: [PartialInterface], findsPorts: Bool) {
        for bridge in bridges {
            if findsPorts, !interfaces.contains(where: { $0.bridge?.value == bridge.name }) {
                reader.add(
                    .bridgeWithoutPort, at: bridge.location, "\(bridge.name) has no port",
                    hint: "set `bridge: \(bridge.name)` on an interface")
            }
            let ports = interfaces.filter { $0.bridge?.value == bridge.name }.map(\.name.description).sorted()
            if ports.count > 1, bridge.settings?.stp == false {
                reader.add(
                    .bridgeLoop, at: bridge.location,
                    "\(bridge.name) has \(ports.count) ports (\(ports.joined(separator: ", "))) and no spanning tree: "
                        + "if two of them reach the same switch, they form a loop",
                    hint: "set `stp: true` on \(bridge.name), or keep one port", severity: .warning)
            }
            if interfaces.contains(where: { $0.name == bridge.name }) {
                reader.add(.duplicateName, at: bridge.location, "\(bridge.name) is already the name of an interface")
            }
        }
    }

    /// Reports several default gateways on a node, and several links on one network.
    private func checkRoutes(_ interfaces: [PartialInterface], _ bridges: [PartialBridge]) {
        let links =
            interfaces.compactMap { link in link.network.map { (link.name, $0) } }
            + bridges.compactMap { link in link.network.map { (link.name, $0) } }
        let out = links.filter { $0.1.value.leadsOut }.sorted { $0.0 < $1.0 }
        if let first = out.first {
            for (name, network) in out.dropFirst() {
                reader.add(
                    .twoDefaultRoutes, at: network.location,
                    "\(name) and \(first.0) both have a default gateway",
                    hint: "keep the gateway, or DHCP, of one network only")
            }
        }
        for (index, link) in links.enumerated() {
            for (other, network) in links[..<index] where network.value.name == link.1.value.name {
                reader.add(
                    .twiceOnOneNetwork, at: link.1.location, "\(link.0) is on \(network.value.name), and so is \(other)"
                )
            }
        }
    }

    /// Returns the interface of the field `install` or, without it, the only one that leads to the mirror.
    private func installInterface(
        _ node: Hostname, _ fields: Fields, _ interfaces: [PartialInterface], _ bridges: [PartialBridge]
    ) -> InterfaceName? {
        func network(of nic: PartialInterface) -> Network? {
            nic.bridge.flatMap { port in bridges.first { $0.name == port.value }?.network?.value } ?? nic.network?.value
        }
        let target = mirror?.server.address
        func reaches(_ network: Network) -> Bool {
            network.leadsOut || target.map { network.subnet.contains($0) } ?? false
        }
        if fields["install"] != nil {
            guard let chosen: Located<InterfaceName> = fields.text("install") else { return nil }
            guard let nic = interfaces.first(where: { $0.name == chosen.value }) else {
                reader.add(
                    .installInterface, at: chosen.location, "\(node) has no interface “\(chosen.value)”",
                    hint: nearestName(to: chosen.value.description, among: interfaces.map(\.name.description))
                        .map { "did you mean \($0)?" })
                return nil
            }
            if let network = network(of: nic), !reaches(network) {
                reader.add(
                    .installInterface, at: chosen.location,
                    "the mirror can't be reached over \(chosen.value): \(network.name) has neither DHCP nor a gateway")
            } else {
                checkDNS(network(of: nic), at: chosen.location)
            }
            return chosen.value
        }
        // The choice needs the network of every interface.
        guard !interfaces.isEmpty, interfaces.allSatisfy({ network(of: $0) != nil }) else { return nil }
        let candidates = interfaces.filter { reaches(network(of: $0)!) }
        let links = Set(candidates.map { $0.bridge?.value ?? $0.name })
        if candidates.isEmpty {
            guard mirror != nil else { return nil }
            // Bridges are for guests, so a bridge on a network without a route is more probably the mistake than the
            // missing gateway.
            if let bridge = bridges.first, let network = bridge.network {
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
        guard links.count == 1 else {
            let names = candidates.map(\.name.description).joined(separator: ", ")
            reader.add(
                .installInterface, at: fields.location("interfaces"),
                "\(node) could be installed over several interfaces: \(names)", hint: "choose one with `install`")
            return nil
        }
        checkDNS(network(of: candidates[0]), at: candidates[0].location)
        return candidates[0].name
    }

    /// Reports a static network without a name server when the mirror or the proxy is given by name.
    private func checkDNS(_ network: Network?, at location: FieldLocation) {
        guard let network, !network.isDHCP, network.dns.isEmpty, let mirror, mirror.server.address == nil else {
            return
        }
        reader.add(
            .noNameServer, at: networks.byName[network.name]?.location ?? location,
            "\(network.name) has no name server, so the installer can't find \(mirror.server.host)",
            hint: "add `dns`, or give the \(mirror.proxy == nil ? "mirror" : "proxy") by its address")
    }

    // MARK: Result

    private func model(
        _ interfaces: [PartialInterface], _ bridges: [PartialBridge], _ install: InterfaceName?
    ) -> Model? {
        guard let install, !interfaces.isEmpty else { return nil }
        var model = Model(interfaces: [], bridges: [], install: install)
        for nic in interfaces {
            guard let mac = nic.mac else { return nil }
            let addressing = nic.network.map { Addressing(network: $0.value, address: nic.address?.value) }
            guard nic.bridge != nil || addressing != nil else { return nil }
            model.interfaces.append(
                Interface(
                    name: nic.name, mac: mac.value, bridge: nic.bridge?.value,
                    addressing: nic.bridge == nil ? addressing : nil))
        }
        for bridge in bridges {
            guard let network = bridge.network, let settings = bridge.settings,
                interfaces.contains(where: { $0.bridge?.value == bridge.name })
            else { return nil }
            model.bridges.append(
                Bridge(
                    name: bridge.name, addressing: Addressing(network: network.value, address: bridge.address?.value),
                    stp: settings.stp, waitport: settings.waitport, forwardDelay: settings.fd, maxwait: settings.maxwait
                ))
        }
        return model
    }
}
