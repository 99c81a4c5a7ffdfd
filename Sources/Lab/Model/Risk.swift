/// What it takes to bring a change to a machine that runs.
package enum Risk: Int, Comparable, CaseIterable, Sendable {
    /// Nothing on a machine.
    case cosmetic
    /// It can be done while the machine runs; nobody notices.
    case live
    /// It takes effect with the next start of dom0.
    case reboot
    /// Who reaches the machine over the network may lose it.
    case network
    /// It takes a new installation, which erases the disk.
    case erases

    package static func < (a: Risk, b: Risk) -> Bool { a.rawValue < b.rawValue }

    /// `network`.
    package var name: String { "\(self)" }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

extension Risk {
    /// What the change takes, as a clause: `it takes effect with the next start of dom0`.
    package var meaning: String {
        switch self {
        case .cosmetic: "nothing changes on a machine that runs"
        case .live: "it can be made while the machine runs, and nobody notices"
        case .reboot: "it takes effect with the next start of dom0"
        case .network: "who reaches the machine over the network may lose it"
        case .erases: "it takes a new installation, which erases the disk"
        }
    }
}
