/// What a change requires on a running machine, from harmless to destructive.
package enum Risk: Int, Comparable, CaseIterable, Sendable {
    /// Nothing changes on the machine.
    case cosmetic
    /// The change can be made while the machine runs, without an interruption.
    case live
    /// The change takes effect at the next boot of dom0.
    case reboot
    /// Connections to the machine over the network may be lost.
    case network
    /// The change needs a new installation, which erases the disk.
    case erases

    package static func < (a: Risk, b: Risk) -> Bool { a.rawValue < b.rawValue }

    /// The name of the risk: `network`.
    package var name: String { "\(self)" }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

extension Risk {
    /// The meaning of the risk as a clause: `it takes effect at the next boot of dom0`.
    package var meaning: String {
        switch self {
        case .cosmetic: "nothing changes on a running machine"
        case .live: "it can be made while the machine runs, without an interruption"
        case .reboot: "it takes effect at the next boot of dom0"
        case .network: "connections to the machine over the network may be lost"
        case .erases: "it needs a new installation, which erases the disk"
        }
    }
}
