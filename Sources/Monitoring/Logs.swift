import Foundation
import Lab
import Values

/// Cuts bytes into lines.
private struct LineReader {
    /// What a line may have at most, for a log without line ends must not fill memory.
    static let longestLine = 1 << 16

    private var rest: [UInt8] = []
    private let hear: (String) -> Void

    init(_ hear: @escaping (String) -> Void) { self.hear = hear }

    mutating func take(_ data: some Collection<UInt8>) {
        for byte in data {
            if byte == 10 || byte == 13 {
                hear(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else if rest.count < Self.longestLine {
                rest.append(byte)
            }
        }
    }
}

/// A serial log that grows. A file is looked at again and again, also when it comes late or is begun anew; a pipe ends.
public struct SerialLog {
    let path: String
    public init(_ path: String) { self.path = path }

    public func follow(_ hear: @escaping (String) -> Void) {
        // Most lines of a serial log are the installer's drawings.
        var lines = LineReader { if $0.contains("xenseed/1") { hear($0) } }
        var offset: UInt64 = 0
        while true {
            let descriptor = path == "-" ? 0 : open(path, O_RDONLY)
            guard descriptor >= 0 else {
                usleep(200_000)
                continue
            }
            defer { if descriptor > 0 { close(descriptor) } }
            var status = stat()
            let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            if isFile, path != "-" {
                if UInt64(status.st_size) < offset { offset = 0 }
                lseek(descriptor, off_t(offset), SEEK_SET)
            }
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                offset += UInt64(count)
                lines.take(buffer[..<count])
            }
            if !isFile || path == "-" {
                lines.take([10])
                return
            }
            usleep(200_000)
        }
    }
}

/// What `xenseed serve` hears. A server that is not there yet, or goes away, is asked again and again.
public struct ServerLog: Sendable {
    private let server: ReportURL
    private static let nodesMark = "# nodes "

    public init(_ server: ReportURL) { self.server = server }

    /// The line in which a server names its lab's nodes; it comes first.
    public static func line(of nodes: [String]) -> String { nodesMark + nodes.joined(separator: " ") }

    /// The nodes of such a line; nil for another one.
    public static func nodes(in line: String) -> [Hostname]? {
        guard line.hasPrefix(nodesMark) else { return nil }
        return line.dropFirst(nodesMark.count).split(separator: " ").compactMap { try? Hostname(text: String($0)) }
    }

    /// Never returns.
    /// - Parameter refused: gets a server's words when it is another kind of server.
    public func follow(_ hear: @escaping (String) -> Void, refused: @escaping (String) -> Void) {
        // A server tells all that it knows to whoever comes, and so again to whoever comes again.
        var heard: Set<String> = []
        while true {
            let old = heard
            if let descriptor = connected() {
                read(descriptor, refused) { line in
                    if !old.contains(line) { hear(line) }
                    heard.insert(line)
                }
                close(descriptor)
            }
            sleep(1)
        }
    }

    private func connected() -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(server.host, "\(server.port)", &hints, &found) == 0 else { return nil }
        defer { freeaddrinfo(found) }
        var next = found
        while let info = next?.pointee {
            let descriptor = socket(info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), info.ai_protocol)
            if descriptor >= 0 {
                if connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return descriptor }
                close(descriptor)
            }
            next = info.ai_next
        }
        return nil
    }

    private func read(_ descriptor: Int32, _ refused: @escaping (String) -> Void, _ hear: @escaping (String) -> Void) {
        // The server says something every ten seconds; one that is silent is gone.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET \(server.path)/progress HTTP/1.0\r\nHost: \(server.host)\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return }
        var buffer = [UInt8](repeating: 0, count: 65536)
        var isFirst = true
        var lines = LineReader { line in
            if isFirst, !line.dropFirst(8).hasPrefix(" 200 ") { refused(line) }
            isFirst = false
            // The head's other lines are none of ours.
            if line.contains("xenseed/1") || line.hasPrefix(Self.nodesMark) { hear(line) }
        }
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            lines.take(buffer[..<count])
        }
    }
}
