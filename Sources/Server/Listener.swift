import FlyingSocks
import Foundation
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
        do throws(Request.Malformed) {
            guard let head = try await connection.head() else { return false }
            request = try Request(head: head)
            request.peer = peer
            guard request.contentLength <= limits.body else {
                throw Request.Malformed(status: .tooLarge, reason: "a body has at most \(limits.body) bytes")
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

/// Ends connections whose time is over.
final class Reaper: Sendable {
    private let deadlines = Mutex<[Int32: ContinuousClock.Instant?]>([:])

    /// - Returns: false when there are too many already.
    func add(_ socket: Socket, most: Int) -> Bool {
        deadlines.withLock { deadlines in
            guard deadlines.count < most else { return false }
            deadlines[socket.file.rawValue] = .some(nil)
            return true
        }
    }

    /// - Parameter time: nil when nothing is expected of the client.
    func expect(_ socket: Socket, within time: Duration?) {
        deadlines.withLock { $0[socket.file.rawValue] = .some(time.map { .now + $0 }) }
    }

    /// A connection's last: its number may be another's from here on.
    func close(_ socket: Socket) {
        deadlines.withLock { deadlines in
            deadlines[socket.file.rawValue] = nil
            try? socket.close()
        }
    }

    func reap() {
        let now = ContinuousClock.now
        deadlines.withLock { deadlines in
            for case (let descriptor, .some(let deadline)) in deadlines where deadline < now {
                // Whoever waits for it wakes, and finds its end.
                shutdown(descriptor, Int32(SHUT_RDWR))
                deadlines[descriptor] = .some(nil)
            }
        }
    }
}

/// A client's connection: heads and bodies come, answers go.
struct Connection {
    let socket: AsyncSocket
    let limits: Listener.Limits
    let reaper: Reaper
    private var rest: [UInt8] = []
    private var isFirst = true

    init(socket: AsyncSocket, limits: Listener.Limits, reaper: Reaper) {
        self.socket = socket
        self.limits = limits
        self.reaper = reaper
        // Answers are whole; nothing is gained by waiting for more.
        var on: Int32 = 1
        setsockopt(
            socket.socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private mutating func more() async -> Bool {
        guard let bytes = try? await socket.read(atMost: 4096) else { return false }
        rest += bytes
        return true
    }

    /// The next request's head; nil when there is none.
    mutating func head() async throws(Request.Malformed) -> [UInt8]? {
        reaper.expect(socket.socket, within: isFirst ? limits.headTime : limits.idleTime)
        isFirst = false
        var looked = 0
        while true {
            // An empty line in front of a request is nothing (RFC 9112, 2.2).
            while let first = rest.first, first == 13 || first == 10 { rest.removeFirst() }
            if looked == 0, !rest.isEmpty { reaper.expect(socket.socket, within: limits.headTime) }
            if let end = Self.end(of: rest, from: max(0, looked - 3)) {
                defer { rest.removeFirst(end.next) }
                return Array(rest[..<end.head])
            }
            guard rest.count <= limits.head else {
                throw Request.Malformed(status: .headTooLarge, reason: "a head has at most \(limits.head) bytes")
            }
            looked = rest.count
            guard await more() else { return nil }
        }
    }

    /// Where a head ends, and where its empty line.
    private static func end(of bytes: [UInt8], from start: Int) -> (head: Int, next: Int)? {
        var index = start
        while index < bytes.count {
            if bytes[index] == 10 {
                if index + 1 < bytes.count, bytes[index + 1] == 10 { return (index, index + 2) }
                if index + 2 < bytes.count, bytes[index + 1] == 13, bytes[index + 2] == 10 { return (index, index + 3) }
            }
            index += 1
        }
        return nil
    }

    mutating func body(_ length: Int) async throws -> [UInt8] {
        reaper.expect(socket.socket, within: limits.bodyTime)
        while rest.count < length {
            guard await more() else { throw SocketError.disconnected }
        }
        defer { rest.removeFirst(length) }
        return Array(rest[..<length])
    }

    func sendContinue() async throws { try await write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }

    func write(_ bytes: [UInt8]) async throws {
        reaper.expect(socket.socket, within: limits.writeTime)
        try await socket.write(Data(bytes))
        reaper.expect(socket.socket, within: nil)
    }

    func send(_ response: Response, isKept: Bool, withBody: Bool) async throws {
        let head = response.head(isKept: isKept)
        switch response.body {
        case .bytes(let bytes): try await write(withBody ? head + bytes : head)
        case .file(let descriptor, let size):
            defer { Glibc.close(descriptor) }
            var place = 0
            var piece = head
            repeat {
                if withBody, place < size {
                    let wanted = min(1 << 16, size - place)
                    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                        count = max(0, pread(descriptor, buffer.baseAddress, wanted, off_t(place)))
                    }
                    // It became shorter: the client sees that the length is not reached.
                    guard !bytes.isEmpty else { throw SocketError.disconnected }
                    place += bytes.count
                    piece += bytes
                }
                try await write(piece)
                piece = []
            } while withBody && place < size
        case .stream: try await write(head)
        }
    }

    /// Lets a client that still sends read the answer before the connection is gone; for two seconds and a megabyte at most.
    mutating func drain() async {
        shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
        reaper.expect(socket.socket, within: .seconds(2))
        var left = 1 << 20
        while left > 0, let bytes = try? await socket.read(atMost: 4096) { left -= bytes.count }
    }
}
