import Preseed

/// The networks of a lab.
struct Networks {
    var byName: [NetworkName: LocatedNetwork] = [:]
    /// Whether every network's name could be read. If not, a network that is missing here may be defined in the file.
    var isComplete = true
}

/// A network with its location in the lab file.
struct LocatedNetwork {
    /// The network; nil when it is malformed, which is reported. No further rule then applies to links on it.
    var network: Network?
    var location: FieldLocation
}

/// Reads the field `networks`.
struct NetworkReader {
    let reader: SpecReader

    /// Returns the networks.
    /// - Parameter server: The boot server, which may be the DHCP server of its network.
    func read(_ lab: Fields, server: Located<BootServer>?) -> Networks {
        // The absence of this required field has been reported already.
        guard lab["networks"] != nil else { return Networks(isComplete: false) }
        var networks = Networks()
        var earlier: [(NetworkName, IPv4Network)] = []
        var earlier6: [(NetworkName, IPv6Network)] = []
        let named = reader.table(lab.cursor, "networks", keys: NetworkName.self)
        networks.isComplete = lab.isComplete("networks", read: named.count)
        for (name, cursor) in named {
            networks.byName[name] = LocatedNetwork(network: nil, location: cursor.location)
            guard let fields = reader.fields(withoutNetmask(cursor), LabFields.network.schema) else { continue }
            let subnet = fields.text("subnet", IPv4Network.self)
            let isDHCP = fields.boolean("dhcp")
            let gateway = fields.text("gateway", IPv4Address.self)
            let dns = fields.list("dns", of: IPv4Address.self)
            let search = fields.list("search", of: DomainName.self)
            let vlan = fields.integer("vlan")
            let mtu = fields.integer("mtu")
            let ipv6 = self.ipv6(fields.object("ipv6"))
            let routes = self.routes(fields, name, subnet?.value, ipv6?.subnet)
            if let subnet {
                check(subnet, gateway, isDHCP: isDHCP?.value == true, server: server)
                for (other, taken) in earlier where taken.overlaps(subnet.value) {
                    reader.add(
                        .overlappingSubnets, at: subnet.location, "\(subnet.value) overlaps with \(other), \(taken)")
                }
                earlier.append((name, subnet.value))
            } else if fields["subnet"] == nil {
                for (key, isThere) in [("dhcp", isDHCP?.value == true), ("gateway", gateway != nil)] where isThere {
                    reader.add(
                        .missingField, at: fields.cursor.location / "subnet", "\(name) needs its subnet",
                        hint: "it has `\(key)`; only a network without IPv4 addresses has no subnet")
                }
            }
            if let own = ipv6?.subnet {
                for (other, taken) in earlier6 where taken.overlaps(own) {
                    reader.add(
                        .overlappingSubnets, at: fields.object("ipv6").location("subnet"),
                        "\(own) overlaps with \(other), \(taken)")
                }
                earlier6.append((name, own))
            }
            if let first = search.first, isDHCP?.value == true {
                reader.add(
                    .pointlessField, at: first.location,
                    "the DHCP server of this network announces search domains, so this field has no effect",
                    hint: "configure them there, or set dhcp: false", severity: .warning)
            }
            guard let isDHCP, let ipv6, let routes, subnet != nil || fields["subnet"] == nil,
                isDHCP.value || gateway != nil || fields["gateway"] == nil,
                !dns.isEmpty || !fields.isPresent("dns"), vlan != nil || fields["vlan"] == nil,
                mtu != nil || fields["mtu"] == nil, subnet != nil || !isDHCP.value && gateway == nil
            else { continue }
            networks.byName[name]?.network = Network(
                name: name, subnet: subnet?.value, isDHCP: isDHCP.value, gateway: gateway?.value,
                dns: dns.map(\.value), search: search.map(\.value), vlan: vlan?.value, mtu: mtu?.value, routes: routes,
                ipv6: ipv6)
        }
        return networks
    }

    /// Reports a netmask beside the address of a subnet, and returns the network with both in one field.
    private func withoutNetmask(_ cursor: Cursor) -> Cursor {
        guard let found = cursor.children.first(where: { ["netmask", "mask"].contains($0.key) }),
            case .scalar(let mask, false, _) = found.2.layers[0].value,
            case .scalar(let address, false, _)? = cursor.child("subnet")?.layers[0].value,
            let subnet = Correction.text("\(address)/\(mask)", IPv4Network.self)
        else { return cursor }
        reader.add(
            .unknownKey, at: found.keyLocation, "a network has no “\(found.key)”",
            hint: "write subnet: \(subnet) and delete \(found.key)")
        return cursor.changing { entry in
            if entry.key == found.key { return nil }
            guard entry.key == "subnet" else { return entry }
            return .init(
                key: entry.key, keyMark: entry.keyMark, value: .scalar(subnet, isNull: false, entry.value.mark))
        }
    }

    private func check(
        _ subnet: Located<IPv4Network>, _ gateway: Located<IPv4Address>?, isDHCP: Bool, server: Located<BootServer>?
    ) {
        guard let gateway else { return }
        check(gateway, in: subnet.value, what: "the gateway")
        if isDHCP, server.map({ !subnet.value.contains($0.value.address) }) ?? true {
            reader.add(
                .pointlessField, at: gateway.location,
                "the DHCP server of this network announces the gateway, so this field has no effect",
                hint: "leave `gateway` out, or set dhcp: false",
                severity: .warning)
        }
    }

    /// Returns the settings of IPv6; nil when one is malformed, which is reported.
    private func ipv6(_ fields: Fields) -> IPv6Settings? {
        let method = fields.text("method", IPv6Method.self)
        let subnet = fields.text("subnet", IPv6Network.self)
        let gateway = fields.text("gateway", IPv6Address.self)
        guard let method, subnet != nil || fields["subnet"] == nil, gateway != nil || fields["gateway"] == nil else {
            return nil
        }
        guard method.value == .static else {
            for key in ["subnet", "gateway"] where fields[key] != nil {
                reader.add(
                    .pointlessField, at: fields.location(key),
                    "with method: \(method.value.rawValue), ipv6.\(key) has no effect", hint: "set method: static")
            }
            return IPv6Settings(method: method.value, subnet: nil, gateway: nil)
        }
        guard let subnet else {
            reader.add(
                .missingField, at: fields.cursor.location / "subnet", "static IPv6 addresses need ipv6.subnet",
                hint: "subnet: \(IPv6Network.syntax.example)")
            return nil
        }
        if let gateway, !gateway.value.isLinkLocal { check(gateway, in: subnet.value, what: "the gateway") }
        return IPv6Settings(method: .static, subnet: subnet.value, gateway: gateway?.value)
    }

    /// Returns the static routes; nil when one is malformed, which is reported.
    private func routes(
        _ fields: Fields, _ name: NetworkName, _ subnet: IPv4Network?, _ subnet6: IPv6Network?
    ) -> [AddressRange: IPAddress]? {
        guard let cursor = fields["routes"] else { return [:] }
        var routes: [AddressRange: IPAddress] = [:]
        let named = reader.table(fields.cursor, "routes", keys: AddressRange.self)
        for (range, child) in named {
            guard let gateway = reader.text(child, IPAddress.self) else { continue }
            routes[range] = gateway.value
            if gateway.value.isIPv6 != range.isIPv6 {
                reader.add(
                    .outsideSubnet, at: gateway.location,
                    "\(gateway.value) can't be the gateway to \(range): one is IPv4, the other IPv6")
            } else if let address = gateway.value.ipv4, let subnet {
                check(Located(value: address, location: gateway.location), in: subnet, what: "the gateway")
            } else if let address = gateway.value.ipv6, address.isLinkLocal {
                continue
            } else if let address = gateway.value.ipv6, let subnet6 {
                check(Located(value: address, location: gateway.location), in: subnet6, what: "the gateway")
            } else {
                reader.add(
                    .outsideSubnet, at: gateway.location,
                    "the gateway \(gateway.value) can't be reached: \(name) has no subnet for it",
                    hint: gateway.value.isIPv6 ? "add ipv6.subnet, or use its link-local address" : "add `subnet`")
            }
        }
        return routes.count == cursor.keys.count ? routes : nil
    }

    /// Reports an address of a host that is outside of its subnet, or is the subnet's own address or its broadcast address.
    /// - Parameter what: What the address belongs to, for the message: `the gateway`.
    func check(_ address: Located<IPv4Address>, in subnet: IPv4Network, what: String) {
        if !subnet.contains(address.value) {
            reader.add(
                .outsideSubnet, at: address.location, "\(what) \(address.value) is not in \(subnet)",
                hint: "use \(subnet.hostRange), or correct the subnet")
        } else if address.value == subnet.address {
            reader.add(
                .notAHostAddress, at: address.location, "\(address.value) is the address of \(subnet) itself",
                hint: "use \(subnet.hostRange)")
        } else if address.value == subnet.broadcast {
            reader.add(
                .notAHostAddress, at: address.location, "\(address.value) is the broadcast address of \(subnet)",
                hint: "use \(subnet.hostRange)")
        }
    }

    /// Reports an IPv6 address that is outside of its subnet, or is the subnet's own address.
    func check(_ address: Located<IPv6Address>, in subnet: IPv6Network, what: String) {
        if !subnet.contains(address.value) {
            reader.add(.outsideSubnet, at: address.location, "\(what) \(address.value) is not in \(subnet)")
        } else if address.value == subnet.address {
            reader.add(.notAHostAddress, at: address.location, "\(address.value) is the address of \(subnet) itself")
        }
    }
}

extension IPv4Network {
    /// The addresses of hosts, for messages.
    fileprivate var hostRange: String {
        "an address from \(IPv4Address(bits: address.bits + 1)) to \(IPv4Address(bits: broadcast.bits - 1))"
    }
}
