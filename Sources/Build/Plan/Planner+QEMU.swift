import Lab
import Preseed
import Templates

/// A node's disks as devices of QEMU's machine `pc` (i440fx), which the Linux kernel finds in the order of their ports.
struct QEMUMachine: Sendable {
    /// A disk's name on the node, its size, and the device without what the script adds.
    struct Drive: Sendable {
        var name: String
        var size: ByteCount
        var device: String
    }

    /// What disks hang on: SATA controllers; all else is a PCI device by itself.
    private(set) var controllers: [String] = []
    private(set) var drives: [Drive] = []
    /// Disks to keep that can't be had.
    private(set) var unmade: [KeptDisk] = []
    /// Why QEMU can't be given this machine.
    private(set) var refusals: [String] = []

    /// What a disk gets whose size the lab does not say.
    static let defaultDisk = ByteCount(bytes: 20 << 30)
    /// A disk that is not installed on.
    static let otherDisk = ByteCount(bytes: 1 << 30)
    /// Ports of an AHCI controller (ICH9), PCI slots that the script gives to adapters, and the characters that a disk's
    /// model and serial number have room for (ATA8-ACS, IDENTIFY DEVICE).
    private static let limits = (ports: 6, adapters: 16, model: 40, serial: 20)

    init(_ node: Node) {
        if node.interfaces.count > Self.limits.adapters {
            refusals.append("it has \(node.interfaces.count) interfaces; this script gives \(Self.limits.adapters)")
        }
        planDrives(node)
    }

    /// How the kernel names disks of one kind: `/dev/sda`, `/dev/vda` or `/dev/nvme0n1` has place 0.
    private enum Bus: CaseIterable {
        case sata, virtio, nvme

        func place(_ device: DiskDevice) -> Int? {
            let name = device.description.dropFirst(5)
            let letters: Substring
            switch self {
            case .sata where name.hasPrefix("sd"), .virtio where name.hasPrefix("vd"): letters = name.dropFirst(2)
            case .nvme where name.hasPrefix("nvme") && name.hasSuffix("n1"):
                // Controllers count from 0, namespaces from 1.
                return Int(name.dropFirst(4).dropLast(2)).flatMap { $0 < 16 ? $0 : nil }
            default: return nil
            }
            return letters.utf8.reduce(0) { $0 * 26 + Int($1 - 96) } - 1
        }

        func name(_ place: Int) -> String {
            let letters = Array("abcdefghijklmnopqrstuvwxyz")
            let suffix = (place < 26 ? "" : String(letters[place / 26 - 1])) + String(letters[place % 26])
            switch self {
            case .sata: return "sd\(suffix)"
            case .virtio: return "vd\(suffix)"
            case .nvme: return "nvme\(place)n1"
            }
        }

        func device(_ place: Int, name: String) -> String {
            switch self {
            case .sata:
                "ide-hd,drive=\(name),bus=ahci\(place / QEMUMachine.limits.ports).\(place % QEMUMachine.limits.ports)"
            case .virtio: "virtio-blk-pci,drive=\(name)"
            // It has to have one.
            case .nvme: "nvme,drive=\(name),serial=\(name)"
            }
        }
    }

    private mutating func planDrives(_ node: Node) {
        var sizes: [Bus: [Int: ByteCount]] = [:]
        for kept in node.disk.kept {
            guard let device = kept.device else { continue }
            guard let (bus, place) = Self.place(device) else {
                unmade.append(kept)
                continue
            }
            sizes[bus, default: [:]][place] = Self.otherDisk
        }
        let system: (bus: Bus, place: Int)
        // Properties of the disks that the lab gives by their links.
        var identities: [Bus: [Int: String]] = [:]
        func firstFree(_ bus: Bus) -> Int { (0...).first { sizes[bus]?[$0] == nil }! }
        switch node.disk.selector {
        case .device(let device):
            guard let place = Self.place(device) else {
                refusals.append(
                    "it is installed on \(device), which QEMU's machine does not have: there are /dev/sda and on (SATA), "
                        + "/dev/vda and on, /dev/nvme0n1 and on")
                return
            }
            system = place
        case .id(let id):
            guard let (bus, properties) = Self.identity(id) else {
                refusals.append(
                    "it is installed on the disk \(id); QEMU's can be named ata-MODEL_SERIAL or virtio-SERIAL, with at "
                        + "most \(Self.limits.model) and \(Self.limits.serial) characters")
                return
            }
            system = (bus, firstFree(bus))
            identities[bus, default: [:]][system.place] = properties
        case .rule: system = (.sata, firstFree(.sata))
        }
        sizes[system.bus, default: [:]][system.place] = systemSize(node)
        for kept in node.disk.kept {
            guard case .id(let id) = kept else { continue }
            guard let (bus, properties) = Self.identity(id) else {
                unmade.append(kept)
                continue
            }
            let place = firstFree(bus)
            sizes[bus, default: [:]][place] = Self.otherDisk
            identities[bus, default: [:]][place] = properties
        }
        for bus in Bus.allCases {
            guard let last = sizes[bus]?.keys.max() else { continue }
            if bus == .sata { controllers = (0...last / Self.limits.ports).map { "ich9-ahci,id=ahci\($0)" } }
            // The kernel names them without a gap.
            for place in 0...last {
                let name = bus.name(place)
                let isSystem = bus == system.bus && place == system.place
                drives.append(
                    Drive(
                        name: name, size: sizes[bus]?[place] ?? Self.otherDisk,
                        device: bus.device(place, name: name) + (identities[bus]?[place] ?? "")
                            + (isSystem ? ",bootindex=1" : "")))
            }
        }
    }

    private static func place(_ device: DiskDevice) -> (Bus, Int)? {
        for bus in Bus.allCases {
            if let place = bus.place(device) { return (bus, place) }
        }
        return nil
    }

    /// The properties of a disk for which udev makes that link (60-persistent-storage.rules).
    private static func identity(_ id: DiskID) -> (Bus, String)? {
        let text = id.description
        if text.hasPrefix("ata-"), let cut = text.lastIndex(of: "_") {
            // Blanks become underscores in a link's name.
            let model = text[..<cut].dropFirst(4).replacing("_", with: " ")
            let serial = text[cut...].dropFirst()
            guard (1...limits.model).contains(model.utf8.count), (1...limits.serial).contains(serial.utf8.count),
                model.first != " ", model.last != " "
            else { return nil }
            return (.sata, ",model=\(model),serial=\(serial)")
        }
        if text.hasPrefix("virtio-"), (1...limits.serial).contains(text.utf8.count - 7) {
            return (.virtio, ",serial=\(text.dropFirst(7))")
        }
        return nil
    }

    private func systemSize(_ node: Node) -> ByteCount {
        if let size = node.disk.size { return size }
        var needs = node.disk.layout.minimum(firmware: node.firmware)
        if case .recipe(let text, _) = node.disk.layout {
            needs = ByteCount(bytes: ((try? PartitionRecipe(text))?.minimumMegabytes ?? 0) * 1_000_000)
        }
        return max(Self.defaultDisk, needs + ByteCount(bytes: 4 << 30))
    }
}

/// A network that leads out of the lab, in QEMU's user mode: which addresses the host and its DNS have there.
struct QEMUUserNetwork {
    var host: IPv4Address
    var dns: IPv4Address
    /// For a node whose lease is not known.
    var lease: IPv4Address
    /// The boot server, where the host can't stand for it.
    var web: BootServer?

    /// Nil when the subnet is too small.
    init?(_ network: Network, bootServer: BootServer?, taken: [IPv4Address]) {
        let subnet = network.subnet
        let server = bootServer.flatMap { subnet.contains($0.address) ? $0 : nil }
        var used = Set(taken + network.dns + [network.gateway, server?.address].compactMap(\.self))
        func free() -> IPv4Address? {
            let last = subnet.broadcast.bits - 1
            let first = max(subnet.address.bits + 1, last - UInt32(min(used.count, 1 << 16)))
            let found = (first...last).reversed().map(IPv4Address.init(bits:)).first { !used.contains($0) }
            if let found { used.insert(found) }
            return found
        }
        // With DHCP, the host is the way out whatever its address; a static node has written it down.
        let way = network.isDHCP ? server?.address ?? network.gateway : network.gateway ?? server?.address
        guard let host = way ?? free() else { return nil }
        let resolver = network.dns.first { subnet.contains($0) && $0 != host && !taken.contains($0) }
        guard let dns = resolver ?? free(), let lease = free() else { return nil }
        (self.host, self.dns, self.lease) = (host, dns, lease)
        web = server.flatMap { $0.address == host ? nil : $0 }
    }
}

extension Planner {
    /// The script that makes the lab's machines in QEMU.
    /// - Parameter preseedSums: the MD5 of each node's preseed, in the order of the lab's nodes.
    func qemu(preseedSums: [String]) -> MediaFile {
        let content = templates.render(Self.qemu, QEMUSubject(self, preseedSums: preseedSums))
        return MediaFile(path: "qemu/lab", content: content, isExecutable: true)
    }

    static let qemu = TemplateDefinition<QEMUSubject>(.qemu) {
        scriptValues()
        // sockaddr_un.sun_path and its zero byte.
        TemplateValue(
            "state_room", from: [.fact("the nodes' names in the lab"), .fact("how long a socket's path may be")]
        ) {
            107 - "/nodes//serial.sock".utf8.count - $0.lab.nameWidth
        }
        TemplateValue(
            list: "machines", from: [.refusals, .eachNode], of: { $0.nodes.filter(\.machine.refusals.isEmpty) }
        ) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("firmware", from: "nodes.*.firmware") { $0.node.firmware.rawValue }
            TemplateValue("cpus", from: "nodes.*.cpus") { $0.node.cpus }
            TemplateValue("memory", from: .machineMemory) { $0.node.machineMemory.mebibytes }
            TemplateValue("port", from: "nodes.*.console") { ($0.node.console?.unit ?? 0) + 1 }
            // Each machine has its own, and always the same: firmware tells it to DHCP servers.
            TemplateValue("uuid", from: .installCard) {
                "78656e73-6565-4d00-8000-\($0.node.installMAC.description.replacing(":", with: ""))"
            }
            TemplateValue("console", from: "nodes.*.console") { $0.node.console == nil ? "" : "yes" }
            TemplateValue("serial", from: "nodes.*.serial") { $0.node.serial }
            TemplateValue("unmade", from: .disks) { $0.machine.unmade.map(\.description).joined(separator: ", ") }
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
            TemplateValue(list: "disks", from: .disks, of: { $0.machine.drives }) {
                TemplateValue("name") { $0.name }
                TemplateValue("size") { ($0.size.bytes + (1 << 20) - 1) >> 20 }
                TemplateValue("device") { $0.device }
            }
        }
        TemplateValue(list: "refusals", from: .refusals, of: { $0.nodes.filter { !$0.machine.refusals.isEmpty } }) {
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
        TemplateValue("default_disk", from: .fact("the size of a disk of which the lab does not say it")) { _ in
            QEMUMachine.defaultDisk
        }
        TemplateValue("other_disk", from: .fact("the size of a disk that is not installed on")) { _ in
            QEMUMachine.otherDisk
        }
    }
}

extension Sources {
    /// What an adapter is connected with.
    fileprivate static let userNetworks: Sources = [
        installCard, addresses, "networks.*.subnet", "networks.*.dns", "boot_server.address", "boot_server.port",
    ]
}

/// A lab, with its nodes as machines of QEMU.
struct QEMUSubject: TemplateSubject {
    let planner: Planner
    let nodes: [NodeMachine]
    /// Networks that connect more than two adapters, or lead out.
    private(set) var lans: [NetworkName] = []
    /// Networks that user mode can't be, and why.
    private(set) var cramped: [(name: NetworkName, why: String)] = []

    struct NodeMachine: Sendable {
        var node: Node
        var machine: QEMUMachine
        /// What each of the node's interfaces is connected with.
        var ways: [String]
        /// The installer's, where it fetches its preseed from the boot server; empty when there is none.
        var kernelOptions: String
        /// The installer's, with the seed behind its initrd, which finds the node by itself.
        var seedOptions: String
    }

    /// - Parameter preseedSums: the MD5 of each node's preseed, in the order of the lab's nodes.
    init(_ planner: Planner, preseedSums: [String]) {
        self.planner = planner
        let lab = planner.lab
        // Also a closed network on which the installer reaches its mirror: the mirror is no machine of the lab.
        let installing = Set(lab.nodes.map(\.installLink.addressing.network.name))
        func ends(_ network: Network) -> [(node: Int, nic: Int)] {
            lab.nodes.indices.flatMap { node in
                lab.nodes[node].interfaces.indices.filter {
                    lab.nodes[node].networkName(of: lab.nodes[node].interfaces[$0]) == network.name
                }.map { (node, $0) }
            }
        }
        var ways: [[String]] = lab.nodes.map { Array(repeating: "none", count: $0.interfaces.count) }
        for network in lab.networks {
            let ends = ends(network)
            let isOpen = network.leadsOut || installing.contains(network.name)
            // A file joins two.
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
                let link = lab.nodes[end.node].links.first { $0.cards.contains { $0.name == nic.name } }
                let lease = link?.addressing.address
                let words = user.map { user in
                    let web = user.web.map { " \($0.address):\($0.port)" } ?? ""
                    return " \(network.subnet) \(user.host) \(user.dns) \(lease ?? user.lease)\(web)"
                }
                ways[end.node][end.nic] = "user \(network.name) \(number)\(words ?? "")"
            }
        }
        nodes = lab.nodes.indices.map { index in
            let node = lab.nodes[index]
            let options = lab.bootServer.map {
                planner.kernelOptions(node, base: $0.url, preseedSum: preseedSums[index]).joined(separator: " ")
            }
            // Without `auto`: language and keyboard are in the seed's preseed, and are to be settled from there.
            let seedOptions =
                ["priority=critical", "domain=\(lab.domain)", "locale=\(lab.locale)", "keymap=\(lab.keymap)"]
                + (node.console.map { ["console=\($0)n8"] } ?? [])
            return NodeMachine(
                node: node, machine: QEMUMachine(node), ways: ways[index], kernelOptions: options ?? "",
                seedOptions: seedOptions.joined(separator: " "))
        }
    }
}

extension Node {
    /// What an interface is on, by itself or by its bridge.
    fileprivate func networkName(of nic: Interface) -> NetworkName {
        (nic.addressing ?? bridges.first { $0.name == nic.bridge }!.addressing).network.name
    }
}
