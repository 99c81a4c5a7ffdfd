import Preseed

/// The disk that a node is installed on, or the disks of its RAID arrays. Everything on them is erased.
package struct Disk: Sendable {
    package var selector: DiskSelector
    /// The capacity of the disk or of the smallest one; nil when the lab does not give it.
    package var size: ByteCount?
    package var layout: Layout
    /// The logical volumes for guests in the system's volume group, sorted by name.
    package var volumes: [GuestVolume]
    /// The other disks of the node that must not be erased, sorted by path.
    package var kept: [DiskPath]

    init(selector: DiskSelector, size: ByteCount?, layout: Layout, volumes: [GuestVolume], kept: [DiskPath]) {
        self.selector = selector
        self.size = size
        self.layout = layout
        self.volumes = volumes
        self.kept = kept
    }

    /// Returns the capacity of the smallest disk for the layout, with the volumes for guests and the room that has to
    /// remain free.
    package func minimum(firmware: Firmware) -> ByteCount {
        volumes.reduce(layout.minimum(firmware: firmware)) { $0 + $1.size } + (isMirrored ? RAID.overhead : .zero)
    }
}

/// How the disk to install on is chosen.
package enum DiskSelector: Sendable, Equatable {
    case device(DiskDevice)
    case id(DiskID)
    /// The installer chooses among the disks that are not removable, not on USB and not the install medium.
    case rule(DiskRule)
    /// The disks of RAID 1 arrays, at least two, in the order of the lab file.
    case mirror([DiskPath])

    package var device: DiskDevice? { if case .device(let device) = self { device } else { nil } }
    package var id: DiskID? { if case .id(let id) = self { id } else { nil } }
    package var rule: DiskRule? { if case .rule(let rule) = self { rule } else { nil } }
    /// The paths of the disks; empty when a rule chooses the disk.
    package var paths: [DiskPath] {
        switch self {
        case .device(let device): [.device(device)]
        case .id(let id): [.id(id)]
        case .rule: []
        case .mirror(let members): members
        }
    }
    package var members: [DiskPath]? { if case .mirror(let members) = self { members } else { nil } }
}

package enum DiskRule: String, Choice {
    /// The only disk; if there are two, the installation stops.
    case only
    case smallest, largest
    /// The only disk whose size differs from `disk.size` by at most 5 percent.
    case size
    package static let noun = "a way to choose a disk"

    /// The disk that the rule selects, as text for a person.
    /// - Parameter size: The value of the field `disk.size`.
    package func words(size: (some CustomStringConvertible)?) -> String {
        switch self {
        case .only: "the only disk"
        case .smallest: "the smallest disk"
        case .largest: "the largest disk"
        case .size: size.map { "the disk of \($0)" } ?? "the disk of its size"
        }
    }
}

/// How the disk is partitioned.
package enum Layout: Sendable {
    /// One root file system and swap.
    case plain(swap: ByteCount?)
    /// /boot, and a volume group with root and swap. The rest of the group stays free for guests.
    case lvm(LVM)
    /// A custom recipe in the language of partman-auto.
    case recipe(PartitionRecipe)
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
package enum RecipeMethod: String, Sendable { case regular, lvm, raid }

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
    var ownRecipe: PartitionRecipe? { if case .recipe(let recipe) = self { recipe } else { nil } }

    /// The name of the volume group that the installer makes; nil when it makes none.
    package var volumeGroup: String? {
        switch self {
        case .plain: nil
        case .lvm(let lvm): lvm.group.description
        case .recipe(let recipe): recipe.usesLVM ? "vg0" : nil
        }
    }

    /// Whether the root file system is a logical volume, which LVM finds by its UUID on any disk.
    var hasRootOnLVM: Bool {
        switch self {
        case .plain: false
        case .lvm: true
        case .recipe(let recipe): recipe.hasRootOnLVM
        }
    }

    /// The size of swap; nil without swap, and for a recipe, which has its own swap.
    package var swap: ByteCount? {
        switch self {
        case .plain(let swap): swap
        case .lvm(let lvm): lvm.swap
        case .recipe: nil
        }
    }

    /// The size of the smallest root file system that a dom0 installation fits into.
    static let smallestRoot = ByteCount(bytes: 2_500_000_000)
    /// The size of /boot in the layout `lvm`: it holds two kernels, their initrds and the hypervisor.
    static let boot = ByteCount(bytes: 512_000_000)
    /// The size of the EFI system partition (partman-auto 126, recipes-amd64-efi).
    static let efi = ByteCount(bytes: 538_000_000)

    /// The logical volumes of the system, as `GROUP/NAME`; empty for a custom recipe.
    package var volumes: [(name: String, size: ByteCount)] {
        guard case .lvm(let lvm) = self else { return [] }
        return [("\(lvm.group)/root", lvm.root)] + (lvm.swap.map { [("\(lvm.group)/swap", $0)] } ?? [])
    }

    /// Returns the capacity of the smallest disk for this layout, with the room that has to remain free.
    package func minimum(firmware: Firmware) -> ByteCount {
        let none = ByteCount.zero
        let system = firmware == .uefi ? Layout.efi : ByteCount(bytes: 2_000_000)
        switch self {
        case .plain(let swap): return system + Layout.smallestRoot + (swap ?? none)
        case .lvm(let lvm): return system + Layout.boot + lvm.root + (lvm.swap ?? none) + (lvm.free ?? none)
        case .recipe(let recipe): return recipe.minimum
        }
    }

    /// The name of the volume that takes the rest of the group while the installer partitions, where the release's
    /// installer gives the rest to the last volume. The late command removes it.
    package static let restVolume = "xenseed_rest"
    /// The size that this volume has at least.
    package static let restSize = ByteCount(bytes: 16_000_000)

    /// The recipe by which partman-auto divides a single disk.
    /// - Parameter lastVolumeTakesRest: Whether the release's installer gives the rest of a group to its last volume.
    func recipe(firmware: Firmware, lastVolumeTakesRest: Bool) -> PartitionRecipe {
        let bootable = [Specifier("$primary"), Specifier("$bootable")]
        let system = Self.systemPartition(firmware)
        switch self {
        case .recipe(let recipe): return recipe
        case .plain(let swapSize):
            let root = Partition(
                Layout.smallestRoot.megabytes, priority: 10000, maximum: -1, "ext4",
                bootable + Self.formatted("ext4", at: "/"))
            return PartitionRecipe(name: "xenseed", [system, root] + (swapSize.map { [Self.swap($0)] } ?? []))
        case .lvm(let lvm):
            let boot = Partition(
                Layout.boot.megabytes, "ext2", bootable + Self.formatted("ext2", at: "/boot"))
            return PartitionRecipe(
                name: "xenseed", [system, boot] + lvm.partitions(lastVolumeTakesRest: lastVolumeTakesRest))
        }
    }

    typealias Partition = PartitionRecipe.Partition
    typealias Specifier = PartitionRecipe.Specifier

    /// Returns the partition that the boot loader needs for itself. $iflabel leaves it out where the disk gets an msdos
    /// label.
    static func systemPartition(_ firmware: Firmware, _ specifiers: [Specifier] = []) -> Partition {
        let specifiers = [Specifier("$iflabel", "gpt")] + specifiers
        return firmware == .uefi
            ? Partition(
                Layout.efi.megabytes, maximum: 1075, "free",
                specifiers + [Specifier("method", "efi"), Specifier("format")])
            : Partition(1, "free", specifiers + [Specifier("method", "biosgrub")])
    }

    fileprivate static func formatted(_ type: String, at mountpoint: String) -> [Specifier] {
        [
            Specifier("method", "format"), Specifier("format"), Specifier("use_filesystem"),
            Specifier("filesystem", type), Specifier("mountpoint", mountpoint),
        ]
    }

    fileprivate static func swap(_ size: ByteCount, _ specifiers: [Specifier] = []) -> Partition {
        Partition(size.megabytes, "linux-swap", specifiers + [Specifier("method", "swap"), Specifier("format")])
    }
}

extension LVM {
    /// Returns the logical volumes in the language of recipes.
    /// - Parameters:
    ///   - specifiers: Additional specifiers of each volume.
    ///   - lastVolumeTakesRest: Whether the release's installer gives the rest of a group to its last volume.
    func partitions(
        _ specifiers: [PartitionRecipe.Specifier] = [], lastVolumeTakesRest: Bool
    ) -> [PartitionRecipe.Partition] {
        func specified(_ name: String) -> [PartitionRecipe.Specifier] {
            [.init("$lvmok")] + specifiers + [.init("lv_name", name)]
        }
        var partitions = [
            Layout.Partition(root.megabytes, "ext4", specified("root") + Layout.formatted("ext4", at: "/"))
        ]
        if let swap { partitions.append(Layout.swap(swap, specified("swap"))) }
        if lastVolumeTakesRest {
            // Without a method, partman makes nothing on it and does not use it.
            partitions.append(
                Layout.Partition(Layout.restSize.megabytes, maximum: -1, "ext4", specified(Layout.restVolume)))
        }
        return partitions
    }
}
