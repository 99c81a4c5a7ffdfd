import Lab
import Preseed
import Templates

extension Hypervisor {
    /// QEMU by libvirt, with the machine `pc` and the same slots for network adapters as in the script for QEMU. libvirt 9.0 has no
    /// emulated NVMe disks and gives SATA disks no model (domain_conf.c, virDomainDiskDefValidate).
    static let libvirt = Hypervisor(
        name: "libvirt", limits: (cpus: nil, memory: nil, adapters: 16, sataPorts: nil), buses: [.sata, .virtio],
        deviceNames: "/dev/sda and further (SATA) and /dev/vda and further",
        linkNames: "\(ataPrefix)SERIAL and virtio-SERIAL, with a serial number of at most 20 characters"
    ) { id in
        let text = id.description
        for (prefix, bus) in [(ataPrefix, DiskBus.sata), ("virtio-", .virtio)] where text.hasPrefix(prefix) {
            let serial = text.dropFirst(prefix.utf8.count)
            return (1...20).contains(serial.utf8.count) ? DiskIdentity(bus: bus, serial: String(serial)) : nil
        }
        return nil
    }

    /// The link of a SATA disk without its serial number: QEMU's default model.
    private static let ataPrefix = "ata-QEMU_HARDDISK_"
}

extension Plan {
    /// Passes on the script that creates the lab's machines with libvirt, and the XML of each machine and network. The files of a
    /// large lab are never in memory together.
    func libvirt(_ receive: (PlannedFile) async throws -> Void) async throws {
        let networks = LibvirtNetworkSubject.all(of: self)
        let script = LibvirtSubject(
            plan: self, machines: lab.nodes.map { Machine($0, in: .libvirt) },
            outward: networks.filter(\.isOpen).map(\.network.name))
        try await receive(PlannedFile("libvirt/lab", templates.render(Self.libvirt, script), isExecutable: true))
        for network in networks {
            let text = templates.render(Self.libvirtNetwork, network)
            try await receive(PlannedFile("libvirt/networks/\(network.network.name).xml", text))
        }
        for machine in script.machines where machine.refusals.isEmpty {
            let text = templates.render(Self.libvirtNode, LibvirtNodeSubject(plan: self, machine: machine))
            try await receive(
                PlannedFile("libvirt/nodes/\(machine.node.name).xml", text, owner: machine.node.name))
        }
    }

    static let libvirt = TemplateDefinition<LibvirtSubject>(.libvirt) {
        scriptValues()
        TemplateValue(
            list: "machines", from: [.refusals, .eachNode], of: { $0.machines.lazy.filter(\.refusals.isEmpty) }
        ) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("console", from: "nodes.*.console") { $0.node.console == nil ? "" : "yes" }
            TemplateValue("unmade", from: .disks) { $0.missingDisks.map(\.description).joined(separator: ", ") }
            TemplateValue("networks", from: .cards) { machine in
                Set(machine.node.interfaces.map { machine.node.cableNetwork(of: $0).name }).sorted()
                    .map(\.description).joined(separator: " ")
            }
            TemplateValue(list: "disks", from: .disks, of: { $0.disks }) {
                TemplateValue("name") { $0.name }
                TemplateValue("size") { $0.sizeInMebibytes }
            }
        }
        TemplateValue(list: "refusals", from: .refusals, of: { $0.machines.lazy.filter { !$0.refusals.isEmpty } }) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("why") { $0.refusals.joined(separator: "; ") }
        }
        TemplateValue(list: "lans", from: [.networks, .waysOut, .installCard]) { subject in
            subject.outward.enumerated().map { (index: $0 + 1, name: $1) }
        } values: {
            TemplateValue("index") { $0.index }
            TemplateValue("network") { $0.name }
        }
        TemplateValue("lan_names", from: [.networks, .waysOut, .installCard]) {
            $0.outward.map(\.description).joined(separator: ", ")
        }
    }

    static let libvirtNode = TemplateDefinition<LibvirtNodeSubject>(.libvirtNode) {
        labValues()
        TemplateValue("node", from: .nodeName) { $0.machine.node.name }
        TemplateValue("uuid", from: .installCard) { $0.machine.uuid }
        TemplateValue("memory", from: .machineMemory) { $0.machine.node.machineMemory.mebibytes }
        TemplateValue("cpus", from: "nodes.*.cpus") { $0.machine.node.cpus }
        TemplateValue("serial", from: "nodes.*.serial") { $0.machine.node.serial }
        TemplateValue(flag: "uefi", from: "nodes.*.firmware") { $0.machine.node.firmware == .uefi }
        TemplateValue("port", from: "nodes.*.console") { $0.machine.node.console?.unit ?? 0 }
        TemplateValue("cd_boot_order", from: .bootOrder) { _ in Machine.cdBootOrder }
        TemplateValue(list: "disks", from: .disks) { subject in
            subject.machine.disks.map { (disk: $0, subject: subject) }
        } values: {
            TemplateValue("name") { $0.disk.name }
            TemplateValue("volume", from: [.disks, .nodeName, "domain"]) {
                "\($0.subject.lab.fullName($0.subject.machine.node.name))-\($0.disk.name).qcow2"
            }
            TemplateValue("bus") { $0.disk.bus == .sata ? "sata" : "virtio" }
            TemplateValue("disk_serial") { $0.disk.identity?.serial }
            TemplateValue("boot_order", from: [.disks, .bootOrder]) { $0.subject.machine.bootOrder(of: $0.disk) }
        }
        TemplateValue(list: "adapters", from: .cards) { subject in
            subject.machine.node.interfaces.enumerated().map { (number: $0, card: $1, node: subject.machine.node) }
        } values: {
            TemplateValue("name") { $0.card.name }
            TemplateValue("mac") { $0.card.mac }
            TemplateValue("network") { $0.node.cableNetwork(of: $0.card).name }
            TemplateValue("slot") { "0x\(String(16 + $0.number, radix: 16))" }
            TemplateValue("boot_order", from: [.installCard, .bootOrder]) {
                $0.card.name == $0.node.installInterface ? Machine.networkBootOrder : nil
            }
        }
    }

    static let libvirtNetwork = TemplateDefinition<LibvirtNetworkSubject>(.libvirtNetwork) {
        labValues()
        TemplateValue("network", from: .networks) { $0.network.name }
        TemplateValue("uuid", from: [.networks, "domain"]) { $0.uuid }
        TemplateValue("mtu", from: "networks.*.mtu") { $0.network.mtu }
        TemplateValue(optional: "open", from: .libvirtHost, of: { $0.host }) {
            TemplateValue("host") { $0.addresses[0] }
            TemplateValue(texts: "more_hosts", { Array($0.addresses.dropFirst()) })
            TemplateValue("netmask") { $0.subnet.netmask }
            TemplateValue("first") { $0.free.first }
            TemplateValue("last") { $0.free.last }
            TemplateValue(list: "members", from: [.libvirtHost, .eachNode, "domain"], of: { $0.members }) {
                TemplateValue("node") { $0.node }
                TemplateValue("fqdn") { $0.fullName }
                TemplateValue("address") { $0.address }
                TemplateValue("macs") { $0.macs.map(\.description).joined(separator: ",") }
            }
        }
    }
}

extension Sources {
    /// The sources of a network that leads out of the host: the addresses of the host and of the nodes on it.
    fileprivate static let libvirtHost: Sources = [
        networks, waysOut, installCard, addresses, bridgeAddress, "networks.*.dns", "boot_server.address",
    ]
}

/// A lab with its nodes as machines of libvirt.
struct LibvirtSubject: TemplateSubject {
    let plan: Plan
    let machines: [Machine]
    /// The networks that lead out of the host.
    let outward: [NetworkName]
}

struct LibvirtNodeSubject: TemplateSubject {
    let plan: Plan
    let machine: Machine
}

/// A network to which machines of libvirt are connected.
struct LibvirtNetworkSubject: TemplateSubject {
    let plan: Plan
    let network: Network
    /// Whether the network leads out of the host.
    let isOpen: Bool
    /// The host on the network; nil if the network does not lead out or has no IPv4 subnet.
    let host: Host?

    struct Host: Sendable {
        /// The addresses of the host: those of the gateway, the boot server and the name servers, which are not machines of the
        /// lab; never empty.
        var addresses: [IPv4Address]
        var subnet: IPv4Network
        /// The first and the last address for machines without an address in the lab.
        var free: (first: IPv4Address, last: IPv4Address)
        var members: [Member]
    }

    /// A link with an address, for DHCP and DNS.
    struct Member: Sendable {
        var node: Hostname
        var fullName: String
        var address: IPv4Address
        var macs: [MACAddress]
    }

    /// A UUID that tells the network from another one with the same name.
    var uuid: String {
        "78656e73-6565-4d00-9000-\(sha256(Array("\(lab.domain) \(network.name)".utf8)).prefix(12))"
    }

    /// Returns the networks that machines are connected to, in the order of the lab.
    static func all(of plan: Plan) -> [LibvirtNetworkSubject] {
        let lab = plan.lab
        let outward = lab.outwardNetworks
        let cabled = Set(lab.nodes.flatMap { node in node.interfaces.map { node.cableNetwork(of: $0).name } })
        return lab.networks.filter { cabled.contains($0.name) }.map { network in
            let isOpen = outward.contains(network.name)
            return LibvirtNetworkSubject(
                plan: plan, network: network, isOpen: isOpen, host: isOpen ? Host(network, plan) : nil)
        }
    }
}

extension LibvirtNetworkSubject.Host {
    /// Creates the host on a network; nil without an IPv4 subnet.
    fileprivate init?(_ network: Network, _ plan: Plan) {
        guard let subnet = network.subnet else { return nil }
        let lab = plan.lab
        let members = (plan.members[network.name] ?? []).compactMap { member in
            let node = lab.nodes[member.node]
            let link = node.links[member.link]
            return link.addressing.address.map {
                LibvirtNetworkSubject.Member(
                    node: node.name, fullName: lab.fullName(node.name), address: $0,
                    macs: node.dhcpMACs(link, on: lab.release))
            }
        }
        let taken = members.map(\.address)
        let servers = [network.isDHCP ? nil : network.gateway, lab.bootServer?.address, network.gateway] + network.dns
        var addresses: [IPv4Address] = []
        for case let server? in servers where subnet.contains(server) && !(taken + addresses).contains(server) {
            addresses.append(server)
        }
        if addresses.isEmpty { addresses = [subnet.widestGap(between: taken).last] }
        free = subnet.widestGap(between: taken + addresses)
        (self.subnet, self.members, self.addresses) = (subnet, members, addresses)
    }
}
