import Lab
import Preseed
import Templates

extension Plan {
    /// Returns the late command of a node.
    /// - Parameter overlaySum: The SHA-256 of the node's overlay in hexadecimal.
    package func lateCommand(_ node: Node, overlaySum: String) -> [UInt8] {
        templates.render(Self.lateCommand, NodeSubject(self, node, digest: overlaySum))
    }

    static let lateCommand = TemplateDefinition<NodeSubject>(.lateCommand) {
        installerValues
        TemplateValue("overlay_sum", from: .fact("the SHA-256 of the overlay, which depends on all its members")) {
            $0.digest
        }
        TemplateValue("log", from: .fact("the path of the late command's log")) { _ in Self.log }
        TemplateValue("firmware", from: "nodes.*.firmware") { $0.node.firmware.rawValue }
        // Disks
        TemplateValue(texts: "kept", from: "nodes.*.disk.keep") { $0.node.disk.kept }
        TemplateValue(
            optional: "listed", from: .disk, of: { $0.node.disk.selector.rule == nil ? $0.node.disk.selector : nil }
        ) {
            TemplateValue(texts: "paths") { $0.paths }
        }
        TemplateValue(optional: "raid", from: [.disk, .layout], of: { $0.node.disk.isMirrored ? $0.node : nil }) {
            TemplateValue(flag: "uefi", from: "nodes.*.firmware") { $0.firmware == .uefi }
            TemplateValue("count") { $0.disk.selector.paths.count }
            TemplateValue(list: "arrays", of: { Array($0.disk.arrays.enumerated()) }) {
                TemplateValue("separator") { $0.offset == 0 ? "" : " " }
                TemplateValue("index") { $0.offset }
                TemplateValue("filesystem") { $0.element.filesystem }
                TemplateValue("mountpoint") { $0.element.mountpoint }
            }
        }
        // Volume groups
        TemplateValue(flag: "uses_groups", from: [.disk, .layout, .volumeGroups]) {
            $0.node.disk.layout.volumeGroup != nil || $0.node.disk.isMirrored || !$0.node.volumeGroups.isEmpty
        }
        TemplateValue(flag: "has_groups", from: .volumeGroups) { !$0.node.volumeGroups.isEmpty }
        TemplateValue(flag: "makes_volumes", from: [.volumeGroups, "nodes.*.disk.volumes.*"]) {
            !$0.node.volumeGroups.isEmpty || !$0.node.disk.volumes.isEmpty
        }
        TemplateValue(list: "volume_groups", from: .volumeGroups, of: { $0.node.volumeGroups }) {
            TemplateValue("name") { $0.name }
            TemplateValue("erase") { $0.erasesDisks ? "yes" : "no" }
            TemplateValue(texts: "devices") { $0.devices }
        }
        TemplateValue(list: "guest_volumes", from: .guestVolumes, of: { $0.node.guestVolumes }) {
            TemplateValue("group") { $0.group }
            TemplateValue("name") { $0.volume.name }
            TemplateValue("size") { $0.volume.size.mebibytes }
        }
        TemplateValue(flag: "rule", from: .disk) { $0.node.disk.selector.rule != nil }
        TemplateValue(flag: "only", from: .disk) { $0.node.disk.selector.rule == .only }
        TemplateValue(optional: "by_order", from: .disk) { subject in
            subject.node.disk.selector.rule.flatMap { $0 == .smallest || $0 == .largest ? $0 : nil }
        } values: {
            TemplateValue(flag: "largest") { $0 == .largest }
            TemplateValue("order_word") { $0.rawValue }
        }
        TemplateValue(optional: "by_size", from: .disk) {
            $0.node.disk.selector.rule == .size ? $0.node.disk.size : nil
        } values: {
            TemplateValue("size_words") { $0 }
            TemplateValue("size_low") { $0.megabytes - $0.megabytes / 20 }
            TemplateValue("size_high") { $0.megabytes + $0.megabytes / 20 }
        }
        TemplateValue(
            "boot_disks", from: .fact("the disks that the release's boot loader is installed on")
        ) { $0.lab.release.bootDisks.joined(separator: " | ") }
        TemplateValue(
            "disk_minimum", from: [.disk, .layout, "nodes.*.disk.free", "nodes.*.disk.volumes.*"]
        ) { $0.diskMinimum }
        TemplateValue("volume_group", from: .layout) { $0.node.disk.layout.volumeGroup }
        TemplateValue("method", from: [.disk, .layout]) { $0.node.disk.method.rawValue }
        TemplateValue(
            "rest_volume",
            from: [.layout, .fact("the size that the release's installer gives to the last volume")]
        ) { subject in subject.groupWithRest.map { "\($0)/\(Layout.restVolume)" } }
        TemplateValue(optional: "unknown_cards", from: "nodes.*.interfaces.*.mac") { subject in
            let cards = subject.node.interfaces.map(\.mac).filter(\.isPlaceholder)
            return cards.isEmpty ? nil : cards
        } values: {
            TemplateValue(texts: "unknown_macs") { $0 }
        }
        // Packages
        TemplateValue("apt_options", from: "nodes.*.recommends") {
            $0.node.installsRecommends ? "" : " --no-install-recommends"
        }
        TemplateValue("update_options", from: .expiredKeys) {
            $0.lab.release.signaturesExpired ? " -o Acquire::Check-Valid-Until=false" : ""
        }
        TemplateValue(optional: "upgrade", from: "nodes.*.upgrade", of: { $0.node.upgrades ? $0.lab : nil }) {
            // The upgrade needs the security archive even if apt-setup does not configure it; the sources in the
            // overlay are installed later.
            TemplateValue(
                "missing_source", from: ["mirror.security", .fact("the archive services of the release")]
            ) { lab in
                lab.mirror.security && !lab.release.services.contains("security")
                    ? "\(lab.release.securityURL) \(lab.release.securitySuite)" : ""
            }
        }
        TemplateValue(
            texts: "packages",
            from: [
                "nodes.*.packages", .sshAccess, "nodes.*.access.users.*.sudo", "mirror.protocol", "nonfree_firmware",
                "nodes.*.microcode", "ntp", .disk, .volumeGroups, "guests.*.on", "guests.*.type", "guests.*.kernel",
                .fact("the release's packages for Xen, bridges, firmware and microcode"),
            ]
        ) { $0.lab.packages($0.node) }
        // The installed system
        accounts
        TemplateValue("auto", from: "nodes.*.xendomains.auto") { $0.node.xendomains.auto }
        TemplateValue(flag: "owns", from: "nodes.*.files.owners.*") { $0.node.files.contains { $0.owner != nil } }
        TemplateValue(list: "owned", from: "nodes.*.files.owners.*") {
            $0.node.files.filter { $0.owner != nil }
        } values: {
            TemplateValue("owner") { $0.owner }
            TemplateValue("owned_path") { $0.path }
        }
        TemplateValue(flag: "late_script", from: "nodes.*.late_script") { $0.node.lateScript != nil }
        TemplateValue("late_script_path", from: "nodes.*.late_script") { _ in "/" + OverlayPath.lateScript.rawValue }
    }
}

extension Sources {
    /// The fields that define the volume groups on other disks than the system's.
    static let volumeGroups: Sources = [
        "nodes.*.volume_groups.*.devices", "nodes.*.volume_groups.*.erase", "nodes.*.volume_groups.*.volumes.*",
    ]
    /// The fields that define logical volumes for guests.
    static let guestVolumes: Sources = [volumeGroups, layout, "nodes.*.disk.volumes.*"]
}

extension NodeSubject {
    /// The volume group whose last volume takes the rest of the group; nil when there is none.
    fileprivate var groupWithRest: VolumeGroupName? {
        guard case .lvm(let lvm) = node.disk.layout, lab.release.lastVolumeTakesRest else { return nil }
        return lvm.group
    }

    /// The minimum size of the disk in millions of bytes.
    fileprivate var diskMinimum: Int {
        node.disk.minimum(firmware: node.firmware).megabytes
            + (groupWithRest == nil ? 0 : Layout.restSize.megabytes)
    }
}
