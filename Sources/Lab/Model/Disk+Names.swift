import Preseed

/// A whole disk of a node, by its kernel name below /dev.
package struct DiskDevice: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a disk", pattern: "^/dev/(sd[a-z]{1,2}|vd[a-z]{1,2}|xvd[a-z]{1,2}|hd[a-z]|nvme[0-9]+n[0-9]+|mmcblk[0-9]+)$",
        example: "/dev/sda")

    package init(text: String) throws(ValueError) {
        guard DiskDevice.kind(of: text) != nil else {
            let disk = text.prefix { !($0.isASCII && $0.isNumber) }
            if text.hasPrefix(DiskID.directory) {
                throw ValueError(
                    "is a link, not the kernel's name of a disk",
                    hint: "write by_id: \(text.dropFirst(DiskID.directory.utf8.count))")
            }
            throw ValueError(
                "is not a whole disk below /dev",
                try: DiskDevice.kind(of: String(disk)) != nil && disk != text ? String(disk) : nil)
        }
        description = text
    }

    private static func kind(of text: String) -> Substring? {
        guard text.hasPrefix("/dev/") else { return nil }
        let name = text.dropFirst(5)
        for prefix in ["xvd", "sd", "vd"] where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            return (1...2).contains(rest.utf8.count) && rest.consists(of: isLower) ? name : nil
        }
        if name.hasPrefix("hd") { return name.utf8.count == 3 && name.dropFirst(2).consists(of: isLower) ? name : nil }
        if name.hasPrefix("mmcblk") { return name.dropFirst(6).consists(of: isDigit) ? name : nil }
        if name.hasPrefix("nvme") {
            let parts = name.dropFirst(4).split(separator: "n", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy({ $0.consists(of: isDigit) }) ? name : nil
        }
        return nil
    }

    package static func < (a: DiskDevice, b: DiskDevice) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// The name of a symbolic link in /dev/disk/by-id to a whole disk.
package struct DiskID: TextValue, CustomStringConvertible {
    package let description: String

    static let directory = "/dev/disk/by-id/"

    /// Prefixes of links to device-mapper devices, RAID arrays and LVM physical volumes (lvm2's 13-dm-disk.rules,
    /// 60-persistent-storage-dm.rules and 69-lvm.rules; mdadm's 63-md-raid-arrays.rules).
    private static let otherPrefixes = ["dm-", "lvm-pv-uuid-", "md-name-", "md-uuid-", "raid-"]

    package static let syntax = TextSyntax(
        "a name in /dev/disk/by-id", pattern: "^[A-Za-z0-9._:+-]{3,128}$", example: "ata-VBOX_HARDDISK_VB1234")

    package init(text: String) throws(ValueError) {
        guard (3...128).contains(text.utf8.count),
            text.consists(of: { isAlphanumeric($0) || [46, 95, 58, 43, 45].contains($0) })
        else {
            throw ValueError(
                "is not a name in /dev/disk/by-id",
                try: text.hasPrefix(Self.directory) ? String(text.dropFirst(Self.directory.utf8.count)) : nil)
        }
        if let prefix = Self.otherPrefixes.first(where: text.hasPrefix) {
            throw ValueError(
                "is not a whole disk: udev gives names with \(prefix) to what is made of disks or partitions",
                hint: "name the disk by its ata-, scsi-, nvme- or wwn- link")
        }
        // udev appends -partN to the link of a partition.
        let stem = text.dropLast(text.utf8.reversed().prefix(while: isDigit).count)
        if stem.hasSuffix("-part"), stem.utf8.count < text.utf8.count {
            throw ValueError("is a partition", try: String(stem.dropLast(5)))
        }
        description = text
    }
}

/// The path of a disk: its kernel name, or a link in /dev/disk/by-id. The link stays the same when the kernel finds the
/// disks in a different order.
package enum DiskPath: TextValue, Comparable, CustomStringConvertible {
    case device(DiskDevice)
    case id(DiskID)

    package static let syntax = TextSyntax(
        "a disk",
        pattern: "^(\(DiskDevice.syntax.pattern.dropFirst().dropLast())|\(DiskID.directory)[A-Za-z0-9._:+-]{3,128})$",
        example: "/dev/disk/by-id/ata-VBOX_HARDDISK_VB1234")

    package init(text: String) throws(ValueError) {
        if text.hasPrefix(DiskID.directory) {
            do {
                self = .id(try DiskID(text: String(text.dropFirst(DiskID.directory.utf8.count))))
            } catch {
                throw error.correction.map { ValueError(error.problem, try: DiskID.directory + $0) } ?? error
            }
        } else {
            self = .device(try DiskDevice(text: text))
        }
    }

    package var description: String {
        switch self {
        case .device(let device): device.description
        case .id(let id): "\(DiskID.directory)\(id)"
        }
    }

    /// The kernel name; nil when the disk is given by its link.
    package var device: DiskDevice? { if case .device(let device) = self { device } else { nil } }

    package static func < (a: DiskPath, b: DiskPath) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// The name of an LVM volume group (lvm(8)). Hyphens are not allowed, because device mapper doubles them.
package struct VolumeGroupName: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a volume group's name", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+]{0,59}$", example: "vg0")

    package init(text: String) throws(ValueError) {
        guard (1...60).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) || first == 95,
            text.consists(of: { isAlphanumeric($0) || [95, 46, 43].contains($0) })
        else { throw ValueError("is not a volume group's name (letters, digits, _, . and +)") }
        description = text
    }

    package static func < (a: VolumeGroupName, b: VolumeGroupName) -> Bool {
        naturallyPrecedes(a.description, b.description)
    }
}

/// The name of a logical volume for guests (lvm(8), "VALID NAMES").
package struct VolumeName: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    /// Names that LVM refuses because it uses them for parts of its own volumes, and those that begin with them.
    private static let reservedPrefixes = ["pvmove", "snapshot"]
    /// The same for the ends of names and texts inside of them (lib/misc/lvm-string.c, `_lvname_has_reserved_string`).
    private static let reservedParts = [
        "_cdata", "_cmeta", "_corig", "_cpool", "_cvol", "_imeta", "_iorig", "_mimage", "_mlog", "_pmspare",
        "_rimage", "_rmeta", "_tdata", "_tmeta", "_tpool", "_vdata", "_vorigin", "_wcorig",
    ]
    /// The volumes of the system.
    private static let ownNames: Set = ["root", "swap", Layout.restVolume]

    package static let syntax = TextSyntax(
        "a logical volume's name", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,59}$", example: "web1-disk")

    package init(text: String) throws(ValueError) {
        guard (1...60).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) || first == 95,
            text.consists(of: { isAlphanumeric($0) || [95, 46, 43, 45].contains($0) })
        else { throw ValueError("is not a logical volume's name (letters, digits, _, ., + and -)") }
        guard !Self.ownNames.contains(text) else {
            throw ValueError("is the name of a volume of the system", hint: "choose a different name")
        }
        guard !Self.reservedPrefixes.contains(where: text.hasPrefix),
            !Self.reservedParts.contains(where: { text.utf8.contains($0.utf8) })
        else { throw ValueError("is a name that LVM uses itself", hint: "choose a different name") }
        description = text
    }

    package static func < (a: VolumeName, b: VolumeName) -> Bool {
        naturallyPrecedes(a.description, b.description)
    }
}
