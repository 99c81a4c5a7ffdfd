import Lab
import Templates

extension Plan {
    /// Returns the README of the output directory.
    /// - Parameter preseedSums: The MD5 of each node's preseed in hexadecimal, in the order of the lab's nodes.
    func readme(preseedSums: [String]) -> [UInt8] {
        templates.render(Self.readme, ReadmeSubject(plan: self, preseedSums: preseedSums))
    }

    static let readme = TemplateDefinition<ReadmeSubject>(.readme) {
        labValues()
        TemplateValue("count", from: .fact("the number of nodes in the lab")) {
            $0.lab.nodes.count == 1 ? "one node" : "\($0.lab.nodes.count) nodes"
        }
        TemplateValue(flag: "drawn", from: .fact("the number of nodes in the lab")) { $0.plan.isDrawn }
        TemplateValue("server", from: ["boot_server.address", "boot_server.port"]) { $0.lab.bootServer?.url }
        TemplateValue("server_address", from: "boot_server.address") { $0.lab.bootServer?.address }
        TemplateValue("port", from: "boot_server.port") { $0.lab.bootServer?.port ?? Self.port }
        TemplateValue("report", from: "report_url") { $0.lab.reportURL }
        TemplateValue("bios_only", from: ["release", .fact("the release's support for booting Xen with UEFI")]) {
            $0.lab.release.uefiRefusal
        }
        TemplateValue("secret", from: [.rootPassword, .userPasswords, .eachNode]) { subject in
            subject.names { $0.access.rootPassword != nil || $0.access.hasUserPasswords }
        }
        TemplateValue("uefi_nodes", from: ["nodes.*.firmware", .eachNode]) { $0.names { $0.firmware == .uefi } }
        TemplateValue(list: "nodes", from: .eachNode) { subject in
            zip(subject.lab.nodes, subject.preseedSums).map { NodeSubject(subject.plan, $0, digest: $1) }
        } values: {
            TemplateValue("name", from: ["domain", .nodeName]) { $0.lab.fullName($0.node.name) }
            TemplateValue("cpus", from: "nodes.*.cpus") { $0.node.cpus }
            TemplateValue("memory", from: "nodes.*.memory") { $0.node.memory?.description ?? "unknown" }
            TemplateValue("dom0", from: ["nodes.*.dom0.memory", "nodes.*.dom0.vcpus", "nodes.*.dom0.pin"]) {
                let dom0 = $0.node.dom0
                let vcpus = "\(dom0.vcpus) vcpu\(dom0.vcpus == 1 ? "" : "s")"
                return "\(dom0.memory), \(vcpus)\(dom0.pinsVCPUs ? ", pinned" : "")"
            }
            TemplateValue("disk", from: .disk) { $0.node.disk.words }
            TemplateValue("layout", from: [.layout, .disk, "nodes.*.disk.volumes.*"]) { $0.node.disk.layoutWords }
            TemplateValue("kept", from: "nodes.*.disk.keep") {
                $0.node.disk.kept.map(\.description).joined(separator: ", ")
            }
            TemplateValue(list: "groups", from: .volumeGroups, of: { $0.node.volumeGroups }) {
                TemplateValue("erased") { $0.erasesDisks ? "**\($0.deviceNames)**" : "nothing" }
                TemplateValue("content") { "volume group \($0.name)\($0.volumes.words)" }
                TemplateValue("rest") {
                    $0.erasesDisks ? "" : "\($0.deviceNames): empty, or with this volume group, which is kept"
                }
            }
            TemplateValue("links", from: [.cards, .leases]) { subject in
                subject.node.links.map { link in
                    let cards = link.cards.map(\.name.description).joined(separator: ", ")
                    let isPlain = link.bridge == nil && link.cards.count == 1
                    return "\(link.name)\(isPlain || cards.isEmpty ? "" : " (\(cards))"): \(link.addressWords)"
                }.joined(separator: "; ")
            }
            TemplateValue("logins", from: .logins) { $0.node.access.words }
            TemplateValue("kernel_line", from: .kernelOptions) { subject in
                subject.plan.kernelOptions(
                    subject.node, base: subject.plan.baseURL, preseedSum: subject.digest
                ).joined(separator: " ")
            }
        }
        TemplateValue(list: "guests", from: .guestName, of: { $0.guests }) {
            TemplateValue(flag: "first") { $0.isFirst }
            TemplateValue(flag: "last") { $0.isLast }
            TemplateValue(flag: "moves", from: "guests.*.on") { $0.someMove }
            TemplateValue("guest") { $0.guest.name }
            TemplateValue("type", from: .guestTypes) { $0.guest.type.rawValue }
            TemplateValue("vcpus", from: "guests.*.vcpus") { $0.guest.vcpus }
            TemplateValue("memory", from: "guests.*.memory") { $0.guest.memory }
            TemplateValue("disk", from: ["guests.*.disk", .guestDisk]) { "\($0.guest.disk) in \($0.guest.volumeGroup)" }
            TemplateValue("card", from: ["guests.*.mac", "guests.*.bridge", "nodes.*.bridges.*.network"]) {
                "\($0.guest.mac) on \($0.guest.bridge)"
            }
            TemplateValue("nodes", from: ["guests.*.on", "guests.*.start_on", .eachNode]) { item in
                item.guest.nodes.map { "\($0)\($0 == item.guest.startNode ? " (starts it)" : "")" }
                    .joined(separator: ", ")
            }
            TemplateValue("replicated", from: [.guestPort, "replication.network"]) { item in
                item.guest.replication.map { "/dev/drbd\($0.minor), port \($0.port)" } ?? "no"
            }
        }
        TemplateValue(flag: "switched", from: .switchPorts) { !$0.switchPorts.isEmpty }
        TemplateValue(list: "switch_ports", from: .switchPorts, of: { $0.switchPorts }) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("cards", from: .cards) { $0.port.cards.words }
            TemplateValue("aggregation", from: "nodes.*.bonds.*.mode") { $0.port.aggregation }
            TemplateValue("untagged", from: "networks.*.vlan") {
                $0.port.untagged.map(\.name.description).joined(separator: ", ")
            }
            TemplateValue("tagged", from: "networks.*.vlan") {
                $0.port.tagged.map { "\($0.vlan.map { "\($0) " } ?? "")\($0.name)" }.joined(separator: ", ")
            }
        }
        TemplateValue("alone", from: [.switchPorts, .installCard]) { $0.loneCards }
        TemplateValue(list: "networks", from: .networks, of: { $0.networks }) {
            TemplateValue("name") { $0.network.name }
            TemplateValue(
                "subnet",
                from: [
                    "networks.*.subnet", "networks.*.vlan", "networks.*.mtu", "networks.*.ipv6.method",
                    "networks.*.ipv6.subnet",
                ]
            ) { $0.network.words }
            TemplateValue("way", from: .waysOut) { $0.network.way }
            TemplateValue(list: "members", from: [.networks, .addresses], of: { $0.members }) {
                TemplateValue("branch") { $0.isLast ? "└─" : "├─" }
                TemplateValue("node", from: .nodeName) { $0.name }
                TemplateValue("link", from: .cards) { $0.linkName }
                TemplateValue("address", from: .leases) { $0.link.addressWords }
                TemplateValue("ports", from: .cards) { $0.link.portWords }
                TemplateValue("lease_macs", from: [.installCard, .bridgeAddress]) { $0.leaseMACs }
            }
        }
    }
}

extension Sources {
    /// The sources of the addresses of links, which are static or come from DHCP.
    /// The fields that decide who can log in.
    fileprivate static let logins: Sources = [
        "nodes.*.access.root", "nodes.*.access.authorized_keys", rootPassword, "nodes.*.access.users.*.keys",
        userPasswords, "nodes.*.access.users.*.sudo",
    ]
    fileprivate static let switchPorts: Sources = [networks, cards, "nodes.*.bonds.*.mode"]
    fileprivate static let leases: Sources = [addresses, moreAddresses, ipv6Addresses, "networks.*.dhcp"]
}

/// A lab with the checksums of its preseeds.
struct ReadmeSubject: TemplateSubject {
    let plan: Plan
    /// The MD5 of each node's preseed in hexadecimal, in the order of the lab's nodes.
    let preseedSums: [String]

    /// A network with the links on it.
    struct NetworkMembers: Sendable {
        var network: Network
        var members: [Member]
    }

    struct Member: Sendable {
        /// The name of the node, padded to the length of the longest one on the network.
        var name: String
        /// The name of the link, padded in the same way.
        var linkName: String
        var link: Link
        /// The MAC addresses with which the link requests a lease; empty if it does not use DHCP or has a single card.
        var leaseMACs: String
        var isLast: Bool
    }

    /// A row of the table of guests.
    struct GuestRow: Sendable {
        var guest: Guest
        var isFirst: Bool
        var isLast: Bool
        /// Whether a guest of the lab is replicated.
        var someMove: Bool
    }

    fileprivate var guests: [GuestRow] {
        let guests = lab.guests
        return guests.indices.map { place in
            GuestRow(
                guest: guests[place], isFirst: place == 0, isLast: place == guests.count - 1,
                someMove: guests.contains { $0.replication != nil })
        }
    }

    /// Returns the names of the listed nodes, or their number if they are more than three.
    fileprivate func names(_ isListed: (Node) -> Bool) -> String {
        let names = lab.nodes.filter(isListed).map(\.name.description)
        return names.count > 3 ? "\(names.count) nodes" : names.joined(separator: ", ")
    }

    /// The ports of switches that need a setting, with their nodes.
    fileprivate var switchPorts: [(node: Node, port: SwitchPort)] {
        lab.nodes.flatMap { node in node.switchPorts.map { (node, $0) } }
    }

    /// The cards that the installer uses although they are members of a group of the switch.
    fileprivate var loneCards: String {
        switchPorts.compactMap { node, port in
            guard port.mode?.needsSwitch == true else { return nil }
            return port.cards.first { $0.name == node.installInterface }.map { "\($0.name) of \(node.name)" }
        }.joined(separator: ", ")
    }

    fileprivate var networks: [NetworkMembers] {
        lab.networks.map { network in
            let members = (plan.members[network.name] ?? []).map { member in
                (node: lab.nodes[member.node], link: lab.nodes[member.node].links[member.link])
            }
            let nodeWidth = members.map { $0.node.name.description.utf8.count }.max() ?? 0
            let linkWidth = members.map { $0.link.name.description.utf8.count }.max() ?? 0
            return NetworkMembers(
                network: network,
                members: members.enumerated().map { index, member in
                    let link = member.link
                    return Member(
                        name: member.node.name.description.padded(to: nodeWidth),
                        linkName: link.name.description.padded(to: linkWidth), link: link,
                        leaseMACs: link.usesDHCP && link.cards.count > 1
                            ? member.node.dhcpMACs(link, on: lab.release).map(\.description)
                                .joined(separator: " and ") : "",
                        isLast: index == members.count - 1)
                })
        }
    }
}

extension Network {
    /// The subnets, the VLAN and the MTU for users.
    var words: String {
        let settings = [
            subnet?.description, ipv6.subnet?.description, ipv6.method == .slaac ? "IPv6 by SLAAC" : nil,
            givesAddresses ? nil : "guests only", vlan.map { "VLAN \($0)" }, mtu.map { "MTU \($0)" },
        ]
        return settings.compactMap(\.self).joined(separator: ", ")
    }

    /// A description for users of how the network's nodes reach other networks.
    fileprivate var way: String { isDHCP ? "DHCP" : gateway.map { "gateway \($0)" } ?? "closed" }
}

extension Link {
    /// The address of the link for users.
    fileprivate var addressWords: String {
        guard !addressing.isBare else { return "guests only" }
        let own = addressing.address?.description
        let ipv4 = usesDHCP ? own.map { "\($0) by DHCP" } ?? "by DHCP" : own
        let ipv6 = addressing.ipv6?.description ?? (addressing.ipv6Method == .slaac ? "IPv6 by SLAAC" : nil)
        return ([ipv4, ipv6].compactMap(\.self) + addressing.more.map(\.description)).joined(separator: " and ")
    }

    /// The ports of a bridge or the members of a bond with their MAC addresses, for users.
    fileprivate var portWords: String {
        guard bridge != nil || cards.count > 1 else { return "" }
        return ports.map { port in
            let cards = port.cards.words
            return port.cards.count == 1 && port.name == port.cards[0].name ? cards : "\(port.name) (\(cards))"
        }.joined(separator: ", ")
    }
}

extension [Interface] {
    /// The names and MAC addresses of cards, for users.
    fileprivate var words: String { map { "\($0.name) \($0.mac.shown)" }.joined(separator: ", ") }
}

extension Access {
    /// Who can log in, and how, for users.
    fileprivate var words: String {
        func words(_ name: String, _ ways: [String?]) -> String {
            "\(name) (\(ways.compactMap(\.self).joined(separator: ", ")))"
        }
        let root =
            authorizedKeys.isEmpty && rootPassword == nil
            ? []
            : [words("root", [authorizedKeys.isEmpty ? nil : "key", rootPassword == nil ? nil : "password"])]
        let people = users.filter(\.canLogIn).map { user in
            words(
                user.name.description,
                [
                    user.keys.isEmpty ? nil : "key", user.password == nil ? nil : "password",
                    user.sudo == .no ? nil : "sudo",
                ])
        }
        return isClosed ? "**nobody**" : (root + people).joined(separator: ", ")
    }
}

extension Disk {
    /// A description of the layout for users.
    fileprivate var layoutWords: String { "\(isMirrored ? "RAID 1, " : "")\(layout.words)\(volumes.words)" }
}

extension VolumeGroup {
    fileprivate var deviceNames: String { devices.map(\.description).joined(separator: " and ") }
}

extension [GuestVolume] {
    /// A description of the volumes for users, which follows that of their group.
    fileprivate var words: String {
        isEmpty ? "" : "; volumes for guests: " + map { "\($0.name) \($0.size)" }.joined(separator: ", ")
    }
}

extension Layout {
    /// A description of the layout for users, without the disks.
    fileprivate var words: String {
        switch self {
        case .plain(let swap): "plain, swap \(swap?.description ?? "none")"
        case .lvm(let lvm):
            "LVM \(lvm.group): root \(lvm.root), swap \(lvm.swap?.description ?? "none"), rest free"
        case .recipe: "own recipe"
        }
    }
}
