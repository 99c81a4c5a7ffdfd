import FoundationEssentials

/// An SSH public key as authorized_keys(5) takes it, without options: type, base64, comment.
public struct AuthorizedKey: TextValue, CustomStringConvertible {
    public let description: String

    static let types = [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]
    public static let syntax = TextSyntax(
        "an SSH public key", pattern: "^(sk-)?(ssh|ecdsa)-[A-Za-z0-9@.-]+ AAAA[A-Za-z0-9+/]+={0,3}( [ -~]+)?$",
        example: "ssh-ed25519 AAAAC3Nza… ann@desk")

    public init(text: String) throws(Malformed) {
        if text.utf8.contains("PRIVATE KEY".utf8) {
            throw Malformed("is a private key; it must never leave your machine")
        }
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, Self.types.contains(String(parts[0])), let blob = Data(base64Encoded: String(parts[1])),
            let fields = Self.fields(of: [UInt8](blob)), fields.count >= 2, fields[0].elementsEqual(parts[0].utf8),
            fields[1...].contains(where: { $0.count >= 32 }),
            parts[0] != "ssh-ed25519" || fields.map(\.count) == [11, 32],
            parts.count == 2
                || (parts[2].utf8.allSatisfy { (32...126).contains($0) } && !parts[2].isEmpty
                    && parts[2].last != " " && parts[2].first != " ")
        else {
            throw Malformed(
                "is not an SSH public key (type, base64, comment on one line)",
                hint: "copy the line of your ~/.ssh/id_ed25519.pub")
        }
        description = text
    }
}

extension AuthorizedKey {
    /// RFC 4253 section 6.6: a blob is a row of fields, each behind its length; the first is the key's type.
    private static func fields(of blob: [UInt8]) -> [ArraySlice<UInt8>]? {
        var fields: [ArraySlice<UInt8>] = []
        var rest = blob[...]
        while !rest.isEmpty {
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4 + count, rest.count >= 4 else { return nil }
            fields.append(rest.dropFirst(4).prefix(count))
            rest = rest.dropFirst(4 + count)
        }
        return fields
    }
}

/// A password's crypt(3) hash, well-formed for its method (crypt(5)).
public struct PasswordHash: TextValue, CustomStringConvertible {
    public let description: String
    /// `$6$` and its like.
    public let method: String

    public static let syntax = TextSyntax(
        "a crypt(3) hash", pattern: "^\\$(1|5|6|7|y|gy|2b)\\$[A-Za-z0-9./$=,]+$", example: "$6$salt$…")

    /// The shortest and the longest last field of each method.
    private static let methods: [String: (fields: ClosedRange<Int>, digest: Int)] = [
        "$1$": (2...2, 22), "$5$": (2...3, 43), "$6$": (2...3, 86), "$y$": (3...3, 43), "$gy$": (3...3, 43),
        "$7$": (2...2, 43), "$2b$": (2...2, 53),
    ]

    public init(text: String) throws(Malformed) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count > 2, fields[0].isEmpty else {
            throw Malformed(
                "is not a crypt(3) hash; a plain password is never taken", hint: "make one with: xenseed passwd")
        }
        let method = "$\(fields[1])$"
        guard let shape = Self.methods[method] else { throw Malformed("is of an unknown crypt(3) method") }
        let body = fields.dropFirst(2)
        let rounds = body.count == 3 && method != "$y$" && method != "$gy$" ? body.first : nil
        guard shape.fields.contains(body.count), body.last!.utf8.count == shape.digest,
            body.allSatisfy({ $0 == rounds || $0.consists(of: { isAlphanumeric($0) || [46, 47].contains($0) }) }),
            rounds.map({ $0.hasPrefix("rounds=") && $0.dropFirst(7).consists(of: isDigit) }) ?? true,
            body.dropLast().last.map({
                $0.utf8.count <= 86 && (method != "$6$" && method != "$5$" || $0.utf8.count <= 16)
            })
                ?? true
        else {
            throw Malformed("is not a whole \(method) hash", hint: "copy it whole, or make one with: xenseed passwd")
        }
        description = text
        self.method = method
    }
}
