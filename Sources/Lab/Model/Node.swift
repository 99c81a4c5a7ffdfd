import Preseed

/// One machine.
package struct Node: Sendable {
    package var name: Hostname
    /// The serial number in the machine's firmware (DMI); nil when the lab does not give it.
    package var serial: SystemSerial?
    package var cpus: Int
    /// The total memory of the machine; nil when the lab does not give it.
    package var memory: ByteCount?
    package var firmware: Firmware
    package var disk: Disk
    /// The volume groups on other disks, sorted by name.
    package var volumeGroups: [VolumeGroup]
    /// The network cards, sorted by name.
    package let interfaces: [Interface]
    /// The bridges, sorted by name.
    package let bridges: [Bridge]
    /// The bridges, and the interfaces that are not a port of a bridge, sorted by name: every link that can have an address.
    package let links: [Link]
    /// The interface that the installer uses to reach the mirror.
    package var installInterface: InterfaceName
    package var dom0: Dom0
    package var console: SerialConsole?
    package var grub: GRUB
    package var xendomains: Xendomains
    package var toolstack: String
    package var access: Access
    /// The packages in the lab file, sorted and without duplicates.
    package var packages: [PackageName]
    /// Whether apt installs recommended packages.
    package var installsRecommends: Bool
    /// Whether microcode for the processor is installed and loaded by the hypervisor at boot.
    package var loadsMicrocode: Bool
    package var initramfs: InitramfsPolicy
    /// Whether the packages of the base system are upgraded before the first reboot.
    package var upgrades: Bool
    /// The directory of the user's files and their settings; nil when there are none.
    var fileSource: FileSource?
    /// The user's files, sorted by path.
    package var files: [ExtraFile]
    /// The user's script, which runs at the end of the late command.
    package var lateScript: LateScript?

    init(
        name: Hostname, serial: SystemSerial?, cpus: Int, memory: ByteCount?, firmware: Firmware, disk: Disk,
        volumeGroups: [VolumeGroup], interfaces: [Interface],
        bridges: [Bridge], installInterface: InterfaceName, dom0: Dom0, console: SerialConsole?, grub: GRUB,
        xendomains: Xendomains, toolstack: String, access: Access, packages: [PackageName],
        installsRecommends: Bool, loadsMicrocode: Bool, initramfs: InitramfsPolicy, upgrades: Bool,
        fileSource: FileSource?, files: [ExtraFile], lateScript: LateScript?
    ) {
        self.name = name
        self.serial = serial
        self.cpus = cpus
        self.memory = memory
        self.firmware = firmware
        self.disk = disk
        self.volumeGroups = volumeGroups
        self.interfaces = interfaces
        self.bridges = bridges
        links = Self.links(interfaces, bridges)
        self.installInterface = installInterface
        self.dom0 = dom0
        self.console = console
        self.grub = grub
        self.xendomains = xendomains
        self.toolstack = toolstack
        self.access = access
        self.packages = packages
        self.installsRecommends = installsRecommends
        self.loadsMicrocode = loadsMicrocode
        self.initramfs = initramfs
        self.upgrades = upgrades
        self.fileSource = fileSource
        self.files = files
        self.lateScript = lateScript
    }

    private static func links(_ interfaces: [Interface], _ bridges: [Bridge]) -> [Link] {
        let bare = interfaces.compactMap { nic in
            nic.addressing.map { Link(name: nic.name, addressing: $0, bridge: nil, cards: [nic]) }
        }
        let bridged = bridges.map { bridge in
            Link(
                name: bridge.name, addressing: bridge.addressing, bridge: bridge,
                cards: interfaces.filter { $0.bridge == bridge.name })
        }
        return (bare + bridged).sorted { $0.name < $1.name }
    }

    /// Returns the ports of a bridge, sorted by name; never empty in a checked lab.
    package func ports(of bridge: Bridge) -> [Interface] { interfaces.filter { $0.bridge == bridge.name } }

    /// The link over which the installer reaches the mirror, with its name on the installed node.
    package var installLink: Link { links.first { $0.cards.contains { $0.name == installInterface } }! }

    /// The memory of a virtual machine that represents the node. If the lab does not give the node's memory, it is dom0's
    /// maximum plus 1 GiB, at least 2 GiB.
    package var machineMemory: ByteCount {
        memory ?? max(ByteCount(bytes: 2 << 30), ByteCount(bytes: dom0.memoryMax.bytes + 1 << 30))
    }

    /// The paths of the user's files that other users on the node can't read, because of the mode of the file or of a
    /// directory above it.
    package var hiddenFiles: Set<TargetPath> {
        let closed = files.compactMap { file in
            if case .folder = file.kind, file.mode & 0o001 == 0 { file.path.description + "/" } else { nil }
        }
        return Set(
            files.filter { file in
                guard case .file = file.kind else { return false }
                return file.mode & 0o004 == 0 || closed.contains { file.path.description.hasPrefix($0) }
            }.map(\.path))
    }

    package var installMAC: MACAddress { interfaces.first { $0.name == installInterface }!.mac }

    /// Returns the MAC addresses for which a DHCP server has to reserve the address of a link: the address that the
    /// installed system sends, followed by that of the card over which the node is installed, if it is different.
    package func dhcpMACs(_ link: Link, on release: Release) -> [MACAddress] {
        let own = link.mac(on: release)
        return link.name == installLink.name && installMAC != own ? [own, installMAC] : [own]
    }
}

/// An interface or a bridge that is on a network.
package struct Link: Sendable {
    package var name: InterfaceName
    package var addressing: Addressing
    package var bridge: Bridge?
    /// The network card itself, or the ports of the bridge, sorted by name; never empty.
    package var cards: [Interface]

    /// Returns the MAC address of the link on the installed node. The address of a bridge is that of its first port if the
    /// overlay sets it, otherwise the lowest of its ports, which the kernel chooses (net/bridge/br_stp_if.c,
    /// br_stp_recalculate_bridge_id).
    package func mac(on release: Release) -> MACAddress {
        release.bridgeNeedsAddress ? cards[0].mac : cards.map(\.mac).min()!
    }
}

/// A network card.
package struct Interface: Sendable {
    package var name: InterfaceName
    package var mac: MACAddress
    /// The bridge of which the card is a port; nil when it is not a port.
    package var bridge: InterfaceName?
    /// The network and the address; nil for a port of a bridge.
    package var addressing: Addressing?

    init(name: InterfaceName, mac: MACAddress, bridge: InterfaceName?, addressing: Addressing?) {
        self.name = name
        self.mac = mac
        self.bridge = bridge
        self.addressing = addressing
    }
}

/// The network of a link and its address.
package struct Addressing: Sendable {
    package var network: Network
    /// The static address or, on a DHCP network, the reserved lease; nil when no lease is reserved.
    package var address: IPv4Address?

    init(network: Network, address: IPv4Address?) {
        self.network = network
        self.address = address
    }
}

/// A software bridge (bridge-utils-interfaces(5)).
package struct Bridge: Sendable {
    package var name: InterfaceName
    package var addressing: Addressing
    /// Whether the bridge uses the spanning tree protocol.
    package var stp: Bool
    /// The number of seconds to wait for the device of a port.
    package var waitport: Int
    /// The forwarding delay in seconds.
    package var forwardDelay: Int
    /// The number of seconds to wait until the bridge forwards.
    package var maxwait: Int

    init(
        name: InterfaceName, addressing: Addressing, stp: Bool, waitport: Int, forwardDelay: Int, maxwait: Int
    ) {
        self.name = name
        self.addressing = addressing
        self.stp = stp
        self.waitport = waitport
        self.forwardDelay = forwardDelay
        self.maxwait = maxwait
    }
}

/// The resources and options of dom0 (xen-command-line(7)).
package struct Dom0: Sendable {
    /// The memory at boot; a whole number of MiB.
    package var memory: ByteCount
    package var memoryMin: ByteCount?
    package var memoryMax: ByteCount
    package var vcpus: Int
    /// Whether each virtual CPU stays on the physical CPU with the same number.
    package var pinsVCPUs: Bool
    /// Additional options for the hypervisor, in their order.
    package var options: [BootOption]

    init(
        memory: ByteCount, memoryMin: ByteCount?, memoryMax: ByteCount, vcpus: Int, pinsVCPUs: Bool,
        options: [BootOption]
    ) {
        self.memory = memory
        self.memoryMin = memoryMin
        self.memoryMax = memoryMax
        self.vcpus = vcpus
        self.pinsVCPUs = pinsVCPUs
        self.options = options
    }
}

/// The boot loader.
package struct GRUB: Sendable {
    /// The number of seconds for which the menu is shown.
    package var timeout: Int
    /// Whether the root file system is named by its device instead of its UUID.
    package var disablesLinuxUUID: Bool
    /// Additional options for dom0's kernel, in their order.
    package var linuxOptions: [BootOption]

    init(timeout: Int, disablesLinuxUUID: Bool, linuxOptions: [BootOption]) {
        self.timeout = timeout
        self.disablesLinuxUUID = disablesLinuxUUID
        self.linuxOptions = linuxOptions
    }
}

/// What happens to guests when dom0 stops and starts (/etc/default/xendomains).
package struct Xendomains: Sendable {
    /// The directory into which running guests are saved; nil when they are shut down instead.
    package var save: TargetPath?
    /// Whether saved guests are restored at boot.
    package var restores: Bool
    /// The directory with the configurations of the guests that start at boot; nil when none start.
    package var auto: TargetPath?
    /// The number of seconds to wait for each guest to stop.
    package var stopMaxWait: Int

    init(save: TargetPath?, restores: Bool, auto: TargetPath?, stopMaxWait: Int) {
        self.save = save
        self.restores = restores
        self.auto = auto
        self.stopMaxWait = stopMaxWait
    }
}

/// The directory of the user's files beside the lab file, and the modes and owners in the lab file.
package struct FileSource: Sendable {
    var folder: RelativePath
    var modes: [TargetPath: FileMode]
    var owners: [TargetPath: Ownership]

    init(folder: RelativePath, modes: [TargetPath: FileMode], owners: [TargetPath: Ownership]) {
        self.folder = folder
        self.modes = modes
        self.owners = owners
    }
}

/// The user's script beside the lab file.
package struct LateScript: Sendable {
    package var path: RelativePath
    package var content: [UInt8]

    init(path: RelativePath, content: [UInt8]) {
        self.path = path
        self.content = content
    }
}

/// A user's file, symbolic link or directory for the overlay.
package struct ExtraFile: Sendable {
    package enum Kind: Sendable {
        case file([UInt8])
        /// A symbolic link with its target, which does not have to exist.
        case link(String)
        /// A directory whose mode or owner is not the default.
        case folder
    }

    package var path: TargetPath
    /// The permission bits.
    package var mode: Int
    /// The owner; nil for root.
    package var owner: Ownership?
    package var kind: Kind

    init(path: TargetPath, mode: Int, owner: Ownership?, kind: Kind) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.kind = kind
    }
}

/// The drivers in dom0's initramfs: those for the disks of most machines, or only those that this machine needs
/// (initramfs-tools, MODULES).
package enum InitramfsPolicy: String, Choice {
    case most, dep
    package static let noun = "an initramfs policy"
}

/// The firmware interface that boots the machine.
package enum Firmware: String, Choice {
    case bios, uefi
    package static let noun = "a firmware"
}
