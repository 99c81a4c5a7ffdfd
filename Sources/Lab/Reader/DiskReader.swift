import Preseed

/// Reads the field `disk` of a node.
struct DiskReader {
    let reader: SpecReader
    let release: Release
    /// The firmware of the node; nil when it is malformed.
    let firmware: Firmware?

    func read(_ fields: Fields) -> Disk? {
        let selector = selector(fields)
        let size = fields.text("size", ByteCount.self)
        if let selector, case .rule(.size) = selector.value, fields["size"] == nil {
            reader.add(.sizeRuleWithoutSize, at: selector.location, "select: size needs disk.size")
        }
        let kept = fields.list("keep", of: DiskPath.self)
        for disk in kept where selector?.value.paths.contains(disk.value) == true {
            reader.add(.keptIsTarget, at: disk.location, "\(disk.value) is the disk to install on, so it can't be kept")
        }
        let layout = layout(fields)
        let volumes = VolumeGroupReader(reader: reader).volumes(fields)
        if let layout, layout.value.lvm == nil, fields["volumes"] != nil {
            reader.add(
                .pointlessField, at: fields.location("volumes"), "volumes needs layout: lvm", hint: "add layout: lvm")
        }
        guard let selector, let layout else { return nil }
        if case .mirror = selector.value, layout.value.kind == nil {
            reader.add(
                .raidMembers, at: fields.location("recipe"), "a recipe can't be used with RAID",
                hint: "use layout: plain or layout: lvm; late_script can do more")
        }
        let disk = Disk(
            selector: selector.value, size: size?.value, layout: layout.value, volumes: volumes,
            kept: Set(kept.map(\.value)).sorted())
        if let size { checkRoom(disk, layout.location, size.value) }
        return disk
    }

    // MARK: Selector

    private func selector(_ fields: Fields) -> Located<DiskSelector>? {
        let given = ["device", "by_id", "select", "devices"].filter { fields[$0] != nil }
        if given.count > 1 {
            reader.add(
                .twoSelectors, at: fields.location(given[1]),
                "the disk is selected twice: by \(given.joined(separator: " and "))",
                hint: "keep one of them")
        }
        let raid = fields.integer("raid")
        if fields["raid"] != nil, fields["devices"] == nil {
            reader.add(
                .raidMembers, at: fields.location("raid"), "RAID needs the list of its disks",
                hint: "write: disk: {raid: 1, devices: [/dev/sda, /dev/sdb]}")
            return nil
        }
        switch given.first {
        case "by_id":
            return fields.text("by_id", DiskID.self).map { id in
                checkMedium(id.value, at: id.location)
                return Located(value: .id(id.value), location: id.location)
            }
        case "select":
            return fields.text("select", DiskRule.self).map { Located(value: .rule($0.value), location: $0.location) }
        case "devices": return members(fields, raid)
        default:
            return fields.text("device", DiskDevice.self).map { device in
                checkBootLoader(device.value, at: device.location)
                return Located(value: .device(device.value), location: device.location)
            }
        }
    }

    private func members(_ fields: Fields, _ raid: Located<Int>?) -> Located<DiskSelector>? {
        let location = fields.location("devices")
        if fields["raid"] == nil {
            reader.add(
                .raidMembers, at: location, "devices lists the disks of a RAID, and raid is not set",
                hint: "add raid: 1, or use device for a single disk")
            return nil
        }
        let members = fields.list("devices", of: DiskPath.self)
        var seen: Set<DiskPath> = []
        for member in members {
            if !seen.insert(member.value).inserted {
                reader.add(.raidMembers, at: member.location, "\(member.value) is in the list twice")
            }
            switch member.value {
            case .device(let device): checkBootLoader(device, at: member.location)
            case .id(let id): checkMedium(id, at: member.location)
            }
        }
        guard seen.count > 1 else {
            if members.count < 2, case .list? = fields["devices"]?.layers[0].value {
                reader.add(
                    .raidMembers, at: location, "RAID 1 needs at least two disks",
                    hint: "write: devices: [/dev/sda, /dev/sdb]")
            }
            return nil
        }
        guard raid != nil else { return nil }
        return Located(value: .mirror(members.map(\.value)), location: location)
    }

    private func checkMedium(_ id: DiskID, at location: FieldLocation) {
        guard id.description.hasPrefix("usb-") else { return }
        reader.add(
            .mediumAsTarget, at: location, "\(id) is a USB device, which may be the install medium",
            hint: "name the disk by its ata-, scsi-, nvme- or wwn- link")
    }

    private func checkBootLoader(_ device: DiskDevice, at location: FieldLocation) {
        guard !release.startsFrom(kernelName: String(device.description.dropFirst("/dev/".count))) else { return }
        reader.add(
            .noBootLoader, at: location,
            "\(release.codename)'s installer cannot install the boot loader on \(device)",
            hint:
                "install on a disk whose name is one of \(release.bootDisks.joined(separator: ", ")), or use a different release"
        )
    }

    // MARK: Layout

    private func layout(_ fields: Fields) -> Located<Layout>? {
        let kind = fields.text("layout", LayoutKind.self)
        let swap = fields.text("swap", OrNone<ByteCount>.self)
        let group = fields.text("volume_group", VolumeGroupName.self)
        let root = fields.text("root", ByteCount.self)
        let free = fields.text("free", ByteCount.self)
        if fields["recipe"] != nil {
            for key in ["layout", "swap", "volume_group", "root", "free"] where fields[key] != nil {
                reader.add(
                    .pointlessField, at: fields.location(key), "with a recipe, \(key) has no effect", severity: .warning
                )
            }
            return fields.string("recipe").flatMap(recipe)
        }
        guard let kind else { return nil }
        if kind.value == .plain {
            for key in ["volume_group", "root", "free"] where fields[key] != nil {
                reader.add(
                    .pointlessField, at: fields.location(key), "\(key) needs layout: lvm", hint: "add layout: lvm")
            }
            return swap.map { Located(value: .plain(swap: $0.value.value), location: $0.location) }
        }
        if let free, fields["size"] == nil {
            reader.add(
                .sizeRuleWithoutSize, at: free.location,
                "free: \(free.value) can't be checked without disk.size"
            )
        }
        guard let swap, let group, let root else { return nil }
        return Located(
            value: .lvm(LVM(group: group.value, root: root.value, swap: swap.value.value, free: free?.value)),
            location: root.location)
    }

    private func recipe(_ text: Located<String>) -> Located<Layout>? {
        let line = text.value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard line.utf8.allSatisfy({ (32...126).contains($0) && $0 != 92 }) else {
            reader.add(.recipe, at: text.location, "a recipe must be printable ASCII without backslashes")
            return nil
        }
        switch PartitionRecipe.parse(line) {
        case .failure(let fault):
            reader.add(.recipe, at: text.location, fault.message)
            return nil
        case .success(let recipe):
            if recipe.usesRAID {
                reader.add(
                    .recipe, at: text.location, "a recipe with method{ raid } needs a description of the arrays",
                    hint: "use disk: {raid: 1, devices: [/dev/sda, /dev/sdb]} without a recipe")
            }
            if release.lastVolumeTakesRest, let last = recipe.partitions.last(where: \.isLogicalVolume),
                last.maximum != "-1"
            {
                reader.add(
                    .lastVolume, at: text.location,
                    "\(release.codename) gives the recipe's last volume the rest of the group, not \(last.maximum) MB",
                    hint:
                        "add a last volume such as `16 16 -1 ext4 $lvmok{ } lv_name{ rest } .`, and remove it in late_script",
                    severity: .warning)
            }
            return Located(value: .recipe(recipe), location: text.location)
        }
    }

    /// Reports a disk that is smaller than its layout needs.
    private func checkRoom(_ disk: Disk, _ location: FieldLocation, _ size: ByteCount) {
        let needs = disk.minimum(firmware: firmware ?? .bios)
        if needs > size {
            reader.add(.diskTooSmall, at: location, "the layout needs \(needs); the disk has \(size)")
        }
    }
}
