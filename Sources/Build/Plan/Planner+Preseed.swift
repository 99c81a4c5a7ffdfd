import Lab
import Preseed
import Templates

extension Planner {
    /// A node's preseed.
    /// - Parameter lateSum: the SHA-256 of its late command, in hex.
    package func preseed(_ node: Node, lateSum: String) throws(TemplateSet.Invalid) -> [UInt8] {
        let link = node.installLink
        let network = link.addressing.network
        var context: Context = [
            "disk_words": .text(node.disk.words), "locale": .init(lab.locale), "keymap": .init(lab.keymap),
            "install_mac": .init(node.installMAC), "link_wait": .init(Self.linkWait), "dhcp_wait": .init(Self.dhcpWait),
            "mirror_protocol": .text(lab.mirror.scheme.rawValue),
            "mirror_host": .init(lab.mirror.host), "mirror_directory": .init(lab.mirror.directory),
            "proxy": .text(lab.mirror.proxy?.description ?? ""),
            "password": .text(node.access.rootPassword?.description ?? ""),
            "ntp": .init(network.leadsOut && !lab.timeServers.isEmpty),
            "ntp_server": .text(lab.timeServers.first?.description ?? ""),
            "timezone": .init(lab.timeZone), "late_sum": .text(lateSum), "recommends": .init(node.installsRecommends),
            "initramfs": .text(node.initramfs.rawValue),
            "services": .text(services.joined(separator: ", ")),
            "answers": list(lab.release.answers), "firmware_refusal": firmwareRefusal,
            "component_answers": list(lab.release.answers(enabling: lab.components(node))),
            "console": .flag(node.console != nil),
            // Where a rule chooses the disk, the late command's script puts it in.
            "disk": .text(node.disk.device.map(\.description) ?? ""),
            "bootdev": .text(node.disk.device.map(\.description) ?? "default"),
        ]
        context["static"] = .optional(
            network.isDHCP
                ? nil
                : [
                    "address": .text(link.addressing.address!.description),
                    "netmask": .init(network.subnet.netmask),
                    // netcfg takes `none` for no gateway.
                    "gateway": .text(network.gateway?.description ?? "none"),
                ])
        // netcfg asks for name servers, at critical, when DHCP says nothing of any.
        context["nameservers"] = .optional(
            network.isDHCP && network.dns.isEmpty
                ? nil : ["list": .text(network.dns.map(\.description).joined(separator: " "))])
        return try templates.render(.preseed, self.context(node), telling(node), context, partitioning(node))
    }

    /// apt-setup stops when a service that it is to enable can't be reached.
    private var services: [String] {
        lab.mirror.security ? lab.release.services : lab.release.services.filter { $0 != "security" }
    }

    private func partitioning(_ node: Node) -> Context {
        let recipe = node.disk.layout.recipe(
            firmware: node.firmware, lastVolumeTakesRest: lab.release.lastVolumeTakesRest)
        var context: Context = [
            "method": .text(node.disk.layout.method.rawValue), "recipe_name": .text(recipe.name),
            "recipe": .items(recipe.partitions), "lvm": .list([]),
        ]
        if let group = node.disk.layout.volumeGroup {
            var size = "max"
            if case .lvm(let lvm) = node.disk.layout {
                size = "\(lvm.root.megabytes + (lvm.swap?.megabytes ?? 0))MB"
            }
            // Where the installer does not ask, the last volume of the recipe takes the rest.
            if lab.release.questions["partman-auto-lvm/guided_size"] == nil { size = "" }
            context["lvm"] = .optional(["group": .text(group), "guided_size": .text(size)])
        }
        return context
    }
}

extension Disk {
    var device: DiskDevice? { if case .device(let device) = selector { device } else { nil } }

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
