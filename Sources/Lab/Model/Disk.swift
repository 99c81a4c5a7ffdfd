import Preseed

/// The disk that a node is installed on. Everything on it is erased.
package struct Disk: Sendable {
    package var selector: DiskSelector
    /// What the disk is known to hold.
    package var size: ByteCount?
    package var layout: Layout
    /// Other disks of the node, which must not be erased, sorted by path.
    package var kept: [KeptDisk]

    init(selector: DiskSelector, size: ByteCount?, layout: Layout, kept: [KeptDisk]) {
        self.selector = selector
        self.size = size
        self.layout = layout
        self.kept = kept
    }
}

extension KeptDisk {
    /// The selector that would choose this very disk.
    package var selector: DiskSelector {
        switch self {
        case .device(let device): .device(device)
        case .id(let id): .id(id)
        }
    }
}

/// Which disk it is.
package enum DiskSelector: Sendable, Equatable {
    case device(DiskDevice)
    case id(DiskID)
    /// Chosen in the installer among disks that are neither removable, nor on USB, nor the install medium.
    case rule(DiskRule)

    package var device: DiskDevice? { if case .device(let device) = self { device } else { nil } }
    package var id: DiskID? { if case .id(let id) = self { id } else { nil } }
    package var rule: DiskRule? { if case .rule(let rule) = self { rule } else { nil } }
}

package enum DiskRule: String, Choice {
    /// The only disk; two are a stop.
    case only
    case smallest, largest
    /// The only disk whose size is within one in twenty of `disk.size`.
    case size
    package static let noun = "a way to choose a disk"
}

/// How the disk is divided.
package enum Layout: Sendable {
    /// A root file system and swap.
    case plain(swap: ByteCount?)
    /// /boot, and a volume group with root and swap; the rest of the group stays free for guests.
    case lvm(LVM)
    /// A recipe of the user's own, in partman-auto's language.
    case recipe(String, method: RecipeMethod)
}

package struct LVM: Sendable {
    package var group: VolumeGroupName
    package var root: ByteCount
    package var swap: ByteCount?
    /// Room that has to remain free in the group.
    var free: ByteCount?

    init(group: VolumeGroupName, root: ByteCount, swap: ByteCount?, free: ByteCount?) {
        self.group = group
        self.root = root
        self.swap = swap
        self.free = free
    }
}

package enum LayoutKind: String, Choice {
    case plain, lvm
    package static let noun = "a layout"
}

/// What partman-auto does with a recipe.
package enum RecipeMethod: String, Sendable { case regular, lvm }

extension Layout {
    /// Nil for a recipe of the user's own.
    package var kind: LayoutKind? {
        switch self {
        case .plain: .plain
        case .lvm: .lvm
        case .recipe: nil
        }
    }

    var lvm: LVM? { if case .lvm(let lvm) = self { lvm } else { nil } }
    var recipe: String? { if case .recipe(let text, _) = self { text } else { nil } }

    /// The size of swap; nil when there is none or, with a recipe, when that decides.
    package var swap: ByteCount? {
        switch self {
        case .plain(let swap): swap
        case .lvm(let lvm): lvm.swap
        case .recipe: nil
        }
    }

    /// The least root file system that a dom0 installation fits into.
    package static let leastRoot = ByteCount(bytes: 2_500_000_000)
    /// /boot of the LVM layout: two kernels, their initrds and the hypervisor.
    package static let boot = ByteCount(bytes: 512_000_000)
    /// The EFI system partition (partman-auto 126, recipes-amd64-efi).
    package static let efi = ByteCount(bytes: 538_000_000)

    /// The logical volumes of the system, as `GROUP/NAME`; of a recipe of the user's own, none.
    package var volumes: [(name: String, size: ByteCount)] {
        guard case .lvm(let lvm) = self else { return [] }
        return [("\(lvm.group)/root", lvm.root)] + (lvm.swap.map { [("\(lvm.group)/swap", $0)] } ?? [])
    }

    /// What the disk has to hold at least.
    package func minimum(firmware: Firmware) -> ByteCount {
        let none = ByteCount(bytes: 0)
        let system = firmware == .uefi ? Layout.efi : ByteCount(bytes: 2_000_000)
        switch self {
        case .plain(let swap): return system + Layout.leastRoot + (swap ?? none)
        case .lvm(let lvm): return system + Layout.boot + lvm.root + (lvm.swap ?? none) + (lvm.free ?? none)
        case .recipe: return none
        }
    }
}
