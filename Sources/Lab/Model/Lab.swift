import Preseed

/// A lab with checked values, in which every default is filled in.
package struct Lab: Sendable {
    /// The SHA-256 in hex of the content of the lab file, independent of comments, layout and the order of keys.
    var sourceDigest: String
    package var release: Release
    package var domain: DomainName
    package var locale: LocaleName
    package var keymap: KeymapName
    package var timeZone: TimeZoneName
    package var mirror: Mirror
    /// Whether the installer and the nodes use non-free firmware for network cards and disk controllers.
    ///
    /// This is a setting of the lab and not of a node, because the installer looks for firmware before it has identified
    /// the node.
    package var usesNonfreeFirmware: Bool
    /// The NTP servers of the nodes; empty when the nodes run no time service.
    package var timeServers: [TimeServer]
    /// The host from which nodes boot over the network; nil when there is none.
    package var bootServer: BootServer?
    /// The address to which nodes post their progress; nil when they do not report.
    package var reportURL: ReportURL?
    /// The networks, sorted by name.
    package var networks: [Network]
    /// The nodes, sorted by name.
    package var nodes: [Node]
    /// The guests, sorted by name.
    package var guests: [Guest]
    /// How the disks of guests are replicated; nil when no guest is on two nodes.
    package var replication: Replication?
    /// The SSH keys of the nodes that replicate guests.
    package var keys: [Hostname: NodeKeys]

    init(
        sourceDigest: String, release: Release, domain: DomainName, locale: LocaleName, keymap: KeymapName,
        timeZone: TimeZoneName,
        mirror: Mirror, usesNonfreeFirmware: Bool, timeServers: [TimeServer], bootServer: BootServer?,
        reportURL: ReportURL?, networks: [Network],
        nodes: [Node], guests: [Guest], replication: Replication?, keys: [Hostname: NodeKeys]
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
        self.guests = guests
        self.replication = replication
        self.keys = keys
    }

    /// The network that the boot server is on.
    package var bootNetwork: Network? {
        bootServer.flatMap { server in networks.first { $0.subnet?.contains(server.address) == true } }
    }

    package func fullName(_ node: Hostname) -> String { "\(node).\(domain)" }
}

/// The host that serves the built files by HTTP and TFTP. It may also be the DHCP server of its network.
package struct BootServer: Sendable {
    package var address: IPv4Address
    /// The port of the web server.
    package var port: Int

    init(address: IPv4Address, port: Int) {
        self.address = address
        self.port = port
    }

    /// The URL of the built files.
    package var url: String { "http://\(address)" + (port == 80 ? "" : ":\(port)") }
}

/// The Debian mirror that the installer and the installed nodes use.
package struct Mirror: Sendable {
    package var scheme: MirrorScheme
    package var host: HostAddress
    package var directory: TargetPath
    /// The components in the sources.list of every node, in its order and without duplicates; the first one is main.
    package var components: [Component]
    /// The proxy for the installer and for apt; nil when there is none.
    package var proxy: ProxyURL?
    /// Whether the sources.list of the nodes has the security archive of the release.
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
    /// The host to which nodes connect: the proxy or, without one, the mirror.
    var server: HostAddress { proxy?.host ?? host }
}

extension Component: Choice {
    public static let noun = "a component of Debian's archive"
}

/// The protocol of the mirror.
package enum MirrorScheme: String, Choice {
    case http, https
    package static let noun = "a mirror's protocol"
}

/// The URL of a proxy for apt and the installer: `http://host:port`.
package struct ProxyURL: TextValue, CustomStringConvertible {
    package let description: String
    package let host: HostAddress

    package static let syntax = TextSyntax(
        "a proxy's address", pattern: "^http://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/?$",
        example: "http://proxy.hl.local:3142")

    package init(text: String) throws(ValueError) {
        let rest = text.hasPrefix("http://") ? text.dropFirst(7) : ""
        guard let host = try? HostAddress(text: String(rest.hasSuffix("/") ? rest.dropLast() : rest)) else {
            throw ValueError("is not a proxy's address", hint: "write it as: \(Self.syntax.example)")
        }
        self.host = host
        description = text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// The URL to which nodes post their progress and the reports of their verifier: `http://host:port/path`. TLS is not
/// possible, because the installer has only nc.
package struct ReportURL: TextValue, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// The path without a slash at its end; empty for the root of the server.
    package let path: String

    package static let syntax = TextSyntax(
        "a report address",
        pattern: "^http://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$",
        example: "http://10.8.8.1:8000")

    package init(text: String) throws(ValueError) {
        let malformed = ValueError(
            "is not a report address" + (text.hasPrefix("https:") ? ": the installer can't do TLS" : ""),
            hint: "write it as: \(Self.syntax.example)")
        guard text.hasPrefix("http://") else { throw malformed }
        let rest = text.dropFirst(7)
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        if path.hasSuffix("/") { path.removeLast() }
        let names = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard let address = try? HostAddress(text: String(authority)),
            names.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && $0.consists(of: Self.isPathByte) })
        else { throw malformed }
        host = address.host
        port = address.port ?? 80
        self.path = String(path)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || [45, 46, 95].contains(byte) }

    package var description: String { "http://\(host):\(port)\(path)" }
}

/// A network of the lab.
package final class Network: Sendable {
    package let name: NetworkName
    /// The IPv4 subnet; nil when no link on the network has an IPv4 address.
    package let subnet: IPv4Network?
    /// Whether a DHCP server on the network assigns addresses, routes and DNS servers. The address of an interface is then
    /// its reserved lease.
    package let isDHCP: Bool
    /// The default gateway. On a DHCP network it is the gateway that the DHCP server of the boot server announces.
    package let gateway: IPv4Address?
    package let dns: [IPv4Address]
    /// The domains in which nodes look for names without a dot, after the domain of the lab.
    package let search: [DomainName]
    /// The VLAN that frames of nodes are tagged with; nil when they are not tagged.
    package let vlan: Int?
    /// The size of the largest packet in bytes; nil for that of Ethernet, 1500.
    package let mtu: Int?
    /// The gateways to other networks, by destination.
    package let routes: [AddressRange: IPAddress]
    package let ipv6: IPv6Settings

    init(
        name: NetworkName, subnet: IPv4Network?, isDHCP: Bool, gateway: IPv4Address?, dns: [IPv4Address],
        search: [DomainName], vlan: Int?, mtu: Int?, routes: [AddressRange: IPAddress], ipv6: IPv6Settings
    ) {
        self.name = name
        self.subnet = subnet
        self.isDHCP = isDHCP
        self.gateway = gateway
        self.dns = dns
        self.search = search
        self.vlan = vlan
        self.mtu = mtu
        self.routes = routes
        self.ipv6 = ipv6
    }

    /// Whether hosts outside of the subnet can be reached over the network by IPv4.
    package var leadsOut: Bool { isDHCP || gateway != nil }
    /// Whether links on the network have addresses.
    package var givesAddresses: Bool { subnet != nil || ipv6.method == .static || ipv6.method == .slaac }
    package static let defaultMTU = 1500
}
