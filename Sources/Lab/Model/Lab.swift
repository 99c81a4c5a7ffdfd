import Preseed

/// A whole lab, every value checked and every default filled in.
package struct Lab: Sendable {
    /// The SHA-256 in hex of what the lab file says, whatever its comments, its layout and the order of its keys.
    var sourceDigest: String
    package var release: Release
    package var domain: DomainName
    package var locale: LocaleName
    package var keymap: KeymapName
    package var timeZone: TimeZoneName
    package var mirror: Mirror
    /// The installer and the nodes use firmware for network cards and disk controllers that is not free software.
    ///
    /// This is a setting of the lab and not of a node: the installer looks for firmware before it knows which node it installs.
    package var usesNonfreeFirmware: Bool
    /// The NTP servers that nodes ask for the time; empty when they run no time service.
    package var timeServers: [TimeServer]
    /// The host that nodes start from over the network; nil when there is none.
    package var bootServer: BootServer?
    /// Where nodes tell how far they are; nil when nobody wants to know.
    package var reportURL: ReportURL?
    /// By name.
    package var networks: [Network]
    /// By name.
    package var nodes: [Node]

    init(
        sourceDigest: String, release: Release, domain: DomainName, locale: LocaleName, keymap: KeymapName,
        timeZone: TimeZoneName,
        mirror: Mirror, usesNonfreeFirmware: Bool, timeServers: [TimeServer], bootServer: BootServer?,
        reportURL: ReportURL?, networks: [Network],
        nodes: [Node]
    ) {
        self.sourceDigest = sourceDigest
        self.release = release
        self.domain = domain
        self.locale = locale
        self.keymap = keymap
        self.timeZone = timeZone
        self.mirror = mirror
        self.usesNonfreeFirmware = usesNonfreeFirmware
        self.timeServers = timeServers
        self.bootServer = bootServer
        self.reportURL = reportURL
        self.networks = networks
        self.nodes = nodes
    }

    /// The network that the boot server is on.
    package var bootNetwork: Network? {
        bootServer.flatMap { server in networks.first { $0.subnet.contains(server.address) } }
    }

    package func fullName(_ node: Hostname) -> String { "\(node).\(domain)" }
}

/// The host that serves what is built by HTTP and TFTP, and may be the DHCP server of its network.
package struct BootServer: Sendable {
    package var address: IPv4Address
    /// Of its web server.
    package var port: Int

    init(address: IPv4Address, port: Int) {
        self.address = address
        self.port = port
    }

    /// What is built, by HTTP.
    package var url: String { "http://\(address)" + (port == 80 ? "" : ":\(port)") }
}

/// The Debian mirror that the installer and the installed nodes use.
package struct Mirror: Sendable {
    package var scheme: MirrorScheme
    package var host: HostAddress
    package var directory: TargetPath
    /// Components that every node's sources name, in the order of sources.list, each once; main is the first.
    package var components: [Component]
    /// `http://host:port`, or nil.
    package var proxy: ProxyURL?
    /// Whether the nodes' sources name the release's security archive.
    package var security: Bool

    init(
        scheme: MirrorScheme, host: HostAddress, directory: TargetPath, components: [Component], proxy: ProxyURL?,
        security: Bool
    ) {
        self.scheme = scheme
        self.host = host
        self.directory = directory
        self.components = components
        self.proxy = proxy
        self.security = security
    }

    package var url: String { "\(scheme.rawValue)://\(host)\(directory)" }
    /// The host that nodes speak to: the proxy or, without one, the mirror.
    var server: HostAddress { proxy?.host ?? host }
}

extension Component: Choice {
    public static let noun = "a component of Debian's archive"
}

/// How the mirror is spoken to.
package enum MirrorScheme: String, Choice {
    case http, https
    package static let noun = "a mirror's protocol"
}

/// `http://host:port`, for apt and the installer.
package struct ProxyURL: TextValue, CustomStringConvertible {
    package let description: String
    package let host: HostAddress

    package static let syntax = TextSyntax(
        "a proxy's address", pattern: "^http://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/?$",
        example: "http://proxy.hl.local:3142")

    package init(text: String) throws(Malformed) {
        let rest = text.hasPrefix("http://") ? text.dropFirst(7) : ""
        guard let host = try? HostAddress(text: String(rest.hasSuffix("/") ? rest.dropLast() : rest)) else {
            throw Malformed("is not a proxy's address", hint: "write it as: \(Self.syntax.example)")
        }
        self.host = host
        description = text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// `http://host:port/path`, where nodes post their progress and their verifier's report. No TLS: the installer's nc has none.
package struct ReportURL: TextValue, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// Without a slash at its end; empty for the server's root.
    package let path: String

    package static let syntax = TextSyntax(
        "a report address",
        pattern: "^http://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$",
        example: "http://10.8.8.1:8000")

    package init(text: String) throws(Malformed) {
        let malformed = Malformed(
            "is not a report address",
            hint: text.hasPrefix("https:")
                ? "the installer can't do TLS: \(Self.syntax.example)" : "write it as: \(Self.syntax.example)")
        guard text.hasPrefix("http://") else { throw malformed }
        let rest = text.dropFirst(7)
        let authority = rest.prefix { $0 != "/" }
        var folder = rest[authority.endIndex...]
        if folder.hasSuffix("/") { folder.removeLast() }
        let names = folder.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard let address = try? HostAddress(text: String(authority)),
            names.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && $0.consists(of: Self.isPathByte) })
        else { throw malformed }
        host = address.host
        port = address.port ?? 80
        path = String(folder)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || [45, 46, 95].contains(byte) }

    package var description: String { "http://\(host):\(port)\(path)" }
}

/// An IPv4 network that nodes are on.
package struct Network: Sendable {
    package var name: NetworkName
    package var subnet: IPv4Network
    /// A DHCP server on it gives out addresses, routes and DNS; an interface's address is then its reserved lease.
    package var isDHCP: Bool
    /// The way out. With DHCP it is what the boot server's DHCP would tell.
    package var gateway: IPv4Address?
    package var dns: [IPv4Address]

    init(name: NetworkName, subnet: IPv4Network, isDHCP: Bool, gateway: IPv4Address?, dns: [IPv4Address]) {
        self.name = name
        self.subnet = subnet
        self.isDHCP = isDHCP
        self.gateway = gateway
        self.dns = dns
    }

    /// Whether something beyond the subnet can be reached over it.
    package var leadsOut: Bool { isDHCP || gateway != nil }
}
