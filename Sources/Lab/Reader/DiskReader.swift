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
        let kept = fields.list("keep", of: KeptDisk.self)
        for disk in kept where selector?.value == disk.value.selector {
            reader.add(.keptIsTarget, at: disk.location, "\(disk.value) is the disk to install on, so it can't be kept")
        }
        let layout = layout(fields)
        if let layout, let size { checkRoom(layout, size) }
        guard let selector, let layout else { return nil }
        return Disk(
            selector: selector.value, size: size?.value, layout: layout.value,
            kept: Set(kept.map(\.value)).sorted())
    }

    // MARK: Selector

    private func selector(_ fields: Fields) -> Located<DiskSelector>? {
        let given = ["device", "by_id", "select"].filter { fields[$0] != nil }
        if given.count > 1 {
            reader.add(
                .twoSelectors, at: fields.location(given[1]),
                "the disk is selected twice: by \(given.joined(separator: " and "))",
                hint: "keep one of them")
        }
        switch given.first {
        case "by_id":
            return fields.text("by_id", DiskID.self).map { id in
                if id.value.description.hasPrefix("usb-") {
                    reader.add(
                        .mediumAsTarget, at: id.location,
                        "\(id.value) is a USB device, which may be the install medium",
                        hint: "name the disk by its ata-, scsi-, nvme- or wwn- link")
                }
                return Located(value: .id(id.value), location: id.location)
            }
        case "select":
            return fields.text("select", DiskRule.self).map { Located(value: .rule($0.value), location: $0.location) }
        default:
            return fields.text("device", DiskDevice.self).map { device in
                if !release.startsFrom(kernelName: String(device.value.description.dropFirst("/dev/".count))) {
                    reader.add(
                        .noBootLoader, at: device.location,
                        "\(release.codename)'s installer cannot install the boot loader on \(device.value)",
                        hint:
                            "install on a disk whose name is one of \(release.bootDisks.joined(separator: ", ")), or use a different release"
                    )
                }
                return Located(value: .device(device.value), location: device.location)
            }
        }
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

    /// Reports a layout whose minimum size is larger than the disk.
    private func checkRoom(_ layout: Located<Layout>, _ size: Located<ByteCount>) {
        let needs = layout.value.minimum(firmware: firmware ?? .bios)
        if needs > size.value {
            reader.add(.diskTooSmall, at: layout.location, "the layout needs \(needs); the disk has \(size.value)")
        }
    }
}
