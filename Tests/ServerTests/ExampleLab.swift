import Build
import Foundation
import Lab
import Testing

@testable import Server

/// A lab of some nodes, and the posts of its nodes.
struct ExampleLab {
    let plan: Plan
    let store: NodeStatusStore

    /// Creates a lab of the nodes xen001, xen002, …
    init(nodes count: Int, more: String = "") throws {
        var text = """
            release: bookworm
            domain: hl.local
            boot_server: {address: 10.8.0.1, port: 8000}
            networks:
              lan: {subnet: 10.8.0.0/16, dhcp: true}
              drbd: {subnet: 172.16.0.0/16}
            defaults:
              cpus: 2
              memory: 4 GiB
              access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
              bridges: {xenbr0: {network: lan}}
            nodes:

            """
        for number in 1...count {
            let mac = String(format: "08:00:27:00:00:%02x", number)
            let other = String(format: "08:00:27:00:01:%02x", number)
            text += """
                  \(Self.name(number)):
                    interfaces:
                      eth0: {mac: "\(other)", network: drbd, address: 172.16.1.\(number)}
                      eth1: {mac: "\(mac)", bridge: xenbr0}
                    install: eth1
                    bridges: {xenbr0: {address: 10.8.1.\(number)}}
                \(more)

                """
        }
        let none: @Sendable (String) throws(LabError) -> Never = { path throws(LabError) in throw .init("no \(path)") }
        let (lab, report) = Spec.read(
            text, file: "lab.yaml",
            labFiles: LabFiles(
                read: { path throws(LabError) in try none(path) }, list: { path throws(LabError) in try none(path) }))
        plan = Plan(lab: try #require(lab, "\(report.text())"), templates: try TemplateSet())
        store = NodeStatusStore(plan)
    }

    static func name(_ number: Int) -> String { String(format: "xen%03d", number) }

    /// Applies the post of a node's lines, without their beginnings; lines of the log begin with `+`.
    func post(_ number: Int, at time: Int, _ lines: String...) {
        let name = Self.name(number)
        let texts = lines.map { line in
            line.hasPrefix("+") ? "xenseed/1+ \(name) \(line.dropFirst())" : "xenseed/1 \(name) \(line)"
        }
        store.apply(Journal.Entry(time: time, node: name, from: "10.8.1.\(number)", content: .progress(texts)))
    }

    func apply(_ content: Journal.Entry.Content, _ number: Int, at time: Int) {
        store.apply(Journal.Entry(time: time, node: Self.name(number), from: nil, content: content))
    }

    /// The lines of an installation without a failure, which takes 1,000 s.
    static let installation = [
        "early - start 100.0", "partitioning - start 120.0", "base - start 200.0", "packages - start 500.0",
        "late - start 700.0", "late packages start 710.0", "late packages ok 790.0", "reboot - start 800.0",
        "boot - ok 50.0",
        "verify - start 50.0", "verify - ok 200.0 24 ok, 0 failed",
    ]
}
