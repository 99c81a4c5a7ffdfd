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
        TemplateValue("device", from: .disk) { $0.node.disk.selector.device?.description.dropFirst(5) }
        TemplateValue("disk_id", from: .disk) { $0.node.disk.selector.id }
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
        TemplateValue("disk_minimum", from: [.layout, "nodes.*.disk.free"]) { $0.diskMinimum }
        TemplateValue("volume_group", from: .layout) { $0.node.disk.layout.volumeGroup }
        TemplateValue("method", from: .layout) { $0.node.disk.layout.method.rawValue }
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
                "nodes.*.microcode", "ntp",
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

extension NodeSubject {
    /// The volume group whose last volume takes the rest of the group; nil when there is none.
    fileprivate var groupWithRest: VolumeGroupName? {
        guard case .lvm(let lvm) = node.disk.layout, lab.release.lastVolumeTakesRest else { return nil }
        return lvm.group
    }

    /// The minimum size of the disk in millions of bytes.
    fileprivate var diskMinimum: Int {
        node.disk.layout.minimum(firmware: node.firmware).megabytes
            + (groupWithRest == nil ? 0 : Layout.restSize.megabytes)
    }
}
