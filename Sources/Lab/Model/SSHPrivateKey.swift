import Crypto
import FoundationEssentials
import Preseed

/// A private Ed25519 key for SSH that has no passphrase, in the format of OpenSSH (PROTOCOL.key in its sources).
package struct SSHPrivateKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// Generates a key.
    package init() { key = Curve25519.Signing.PrivateKey() }

    private static let type = "ssh-ed25519"
    private static let magic = Array("openssh-key-v1\0".utf8)
    private static let (begin, end) = ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----")
    private static let malformed = ValueError("is not a private key in the format of OpenSSH")

    /// Reads the content of a key file.
    /// - Throws: when it is not a key of this kind, or when its parts do not belong together.
    package init(_ content: [UInt8]) throws(ValueError) {
        let lines = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.count > 2, lines.first! == Self.begin, lines.last! == Self.end,
            let data = Data(base64Encoded: lines.dropFirst().dropLast().joined())
        else { throw Self.malformed }
        var outer = SSHFields([UInt8](data))
        guard outer.take(Self.magic.count)?.elementsEqual(Self.magic) == true, let cipher = outer.next(),
            outer.next() != nil, outer.next() != nil, outer.number() == 1, let publicPart = outer.next(),
            let secretPart = outer.next(), outer.isEmpty
        else { throw Self.malformed }
        guard cipher.elementsEqual("none".utf8) else {
            throw ValueError("has a passphrase, which a node can't enter")
        }
        var inner = SSHFields(Array(secretPart))
        guard let check = inner.number(), inner.number() == check, let type = inner.next() else { throw Self.malformed }
        guard type.elementsEqual(Self.type.utf8) else {
            throw ValueError("is a key of the type \(String(decoding: type, as: UTF8.self)), not \(Self.type)")
        }
        guard inner.next()?.count == 32, let secret = inner.next(), secret.count == 64, inner.next() != nil,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret.prefix(32))
        else { throw Self.malformed }
        self.key = key
        guard publicPart.elementsEqual(blob), secret.suffix(32).elementsEqual(key.publicKey.rawRepresentation) else {
            throw ValueError("is damaged: its public part belongs to another key")
        }
    }

    /// The public key as SSH transmits it (RFC 8709, section 4).
    private var blob: [UInt8] { Self.field(Self.type.utf8) + Self.field(key.publicKey.rawRepresentation) }

    /// Returns the public key with a comment, as one line of a `.pub` file.
    package func publicKey(comment: String) -> AuthorizedKey {
        known(AuthorizedKey.self, "\(Self.type) \(Data(blob).base64EncodedString()) \(comment)")
    }

    /// Returns the content of a key file.
    package func content(comment: String) -> [UInt8] {
        let check = Self.number(UInt32.random(in: .min ... .max))
        let seed = key.rawRepresentation, point = key.publicKey.rawRepresentation
        var inner = check + check + Self.field(Self.type.utf8) + Self.field(point) + Self.field(seed + point)
        inner += Self.field(comment.utf8)
        // Padding to the block size of the cipher "none".
        for byte: UInt8 in 1...8 where inner.count % 8 != 0 { inner.append(byte) }
        let outer =
            Self.magic + Self.field("none".utf8) + Self.field("none".utf8) + Self.field([]) + Self.number(1)
            + Self.field(blob) + Self.field(inner)
        var lines = [Self.begin]
        var rest = Data(outer).base64EncodedString()[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(70)))
            rest = rest.dropFirst(70)
        }
        return Array((lines + [Self.end]).map { $0 + "\n" }.joined().utf8)
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func field(_ bytes: some Collection<UInt8>) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
}

/// The fields of a message of SSH (RFC 4251, section 5), in their order. Each method returns nil when the message is too short.
private struct SSHFields {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number() -> Int? { take(4)?.reduce(0) { $0 << 8 | Int($1) } }

    mutating func next() -> ArraySlice<UInt8>? { number().flatMap { take($0) } }
}

extension AuthorizedKey {
    /// The type and the key without the comment, as in known_hosts.
    package var withoutComment: String { description.split(separator: " ").prefix(2).joined(separator: " ") }

    /// The fingerprint as ssh-keygen prints it: `SHA256:` and the digest in base64 without padding.
    package var fingerprint: String {
        let blob = Data(base64Encoded: String(description.split(separator: " ")[1])) ?? Data()
        let digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + digest.prefix { $0 != "=" }
    }
}
