import Foundation
import TestSupport
import Testing

/// A node is installed while another host of the network attacks the server with thousands of connections and forged requests.
@Suite(.timeLimit(.minutes(15)))
struct ServeAttackTests {
    @Test func theNodeNoticesNothing() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
                .replacing(#/# yaml-language-server[^\n]*\n/#, with: ""), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        func script(_ name: String) -> String { checkout.appending(path: "Tests/Server/\(name)").path }
        let ran = try run(
            [
                script("network"), "exec \(program) serve --listen 10.8.8.1:8000 >serve.out 2>serve.log </dev/null",
                "\(script("node")) http://10.8.8.1:8000 out 40", "120",
                "\(script("attack")) http://10.8.8.1:8000 xen01 20 10.8.8.67",
            ], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran)")
        let text = try folder.read("attack.json")
        let answers = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Int]], "\(text)")
        #expect(answers.count == 10)
        for (name, statuses) in answers {
            // Most requests are answered, with a refusal.
            let refused = statuses.filter { $0.key.hasPrefix("4") }.values.reduce(0, +)
            #expect(
                refused > 0 && statuses.keys.allSatisfy { $0.hasPrefix("4") || $0 == "none" }, "\(name): \(statuses)")
        }
        // The journal has what the node said; the log has a bounded number of lines for each client.
        let journal = try folder.read(".xenseed/journal")
        #expect(!journal.contains("10.8.8.66") && !journal.contains("10.8.8.67") && journal.utf8.count < 1 << 16)
        let log = try folder.read("serve.log")
        #expect(log.split(separator: "\n").count < 1000)
        #expect(log.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) })
        #expect(log.contains("requests that were not logged client=10.8.8.6"))
    }
}
