import Preseed

/// A disk of the node: a device node below /dev.
package struct DiskDevice: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a disk", pattern: "^/dev/(sd[a-z]{1,2}|vd[a-z]{1,2}|xvd[a-z]{1,2}|hd[a-z]|nvme[0-9]+n[0-9]+|mmcblk[0-9]+)$",
        example: "/dev/sda")

    package init(text: String) throws(Malformed) {
        guard DiskDevice.kind(of: text) != nil else {
            let whole = text.prefix { !($0.isASCII && $0.isNumber) }
            let hint = DiskDevice.kind(of: String(whole)) != nil && whole != text ? "try: \(whole)" : nil
            throw Malformed("is not a whole disk below /dev", hint: hint)
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

/// The name of a link in /dev/disk/by-id that leads to a whole disk.
package struct DiskID: TextValue, CustomStringConvertible {
    package let description: String

    /// Links to maps, arrays and physical volumes of LVM (lvm2's 13-dm-disk.rules, 60-persistent-storage-dm.rules and
    /// 69-lvm.rules; mdadm's 63-md-raid-arrays.rules).
    private static let otherPrefixes = ["dm-", "lvm-pv-uuid-", "md-name-", "md-uuid-", "raid-"]

    package static let syntax = TextSyntax(
        "a name in /dev/disk/by-id", pattern: "^[A-Za-z0-9._:+-]{3,128}$", example: "ata-VBOX_HARDDISK_VB1234")

    package init(text: String) throws(Malformed) {
        guard (3...128).contains(text.utf8.count),
            text.consists(of: { isAlphanumeric($0) || [46, 95, 58, 43, 45].contains($0) })
        else {
            throw Malformed(
                "is not a name in /dev/disk/by-id",
                hint: text.hasPrefix("/dev/disk/by-id/") ? "try: \(text.dropFirst(16))" : nil)
        }
        if let prefix = Self.otherPrefixes.first(where: text.hasPrefix) {
            throw Malformed(
                "is not a whole disk: udev gives names with \(prefix) to what is made of disks or partitions",
                hint: "name the disk by its ata-, scsi-, nvme- or wwn- link")
        }
        // udev's name of a partition.
        let stem = text.dropLast(text.utf8.reversed().prefix(while: isDigit).count)
        if stem.hasSuffix("-part"), stem.utf8.count < text.utf8.count {
            throw Malformed("is a partition", hint: "try: \(stem.dropLast(5))")
        }
        description = text
    }
}

/// A disk that must not be erased: by its kernel name, or by a link in /dev/disk/by-id, which stays the same when the kernel finds
/// disks in another order.
package enum KeptDisk: TextValue, Comparable, CustomStringConvertible {
    case device(DiskDevice)
    case id(DiskID)

    package static let syntax = TextSyntax(
        "a disk",
        pattern: "^(\(DiskDevice.syntax.pattern.dropFirst().dropLast())|\(linkDirectory)[A-Za-z0-9._:+-]{3,128})$",
        example: "/dev/disk/by-id/ata-VBOX_HARDDISK_VB1234")

    private static let linkDirectory = "/dev/disk/by-id/"

    package init(text: String) throws(Malformed) {
        if text.hasPrefix(Self.linkDirectory) {
            do {
                self = .id(try DiskID(text: String(text.dropFirst(Self.linkDirectory.utf8.count))))
            } catch {
                throw Malformed(error.problem, hint: error.hint?.replacing("try: ", with: "try: \(Self.linkDirectory)"))
            }
        } else {
            self = .device(try DiskDevice(text: text))
        }
    }

    package var description: String {
        switch self {
        case .device(let device): device.description
        case .id(let id): "\(Self.linkDirectory)\(id)"
        }
    }

    /// The kernel name, when the disk is given by it.
    package var device: DiskDevice? { if case .device(let device) = self { device } else { nil } }

    package static func < (a: KeptDisk, b: KeptDisk) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// The name of an LVM volume group (lvm(8)), without hyphens, which device mapper doubles.
package struct VolumeGroupName: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a volume group's name", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+]{0,59}$", example: "vg0")

    package init(text: String) throws(Malformed) {
        guard (1...60).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) || first == 95,
            text.consists(of: { isAlphanumeric($0) || [95, 46, 43].contains($0) })
        else { throw Malformed("is not a volume group's name (letters, digits, _, . and +)") }
        description = text
    }
}
