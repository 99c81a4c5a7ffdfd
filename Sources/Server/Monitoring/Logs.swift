import FoundationEssentials
import Glibc
import Lab
import Preseed
import SystemPackage

/// Splits bytes into lines.
private struct LineReader {
    /// The number of bytes of a line that are kept, so that a log without line ends does not fill the memory.
    static let longestLine = 1 << 16

    private var rest: [UInt8] = []
    private let receive: (String) -> Void

    init(_ receive: @escaping (String) -> Void) { self.receive = receive }

    mutating func append(_ data: some Collection<UInt8>) {
        for byte in data {
            if byte == 10 || byte == 13 {
                receive(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else if rest.count < Self.longestLine {
                rest.append(byte)
            }
        }
    }
}

/// A serial log that grows. A file is read again and again, also when it is created late or truncated; a pipe ends.
package struct SerialLog {
    let path: String
    package init(_ path: String) { self.path = path }

    /// Passes on each line of the log that has a progress line. Returns at the end of a pipe, and never for a file.
    package func follow(_ receive: @escaping (String) -> Void) {
        // Most lines of a serial log are screen output of the installer.
        var lines = LineReader { if $0.contains("xenseed/1") { receive($0) } }
        var offset: Int64 = 0
        let isInput = path == "-"
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            guard
                let file = isInput ? .standardInput : try? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            else {
                usleep(200_000)
                continue
            }
            defer { if !isInput { try? file.close() } }
            let status = try? file.stat()
            let isFile = !isInput && status?.type == .regular
            if isFile {
                if status!.size < offset { offset = 0 }
                _ = try? file.seek(offset: offset, from: .start)
            }
            while let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                offset += Int64(count)
                lines.append(buffer[..<count])
            }
            if !isFile {
                lines.append([10])
                return
            }
            usleep(200_000)
        }
    }
}

/// The progress lines that a `xenseed serve` has received. When the server can't be reached or ends the connection, the
/// client connects again.
package struct ServerLog: Sendable {
    private let server: ReportURL
    private static let nodesMark = "# nodes "

    package init(_ server: ReportURL) { self.server = server }

    /// Returns the first line of the server's answer, which names the nodes of its lab.
    package static func line(of nodes: [String]) -> String { nodesMark + nodes.joined(separator: " ") }

    /// Returns the nodes in such a line; nil for any other line.
    package static func nodes(in line: String) -> [Hostname]? {
        guard line.hasPrefix(nodesMark) else { return nil }
        return line.dropFirst(nodesMark.count).split(separator: " ").compactMap { try? Hostname(text: String($0)) }
    }

    /// Passes on each line of the server once. Never returns.
    /// - Parameter refused: Receives the status line when the server is not a `xenseed serve`.
    package func follow(_ receive: @escaping (String) -> Void, refused: @escaping (String) -> Void) {
        // The server sends all lines again on each connection.
        var received: Set<String> = []
        while true {
            let old = received
            if let descriptor = connected() {
                read(descriptor, refused) { line in
                    if !old.contains(line) { receive(line) }
                    received.insert(line)
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

    private func read(_ descriptor: Int32, _ refused: @escaping (String) -> Void, _ receive: @escaping (String) -> Void)
    {
        // The server sends a line at least every ten seconds; when there is none for 30 s, the connection is lost.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET \(server.path)/progress HTTP/1.0\r\nHost: \(server.host)\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return }
        var buffer = [UInt8](repeating: 0, count: 65536)
        var isFirst = true
        var lines = LineReader { line in
            if isFirst, !line.dropFirst(8).hasPrefix(" 200 ") { refused(line) }
            isFirst = false
            // The other lines of the HTTP head are ignored.
            if line.contains("xenseed/1") || line.hasPrefix(Self.nodesMark) { receive(line) }
        }
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            lines.append(buffer[..<count])
        }
    }
}
