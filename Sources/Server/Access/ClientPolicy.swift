import FoundationEssentials
import Lab
import Preseed

/// A network in CIDR notation, of IPv4 or IPv6.
package enum AddressNetwork: Sendable {
    case ipv4(IPv4Network)
    case ipv6(IPv6Network)

    /// - Returns: nil when the text is not a network. A single address is a network with that address.
    package init?(_ text: String) {
        let isIPv6 = text.contains(":")
        let network = text.contains("/") ? text : text + (isIPv6 ? "/128" : "/32")
        if isIPv6, let network = try? IPv6Network(text: network) {
            self = .ipv6(network)
        } else if !isIPv6, let network = try? IPv4Network(text: network) {
            self = .ipv4(network)
        } else {
            return nil
        }
    }

    func contains(_ address: String) -> Bool {
        switch self {
        case .ipv4(let network): (try? IPv4Address(text: address)).map(network.contains) ?? false
        case .ipv6(let network): (try? IPv6Address(text: address)).map(network.contains) ?? false
        }
    }
}

/// Decides by its address which node a client can be, and by its header `Host` whether a request was meant for this server.
struct ClientPolicy: Sendable {
    /// The names of the nodes by the addresses that the lab gives them.
    private let owners: [String: String]
    /// The nodes of which the lab does not know the address that they have during the installation.
    private let unknown: Set<String>
    private let sharedNetworks: [AddressNetwork]
    /// The names by which clients may address this server, besides addresses.
    private let serverNames: Set<String>

    /// - Parameters:
    ///   - sharedNetworks: The networks from which any node may come, because the nodes are behind a NAT.
    ///   - serverNames: Names of this server, besides those in the lab and that of this machine.
    init(_ lab: Lab, sharedNetworks: [AddressNetwork], serverNames: [String]) {
        owners = Dictionary(
            lab.nodes.flatMap { node in
                node.links.flatMap { link in
                    let addressing = link.addressing
                    let addresses =
                        [addressing.address?.description, addressing.ipv6?.description].compactMap { $0 }
                        + addressing.more.map(\.address.description)
                    return addresses.map { ($0, node.name.description) }
                }
            }, uniquingKeysWith: { first, _ in first })
        unknown = Set(lab.nodes.filter { $0.installLink.addressing.address == nil }.map(\.name.description))
        self.sharedNetworks = sharedNetworks
        let machine = ProcessInfo.processInfo.hostName
        let names = [
            "localhost", "127.0.0.1", machine, String(machine.prefix { $0 != "." }), lab.reportURL?.host,
            lab.bootServer?.address.description,
        ]
        self.serverNames = Set((names.compactMap { $0 } + serverNames).map { $0.lowercased() })
    }

    /// Returns the node that has an address in the lab.
    func owner(of address: String) -> String? { owners[address] }

    /// Whether an address belongs to the lab, or to this machine.
    func isKnown(_ address: String) -> Bool { owners[address] != nil || isShared(address) }

    /// Whether any node can have an address: that of this machine, on which QEMU may run, or of a NAT.
    private func isShared(_ address: String) -> Bool {
        Self.isThisMachine(address) || sharedNetworks.contains { $0.contains(address) }
    }

    /// Whether a client is on the server's machine and uses its loopback interface.
    static func isThisMachine(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }

    /// Checks whether a client can be a node.
    /// - Parameter binding: The binding of the node.
    /// - Throws: ``RequestError`` with the reason why it can't.
    func check(_ address: String, for node: String, _ binding: NodeBinding) throws(RequestError) {
        if let owner = owners[address] {
            guard owner == node else {
                throw RequestError(.forbidden, "\(address) is the address of \(owner), not of \(node)")
            }
            return
        }
        guard unknown.contains(node) || isShared(address) else {
            throw RequestError(
                .forbidden,
                "\(address) is not an address of \(node) in the lab; for nodes behind a NAT, start xenseed serve with --nat"
            )
        }
        if let bound = binding.address, bound != address {
            throw RequestError(
                .forbidden,
                "\(node) is being installed from \(bound), not from \(address); to install it from there, run xenseed arm \(node)"
            )
        }
    }

    /// Checks that a browser was not led here under the name of another site (DNS rebinding). An address can't be rebound.
    /// - Throws: ``RequestError``.
    func checkHost(of request: Request) throws(RequestError) {
        guard let host = request.host else { return }
        let name: Substring
        if host.hasPrefix("[") {
            name = host.dropFirst().prefix { $0 != "]" }
        } else {
            name = host.prefix { $0 != ":" }
        }
        // Most clients use the address of the lab's boot server.
        guard !serverNames.contains(String(name)) else { return }
        let text = name.lowercased()
        guard serverNames.contains(text) || (try? IPAddress(text: text)) != nil else {
            throw RequestError(
                .misdirectedRequest,
                "this server does not have the name \(text.prefix(64)); use its address, or start it with --server-name"
            )
        }
    }

    /// Checks that a post was not sent by a page of another site.
    /// - Throws: ``RequestError``.
    func checkOrigin(of request: Request) throws(RequestError) {
        let site = request.headers["sec-fetch-site"].first ?? "none"
        let origin = request.headers["origin"].first
        let host = request.host ?? ""
        let own = "\(request.isEncrypted ? "https" : "http")://\(host)"
        guard site == "none" || site == "same-origin", origin == nil || origin == own else {
            throw RequestError(.forbidden, "a page of another site sent this post")
        }
    }
}
