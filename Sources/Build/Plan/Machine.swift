import Lab
import Preseed

/// A node as a virtual machine. The scripts for QEMU and VirtualBox are rendered from these machines.
struct Machine: Sendable {
    /// A disk of the machine.
    struct Disk: Sendable {
        var bus: DiskBus
        /// The position among the disks of the bus, counted from 0. The Linux kernel names them in this order.
        var position: Int
        var size: ByteCount
        /// The identity that the disk reports, if the lab names it by a link below /dev/disk/by-id.
        var identity: DiskIdentity?
        /// Whether the node is installed on this disk. Several disks are those of a RAID.
        var isSystem: Bool
        /// The name that the kernel gives to the disk, such as `sda`.
        var name: String { bus.name(at: position) }
        var sizeInMebibytes: Int { (size.bytes + (1 << 20) - 1) >> 20 }
    }

    let node: Node
    /// A UUID that never changes, because the firmware sends it to DHCP servers.
    var uuid: String { "78656e73-6565-4d00-8000-\(node.installMAC.description.replacing(":", with: ""))" }
    /// The disks by bus and then by position, without gaps, because the kernel does not skip names.
    private(set) var disks: [Disk] = []
    /// The disks that the lab keeps and that the hypervisor can't provide under their names.
    private(set) var missingDisks: [DiskPath] = []
    /// The reasons why the hypervisor can't provide this machine; empty if it can.
    private(set) var refusals: [String] = []

    /// The size of a system disk without a size in the lab, unless its layout needs more.
    static let defaultDisk = ByteCount(bytes: 20 << 30)
    /// The size of a disk on which the node is not installed.
    static let otherDisk = ByteCount(bytes: 1 << 30)

    init(_ node: Node, in hypervisor: Hypervisor) {
        self.node = node
        let limits = hypervisor.limits
        if node.interfaces.count > limits.adapters {
            refusals.append("it has \(node.interfaces.count) interfaces; \(hypervisor.name) gives \(limits.adapters)")
        }
        if let cpus = limits.cpus, node.cpus > cpus {
            refusals.append("it has \(node.cpus) CPUs; \(hypervisor.name) gives \(cpus)")
        }
        if let memory = limits.memory, node.machineMemory > memory {
            refusals.append("it has \(node.machineMemory) of memory; \(hypervisor.name) gives \(memory)")
        }
        placeDisks(in: hypervisor)
    }

    private mutating func placeDisks(in hypervisor: Hypervisor) {
        var placed: [DiskBus: [Int: Disk]] = [:]
        func place(_ bus: DiskBus, _ position: Int?, _ size: ByteCount, _ identity: DiskIdentity?, isSystem: Bool) {
            let position = position ?? (0...).first { placed[bus]?[$0] == nil }!
            placed[bus, default: [:]][position] = Disk(
                bus: bus, position: position, size: size, identity: identity, isSystem: isSystem)
        }
        func find(_ device: DiskDevice) -> (bus: DiskBus, position: Int)? {
            hypervisor.buses.lazy.compactMap { bus in bus.position(of: device).map { (bus, $0) } }.first
        }
        // Disks with fixed names are placed first; the others get the free positions.
        for kept in node.disk.kept {
            guard let device = kept.device else { continue }
            if let (bus, position) = find(device) {
                place(bus, position, Self.otherDisk, nil, isSystem: false)
            } else {
                missingDisks.append(kept)
            }
        }
        let used =
            node.disk.selector.paths.map { (path: $0, size: systemSize, isSystem: true) }
            + node.volumeGroups.flatMap { group in
                // Each disk alone has room for the volumes of the group.
                group.devices.map { (path: $0, size: max(Self.otherDisk, group.minimum), isSystem: false) }
            }
        for disk in used {
            guard let device = disk.path.device else { continue }
            guard let (bus, position) = find(device) else {
                return refusals.append(hypervisor.refusal(of: device))
            }
            place(bus, position, disk.size, nil, isSystem: disk.isSystem)
        }
        for disk in used {
            guard case .id(let id) = disk.path else { continue }
            guard let identity = hypervisor.identity(id) else { return refusals.append(hypervisor.refusal(of: id)) }
            place(identity.bus, nil, disk.size, identity, isSystem: disk.isSystem)
        }
        if node.disk.selector.rule != nil { place(.sata, nil, systemSize, nil, isSystem: true) }
        for kept in node.disk.kept {
            guard case .id(let id) = kept else { continue }
            if let identity = hypervisor.identity(id) {
                place(identity.bus, nil, Self.otherDisk, identity, isSystem: false)
            } else {
                missingDisks.append(kept)
            }
        }
        for bus in hypervisor.buses {
            guard let last = placed[bus]?.keys.max() else { continue }
            if bus == .sata, let ports = hypervisor.limits.sataPorts, last >= ports {
                return refusals.append(
                    "it has a disk beyond the \(ports) ports of \(hypervisor.name)'s SATA controller")
            }
            disks += (0...last).map { position in
                placed[bus]?[position]
                    ?? Disk(bus: bus, position: position, size: Self.otherDisk, identity: nil, isSystem: false)
            }
        }
    }

    /// Returns the position of a disk in the boot order, counted from 1; nil for a disk on which the node is not installed.
    func bootOrder(of disk: Disk) -> Int? {
        disks.filter(\.isSystem).firstIndex { $0.name == disk.name }.map { $0 + 1 }
    }

    /// The positions of the CD drive and of the installer's network card in the boot order, after those of all disks. Each
    /// device needs a position of its own.
    static let (cdBootOrder, networkBootOrder) = (100, 101)

    private var systemSize: ByteCount {
        node.disk.size
            ?? max(Self.defaultDisk, node.disk.minimum(firmware: node.firmware) + ByteCount(bytes: 4 << 30))
    }
}

/// A kind of disk controller. It determines how the kernel names a disk.
enum DiskBus: CaseIterable, Sendable {
    case sata, virtio, nvme

    /// Returns the position of a disk: `/dev/sda`, `/dev/vda` and `/dev/nvme0n1` have position 0. Nil for a disk of
    /// another bus.
    func position(of device: DiskDevice) -> Int? {
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

    func name(at position: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let suffix = (position < 26 ? "" : String(letters[position / 26 - 1])) + String(letters[position % 26])
        switch self {
        case .sata: return "sd\(suffix)"
        case .virtio: return "vd\(suffix)"
        case .nvme: return "nvme\(position)n1"
        }
    }
}

/// The identity that a disk reports, so that udev creates the link by which the lab names it
/// (60-persistent-storage.rules).
struct DiskIdentity: Sendable {
    var bus: DiskBus
    /// The model; nil if the hypervisor chooses it.
    var model: String?
    var serial: String
}

/// A hypervisor with its capabilities.
struct Hypervisor: Sendable {
    /// The name of the hypervisor for messages.
    var name: String
    /// The limits of a machine; nil where there is no limit that a lab can reach.
    var limits: (cpus: Int?, memory: ByteCount?, adapters: Int, sataPorts: Int?)
    /// The buses that disks can be on.
    var buses: [DiskBus]
    /// A description of the system disks that the hypervisor provides, for messages.
    var deviceNames: String
    /// A description of the links of disks that the hypervisor can provide, for messages.
    var linkNames: String
    /// Returns the identity with which a disk gets a link; nil if there is none.
    var identity: @Sendable (DiskID) -> DiskIdentity?

    func refusal(of device: DiskDevice) -> String { "it is installed on \(device); \(name) has \(deviceNames)" }
    func refusal(of id: DiskID) -> String { "it is installed on the disk \(id); \(name) can name disks \(linkNames)" }
}

extension Lab {
    /// The networks of virtual machines that lead out of the host. A network over which nodes are installed does so even if it
    /// is closed: the installer reaches its mirror there, and the mirror is not a machine of the lab.
    var outwardNetworks: Set<NetworkName> {
        Set(networks.filter(\.leadsOut).map(\.name) + nodes.map(\.installLink.addressing.network.name))
    }
}
