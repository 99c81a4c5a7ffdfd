import Foundation
import TestSupport
import Testing

@testable import Build
@testable import Server

@Suite(.timeLimit(.minutes(15)))
struct AssertionTests {
    /// The assertions that `verify` derives from the lab equal, in order, those in the report of the node's verifier.
    @Test(arguments: LabCase.all) func asTheVerifierHasThem(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let plan = Plan(lab: tree.lab, templates: try TemplateSet())
        for node in tree.someNodes {
            let root = try TemporaryFolder()
            let expect = root.url("etc/xenseed/expect")
            try FileManager.default.createDirectory(
                at: expect.deletingLastPathComponent(), withIntermediateDirectories: true)
            let members = plan.overlay(node)
            guard case .file(let text) = try #require(members.first { $0.path == "etc/xenseed/expect" }).kind else {
                Issue.record("expect is no file")
                return
            }
            // There is no server here, and the verifier would wait for it.
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("report ") }
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: expect)
            let script = checkout.appending(path: "templates/xenseed-verify.sh").path
            let ran = try run(["/bin/sh", script], environment: ["XENSEED_ROOT": root.path])
            #expect(ran.status == 1, "\(ran)")
            let report = try VerifierReport(try Data(contentsOf: root.url("var/lib/xenseed/report.json")))
            let assertions = plan.assertions(of: node)
            #expect(report.checks.map { [$0.name, $0.asked] } == assertions.map { [$0.name, $0.expected] })
        }
    }
}
