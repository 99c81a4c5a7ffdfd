import Lab
import Releases

extension Record {
    static let lab = Record(
        "the lab",
        [
            Field("release", .text(releaseSyntax), "The Debian release. Default: \(Release.all[0].codename)."),
            Field("domain", .text(DomainName.syntax), required: true, "The domain of every node."),
            Field("locale", .text(LocaleName.syntax), "Language and country. Default: en_US.UTF-8."),
            Field("keymap", .text(KeymapName.syntax), "The keyboard's layout. Default: us."),
            Field("timezone", .text(TimeZoneName.syntax), "The nodes' time zone. Default: UTC."),
            Field(
                "ntp", .list(.text(TimeServer.syntax)),
                "The NTP servers that every node asks for the time; [] for no time service. Default: the release's Debian pool."
            ),
            Field("mirror", .record(mirror), "Where packages come from. Default: the release's own mirror."),
            Field(
                "nonfree_firmware", .boolean,
                "Whether installer and nodes use firmware for network cards and disk controllers that is not free software. Default: false."
            ),
            Field(
                "boot_server", .record(bootServer),
                "The host that nodes start from over the network. Default: none, and no PXE files are written."),
            Field(
                "report_url", .text(ReportURL.syntax),
                "A web server that nodes post to how far they are, without TLS. Default: none."),
            Field("networks", .table(NetworkName.syntax, .record(network)), required: true, "The networks, by name."),
            Field("defaults", .record(node), "What nodes have in common; a node's own words win, key by key."),
            Field("nodes", .table(Hostname.syntax, .record(node)), required: true, "The nodes, by host name."),
        ])

    static let releaseSyntax = TextSyntax(
        "a release", example: Release.all[0].codename, choices: Release.all.map(\.codename))

    static let mirror = Record(
        "a mirror",
        [
            Field("protocol", .text(MirrorScheme.syntax), "http or https. Default: http."),
            Field("host", .text(HostAddress.syntax), "The mirror's host. Default: the release's."),
            Field("directory", .text(TargetPath.syntax), "The archive's folder on it. Default: /debian."),
            Field(
                "components", .list(.text(Component.syntax)),
                "Components that the nodes' sources name; main has to be one. Default: main. nonfree_firmware and microcode add theirs."
            ),
            Field("proxy", .text(ProxyURL.syntax), "A proxy for the installer and for apt. Default: none."),
            Field("security", .boolean, "Whether the nodes use the release's security archive. Default: true."),
        ])

    static let bootServer = Record(
        "a boot server",
        [
            Field(
                "address", .text(IPv4Address.syntax), required: true,
                "Its address on the network over which nodes are installed; it serves what is built by HTTP and TFTP."),
            Field("port", .integer(1...65535), "The port of its web server. Default: 80."),
        ])

    static let network = Record(
        "a network",
        [
            Field("subnet", .text(IPv4Network.syntax), required: true, "The subnet, in CIDR form."),
            Field("dhcp", .boolean, "Whether a DHCP server gives out addresses, routes and DNS. Default: false."),
            Field(
                "gateway", .text(IPv4Address.syntax),
                "The way out. With DHCP, what the boot server's DHCP tells; by default itself. Without: none."),
            Field("dns", .list(.text(IPv4Address.syntax)), "Name servers. Default: what DHCP says, or none."),
        ])

    static let node = Record(
        "a node",
        [
            Field("cpus", .integer(1...512), "Physical (or the virtual machine's) CPUs. Needed."),
            Field(
                "memory", .text(ByteCount.syntax),
                "All of the machine's memory; dom0 and the installed modules are checked against it. Default: not known."
            ),
            Field("firmware", .text(Firmware.syntax), "bios or uefi. Default: bios."),
            Field(
                "serial", .text(SystemSerial.syntax),
                "The machine's serial number in its firmware (DMI), by which boot media know it beside its cards."),
            Field(
                "disk", .record(disk), "The disk to install on. EVERYTHING ON IT IS ERASED. Default: /dev/sda, plain."),
            Field(
                "interfaces", .table(InterfaceName.syntax, .record(interface)), "The network cards, by name. Needed."),
            Field("bridges", .table(InterfaceName.syntax, .record(bridge)), "The bridges for guests, by name."),
            Field(
                "install", .text(InterfaceName.syntax),
                "The interface that the installer uses. Default: the only one that leads to the mirror."),
            Field("dom0", .record(dom0), "What dom0 gets of the machine."),
            Field(
                "console", .text(SerialConsole.syntax),
                "A serial console for installer, GRUB, Xen and dom0. Default: none."),
            Field("grub", .record(grub), "The boot loader."),
            Field("xendomains", .record(xendomains), "What happens to guests when dom0 stops and starts."),
            Field("toolstack", .text(toolstackSyntax), "The Xen toolstack. Default: xl."),
            Field("access", .record(access), "Who can log in as root. Nobody without it."),
            Field("packages", .list(.text(PackageName.syntax)), "More packages to install."),
            Field("recommends", .boolean, "Whether apt installs what packages recommend. Default: true."),
            Field(
                "microcode", .boolean,
                "Whether the hypervisor loads new microcode into the processors. Default: as nonfree_firmware."),
            Field(
                "initramfs", .text(InitramfsPolicy.syntax),
                "Drivers in dom0's initramfs: most, or dep, those of this machine only. Default: most."),
            Field(
                "upgrade", .boolean,
                "Whether the base system and the kernel get the mirror's and the security archive's updates before the first reboot. Default: true."
            ),
            Field("files", .record(files), "More files for the node's overlay."),
            Field(
                "late_script", .text(BesidePath.syntax),
                "A POSIX sh script beside the lab file, run last in the installer, in the new system (/target)."),
        ])

    static let toolstackSyntax = TextSyntax("a toolstack", pattern: "^[a-z][a-z0-9-]*$", example: "xl")

    static let disk = Record(
        "a disk",
        [
            Field("device", .text(DiskDevice.syntax), "The disk's device. Default: /dev/sda."),
            Field("by_id", .text(DiskID.syntax), "Instead of device: the disk's name in /dev/disk/by-id."),
            Field(
                "select", .text(DiskRule.syntax),
                "Instead of device: chosen in the installer among disks that are neither removable nor on USB."),
            Field("size", .text(ByteCount.syntax), "What the disk holds; layouts are checked against it."),
            Field(
                "layout", .text(LayoutKind.syntax),
                "plain: one file system and swap. lvm: /boot and a volume group. Default: plain."),
            Field("swap", .text(OrNone<ByteCount>.syntax), "The size of swap, or none. Default: 1 GiB."),
            Field("volume_group", .text(VolumeGroupName.syntax), "lvm only: the group's name. Default: vg0."),
            Field("root", .text(ByteCount.syntax), "lvm only: the root volume's size. Default: 8 GiB."),
            Field("free", .text(ByteCount.syntax), "lvm only: room that must remain in the group. Needs size."),
            Field("recipe", .prose, "Instead of layout: a recipe in partman-auto's language."),
            Field(
                "keep", .list(.text(KeptDisk.syntax)),
                "Other disks of the node, which must not be erased: /dev/NAME or /dev/disk/by-id/NAME. The installation stops if one of them is missing. Default: none."
            ),
        ])

    static let interface = Record(
        "an interface",
        [
            Field("mac", .text(MACAddress.syntax), "The card's address. Needed."),
            Field("network", .text(NetworkName.syntax), "The network it is on, unless it is a bridge port."),
            Field("address", .text(IPv4Address.syntax), "Its address; on a DHCP network, the lease reserved for it."),
            Field("bridge", .text(InterfaceName.syntax), "The bridge that it is a port of."),
        ])

    static let bridge = Record(
        "a bridge",
        [
            Field("network", .text(NetworkName.syntax), "The network it is on. Needed."),
            Field("address", .text(IPv4Address.syntax), "Its address; on a DHCP network, the lease reserved for it."),
            Field("stp", .boolean, "Spanning tree. Default: false."),
            Field("waitport", .integer(0...600), "Seconds to wait for a port's device. Default: 0."),
            Field("fd", .integer(0...30), "Forwarding delay in seconds. Default: 0."),
            Field("maxwait", .integer(0...600), "Seconds to wait for the bridge to forward. Default: 0."),
        ])

    static let dom0 = Record(
        "dom0",
        [
            Field("memory", .text(ByteCount.syntax), "Memory at start. Default: 1 GiB."),
            Field("memory_min", .text(ByteCount.syntax), "Never less than this. Default: not said."),
            Field("memory_max", .text(ByteCount.syntax), "Never more than this. Default: memory."),
            Field("vcpus", .integer(1...512), "Virtual CPUs. Default: 1."),
            Field("pin", .boolean, "Whether each virtual CPU stays on one physical CPU. Default: true."),
            Field("options", .list(.text(BootOption.syntax)), "More options for the hypervisor."),
        ])

    static let grub = Record(
        "grub",
        [
            Field("timeout", .integer(0...3600), "Seconds the menu is shown. Default: 1."),
            Field(
                "disable_linux_uuid", .boolean,
                "Name the root file system by its device instead of its UUID. Default: true on releases whose disk names "
                    + "are stable (\(Release.all.filter { !$0.diskNamesMove }.map(\.codename).joined(separator: ", "))), "
                    + "else false."),
            Field("linux_options", .list(.text(BootOption.syntax)), "More options for dom0's kernel."),
        ])

    static let xendomains = Record(
        "xendomains",
        [
            Field(
                "save", .text(OrNone<TargetPath>.syntax),
                "Save running guests into this folder. Default: none, they are shut down."),
            Field("restore", .boolean, "Restore saved guests at boot; needs save. Default: false."),
            Field(
                "auto", .text(OrNone<TargetPath>.syntax),
                "Folder of guests to start at boot, or none. Default: /etc/xen/auto."),
            Field(
                "stop_maxwait", .integer(0...86400),
                "Seconds to wait for each guest; systemd gives xendomains the time for ten. Default: 300."),
        ])

    static let access = Record(
        "access",
        [
            Field("authorized_keys", .list(.text(AuthorizedKey.syntax)), "SSH public keys for root."),
            Field("root_password", .text(PasswordHash.syntax), "root's password as a crypt(3) hash. Default: none."),
            Field(
                "root_password_file", .text(BesidePath.syntax),
                "Instead of root_password: a file beside the lab file that holds the hash."),
        ])

    static let files = Record(
        "files",
        [
            Field(
                "folder", .text(BesidePath.syntax), required: true,
                "A directory beside the lab file; a file or symbolic link etc/foo in it becomes /etc/foo."),
            Field(
                "modes", .table(TargetPath.syntax, .text(modeSyntax)),
                "Modes by path. Default: 0755 for directories and for files that their owner may execute, 0644 for others, without what the file itself does not allow."
            ),
            Field(
                "owners", .table(TargetPath.syntax, .text(Ownership.syntax)),
                "Owners by path: user or user:group, which a package or Debian itself makes. Default: root:root."),
        ])

    static let modeSyntax = TextSyntax("a mode", pattern: "^0?[0-7]{3}$", example: "0640")
}
