import Lab
import Preseed
import Templates

extension Planner {
    /// A node's preseed.
    /// - Parameter lateSum: the SHA-256 of its late command, in hex.
    package func preseed(_ node: Node, lateSum: String) -> [UInt8] {
        templates.render(Self.preseed, NodeSubject(self, node, digest: lateSum))
    }

    static let preseed = TemplateDefinition<NodeSubject>(.preseed) {
        installerValues
        TemplateValue("disk_words", from: .disk) { $0.node.disk.words }
        TemplateValue("locale", from: "locale") { $0.lab.locale }
        TemplateValue("keymap", from: "keymap") { $0.lab.keymap }
        TemplateValue("timezone", from: "timezone") { $0.lab.timeZone }
        // Network
        TemplateValue("install_mac", from: .installCard) { $0.node.installMAC }
        TemplateValue("link_wait", from: .fact("how long the installer waits for a link")) { _ in Self.linkWait }
        TemplateValue("dhcp_wait", from: .fact("how long the installer waits for DHCP")) { _ in Self.dhcpWait }
        TemplateValue(optional: "static", from: ["networks.*.dhcp", .addresses]) {
            $0.installation.network.isDHCP ? nil : $0.installation
        } values: {
            TemplateValue("address") { $0.address! }
            TemplateValue("netmask", from: "networks.*.subnet") { $0.network.subnet.netmask }
            // netcfg takes `none` for no gateway.
            TemplateValue("gateway", from: "networks.*.gateway") { $0.network.gateway?.description ?? "none" }
        }
        // netcfg asks for name servers, at critical, when DHCP says nothing of any.
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
        // apt-setup stops when a service that it is to enable can't be reached.
        TemplateValue("services", from: ["mirror.security", .fact("the release's services")]) { subject in
            subject.lab.release.services.filter { subject.lab.mirror.security || $0 != "security" }
                .joined(separator: ", ")
        }
        answers("answers", from: ["release", .fact("what the release's installer asks besides")]) {
            $0.lab.release.answers
        }
        // Accounts and time
        TemplateValue(
            "password", from: ["nodes.*.access.root_password", "nodes.*.access.root_password_file"]
        ) { $0.node.access.rootPassword }
        TemplateValue("ntp", from: ["ntp", .waysOut]) {
            $0.installation.network.leadsOut && !$0.lab.timeServers.isEmpty
        }
        TemplateValue("ntp_server", from: "ntp") { $0.lab.timeServers.first }
        // The late command
        TemplateValue("late_sum", from: .fact("the late command's SHA-256, and so whatever is in it")) { $0.digest }
        // The disk. Where a rule chooses it, the late command's script puts it in.
        TemplateValue("disk", from: .disk) { $0.node.disk.selector.device }
        TemplateValue("bootdev", from: .disk) { $0.node.disk.selector.device?.description ?? "default" }
        TemplateValue("method", from: .layout) { $0.node.disk.layout.method.rawValue }
        TemplateValue("recipe_name", from: .layout) { $0.recipe.name }
        TemplateValue(texts: "recipe", from: .layout) { $0.recipe.partitions }
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

    fileprivate var recipe: Layout.Recipe {
        node.disk.layout.recipe(firmware: node.firmware, lastVolumeTakesRest: lab.release.lastVolumeTakesRest)
    }

    /// How much of the volume group the installer uses.
    fileprivate var guidedSize: String {
        // Where the installer does not ask, the last volume of the recipe takes the rest.
        if lab.release.questions["partman-auto-lvm/guided_size"] == nil { return "" }
        guard case .lvm(let lvm) = node.disk.layout else { return "max" }
        return "\(lvm.root.megabytes + (lvm.swap?.megabytes ?? 0))MB"
    }
}

extension Disk {
    /// For a person.
    var words: String {
        switch selector {
        case .device(let device): device.description
        case .id(let id): "/dev/disk/by-id/\(id)"
        case .rule(.only): "the only disk"
        case .rule(.smallest): "the smallest disk"
        case .rule(.largest): "the largest disk"
        case .rule(.size): "the disk of \(size!)"
        }
    }
}

extension Layout {
    struct Recipe {
        var name: String
        /// Each with its closing dot, without the other.
        var partitions: [String]
    }

    /// The volume group that the installer makes.
    var volumeGroup: String? {
        switch self {
        case .lvm(let lvm): lvm.group.description
        case .recipe(_, method: .lvm): "vg0"
        default: nil
        }
    }

    /// What partman-auto does with the layout's recipe.
    var method: RecipeMethod {
        switch self {
        case .plain: .regular
        case .lvm: .lvm
        case .recipe(_, let method): method
        }
    }

    /// The volume that takes the rest of the group while the installer partitions, where the release's installer gives the rest to
    /// the last volume. The late command removes it.
    static let restVolume = "xenseed_rest"
    /// The size that this volume has at least, in millions of bytes.
    static let restMegabytes = 16

    /// The layout in partman-auto's language; sizes are millions of bytes.
    func recipe(firmware: Firmware, lastVolumeTakesRest: Bool) -> Recipe {
        func fileSystem(_ type: String, at mountpoint: String) -> String {
            "method{ format } format{ } use_filesystem{ } filesystem{ \(type) } mountpoint{ \(mountpoint) } ."
        }
        // $iflabel leaves GRUB's partition out where the disk gets an msdos label.
        let system =
            firmware == .uefi
            ? "\(Layout.efi.megabytes) \(Layout.efi.megabytes) 1075 free $iflabel{ gpt } method{ efi } format{ } ."
            : "1 1 1 free $iflabel{ gpt } method{ biosgrub } ."
        func swap(_ size: ByteCount, _ more: String) -> String {
            let mb = size.megabytes
            return "\(mb) \(mb) \(mb) linux-swap \(more)method{ swap } format{ } ."
        }
        switch self {
        case .plain(let swapSize):
            let root =
                "\(Layout.leastRoot.megabytes) 10000 -1 ext4 $primary{ } $bootable{ } "
                + fileSystem("ext4", at: "/")
            return Recipe(
                name: "xenseed", partitions: [system, root] + (swapSize.map { [swap($0, "")] } ?? []))
        case .lvm(let lvm):
            let mb = Layout.boot.megabytes
            let boot = "\(mb) \(mb) \(mb) ext2 $primary{ } $bootable{ } " + fileSystem("ext2", at: "/boot")
            let size = lvm.root.megabytes
            let root = "\(size) \(size) \(size) ext4 $lvmok{ } lv_name{ root } " + fileSystem("ext4", at: "/")
            var partitions = [system, boot, root]
            if let size = lvm.swap { partitions.append(swap(size, "$lvmok{ } lv_name{ swap } ")) }
            if lastVolumeTakesRest {
                // Without a method, partman makes nothing on it and does not use it.
                let mb = Layout.restMegabytes
                partitions.append("\(mb) \(mb) -1 ext4 $lvmok{ } lv_name{ \(Layout.restVolume) } .")
            }
            return Recipe(name: "xenseed", partitions: partitions)
        case .recipe(let text, _):
            // Behind the name stands `::`, or `:` (PartitionRecipe).
            let all = text.split(separator: " ")
            let name = all.prefix { $0 != "::" && $0 != ":" }
            var partitions: [String] = []
            var words: [Substring] = []
            for word in all.dropFirst(name.count + 1) {
                words.append(word)
                if word == "." {
                    partitions.append(words.joined(separator: " "))
                    words = []
                }
            }
            return Recipe(name: name.joined(separator: " "), partitions: partitions)
        }
    }
}
