import Lab
import Preseed
import Templates

/// A node as a machine of VirtualBox, whose chipset piix3 has eight network adapters, of which the Linux kernel finds
/// them in the order of their numbers (VirtualBox 7.0, ConsoleImpl2.cpp: PCI devices 3, 8 to 10, 16 to 19).
struct VirtualBoxMachine: Sendable {
    var node: Node
    /// In the order of their SATA ports, which is that of their names.
    private(set) var disks: [(name: String, size: ByteCount)] = []
    /// Where in `disks` the one to install on is.
    private(set) var systemDisk = 0
    /// Serial numbers of the disks that the lab gives by their links, by SATA port.
    private(set) var serials: [Int: String] = [:]
    /// Disks to keep that no SATA port can give their name.
    private(set) var unmade: [KeptDisk] = []
    /// Why VirtualBox can't be given this machine.
    private(set) var refusals: [String] = []

    /// What a disk gets whose size the lab does not say.
    static let defaultDisk = ByteCount(bytes: 20 << 30)
    /// A disk that is not installed on.
    static let otherDisk = ByteCount(bytes: 1 << 30)
    /// CPUs, MiB of memory, network adapters, and ports of the AHCI controller (VirtualBox 7.0, VirtualBox-settings.xsd,
    /// SchemaDefs, DevAHCI.cpp).
    static let limits = (cpus: 64, memory: 2 << 20, adapters: 8, ports: 30)

    init(_ node: Node) {
        self.node = node
        let limits = Self.limits
        if node.interfaces.count > limits.adapters {
            refusals.append("it has \(node.interfaces.count) interfaces; VirtualBox gives \(limits.adapters)")
        }
        if node.cpus > limits.cpus {
            refusals.append("it has \(node.cpus) CPUs; VirtualBox gives \(limits.cpus)")
        }
        if node.machineMemory.mebibytes > limits.memory {
            refusals.append(
                "it has \(node.machineMemory) of memory; VirtualBox gives \(ByteCount(bytes: limits.memory << 20))")
        }
        planDisks()
    }

    private mutating func planDisks() {
        let disk = node.disk
        var sizes: [Int: ByteCount] = [:]
        for kept in disk.kept {
            guard let device = kept.device else { continue }
            if let port = Self.port(of: device) { sizes[port] = Self.otherDisk } else { unmade.append(kept) }
        }
        func free() -> Int { (0...).first { sizes[$0] == nil }! }
        switch disk.selector {
        case .device(let device):
            guard let port = Self.port(of: device) else {
                refusals.append(
                    "it is installed on \(device); VirtualBox's SATA disks, which every version has, are /dev/sda and on"
                )
                return
            }
            systemDisk = port
        case .id(let id):
            guard let serial = Self.serial(of: id) else {
                refusals.append(
                    "it is installed on the disk \(id); VirtualBox's are named \(Self.linkPrefix) and a serial number of at "
                        + "most 20 characters")
                return
            }
            systemDisk = free()
            serials[systemDisk] = serial
        case .rule: systemDisk = free()
        }
        sizes[systemDisk] = systemSize
        for kept in disk.kept {
            guard case .id(let id) = kept else { continue }
            guard let serial = Self.serial(of: id) else {
                unmade.append(kept)
                continue
            }
            let port = free()
            (sizes[port], serials[port]) = (Self.otherDisk, serial)
        }
        let last = sizes.keys.max()!
        guard last < Self.limits.ports else {
            refusals.append("it has a disk beyond the \(Self.limits.ports) ports of VirtualBox's SATA controller")
            return
        }
        // The kernel names them without a gap.
        disks = (0...last).map { (Self.name(of: $0), sizes[$0] ?? Self.otherDisk) }
    }

    private var systemSize: ByteCount {
        if let size = node.disk.size { return size }
        var needs = node.disk.layout.minimum(firmware: node.firmware)
        if case .recipe(let text, _) = node.disk.layout {
            needs = ByteCount(bytes: ((try? PartitionRecipe(text))?.minimumMegabytes ?? 0) * 1_000_000)
        }
        return max(Self.defaultDisk, needs + ByteCount(bytes: 4 << 30))
    }

    private static let linkPrefix = "ata-VBOX_HARDDISK_"

    /// The serial number with which a disk of VirtualBox gets this link; nil when none gives it.
    private static func serial(of id: DiskID) -> String? {
        let serial = id.description.dropFirst(linkPrefix.utf8.count)
        return id.description.hasPrefix(linkPrefix) && (1...20).contains(serial.utf8.count) ? String(serial) : nil
    }

    /// Zero for /dev/sda; nil for what is no SCSI disk.
    private static func port(of device: DiskDevice) -> Int? {
        let name = device.description.dropFirst(5)
        guard name.hasPrefix("sd") else { return nil }
        return name.dropFirst(2).utf8.reduce(0) { $0 * 26 + Int($1 - 96) } - 1
    }

    private static func name(of port: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return "sd" + (port < 26 ? "" : String(letters[port / 26 - 1])) + String(letters[port % 26])
    }
}

extension Planner {
    /// The script that makes the lab's machines in VirtualBox.
    func virtualBox() -> MediaFile {
        let content = templates.render(Self.virtualBox, VirtualBoxSubject(self))
        return MediaFile(path: "virtualbox/lab", content: content, isExecutable: true)
    }

    static let virtualBox = TemplateDefinition<VirtualBoxSubject>(.virtualBox) {
        scriptValues()
        TemplateValue(list: "machines", from: [.limits, .eachNode], of: { $0.machines.filter(\.refusals.isEmpty) }) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("firmware", from: "nodes.*.firmware") { $0.node.firmware == .bios ? "bios" : "efi" }
            TemplateValue("cpus", from: "nodes.*.cpus") { $0.node.cpus }
            TemplateValue("memory", from: .machineMemory) { $0.node.machineMemory.mebibytes }
            TemplateValue("port", from: "nodes.*.console") { ($0.node.console?.unit ?? 0) + 1 }
            TemplateValue("console", from: "nodes.*.console") { $0.node.console == nil ? "" : "yes" }
            TemplateValue("serial", from: "nodes.*.serial") { $0.node.serial }
            TemplateValue("serials", from: .disks) {
                $0.serials.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            }
            TemplateValue("unmade", from: .disks) { $0.unmade.map(\.description).joined(separator: ", ") }
            TemplateValue(list: "adapters", from: .cards) { machine in
                machine.node.interfaces.map { (card: $0, node: machine.node) }
            } values: {
                TemplateValue("name") { $0.card.name }
                TemplateValue("network") { $0.node.network(of: $0.card).name }
                TemplateValue("mac") { $0.card.mac.description.replacing(":", with: "").uppercased() }
                // A bridge's port sees frames for guests, whose addresses the adapter does not know.
                TemplateValue("promiscuous", from: "nodes.*.interfaces.*.bridge") {
                    $0.card.bridge == nil ? "deny" : "allow-all"
                }
                TemplateValue("priority", from: .installCard) {
                    $0.card.name == $0.node.installInterface ? "1" : "0"
                }
            }
            TemplateValue(list: "disks", from: .disks) { machine in
                machine.disks.enumerated().map { (port: $0, name: $1.name, size: $1.size) }
            } values: {
                TemplateValue("port") { $0.port }
                TemplateValue("name") { $0.name }
                TemplateValue("size") { ($0.size.bytes + (1 << 20) - 1) >> 20 }
            }
        }
        TemplateValue(list: "refusals", from: .limits, of: { $0.machines.filter { !$0.refusals.isEmpty } }) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("why") { $0.refusals.joined(separator: "; ") }
        }
        TemplateValue(list: "lans", from: [.networks, .waysOut, .installCard]) { subject in
            subject.lans.enumerated().map { (index: $0 + 1, name: $1) }
        } values: {
            TemplateValue("index") { $0.index }
            TemplateValue("network") { $0.name }
        }
        TemplateValue("lan_names", from: [.networks, .waysOut, .installCard]) {
            $0.lans.map(\.description).joined(separator: ", ")
        }
        TemplateValue("default_disk", from: .fact("the size of a disk of which the lab does not say it")) { _ in
            VirtualBoxMachine.defaultDisk
        }
        TemplateValue("other_disk", from: .fact("the size of a disk that is not installed on")) { _ in
            VirtualBoxMachine.otherDisk
        }
    }

    /// Values of the scripts that make machines.
    @TemplateValues<Subject>
    static func scriptValues<Subject: TemplateSubject>() -> [TemplateValue<Subject>] {
        labValues()
        TemplateValue("names", from: .fact("the nodes' names in the lab")) {
            $0.lab.nodes.map(\.name.description).joined(separator: " ")
        }
        TemplateValue("width", from: .fact("the nodes' names in the lab")) { $0.lab.nameWidth }
    }
}

extension Sources {
    /// Which disks a machine gets, and of what size.
    static let disks: Sources = [disk, layout, "nodes.*.disk.free", "nodes.*.disk.keep"]
    /// What can keep a node from being made as a machine: its disks, and how many cards it has.
    static let refusals: Sources = [disk, "nodes.*.disk.keep", "nodes.*.interfaces.*.mac"]
    fileprivate static let limits: Sources = [refusals, "nodes.*.cpus", machineMemory]
    static let machineMemory: Sources = ["nodes.*.memory", "nodes.*.dom0.memory", "nodes.*.dom0.memory_max"]
}

/// A lab, with its nodes as machines of VirtualBox.
struct VirtualBoxSubject: TemplateSubject {
    let planner: Planner
    let machines: [VirtualBoxMachine]
    /// The networks that lead out of the host.
    let lans: [NetworkName]

    init(_ planner: Planner) {
        let lab = planner.lab
        self.planner = planner
        machines = lab.nodes.map { VirtualBoxMachine($0) }
        // Also a closed network on which the installer reaches its mirror: the mirror is no machine of the lab.
        let installing = Set(lab.nodes.map(\.installLink.addressing.network.name))
        lans = lab.networks.filter { $0.leadsOut || installing.contains($0.name) }.map(\.name)
    }
}

extension Lab {
    /// The length of the longest name of a node.
    var nameWidth: Int { nodes.map { $0.name.description.utf8.count }.max() ?? 1 }
}

extension Node {
    /// What an interface is on, by itself or by its bridge.
    func network(of nic: Interface) -> Network {
        nic.addressing?.network ?? bridges.first { $0.name == nic.bridge }!.addressing.network
    }
}
