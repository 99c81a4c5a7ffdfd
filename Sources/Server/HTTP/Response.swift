import NIOCore
import NIOHTTP1
import SystemPackage

/// The answer to a request.
struct Response: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// A file, which is closed when it has been sent.
        case file(SystemPackage.FileDescriptor, size: Int)
        /// Sends pieces until it returns or throws; `send` returns when the client has taken the piece, and throws when the client has
        /// disconnected.
        case stream(@Sendable (_ send: @Sendable ([UInt8]) async throws -> Void) async throws -> Void)
    }

    var status: HTTPResponseStatus
    var type: String
    var headers: [(String, String)] = []
    var body: Body
    /// The name of the node that sent the request, if it is known.
    var node: String?
    /// For the log: why the request was refused, or what was done.
    var note: String?

    static func text(_ status: HTTPResponseStatus, _ text: String, headers: [(String, String)] = []) -> Response {
        Response(
            status: status, type: "text/plain; charset=utf-8", headers: headers, body: .bytes(Array("\(text)\n".utf8)),
            note: status == .ok ? nil : text)
    }

    init(
        status: HTTPResponseStatus, type: String, headers: [(String, String)] = [], body: Body, node: String? = nil,
        note: String? = nil
    ) {
        (self.status, self.type, self.headers, self.body) = (status, type, headers, body)
        (self.node, self.note) = (node, note)
    }

    init(_ error: RequestError) {
        self = .text(error.status, error.reason)
        note = error.note
    }

    /// Writes the head of the answer, with the empty line.
    func writeHead(to buffer: inout ByteBuffer, isKeepAlive: Bool) {
        if status == .ok {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        }
        write("Content-Type", type, to: &buffer)
        switch body {
        case .bytes(let bytes): write("Content-Length", String(bytes.count), to: &buffer)
        case .file(_, let size): write("Content-Length", String(size), to: &buffer)
        case .stream: break
        }
        // Files of nodes are never cached, and a browser neither shows them as another type nor gives them to other sites.
        buffer.writeStaticString(
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n"
        )
        for (name, value) in headers { write(name, value, to: &buffer) }
        buffer.writeStaticString(isKeepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n")
    }

    private func write(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }
}

/// How a request is answered.
enum Answer: Sendable {
    /// At once, on the event loop of the connection.
    case now(Response)
    /// By work that waits for a disk or takes long, which must not be done on an event loop.
    case later(@Sendable () async -> Response)
}
