import Preseed

/// RAID by the kernel (md).
package enum RAID {
    /// The levels that are supported.
    static let levels = 1...1
    /// The space that an array takes from a large partition at most: mdadm leaves up to 128 MiB before the data, in which
    /// the shape of the array can be changed later (mdadm 3.3 and 4.4, super1.c).
    static let overhead = ByteCount(bytes: 130 << 20)
}

/// One RAID array.
package struct RAIDArray: Sendable {
    /// What the array has: a mount point, `swap`, or the name of a volume group.
    package var content: String
    /// The file system in partman-auto-raid's language: `ext4`, `swap` or `lvm`.
    package var filesystem: String
    /// The mount point in partman-auto-raid's language: `-` when there is none.
    package var mountpoint: String
    /// The partition of each disk.
    var partition: PartitionRecipe.Partition
}

extension Disk {
    /// Whether the system is on RAID 1 arrays.
    package var isMirrored: Bool { selector.members != nil }

    /// The RAID arrays in the order of their partitions, which are the last ones of each disk; empty without RAID.
    /// partman-auto-raid makes them of partitions that are the same on every disk (version 55, bin/auto-raidcfg and
    /// display.d).
    package var arrays: [RAIDArray] {
        guard isMirrored else { return [] }
        // Without $lvmignore, partman-auto-raid would count the partitions as volumes of the group.
        func partition(_ size: ByteCount, priority: Int? = nil, maximum: Int? = nil, isFirst: Bool = false)
            -> PartitionRecipe.Partition
        {
            PartitionRecipe.Partition(
                size.megabytes, priority: priority, maximum: maximum, "raid",
                [.init("$primary")] + (isFirst ? [.init("$bootable")] : [])
                    + [.init("$lvmignore"), .init("method", "raid")])
        }
        func formatted(_ type: String, at mountpoint: String, _ partition: PartitionRecipe.Partition) -> RAIDArray {
            RAIDArray(content: mountpoint, filesystem: type, mountpoint: mountpoint, partition: partition)
        }
        switch layout {
        case .plain(let swap):
            let root = formatted(
                "ext4", at: "/",
                partition(Layout.smallestRoot + RAID.overhead, priority: 10000, maximum: -1, isFirst: true))
            return [root]
                + (swap.map {
                    [RAIDArray(content: "swap", filesystem: "swap", mountpoint: "-", partition: partition($0))]
                } ?? [])
        case .lvm(let lvm):
            let size = lvm.root + (lvm.swap ?? .zero) + RAID.overhead
            return [
                formatted("ext2", at: "/boot", partition(Layout.boot, isFirst: true)),
                RAIDArray(
                    content: "\(lvm.group)", filesystem: "lvm", mountpoint: "-",
                    partition: partition(size, maximum: -1)),
            ]
        // The reader refuses a recipe with RAID.
        case .recipe: return []
        }
    }

    /// What partman-auto does with the recipe.
    package var method: RecipeMethod {
        if isMirrored { return .raid }
        return switch layout {
        case .plain: .regular
        case .lvm: .lvm
        case .recipe(let recipe): recipe.usesLVM ? .lvm : .regular
        }
    }

    /// Returns the recipe by which partman-auto divides each disk.
    /// - Parameter lastVolumeTakesRest: Whether the release's installer gives the rest of a group to its last volume.
    package func recipe(firmware: Firmware, lastVolumeTakesRest: Bool) -> PartitionRecipe {
        guard isMirrored else { return layout.recipe(firmware: firmware, lastVolumeTakesRest: lastVolumeTakesRest) }
        var partitions = [Layout.systemPartition(firmware, [.init("$lvmignore")])] + arrays.map(\.partition)
        if case .lvm(let lvm) = layout {
            // The volumes are made on an array, not on the disks.
            partitions += lvm.partitions([.init("$defaultignore")], lastVolumeTakesRest: lastVolumeTakesRest)
        }
        return PartitionRecipe(name: "xenseed", partitions)
    }
}
