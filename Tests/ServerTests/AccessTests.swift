import Build
import Foundation
import Lab
import Logging
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

/// Which host may act as which node. The requests come from addresses of the lab's network, without sockets.
@Suite(.timeLimit(.minutes(15)))
struct AccessTests {
    /// A server of a lab with three nodes; the lab knows no address of the third.
    private struct Served {
        let folder: TemporaryFolder
        let server: LabServer

        init(_ access: LabServer.Access = .init(addresses: [])) async throws {
            folder = try TemporaryFolder()
            let text = """
                release: bookworm
                domain: hl.local
                report_url: http://10.8.8.1:8000
                boot_server: {address: 10.8.8.1, port: 8000}
                networks:
                  lan: {subnet: 10.8.8.0/24, dhcp: true}
                defaults:
                  cpus: 2
                  memory: 4 GiB
                  bridges: {xenbr0: {network: lan}}
                  access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
                nodes:
                  xen01: {interfaces: {eth0: {mac: "08:00:27:00:00:01", bridge: xenbr0}}, bridges: {xenbr0: {address: 10.8.8.13}}}
                  xen02: {interfaces: {eth0: {mac: "08:00:27:00:00:02", bridge: xenbr0}}, bridges: {xenbr0: {address: 10.8.8.14}}}
                  xen03: {interfaces: {eth0: {mac: "08:00:27:00:00:03", bridge: xenbr0}}}
                """
            let (lab, report) = Spec.read(
                text, file: "lab.yaml", labFiles: LabFiles(read: { _ in [] }, list: { _ in [] }))
            let plan = Plan(lab: try #require(lab, "\(report.text())"), templates: try TemplateSet())
            let tree = try OutputTree(folder.url("out").path, plan: plan)
            _ = try await tree.build()
            let owner = try #require(try StateDirectory(folder.url("state").path).own())
            server = try await LabServer(
                plan, tree: tree, owner: owner, access: access,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try server.routes.reload()
        }

        /// Sends a request.
        /// - Returns: The status, and the body when it is in memory.
        func ask(
            _ method: HTTPMethod, _ path: String, from peer: String, body: String = "", token: String? = nil,
            headers: [(String, String)] = [], isEncrypted: Bool = false
        ) async throws -> (status: UInt, body: String) {
            var fields = HTTPHeaders([("Host", "10.8.8.1:8000")] + headers)
            if let token { fields.add(name: "Authorization", value: "Bearer \(token)") }
            let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields)
            var request = try Request(head, peer: peer, isEncrypted: isEncrypted)
            request.body = Array(body.utf8)
            let response: Response =
                switch server.answer(request) {
                case .now(let response): response
                case .later(let work): await work()
                }
            switch response.body {
            case .bytes(let bytes): return (response.status.code, String(decoding: bytes, as: UTF8.self))
            case .file(let file, _):
                try file.close()
                return (response.status.code, "")
            case .stream: return (response.status.code, "")
            }
        }

        func preseed(_ node: String, from peer: String) async throws -> UInt {
            try await ask(.GET, "/nodes/\(node)/preseed.cfg", from: peer).status
        }

        func claim(_ node: String, from peer: String) async throws -> String? {
            let (status, body) = try await ask(.POST, "/claim", from: peer, body: node + "\n")
            return status == 200 ? body.trimmingCharacters(in: .newlines) : nil
        }

        func progress(_ line: String, from peer: String, token: String?) async throws -> UInt {
            try await ask(.POST, "/progress", from: peer, body: "xenseed/1 \(line)\n", token: token).status
        }

        func operatorToken() throws -> String {
            try String(contentsOf: folder.url("state/operator-token"), encoding: .utf8)
                .trimmingCharacters(in: .newlines)
        }
    }

    @Test func aStrangerIsNoNode() async throws {
        let served = try await Served()
        for peer in ["10.8.8.66", "10.8.8.14", "2001:db8::1", "::ffff:10.8.8.13"] {
            #expect(try await served.preseed("xen01", from: peer) == 403)
            #expect(try await served.claim("xen01", from: peer) == nil)
        }
        #expect(try await served.preseed("xen01", from: "10.8.8.13") == 200)
        let token = try #require(try await served.claim("xen01", from: "10.8.8.13"))
        // Not even with the token.
        #expect(try await served.progress("xen01 reboot - start 1", from: "10.8.8.66", token: token) == 403)
        #expect(try await served.progress("xen01 reboot - start 1", from: "10.8.8.13", token: nil) == 403)
        #expect(
            try await served.progress(
                "xen01 reboot - start 1", from: "10.8.8.13", token: (token.first == "f" ? "e" : "f") + token.dropFirst()
            )
                == 403)
        #expect(try await served.progress("xen02 reboot - start 1", from: "10.8.8.13", token: token) == 403)
        #expect(served.server.statusStore.isArmed("xen01"))
        #expect(try await served.progress("xen01 reboot - start 1", from: "10.8.8.13", token: token) == 200)
        #expect(!served.server.statusStore.isArmed("xen01"))
    }

    /// All files below the node's directory, and those of the media, may have the hash of a password.
    @Test func hashesAreForTheNodeOnly() async throws {
        let served = try await Served()
        let digests = try String(contentsOf: served.folder.url("out/SHA256SUMS"), encoding: .utf8)
        let paths = digests.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { String($0.dropFirst(66)) }
        let hashed = try paths.filter { path in
            let file = served.folder.url("out/\(path)")
            guard path.hasSuffix(".gz") else {
                return try Data(contentsOf: file).range(of: Data("$6$saltsalt".utf8)) != nil
            }
            return try run(["sh", "-c", "gzip -dc \"$1\" | grep -qF '$6$saltsalt'", "sh", file.path]).status == 0
        }
        #expect(hashed.contains("nodes/xen01/preseed.cfg") && hashed.contains("usb/seed.cpio.gz"))
        func statuses(from peer: String, token: String? = nil) async throws -> [String: UInt] {
            var found: [String: UInt] = [:]
            for path in hashed { found[path] = try await served.ask(.GET, "/" + path, from: peer, token: token).status }
            return found
        }
        #expect(
            try await statuses(from: "10.8.8.66").filter { !$0.key.hasPrefix("nodes/xen03/") }.values.allSatisfy {
                $0 == 403
            })
        let own = try await statuses(from: "10.8.8.13")
        #expect(own.allSatisfy { $0.value == ($0.key.hasPrefix("nodes/xen01/") ? 200 : 403) }, "\(own)")
        let token = try #require(try await served.claim("xen01", from: "10.8.8.13"))
        #expect(try await statuses(from: "10.8.8.66", token: served.operatorToken()).values.allSatisfy { $0 == 200 })
        // Once the node is installed, its hash is served to nobody but the operator.
        #expect(try await served.progress("xen01 reboot - start 1", from: "10.8.8.13", token: token) == 200)
        #expect(try await statuses(from: "10.8.8.13").values.allSatisfy { $0 == 403 })
        #expect(try await served.claim("xen01", from: "10.8.8.13") == nil)
    }

    /// A node whose address the lab does not know is the first client that fetches its preseed.
    @Test func firstUse() async throws {
        let served = try await Served()
        // The address of another node is refused.
        #expect(try await served.preseed("xen03", from: "10.8.8.13") == 403)
        #expect(try await served.ask(.HEAD, "/nodes/xen03/preseed.cfg", from: "10.8.8.70").status == 200)
        #expect(try await served.ask(.GET, "/nodes/xen03/overlay.tar.gz", from: "10.8.8.70").status == 403)
        #expect(try await served.preseed("xen03", from: "10.8.8.71") == 200)
        #expect(try await served.ask(.GET, "/nodes/xen03/overlay.tar.gz", from: "10.8.8.71").status == 200)
        #expect(try await served.preseed("xen03", from: "10.8.8.70") == 403)
        #expect(try await served.claim("xen03", from: "10.8.8.70") == nil)
        // The installation starts again: the first token ends.
        let first = try #require(try await served.claim("xen03", from: "10.8.8.71"))
        #expect(try await served.preseed("xen03", from: "10.8.8.71") == 200)
        let second = try #require(try await served.claim("xen03", from: "10.8.8.71"))
        #expect(try await served.progress("xen03 early - start 1", from: "10.8.8.71", token: first) == 403)
        #expect(try await served.progress("xen03 early - start 1", from: "10.8.8.71", token: second) == 200)
        // Armed again, it is bound to the next client.
        let armed = try await served.ask(.POST, "/arm", from: "10.8.8.2", body: "xen03", token: served.operatorToken())
        #expect(armed.status == 200)
        #expect(try await served.preseed("xen03", from: "10.8.8.72") == 200)
        #expect(try await served.preseed("xen03", from: "10.8.8.71") == 403)
    }

    /// Of many clients that fetch at the same time, one is bound.
    @Test func oneOfMany() async throws {
        let served = try await Served()
        let statuses = try await withThrowingTaskGroup(of: UInt.self) { group in
            for number in 100..<150 { group.addTask { try await served.preseed("xen03", from: "10.8.8.\(number)") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 403 } == 49)
    }

    /// Nodes behind a NAT have one address; their tokens tell them apart.
    @Test func behindNAT() async throws {
        var access = LabServer.Access(addresses: [])
        access.sharedNetworks = [try #require(AddressNetwork("192.168.7.0/30"))]
        let served = try await Served(access)
        for peer in ["127.0.0.1", "::1", "192.168.7.2"] {
            let token = try #require(try await served.claim("xen01", from: peer))
            let other = try #require(try await served.claim("xen02", from: peer))
            #expect(try await served.progress("xen02 base - start 1", from: peer, token: token) == 403)
            #expect(try await served.progress("xen01 base - start 1", from: peer, token: token) == 200)
            #expect(try await served.progress("xen02 base - start 1", from: peer, token: other) == 200)
            #expect(try await served.preseed("xen01", from: "192.168.7.4") == 403)
            let names = "xen01\nxen02\n"
            #expect(
                try await served.ask(.POST, "/arm", from: peer, body: names, token: served.operatorToken()).status
                    == 200)
        }
    }

    @Test func theBindingSurvives() async throws {
        let served = try await Served()
        #expect(try await served.preseed("xen03", from: "10.8.8.71") == 200)
        let token = try #require(try await served.claim("xen03", from: "10.8.8.71"))
        let journal = try String(contentsOf: served.folder.url("state/journal"), encoding: .utf8)
        #expect(!journal.contains(token))
        let again = NodeStatusStore(served.server.statusStore.plan)
        for entry in served.server.statusStore.records() { again.apply(entry) }
        #expect(again.binding(of: "xen03") == served.server.statusStore.binding(of: "xen03"))
        #expect(again.binding(of: "xen03").address == "10.8.8.71")
    }

    @Test func operators() async throws {
        let served = try await Served()
        let token = try served.operatorToken()
        for (wrong, status) in [(nil, 401), ("", 401), (String(repeating: "0", count: 32), 401), (token, 200)]
            as [(String?, UInt)]
        {
            #expect(
                try await served.ask(.POST, "/disarm", from: "10.8.8.66", body: "xen01", token: wrong).status == status)
        }
        #expect(!served.server.statusStore.isArmed("xen01"))
        #expect(
            try await served.ask(.POST, "/arm", from: "10.8.8.66", body: "xen1", token: token).body.hasPrefix(
                "the lab has no node xen1; did you mean xen01?"))
        #expect(try await served.ask(.POST, "/arm", from: "10.8.8.66", token: token).status == 400)
        #expect(try await served.ask(.GET, "/arm", from: "10.8.8.66", token: token).status == 405)
        // A page of another site can't use a token that a browser may have kept.
        for header in [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")] {
            let answer = try await served.ask(
                .POST, "/arm", from: "10.8.8.66", body: "xen01", token: token, headers: [header])
            #expect(answer.status == 403)
        }
        let own = [("Origin", "http://10.8.8.1:8000"), ("Sec-Fetch-Site", "same-origin")]
        let armed = try await served.ask(.POST, "/arm", from: "10.8.8.66", body: "xen01", token: token, headers: own)
        #expect(armed.status == 200 && armed.body.contains("its disk is ERASED"))
        let node = try #require(try await served.claim("xen02", from: "10.8.8.14"))
        #expect(try await served.ask(.POST, "/arm", from: "10.8.8.14", body: "xen02", token: node).status == 401)
    }

    /// With TLS, the operator's token is not accepted where others can read it.
    @Test func operatorsWithTLS() async throws {
        var access = LabServer.Access(addresses: [])
        access.tls = ("certificate.pem", "key.pem", 8443)
        let served = try await Served(access)
        let token = try served.operatorToken()
        #expect(try await served.ask(.POST, "/arm", from: "10.8.8.2", body: "xen01", token: token).status == 403)
        #expect(
            try await served.ask(.POST, "/arm", from: "10.8.8.2", body: "xen01", token: token, isEncrypted: true).status
                == 200)
        #expect(try await served.ask(.POST, "/arm", from: "127.0.0.1", body: "xen01", token: token).status == 200)
    }

    /// A browser that was led here under another name gets nothing (DNS rebinding).
    @Test func names() async throws {
        var access = LabServer.Access(addresses: [])
        access.serverNames = ["Lab.Example"]
        let served = try await Served(access)
        func status(_ host: String) async throws -> UInt {
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: "/lab.css", headers: HTTPHeaders([("Host", host)]))
            let request = try Request(head, peer: "10.8.8.66", isEncrypted: false)
            guard case .now(let response) = served.server.answer(request) else { return 0 }
            return response.status.code
        }
        for host in [
            "10.8.8.1", "10.8.8.1:8000", "[2001:db8::1]:8000", "[::1]", "localhost:80", "lab.example:8000", "LOCALHOST",
        ] {
            #expect(try await status(host) == 200, "\(host)")
        }
        for host in ["evil.example", "10.8.8.1.evil.example", "", "localhost.evil.example:8000", "[evil]"] {
            #expect(try await status(host) == 421, "\(host)")
        }
    }

    @Test func metrics() async throws {
        let served = try await Served()
        #expect(try await served.preseed("xen01", from: "10.8.8.13") == 200)
        let text = try await served.ask(.GET, "/metrics", from: "10.8.8.66").body
        #expect(text.contains("\nxenseed_nodes{state=\"silent\"} 3\n") && text.contains("\nxenseed_nodes_armed 3\n"))
        let size = try Data(contentsOf: served.folder.url("state/journal")).count
        #expect(text.contains("\nxenseed_journal_bytes \(size)\n"))
        // The library of Prometheus for Python reads it.
        try Data(text.utf8).write(to: served.folder.url("metrics"))
        let script = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families
            print(sum(len(family.samples) for family in text_string_to_metric_families(open(sys.argv[1]).read())))
            """
        let read = try run(["/usr/bin/python3", "-c", script, served.folder.url("metrics").path])
        #expect(read.out == "\(text.split(separator: "\n").count { !$0.hasPrefix("#") })\n", "\(read)")
    }
}
