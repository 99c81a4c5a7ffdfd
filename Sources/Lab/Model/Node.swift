import Preseed

/// One machine.
package struct Node: Sendable {
    package var name: Hostname
    /// In its firmware (DMI), when the lab knows it.
    package var serial: SystemSerial?
    package var cpus: Int
    /// All of the machine's memory; nil when the lab does not say.
    package var memory: ByteCount?
    package var firmware: Firmware
    package var disk: Disk
    /// By name.
    package let interfaces: [Interface]
    /// By name.
    package let bridges: [Bridge]
    /// Everything that carries an address: bridges, and interfaces that are no port of one; by name.
    package let links: [Link]
    /// The NIC that the installer uses: the one over which the mirror is reached.
    package var installInterface: InterfaceName
    package var dom0: Dom0
    package var console: SerialConsole?
    package var grub: GRUB
    package var xendomains: Xendomains
    package var toolstack: String
    package var access: Access
    /// Sorted, each once.
    package var packages: [PackageName]
    /// Whether apt installs what packages recommend.
    package var installsRecommends: Bool
    /// Microcode for the processor is installed, and the hypervisor loads it when it starts.
    package var loadsMicrocode: Bool
    package var initramfs: InitramfsPolicy
    /// Whether the packages of the base system are upgraded before the first reboot.
    package var upgrades: Bool
    /// Where the user's own files come from; nil when there are none.
    var fileSource: FileSource?
    /// The user's own files, by path.
    package var files: [ExtraFile]
    /// The user's own script, run last in the late command.
    package var lateScript: LateScript?

    init(
        name: Hostname, serial: SystemSerial?, cpus: Int, memory: ByteCount?, firmware: Firmware, disk: Disk,
        interfaces: [Interface],
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

    /// The ports of a bridge, by name; never empty in a checked lab.
    package func ports(of bridge: Bridge) -> [Interface] { interfaces.filter { $0.bridge == bridge.name } }

    /// The link over which the installer reaches the mirror, under the name it has on the installed node.
    package var installLink: Link { links.first { $0.cards.contains { $0.name == installInterface } }! }

    /// What a virtual machine that stands for the node gets: where the lab does not say, 1 GiB beside dom0's most, and 2 GiB
    /// at least.
    package var machineMemory: ByteCount {
        memory ?? max(ByteCount(bytes: 2 << 30), ByteCount(bytes: dom0.memoryMax.bytes + 1 << 30))
    }

    /// Paths of the user's files that not everybody on the node may read, by their own mode or a directory's.
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

    /// The MAC addresses that a DHCP server has to know for the address of a link: the one that the installed system asks
    /// with, and then, where it is another one, that of the card over which the node is installed.
    package func dhcpMACs(_ link: Link, on release: Release) -> [MACAddress] {
        let own = link.mac(on: release)
        return link.name == installLink.name && installMAC != own ? [own, installMAC] : [own]
    }
}

/// An interface or bridge with an address.
package struct Link: Sendable {
    package var name: InterfaceName
    package var addressing: Addressing
    package var bridge: Bridge?
    /// The network card itself, or the bridge's ports by name; never empty.
    package var cards: [Interface]

    /// The MAC address that it has on the installed node. A bridge has that of its first port where the overlay sets it,
    /// else the lowest of its ports, as the kernel chooses (net/bridge/br_stp_if.c, br_stp_recalculate_bridge_id).
    package func mac(on release: Release) -> MACAddress {
        release.bridgeNeedsAddress ? cards[0].mac : cards.map(\.mac).min()!
    }
}

/// A network card.
package struct Interface: Sendable {
    package var name: InterfaceName
    package var mac: MACAddress
    /// The bridge that it is a port of.
    package var bridge: InterfaceName?
    /// Nil for a bridge port.
    package var addressing: Addressing?

    init(name: InterfaceName, mac: MACAddress, bridge: InterfaceName?, addressing: Addressing?) {
        self.name = name
        self.mac = mac
        self.bridge = bridge
        self.addressing = addressing
    }
}

/// How a link comes by its address.
package struct Addressing: Sendable {
    package var network: Network
    /// The static address or, on a DHCP network, the reserved lease when it is known.
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
    /// Spanning tree.
    package var stp: Bool
    /// Seconds to wait for a port's device.
    package var waitport: Int
    /// Forwarding delay in seconds.
    package var forwardDelay: Int
    /// Seconds to wait for the bridge to forward.
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

/// What the hypervisor gives to dom0 (xen-command-line(7)).
package struct Dom0: Sendable {
    /// At start; whole MiB.
    package var memory: ByteCount
    package var memoryMin: ByteCount?
    package var memoryMax: ByteCount
    package var vcpus: Int
    /// Each of dom0's virtual CPUs stays on the physical CPU of its number.
    package var pinsVCPUs: Bool
    /// More hypervisor options, in order.
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
    /// Seconds the menu is shown.
    package var timeout: Int
    /// Root is named by its device instead of its UUID.
    package var disablesLinuxUUID: Bool
    /// More options for dom0's kernel, in order.
    package var linuxOptions: [BootOption]

    init(timeout: Int, disablesLinuxUUID: Bool, linuxOptions: [BootOption]) {
        self.timeout = timeout
        self.disablesLinuxUUID = disablesLinuxUUID
        self.linuxOptions = linuxOptions
    }
}

/// What happens to guests when dom0 stops and starts (/etc/default/xendomains).
package struct Xendomains: Sendable {
    /// Folder into which running guests are saved; nil shuts them down.
    package var save: TargetPath?
    /// Saved guests are restored at boot.
    package var restores: Bool
    /// Folder of configurations to start at boot; nil starts none.
    package var auto: TargetPath?
    /// Seconds to wait for each guest.
    package var stopMaxWait: Int

    init(save: TargetPath?, restores: Bool, auto: TargetPath?, stopMaxWait: Int) {
        self.save = save
        self.restores = restores
        self.auto = auto
        self.stopMaxWait = stopMaxWait
    }
}

/// Who can log in as root.
package struct Access: Sendable {
    /// In order, each once.
    package var authorizedKeys: [AuthorizedKey]
    package var rootPassword: PasswordHash?
    /// The file that the password's hash was read from; nil when the lab file itself has it.
    var rootPasswordFile: RelativePath?

    init(authorizedKeys: [AuthorizedKey], rootPassword: PasswordHash?, rootPasswordFile: RelativePath?) {
        self.authorizedKeys = authorizedKeys
        self.rootPassword = rootPassword
        self.rootPasswordFile = rootPasswordFile
    }

    var isNobody: Bool { authorizedKeys.isEmpty && rootPassword == nil }
}

/// The directory beside the lab file that the user's own files are in, and what the lab says of them.
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

/// A script of the user's own beside the lab file.
package struct LateScript: Sendable {
    package var path: RelativePath
    package var content: [UInt8]

    init(path: RelativePath, content: [UInt8]) {
        self.path = path
        self.content = content
    }
}

/// A file, link or directory of the user's for the overlay.
package struct ExtraFile: Sendable {
    package enum Kind: Sendable {
        case file([UInt8])
        /// To this target, which need not be there.
        case link(String)
        /// Only where its mode is not the usual one.
        case folder
    }

    package var path: TargetPath
    /// Permission bits.
    package var mode: Int
    /// Nil for root.
    package var owner: Ownership?
    package var kind: Kind

    init(path: TargetPath, mode: Int, owner: Ownership?, kind: Kind) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.kind = kind
    }
}

/// The drivers in dom0's initramfs: all that a machine may need to reach its disk, or those that this one does
/// (initramfs-tools, MODULES).
package enum InitramfsPolicy: String, Choice {
    case most, dep
    package static let noun = "an initramfs policy"
}

/// What starts the machine.
package enum Firmware: String, Choice {
    case bios, uefi
    package static let noun = "a firmware"
}
