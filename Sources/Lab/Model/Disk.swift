import Preseed

/// The disk that a node is installed on. Everything on it is erased.
public struct Disk: Sendable {
    public var selector: DiskSelector
    /// What the disk is known to hold.
    public var size: ByteCount?
    public var layout: Layout
    /// Other disks of the node, which must not be erased, sorted by path.
    public var kept: [KeptDisk]

    public init(selector: DiskSelector, size: ByteCount?, layout: Layout, kept: [KeptDisk]) {
        self.selector = selector
        self.size = size
        self.layout = layout
        self.kept = kept
    }
}

extension KeptDisk {
    /// The selector that would choose this very disk.
    public var selector: DiskSelector {
        switch self {
        case .device(let device): .device(device)
        case .id(let id): .id(id)
        }
    }
}

/// Which disk it is.
public enum DiskSelector: Sendable, Equatable {
    case device(DiskDevice)
    case id(DiskID)
    /// Chosen in the installer among disks that are neither removable, nor on USB, nor the install medium.
    case rule(DiskRule)

    public var device: DiskDevice? { if case .device(let device) = self { device } else { nil } }
    public var id: DiskID? { if case .id(let id) = self { id } else { nil } }
    public var rule: DiskRule? { if case .rule(let rule) = self { rule } else { nil } }
}

public enum DiskRule: String, Choice {
    /// The only disk; two are a stop.
    case only
    case smallest, largest
    /// The only disk whose size is within one in twenty of `disk.size`.
    case size
    public static let noun = "a way to choose a disk"
}

/// How the disk is divided.
public enum Layout: Sendable {
    /// A root file system and swap.
    case plain(swap: ByteCount?)
    /// /boot, and a volume group with root and swap; the rest of the group stays free for guests.
    case lvm(LVM)
    /// A recipe of the user's own, in partman-auto's language.
    case recipe(String, method: RecipeMethod)
}

public struct LVM: Sendable {
    public var group: VolumeGroupName
    public var root: ByteCount
    public var swap: ByteCount?
    /// Room that has to remain free in the group.
    public var free: ByteCount?

    public init(group: VolumeGroupName, root: ByteCount, swap: ByteCount?, free: ByteCount?) {
        self.group = group
        self.root = root
        self.swap = swap
        self.free = free
    }
}

public enum LayoutKind: String, Choice {
    case plain, lvm
    public static let noun = "a layout"
}

/// What partman-auto does with a recipe.
public enum RecipeMethod: String, Sendable { case regular, lvm }

extension Layout {
    /// Nil for a recipe of the user's own.
    public var kind: LayoutKind? {
        switch self {
        case .plain: .plain
        case .lvm: .lvm
        case .recipe: nil
        }
    }

    public var lvm: LVM? { if case .lvm(let lvm) = self { lvm } else { nil } }
    public var recipe: String? { if case .recipe(let text, _) = self { text } else { nil } }

    /// The size of swap; nil when there is none or, with a recipe, when that decides.
    public var swap: ByteCount? {
        switch self {
        case .plain(let swap): swap
        case .lvm(let lvm): lvm.swap
        case .recipe: nil
        }
    }

    /// The least root file system that a dom0 installation fits into.
    public static let leastRoot = ByteCount(bytes: 2_500_000_000)
    /// /boot of the LVM layout: two kernels, their initrds and the hypervisor.
    public static let boot = ByteCount(bytes: 512_000_000)
    /// The EFI system partition (partman-auto 126, recipes-amd64-efi).
    public static let efi = ByteCount(bytes: 538_000_000)

    /// The logical volumes of the system, as `GROUP/NAME`; of a recipe of the user's own, none.
    public var volumes: [(name: String, size: ByteCount)] {
        guard case .lvm(let lvm) = self else { return [] }
        return [("\(lvm.group)/root", lvm.root)] + (lvm.swap.map { [("\(lvm.group)/swap", $0)] } ?? [])
    }

    /// What the disk has to hold at least.
    public func minimum(firmware: Firmware) -> ByteCount {
        let none = ByteCount(bytes: 0)
        let system = firmware == .uefi ? Layout.efi : ByteCount(bytes: 2_000_000)
        switch self {
        case .plain(let swap): return system + Layout.leastRoot + (swap ?? none)
        case .lvm(let lvm): return system + Layout.boot + lvm.root + (lvm.swap ?? none) + (lvm.free ?? none)
        case .recipe: return none
        }
    }
}
