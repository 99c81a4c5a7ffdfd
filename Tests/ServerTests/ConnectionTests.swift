import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import Server

/// A connection is closed when the client is too slow, by a clock that the test moves.
@Suite(.timeLimit(.minutes(15)))
struct ConnectionTests {
    /// A connection from an address, without a socket.
    private final class Connection {
        let channel = EmbeddedChannel()
        let limits: ClientLimits

        init(
            from peer: String = "10.8.8.66", limits: ClientLimits = ClientLimits(connections: 64) { _ in false },
            answer: @escaping @Sendable (Request) -> Answer = { .now(.text(.ok, $0.rawPath)) }
        ) throws {
            self.limits = limits
            let shared = ConnectionHandler.Shared(
                limits: limits, answer: answer, log: { _, _ in }, isStopping: { false })
            try HTTPServer.addHandlers(to: channel, shared, peer: peer, tls: nil)
            try channel.connect(to: SocketAddress(ipAddress: "10.8.8.1", port: 8000)).wait()
        }

        deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

        func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

        func received() throws -> String {
            var text = ""
            while let piece = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: piece) }
            return text
        }
    }

    private static let request = "GET /a HTTP/1.1\r\nHost: 10.8.8.1\r\n\r\n"

    @Test func keepsServing() throws {
        let connection = try Connection()
        for path in ["/a", "/b?c", "/"] {
            try connection.send("GET \(path) HTTP/1.1\r\nHost: 10.8.8.1\r\n\r\n")
            #expect(try connection.received().hasPrefix("HTTP/1.1 200 OK\r\n"))
            connection.channel.embeddedEventLoop.advanceTime(by: .seconds(25))
        }
        #expect(connection.channel.isActive)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(!connection.channel.isActive)
    }

    /// What a client sends before it stops, and within how many seconds the connection is closed.
    @Test(arguments: [
        ("", 12), ("GET / HTTP/1.1\r\nHost: ", 12), ("\r\n\r\n", 12),
        ("POST /progress HTTP/1.1\r\nHost: 10.8.8.1\r\nContent-Length: 1000\r\n\r\nx", 22),
        (request, 32), (request + "\r\n", 32), (request + "GET /", 32),
    ])
    func closes(_ text: String, _ seconds: Int) throws {
        let connection = try Connection()
        try connection.send(text)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(seconds) - 3))
        #expect(connection.channel.isActive)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(!connection.channel.isActive)
        #expect(connection.limits.used(.bodyBytes) == 0)
    }

    /// A client that sends something again and again, but never a request, does not stay for longer.
    @Test(arguments: ["\r\n", "a"]) func closesAlthoughSomethingArrives(_ piece: String) throws {
        let connection = try Connection()
        if piece == "a" { try connection.send("GET / HTTP/1.1\r\nHost: ") }
        for _ in 0..<15 where connection.channel.isActive {
            try connection.send(piece)
            connection.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(!connection.channel.isActive)
    }

    /// Bodies that are announced and not sent take no more than the client's share.
    @Test func announcedBodies() throws {
        let limits = ClientLimits(connections: 4096) { $0 == "10.8.8.13" }
        let post = "POST /report HTTP/1.1\r\nHost: 10.8.8.1\r\nContent-Length: 262144\r\n\r\nx"
        func posting(from peer: String) throws -> (connection: Connection, isTaken: Bool) {
            let connection = try Connection(from: peer, limits: limits)
            try connection.send(post)
            return (connection, try connection.received().isEmpty)
        }
        var attack = try (0..<256).map { _ in try posting(from: "10.8.8.66") }
        #expect(attack.count(where: \.isTaken) == 32)
        // A node's post is received, even if all other hosts take part in the attack.
        attack += try (1...200).map { try posting(from: "10.8.9.\($0)") }
        #expect(attack.count(where: \.isTaken) == 128)
        #expect(try posting(from: "10.8.8.13").isTaken)
        attack = []
        #expect(limits.used(.bodyBytes) == 0)
    }

    /// Pipelined requests are answered in their order.
    @Test func pipelined() throws {
        let connection = try Connection()
        let paths = (1...50).map { "/\($0)" }
        try connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: 10.8.8.1\r\n\r\n" }.joined())
        connection.channel.embeddedEventLoop.run()
        let bodies = try connection.received().matches(of: #/\r\n\r\n(\/\d+)\n/#).map { String($0.1) }
        #expect(bodies == paths && connection.channel.isActive)
    }

    /// A host of IPv6 chooses among 2^64 addresses.
    @Test func aNetworkOfIPv6IsOneClient() {
        let limits = ClientLimits(connections: 64) { _ in false }
        let taken = (1...20).count { limits.reserve(.connections, for: "2001:db8:1:2::\(String($0, radix: 16))") }
        #expect(taken == 16)
        #expect(!limits.reserve(.connections, for: "2001:db8:1:2:ffff:1:2:3"))
        #expect(limits.reserve(.connections, for: "2001:db8:1:3::1"))
        for number in 1...16 { limits.release(.connections, of: "2001:db8:1:2::\(number)") }
        #expect(limits.used(.connections) == 1)
    }
}
