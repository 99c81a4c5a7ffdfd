import FoundationEssentials

/// What a request is answered with.
struct Response: Sendable {
    enum Status: Int, Sendable {
        case ok = 200
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case timedOut = 408
        case lengthRequired = 411
        case tooLarge = 413
        case headTooLarge = 431
        case failed = 500
        case unavailable = 503
        case versionNotSupported = 505

        var phrase: String {
            switch self {
            case .ok: "OK"
            case .badRequest: "Bad Request"
            case .forbidden: "Forbidden"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .timedOut: "Request Timeout"
            case .lengthRequired: "Length Required"
            case .tooLarge: "Content Too Large"
            case .headTooLarge: "Request Header Fields Too Large"
            case .failed: "Internal Server Error"
            case .unavailable: "Service Unavailable"
            case .versionNotSupported: "HTTP Version Not Supported"
            }
        }
    }

    enum Body: Sendable {
        case bytes([UInt8])
        /// Closed when it is sent.
        case file(descriptor: Int32, size: Int)
        /// Sends piece by piece until the client leaves; sending throws then.
        case stream(@Sendable (_ send: @Sendable ([UInt8]) async throws -> Void) async throws -> Void)
    }

    var status: Status
    var type: String
    var headers: [(String, String)] = []
    var body: Body
    /// The node that asked, where that is known already.
    var node: String?
    /// For the log: why a request was refused, or what was done.
    var remark: String?

    static func text(_ status: Status, _ text: String, headers: [(String, String)] = []) -> Response {
        Response(
            status: status, type: "text/plain; charset=utf-8", headers: headers, body: .bytes(Array("\(text)\n".utf8)),
            remark: status == .ok ? nil : text)
    }

    /// The head, with the empty line.
    func head(isKept: Bool) -> [UInt8] {
        var text = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\nContent-Type: \(type)\r\n"
        switch body {
        case .bytes(let bytes): text += "Content-Length: \(bytes.count)\r\n"
        case .file(_, let size): text += "Content-Length: \(size)\r\n"
        case .stream: break
        }
        // A node's files are fetched anew, and what is shown is never taken for something else.
        text += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        text += "Connection: \(isKept ? "keep-alive" : "close")\r\n\r\n"
        return Array(text.utf8)
    }
}
