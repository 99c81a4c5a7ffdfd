import Preseed

/// Reads the volume groups of a node, and logical volumes for guests.
struct VolumeGroupReader {
    let reader: SpecReader

    /// Returns the logical volumes in the field `volumes` of a disk or a volume group, sorted by name. Malformed entries
    /// are reported and left out.
    func volumes(_ fields: Fields) -> [GuestVolume] {
        guard fields["volumes"] != nil else { return [] }
        return reader.table(fields.cursor, "volumes", keys: VolumeName.self).compactMap { name, cursor in
            reader.text(cursor, ByteCount.self).map { GuestVolume(name: name, size: $0.value) }
        }
    }

    /// Returns the volume groups of a node, sorted by name.
    /// - Parameter disk: The disk of the node; nil when it is malformed.
    func read(_ node: Fields, _ disk: Disk?) -> [VolumeGroup] {
        // The use of each disk, for messages.
        var uses: [DiskPath: String] = [:]
        for path in disk?.selector.paths ?? [] { uses[path] = "a disk of the system" }
        for path in disk?.kept ?? [] { uses[path] = "in disk.keep" }
        return node.table("volume_groups", keys: VolumeGroupName.self).map { name, fields in
            let devices = fields.list("devices", of: DiskPath.self)
            if fields["devices"] == nil || devices.isEmpty && fields.isComplete("devices", read: 0) {
                reader.add(
                    .missingField, at: fields.cursor.location / "devices", "the volume group \(name) needs devices",
                    hint: "write: devices: [/dev/sdb]")
            }
            if let group = disk?.layout.volumeGroup, group == name.description {
                reader.add(
                    .diskUsedTwice, at: fields.cursor.location, "\(name) is the volume group of the system",
                    hint: "choose a different name, such as guests")
            }
            for device in devices {
                if let use = uses.updateValue("in the volume group \(name)", forKey: device.value) {
                    reader.add(.diskUsedTwice, at: device.location, "\(device.value) is already \(use)")
                }
            }
            return VolumeGroup(
                name: name, devices: Set(devices.map(\.value)).sorted(),
                erasesDisks: fields.text("erase", ErasePermission.self) != nil, volumes: volumes(fields))
        }
    }
}
