/// An IPv6 address (RFC 4291) without a zone and without a part in dotted decimal. It is written as RFC 5952 recommends.
public struct IPv6Address: TextValue, Comparable, CustomStringConvertible {
    public let bits: UInt128

    public static let syntax = TextSyntax(
        "an IPv6 address", pattern: "^[0-9A-Fa-f:]{2,39}$", example: "2001:db8:8::13")

    public init(bits: UInt128) { self.bits = bits }

    public init(text: String) throws(ValueError) {
        guard let bits = Self.parse(text) else {
            throw ValueError(
                "is not an IPv6 address", hint: text.contains("/") ? "leave the prefix to the network" : nil)
        }
        self.bits = bits
    }

    private static func parse(_ text: String) -> UInt128? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var groups: [[UInt16]] = []
        for half in halves {
            let parts = half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { part -> UInt16? in
                part.utf8.count <= 4 && part.consists(of: isAlphanumeric) ? UInt16(part, radix: 16) : nil
            }
            guard numbers.count == parts.count else { return nil }
            groups.append(numbers)
        }
        let count = groups.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? count < 8 : count == 8 else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - count)
        return (groups[0] + zeros + groups.dropFirst().joined()).reduce(0) { $0 << 16 | UInt128($1) }
    }

    public static func < (a: IPv6Address, b: IPv6Address) -> Bool { a.bits < b.bits }

    /// Whether the address is valid on its link only (fe80::/10).
    public var isLinkLocal: Bool { bits >> 118 == 0x3fa }

    public var description: String {
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> UInt128($0)) }
        // The longest sequence of at least two zeros, and the first of several, is written as two colons.
        var best = 0..<1
        var start = 0
        for end in 1...8 {
            if end == 8 || groups[end] != 0 || groups[start] != 0 {
                if groups[start] == 0, end - start > best.count { best = start..<end }
                start = end
            }
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.count < 2 { return text(groups[...]) }
        return "\(text(groups[..<best.lowerBound]))::\(text(groups[best.upperBound...]))"
    }
}

/// An IPv6 subnet in CIDR form, with a prefix from /3 to /127.
public struct IPv6Network: TextValue, CustomStringConvertible {
    public let address: IPv6Address
    public let prefix: Int

    public static let syntax = TextSyntax(
        "an IPv6 subnet", pattern: "^[0-9A-Fa-f:]{2,39}/[0-9]{1,3}$", example: "2001:db8:8::/64")

    public init(text: String) throws(ValueError) {
        guard let range = try? AddressRange(text: text), range.isIPv6, (3...127).contains(range.prefix) else {
            throw ValueError("is not an IPv6 subnet (an address, a slash, and a prefix from 3 to 127)")
        }
        (address, prefix) = (IPv6Address(bits: range.bits), range.prefix)
    }

    public func contains(_ other: IPv6Address) -> Bool {
        other.bits >> UInt128(128 - prefix) == address.bits >> UInt128(128 - prefix)
    }
    public func overlaps(_ other: IPv6Network) -> Bool { contains(other.address) || other.contains(address) }
    public var description: String { "\(address)/\(prefix)" }
}

/// An IPv4 or IPv6 address.
public struct IPAddress: TextValue, Comparable, CustomStringConvertible {
    public let isIPv6: Bool
    public let bits: UInt128

    public static let syntax = TextSyntax(
        "an IP address", pattern: "^[0-9A-Fa-f.:]{2,39}$", example: "10.8.8.254")

    public init(_ address: IPv4Address) { (isIPv6, bits) = (false, UInt128(address.bits)) }
    public init(_ address: IPv6Address) { (isIPv6, bits) = (true, address.bits) }

    public init(text: String) throws(ValueError) {
        if let address = try? IPv4Address(text: text) {
            self.init(address)
        } else if let address = try? IPv6Address(text: text) {
            self.init(address)
        } else {
            throw ValueError(
                "is not an IP address", hint: text.contains("/") ? "write the address without a prefix" : nil)
        }
    }

    public static func < (a: IPAddress, b: IPAddress) -> Bool {
        (a.isIPv6 ? 1 : 0, a.bits) < (b.isIPv6 ? 1 : 0, b.bits)
    }

    public var ipv4: IPv4Address? { isIPv6 ? nil : IPv4Address(bits: UInt32(bits)) }
    public var ipv6: IPv6Address? { isIPv6 ? IPv6Address(bits: bits) : nil }
    public var description: String { ipv4?.description ?? IPv6Address(bits: bits).description }
}

/// An address of a host with the prefix of its subnet: `10.9.0.13/24` or `2001:db8:9::13/64`.
public struct HostPrefix: TextValue, Comparable, CustomStringConvertible {
    public let address: IPAddress
    public let prefix: Int

    public static let syntax = TextSyntax(
        "an address with its prefix", pattern: "^[0-9A-Fa-f.:]{2,39}/[0-9]{1,3}$", example: "10.9.0.13/24")

    public init(text: String) throws(ValueError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = try? IPAddress(text: String(parts[0])), parts.count == 2, let prefix = Int(parts[1]),
            parts[1] == String(prefix), (1...(address.isIPv6 ? 128 : 32)).contains(prefix)
        else {
            throw ValueError(
                "is not an address with its prefix",
                hint: parts.count == 1 ? "add the length of the subnet's prefix: \(text)/24" : nil)
        }
        (self.address, self.prefix) = (address, prefix)
        // In the two smallest subnets, each address is that of a host (RFC 3021).
        let host = (address.isIPv6 ? 128 : 32) - prefix
        let mask = (UInt128(1) << UInt128(host)) - 1
        if host > 1, address.bits & mask == 0 || !address.isIPv6 && address.bits & mask == mask {
            throw ValueError("is the address of the subnet itself, or its broadcast address")
        }
    }

    public static func < (a: HostPrefix, b: HostPrefix) -> Bool { (a.address, a.prefix) < (b.address, b.prefix) }
    public var description: String { "\(address)/\(prefix)" }
}

/// A range of IPv4 or IPv6 addresses in CIDR form, the destination of a route.
public struct AddressRange: TextValue, Comparable, CustomStringConvertible {
    public let isIPv6: Bool
    public let bits: UInt128
    public let prefix: Int

    public static let syntax = TextSyntax(
        "a range of addresses", pattern: "^[0-9A-Fa-f.:]{2,39}/[0-9]{1,3}$", example: "10.20.0.0/16")

    public init(text: String) throws(ValueError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let base = try? IPAddress(text: String(parts[0])), parts.count == 2, let prefix = Int(parts[1]),
            parts[1] == String(prefix), (1...(base.isIPv6 ? 128 : 32)).contains(prefix)
        else {
            throw ValueError(
                "is not a range of addresses (an address, a slash, and the length of the prefix)",
                hint: text.hasSuffix("/0") || text == "default" ? "use `gateway` for the default route" : nil)
        }
        (isIPv6, self.prefix) = (base.isIPv6, prefix)
        let host = UInt128((base.isIPv6 ? 128 : 32) - prefix)
        bits = (base.bits >> host) << host
        if bits != base.bits { throw ValueError("has bits set after its prefix", try: description) }
    }

    public static func < (a: AddressRange, b: AddressRange) -> Bool {
        (a.isIPv6 ? 1 : 0, a.bits, a.prefix) < (b.isIPv6 ? 1 : 0, b.bits, b.prefix)
    }

    public var description: String {
        let address = isIPv6 ? IPv6Address(bits: bits).description : IPv4Address(bits: UInt32(bits)).description
        return "\(address)/\(prefix)"
    }
}
