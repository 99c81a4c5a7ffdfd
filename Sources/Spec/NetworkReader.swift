import Diagnostics
import Lab

/// The lab's networks.
struct Networks {
    /// Those that could be read, by name.
    var usable: [NetworkName: PlacedNetwork] = [:]
    /// All that the lab names; what is wrong with the others is reported already.
    var names: Set<NetworkName> = []
}

struct PlacedNetwork {
    var network: Network
    var spot: Spot
}

struct NetworkReader {
    let reader: SpecReader

    func read(_ lab: Fields) -> Networks {
        var networks = Networks()
        guard lab["networks"] != nil else { return networks }
        var earlier: [(NetworkName, IPv4Network)] = []
        for (name, fields) in lab.table("networks", keys: NetworkName.self) {
            networks.names.insert(name)
            let subnet = fields.text("subnet", IPv4Network.self)
            let isDHCP = fields.boolean("dhcp", default: false)
            let gateway = fields["gateway"] == nil ? nil : fields.text("gateway", IPv4Address.self)
            let dns = fields.list("dns", of: IPv4Address.self)
            guard let subnet, let isDHCP else { continue }
            if let gateway { check(gateway, in: subnet.value, what: "the gateway") }
            if let gateway, isDHCP.value {
                reader.add(
                    .pointlessField, at: gateway.spot,
                    "the DHCP server says which gateway to use", hint: "leave `gateway` out, or set dhcp: false",
                    severity: .warning)
            }
            for (other, taken) in earlier where taken.overlaps(subnet.value) {
                reader.add(.overlappingSubnets, at: subnet.spot, "\(subnet.value) overlaps with \(other), \(taken)")
            }
            earlier.append((name, subnet.value))
            networks.usable[name] = PlacedNetwork(
                network: Network(
                    name: name, subnet: subnet.value, isDHCP: isDHCP.value,
                    gateway: isDHCP.value ? nil : gateway?.value, dns: dns.map(\.value)),
                spot: fields.cursor.spot)
        }
        return networks
    }

    /// A host's address in a subnet: inside, and neither the network's own nor the broadcast address.
    func check(_ address: Placed<IPv4Address>, in subnet: IPv4Network, what: String) {
        if !subnet.contains(address.value) {
            reader.add(.outsideSubnet, at: address.spot, "\(what) \(address.value) is not in \(subnet)")
        } else if address.value == subnet.address {
            reader.add(.notAHostAddress, at: address.spot, "\(address.value) is the address of \(subnet) itself")
        } else if address.value == subnet.broadcast {
            reader.add(.notAHostAddress, at: address.spot, "\(address.value) is the broadcast address of \(subnet)")
        }
    }
}
