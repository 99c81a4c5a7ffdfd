import Diagnostics
import Lab

/// The lab's networks by name, each with the place of its content.
typealias Networks = [NetworkName: PlacedNetwork]

struct PlacedNetwork {
    var network: Network
    var fields: Fields
}

struct NetworkReader {
    let reader: SpecReader

    /// Networks without a usable subnet are reported and left out.
    func read(_ lab: Fields) -> Networks {
        guard lab["networks"] != nil else { return [:] }
        var networks: Networks = [:]
        var earlier: [(NetworkName, IPv4Network)] = []
        for (name, fields) in lab.table("networks", keys: NetworkName.self) {
            let subnet = fields.text("subnet", IPv4Network.self)
            let isDHCP = fields.boolean("dhcp", default: false)
            let gateway = fields["gateway"] == nil ? nil : fields.text("gateway", IPv4Address.self)
            let dns = fields.list("dns", of: IPv4Address.self)
            guard let subnet else { continue }
            if let gateway { check(gateway, in: subnet.value, what: "the gateway") }
            if let gateway, isDHCP?.value == true {
                reader.add(.pointlessField, at: gateway.spot,
                    "the DHCP server says which gateway to use", hint: "leave `gateway` out, or set dhcp: false",
                    severity: .warning)
            }
            for (other, taken) in earlier where taken.overlaps(subnet.value) {
                reader.add(.overlappingSubnets, at: subnet.spot, "\(subnet.value) overlaps with \(other), \(taken)")
            }
            earlier.append((name, subnet.value))
            networks[name] = PlacedNetwork(
                network: Network(
                    name: name, subnet: subnet.value, isDHCP: isDHCP?.value ?? false,
                    gateway: isDHCP?.value == true ? nil : gateway?.value, dns: dns.map(\.value)),
                fields: fields)
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
