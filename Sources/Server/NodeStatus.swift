import Build
import FoundationEssentials
import Lab
import Preseed

extension NodeStatusStore {
    /// The state of one node, as the page and the JSON show it.
    struct Status: Encodable, Sendable {
        struct Event: Encodable, Sendable {
            /// The time in seconds since 1970, by the clock of the server.
            var time: Int
            var stage: Stage
            var step: String?
            var status: ProgressLine.Status
            /// The seconds since the kernel started.
            var seconds: Double
            var message: String
        }
        struct VerifierSummary: Encodable, Sendable {
            var time: String
            var xen: String?
            var kernel: String?
            var passed: Int
            var failed: Int
            /// The assertions of the current lab that the node does not meet.
            var differences: [Drift.Item]
            /// The assertions that the node will meet after a restart.
            var restarts: [Drift.Item]
        }

        struct Card: Encodable, Sendable {
            var name: String
            /// The MAC address, or `unknown`.
            var mac: String
        }
        struct Address: Encodable, Sendable {
            /// The name of the interface, bond, VLAN or bridge.
            var link: String
            var address: String
        }

        var node: String
        var fullName: String
        /// The disks that an installation erases, as text for a person.
        var disk: String
        /// The network cards; the first one is the card that the node is installed over.
        var cards: [Card]
        /// The addresses that the lab gives the node.
        var addresses: [Address]
        var state: NodeProgress.State
        var percent: Int
        /// The seconds since power-on, without the time of the firmware.
        var seconds: Double
        /// The expected time in seconds from ``heard`` to the verifier's result; nil when nothing is known or expected.
        var secondsLeft: Int?
        /// Whether ``secondsLeft`` comes from earlier installations of this lab.
        var isLeftFromRuns: Bool?
        /// The time of the node's last post, in seconds since 1970.
        var heard: Int?
        /// The address that the node posted from.
        var address: String?
        /// Whether the node is installed when it boots from the network.
        var isArmed: Bool
        var failure: Event?
        /// The line of the log that explains the failure best.
        var reason: String?
        var advice: String?
        var log: [String]
        var timeline: [Event]
        var report: VerifierSummary?
        /// The path of the last file that the node fetched.
        var fetched: String?
        /// The time at which the node fetched it, in seconds since 1970.
        var fetchedTime: Int?
        /// The paths of the node's files that any client can fetch.
        var files: [String]
    }
}

extension NodeStatusStore.Status.Event {
    /// Creates an event; nil for a line of the node's log.
    init?(_ line: ProgressLine?, at time: Int) {
        guard let line else { return nil }
        self.init(
            time: time, stage: line.stage, step: line.step, status: line.status, seconds: line.seconds,
            message: line.message)
    }
}

extension Node {
    /// The network cards for the page. The first one is the card that the node is installed over.
    var shownCards: [NodeStatusStore.Status.Card] {
        let first = interfaces.filter { $0.name == installInterface }
        let others = interfaces.filter { $0.name != installInterface }
        return (first + others).map { card in
            NodeStatusStore.Status.Card(name: card.name.description, mac: card.mac.shown)
        }
    }

    /// The addresses of the node in the lab for the page: static ones and reserved leases.
    var shownAddresses: [NodeStatusStore.Status.Address] {
        links.filter { !$0.addressing.isBare }.flatMap { link in
            let addressing = link.addressing
            var addresses = [addressing.address?.description, addressing.ipv6?.description].compactMap { $0 }
            addresses += addressing.more.map(\.description)
            return addresses.map { address in
                NodeStatusStore.Status.Address(link: link.name.description, address: address)
            }
        }
    }
}

/// The state of a lab, as the page and the JSON show it.
struct LabStatus: Encodable {
    var lab: String
    var release: String
    /// The time of the server, in seconds since 1970.
    var time: Int
    /// The paths of the lab's files that are documents for people.
    var files: [String]
    var nodes: [NodeStatusStore.Status]

    init(_ plan: Plan, _ nodes: [NodeStatusStore.Status], time: Int) {
        lab = plan.lab.domain.description
        release = plan.lab.release.codename
        self.time = time
        files = ["README.md"] + (plan.isDrawn ? ["overview.svg"] : []) + [Manifest.name]
        self.nodes = nodes
    }

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
