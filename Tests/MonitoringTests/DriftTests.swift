import Build
import Foundation
import Server
import Testing

/// Compares verifier reports with the assertions of the current lab.
@Suite(.timeLimit(.minutes(15)))
struct DriftTests {
    private let assertions = [
        Assertion(.xenRunning, arguments: [], expected: "control_d"),
        Assertion(.hostname, arguments: ["xen01.hl.local"]),
        Assertion(.xenOption, "dom0_mem", arguments: ["dom0_mem=1024M,max:1024M"]),
        Assertion(.totalMemory, arguments: ["2048"], expected: "2048 MiB"),
        Assertion(
            .address, "eth0", arguments: ["eth0", "172.16.22.13/24"], expected: "172.16.22.13/24"),
        Assertion(.bridge, "xenbr0", arguments: ["xenbr0", "eth1", "eth2"], expected: "up with eth1 eth2"),
        Assertion(.lease, "xenbr0", arguments: ["xenbr0"], expected: "an address"),
        Assertion(.grubFirst, arguments: ["xen"], expected: "xen with dom0_mem=1024M,max:1024M"),
    ]
    private let current = ["kernel", "xen"].map {
        Assertion(.current, $0, arguments: [$0], expected: "the installed build")
    }

    private func report(_ changes: [String: (ok: Bool, seen: String, asked: String)?] = [:]) throws -> VerifierReport {
        var checks = assertions.map { ($0.name, true, $0.expected, $0.expected) }
        for (name, change) in changes {
            let place = checks.firstIndex { $0.0 == name }
            switch (place, change) {
            case (let place?, nil): checks.remove(at: place)
            case (let place?, let change?): checks[place] = (name, change.ok, change.seen, change.asked)
            case (nil, let change?): checks.append((name, change.ok, change.seen, change.asked))
            case (nil, nil): break
            }
        }
        let failed = checks.count { !$0.1 }
        let object: [String: Any] = [
            "format": 1, "node": "xen01.hl.local", "time": "2026-11-24T12:00:00Z", "passed": checks.count - failed,
            "failed": failed,
            "checks": checks.map { ["name": $0.0, "ok": $0.1, "seen": $0.2, "asked": $0.3] as [String: Any] },
        ]
        return try VerifierReport(try JSONSerialization.data(withJSONObject: object))
    }

    private func outcomes(_ report: VerifierReport) -> [String: Drift.Outcome] {
        let items = Drift(report, against: assertions).items
        return Dictionary(uniqueKeysWithValues: items.filter { $0.outcome != .ok }.map { ($0.assertion, $0.outcome) })
    }

    @Test func names() {
        #expect(
            assertions.map { "\($0.line) | \($0.name): \($0.expected)" } == [
                "xen-running | xen-running: control_d", "hostname xen01.hl.local | hostname: xen01.hl.local",
                "xen-option dom0_mem=1024M,max:1024M | xen-option dom0_mem: dom0_mem=1024M,max:1024M",
                "total-memory 2048 | total-memory: 2048 MiB",
                "address eth0 172.16.22.13/24 | address eth0: 172.16.22.13/24",
                "bridge xenbr0 eth1 eth2 | bridge xenbr0: up with eth1 eth2",
                "lease xenbr0 | lease xenbr0: an address",
                "grub-first xen | grub-first: xen with dom0_mem=1024M,max:1024M",
            ])
    }

    /// A required restart is reported, but is not a difference.
    @Test func restart() throws {
        let checks = current.map { assertion -> [String: Any] in
            var check: [String: Any] = [
                "name": assertion.name, "ok": true, "seen": assertion.expected, "asked": assertion.expected,
            ]
            if assertion.name == "current xen" { check["restart"] = true }
            return check
        }
        let object: [String: Any] = [
            "format": 1, "node": "xen01.hl.local", "time": "2026-11-24T12:00:00Z", "passed": checks.count,
            "failed": 0, "checks": checks,
        ]
        let report = try VerifierReport(try JSONSerialization.data(withJSONObject: object))
        let drift = Drift(report, against: current)
        #expect(drift.needsRestart && drift.differences == 0)
        #expect(drift.items.filter { $0.outcome == .restart }.map(\.assertion) == ["current xen"])
    }

    @Test func outcomes() throws {
        #expect(outcomes(try report()).isEmpty)
        // A deviation that the verifier accepted is accepted here, too.
        #expect(outcomes(try report(["total-memory": (true, "2047 MiB", "2048 MiB")])).isEmpty)
        #expect(outcomes(try report(["hostname": (false, "debian", "xen01.hl.local")])) == ["hostname": .differs])
        // After a change of the lab, the machine is outdated, or it already matches the new lab.
        #expect(
            outcomes(try report(["address eth0": (true, "10.0.0.1/24", "10.0.0.1/24")])) == ["address eth0": .outdated])
        #expect(outcomes(try report(["address eth0": (false, "172.16.22.13/24", "10.0.0.1/24")])).isEmpty)
        #expect(outcomes(try report(["grub-first": nil])) == ["grub-first": .unchecked])
        let surplus = try report(["address eth9": (true, "10.0.0.1/24", "10.0.0.1/24")])
        #expect(outcomes(surplus) == ["address eth9": .surplus])
        #expect(Drift(surplus, against: assertions).differences == 0)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"format": 2, "node": "a", "time": "t", "passed": 0, "failed": 0, "checks": []}"#,
        #"{"format": 1, "node": "a", "time": "t", "passed": 0, "failed": 0, "checks": []}"#,
        #"{"format": 1, "node": "a", "time": "t", "passed": 2, "failed": 0, "checks": [{"name": "a", "ok": true, "seen": "", "asked": ""}]}"#,
        String(repeating: "[", count: 100_000),
    ]) func noReport(_ text: String) {
        #expect(#expect(throws: ServerError.self) { try VerifierReport(Data(text.utf8)) }?.code == .report)
    }

    @Test func tooLarge() {
        let error = #expect(throws: ServerError.self) { try VerifierReport(Data(count: VerifierReport.limit + 1)) }
        #expect(error?.code == .report)
    }
}
