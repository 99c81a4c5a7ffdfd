import Foundation
import Preseed
import TestSupport
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(15)))
struct ProgressTests {
    private func progress(_ lines: String...) throws -> NodeProgress {
        var node = NodeProgress(node: try Hostname(text: "xen01"))
        for line in lines {
            if let (_, text) = ProgressLine.log(in: line) {
                node.receive(log: text)
            } else {
                node.receive(try #require(ProgressLine(in: "xenseed/1 xen01 \(line)"), "\(line)"))
            }
        }
        return node
    }

    @Test func reading() throws {
        let line = try #require(ProgressLine(in: "[ 1.0] xenseed/1 xen01 late packages failed 905.02 exit code 100"))
        #expect(line.node.description == "xen01" && line.stage == .late && line.step == "packages")
        #expect(line.status == .failed && line.seconds == 905.02 && line.message == "exit code 100")
        #expect(ProgressLine(in: "xenseed/1 xen01 boot - ok 1.5")?.step == nil)
        for wrong in [
            "", "xenseed/1", "xenseed/1 ", "xenseed/1 xen01 late - start", "xenseed/1 xen01 late  start 1.0",
            "xenseed/1+ xen01 late - start 1.0 ",
        ] { #expect(ProgressLine(in: wrong) == nil, "\(wrong)") }
        #expect(try #require(ProgressLine.log(in: "xenseed/1+ xen01 a  b")).text == "a  b")
    }

    /// The log of a node has the node's progress lines, too: the last one is that of the failure itself.
    @Test func progressLinesInTheLog() throws {
        let line = "xenseed/1 xen01 late packages failed 905.02 exit code 100"
        #expect(ProgressLine(in: "xenseed/1+ xen01 \(line)") == nil)
        #expect(try #require(ProgressLine.log(in: "xenseed/1+ xen01 \(line)")).text == line)
    }

    @Test func states() throws {
        #expect(try progress().state == .silent)
        #expect(try progress("early - start 1").state == .underWay)
        let failed = try progress("late packages start 1", "late packages failed 2 x", "xenseed/1+ xen01 reason")
        #expect(failed.state == .failed && failed.log == ["reason"] && failed.failure?.step == "packages")
        // Only a later line that starts the stage again clears a failure.
        #expect(try progress("late packages failed 2 x", "late packages start 1").state == .failed)
        #expect(try progress("late packages failed 2 x", "late - start 3").state == .underWay)
        #expect(try progress("late packages failed 2 x", "late - ok 3").state == .failed)
        #expect(try progress("verify - ok 9", "verify - start 1").state == .verified)
        // The failed checks are the log of the verifier's failure.
        let differs = try progress("verify hostname failed 5 saw a, expected b", "verify - failed 6 23 ok, 1 failed")
        #expect(differs.state == .failed && differs.log == ["xen01 verify hostname failed: saw a, expected b"])
        // The node is installed again.
        #expect(try progress("verify - ok 9", "early - start 5").state == .underWay)
    }

    /// An upgraded hypervisor or kernel that does not run yet is neither verified in full nor a failure.
    @Test func restart() throws {
        let upgraded = try progress(
            "late - ok 900", "verify - ok 120 24 ok, 0 failed", "verify - restart 90000 24 ok, 0 failed, restart needed"
        )
        #expect(upgraded.state == .needsRestart && upgraded.isVerified && upgraded.failure == nil)
        #expect(upgraded.percent == 100)
        // Later findings of the verifier do not change the duration of the installation.
        #expect(upgraded.seconds == 1020)
        #expect(try progress("verify - restart 100", "verify - failed 200 1 failed").state == .failed)
        #expect(try progress("verify - failed 100 1 failed", "verify - restart 200").state == .needsRestart)
        #expect(try progress("verify - restart 100", "boot - ok 30", "verify - ok 40").state == .verified)
        #expect(try progress("verify - ok 9", "early - start 5", "late - ok 700").seconds == 709)
    }

    @Test func time() throws {
        #expect(try progress("late - ok 900", "boot - ok 90", "verify - ok 120").seconds == 1020)
        #expect(try progress("late - ok 900", "late packages ok 890").seconds == 900)
        #expect(try progress("verify - ok 120").percent == 100)
        let shares = Stage.allCases.map(\.share)
        #expect(shares == shares.sorted() && shares.allSatisfy { (0..<100).contains($0) })
    }

    /// The reference page has every stage and no other, in their order.
    @Test func stagesAreDocumented() throws {
        let page = try String(contentsOf: checkout.appending(path: "docs/reference/progress.md"), encoding: .utf8)
        let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| STAGE |") })
        #expect(row.matches(of: #/`(\w+)`/#).map { String($0.1) } == Stage.allCases.map(\.rawValue))
    }
}
