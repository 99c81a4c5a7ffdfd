import Lab
import Preseed
import Templates

/// The subject of the templates of one guest's files on one of its nodes.
struct GuestSubject: TemplateSubject {
    let plan: Plan
    let node: Node
    let guest: Guest
}

extension Plan {
    /// The definitions of the overlay's members that exist for each guest of a node.
    static let guestMembers: [GuestMember] = [
        GuestMember(file: .configuration, template: guestConfiguration),
        GuestMember(file: .resource, template: guestResource, isOfReplicated: true),
    ]

    /// A member of the overlay that exists for each guest of a node.
    struct GuestMember: Sendable {
        let file: GuestPath
        let template: TemplateDefinition<GuestSubject>
        /// Whether only replicated guests have the member.
        var isOfReplicated = false

        func member(of subject: GuestSubject) -> OverlayMember? {
            guard subject.guest.replication != nil || !isOfReplicated else { return nil }
            return OverlayMember(
                path: file.path(of: subject.guest.name), mode: 0o644,
                .file(subject.plan.templates.render(template, subject)))
        }
    }

    /// Returns the members for the guests of a node.
    func guestMembers(_ node: Node) -> [OverlayMember] {
        lab.guests(on: node.name).flatMap { guest in
            Self.guestMembers.compactMap { $0.member(of: GuestSubject(plan: self, node: node, guest: guest)) }
        }
    }

    // MARK: Templates

    private static let guestConfiguration = TemplateDefinition<GuestSubject>(.guest) {
        labValues()
        TemplateValue("guest", from: .guestName) { $0.guest.name }
        TemplateValue("type", from: .guestTypes) { $0.lab.release.namesGuestType ? $0.guest.type.rawValue : "" }
        // Before Xen 4.10, a guest without builder= is paravirtualized.
        TemplateValue("builder", from: .guestTypes) {
            !$0.lab.release.namesGuestType && $0.guest.type == .hvm ? GuestType.hvm.rawValue : ""
        }
        TemplateValue("vcpus", from: "guests.*.vcpus") { $0.guest.vcpus }
        TemplateValue("memory", from: "guests.*.memory") { $0.guest.memory.mebibytes }
        TemplateValue("kernel", from: ["guests.*.kernel", .guestTypes]) {
            $0.guest.kernel?.description ?? $0.guest.bootLoader
        }
        TemplateValue("initrd", from: "guests.*.initrd") { $0.guest.initrd }
        TemplateValue("kernel_options", from: "guests.*.kernel_options") {
            $0.guest.kernelOptions.map(\.description).joined(separator: " ")
        }
        TemplateValue(flag: "replicated", from: "guests.*.on") { $0.guest.replication != nil }
        TemplateValue("volume_group", from: .guestDisk) { $0.guest.volumeGroup }
        TemplateValue("mac", from: "guests.*.mac") { $0.guest.mac }
        TemplateValue("bridge", from: ["guests.*.bridge", "nodes.*.bridges.*.network"]) { $0.guest.bridge }
        TemplateValue(flag: "emulated", from: .guestTypes) { $0.guest.type == .hvm }
        TemplateValue("cpuid", from: "guests.*.cpuid") { $0.guest.cpuid }
    }

    private static let guestResource = TemplateDefinition<GuestSubject>(.guestResource) {
        labValues()
        TemplateValue("guest", from: .guestName) { $0.guest.name }
        TemplateValue(
            list: "sides", from: "guests.*.on",
            of: { subject in subject.guest.nodes.sorted().map { (subject: subject, name: $0) } }
        ) {
            // The resource is the same on both nodes; DRBD finds its own side by the output of `uname -n`.
            TemplateValue("node", from: ["domain", .eachNode]) { $0.subject.lab.fullName($0.name) }
            TemplateValue("minor", from: .guestMinor) { $0.subject.guest.replication?.minor }
            TemplateValue("port", from: .guestPort) { $0.subject.guest.replication?.port }
            TemplateValue("volume_group", from: .guestDisk) { $0.subject.guest.volumeGroup }
            TemplateValue("address", from: .replicationAddresses) { $0.subject.lab.replicationAddress(of: $0.name) }
        }
    }

    /// The table of a node's guests for xenseed-guests.
    static let guestTable = TemplateDefinition<NodeSubject>(.guests) {
        nodeValues
        TemplateValue(list: "guests", from: .guestName, of: \.guests) {
            TemplateValue("guest") { $0.guest.name }
            TemplateValue("mode", from: "guests.*.on") { $0.guest.replication == nil ? "local" : "replicated" }
            TemplateValue("volume_group", from: .guestDisk) { $0.guest.volumeGroup }
            TemplateValue("size", from: ["guests.*.disk", "guests.*.on"]) { $0.guest.volumeSize.mebibytes }
            TemplateValue("minor", from: .guestMinor) { $0.guest.replication.map { "\($0.minor)" } ?? "-" }
            TemplateValue("sync", from: ["guests.*.on", "guests.*.start_on"]) {
                $0.guest.replication == nil ? "-" : $0.guest.firstNode == $0.node.name ? "source" : "target"
            }
            TemplateValue("start", from: "guests.*.start_on") {
                $0.guest.startNode == $0.node.name ? "yes" : "no"
            }
            TemplateValue("peer", from: ["guests.*.on", .eachNode]) {
                $0.guest.peer(of: $0.node.name)?.description ?? "-"
            }
            TemplateValue("address", from: .replicationAddresses) { subject in
                subject.guest.peer(of: subject.node.name).flatMap { subject.lab.replicationAddress(of: $0) }
                    .map(\.description) ?? "-"
            }
        }
    }

    static let lvmFilter = TemplateDefinition<NodeSubject>(.lvmFilter) {
        nodeValues
        TemplateValue(flag: "whole", from: .lvmFiles) { !$0.lab.release.lvmReadsLocalFile }
        TemplateValue(list: "volumes", from: .guestName, of: \.guests) {
            TemplateValue("guest") { $0.guest.name }
            TemplateValue("volume_group", from: .guestDisk) { $0.guest.volumeGroup }
        }
    }

    static let migrationHosts = TemplateDefinition<NodeSubject>(.migrationHosts) {
        nodeValues
        TemplateValue(list: "hosts", from: .migration, of: \.migrationPeers) {
            TemplateValue("address", from: .replicationAddresses) { $0.address }
            TemplateValue("host_key") { $0.keys.host.publicKey.withoutComment }
        }
    }

    /// The keys with which the nodes that share a guest with this one may run xenseed-migrate-peer.
    static var migrationKeys: TemplateValue<NodeSubject> {
        TemplateValue(list: "peers", from: .migration, of: \.migrationPeers) {
            TemplateValue("peer", from: .eachNode) { $0.name }
            TemplateValue("address", from: .replicationAddresses) { $0.address }
            TemplateValue("key") { $0.keys.migration.publicKey.withoutComment }
        }
    }

    /// The definitions of the assertions about guests.
    static let guestDefinitions: [AssertionDefinition] = [
        .init(.guest, from: [.guestName, "guests.*.on", .guestDisk, "guests.*.disk"]) { subject in
            subject.guests.map { item in
                Assertion(
                    .guest, "\(item.guest.name)",
                    arguments: [
                        "\(item.guest.name)", "\(item.guest.volumeGroup)", "\(item.guest.volumeSize.mebibytes)",
                    ],
                    expected: "/etc/xen/\(item.guest.name).cfg, \(item.guest.volumeSize.mebibytes) MiB in "
                        + "\(item.guest.volumeGroup)")
            }
        },
        .init(.replication, from: [.guestName, "guests.*.on"]) { subject in
            subject.guests.filter { $0.guest.replication != nil }.map { item in
                Assertion(
                    .replication, "\(item.guest.name)", arguments: ["\(item.guest.name)"],
                    expected: "Connected, UpToDate/UpToDate, at most one primary")
            }
        },
        .init(.peer, from: [.migration, .replicationAddresses]) { subject in
            subject.migrationPeers.map { peer in
                Assertion(
                    .peer, "\(peer.name)", arguments: ["\(peer.name)", "\(peer.address)", "\(peer.guest)"],
                    expected: "answers at \(peer.address)")
            }
        },
    ]
}

extension NodeSubject {
    /// A guest on the node.
    struct GuestItem: Sendable {
        let plan: Plan
        let node: Node
        let guest: Guest
        var lab: Lab { plan.lab }
    }

    /// The guests of the node, sorted by name.
    var guests: [GuestItem] {
        lab.guests(on: node.name).map { GuestItem(plan: plan, node: node, guest: $0) }
    }

    /// Whether somebody logs in to the node over SSH: a person, or another node that moves a guest.
    var usesSSH: Bool { node.access.usesSSH || replicates }

    /// Whether the node replicates guests' disks.
    var replicates: Bool { lab.guests(on: node.name).contains { $0.replication != nil } }

    /// The node's own keys; nil when it does not replicate.
    var keys: NodeKeys? { replicates ? lab.keys[node.name] : nil }

    /// A node that shares a replicated guest with the node.
    struct MigrationPeer: Sendable {
        let name: Hostname
        let address: IPv4Address
        let keys: NodeKeys
        /// The first of the guests that they share.
        let guest: GuestName
    }

    /// The nodes that share a replicated guest with the node, sorted by name.
    var migrationPeers: [MigrationPeer] {
        let guests = lab.guests(on: node.name)
        return Set(guests.compactMap { $0.peer(of: node.name) }).sorted().compactMap { name in
            guard let address = lab.replicationAddress(of: name), let keys = lab.keys[name],
                let guest = guests.first(where: { $0.peer(of: node.name) == name })
            else { return nil }
            return MigrationPeer(name: name, address: address, keys: keys, guest: guest.name)
        }
    }
}

extension Guest {
    /// The boot loader in dom0 that reads GRUB's menu on the guest's disk (Debian's package grub-xen-host); nil for a guest whose
    /// firmware starts the boot loader on its disk.
    fileprivate var bootLoader: String? {
        switch type {
        case .pv: "/usr/lib/grub-xen/grub-x86_64-xen.bin"
        case .pvh: "/usr/lib/grub-xen/grub-i386-xen_pvh.bin"
        case .hvm: nil
        }
    }
}

extension OverlayMemberDefinition.Condition where Subject == NodeSubject {
    static let whenGuests = when("guests.*.on") { !$0.guests.isEmpty }
    static let whenReplicated = when("guests.*.on") { $0.replicates }
}

extension Sources {
    static let lvmFiles: Sources = ["release", .fact("the files that the release's LVM reads")]
    static let guestName = fact("the guest's name in the lab")
    static let guestTypes: Sources = ["guests.*.type", "release", .fact("how the release's Xen names types of guests")]
    /// The sources of the volume group of a guest's disk.
    static let guestDisk: Sources = [
        "guests.*.volume_group", "guests.*.on", "nodes.*.disk.volume_group", "nodes.*.disk.layout",
        "nodes.*.volume_groups.*.devices",
    ]
    static let guestMinor: Sources = ["guests.*.minor", "guests.*.mac", "guests.*.on"]
    static let guestPort: Sources = ["guests.*.port", guestMinor]
    static let replicationAddresses: Sources = ["replication.network", "guests.*.on", networks, addresses, eachNode]
    /// The sources of the keys by which nodes that share guests log in to each other.
    static let migration: Sources = [
        "guests.*.on", "replication.keys", .fact("the nodes' keys beside the lab"), eachNode,
    ]
}
