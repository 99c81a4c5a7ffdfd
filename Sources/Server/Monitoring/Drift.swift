import Build

/// The comparison of a verifier's report with the assertions of the current lab.
package struct Drift: Sendable {
    package enum Outcome: String, Sendable, Encodable {
        case ok
        /// The check passed, but the running hypervisor or kernel has been replaced by an upgrade.
        case restart
        /// The check failed.
        case differs
        /// The lab expects another value since the report, and the node does not have it.
        case outdated
        /// The report has no check for this assertion of the lab.
        case unchecked
        /// The report has a check that is no longer an assertion of the lab.
        case surplus

        /// Whether a person has to look at the node.
        package var isDifference: Bool { self != .ok && self != .surplus && self != .restart }
    }

    package struct Item: Sendable, Encodable {
        package var assertion: String
        package var outcome: Outcome
        /// The value on the node; nil when it was not checked.
        package var seen: String?
        /// The value that the lab expects; nil when it expects none.
        package var asked: String?
    }

    /// All items: those of the lab in the order of the lab, then the surplus ones.
    package let items: [Item]

    package init(_ report: VerifierReport, against assertions: [Assertion]) {
        let checks = Dictionary(report.checks.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(assertions.map(\.name))
        items =
            assertions.map { assertion in
                guard let check = checks[assertion.name] else {
                    return Item(assertion: assertion.name, outcome: .unchecked, seen: nil, asked: assertion.expected)
                }
                // The verifier also accepts equivalent values, so its result counts while the expected value is the same.
                let outcome: Outcome =
                    if check.asked == assertion.expected {
                        check.restart == true ? .restart : check.ok ? .ok : .differs
                    } else {
                        check.seen == assertion.expected ? .ok : .outdated
                    }
                return Item(assertion: assertion.name, outcome: outcome, seen: check.seen, asked: assertion.expected)
            }
            + report.checks.filter { !names.contains($0.name) }.map {
                Item(assertion: $0.name, outcome: .surplus, seen: $0.seen, asked: nil)
            }
    }

    /// Whether the node has to be restarted before it runs what is installed.
    package var needsRestart: Bool { items.contains { $0.outcome == .restart } }

    package var differences: Int { items.count { $0.outcome.isDifference } }
}
