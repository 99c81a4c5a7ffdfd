import Lab
import Preseed

extension Plan {
    /// The assertions about bonds, VLANs, additional addresses, IPv6 and routes.
    static let networkDefinitions: [AssertionDefinition] = [
        .init(.bond, from: ["nodes.*.bonds.*.mode", "nodes.*.interfaces.*.bond"]) { subject in
            subject.node.bonds.map { bond in
                let members = subject.node.members(of: bond).map(\.name.description)
                return Assertion(
                    .bond, "\(bond.name)", arguments: ["\(bond.name)", bond.mode.rawValue] + members,
                    expected: "\(bond.mode.rawValue) with \(members.joined(separator: " "))")
            }
        },
        .init(.vlan, from: .cards) { subject in
            subject.node.links.flatMap(\.ports).compactMap { port in
                port.vlan.map { vlan in
                    Assertion(
                        .vlan, "\(port.name)", arguments: ["\(port.name)", "\(vlan)", "\(port.base)"],
                        expected: "\(vlan) on \(port.base)")
                }
            }
        },
        .init(.mtu, from: [.cards, "networks.*.mtu"]) { subject in
            let node = subject.node
            let bases =
                (node.interfaces.map { (name: $0.name, base: $0.bond ?? $0.name) }
                + node.bonds.map { ($0.name, $0.name) }).compactMap { name, base in
                    node.mtu(ofBase: base).map { (name: name, mtu: $0) }
                }
            let links = node.links.flatMap { link -> [(name: InterfaceName, mtu: Int)] in
                guard let mtu = node.mtu(of: link) else { return [] }
                let ports = link.ports.filter { $0.vlan != nil }.map(\.name)
                let isListed = link.bridge == nil && link.ports[0].vlan == nil
                return Set(ports + (isListed ? [] : [link.name])).sorted().map { ($0, mtu) }
            }
            return (bases + links).map {
                Assertion(.mtu, "\($0.name)", arguments: ["\($0.name)", "\($0.mtu)"], expected: "\($0.mtu)")
            }
        },
        .init(.moreAddress, from: [.cards, .addresses, .moreAddresses]) { subject in
            subject.addressed.flatMap { link in
                link.addressing.more.map { address in
                    Assertion(
                        .moreAddress, "\(link.name) \(address)", arguments: ["\(link.name)", "\(address)"],
                        expected: "\(address)")
                }
            }
        },
        .init(.ipv6Address, from: [.cards, .addresses, .ipv6Addresses]) { subject in
            subject.addressed.compactMap { link in
                link.addressing.ipv6Method == .static
                    ? link.addressing.hostPrefix6.map { address in
                        Assertion(
                            .ipv6Address, "\(link.name)", arguments: ["\(link.name)", "\(address)"],
                            expected: "\(address)")
                    } : nil
            }
        },
        .init(.slaac, from: [.cards, "networks.*.ipv6.method"]) { subject in
            subject.addressed.filter { $0.addressing.ipv6Method == .slaac }.map {
                Assertion(.slaac, "\($0.name)", arguments: ["\($0.name)"], expected: "an address")
            }
        },
        .init(.noAddress, from: [.cards, .addresses]) { subject in
            subject.node.links.filter(\.addressing.isBare).map {
                Assertion(.noAddress, "\($0.name)", arguments: ["\($0.name)"], expected: "no address")
            }
        },
        .init(.noIPv6, from: [.cards, "networks.*.ipv6.method"]) { subject in
            subject.addressed.filter { $0.addressing.ipv6Method == .off }.map {
                Assertion(.noIPv6, "\($0.name)", arguments: ["\($0.name)"], expected: "no IPv6 address")
            }
        },
        .init(.route, from: [.cards, .addresses, "networks.*.routes.*"]) { subject in
            subject.addressed.flatMap { link in
                link.addressing.network.routes.sorted { $0.key < $1.key }.map { range, gateway in
                    Assertion(
                        .route, "\(range)", arguments: ["\(range)", "\(gateway)", "\(link.name)"],
                        expected: "via \(gateway) on \(link.name)")
                }
            }
        },
        .init(.ipv6DefaultRoute, from: [.cards, "networks.*.ipv6.gateway"]) { subject in
            subject.addressed.filter { $0.addressing.network.ipv6.gateway != nil }.map {
                Assertion(.ipv6DefaultRoute, arguments: ["\($0.name)"])
            }
        },
        .init(.search, from: ["networks.*.search", .networks, "networks.*.dhcp", "networks.*.dns", "domain"]) {
            subject in
            let domains = subject.searchDomains.map(\.description)
            return domains.isEmpty || !subject.writesResolvConf
                ? [] : [Assertion(.search, arguments: [subject.lab.domain.description] + domains)]
        },
    ]
}

extension NodeSubject {
    /// The links with addresses.
    var addressed: [Link] { node.links.filter { !$0.addressing.isBare } }
    var nameservers: [IPv4Address] { addressed.flatMap(\.addressing.network.dns) }
    /// The search domains after that of the lab, without duplicates.
    var searchDomains: [DomainName] {
        var seen: Set = [lab.domain]
        return addressed.flatMap(\.addressing.network.search).filter { seen.insert($0).inserted }
    }
    /// Whether the overlay has /etc/resolv.conf. With DHCP, dhclient writes this file.
    var writesResolvConf: Bool { !nameservers.isEmpty && !node.links.contains(where: \.usesDHCP) }
}
