import Preseed

/// One machine.
public struct Node: Sendable {
    public var name: Hostname
    /// In its firmware (DMI), when the lab knows it.
    public var serial: SystemSerial?
    public var cpus: Int
    /// All of the machine's memory; nil when the lab does not say.
    public var memory: ByteCount?
    public var firmware: Firmware
    public var disk: Disk
    /// By name.
    public let interfaces: [Interface]
    /// By name.
    public let bridges: [Bridge]
    /// Everything that carries an address: bridges, and interfaces that are no port of one; by name.
    public let links: [Link]
    /// The NIC that the installer uses: the one over which the mirror is reached.
    public var installInterface: InterfaceName
    public var dom0: Dom0
    public var console: SerialConsole?
    public var grub: GRUB
    public var xendomains: Xendomains
    public var toolstack: String
    public var access: Access
    /// Sorted, each once.
    public var packages: [PackageName]
    /// Whether apt installs what packages recommend.
    public var installsRecommends: Bool
    /// Microcode for the processor is installed, and the hypervisor loads it when it starts.
    public var loadsMicrocode: Bool
    public var initramfs: InitramfsPolicy
    /// Whether the packages of the base system are upgraded before the first reboot.
    public var upgrades: Bool
    /// Where the user's own files come from; nil when there are none.
    public var fileSource: FileSource?
    /// The user's own files, by path.
    public var files: [ExtraFile]
    /// The user's own script, run last in the late command.
    public var lateScript: LateScript?

    public init(
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
    public func ports(of bridge: Bridge) -> [Interface] { interfaces.filter { $0.bridge == bridge.name } }

    /// The link over which the installer reaches the mirror, under the name it has on the installed node.
    public var installLink: Link { links.first { $0.cards.contains { $0.name == installInterface } }! }

    /// What a virtual machine that stands for the node gets: where the lab does not say, 1 GiB beside dom0's most, and 2 GiB
    /// at least.
    public var machineMemory: ByteCount {
        memory ?? max(ByteCount(bytes: 2 << 30), ByteCount(bytes: dom0.memoryMax.bytes + 1 << 30))
    }

    /// Paths of the user's files that not everybody on the node may read, by their own mode or a directory's.
    public var hiddenFiles: Set<TargetPath> {
        let closed = files.compactMap { file in
            if case .folder = file.kind, file.mode & 0o001 == 0 { file.path.description + "/" } else { nil }
        }
        return Set(
            files.filter { file in
                guard case .file = file.kind else { return false }
                return file.mode & 0o004 == 0 || closed.contains { file.path.description.hasPrefix($0) }
            }.map(\.path))
    }

    public var installMAC: MACAddress { interfaces.first { $0.name == installInterface }!.mac }

    /// The MAC addresses that a DHCP server has to know for the address of a link: the one that the installed system asks
    /// with, and then, where it is another one, that of the card over which the node is installed.
    public func dhcpMACs(_ link: Link, on release: Release) -> [MACAddress] {
        let own = link.mac(on: release)
        return link.name == installLink.name && installMAC != own ? [own, installMAC] : [own]
    }
}

/// An interface or bridge with an address.
public struct Link: Sendable {
    public var name: InterfaceName
    public var addressing: Addressing
    public var bridge: Bridge?
    /// The network card itself, or the bridge's ports by name; never empty.
    public var cards: [Interface]

    /// The MAC address that it has on the installed node. A bridge has that of its first port where the overlay sets it,
    /// else the lowest of its ports, as the kernel chooses (net/bridge/br_stp_if.c, br_stp_recalculate_bridge_id).
    public func mac(on release: Release) -> MACAddress {
        release.bridgeNeedsAddress ? cards[0].mac : cards.map(\.mac).min()!
    }
}

/// A network card.
public struct Interface: Sendable {
    public var name: InterfaceName
    public var mac: MACAddress
    /// The bridge that it is a port of.
    public var bridge: InterfaceName?
    /// Nil for a bridge port.
    public var addressing: Addressing?

    public init(name: InterfaceName, mac: MACAddress, bridge: InterfaceName?, addressing: Addressing?) {
        self.name = name
        self.mac = mac
        self.bridge = bridge
        self.addressing = addressing
    }
}

/// How a link comes by its address.
public struct Addressing: Sendable {
    public var network: Network
    /// The static address or, on a DHCP network, the reserved lease when it is known.
    public var address: IPv4Address?

    public init(network: Network, address: IPv4Address?) {
        self.network = network
        self.address = address
    }
}

/// A software bridge (bridge-utils-interfaces(5)).
public struct Bridge: Sendable {
    public var name: InterfaceName
    public var addressing: Addressing
    /// Spanning tree.
    public var stp: Bool
    /// Seconds to wait for a port's device.
    public var waitport: Int
    /// Forwarding delay in seconds.
    public var forwardDelay: Int
    /// Seconds to wait for the bridge to forward.
    public var maxwait: Int

    public init(
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
public struct Dom0: Sendable {
    /// At start; whole MiB.
    public var memory: ByteCount
    public var memoryMin: ByteCount?
    public var memoryMax: ByteCount
    public var vcpus: Int
    /// Each of dom0's virtual CPUs stays on the physical CPU of its number.
    public var pinsVCPUs: Bool
    /// More hypervisor options, in order.
    public var options: [BootOption]

    public init(
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
public struct GRUB: Sendable {
    /// Seconds the menu is shown.
    public var timeout: Int
    /// Root is named by its device instead of its UUID.
    public var disablesLinuxUUID: Bool
    /// More options for dom0's kernel, in order.
    public var linuxOptions: [BootOption]

    public init(timeout: Int, disablesLinuxUUID: Bool, linuxOptions: [BootOption]) {
        self.timeout = timeout
        self.disablesLinuxUUID = disablesLinuxUUID
        self.linuxOptions = linuxOptions
    }
}

/// What happens to guests when dom0 stops and starts (/etc/default/xendomains).
public struct Xendomains: Sendable {
    /// Folder into which running guests are saved; nil shuts them down.
    public var save: TargetPath?
    /// Saved guests are restored at boot.
    public var restores: Bool
    /// Folder of configurations to start at boot; nil starts none.
    public var auto: TargetPath?
    /// Seconds to wait for each guest.
    public var stopMaxWait: Int

    public init(save: TargetPath?, restores: Bool, auto: TargetPath?, stopMaxWait: Int) {
        self.save = save
        self.restores = restores
        self.auto = auto
        self.stopMaxWait = stopMaxWait
    }
}

/// Who can log in as root.
public struct Access: Sendable {
    /// In order, each once.
    public var authorizedKeys: [AuthorizedKey]
    public var rootPassword: PasswordHash?
    /// The file that the password's hash was read from; nil when the lab file itself has it.
    public var rootPasswordFile: BesidePath?

    public init(authorizedKeys: [AuthorizedKey], rootPassword: PasswordHash?, rootPasswordFile: BesidePath?) {
        self.authorizedKeys = authorizedKeys
        self.rootPassword = rootPassword
        self.rootPasswordFile = rootPasswordFile
    }

    public var isNobody: Bool { authorizedKeys.isEmpty && rootPassword == nil }
}

/// The directory beside the lab file that the user's own files are in, and what the lab says of them.
public struct FileSource: Sendable {
    public var folder: BesidePath
    public var modes: [TargetPath: FileMode]
    public var owners: [TargetPath: Ownership]

    public init(folder: BesidePath, modes: [TargetPath: FileMode], owners: [TargetPath: Ownership]) {
        self.folder = folder
        self.modes = modes
        self.owners = owners
    }
}

/// A script of the user's own beside the lab file.
public struct LateScript: Sendable {
    public var path: BesidePath
    public var content: [UInt8]

    public init(path: BesidePath, content: [UInt8]) {
        self.path = path
        self.content = content
    }
}

/// A file, link or directory of the user's for the overlay.
public struct ExtraFile: Sendable {
    public enum Kind: Sendable {
        case file([UInt8])
        /// To this target, which need not be there.
        case link(String)
        /// Only where its mode is not the usual one.
        case folder
    }

    public var path: TargetPath
    /// Permission bits.
    public var mode: Int
    /// Nil for root.
    public var owner: Ownership?
    public var kind: Kind

    public init(path: TargetPath, mode: Int, owner: Ownership?, kind: Kind) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.kind = kind
    }
}

/// The drivers in dom0's initramfs: all that a machine may need to reach its disk, or those that this one does
/// (initramfs-tools, MODULES).
public enum InitramfsPolicy: String, Choice {
    case most, dep
    public static let noun = "an initramfs policy"
}

/// What starts the machine.
public enum Firmware: String, Choice {
    case bios, uefi
    public static let noun = "a firmware"
}
