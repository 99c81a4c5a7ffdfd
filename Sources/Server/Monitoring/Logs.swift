import FoundationEssentials
import Glibc
import Lab
import Preseed
import SystemPackage

/// Splits bytes into lines.
private struct LineReader {
    /// The number of bytes of a line that are kept, so that a log without line ends does not fill the memory.
    private let limit: Int
    private var rest: [UInt8] = []
    private let receive: (String) -> Void

    init(limit: Int = 1 << 16, _ receive: @escaping (String) -> Void) { (self.limit, self.receive) = (limit, receive) }

    mutating func append(_ data: ArraySlice<UInt8>) {
        var left = data
        while let end = left.firstIndex(where: { $0 == 10 || $0 == 13 }) {
            keep(left[..<end])
            receive(String(decoding: rest, as: UTF8.self))
            rest.removeAll(keepingCapacity: true)
            left = left[(end + 1)...]
        }
        keep(left)
    }

    private mutating func keep(_ part: ArraySlice<UInt8>) { rest += part.prefix(limit - rest.count) }
}

/// A serial log that grows. A file is read again and again, also when it is created late or truncated; a pipe ends.
package struct SerialLog {
    let path: String
    package init(_ path: String) { self.path = path }

    /// Passes on each line of the log that has a progress line. Returns at the end of a pipe, and never for a file.
    package func follow(_ receive: @escaping (String) -> Void) {
        // Most lines of a serial log are screen output of the installer.
        var lines = LineReader { if $0.contains("xenseed/1") { receive(ProgressLine.sanitized($0)) } }
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
///
/// The address may be that of another server, or the server under the control of others: what it sends takes bounded memory,
/// and it can't keep the client in a connection in which nothing of a `xenseed serve` arrives.
package struct ServerLog: Sendable {
    private let server: ReportURL
    private static let nodesMark = "# nodes "
    private static let runMark = "# run "
    private static let timeMark = "# time "
    /// The number of bytes of a line; the first line has the names of all nodes.
    private static let longestLine = 1 << 20
    /// The number of lines that are known again on the next connection. If a server has sent more, some of the others are
    /// passed on once more, which changes no node's state.
    private static let knownLines = 1 << 20
    /// The number of bytes in a connection that are not in such lines. A server sends the head of its answer, line feeds, and an
    /// empty line every ten seconds.
    private static let foreignBytes = 1 << 20
    /// The time that a connection, and then a request, may take.
    private static let patience = timeval(tv_sec: 10, tv_usec: 0)

    package init(_ server: ReportURL) { self.server = server }

    /// Returns the first line of the server's answer, which names the nodes of its lab.
    package static func line(of nodes: [String]) -> String { nodesMark + nodes.joined(separator: " ") }

    /// Returns the lines before those of nodes: the time of the server, the nodes of its lab, and the times of complete
    /// installations.
    static func heading(_ nodes: [String], runs: [StageTimes], time: Int) -> [String] {
        ["\(timeMark)\(time)", line(of: nodes)] + runs.map { runMark + $0.text }
    }

    /// Returns the times of a complete installation in such a line; nil for any other line.
    static func run(in line: String) -> StageTimes? {
        line.hasPrefix(runMark) ? StageTimes(text: line.dropFirst(runMark.count)) : nil
    }

    /// Returns the nodes in such a line, at most a number of them; nil for any other line.
    package static func nodes(in line: String, limit: Int) -> [Hostname]? {
        guard line.hasPrefix(nodesMark) else { return nil }
        return line.dropFirst(nodesMark.count).split(separator: " ", maxSplits: limit).prefix(limit)
            .compactMap { try? Hostname(text: String($0)) }
    }

    /// Passes on each line of the server once, with the number of seconds since the server received it. Never returns.
    /// - Parameter problem: Receives as a clause why the server can't be reached, or what is wrong with its answer if it is
    ///   not a `xenseed serve`; nil when it answers.
    package func follow(_ receive: @escaping (String, Double) -> Void, problem: @escaping (String?) -> Void) {
        // The server sends all lines again on each connection. The hash values differ from process to process, so a server
        // can't choose lines with the same one.
        var known: Set<Int> = []
        while true {
            let old = known
            switch connected() {
            case .success(let descriptor):
                read(descriptor, problem) { line, age in
                    let hash = line.hashValue
                    if !old.contains(hash) { receive(line, age) }
                    if known.count < Self.knownLines { known.insert(hash) }
                }
                close(descriptor)
            case .failure(let error): problem(error.description)
            }
            sleep(1)
        }
    }

    private func connected() -> Result<Int32, ServerError> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(server.host, "\(server.port)", &hints, &found)
        guard status == 0 else {
            return .failure(ServerError("can't be found (\(String(cString: gai_strerror(status)))); trying again"))
        }
        defer { freeaddrinfo(found) }
        var next = found
        var reason = Errno.connectionRefused
        while let info = next?.pointee {
            let descriptor = socket(info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), info.ai_protocol)
            if descriptor >= 0 {
                var patience = Self.patience
                // In Linux, this is the limit of connect(2), too (socket(7)).
                setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
                if connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return .success(descriptor) }
                reason = Errno(rawValue: errno)
                close(descriptor)
            }
            next = info.ai_next
        }
        return .failure(ServerError("can't be reached (\(reason)); trying again"))
    }

    private func read(
        _ descriptor: Int32, _ report: @escaping (String?) -> Void, _ receive: @escaping (String, Double) -> Void
    ) {
        // The server sends a line at least every ten seconds; when there is none for 30 s, the connection is lost.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET \(server.path)/progress HTTP/1.0\r\nHost: \(server.host)\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return }
        var buffer = [UInt8](repeating: 0, count: 65536)
        var isFirst = true
        var problem: String?
        var foreign = 0
        // The difference between the clocks of the server and of this machine, in seconds.
        var skew: Int?
        var lines = LineReader(limit: Self.longestLine) { line in
            guard problem == nil else { return }
            if isFirst, !line.dropFirst(8).hasPrefix(" 200 ") { problem = String(line.prefix(200)) }
            isFirst = false
            if line.hasPrefix(Self.nodesMark) || line.hasPrefix(Self.runMark) {
                report(nil)
                receive(line, 0)
            } else if line.hasPrefix(Self.timeMark), let now = Int(line.dropFirst(Self.timeMark.count).prefix(12)) {
                skew = now - time(nil)
            } else if line.contains("xenseed/1") {
                let received = line.split(separator: " ", maxSplits: 1).first.flatMap { Int($0.prefix(12)) }
                let age = skew.flatMap { skew in received.map { time(nil) + skew - $0 } } ?? 0
                receive(ProgressLine.sanitized(line), Double(max(0, min(age, 1_000_000))))
            } else {
                return
            }
            foreign -= line.utf8.count
        }
        while problem == nil {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            foreign += count
            lines.append(buffer[..<count])
            if foreign > Self.foreignBytes { problem = problem ?? "a text that has nothing to do with it" }
        }
        report("is not a xenseed serve; it answered: \(problem!)")
    }
}
