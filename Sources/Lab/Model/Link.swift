import Preseed

/// An interface, a bond, a VLAN interface or a bridge that is on a network.
package struct Link: Sendable {
    package var name: InterfaceName
    package var addressing: Addressing
    package var bridge: Bridge?
    /// The link itself, or the ports of the bridge, sorted by name; empty only for a bridge without a port.
    package var ports: [Port]

    /// The network cards that connect the link, sorted by name.
    package var cards: [Interface] { ports.flatMap(\.cards) }

    /// Returns the MAC address of the link on the installed node; nil for a bridge without a port. The address of a bridge is
    /// that of its first port if the overlay sets it, otherwise the lowest of its ports, which the kernel chooses
    /// (net/bridge/br_stp_if.c, br_stp_recalculate_bridge_id).
    package func mac(on release: Release) -> MACAddress? {
        bridge == nil || release.bridgeNeedsAddress ? ports.first?.mac : ports.map(\.mac).min()
    }

    /// Whether the link has addresses from DHCP.
    package var usesDHCP: Bool { !addressing.isBare && addressing.network.isDHCP }
    /// Whether hosts outside of its subnet can be reached over the link.
    package var leadsOut: Bool { !addressing.isBare && addressing.network.leadsOut }
}

/// A network card or a bond, or a VLAN on it.
package struct Port: Sendable {
    /// The network card or the bond.
    package var base: InterfaceName
    /// The VLAN that frames are tagged with; nil when they are not tagged.
    package var vlan: Int?
    /// The network card itself, or the members of the bond, sorted by name; never empty.
    package var cards: [Interface]

    package var name: InterfaceName { vlan.map { InterfaceName(vlan: $0, on: base) } ?? base }
    /// The MAC address: a bond has that of the first card that is added to it, and a VLAN that of its base.
    package var mac: MACAddress { cards[0].mac }
}

/// The network of a link and its addresses.
package struct Addressing: Sendable {
    package var network: Network
    /// The static address or, on a DHCP network, the reserved lease; nil when no lease is reserved, or without IPv4.
    package var address: IPv4Address?
    /// Whether the lab file says that there is no address.
    var isNone: Bool
    /// Additional addresses, in their order.
    package var more: [HostPrefix]
    /// The static IPv6 address.
    package var ipv6: IPv6Address?

    init(
        network: Network, address: IPv4Address? = nil, isNone: Bool = false, more: [HostPrefix] = [],
        ipv6: IPv6Address? = nil
    ) {
        self.network = network
        self.address = address
        self.isNone = isNone
        self.more = more
        self.ipv6 = ipv6
    }

    /// Whether the link has no address, because the lab file says so or the network has no subnet: only guests use it.
    package var isBare: Bool { isNone || !network.givesAddresses }
    /// Where IPv6 addresses come from.
    package var ipv6Method: IPv6Method { isBare ? .off : network.ipv6.method }
}

/// A VLAN of an interface or bond that has an address of its own and is not the port of a bridge.
package struct VLAN: Sendable {
    /// The network interface or the bond.
    package var port: InterfaceName
    package var addressing: Addressing

    init(port: InterfaceName, addressing: Addressing) {
        self.port = port
        self.addressing = addressing
    }
}

/// The IPv6 settings of a network.
package struct IPv6Settings: Sendable {
    package var method: IPv6Method
    package var subnet: IPv6Network?
    package var gateway: IPv6Address?

    init(method: IPv6Method, subnet: IPv6Network?, gateway: IPv6Address?) {
        self.method = method
        self.subnet = subnet
        self.gateway = gateway
    }
}

/// Where the IPv6 addresses on a network come from.
package enum IPv6Method: String, Choice {
    /// What the kernel does by itself: it uses router advertisements if there are any.
    case auto
    /// Router advertisements (SLAAC), which have to arrive.
    case slaac
    case `static`
    /// No IPv6 at all, not even link-local addresses.
    case off
    package static let noun = "a method of IPv6"
}
