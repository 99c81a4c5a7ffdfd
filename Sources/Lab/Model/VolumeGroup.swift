import Preseed

/// A logical volume for a guest. It is made once and never formatted.
package struct GuestVolume: Sendable {
    package var name: VolumeName
    package var size: ByteCount
}

/// A volume group on disks that the system does not use.
package struct VolumeGroup: Sendable {
    package var name: VolumeGroupName
    /// The disks, sorted by path; never empty.
    package var devices: [DiskPath]
    /// Whether the installation erases the disks. If not, it uses them only if they are empty or have this volume group.
    package var erasesDisks: Bool
    /// The logical volumes for guests, sorted by name.
    package var volumes: [GuestVolume]

    /// The size that the disks need together.
    package var minimum: ByteCount { volumes.reduce(ByteCount(bytes: 4 << 20)) { $0 + $1.size } }
}

/// The words by which a lab allows the installer to erase the disks of a volume group.
enum ErasePermission: String, Choice {
    case everything = "EVERYTHING ON THESE DISKS"
    static let noun = "the permission to erase"
}

extension Node {
    /// The logical volumes for guests with the names of their groups: first those of the system's group.
    package var guestVolumes: [(group: String, volume: GuestVolume)] {
        disk.volumes.map { (group: disk.layout.volumeGroup!, volume: $0) }
            + volumeGroups.flatMap { group in group.volumes.map { (group: "\(group.name)", volume: $0) } }
    }
}
