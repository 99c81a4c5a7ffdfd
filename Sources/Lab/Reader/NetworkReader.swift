import Preseed

/// The lab's networks by name.
struct Networks {
    var byName: [NetworkName: PlacedNetwork] = [:]
    /// False when some name could not be read: a network that is not among them may be that one.
    var isComplete = true
}

struct PlacedNetwork {
    /// Nil when it is malformed, which is reported; no rule then looks at who is on it.
    var network: Network?
    var location: FieldLocation
}

struct NetworkReader {
    let reader: SpecReader

    /// - Parameter server: the boot server, which may be the DHCP server of its network.
    func read(_ lab: Fields, server: Located<BootServer>?) -> Networks {
        // A lab needs networks, so their absence is reported already.
        guard lab["networks"] != nil else { return Networks(isComplete: false) }
        var networks = Networks()
        var earlier: [(NetworkName, IPv4Network)] = []
        let named = reader.table(lab.cursor, "networks", keys: NetworkName.self)
        networks.isComplete = lab.isComplete("networks", read: named.count)
        for (name, cursor) in named {
            networks.byName[name] = PlacedNetwork(network: nil, location: cursor.location)
            guard let fields = reader.fields(cursor, LabFields.network.schema) else { continue }
            let subnet = fields.text("subnet", IPv4Network.self)
            let isDHCP = fields.boolean("dhcp")
            let gateway = fields.text("gateway", IPv4Address.self)
            let dns = fields.list("dns", of: IPv4Address.self)
            guard let subnet else { continue }
            if let gateway { check(gateway, in: subnet.value, what: "the gateway") }
            if let gateway, isDHCP?.value == true, server.map({ !subnet.value.contains($0.value.address) }) ?? true {
                reader.add(
                    .pointlessField, at: gateway.location,
                    "the DHCP server says which gateway to use", hint: "leave `gateway` out, or set dhcp: false",
                    severity: .warning)
            }
            for (other, taken) in earlier where taken.overlaps(subnet.value) {
                reader.add(.overlappingSubnets, at: subnet.location, "\(subnet.value) overlaps with \(other), \(taken)")
            }
            earlier.append((name, subnet.value))
            guard let isDHCP, isDHCP.value || gateway != nil || fields["gateway"] == nil,
                !dns.isEmpty || !fields.isPresent("dns")
            else { continue }
            networks.byName[name]?.network = Network(
                name: name, subnet: subnet.value, isDHCP: isDHCP.value, gateway: gateway?.value,
                dns: dns.map(\.value))
        }
        return networks
    }

    /// A host's address in a subnet: inside, and neither the network's own nor the broadcast address.
    func check(_ address: Located<IPv4Address>, in subnet: IPv4Network, what: String) {
        if !subnet.contains(address.value) {
            reader.add(.outsideSubnet, at: address.location, "\(what) \(address.value) is not in \(subnet)")
        } else if address.value == subnet.address {
            reader.add(.notAHostAddress, at: address.location, "\(address.value) is the address of \(subnet) itself")
        } else if address.value == subnet.broadcast {
            reader.add(.notAHostAddress, at: address.location, "\(address.value) is the broadcast address of \(subnet)")
        }
    }
}
