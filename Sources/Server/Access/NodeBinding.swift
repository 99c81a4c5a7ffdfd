import Lab

/// What binds a node to the machine that is installed as the node: its address, and a secret that the machine received.
struct NodeBinding: Sendable, Equatable {
    /// The address of the client that first fetched the node's preseed, or first claimed a token, since the node was armed.
    private(set) var address: String?
    /// The SHA-256 in hex of the token that the node's posts have to carry; nil until a token was claimed.
    private(set) var tokenDigest: String?

    mutating func apply(_ content: Journal.Entry.Content, from sender: String?) {
        switch content {
        // The token stays valid until another is claimed, because the old system still runs.
        case .armed: address = nil
        case .bound: address = sender
        case .token(let digest): tokenDigest = digest
        case .progress, .report, .disarmed, .installed: break
        }
    }

    /// Returns whether a token is that of the node.
    func accepts(_ token: Token) -> Bool { tokenDigest.map { Token.areEqual($0, token.digest) } ?? false }
}

/// A random secret of 128 bits, as 32 hex digits.
struct Token: Sendable {
    let text: String

    /// Creates a new secret from the system's random number generator.
    init() {
        var generator = SystemRandomNumberGenerator()
        text = (0..<2).map { _ in
            let word = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }.joined()
    }

    /// - Returns: nil when the text has another form.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.text = String(text)
    }

    /// Reads the token of a request's header `Authorization: Bearer TOKEN`.
    init?(_ request: Request) {
        let values = request.authorizations
        guard values.count == 1, values[0].lowercased().hasPrefix("bearer ") else { return nil }
        self.init(values[0].dropFirst(7))
    }

    var digest: String { sha256(Array(text.utf8)) }

    /// Compares two texts in a time that does not depend on where they differ.
    static func areEqual(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }
}
