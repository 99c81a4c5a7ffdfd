import Lab
import Preseed
import Templates

extension Plan {
    static let interfaces = TemplateDefinition<NodeSubject>(.interfaces) {
        nodeValues
        TemplateValue(list: "stanzas", from: .stanzas, of: { Stanza.all(of: $0) }) {
            TemplateValue("about") { $0.about }
            TemplateValue(flag: "auto") { $0.isAuto }
            TemplateValue("name") { $0.name }
            TemplateValue("method") { $0.method }
            TemplateValue(optional: "static", of: { $0.address }) {
                TemplateValue("address") { $0.address }
                TemplateValue("netmask") { $0.subnet.netmask }
                TemplateValue("gateway") { $0.gateway }
            }
            TemplateValue(optional: "bond", of: { $0.bond }) {
                TemplateValue("members") { $0.members }
                TemplateValue("mode") { $0.bond.mode.rawValue }
                TemplateValue("miimon") { $0.bond.miimon }
                TemplateValue("updelay") { $0.bond.upDelay }
                TemplateValue("downdelay") { $0.bond.downDelay }
                TemplateValue("lacp_rate") { $0.bond.lacpRate?.rawValue }
                TemplateValue("xmit_hash_policy") { $0.bond.hashPolicy?.rawValue }
                TemplateValue("primary") { $0.bond.primary }
            }
            TemplateValue(optional: "bridge", of: { $0.bridge }) {
                TemplateValue("ports") { $0.ports }
                TemplateValue("hardware_address") { $0.mac }
                TemplateValue("stp") { $0.bridge.stp ? "on" : "off" }
                TemplateValue("waitport") { $0.bridge.waitport }
                TemplateValue("fd") { $0.bridge.forwardDelay }
                TemplateValue("maxwait") { $0.bridge.maxwait }
            }
            TemplateValue("settings") { $0.settings }
            TemplateValue(flag: "no_ipv6") { $0.hasNoIPv6 }
            TemplateValue(texts: "more") { $0.more }
            TemplateValue(list: "routes", of: { $0.routes }) {
                TemplateValue("to") { $0.to }
                TemplateValue("via") { $0.via }
            }
            TemplateValue(optional: "ipv6", of: { $0.ipv6 }) {
                TemplateValue("method") { $0.method }
                TemplateValue(flag: "advertised") { $0.address == nil }
                TemplateValue("address") { $0.address }
                TemplateValue("gateway") { $0.gateway }
            }
        }
    }
}

extension Sources {
    /// The sources of /etc/network/interfaces.
    fileprivate static let stanzas: Sources = [
        cards, addresses, moreAddresses, ipv6Addresses, waysOut, bridgeAddress, "networks.*.mtu", "networks.*.routes.*",
        "networks.*.ipv6.gateway", "nodes.*.bonds.*.mode", "nodes.*.bonds.*.miimon", "nodes.*.bonds.*.updelay",
        "nodes.*.bonds.*.downdelay", "nodes.*.bonds.*.lacp_rate", "nodes.*.bonds.*.xmit_hash_policy",
        "nodes.*.bonds.*.primary",
        "nodes.*.bridges.*.stp", "nodes.*.bridges.*.waitport", "nodes.*.bridges.*.fd", "nodes.*.bridges.*.maxwait",
    ]
}

extension Node {
    /// Returns the MTU of a network card or bond, which is the largest one of the networks on it; nil for the default.
    func mtu(ofBase base: InterfaceName) -> Int? {
        links.filter { $0.ports.contains { $0.base == base } }.compactMap(\.addressing.network.mtu).max()
    }

    /// Returns the MTU of a link or of its ports; nil for the default. A VLAN inherits that of its base unless it has its own.
    func mtu(of link: Link) -> Int? {
        guard let port = link.ports.first else { return nil }
        let own = link.addressing.network.mtu
        return port.vlan == nil || mtu(ofBase: port.base) == nil ? own : own ?? Network.defaultMTU
    }
}

/// A stanza of /etc/network/interfaces, or two for both families of addresses of one interface.
private struct Stanza: Sendable {
    var name: InterfaceName
    /// The comment.
    var about: String
    /// Whether `ifup -a` brings the interface up.
    var isAuto = true
    var method = "manual"
    var address: StaticAddress?
    var bond: BondSubject?
    var bridge: BridgeSubject?
    /// The arguments of `ip link set` for the interface; empty if ifupdown needs no help. In jessie, the method manual neither
    /// brings an interface up nor sets its MTU (observed with 0.7.53.1).
    var settings = ""
    var hasNoIPv6 = false
    var more: [HostPrefix] = []
    var routes: [(to: AddressRange, via: IPAddress)] = []
    var ipv6: IPv6Subject?

    struct StaticAddress: Sendable {
        var address: IPv4Address
        var subnet: IPv4Network
        var gateway: IPv4Address?
    }

    struct BondSubject: Sendable {
        var bond: Bond
        var members: String
    }

    struct BridgeSubject: Sendable {
        var bridge: Bridge
        var ports: String
        /// The MAC address that the bridge is given; nil if the release's bridges choose one themselves.
        var mac: MACAddress?
    }

    struct IPv6Subject: Sendable {
        /// The method of ifupdown's family inet6.
        var method: String
        var address: HostPrefix?
        var gateway: IPv6Address?
    }

    /// Returns the stanzas of a node. Each interface comes after those below it.
    static func all(of subject: NodeSubject) -> [Stanza] {
        let node = subject.node
        let untagged = node.links.filter { $0.bridge == nil && $0.ports[0].vlan == nil }
        let tagged = node.links.filter { $0.bridge == nil && $0.ports[0].vlan != nil }
        let bridges = node.links.filter { $0.bridge != nil }
        let own = Set(untagged.map(\.name))
        var stanzas = node.interfaces.filter { !own.contains($0.name) }.map { card(subject, $0) }
        stanzas += node.bonds.filter { !own.contains($0.name) }.map { bond in
            base(subject, bond.name, "Bond for VLANs and bridges")
        }
        stanzas += untagged.map { link(subject, $0) }
        for link in bridges {
            for port in link.ports where port.vlan != nil {
                var stanza = Stanza(name: port.name, about: "\(link.addressing.network.name), the port of \(link.name)")
                stanza.settings = settings(mtu: node.mtu(of: link), isManual: true)
                stanza.hasNoIPv6 = true
                stanzas.append(stanza)
            }
        }
        return stanzas + (tagged + bridges).map { link(subject, $0) }
    }

    /// Returns the stanza of a network card without a network of its own.
    private static func card(_ subject: NodeSubject, _ card: Interface) -> Stanza {
        if let bond = card.bond {
            return Stanza(name: card.name, about: "A member of \(bond), which brings it up.", isAuto: false)
        }
        let users = subject.node.links.filter { $0.ports.contains { $0.base == card.name } }
        let bridge = users.first { link in link.ports.contains { $0.name == card.name } }
        if let bridge, users.count == 1, subject.node.mtu(ofBase: card.name) == nil {
            return Stanza(
                name: card.name,
                about: "A port of \(bridge.name), which brings it up; allow-hotplug would bring it up a second time.",
                isAuto: false)
        }
        return base(subject, card.name, "Card for VLANs and bridges")
    }

    /// Returns the stanza of a network card or bond without addresses.
    private static func base(_ subject: NodeSubject, _ name: InterfaceName, _ about: String) -> Stanza {
        var stanza = Stanza(name: name, about: about)
        stanza.bond = bond(subject.node, name)
        stanza.settings = settings(mtu: subject.node.mtu(ofBase: name), isManual: true)
        stanza.hasNoIPv6 = true
        return stanza
    }

    private static func bond(_ node: Node, _ name: InterfaceName) -> BondSubject? {
        node.bonds.first { $0.name == name }.map { bond in
            BondSubject(
                bond: bond, members: node.members(of: bond).map(\.name.description).joined(separator: " "))
        }
    }

    private static func link(_ subject: NodeSubject, _ link: Link) -> Stanza {
        let (addressing, network) = (link.addressing, link.addressing.network)
        let ways = [network.subnet?.description, network.ipv6.subnet?.description].compactMap(\.self)
        let words = addressing.isBare ? ["for guests only"] : ways
        var stanza = Stanza(
            name: link.name, about: ([network.name.description] + words).joined(separator: ", "))
        if link.usesDHCP {
            stanza.method = "dhcp"
        } else if let address = addressing.address, let subnet = network.subnet {
            stanza.method = "static"
            stanza.address = StaticAddress(address: address, subnet: subnet, gateway: network.gateway)
        }
        let isManual = stanza.method == "manual"
        let mtu = subject.node.mtu(of: link)
        stanza.settings = settings(mtu: mtu, isManual: isManual)
        stanza.bond = bond(subject.node, link.name)
        stanza.bridge = link.bridge.map { bridge in
            BridgeSubject(
                bridge: bridge,
                ports: link.ports.isEmpty ? "none" : link.ports.map(\.name.description).joined(separator: " "),
                mac: subject.lab.release.bridgeNeedsAddress ? link.mac(on: subject.lab.release) : nil)
        }
        guard !addressing.isBare else {
            stanza.hasNoIPv6 = true
            return stanza
        }
        stanza.more = addressing.more
        stanza.routes = network.routes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        switch network.ipv6.method {
        case .auto: break
        case .off: stanza.hasNoIPv6 = true
        case .slaac: stanza.ipv6 = IPv6Subject(method: "auto")
        case .static:
            stanza.ipv6 = IPv6Subject(
                method: "static", address: addressing.hostPrefix6, gateway: network.ipv6.gateway)
        }
        return stanza
    }

    private static func settings(mtu: Int?, isManual: Bool) -> String {
        [mtu.map { "mtu \($0)" }, isManual ? "up" : nil].compactMap(\.self).joined(separator: " ")
    }
}

extension Addressing {
    /// The static IPv6 address with the prefix of its subnet.
    var hostPrefix6: HostPrefix? {
        guard let ipv6, let subnet = network.ipv6.subnet else { return nil }
        return try? HostPrefix(text: "\(ipv6)/\(subnet.prefix)")
    }
}
