import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on NIO's sockets. It listens at several addresses, with or without TLS.
final class HTTPServer: Sendable {
    /// An address to listen at.
    struct Endpoint: Sendable {
        var address: SocketAddress
        /// nil for plain HTTP.
        var tls: NIOSSLContext?
    }

    private let group: MultiThreadedEventLoopGroup
    private let listeners: [any Channel]
    /// The URLs at which the server can be reached.
    let urls: [String]
    private let connections: Connections
    private let limits: ClientLimits

    /// The open connections.
    private final class Connections: Sendable {
        private struct State {
            var channels: [ObjectIdentifier: any Channel] = [:]
            var isStopping = false
        }
        private let state = Mutex(State())

        var isStopping: Bool { state.withLock(\.isStopping) }
        var isEmpty: Bool { state.withLock(\.channels.isEmpty) }

        func add(_ channel: any Channel) { state.withLock { $0.channels[ObjectIdentifier(channel)] = channel } }
        func remove(_ channel: any Channel) {
            _ = state.withLock { $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }

        /// Marks the server as stopping.
        /// - Returns: The connections that are open.
        func stop() -> [any Channel] {
            state.withLock { state in
                state.isStopping = true
                return Array(state.channels.values)
            }
        }
    }

    /// Listens at all addresses.
    /// - Throws: ``ServerError`` with the address that can't be used.
    static func start(
        at endpoints: [Endpoint], isKnown: @escaping @Sendable (String) -> Bool,
        log: @escaping @Sendable (Request, Response) -> Void, answer: @escaping @Sendable (Request) -> Answer
    ) async throws -> HTTPServer {
        let connections = Connections()
        let limits = ClientLimits(connections: raiseFileLimit(), isKnown: isKnown)
        let shared = ConnectionHandler.Shared(
            limits: limits, answer: answer, log: log, isStopping: { connections.isStopping })
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        var listeners: [any Channel] = []
        for endpoint in endpoints {
            do {
                let listener = try await ServerBootstrap(group: group)
                    .serverChannelOption(.backlog, value: 1024)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    // A client may end its side of the connection and still wait for the answer, as nc does.
                    .childChannelOption(.allowRemoteHalfClosure, value: true)
                    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                    // What is read at once is decoded at once, and so limits the number of pipelined requests in memory.
                    .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                    .childChannelOption(.maxMessagesPerRead, value: 1)
                    .childChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try accept(channel, shared, connections, endpoint.tls)
                        }
                    }
                    .bind(to: endpoint.address).get()
                listeners.append(listener)
            } catch {
                for listener in listeners { try? await listener.close() }
                try? await group.shutdownGracefully()
                throw ServerError.failed("can't listen", Self.text(endpoint.address), error)
            }
        }
        let urls = zip(endpoints, listeners).map { endpoint, listener in
            "\(endpoint.tls == nil ? "http" : "https")://\(text(listener.localAddress ?? endpoint.address))/"
        }
        return HTTPServer(group, listeners, urls, connections, limits)
    }

    private init(
        _ group: MultiThreadedEventLoopGroup, _ listeners: [any Channel], _ urls: [String],
        _ connections: Connections, _ limits: ClientLimits
    ) {
        (self.group, self.listeners, self.urls) = (group, listeners, urls)
        (self.connections, self.limits) = (connections, limits)
    }

    private static func accept(
        _ channel: any Channel, _ shared: ConnectionHandler.Shared, _ connections: Connections, _ tls: NIOSSLContext?
    ) throws {
        guard let peer = channel.remoteAddress.flatMap(host), !connections.isStopping,
            shared.limits.reserve(.connections, for: peer)
        else { throw ChannelError.ioOnClosedChannel }
        connections.add(channel)
        channel.closeFuture.whenComplete { _ in
            connections.remove(channel)
            shared.limits.release(.connections, of: peer)
        }
        try addHandlers(to: channel, shared, peer: peer, tls: tls)
    }

    /// Sets up a connection.
    static func addHandlers(
        to channel: any Channel, _ shared: ConnectionHandler.Shared, peer: String, tls: NIOSSLContext?
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8 << 10
        limits.maxHeaderListSize = 8 << 10
        limits.maxHeaderFieldCount = 64
        try pipeline.addHandlers([
            ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
            ),
            ConnectionHandler(shared, peer: peer, isEncrypted: tls != nil),
        ])
    }

    /// Returns the address of a host: an IPv4 address also when an IPv6 socket has accepted its connection.
    private static func host(of address: SocketAddress) -> String? {
        guard let text = address.ipAddress else { return nil }
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }

    private static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        return "\(host.contains(":") ? "[\(host)]" : host):\(address.port ?? 0)"
    }

    /// Raises the limit of open files as far as the system allows.
    /// - Returns: The number of connections that can be open at once, at most 4,096.
    private static func raiseFileLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // Each connection may have a file open, and the journal and the tree need some.
        return min(4096, (Int(clamping: limit.rlim_cur) - 128) / 2)
    }

    var openConnections: Int { limits.used(.connections) }
    var openStreams: Int { limits.used(.streams) }

    /// Stops listening, ends idle connections and streams, and lets the other connections finish their answers.
    /// - Parameter time: The longest time to wait for them.
    func shutDown(within time: Duration) async {
        for listener in listeners { try? await listener.close() }
        for channel in connections.stop() {
            channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping())
        }
        let end = ContinuousClock.now + time
        while !connections.isEmpty, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
        try? await group.shutdownGracefully()
    }
}
