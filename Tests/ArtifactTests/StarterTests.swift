import Foundation
import Lab
import Preseed
import TestSupport
import Testing

@testable import Build

/// The labs that `xenseed init` writes.
@Suite(.timeLimit(.minutes(15)))
struct StarterTests {
    private func read(_ text: String) -> (lab: Lab?, report: DiagnosticReport) {
        Spec.read(
            text, file: "lab.yaml",
            labFiles: LabFiles(
                read: { _ throws(LabError) in throw LabError("no such file") },
                list: { _ throws(LabError) in throw LabError("no such file") }))
    }

    @Test(arguments: Release.all, [1, 2, 30, 99])
    func hasTheReleaseAndTheNodes(_ release: Release, _ nodes: Int) throws {
        let (lab, report) = read(Starter.text(release: release, nodes: nodes))
        // Nobody can log in until the user adds a key.
        #expect(report.diagnostics.map(\.code.id) == ["X0602"], "\(report.text())")
        #expect(lab?.release.codename == release.codename)
        #expect(lab?.nodes.map(\.name.description) == (1...nodes).map { String(format: "xen%02d", $0) })
    }

    /// The lines in comments are correct, too, as soon as the user has replaced the key.
    @Test func commentedLinesAreCorrect() throws {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGv0Xzo2Zp9dH2y1n7q3l5w8t6r4e2u0i8o6p4a2s0d1 you@desk"
        let text = Starter.text(release: nil, nodes: 2).replacing(#/(?m)^( *)# ([a-z_]+:( |$)| +[a-z_]+:| +- )/#) {
            "\($0.1)\($0.2)"
        }.replacing("ssh-ed25519 AAAA… you@desk", with: key)
        let (lab, report) = read(text)
        #expect(report.diagnostics.isEmpty, "\(report.text())")
        let model = try #require(lab)
        #expect(model.bootServer != nil && model.reportURL != nil)
        #expect(model.nodes.allSatisfy { $0.console != nil && !$0.access.authorizedKeys.isEmpty })
    }

    @Test func articleIsTheReferenceLab() throws {
        let reference = try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
        let lines = Starter.article(release: nil).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "# yaml-language-server: $schema=./lab.schema.json")
        #expect(lines.dropFirst() == reference.split(separator: "\n", omittingEmptySubsequences: false).dropFirst())
        for release in Release.all {
            #expect(read(Starter.article(release: release)).lab?.release.codename == release.codename)
        }
    }
}
