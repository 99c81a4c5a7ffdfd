import FlyingSocks
import FoundationEssentials
import Glibc

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
    mutating func head() async throws(RequestError) -> [UInt8]? {
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
                throw RequestError(.headTooLarge, "a head has at most \(limits.head) bytes")
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
