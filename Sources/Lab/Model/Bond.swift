import Preseed

/// A bond: several network cards as one (bonding.txt of the kernel's documentation). Its members are the interfaces that name
/// it.
package struct Bond: Sendable {
    package var name: InterfaceName
    package var mode: BondMode
    /// The interval in milliseconds at which the links of the members are checked.
    package var miimon: Int
    /// The number of milliseconds to wait before a member with a new link is used.
    package var upDelay: Int
    /// The number of milliseconds to wait before a member without a link is no longer used.
    package var downDelay: Int
    /// The rate at which the partner sends LACP frames; nil in other modes than 802.3ad.
    package var lacpRate: LACPRate?
    /// What decides which member sends a frame; nil in modes that decide otherwise.
    package var hashPolicy: HashPolicy?
    /// The member that is used while it has a link; nil when all are equal.
    package var primary: InterfaceName?
    /// The network and the address; nil when only VLANs and bridges use the bond.
    package var addressing: Addressing?

    init(
        name: InterfaceName, mode: BondMode, miimon: Int, upDelay: Int, downDelay: Int, lacpRate: LACPRate?,
        hashPolicy: HashPolicy?, primary: InterfaceName?, addressing: Addressing?
    ) {
        self.name = name
        self.mode = mode
        self.miimon = miimon
        self.upDelay = upDelay
        self.downDelay = downDelay
        self.lacpRate = lacpRate
        self.hashPolicy = hashPolicy
        self.primary = primary
        self.addressing = addressing
    }
}

/// How a bond uses its members.
package enum BondMode: String, Choice {
    case activeBackup = "active-backup"
    case lacp = "802.3ad"
    case balanceRR = "balance-rr"
    case balanceXOR = "balance-xor"
    case broadcast
    case balanceTLB = "balance-tlb"
    case balanceALB = "balance-alb"
    package static let noun = "a mode of bonds"

    /// Whether the bond sends frames by a hash policy.
    var hashes: Bool { [.lacp, .balanceXOR, .balanceTLB].contains(self) }
    /// Whether one member can be preferred.
    var prefers: Bool { [.activeBackup, .balanceTLB, .balanceALB].contains(self) }
    /// Whether the ports of the switch have to be configured as a group. While the installer uses one card, the switch must
    /// then use its port alone.
    package var needsSwitch: Bool { [.lacp, .balanceRR, .balanceXOR, .broadcast].contains(self) }
}

package enum LACPRate: String, Choice {
    case slow, fast
    package static let noun = "an LACP rate"
}

package enum HashPolicy: String, Choice {
    case layer2
    case layer2And3 = "layer2+3"
    case layer3And4 = "layer3+4"
    case encap2And3 = "encap2+3"
    case encap3And4 = "encap3+4"
    package static let noun = "a hash policy"
}
