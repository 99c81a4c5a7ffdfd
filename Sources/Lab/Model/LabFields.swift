import Preseed

/// The definitions of all fields of the lab file: name, type, default, risk, the wording of a change, description, and the
/// value in the model.
package enum LabFields {
    package static let lab = ModelSchema("the lab", of: Lab.self) {
        FieldDefinition(
            "release", .name(releaseSyntax), default: "\(Release.all[0].codename)",
            example: Release.all[0].codename, .erases, wording: .value("Debian"), "The Debian release."
        ) { $0.release.codename }
        FieldDefinition(
            "domain", DomainName.self, required: .yes, .reboot, wording: .value("domain"), "The domain of every node."
        ) { $0.domain }
        FieldDefinition(
            "locale", LocaleName.self, default: "en_US.UTF-8", .live, wording: .value("locale"),
            "The language and the country."
        ) { $0.locale }
        FieldDefinition(
            "keymap", KeymapName.self, default: "us", .live, wording: .value("keymap"), "The layout of the keyboard."
        ) { $0.keymap }
        FieldDefinition(
            "timezone", TimeZoneName.self, default: "UTC", .live, wording: .value("time zone"),
            "The time zone of the nodes."
        ) { $0.timeZone }
        FieldDefinition(
            "ntp", listOf: TimeServer.self, default: .computed("Debian's pool for the release", from: ["release"]),
            .live,
            wording: .value("time servers"),
            "The NTP servers that every node asks for the time; [] for no time service."
        ) { $0.timeServers }
        FieldDefinition("mirror", mirror, "Where packages come from.") { $0.mirror }
        FieldDefinition(
            flag: "nonfree_firmware", default: false, .live, wording: .value("firmware that is not free software:"),
            "Whether installer and nodes use firmware for network cards and disk controllers that is not free software."
        ) { $0.usesNonfreeFirmware }
        FieldDefinition(
            optional: "boot_server", bootServer,
            "The host from which nodes boot over the network. Without it, no PXE files are written."
        ) { $0.bootServer }
        FieldDefinition(
            "report_url", ReportURL.self, .live, wording: .value("reports go to"),
            "A web server to which nodes post their progress, without TLS."
        ) { $0.reportURL }
        FieldDefinition("networks", network, by: \.name, required: .yes, "The networks, by name.") { $0.networks }
        FieldDefinition(
            common: "defaults", node.schema,
            "Settings that all nodes share. A node's own settings are merged over them key by key.")
        FieldDefinition("nodes", node, by: \.name, required: .yes, "The nodes, by host name.") { $0.nodes }
        FieldDefinition(
            "guests", guest, by: \.name, noun: "guest", "The guests, by name, which their nodes are prepared for."
        ) { $0.guests }
        FieldDefinition(
            optional: "replication", replication, "How the disks of guests on two nodes are replicated by DRBD."
        ) { $0.replication }
    }

    static let releaseSyntax = TextSyntax(
        "a release", example: Release.all[0].codename, choices: Release.all.map(\.codename))

    package static let mirror = ModelSchema("a mirror", of: Mirror.self) {
        FieldDefinition(
            "protocol", MirrorScheme.self, default: "http", .live, wording: .value("the mirror's protocol"),
            "The protocol of the mirror: http or https."
        ) { $0.scheme }
        FieldDefinition(
            "host", HostAddress.self, default: .computed("the release's own mirror", from: ["release"]), .live,
            wording: .value("the mirror's host"), "The host of the mirror."
        ) { $0.host }
        FieldDefinition(
            "directory", TargetPath.self,
            default: .computed("the directory of the release on its own mirror", from: ["release"]),
            example: "/debian", .live, wording: .value("the mirror's directory"),
            "The directory of the archive on the mirror."
        ) { $0.directory }
        FieldDefinition(
            "components", listOf: Component.self, default: ["main"], .live,
            wording: .value("components of the archive:"),
            "The components of the archive in the nodes' sources; main has to be one of them. nonfree_firmware and microcode add the components that they need."
        ) { $0.components }
        FieldDefinition(
            "proxy", ProxyURL.self, .live, wording: .value("the proxy for packages"),
            "A proxy for the installer and for apt."
        ) { $0.proxy }
        FieldDefinition(
            flag: "security", default: true, .live, wording: .value("the security archive:"),
            "Whether the nodes use the release's security archive."
        ) { $0.security }
    }

    package static let bootServer = ModelSchema("a boot server", of: BootServer.self) {
        FieldDefinition(
            "address", IPv4Address.self, required: .yes, example: "10.8.8.1", .cosmetic,
            wording: .value("the boot server's address"),
            "The address of the boot server on the network over which nodes are installed. It serves the built files by HTTP and TFTP."
        ) { $0.address }
        FieldDefinition(
            "port", 1...65535, default: 80, .cosmetic, wording: .value("the boot server's port"),
            "The port of the boot server's web server."
        ) { $0.port }
    }

    package static let network = ModelSchema("a network", of: Network.self) {
        FieldDefinition(
            "subnet", IPv4Network.self, example: "10.8.8.0/24", .network, wording: .value("subnet"),
            "The IPv4 subnet, in CIDR form. Without it, and without ipv6, only guests have addresses on the network."
        ) { $0.subnet }
        FieldDefinition(
            flag: "dhcp", default: false, .network, wording: .flag(on: "static → by DHCP", off: "by DHCP → static"),
            "Whether a DHCP server assigns addresses, routes and DNS servers."
        ) { $0.isDHCP }
        FieldDefinition(
            "gateway", IPv4Address.self, example: "10.8.8.1", .network, wording: .value("the default gateway"),
            "The default gateway. With DHCP, it is what the DHCP server of the boot server announces, which by default is that server."
        ) { $0.gateway }
        FieldDefinition(
            "dns", listOf: IPv4Address.self, example: "10.8.8.1", .live, wording: .items("name server"),
            "The name servers. On a network with DHCP and without this field, the DHCP server announces its own."
        ) { $0.dns }
        FieldDefinition(
            "search", listOf: DomainName.self, example: "example.org", .live, wording: .items("search domain"),
            "Domains in which nodes look for names without a dot, after the lab's domain; not with DHCP, whose server announces them."
        ) { $0.search }
        FieldDefinition(
            optional: "vlan", 1...4094, .network, wording: .value("VLAN"),
            "The VLAN with which nodes tag frames on the network. Without it, frames are not tagged."
        ) { $0.vlan }
        FieldDefinition(
            optional: "mtu", 576...9216, .network, wording: .value("MTU"),
            "The size of the largest packet in bytes; every card, bond and switch on the way has to support it. Without it, 1500."
        ) { $0.mtu }
        FieldDefinition(
            "routes", [AddressRange: IPAddress].self, example: "10.8.8.254", .network, wording: .value("route by"),
            "Static routes: from a destination in CIDR form to the address of its gateway in the subnet."
        ) { $0.routes }
        FieldDefinition("ipv6", ipv6, "IPv6 on the network.") { $0.ipv6 }
    }

    package static let ipv6 = ModelSchema("ipv6", of: IPv6Settings.self) {
        FieldDefinition(
            "method", IPv6Method.self, default: "auto", .network, wording: .value("IPv6"),
            "Where IPv6 addresses come from: static for those in the lab, slaac for router advertisements, off for no IPv6, auto for router advertisements if there are any. Bridges for guests only, bridge ports and members of bonds have no IPv6."
        ) { $0.method }
        FieldDefinition(
            "subnet", IPv6Network.self, when: .when("with method: static", by: "method"), .network,
            wording: .value("IPv6 subnet"), "The IPv6 subnet, in CIDR form."
        ) { $0.subnet }
        FieldDefinition(
            "gateway", IPv6Address.self, when: .when("with method: static", by: "method"), example: "fe80::1", .network,
            wording: .value("the IPv6 default gateway"), "The IPv6 default gateway, in the subnet or link-local."
        ) { $0.gateway }
    }

    package static let node = ModelSchema("a node", of: Node.self) {
        FieldDefinition(
            "cpus", 1...512, required: .merged, .cosmetic, wording: .capacity("the machine's CPUs", needs: "more CPUs"),
            "The number of CPUs of the machine, physical or virtual."
        ) { $0.cpus }
        FieldDefinition(
            "memory", ByteCount.self, example: "8 GiB", .cosmetic,
            wording: .capacity("the machine's memory", needs: "more memory"),
            "The total memory of the machine. dom0's memory and the installed memory modules are checked against it."
        ) { $0.memory }
        FieldDefinition(
            "firmware", Firmware.self, default: "bios", .erases, wording: .value("firmware"),
            "The firmware that starts the machine: bios or uefi."
        ) { $0.firmware }
        FieldDefinition(
            "serial", SystemSerial.self, .cosmetic, wording: .value("the machine's serial number"),
            "The machine's serial number in its firmware (DMI). Boot media identify the machine by it or by its network cards."
        ) { $0.serial }
        FieldDefinition("disk", disk, "The disk to install on. EVERYTHING ON IT IS ERASED.") { $0.disk }
        FieldDefinition(
            "volume_groups", volumeGroup, by: \.name, "Volume groups for guests on disks that the system does not use."
        ) { $0.volumeGroups }
        FieldDefinition("interfaces", interface, by: \.name, required: .merged, "The network cards, by name.") {
            $0.interfaces
        }
        FieldDefinition("bonds", bond, by: \.name, "The bonds of several network cards, by name.") { $0.bonds }
        FieldDefinition(
            "vlans", vlan, by: \.addressing.network.name,
            "VLANs with an address of the node, by the name of their network. A bridge with a VLAN and the first network of a card or bond need no entry here."
        ) { $0.vlans }
        FieldDefinition("bridges", bridge, by: \.name, "The bridges for guests, by name.") { $0.bridges }
        FieldDefinition(
            "install", InterfaceName.self,
            default: .computed(
                "the only interface that leads to the mirror",
                from: [
                    "mirror.host", "mirror.proxy", "networks.*.subnet", "networks.*.dhcp", "networks.*.gateway",
                    "nodes.*.interfaces.*.network", "nodes.*.interfaces.*.bridge", "nodes.*.interfaces.*.bond",
                    "nodes.*.bonds.*.network", "nodes.*.vlans.*.port", "nodes.*.bridges.*.network",
                    "nodes.*.bridges.*.port",
                ]),
            .cosmetic, wording: .value("the installer's card"), "The interface that the installer uses."
        ) { $0.installInterface }
        FieldDefinition("dom0", dom0, "The resources of dom0.") { $0.dom0 }
        FieldDefinition(
            "console", SerialConsole.self, .reboot, wording: .value("serial console"),
            "A serial console for the installer, GRUB, Xen and dom0."
        ) { $0.console }
        FieldDefinition("grub", grub, "The boot loader.") { $0.grub }
        FieldDefinition("xendomains", xendomains, "What happens to guests when dom0 stops and starts.") {
            $0.xendomains
        }
        FieldDefinition(
            "toolstack", .name(toolstackSyntax), default: .computed("the release's first one, xl", from: ["release"]),
            example: "xl",
            .reboot, wording: .value("the toolstack"), "The Xen toolstack."
        ) { $0.toolstack }
        FieldDefinition("access", access, "Who can log in. Without it, nobody can.") { $0.access }
        FieldDefinition(
            "packages", listOf: PackageName.self, .live, wording: .items("package"), "Additional packages to install."
        ) { $0.packages }
        FieldDefinition(
            flag: "recommends", default: true, .live, wording: .value("recommended packages:"),
            "Whether apt installs recommended packages."
        ) { $0.installsRecommends }
        FieldDefinition(
            flag: "microcode", default: .computed("the value of nonfree_firmware", from: ["nonfree_firmware"]), .reboot,
            wording: .value("microcode by the hypervisor:"),
            "Whether the hypervisor loads new microcode into the processors."
        ) { $0.loadsMicrocode }
        FieldDefinition(
            "initramfs", InitramfsPolicy.self, default: "most", .reboot,
            wording: .value("drivers in the initramfs:"),
            "The drivers in dom0's initramfs: most for those of nearly every machine, or dep for those of this machine only."
        ) { $0.initramfs }
        FieldDefinition(
            flag: "upgrade", default: true, .cosmetic, wording: .value("updates during the installation:"),
            "Whether the base system and the kernel are updated from the mirror and the security archive before the first reboot."
        ) { $0.upgrades }
        FieldDefinition(optional: "files", files, "Additional files for the node's overlay.") { $0.fileSource }
        FieldDefinition(
            "late_script", RelativePath.self, example: "late.sh", .cosmetic, wording: .value("the late script's file"),
            "A POSIX sh script beside the lab file, run last in the installer, in the new system (/target)."
        ) { $0.lateScript?.path }
    }

    static let toolstackSyntax = TextSyntax("a toolstack", pattern: "^[a-z][a-z0-9-]*$", example: "xl")

    package static let disk = ModelSchema("a disk", of: Disk.self) {
        FieldDefinition(
            "device", DiskDevice.self, default: "/dev/sda", .erases, wording: .value("disk"), "The disk's device."
        ) { $0.selector.device }
        FieldDefinition(
            "by_id", DiskID.self, instead: "device", .erases, wording: .value("disk", prefix: "/dev/disk/by-id/"),
            "The disk's name in /dev/disk/by-id."
        ) { $0.selector.id }
        FieldDefinition(
            "select", DiskRule.self, instead: "device", .erases,
            wording: .value("disk", prefix: "select: "),
            "How the installer chooses among disks that are neither removable nor on USB."
        ) { $0.selector.rule }
        FieldDefinition(
            "devices", listOf: DiskPath.self, instead: "device", when: .when("with raid", by: "raid"), .erases,
            wording: .value("disks"),
            "The disks of the RAID arrays, at least two: /dev/NAME or /dev/disk/by-id/NAME. EVERYTHING ON THEM IS ERASED."
        ) { $0.selector.members }
        FieldDefinition(
            optional: "raid", RAID.levels, when: .when("with devices", by: "devices"), .erases, wording: .value("RAID"),
            "The level of RAID, by the kernel: 1, which keeps the system on each of the disks. The boot loader is installed on each of them."
        ) { $0.isMirrored ? 1 : nil }
        FieldDefinition(
            "size", ByteCount.self, example: "500 GB", .cosmetic,
            wording: .capacity("the disk's size", needs: "a larger disk"),
            "The capacity of the disk, or of the smallest of the disks; layouts are checked against it."
        ) { $0.size }
        FieldDefinition(
            "layout", LayoutKind.self, default: "plain", .erases, wording: .value("the disk's layout"),
            "plain: one file system and swap. lvm: /boot and a volume group."
        ) { $0.layout.kind }
        FieldDefinition(
            "swap", OrNone<ByteCount>.self, default: "1 GiB", when: .when("without a recipe", by: "recipe"),
            example: "1 GiB", .erases,
            wording: .value("swap"), "The size of swap, or none."
        ) { $0.layout.kind == nil ? nil : OrNone($0.layout.swap) }
        FieldDefinition(
            "volume_group", VolumeGroupName.self, default: "vg0",
            when: .when("with layout: lvm", by: "layout", "recipe"), .erases,
            wording: .value("the volume group"), "The name of the volume group."
        ) { $0.layout.lvm?.group }
        FieldDefinition(
            "root", ByteCount.self, default: "8 GiB", when: .when("with layout: lvm", by: "layout", "recipe"),
            example: "8 GiB", .erases,
            wording: .value("the root volume"), "The size of the root volume."
        ) { $0.layout.lvm?.root }
        FieldDefinition(
            "free", ByteCount.self, when: .when("with layout: lvm and size", by: "layout", "recipe", "size"),
            example: "20 GiB", .cosmetic,
            wording: .value("free space in the volume group:"), "The space that has to remain free in the volume group."
        ) { $0.layout.lvm?.free }
        FieldDefinition(
            "volumes", [VolumeName: ByteCount].self, when: .when("with layout: lvm", by: "layout", "recipe"),
            example: "20 GiB", .live, wording: .volume("the volume"),
            "Logical volumes for guests in the system's volume group, by name, with their sizes. They are not formatted."
        ) { Dictionary(uniqueKeysWithValues: $0.volumes.map { ($0.name, $0.size) }) }
        FieldDefinition(
            "recipe", .prose, instead: "layout",
            example: "lab :: 2500 3000 -1 ext4 method{ format } format{ } use_filesystem{ } filesystem{ ext4 } "
                + "mountpoint{ / } .",
            .erases, wording: .value("partitions by the recipe"), "A recipe in partman-auto's language."
        ) { $0.layout.ownRecipe?.description }
        FieldDefinition(
            "keep", listOf: DiskPath.self, .cosmetic, wording: .items("kept disk"),
            "Other disks of the node, which must not be erased: /dev/NAME or /dev/disk/by-id/NAME. The installation stops if one of them is missing."
        ) { $0.kept }
    }

    package static let volumeGroup = ModelSchema("a volume group", of: VolumeGroup.self) {
        FieldDefinition(
            "devices", listOf: DiskPath.self, .live, wording: .items("disk of the volume group"),
            "The whole disks of the group, at least one: /dev/NAME or /dev/disk/by-id/NAME. The installation stops if one is missing, or if it is neither empty nor in the group and erase is not set."
        ) { $0.devices }
        FieldDefinition(
            "erase", ErasePermission.self, .live, wording: .value("the next installation erases"),
            "The permission to erase the disks at every installation. Without it, an installation keeps a group of this name on these disks."
        ) { $0.erasesDisks ? .everything : nil }
        FieldDefinition(
            "volumes", [VolumeName: ByteCount].self, example: "100 GiB", .live, wording: .volume("the volume"),
            "Logical volumes for guests, by name, with their sizes. They are not formatted, and existing ones are kept."
        ) { Dictionary(uniqueKeysWithValues: $0.volumes.map { ($0.name, $0.size) }) }
    }

    static let interface = ModelSchema("an interface", of: Interface.self) {
        FieldDefinition(
            "mac", CardAddress.self, required: .merged, .network, wording: .value("card"),
            "The MAC address of the network card. With unknown, the installer shows on its console which card it would use, and a person has to confirm that the machine is this node."
        ) { CardAddress($0.mac) }
        FieldDefinition(
            "network", NetworkName.self, when: .when("without bridge and bond", by: "bridge", "bond"), .network,
            wording: .value("network"),
            "The network it is on."
        ) { $0.addressing?.network.name }
        FieldDefinition(
            "address", IPv4Address.self,
            when: .when("without bridge and bond, and in the subnet of network", by: "bridge", "bond", "network"),
            .network, wording: .value("address"),
            "Its address; on a DHCP network, the lease reserved for it."
        ) { $0.addressing?.address }
        FieldDefinition(
            "more_addresses", listOf: HostPrefix.self, .network, wording: .items("additional address"),
            "Additional addresses with their prefix."
        ) { $0.addressing?.more ?? [] }
        FieldDefinition(
            "ipv6_address", IPv6Address.self,
            when: .when("on a network with ipv6.method: static", by: "network"), .network,
            wording: .value("IPv6 address"), "Its IPv6 address."
        ) { $0.addressing?.ipv6 }
        FieldDefinition(
            "bridge", InterfaceName.self, example: "xenbr0", .network,
            wording: .value("port of", note: ": network cut-over"),
            "The bridge that it is a port of."
        ) { $0.bridge }
        FieldDefinition(
            "bond", InterfaceName.self, example: "bond0", .network,
            wording: .value("member of", note: ": network cut-over"),
            "The bond that it is a member of."
        ) { $0.bond }
    }

    package static let bond = ModelSchema("a bond", of: Bond.self) {
        FieldDefinition(
            "mode", BondMode.self, required: .merged, .network, wording: .value("bond mode"),
            "How the members are used: active-backup, balance-tlb and balance-alb need nothing from the switch, 802.3ad needs LACP, the others a static group of ports."
        ) { $0.mode }
        FieldDefinition(
            "miimon", 1...60000, default: 100, .network, wording: .value("link check", unit: " ms"),
            "Milliseconds between two checks of the members' links."
        ) { $0.miimon }
        FieldDefinition(
            "updelay", 0...600000, default: 0, .network, wording: .value("up delay", unit: " ms"),
            "Milliseconds after which a member with a new link is used; a multiple of miimon."
        ) { $0.upDelay }
        FieldDefinition(
            "downdelay", 0...600000, default: 0, .network, wording: .value("down delay", unit: " ms"),
            "Milliseconds after which a member without a link is no longer used; a multiple of miimon."
        ) { $0.downDelay }
        FieldDefinition(
            "lacp_rate", LACPRate.self, default: "slow", when: .when("with mode: 802.3ad", by: "mode"), .network,
            wording: .value("LACP rate"),
            "How often the switch sends LACP frames: slow, every 30 seconds, or fast, every second."
        ) { $0.lacpRate }
        FieldDefinition(
            "xmit_hash_policy", HashPolicy.self, default: "layer2",
            when: .when("with mode: 802.3ad, balance-xor or balance-tlb", by: "mode"), .network,
            wording: .value("hash policy"),
            "Which addresses and ports of a packet decide the member that sends it."
        ) { $0.hashPolicy }
        FieldDefinition(
            "primary", InterfaceName.self,
            when: .when("with mode: active-backup, balance-tlb or balance-alb", by: "mode"), .network,
            wording: .value("primary member"), "The member that is used while it has a link."
        ) { $0.primary }
        FieldDefinition(
            "network", NetworkName.self, .network, wording: .value("network"),
            "The network it is on. Without it, only bridges and VLANs use the bond."
        ) { $0.addressing?.network.name }
        FieldDefinition(
            "address", IPv4Address.self, when: .when("in the subnet of network", by: "network"), .network,
            wording: .value("address"),
            "Its address; on a DHCP network, the lease reserved for it."
        ) { $0.addressing?.address }
        FieldDefinition(
            "more_addresses", listOf: HostPrefix.self, .network, wording: .items("additional address"),
            "Additional addresses with their prefix."
        ) { $0.addressing?.more ?? [] }
        FieldDefinition(
            "ipv6_address", IPv6Address.self,
            when: .when("on a network with ipv6.method: static", by: "network"), .network,
            wording: .value("IPv6 address"), "Its IPv6 address."
        ) { $0.addressing?.ipv6 }
    }

    package static let vlan = ModelSchema("a VLAN", of: VLAN.self) {
        FieldDefinition(
            "port", InterfaceName.self, required: .merged, example: "bond0", .network,
            wording: .value("VLAN of", note: ": network cut-over"),
            "The interface or the bond that sends its frames."
        ) { $0.port }
        FieldDefinition(
            "address", IPv4Address.self, .network, wording: .value("address"),
            "Its address; on a DHCP network, the lease reserved for it."
        ) { $0.addressing.address }
        FieldDefinition(
            "more_addresses", listOf: HostPrefix.self, .network, wording: .items("additional address"),
            "Additional addresses with their prefix."
        ) { $0.addressing.more }
        FieldDefinition(
            "ipv6_address", IPv6Address.self, .network, wording: .value("IPv6 address"),
            "Its IPv6 address, on a network with ipv6.method: static."
        ) { $0.addressing.ipv6 }
    }

    package static let bridge = ModelSchema("a bridge", of: Bridge.self) {
        FieldDefinition(
            "network", NetworkName.self, required: .merged, .network, wording: .value("network"),
            "The network it is on."
        ) { $0.addressing.network.name }
        FieldDefinition(
            "address", OrNone<IPv4Address>.self, when: .when("in the subnet of network", by: "network"),
            example: "10.8.8.13", .network, wording: .value("address"),
            "Its address; on a DHCP network, the lease reserved for it; or none, when only guests use the bridge."
        ) { bridge in bridge.addressing.isNone ? OrNone(nil) : bridge.addressing.address.map(OrNone.init) }
        FieldDefinition(
            "more_addresses", listOf: HostPrefix.self, .network, wording: .items("additional address"),
            "Additional addresses with their prefix."
        ) { $0.addressing.more }
        FieldDefinition(
            "ipv6_address", IPv6Address.self,
            when: .when("on a network with ipv6.method: static", by: "network"), .network,
            wording: .value("IPv6 address"), "Its IPv6 address."
        ) { $0.addressing.ipv6 }
        FieldDefinition(
            "port", OrNone<InterfaceName>.self, example: "bond0", .network,
            wording: .value("port", note: ": network cut-over"),
            "The interface or the bond that is its port, with the VLAN of network if that has one; or none, for a bridge without a connection. Several bridges can name one port. Without it, the interfaces that name the bridge are its ports."
        ) { $0.port }
        FieldDefinition(
            flag: "stp", default: false, .network,
            wording: .flag(on: "spanning tree off → on", off: "spanning tree on → off"),
            "Whether the bridge uses the spanning tree protocol."
        ) { $0.stp }
        FieldDefinition(
            "waitport", 0...600, default: 0, .network, wording: .value("waitport"),
            "Seconds to wait for the device of a port."
        ) { $0.waitport }
        FieldDefinition(
            "fd", 0...30, default: 0, .network, wording: .value("forwarding delay"), "The forwarding delay in seconds."
        ) { $0.forwardDelay }
        FieldDefinition(
            "maxwait", 0...600, default: 0, .network, wording: .value("maxwait"),
            "Seconds to wait for the bridge to forward."
        ) { $0.maxwait }
    }

    package static let dom0 = ModelSchema("dom0", of: Dom0.self) {
        FieldDefinition(
            "memory", ByteCount.self, default: "1 GiB", example: "1 GiB", .reboot,
            wording: .value("dom0 memory", note: ": takes a reboot"),
            "dom0's memory at boot."
        ) { $0.memory }
        FieldDefinition(
            "memory_min", ByteCount.self, example: "512 MiB", .reboot,
            wording: .value("dom0 memory at least", note: ": takes a reboot"),
            "The minimum of dom0's memory."
        ) { $0.memoryMin }
        FieldDefinition(
            "memory_max", ByteCount.self, default: .sameAs("memory"), .reboot,
            wording: .value("dom0 memory at most", note: ": takes a reboot"),
            "The maximum of dom0's memory."
        ) { $0.memoryMax }
        FieldDefinition(
            "vcpus", 1...512, default: 1, .reboot, wording: .value("dom0 virtual CPUs", note: ": takes a reboot"),
            "The number of dom0's virtual CPUs."
        ) {
            $0.vcpus
        }
        FieldDefinition(
            flag: "pin", default: true, .reboot,
            wording: .flag(
                on: "dom0 virtual CPUs are pinned: takes a reboot",
                off: "dom0 virtual CPUs are not pinned: takes a reboot"),
            "Whether each of dom0's virtual CPUs stays on one physical CPU."
        ) { $0.pinsVCPUs }
        FieldDefinition(
            "options", listOf: BootOption.self, example: "iommu=on", .reboot, wording: .items("option of Xen"),
            "Additional options for the hypervisor."
        ) { $0.options }
    }

    package static let grub = ModelSchema("grub", of: GRUB.self) {
        FieldDefinition(
            "timeout", 0...3600, default: 1, .live, wording: .value("GRUB's menu is shown", unit: " s"),
            "Seconds for which GRUB shows its menu."
        ) { $0.timeout }
        FieldDefinition(
            flag: "disable_linux_uuid",
            default: .computed(
                "true on releases whose disk names are stable ("
                    + Release.all.filter { !$0.diskNamesMove }.map(\.codename).joined(separator: ", ")
                    + "), else false",
                from: ["release"]),
            .reboot, wording: .flag(on: "root is named by its device", off: "root is named by its UUID"),
            "Whether the root file system is named by its device instead of its UUID."
        ) { $0.disablesLinuxUUID }
        FieldDefinition(
            "linux_options", listOf: BootOption.self, example: "panic=10", .reboot, wording: .items("option of Linux"),
            "Additional options for dom0's kernel."
        ) { $0.linuxOptions }
    }

    package static let xendomains = ModelSchema("xendomains", of: Xendomains.self) {
        FieldDefinition(
            "save", OrNone<TargetPath>.self, default: "none", example: "/var/lib/xen/save", .live,
            wording: .sentence(
                "guests are saved into % when dom0 stops", none: "guests are shut down when dom0 stops, not saved"),
            "The directory into which running guests are saved when dom0 stops, or none to shut them down."
        ) { OrNone($0.save) }
        FieldDefinition(
            flag: "restore", default: false, .live,
            wording: .flag(on: "saved guests are restored at boot", off: "saved guests are not restored at boot"),
            "Whether saved guests are restored at boot; needs save."
        ) { $0.restores }
        FieldDefinition(
            "auto", OrNone<TargetPath>.self, default: "/etc/xen/auto", .live,
            wording: .value("guests that start at boot:"),
            "The directory with the configurations of the guests that start at boot, or none."
        ) { OrNone($0.auto) }
        FieldDefinition(
            "stop_maxwait", 0...86400, default: 300, .live, wording: .value("seconds for each guest to stop:"),
            "Seconds to wait for each guest to stop; systemd allows xendomains the time for ten guests."
        ) { $0.stopMaxWait }
    }

    package static let files = ModelSchema("files", of: FileSource.self) {
        FieldDefinition(
            "folder", RelativePath.self, required: .yes, .cosmetic, wording: .value("the directory of more files"),
            "A directory beside the lab file; a file or symbolic link etc/foo in it becomes /etc/foo."
        ) { $0.folder }
        FieldDefinition(
            "modes", [TargetPath: FileMode].self, .live, wording: .value("mode"),
            "Modes by path. The default is 0755 for directories and for files that their owner may execute, 0644 for other files, minus the permissions that the file itself does not have."
        ) { $0.modes }
        FieldDefinition(
            "owners", [TargetPath: Ownership].self, .live, wording: .value("owner"),
            "Owners by path: user or user:group, which a package or Debian itself creates. The default is root:root."
        ) { $0.owners }
    }
}
