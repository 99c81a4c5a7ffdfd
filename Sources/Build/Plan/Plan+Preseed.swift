import Lab
import Preseed
import Templates

extension Plan {
    /// Returns the preseed of a node.
    /// - Parameter lateSum: The SHA-256 of the node's late command in hexadecimal.
    package func preseed(_ node: Node, lateSum: String) -> [UInt8] {
        templates.render(Self.preseed, NodeSubject(self, node, digest: lateSum))
    }

    static let preseed = TemplateDefinition<NodeSubject>(.preseed) {
        installerValues
        TemplateValue("disk_words", from: .erasedDisks) { $0.node.erasedDisks }
        TemplateValue("locale", from: "locale") { $0.lab.locale }
        TemplateValue("keymap", from: "keymap") { $0.lab.keymap }
        TemplateValue("timezone", from: "timezone") { $0.lab.timeZone }
        // Network
        TemplateValue("install_mac", from: .installCard) { $0.node.installMAC }
        TemplateValue("link_wait", from: .fact("the time that the installer waits for a link")) { _ in Self.linkWait }
        TemplateValue("dhcp_wait", from: .fact("the time that the installer waits for DHCP")) { _ in Self.dhcpWait }
        TemplateValue(optional: "static", from: ["networks.*.dhcp", .addresses]) {
            $0.installation.network.isDHCP ? nil : $0.installation
        } values: {
            TemplateValue("address") { $0.address! }
            TemplateValue("netmask", from: "networks.*.subnet") { $0.network.subnet!.netmask }
            // For netcfg, `none` means that there is no gateway.
            TemplateValue("gateway", from: "networks.*.gateway") { $0.network.gateway?.description ?? "none" }
        }
        // netcfg asks for name servers at priority critical when DHCP does not provide any.
        TemplateValue(optional: "nameservers", from: "networks.*.dns") {
            $0.installation.network.isDHCP && $0.installation.network.dns.isEmpty ? nil : $0.installation.network
        } values: {
            TemplateValue("list") { $0.dns.map(\.description).joined(separator: " ") }
        }
        // Packages
        firmwareRefusal()
        TemplateValue("mirror_protocol", from: "mirror.protocol") { $0.lab.mirror.scheme.rawValue }
        TemplateValue("mirror_host", from: "mirror.host") { $0.lab.mirror.host }
        TemplateValue("mirror_directory", from: "mirror.directory") { $0.lab.mirror.directory }
        TemplateValue("proxy", from: ["mirror.proxy", "mirror.protocol"]) { $0.lab.mirror.proxy }
        TemplateValue("recommends", from: "nodes.*.recommends") { $0.node.installsRecommends }
        TemplateValue("initramfs", from: "nodes.*.initramfs") { $0.node.initramfs.rawValue }
        answers("component_answers", from: .components) { $0.lab.release.answers(enabling: $0.lab.components($0.node)) }
        // apt-setup stops when it can't reach a service that it has to enable.
        TemplateValue("services", from: ["mirror.security", .fact("the archive services of the release")]) { subject in
            subject.lab.release.services.filter { subject.lab.mirror.security || $0 != "security" }
                .joined(separator: ", ")
        }
        answers("answers", from: ["release", .fact("the other questions of the release's installer")]) {
            $0.lab.release.answers
        }
        // Accounts and time
        TemplateValue("password", from: .rootPassword) { $0.node.access.rootPassword }
        TemplateValue("ntp", from: ["ntp", .waysOut]) {
            $0.installation.network.leadsOut && !$0.lab.timeServers.isEmpty
        }
        TemplateValue("ntp_server", from: "ntp") { $0.lab.timeServers.first }
        // The late command
        TemplateValue("late_sum", from: .fact("the SHA-256 of the late command, which depends on all its content")) {
            $0.digest
        }
        // The disk. If a rule chooses it, the late command's script sets it.
        TemplateValue("disk", from: .disk) { $0.devices }
        TemplateValue("bootdev", from: .disk) { $0.devices ?? "default" }
        TemplateValue("method", from: [.layout, .disk]) { $0.node.disk.method.rawValue }
        TemplateValue(flag: "raid", from: .disk) { $0.node.disk.isMirrored }
        TemplateValue(flag: "mirrored_efi", from: [.disk, "nodes.*.firmware"]) {
            $0.node.disk.isMirrored && $0.node.firmware == .uefi
        }
        TemplateValue("recipe_name", from: [.layout, .disk]) { $0.recipe.name }
        TemplateValue(texts: "recipe", from: [.layout, .disk]) { $0.recipe.partitions }
        TemplateValue(optional: "lvm", from: .layout) { subject in
            subject.node.disk.layout.volumeGroup.map { (group: $0, size: subject.guidedSize) }
        } values: {
            TemplateValue("group") { $0.group }
            TemplateValue("guided_size") { $0.size }
        }
        TemplateValue(flag: "console", from: "nodes.*.console") { $0.node.console != nil }
    }
}

extension NodeSubject {
    /// The network that the node is installed over, and its address there.
    fileprivate var installation: Addressing { node.installLink.addressing }

    fileprivate var recipe: PartitionRecipe {
        node.disk.recipe(firmware: node.firmware, lastVolumeTakesRest: lab.release.lastVolumeTakesRest)
    }

    /// The kernel names of the disks, separated by blanks; nil when the late command finds them.
    fileprivate var devices: String? {
        let devices = node.disk.selector.paths.map(\.device)
        return devices.isEmpty || devices.contains(nil)
            ? nil : devices.map { $0!.description }.joined(separator: " ")
    }

    /// The part of the volume group that the installer uses; empty if the installer does not ask for it.
    fileprivate var guidedSize: String {
        // If the installer does not ask, the last volume of the recipe takes the rest.
        if lab.release.questions["partman-auto-lvm/guided_size"] == nil { return "" }
        guard case .lvm(let lvm) = node.disk.layout else { return "max" }
        return "\(lvm.root.megabytes + (lvm.swap?.megabytes ?? 0))MB"
    }
}

extension Sources {
    /// The fields that decide which disks an installation erases.
    static let erasedDisks: Sources = [disk, volumeGroups]
}

extension Node {
    /// A description for users of the disks that an installation of the node erases.
    package var erasedDisks: String {
        let others = volumeGroups.filter(\.erasesDisks).flatMap(\.devices).map(\.description)
        return ([disk.words] + others).joined(separator: " and ")
    }
}

extension Disk {
    /// A description for users of the disk, or of the disks of the RAID.
    var words: String {
        switch selector {
        case .device(let device): device.description
        case .id(let id): "/dev/disk/by-id/\(id)"
        case .rule(let rule): rule.words(size: size)
        case .mirror(let members): members.map(\.description).joined(separator: " and ")
        }
    }
}
