import Lab
import Preseed

/// A lab in the file formats of other programs. Nothing in it is secret.
package struct LabExport: Sendable {
    /// A group of files that one program reads.
    package enum Format: String, CaseIterable, Sendable {
        case ansible, ssh
        case knownHosts = "known-hosts"
        case hosts, dns, terraform, netbox
        /// The files of all other formats.
        case all
    }

    /// A file with its path relative to the directory of the export.
    package struct File: Sendable {
        package let path: String
        package let content: [UInt8]

        init(_ path: String, _ content: [UInt8]) { (self.path, self.content) = (path, content) }
        init(_ path: String, lines: [String]) { self.init(path, Array((lines.joined(separator: "\n") + "\n").utf8)) }
    }

    /// The values of DNS zones that are not in the lab.
    package struct ZoneAuthority: Sendable {
        /// The name of the authoritative name server, without the dot at the end.
        package var nameServer: DomainName
        /// The serial number, which has to grow with each change of a zone that is copied to other servers.
        package var serial: UInt32

        package init(nameServer: DomainName, serial: UInt32) { (self.nameServer, self.serial) = (nameServer, serial) }
    }

    let lab: Lab
    let hosts: [ExportedHost]
    let authority: ZoneAuthority

    package init(_ lab: Lab, authority: ZoneAuthority) {
        (self.lab, self.authority) = (lab, authority)
        hosts = ExportedHost.all(of: lab)
    }

    /// Whether the zone of the lab's domain would have to contain the address of the name server, and does not.
    package var lacksNameServer: Bool {
        let name = authority.nameServer.description
        guard name == lab.domain.description || name.hasSuffix(".\(lab.domain)") else { return false }
        return !hosts.contains { host in
            host.addresses.contains { $0.label.map { "\($0).\(lab.domain)" } == name }
        }
    }

    /// Returns the files of a format, in the order in which they are used.
    package func files(_ format: Format) -> [File] {
        switch format {
        case .ansible: [ansible()]
        case .ssh: [sshConfiguration()]
        case .knownHosts: [knownHosts()]
        case .hosts: [hostsFile()]
        case .dns: zones()
        case .terraform: [variables()]
        case .netbox: netBox()
        case .all: Format.allCases.filter { $0 != .all }.flatMap(files)
        }
    }
}

/// A node as other programs know it: its names and addresses, and the account with which it is administered.
struct ExportedHost: Sendable {
    struct Address: Sendable {
        var address: IPAddress
        /// The length of the subnet's prefix.
        var prefix: Int
        var link: Link
        /// The host name of the address: the node's name for its main address, and with `-NETWORK` for the others. It is
        /// nil when this is too long for a host name, or the name of another node.
        var label: String?
        /// Whether the node is reached at the address: it is that of the link over which it is installed.
        var isMain: Bool
        /// Whether a DHCP server gives the address to the node.
        var isLease: Bool
    }

    /// An account that can log in over SSH.
    struct Account: Sendable {
        var name: String
        /// Whether the account becomes root with sudo.
        var usesSudo: Bool
    }

    let node: Node
    let fullName: String
    /// The addresses in the lab, the main ones first; those that only a DHCP server or a router knows are missing.
    let addresses: [Address]
    let account: Account?

    /// The main address; nil when the lab does not have it.
    var mainAddress: IPAddress? { addresses.first { $0.isMain }?.address }
    /// The main address, or without it the name, which the DNS server of the network may know.
    var destination: String { mainAddress?.description ?? fullName }

    /// Returns all hosts of a lab, in the order of its nodes.
    static func all(of lab: Lab) -> [ExportedHost] {
        var owners = Dictionary(uniqueKeysWithValues: lab.nodes.map { ($0.name.description, $0.name) })
        return lab.nodes.map { node in
            func label(on network: NetworkName) -> String? {
                // Host names have no underscores, and no hyphen at the end.
                var text = "\(node.name)-\(network)".replacing("_", with: "-")
                while text.hasSuffix("-") { text.removeLast() }
                guard (try? Hostname(text: text)) != nil, owners[text] == nil || owners[text] == node.name else {
                    return nil
                }
                owners[text] = node.name
                return text
            }
            let main = node.installLink.name
            let addresses = node.links.flatMap { link -> [Address] in
                guard !link.addressing.isBare else { return [] }
                let (addressing, network) = (link.addressing, link.addressing.network)
                let other = label(on: network.name)
                let isMain = link.name == main
                func own(_ address: IPAddress?, _ prefix: Int?) -> Address? {
                    guard let address, let prefix else { return nil }
                    return Address(
                        address: address, prefix: prefix, link: link, label: isMain ? node.name.description : other,
                        isMain: isMain, isLease: network.isDHCP && !address.isIPv6)
                }
                let addresses = [
                    own(addressing.address.map { IPAddress($0) }, network.subnet?.prefix),
                    own(addressing.ipv6.map { IPAddress($0) }, network.ipv6.subnet?.prefix),
                ]
                return addresses.compactMap(\.self)
                    + addressing.more.map {
                        Address(
                            address: $0.address, prefix: $0.prefix, link: link, label: other, isMain: false,
                            isLease: false)
                    }
            }
            return ExportedHost(
                node: node, fullName: lab.fullName(node.name),
                addresses: addresses.filter(\.isMain) + addresses.filter { !$0.isMain },
                account: node.access.administrator)
        }
    }
}

extension Access {
    /// The account for the administration of the node over SSH: root if it has a key, otherwise a user with a key, if there is
    /// one, who can become root.
    fileprivate var administrator: ExportedHost.Account? {
        if !authorizedKeys.isEmpty { return ExportedHost.Account(name: "root", usesSudo: false) }
        let withKey = users.filter { !$0.keys.isEmpty }
        let user =
            withKey.first { $0.sudo == .nopasswd } ?? withKey.first { $0.sudo == .yes && $0.password != nil }
            ?? withKey.first ?? users.first { allowsSSHPasswords && $0.password != nil }
        return user.map { ExportedHost.Account(name: $0.name.description, usesSudo: $0.sudo != .no) }
    }
}
