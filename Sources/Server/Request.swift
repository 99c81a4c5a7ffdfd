import FoundationEssentials
import Preseed

/// An HTTP request (RFC 9112), as far as nodes, boot loaders and browsers send it: a body has a length.
struct Request: Sendable {
    var method: String
    /// As it was sent, without the query.
    var rawPath: String
    var query: String?
    var isHTTP10: Bool
    /// By lower-case names.
    var headers: [String: String]
    var body: [UInt8] = []
    /// The client's address.
    var peer = ""

    /// Decoded once, and without its first slash; nil when what it encodes is no text.
    var path: String? { rawPath.percentDecoded.map { String($0.dropFirst()) } }

    var contentLength = 0
    var isKept: Bool {
        let tokens = (headers["connection"] ?? "").lowercased().split { $0 == "," || $0 == " " }
        return isHTTP10 ? tokens.contains("keep-alive") : !tokens.contains("close")
    }

    /// - Parameter head: up to the empty line, without it.
    init(head: some Collection<UInt8>) throws(RequestError) {
        func bad(_ reason: String) -> RequestError { RequestError(.badRequest, reason) }
        guard head.allSatisfy({ $0 >= 32 || $0 == 9 || $0 == 10 || $0 == 13 }) else {
            throw bad("a control character in the head")
        }
        var lines = head.split(separator: 10, omittingEmptySubsequences: false).map { line in
            line.last == 13 ? line.dropLast() : line
        }
        let words = lines.removeFirst().split(separator: 32, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 3, !words[0].isEmpty, words[0].utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw bad("no request line")
        }
        guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
            throw RequestError(.versionNotSupported, "only HTTP/1.0 and 1.1 are spoken here")
        }
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard words[1].hasPrefix("/"), words[1].utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw bad("no path that begins with /")
        }
        method = words[0]
        rawPath = String(target[0])
        query = target.count > 1 ? String(target[1]) : nil
        isHTTP10 = words[2] == "HTTP/1.0"
        headers = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: 58), colon > line.startIndex,
                line[..<colon].allSatisfy({ (33...126).contains($0) })
            else { throw bad("a header without a name") }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = String(decoding: line[line.index(after: colon)...], as: UTF8.self).trimmed
            if let other = headers[name] {
                guard name != "content-length", name != "host" else { throw bad("\(name) twice") }
                headers[name] = "\(other), \(value)"
            } else {
                headers[name] = value
            }
        }
        guard headers["transfer-encoding"] == nil else {
            throw RequestError(.lengthRequired, "a body has to have a Content-Length")
        }
        if let length = headers["content-length"] {
            guard length.utf8.count <= 15, !length.isEmpty, length.utf8.allSatisfy({ (48...57).contains($0) }),
                let count = Int(length)
            else { throw bad("Content-Length is no number") }
            contentLength = count
        }
    }
}
