import Preseed

extension DiagnosticCode {
    static let unknownBond = DiagnosticCode(
        "X0319", "a bond that the node does not have",
        cause: "An interface can be a member only of one of the node's own `bonds`.",
        example: "eth1: {bond: bond1}",
        cure: "eth1: {bond: bond0}")
    static let bondMembers = DiagnosticCode(
        "X0320", "a bond without members, or with only one",
        cause: "A bond has no cards of its own: those interfaces are its members that name it.",
        example: "bonds: {bond0: {mode: active-backup}} and one interface with bond: bond0",
        cure: "eth0: {mac: …, bond: bond0} and eth1: {mac: …, bond: bond0}")
    static let bondParameter = DiagnosticCode(
        "X0321", "a parameter that does not belong to the bond",
        cause: "The kernel refuses or ignores parameters of other modes, and a preferred card that is not a member.",
        example: "bond0: {mode: active-backup, lacp_rate: fast}",
        cure: "bond0: {mode: 802.3ad, lacp_rate: fast}")
    static let bridgePort = DiagnosticCode(
        "X0322", "a port that the bridge or VLAN can't have",
        cause:
            "The port is an interface or a bond of the node that nothing else uses as a whole, or none for a bridge without a connection.",
        example: "bridges: {br20: {network: guests, port: eth1}}, and eth1: {bond: bond0}",
        cure: "port: bond0")
    static let longVLANName = DiagnosticCode(
        "X0323", "a VLAN interface with a name of more than 15 characters",
        cause:
            "A VLAN interface is called after its interface and its number, and the kernel limits names to 15 characters.",
        example: "storage-bond: {…, network: drbd} with vlan: 1000",
        cure: "Shorten the name of the interface or bond: bond1")
    static let vlanMTU = DiagnosticCode(
        "X0324", "a VLAN with a larger MTU than the interface below it",
        cause: "The kernel refuses a VLAN with larger packets than its interface sends.",
        example: "eth0 on lan, without mtu, and a VLAN on eth0 with mtu: 9000",
        cure: "Set mtu: 9000 on both networks, or use two cards.")
    static let taggedInstallation = DiagnosticCode(
        "X0325", "an installation over a tagged VLAN",
        cause:
            "The network configuration of the installer (netcfg up to 1.197, trixie) has no VLANs, and neither do the network boot programs of the firmware.",
        example:
            "networks: {lan: {subnet: 10.8.8.0/24, dhcp: true, vlan: 10}}, and nothing else that leads to the mirror",
        cure: "Make the VLAN the native one of the switch's ports, whose frames have no tag, and remove `vlan`.")
    static let bondInstallation = DiagnosticCode(
        "X0326", "an installation over one member of a bond that needs a switch",
        cause:
            "The installer has no bonds and uses one card. A switch that expects LACP stops the port, and one with a static group sends some replies to the other ports.",
        example: "bond0: {mode: 802.3ad, network: lan}",
        cure: "Configure LACP fallback, or no suspension of individual ports, on the switch.")
    static let duplicateVLAN = DiagnosticCode(
        "X0327", "two links with the same VLAN on one interface or bond",
        cause: "The kernel gives a frame to one link only.",
        example: "two bridges with port: bond0 on networks with vlan: 20",
        cure: "Give one of the networks another VLAN.")
    static let bareBridge = DiagnosticCode(
        "X0328", "additional addresses on a bridge without an address",
        cause: "A bridge that only guests use has no address at all.",
        example: "br20: {network: guests, address: none, more_addresses: [10.9.0.13/24]}",
        cure: "Remove more_addresses, or give the bridge an address.")
}
