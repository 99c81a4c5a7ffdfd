/// One label of a host name (RFC 952, RFC 1123 section 2.1): letters, digits and inner hyphens, at most 63 characters.
/// Only lower case is allowed, because `uname -n`, DHCP and DRBD's `on NAME` compare bytes.
public struct Hostname: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a host name", pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", example: "xen01")

    public init(text: String) throws(ValueError) {
        guard isHostLabel(text) else {
            let lower = text.lowercased()
            throw ValueError(
                "is not a host name (RFC 1123: a-z, 0-9 and inner hyphens, at most 63 characters)",
                try: isHostLabel(lower) ? lower : nil)
        }
        description = text
    }

    /// Orders names by their numbers: `xen2` is before `xen10`.
    public static func < (a: Hostname, b: Hostname) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// A domain: labels joined by dots, at most 190 characters so that a host name still fits in front (RFC 1035: 253).
public struct DomainName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a domain", pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$",
        example: "hl.local")

    public init(text: String) throws(ValueError) {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 190, labels.allSatisfy({ isHostLabel($0) }) else {
            throw ValueError(
                "is not a domain (labels of a-z, 0-9 and inner hyphens, joined by dots; at most 190 characters)")
        }
        description = text
    }
}

/// A host on the network: a name with or without a domain, or an IPv4 address, optionally with `:port`.
public struct HostAddress: TextValue, CustomStringConvertible {
    public let description: String
    /// The name or the address, without the port.
    public let host: String
    /// The port; nil for the default port of the protocol.
    public let port: Int?

    public static let syntax = TextSyntax(
        "a host", pattern: "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", example: "deb.debian.org")

    public init(text: String) throws(ValueError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.count == 1 || (1...65535).contains(Int(parts[1]) ?? 0),
            parts.count == 1 || parts[1].consists(of: isDigit) && parts[1].first != "0"
        else { throw HostAddress.refusal(text) }
        let host = String(parts[0])
        let isName = (try? DomainName(text: host)) != nil && !host.utf8.allSatisfy { isDigit($0) || $0 == 46 }
        guard isName || (try? IPv4Address(text: host)) != nil else { throw HostAddress.refusal(text) }
        self.host = host
        port = parts.count == 2 ? Int(parts[1]) : nil
        description = text
    }

    /// The address; nil when the host is given by its name.
    public var address: IPv4Address? { try? IPv4Address(text: host) }

    private static func refusal(_ text: String) -> ValueError {
        text.contains("/")
            ? ValueError("is not a host: a path belongs in `directory`", hint: "write only the host here")
            : ValueError("is not a host (a name or an IPv4 address, optionally with :port)")
    }
}

/// An NTP server: a name or an IPv4 address, without a port, because NTP always uses the same one.
public struct TimeServer: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "an NTP server", pattern: "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", example: "0.debian.pool.ntp.org")

    public init(text: String) throws(ValueError) {
        guard let address = try? HostAddress(text: text), address.port == nil else {
            throw ValueError("is not an NTP server (a name or an IPv4 address)")
        }
        description = text
    }
}

/// The name of a network interface or bridge: at most 15 characters (IFNAMSIZ), without characters that have a meaning
/// for ifupdown: `:` (an alias), `.` (a VLAN) and `=` (a logical name); and not `lo`.
///
/// Reserved words are refused, too: `all` and `default` have a meaning in the kernel's sysctls, and `all`, `none`, `regex`
/// and `noregex` in `bridge_ports` (bridge-utils-interfaces(5)).
public struct InterfaceName: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "an interface name", pattern: "^[a-z][a-z0-9_-]{0,14}$", example: "eth0")

    public init(text: String) throws(ValueError) {
        guard text.utf8.count <= 15, let first = text.utf8.first, isLower(first),
            text.consists(of: { isDigit($0) || isLower($0) || $0 == 95 || $0 == 45 }),
            !["lo", "all", "default", "none", "regex", "noregex"].contains(text)
        else {
            throw ValueError("is not an interface name (a-z first, then a-z, 0-9, _ or -, at most 15 characters)")
        }
        description = text
    }

    /// The name of the VLAN interface on an interface: `eth0.20`. ifupdown 0.7.53.1, 0.8.41 and 0.8.44 create an interface
    /// with such a name themselves.
    public init(vlan: Int, on base: InterfaceName) { description = "\(base.description).\(vlan)" }

    public static func < (a: InterfaceName, b: InterfaceName) -> Bool {
        naturallyPrecedes(a.description, b.description)
    }
}

/// The name of a network in the lab file.
public struct NetworkName: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax("a network's name", pattern: "^[a-z][a-z0-9_-]{0,31}$", example: "lan")

    public init(text: String) throws(ValueError) {
        guard text.utf8.count <= 32, let first = text.utf8.first, isLower(first),
            text.consists(of: { isDigit($0) || isLower($0) || $0 == 95 || $0 == 45 })
        else { throw ValueError("is not a network's name (a-z first, then a-z, 0-9, _ or -)") }
        description = text
    }

    public static func < (a: NetworkName, b: NetworkName) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// A Debian package name (Debian Policy 5.6.1).
public struct PackageName: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax("a package name", pattern: "^[a-z0-9][a-z0-9+.-]+$", example: "drbd-utils")

    public init(text: String) throws(ValueError) {
        guard text.utf8.count >= 2, let first = text.utf8.first, isLower(first) || isDigit(first),
            text.consists(of: { isDigit($0) || isLower($0) || [43, 45, 46].contains($0) }),
            // apt-get reads a trailing `+` or `-` as install or remove.
            text.hasSuffix("++") || ![43, 45].contains(text.utf8.last)
        else { throw ValueError("is not a package name (a-z, 0-9, +, - and ., at least two characters)") }
        description = text
    }

    public static func < (a: PackageName, b: PackageName) -> Bool { a.description < b.description }
}

private func isHostLabel(_ text: some StringProtocol) -> Bool {
    (1...63).contains(text.utf8.count) && text.first != "-" && text.last != "-"
        && text.consists(of: { isDigit($0) || isLower($0) || $0 == 45 })
}

/// Returns whether a text precedes another in natural order: sequences of digits are compared as numbers, and texts that
/// are equal then are compared by bytes.
package func naturallyPrecedes(_ a: String, _ b: String) -> Bool {
    var (x, y) = (a.utf8[...], b.utf8[...])
    while let p = x.first, let q = y.first {
        if isDigit(p), isDigit(q) {
            let (m, n) = (x.prefix(while: isDigit), y.prefix(while: isDigit))
            let (u, v) = (m.drop { $0 == 48 }, n.drop { $0 == 48 })
            if u.count != v.count { return u.count < v.count }
            if !u.elementsEqual(v) { return u.lexicographicallyPrecedes(v) }
            x = x.dropFirst(m.count)
            y = y.dropFirst(n.count)
        } else if p != q {
            return p < q
        } else {
            x = x.dropFirst()
            y = y.dropFirst()
        }
    }
    return x.isEmpty == y.isEmpty ? a.utf8.lexicographicallyPrecedes(b.utf8) : x.isEmpty
}
