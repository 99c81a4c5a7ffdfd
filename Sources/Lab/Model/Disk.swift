import Preseed

/// The disk that a node is installed on. Everything on it is erased.
package struct Disk: Sendable {
    package var selector: DiskSelector
    /// The capacity of the disk; nil when the lab does not give it.
    package var size: ByteCount?
    package var layout: Layout
    /// The other disks of the node that must not be erased, sorted by path.
    package var kept: [KeptDisk]

    init(selector: DiskSelector, size: ByteCount?, layout: Layout, kept: [KeptDisk]) {
        self.selector = selector
        self.size = size
        self.layout = layout
        self.kept = kept
    }
}

extension KeptDisk {
    /// The selector that chooses this disk.
    package var selector: DiskSelector {
        switch self {
        case .device(let device): .device(device)
        case .id(let id): .id(id)
        }
    }
}

/// How the disk to install on is chosen.
package enum DiskSelector: Sendable, Equatable {
    case device(DiskDevice)
    case id(DiskID)
    /// The installer chooses among the disks that are not removable, not on USB and not the install medium.
    case rule(DiskRule)

    package var device: DiskDevice? { if case .device(let device) = self { device } else { nil } }
    package var id: DiskID? { if case .id(let id) = self { id } else { nil } }
    package var rule: DiskRule? { if case .rule(let rule) = self { rule } else { nil } }
}

package enum DiskRule: String, Choice {
    /// The only disk; if there are two, the installation stops.
    case only
    case smallest, largest
    /// The only disk whose size differs from `disk.size` by at most 5 percent.
    case size
    package static let noun = "a way to choose a disk"
}

/// How the disk is partitioned.
package enum Layout: Sendable {
    /// One root file system and swap.
    case plain(swap: ByteCount?)
    /// /boot, and a volume group with root and swap. The rest of the group stays free for guests.
    case lvm(LVM)
    /// A custom recipe in the language of partman-auto.
    case recipe(String, method: RecipeMethod)
}

/// The volume group and the logical volumes of the layout `lvm`.
package struct LVM: Sendable {
    package var group: VolumeGroupName
    package var root: ByteCount
    package var swap: ByteCount?
    /// The space that has to remain free in the group.
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

/// The partitioning method of partman-auto for a recipe.
package enum RecipeMethod: String, Sendable { case regular, lvm }

extension Layout {
    /// The kind of the layout; nil for a custom recipe.
    package var kind: LayoutKind? {
        switch self {
        case .plain: .plain
        case .lvm: .lvm
        case .recipe: nil
        }
    }

    var lvm: LVM? { if case .lvm(let lvm) = self { lvm } else { nil } }
    var recipe: String? { if case .recipe(let text, _) = self { text } else { nil } }

    /// The size of swap; nil without swap, and for a recipe, which has its own swap.
    package var swap: ByteCount? {
        switch self {
        case .plain(let swap): swap
        case .lvm(let lvm): lvm.swap
        case .recipe: nil
        }
    }

    /// The size of the smallest root file system that a dom0 installation fits into.
    package static let leastRoot = ByteCount(bytes: 2_500_000_000)
    /// The size of /boot in the layout `lvm`: it holds two kernels, their initrds and the hypervisor.
    package static let boot = ByteCount(bytes: 512_000_000)
    /// The size of the EFI system partition (partman-auto 126, recipes-amd64-efi).
    package static let efi = ByteCount(bytes: 538_000_000)

    /// The logical volumes of the system, as `GROUP/NAME`; empty for a custom recipe.
    package var volumes: [(name: String, size: ByteCount)] {
        guard case .lvm(let lvm) = self else { return [] }
        return [("\(lvm.group)/root", lvm.root)] + (lvm.swap.map { [("\(lvm.group)/swap", $0)] } ?? [])
    }

    /// Returns the minimum capacity of the disk for this layout.
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
