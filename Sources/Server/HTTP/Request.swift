import NIOCore
import NIOHTTP1

/// An HTTP request (RFC 9112) of a node, a boot loader or a browser. The decoder has checked the framing; this type refuses what the
/// decoder accepts although no such client sends it.
struct Request: Sendable {
    var method: HTTPMethod
    /// The path as it was sent, without the query.
    var rawPath: String
    var query: String?
    var headers: HTTPHeaders
    /// The header `Host`; nil only in HTTP/1.0.
    let host: String?
    /// The values of the header `Authorization`.
    private(set) var authorizations: [String] = []
    var body: [UInt8] = []
    /// The address of the client.
    var peer: String
    /// Whether the request arrived over TLS.
    var isEncrypted: Bool
    /// The number of bytes of the body.
    let contentLength: Int
    let isKeepAlive: Bool

    /// The decoded path without its first slash; nil when a `%` is not followed by two hex digits, or the decoded bytes are not
    /// UTF-8.
    var path: String? {
        let path = rawPath.utf8.contains(UInt8(ascii: "%")) ? rawPath.percentDecoded : rawPath
        return path.map { String($0.dropFirst()) }
    }

    /// Reads the head of a request.
    /// - Throws: ``RequestError`` for the answer to the client.
    init(_ head: HTTPRequestHead, peer: String, isEncrypted: Bool) throws(RequestError) {
        func bad(_ reason: String) -> RequestError { RequestError(.badRequest, reason) }
        guard head.version == .http1_1 || head.version == .http1_0 else {
            throw RequestError(.httpVersionNotSupported, "only HTTP/1.0 and HTTP/1.1 are supported")
        }
        guard head.uri.hasPrefix("/"), head.uri.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw bad("the request has no path that begins with / and has only printable ASCII")
        }
        var (hosts, lengths): ([String], [String]) = ([], [])
        for (name, value) in head.headers {
            guard value.utf8.allSatisfy({ (32...126).contains($0) || $0 == 9 }) else {
                throw bad("the header \(name) has a character that is not printable ASCII")
            }
            // One pass, because each search in the headers compares all names.
            switch name.utf8.count {
            case 4 where name.lowercased() == "host": hosts.append(value)
            case 13 where name.lowercased() == "authorization": authorizations.append(value)
            case 14 where name.lowercased() == "content-length": lengths.append(value)
            case 17 where name.lowercased() == "transfer-encoding":
                throw RequestError(.lengthRequired, "the body of a request must have a Content-Length")
            default: break
            }
        }
        guard hosts.count == 1 || hosts.isEmpty && head.version == .http1_0 else {
            throw bad(hosts.isEmpty ? "the request has no Host" : "the request has more than one Host")
        }
        host = hosts.first
        guard lengths.count <= 1 else { throw bad("the request has more than one Content-Length") }
        if let length = lengths.first {
            guard length.utf8.count <= 15, length.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(length)
            else { throw bad("the Content-Length is not a number") }
            contentLength = count
        } else {
            contentLength = 0
        }
        method = head.method
        if let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) {
            rawPath = String(head.uri[..<mark])
            query = String(head.uri[head.uri.utf8.index(after: mark)...])
        } else {
            (rawPath, query) = (head.uri, nil)
        }
        headers = head.headers
        isKeepAlive = head.isKeepAlive
        self.peer = peer
        self.isEncrypted = isEncrypted
    }
}

/// A request that is not answered as the client wants.
struct RequestError: Error {
    let status: HTTPResponseStatus
    /// The reason that the client gets.
    let reason: String
    /// The reason in the log; it may have paths of this machine.
    let note: String

    init(_ status: HTTPResponseStatus, _ reason: String, note: String? = nil) {
        (self.status, self.reason, self.note) = (status, reason, note ?? reason)
    }
}
