/// A unicast Ethernet address. It is written in lower case with colons, because udev compares the text.
public struct MACAddress: TextValue, Comparable, CustomStringConvertible {
    /// The 48 bits of the address.
    public let bits: UInt64

    public static let syntax = TextSyntax(
        "a MAC address", pattern: "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$", example: "08:00:27:16:22:13")

    public init(text: String) throws(ValueError) {
        let parts = text.utf8.split { $0 == 58 || $0 == 45 }.map(Substring.init)
        let octets = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard octets.count == 6, parts.count == 6, text.utf8.count == 17,
            text.utf8.filter({ $0 == 58 }).count % 5 == 0, parts.allSatisfy({ $0.consists(of: isAlphanumeric) })
        else { throw ValueError("is not a MAC address", hint: "write six pairs of hex digits: \(Self.syntax.example)") }
        bits = octets.reduce(0) { $0 << 8 | UInt64($1) }
        if octets[0] & 1 == 1 { throw ValueError("is a group address, which no NIC has", hint: nil) }
        if bits == 0 { throw ValueError("is not the address of a NIC", hint: nil) }
    }

    public var description: String {
        stride(from: 40, through: 0, by: -8).map { hexPair(UInt8(truncatingIfNeeded: bits >> UInt64($0))) }
            .joined(separator: ":")
    }

    public static func < (a: MACAddress, b: MACAddress) -> Bool { a.bits < b.bits }

    /// The address in the form of boot loaders: `08-00-27-16-22-13`.
    public var dashed: String { description.replacing(":", with: "-") }
}

private func hexPair(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

/// An IPv4 address in dotted decimal, without leading zeros, because some tools read those as octal.
public struct IPv4Address: TextValue, Comparable, CustomStringConvertible {
    public let bits: UInt32

    public static let syntax = TextSyntax(
        "an IPv4 address", pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$", example: "172.16.22.13")

    public init(bits: UInt32) { self.bits = bits }

    public init(text: String) throws(ValueError) {
        let parts = text.utf8.split(separator: 46, omittingEmptySubsequences: false).map(Substring.init)
        let octets = parts.compactMap { part -> UInt8? in
            guard part.consists(of: isDigit), part.utf8.count == 1 || part.first != "0" else { return nil }
            return UInt8(part)
        }
        guard parts.count == 4, octets.count == 4 else {
            throw ValueError(
                "is not an IPv4 address", hint: text.contains("/") ? "leave the prefix to the network" : nil)
        }
        bits = octets.reduce(0) { $0 << 8 | UInt32($1) }
    }

    public static func < (a: IPv4Address, b: IPv4Address) -> Bool { a.bits < b.bits }

    public var description: String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }
}

/// An IPv4 subnet in CIDR form, with a prefix from /8 to /30.
public struct IPv4Network: TextValue, CustomStringConvertible {
    public let address: IPv4Address
    public let prefix: Int

    public static let syntax = TextSyntax(
        "a subnet", pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$", example: "172.16.22.0/24")

    public init(text: String) throws(ValueError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = try? IPv4Address(text: String(parts[0])), let prefix = Int(parts[1]),
            (8...30).contains(prefix), parts[1] == String(prefix)
        else {
            throw ValueError("is not a subnet (an address, a slash, and a prefix from 8 to 30)")
        }
        self.prefix = prefix
        let mask = UInt32.max << UInt32(32 - prefix)
        address = IPv4Address(bits: base.bits & mask)
        if address != base {
            throw ValueError("has bits set after its prefix", try: "\(address)/\(prefix)")
        }
    }

    public var netmask: IPv4Address { IPv4Address(bits: UInt32.max << UInt32(32 - prefix)) }
    public var broadcast: IPv4Address { IPv4Address(bits: address.bits | ~netmask.bits) }
    public func contains(_ other: IPv4Address) -> Bool { other.bits & netmask.bits == address.bits }
    public func overlaps(_ other: IPv4Network) -> Bool { contains(other.address) || other.contains(address) }
    public var description: String { "\(address)/\(prefix)" }
}
