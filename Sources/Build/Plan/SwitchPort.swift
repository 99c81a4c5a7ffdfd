import Lab

/// The ports of a switch to which a card or a bond is connected, with what the switch must be set to.
struct SwitchPort: Sendable {
    /// The card, or the members of the bond.
    var cards: [Interface]
    /// The mode of the bond; nil for a single card.
    var mode: BondMode?
    /// The networks whose frames have no tag, and the others.
    var untagged: [Network] = []
    var tagged: [Network] = []

    /// What the switch has to do with the ports together, for users.
    var aggregation: String {
        guard let mode else { return "none" }
        return mode == .lacp
            ? "LACP (802.3ad)" : mode.needsSwitch ? "static (\(mode.rawValue))" : "none (\(mode.rawValue))"
    }
}

extension Node {
    /// The ports of switches that need a setting: those of bonds, and of cards with VLANs. They are sorted by name.
    var switchPorts: [SwitchPort] {
        var ports: [String: SwitchPort] = [:]
        for link in links {
            for port in link.ports {
                let name = port.base.description
                let bond = bonds.first { $0.name == port.base }
                let network = link.addressing.network
                var known = ports[name] ?? SwitchPort(cards: port.cards, mode: bond?.mode)
                if port.vlan == nil { known.untagged.append(network) } else { known.tagged.append(network) }
                ports[name] = known
            }
        }
        return ports.sorted { $0.key < $1.key }.map(\.value).filter { $0.mode != nil || !$0.tagged.isEmpty }.map {
            port in
            var port = port
            port.tagged.sort { ($0.vlan ?? 0) < ($1.vlan ?? 0) }
            return port
        }
    }
}
