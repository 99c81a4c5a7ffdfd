import Lab
import Preseed
import Templates

extension Hypervisor {
    /// QEMU's machine `pc` (i440fx) with up to 16 PCI slots for network adapters, which the script assigns.
    static let qemu = Hypervisor(
        name: "QEMU", limits: (cpus: nil, memory: nil, adapters: 16, sataPorts: nil), buses: DiskBus.allCases,
        deviceNames: "/dev/sda and further (SATA), /dev/vda and further, /dev/nvme0n1 and further",
        linkNames: "ata-MODEL_SERIAL and virtio-SERIAL, with at most \(model) and \(serial) characters"
    ) { id in
        let text = id.description
        if text.hasPrefix("ata-"), let end = text.lastIndex(of: "_") {
            // udev replaces blanks with underscores in the names of links.
            let name = text[..<end].dropFirst(4).replacing("_", with: " ")
            let number = text[end...].dropFirst()
            guard (1...model).contains(name.utf8.count), (1...serial).contains(number.utf8.count), name.first != " ",
                name.last != " "
            else { return nil }
            return DiskIdentity(bus: .sata, model: String(name), serial: String(number))
        }
        if text.hasPrefix("virtio-"), (1...serial).contains(text.utf8.count - 7) {
            return DiskIdentity(bus: .virtio, serial: String(text.dropFirst(7)))
        }
        return nil
    }

    /// The maximum lengths of a disk's model and serial number in characters (ATA8-ACS, IDENTIFY DEVICE).
    private static let (model, serial) = (40, 20)
}

extension Machine {
    /// The number of ports of QEMU's AHCI controller (ICH9).
    private static let controllerPorts = 6

    /// The devices of QEMU to which disks are connected: SATA controllers. Other disks are PCI devices themselves.
    fileprivate var controllers: [String] {
        guard let last = disks.last(where: { $0.bus == .sata }) else { return [] }
        return (0...last.position / Self.controllerPorts).map { "ich9-ahci,id=ahci\($0)" }
    }

    /// Returns the QEMU device for a disk, without the properties that the script adds.
    fileprivate func device(of disk: Disk) -> String {
        let name = disk.name
        let (controller, port) = disk.position.quotientAndRemainder(dividingBy: Self.controllerPorts)
        let device =
            switch disk.bus {
            case .sata: "ide-hd,drive=\(name),bus=ahci\(controller).\(port)"
            case .virtio: "virtio-blk-pci,drive=\(name)"
            // QEMU requires a serial number for NVMe.
            case .nvme: "nvme,drive=\(name),serial=\(name)"
            }
        let identity = disk.identity.map { ($0.model.map { ",model=\($0)" } ?? "") + ",serial=\($0.serial)" } ?? ""
        let order = bootOrder(of: disk).map { ",bootindex=\($0)" }
        return device + identity + (order ?? "")
    }
}

/// The addresses of the host and of its DNS server on a network that leads out of the lab, in QEMU's user mode.
struct QEMUUserNetwork {
    var subnet: IPv4Network
    var host: IPv4Address
    var dns: IPv4Address
    /// The address that a node gets by DHCP if the lab has none for it.
    var lease: IPv4Address
    /// The boot server, if it is on the network and its address is not that of the host.
    var web: BootServer?

    /// Creates the addresses; nil when the subnet is too small.
    /// - Parameter taken: The addresses of the nodes on the network.
    init?(_ network: Network, bootServer: BootServer?, taken: [IPv4Address]) {
        guard let subnet = network.subnet else { return nil }
        let server = bootServer.flatMap { subnet.contains($0.address) ? $0 : nil }
        var used = Set(taken + network.dns + [network.gateway, server?.address].compactMap(\.self))
        func free() -> IPv4Address? {
            let last = subnet.broadcast.bits - 1
            let first = max(subnet.address.bits + 1, last - UInt32(min(used.count, 1 << 16)))
            let found = (first...last).reversed().map(IPv4Address.init(bits:)).first { !used.contains($0) }
            if let found { used.insert(found) }
            return found
        }
        // With DHCP, the host can be the gateway with any address; static nodes are configured with the gateway's
        // address.
        let way = network.isDHCP ? server?.address ?? network.gateway : network.gateway ?? server?.address
        guard let host = way ?? free() else { return nil }
        let resolver = network.dns.first { subnet.contains($0) && $0 != host && !taken.contains($0) }
        guard let dns = resolver ?? free(), let lease = free() else { return nil }
        (self.subnet, self.host, self.dns, self.lease) = (subnet, host, dns, lease)
        web = server.flatMap { $0.address == host ? nil : $0 }
    }
}

extension Plan {
    /// Returns the script that creates the lab's machines in QEMU.
    /// - Parameter preseedSums: The MD5 of each node's preseed in hexadecimal, in the order of the lab's nodes.
    func qemu(preseedSums: [String]) -> PlannedFile {
        let content = templates.render(Self.qemu, QEMUSubject(self, preseedSums: preseedSums))
        return PlannedFile("qemu/lab", content, isExecutable: true)
    }

    static let qemu = TemplateDefinition<QEMUSubject>(.qemu) {
        scriptValues()
        // sockaddr_un.sun_path has 108 bytes, of which one is the zero byte at the end (unix(7)).
        TemplateValue(
            "state_room", from: [.fact("the nodes' names in the lab"), .fact("the maximum length of a socket's path")]
        ) {
            107 - "/nodes//serial.sock".utf8.count - $0.lab.nameWidth
        }
        TemplateValue(
            list: "machines", from: [.refusals, .eachNode], of: { $0.nodes.lazy.filter(\.machine.refusals.isEmpty) }
        ) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("firmware", from: "nodes.*.firmware") { $0.node.firmware.rawValue }
            TemplateValue("cpus", from: "nodes.*.cpus") { $0.node.cpus }
            TemplateValue("memory", from: .machineMemory) { $0.node.machineMemory.mebibytes }
            TemplateValue("port", from: "nodes.*.console") { ($0.node.console?.unit ?? 0) + 1 }
            TemplateValue("uuid", from: .installCard) { $0.machine.uuid }
            TemplateValue("console", from: "nodes.*.console") { $0.node.console == nil ? "" : "yes" }
            TemplateValue("serial", from: "nodes.*.serial") { $0.node.serial }
            TemplateValue("unmade", from: .disks) { $0.machine.missingDisks.map(\.description).joined(separator: ", ") }
            TemplateValue("options", from: .kernelOptions) { $0.kernelOptions }
            TemplateValue("seed_options", from: ["domain", "locale", "keymap", "nodes.*.console"]) { $0.seedOptions }
            TemplateValue(list: "adapters", from: .cards) { machine in
                zip(machine.node.interfaces, machine.ways).map { (card: $0, way: $1, node: machine.node) }
            } values: {
                TemplateValue("name") { $0.card.name }
                TemplateValue("mac") { $0.card.mac }
                TemplateValue("installs", from: .installCard) {
                    $0.card.name == $0.node.installInterface ? "yes" : "no"
                }
                TemplateValue("way", from: .userNetworks) { $0.way }
            }
            TemplateValue(texts: "controllers", from: .disks) { $0.machine.controllers }
            TemplateValue(list: "disks", from: .disks) { subject in
                subject.machine.disks.map { (disk: $0, device: subject.machine.device(of: $0)) }
            } values: {
                TemplateValue("name") { $0.disk.name }
                TemplateValue("size") { $0.disk.sizeInMebibytes }
                TemplateValue("device") { $0.device }
            }
        }
        TemplateValue("cd_boot_order", from: .bootOrder) { _ in Machine.cdBootOrder }
        TemplateValue("network_boot_order", from: .bootOrder) { _ in Machine.networkBootOrder }
        TemplateValue(list: "refusals", from: .refusals, of: { $0.nodes.lazy.filter { !$0.machine.refusals.isEmpty } })
        {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("why") { $0.machine.refusals.joined(separator: "; ") }
        }
        TemplateValue(list: "cramped", from: .userNetworks, of: { $0.cramped }) {
            TemplateValue("network") { $0.name }
            TemplateValue("why") { $0.why }
        }
        TemplateValue(list: "lans", from: .userNetworks) { subject in
            subject.lans.enumerated().map { (index: $0 + 1, name: $1) }
        } values: {
            TemplateValue("index") { $0.index }
            TemplateValue("network") { $0.name }
        }
        TemplateValue("lan_words", from: .userNetworks) {
            ($0.lans.count == 1 ? "the network " : "the networks ")
                + $0.lans.map(\.description).joined(separator: ", ")
        }
        TemplateValue("default_disk", from: .fact("the default size of a system disk")) { _ in
            Machine.defaultDisk
        }
        TemplateValue("other_disk", from: .fact("the size of a disk that is not the system disk")) { _ in
            Machine.otherDisk
        }
    }
}

extension Sources {
    /// The sources of what an adapter is connected to.
    fileprivate static let userNetworks: Sources = [
        installCard, addresses, "networks.*.subnet", "networks.*.dns", "boot_server.address", "boot_server.port",
    ]
}

/// A lab with its nodes as machines of QEMU.
struct QEMUSubject: TemplateSubject {
    let plan: Plan
    let nodes: [NodeMachine]
    /// The networks that connect more than two adapters or lead out.
    private(set) var lans: [NetworkName] = []
    /// The networks that QEMU's user mode can't provide, with the reason.
    private(set) var cramped: [(name: NetworkName, why: String)] = []

    struct NodeMachine: Sendable {
        var machine: Machine
        /// The connection of each of the node's interfaces.
        var ways: [String]
        /// The kernel options for an installer that fetches its preseed from the boot server; empty when there is no
        /// boot server.
        var kernelOptions: String
        /// The kernel options for an installer with the seed appended to its initrd, which finds the node itself.
        var seedOptions: String
        var node: Node { machine.node }
    }

    /// - Parameter preseedSums: The MD5 of each node's preseed in hexadecimal, in the order of the lab's nodes.
    init(_ plan: Plan, preseedSums: [String]) {
        self.plan = plan
        let lab = plan.lab
        let outward = lab.outwardNetworks
        var cables: [NetworkName: [(node: Int, nic: Int)]] = [:]
        for (number, node) in lab.nodes.enumerated() {
            for (nic, interface) in node.interfaces.enumerated() {
                cables[node.cableNetwork(of: interface).name, default: []].append((number, nic))
            }
        }
        var ways: [[String]] = lab.nodes.map { Array(repeating: "none", count: $0.interfaces.count) }
        for network in lab.networks {
            let ends = cables[network.name] ?? []
            if network.vlan != nil, ends.isEmpty { continue }
            let isOpen = outward.contains(network.name)
            // Two adapters are connected directly, through Unix sockets.
            guard isOpen || ends.count > 2 else {
                if ends.count == 2 {
                    for (end, peer) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                        ways[end.node][end.nic] = "link \(lab.nodes[peer.node].name) \(peer.nic)"
                    }
                }
                continue
            }
            lans.append(network.name)
            let taken = lab.nodes.flatMap(\.links).compactMap {
                $0.addressing.network.name == network.name ? $0.addressing.address : nil
            }
            let user = isOpen ? QEMUUserNetwork(network, bootServer: lab.bootServer, taken: taken) : nil
            if user == nil {
                cramped.append(
                    (network.name, isOpen ? "has no room for addresses of user mode" : "joins more than two adapters"))
            }
            for (number, end) in ends.enumerated() {
                let nic = lab.nodes[end.node].interfaces[end.nic]
                let link = lab.nodes[end.node].links.first { link in
                    link.addressing.network.name == network.name && link.cards.contains { $0.name == nic.name }
                }
                let lease = link?.addressing.address
                let words = user.map { user in
                    let web = user.web.map { " \($0.address):\($0.port)" } ?? ""
                    return " \(user.subnet) \(user.host) \(user.dns) \(lease ?? user.lease)\(web)"
                }
                ways[end.node][end.nic] = "user \(network.name) \(number)\(words ?? "")"
            }
        }
        nodes = lab.nodes.indices.map { index in
            let node = lab.nodes[index]
            let options = lab.bootServer.map {
                plan.kernelOptions(node, base: $0.url, preseedSum: preseedSums[index]).joined(separator: " ")
            }
            // Without `auto`, the installer takes language and keyboard from the seed's preseed.
            let seedOptions =
                ["priority=critical", "domain=\(lab.domain)", "locale=\(lab.locale)", "keymap=\(lab.keymap)"]
                + (node.console.map { ["console=\($0)n8"] } ?? [])
            return NodeMachine(
                machine: Machine(node, in: .qemu), ways: ways[index], kernelOptions: options ?? "",
                seedOptions: seedOptions.joined(separator: " "))
        }
    }
}
