import Preseed

/// What could be read of the network and the addresses of a link.
struct PartialAddressing {
    var network: Located<Network>?
    /// Whether the lab file names a network, known or not.
    var hasNetwork = false
    var address: Located<IPv4Address>?
    /// Whether the lab file says that the link has no address.
    var isNone = false
    var more: [Located<HostPrefix>] = []
    var ipv6: Located<IPv6Address>?

    /// Whether the link has no address, so that only guests use it.
    var isBare: Bool { isNone || network.map { !$0.value.givesAddresses } ?? false }
    var leadsOut: Bool { !isBare && network?.value.leadsOut ?? false }
    var leadsOutByIPv6: Bool { !isBare && network?.value.ipv6.gateway != nil }

    /// The addressing; nil when the network is missing or malformed.
    var model: Addressing? {
        network.map {
            Addressing(
                network: $0.value, address: address?.value, isNone: isNone, more: more.map(\.value), ipv6: ipv6?.value)
        }
    }
}

/// What could be read of an interface.
struct PartialInterface {
    var name: InterfaceName
    var location: FieldLocation
    var mac: Located<MACAddress>?
    var addressing = PartialAddressing()
    var bridge: Located<InterfaceName>?
    var bond: Located<InterfaceName>?
    /// Whether it names a bridge or a bond, well-formed or not.
    var isMember = false
    /// Whether it names a bridge that the node does not have, which is reported.
    var hasUnknownBridge = false
}

/// What could be read of a bond.
struct PartialBond {
    var name: InterfaceName
    var location: FieldLocation
    var addressing = PartialAddressing()
    var primary: Located<InterfaceName>?
    /// The bond without its addressing; nil when a field is missing or malformed.
    var settings: Bond?
}

/// What could be read of a VLAN with an address.
struct PartialVLAN {
    var network: NetworkName
    var location: FieldLocation
    var port: Located<InterfaceName>?
    var addressing = PartialAddressing()
}

/// What could be read of a bridge.
struct PartialBridge {
    var name: InterfaceName
    var location: FieldLocation
    var addressing = PartialAddressing()
    var port: Located<OrNone<InterfaceName>>?
    /// Whether the lab file has the field `port`, well-formed or not.
    var hasPort = false
    var settings: (stp: Bool, waitport: Int, fd: Int, maxwait: Int)?
}

/// What could be read of a node's interfaces, bonds, VLANs and bridges.
struct PartialLinks {
    var interfaces: [PartialInterface] = []
    var bonds: [PartialBond] = []
    var vlans: [PartialVLAN] = []
    var bridges: [PartialBridge] = []

    /// A link with the cards that connect it.
    struct Link {
        /// The name in the lab file.
        var name: String
        var location: FieldLocation
        var addressing: PartialAddressing
        var cards: [PartialInterface]
        /// The interface or the bond of the link, or of the port of the bridge; nil for several ports or none.
        var base: InterfaceName?
    }

    /// Returns the cards behind an interface or bond.
    func cards(_ base: InterfaceName) -> [PartialInterface] {
        interfaces.filter { ($0.bond?.value ?? $0.name) == base }
    }

    /// Every link that is on a network.
    var links: [Link] {
        let own = interfaces.filter { !$0.isMember && $0.addressing.hasNetwork }.map {
            Link(
                name: "\($0.name)", location: $0.location, addressing: $0.addressing, cards: [$0], base: $0.name)
        }
        let bonded = bonds.filter(\.addressing.hasNetwork).map {
            Link(
                name: "\($0.name)", location: $0.location, addressing: $0.addressing, cards: cards($0.name),
                base: $0.name)
        }
        let tagged = vlans.map {
            Link(
                name: "VLAN \($0.network)", location: $0.location, addressing: $0.addressing,
                cards: $0.port.map { cards($0.value) } ?? [], base: $0.port?.value)
        }
        let bridged = bridges.map { bridge in
            let ports = interfaces.filter { $0.bridge?.value == bridge.name }
            let base = bridge.hasPort ? bridge.port?.value.value : ports.count == 1 ? ports[0].name : nil
            return Link(
                name: "\(bridge.name)", location: bridge.location, addressing: bridge.addressing,
                cards: bridge.hasPort ? base.map { cards($0) } ?? [] : ports, base: base)
        }
        return own + bonded + tagged + bridged
    }

    /// Whether a bridge or a VLAN names the interface or bond as its port.
    func isBase(_ name: InterfaceName) -> Bool {
        vlans.contains { $0.port?.value == name } || bridges.contains { $0.port?.value.value == name }
    }
}
