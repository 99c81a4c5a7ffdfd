import Foundation
import Glibc
import TestSupport
import Testing

/// Malicious or broken clients: the server limits its memory and time, keeps answering others, and reveals nothing.
@Suite(.timeLimit(.minutes(15)))
struct HostileTests {
    /// A client that sends and receives raw bytes.
    private final class Client: Sendable {
        private let descriptor: Int32

        init(_ url: String) throws {
            let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0.prefix { $0 != "/" }) })
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(status == 0)
            var patience = timeval(tv_sec: 60, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit { close(descriptor) }

        /// - Returns: whether all bytes were sent.
        @discardableResult
        func say(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }

        /// Returns everything that is received until the server closes the connection.
        func hear() -> String {
            var heard: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return String(decoding: heard, as: UTF8.self) }
                heard += buffer[..<count]
            }
        }
    }

    private func served() throws -> ServeTests.Served {
        try ServeTests.Served(
            labText(nodes: 2).replacing("nodes:\n", with: "report_url: http://10.8.0.1:8000\nnodes:\n"))
    }

    @Test func whatIsNoRequest() throws {
        let served = try served()
        let line = "xenseed/1 node1 early - start 1"
        for (said, status) in [
            ("GET /\r\n\r\n", 505), ("GET\r\n\r\n", 400), ("GET  / HTTP/1.1\r\n\r\n", 400),
            ("get / HTTP/1.1\r\n\r\n", 400),
            ("GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", 400), ("GET * HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nno header\r\n\r\n", 400), ("GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400), ("GET /\u{1B}[31m HTTP/1.1\r\n\r\n", 400),
            ("GET /\u{0} HTTP/1.1\r\n\r\n", 400), ("GET /é HTTP/1.1\r\n\r\n", 400),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400), ("GET / HTTP/3\r\n\r\n", 505), ("GET / HTTP/1.10\r\n\r\n", 505),
            // What NIO accepts, and no client of this server sends.
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{A0}b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: a\n\n", 505),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\n\n", 400),
            ("POST /progress HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST /progress HTTP/1.1\r\nContent-Length: 0x10\r\n\r\n", 400),
            ("POST /progress HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", 400),
            ("POST /progress HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("POST /progress HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\n\(line)", 400),
            ("POST /progress HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n\(line)\r\n0\r\n\r\n", 411),
            ("POST /progress HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
            ("POST /progress HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999\r\n\r\n\(line)", 413),
            ("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 1 << 20), 431),
            ("GET /" + String(repeating: "a", count: 1 << 20), 431),
            ("GET / HTTP/1.1\r\n" + String(repeating: "X-A: b\r\n", count: 1 << 17), 431),
        ] {
            let client = try Client(served.url)
            client.say(said)
            let answer = client.hear()
            #expect(
                answer.hasPrefix("HTTP/1.1 \(status) "), "\(said.prefix(60).debugDescription): \(answer.prefix(80))")
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
        #expect(try served.status().allSatisfy { $0["state"] as? String == "silent" })
        #expect(!served.log.contains("\u{1B}"))
    }

    @Test func wellFormedOnes() throws {
        let served = try served()
        // Two pipelined requests, with an empty line before the first.
        let client = try Client(served.url)
        client.say(
            "\r\nGET /lab.css HTTP/1.1\r\nHost: localhost\r\n\r\nGET /lab.js HTTP/1.1\r\nhost: [::1]\r\nconnection: close\r\n\r\n"
        )
        let both = client.hear()
        #expect(both.components(separatedBy: "HTTP/1.1 200 OK").count == 3 && both.contains("Content-Type: text/css"))
        let old = try Client(served.url)
        old.say("HEAD /lab.json HTTP/1.0\r\n\r\n")
        let head = old.hear()
        #expect(
            head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n") && head.contains("Content-Length: "))
        let expecting = try Client(served.url)
        let line = "xenseed/1 node1 early - start 1"
        let token = try #require(try served.authorization(of: "node1"))
        expecting.say(
            "POST /progress HTTP/1.1\r\nHost: 127.0.0.1\r\n\(token)\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: \(line.utf8.count)\r\n\r\n"
        )
        expecting.say(line)
        #expect(expecting.hear().hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
    }

    /// Hundreds of clients are slow, send heads and bodies without an end, or never read the answers.
    @Test func slowAndHuge() throws {
        let served = try served()
        _ = try served.get("lab.json")
        let before = served.memory
        var clients: [Client] = []
        for number in 0..<600 {
            let client = try Client(served.url)
            switch number % 3 {
            case 0: client.say("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 7000))
            case 1:
                client.say(
                    "POST /report HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200000\r\n\r\n"
                        + String(repeating: "a", count: 100_000))
            default: client.say(String(repeating: "GET /lab.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", count: 300))
            }
            clients.append(client)
        }
        // Other clients are served all the same.
        #expect(try served.get("nodes/node1/preseed.cfg").out.hasSuffix(" [200]"))
        #expect(try served.post("xenseed/1 node1 early - start 1") == "stored\n [200]")
        let grown = (served.memory - before) * sysconf(Int32(_SC_PAGESIZE)) >> 20
        #expect(grown < 160, "\(grown) MiB for 600 clients")
        // The server closes stalled connections: after ten seconds in a head, after twenty in a body.
        let begun = Date()
        #expect(clients[0].hear().isEmpty)
        #expect(clients[1].hear().isEmpty)
        #expect(Date().timeIntervalSince(begun) < 50)
        #expect(try served.get("lab.json").out.hasSuffix(" [200]"))
    }

    /// When the disk is full, the server does not acknowledge posts that it can't store, and everything else works.
    @Test func aFullDisk() throws {
        let served = try served()
        _ = try served.authorization(of: "node1")
        // The limit counts blocks of 512 bytes; because the signal is ignored, writing fails instead of ending the
        // server.
        served.kill()
        try served.start(before: "trap '' XFSZ; ulimit -f 4")
        var answers: [String] = []
        for number in 1...40 { answers.append(try served.post("xenseed/1 node1 base - start \(number)")) }
        #expect(
            answers.first == "stored\n [200]" && answers.last == "the post can't be stored\n [503]", "\(answers)")
        let kept = answers.count { $0 == "stored\n [200]" }
        func events() throws -> Int { (try served.status()[0]["timeline"] as? [Any])?.count ?? 0 }
        #expect(try events() == kept)
        #expect(try served.get("nodes/node1/preseed.cfg").out.hasSuffix(" [200]"))
        served.kill()
        try served.start()
        #expect(try events() == kept)
        #expect(try served.post("xenseed/1 node1 base - ok 99") == "stored\n [200]")
    }
}
