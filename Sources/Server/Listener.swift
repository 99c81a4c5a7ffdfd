import FlyingSocks
import FoundationEssentials
import Glibc
import Synchronization

/// Speaks HTTP on a port, and keeps whoever is there in bounds: of memory, of time, of connections.
///
/// The sockets and their event loop are FlyingFox's. Its `HTTPServer` is not taken, for it keeps a request's head of any length in
/// memory, waits for the rest of one for ever, and ends at the first connection that can't be accepted.
final class Listener: Sendable {
    /// What one client may take.
    struct Limits: Sendable {
        /// Bytes of a request's head.
        var head = 8 << 10
        /// Bytes of a body.
        var body = 1 << 18
        /// Bytes of all bodies that are being read.
        var bodies = 64 << 20
        /// Connections at once.
        var connections = 4096
        /// Streams (the page, `watch`) at once.
        var streams = 128
        /// For a whole head.
        var headTime = Duration.seconds(10)
        /// For a whole body.
        var bodyTime = Duration.seconds(20)
        /// Until the next request.
        var idleTime = Duration.seconds(30)
        /// For a client to take the next 64 KiB.
        var writeTime = Duration.seconds(30)

        init() {}
    }

    typealias Handler = @Sendable (Request) async -> Response

    private let limits: Limits
    private let handler: Handler
    private let log: @Sendable (Request, Response) -> Void
    private let socket: Socket
    private let pool = SocketPool.ePoll(maxEvents: 256)
    private let reaper = Reaper()
    /// Bytes that bodies take.
    private let bodies = Mutex(0)
    private let streams = Mutex(0)

    /// - Parameter port: 0 for any that is free.
    /// - Throws: when the port can't be taken.
    init(
        address: String, port: UInt16, limits: Limits = Limits(), log: @escaping @Sendable (Request, Response) -> Void,
        handler: @escaping Handler
    ) throws {
        self.limits = limits
        self.log = log
        self.handler = handler
        socket = try Socket(domain: AF_INET)
        try socket.setValue(true, for: .localAddressReuse)
        do {
            try socket.bind(to: .inet(ip4: address, port: port))
            try socket.listen()
        } catch {
            try? socket.close()
            throw error
        }
        // Programs that this one starts have no business with it.
        _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
        // A client that went away is an error of its own connection.
        signal(SIGPIPE, SIG_IGN)
        var most = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &most) == 0 {
            most.rlim_cur = most.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &most)
        }
    }

    /// Where it listens: `127.0.0.1:8000`.
    var address: String {
        guard case .ip4(let address, let port) = try? socket.sockname() else { return "" }
        return "\(address):\(port)"
    }

    func run() async throws {
        try await pool.prepare()
        let socket = try AsyncSocket(socket: socket, pool: pool)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.pool.run() }
            group.addTask { await self.accept(on: socket) }
            group.addTask {
                while true {
                    try await Task.sleep(for: .milliseconds(500))
                    self.reaper.reap()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func accept(on socket: AsyncSocket) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do {
                    let client = try await socket.accept()
                    guard reaper.add(client.socket, most: limits.connections) else {
                        try? client.close()
                        continue
                    }
                    group.addTask { await self.serve(client) }
                } catch {
                    // No descriptor is free, or the client is gone already: the next may fare better.
                    try? await Task.sleep(for: .milliseconds(20))
                }
            }
        }
    }

    private func serve(_ socket: AsyncSocket) async {
        defer { reaper.close(socket.socket) }
        var connection = Connection(socket: socket, limits: limits, reaper: reaper)
        guard case .ip4(let peer, _) = try? socket.socket.remotePeer() else { return }
        do {
            while try await exchange(on: &connection, peer: peer) {}
        } catch {
            // The client is gone, or was too slow.
        }
    }

    /// One request and its answer.
    /// - Returns: whether another may follow.
    private func exchange(on connection: inout Connection, peer: String) async throws -> Bool {
        var request: Request
        do throws(RequestError) {
            guard let head = try await connection.head() else { return false }
            request = try Request(head: head)
            request.peer = peer
            guard request.contentLength <= limits.body else {
                throw RequestError(.tooLarge, "a body has at most \(limits.body) bytes")
            }
        } catch {
            // What the client still sends is not read, so the connection can't go on.
            try await connection.send(.text(error.status, error.reason), isKept: false, withBody: true)
            await connection.drain()
            return false
        }
        if request.contentLength > 0 {
            let length = request.contentLength
            guard
                bodies.withLock({ taken in
                    guard taken + length <= limits.bodies else { return false }
                    taken += length
                    return true
                })
            else {
                try await connection.send(.text(.unavailable, "too many bodies at once"), isKept: false, withBody: true)
                await connection.drain()
                return false
            }
            defer { bodies.withLock { $0 -= length } }
            if request.headers["expect"]?.lowercased() == "100-continue" { try await connection.sendContinue() }
            request.body = try await connection.body(length)
            return try await answer(request, on: &connection)
        }
        return try await answer(request, on: &connection)
    }

    private func answer(_ request: Request, on connection: inout Connection) async throws -> Bool {
        reaper.expect(connection.socket.socket, within: nil)
        let response = await handler(request)
        log(request, response)
        if case .stream(let stream) = response.body, request.method != "HEAD" {
            guard
                streams.withLock({ count in
                    guard count < limits.streams else { return false }
                    count += 1
                    return true
                })
            else {
                try await connection.send(.text(.unavailable, "too many watch already"), isKept: false, withBody: true)
                return false
            }
            defer { streams.withLock { $0 -= 1 } }
            let client = connection
            try await client.write(response.head(isKept: false))
            try await stream { try await client.write($0) }
            return false
        }
        try await connection.send(response, isKept: request.isKept, withBody: request.method != "HEAD")
        return request.isKept
    }
}
