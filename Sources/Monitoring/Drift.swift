/// How a node is beside what its lab asks now: its verifier's report, held against the lab's assertions.
public struct Drift: Sendable {
    public enum Outcome: String, Sendable, Encodable {
        case ok
        /// The node is what it was asked to be, but runs a hypervisor or kernel that an upgrade has replaced.
        case restart
        /// The node is not what it was asked to be.
        case differs
        /// The lab asks something else since, and the node is not that.
        case outdated
        /// The lab asks it, and the report has nothing about it.
        case unchecked
        /// The report has it, and the lab does not ask it any more.
        case surplus

        /// Whether the node has to be looked at.
        public var isDifference: Bool { self != .ok && self != .surplus && self != .restart }
    }

    public struct Item: Sendable, Encodable {
        public var assertion: String
        public var outcome: Outcome
        /// Nil when it was not looked at.
        public var seen: String?
        /// Nil when the lab does not ask it.
        public var asked: String?
    }

    /// In the lab's order, then what is surplus.
    public let items: [Item]

    public init(_ report: VerifierReport, against assertions: [Assertion]) {
        let checks = Dictionary(report.checks.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(assertions.map(\.name))
        items =
            assertions.map { assertion in
                guard let check = checks[assertion.name] else {
                    return Item(assertion: assertion.name, outcome: .unchecked, seen: nil, asked: assertion.asked)
                }
                // The verifier allows what a machine may lack; where the lab asks what it did then, its word counts.
                let outcome: Outcome =
                    if check.asked == assertion.asked {
                        check.restart == true ? .restart : check.ok ? .ok : .differs
                    } else {
                        check.seen == assertion.asked ? .ok : .outdated
                    }
                return Item(assertion: assertion.name, outcome: outcome, seen: check.seen, asked: assertion.asked)
            }
            + report.checks.filter { !names.contains($0.name) }.map {
                Item(assertion: $0.name, outcome: .surplus, seen: $0.seen, asked: nil)
            }
    }

    /// Whether the node has to be restarted before it runs what is installed.
    public var needsRestart: Bool { items.contains { $0.outcome == .restart } }

    public var differences: Int { items.count { $0.outcome.isDifference } }
}
