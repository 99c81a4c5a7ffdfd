import Templates

/// What put a line into an artifact.
package struct Origin: Sendable {
    /// The template's path and line: `preseed.cfg`, 60; nil for what no template has.
    package var template: String?
    package var line: Int
    /// Fields of the lab, as `nodes.*.dom0.memory`, sorted.
    package var fields: [String]
    /// What xenseed knows of the release or decides itself, in words; sorted.
    package var facts: [String]

    package init(template: String?, line: Int, fields: [String], facts: [String]) {
        (self.template, self.line, self.fields, self.facts) = (template, line, fields, facts)
    }

    init(template: Template, line: Int, names: Set<String>) {
        let sources = names.flatMap { Self.sources[template.rawValue + "/" + $0] ?? Self.sources[$0] ?? [] }
        self.init(
            template: template.rawValue, line: line,
            fields: Set(sources.filter { !$0.hasPrefix("= ") }).sorted(),
            facts: Set(sources.filter { $0.hasPrefix("= ") }.map { String($0.dropFirst(2)) }).sorted())
    }

    /// Names that a template uses and that nothing here explains, by its path.
    static func unexplained(_ template: Template, names: Set<String>) -> [String] {
        names.filter { sources[template.rawValue + "/" + $0] == nil && sources[$0] == nil }.sorted()
    }

    private static let disk = ["device", "by_id", "select", "size"].map { "nodes.*.disk.\($0)" }
    private static let layout =
        ["layout", "recipe", "swap", "root", "volume_group"].map { "nodes.*.disk.\($0)" } + ["nodes.*.firmware"]
    private static let addresses = ["nodes.*.interfaces.*.address", "nodes.*.bridges.*.address"]
    private static let networks = ["nodes.*.interfaces.*.network", "nodes.*.bridges.*.network"]
    private static let cards = ["nodes.*.interfaces.*.mac", "nodes.*.interfaces.*.bridge"] + networks
    private static let dom0 = ["memory", "memory_min", "memory_max", "vcpus", "pin", "options"].map {
        "nodes.*.dom0.\($0)"
    }
    private static let drawn = cards + addresses + ["= how the drawing is laid out"]
    private static let mirror = ["protocol", "host", "directory", "proxy"].map { "mirror.\($0)" }
    /// What decides on the components of the archive.
    private static let components = [
        "mirror.components", "nonfree_firmware", "nodes.*.microcode", "release", "= which components the release has",
    ]
    private static let bootServer = ["boot_server.address", "boot_server.port"]
    private static let installCard = ["nodes.*.install"] + cards + ["networks.*.dhcp", "networks.*.gateway"]
    /// The cards by which a DHCP server knows a link (`Node.dhcpMACs`).
    private static let leaseCards = installCard + ["= which MAC address the release's bridges take"]
    /// What the installer's kernel is told (`Planner.kernelOptions`).
    private static let kernelOptions =
        bootServer + installCard + addresses + [
            "networks.*.subnet", "networks.*.dns", "domain", "locale", "keymap", "nodes.*.console",
            "= the preseed's MD5, and so whatever is in it", "= how long the installer waits for links and leases",
        ]

    /// What is behind the names in templates: fields of the lab, and behind `= ` what is none. A template's own comes first.
    private static let sources: [String: [String]] = [
        // The machine
        "cpus": ["nodes.*.cpus"], "memory": ["nodes.*.memory", "nodes.*.dom0.memory", "nodes.*.dom0.memory_max"],
        "total_memory": ["nodes.*.memory"],
        "firmware": ["nodes.*.firmware"], "bios": ["nodes.*.firmware"], "platform": ["nodes.*.firmware"],
        "serial": ["nodes.*.serial"], "uuid": ["nodes.*.interfaces.*.mac", "nodes.*.install"],
        "usb/grub-medium.cfg/serial": ["nodes.*.console"], "usb/isolinux.cfg/serial": ["nodes.*.console"],
        "qemu/qemu-lab.sh/serial": ["nodes.*.serial"],
        "unit": ["nodes.*.console"], "speed": ["nodes.*.console"], "console": ["nodes.*.console"],
        "serial_port": ["nodes.*.console"],
        // The disk
        "disk": disk, "disk_words": disk, "device": disk, "disk_id": disk, "bootdev": disk, "rule": disk, "only": disk,
        "by_order": disk, "largest": disk, "order_word": disk, "by_size": disk, "size_words": disk, "size_low": disk,
        "size_high": disk, "disk_minimum": layout + ["nodes.*.disk.free"], "kept": ["nodes.*.disk.keep"],
        "rest_volume": layout + ["= the release's installer gives the last volume the rest of the group"],
        "upgrade": ["nodes.*.upgrade"], "update_options": ["= the keys that signed the release have expired"],
        "missing_source": ["mirror.security", "= the release's services"],
        "volumes": layout,
        "uefi_nodes": ["nodes.*.firmware"],
        "boot_disks": ["= the disks that the release's boot loader is installed on"], "layout": layout,
        "method": layout, "recipe": layout,
        "recipe_name": layout,
        "lvm": layout, "group": layout, "guided_size": layout, "volume_group": layout,
        "disks": disk + ["nodes.*.disk.keep"], "default_disk": disk, "other_disk": disk,
        "serials": disk + ["nodes.*.disk.keep"],
        "size": disk, "index": disk + ["nodes.*.disk.keep"], "controllers": disk, "cramped": disk,
        // Networks
        "address": addresses, "static": ["networks.*.dhcp"] + addresses, "dhcp": ["networks.*.dhcp"],
        "netmask": ["networks.*.subnet"], "subnet": ["networks.*.subnet"], "gateway": ["networks.*.gateway"],
        "dns": ["networks.*.dns", "boot_server.address"], "own_dns": ["networks.*.dns"],
        "nameservers": ["networks.*.dns"],
        "list": ["networks.*.dns"], "network": networks, "networks": networks, "link": cards,
        "links": cards + addresses,
        "port": ["nodes.*.interfaces.*.bridge"], "ports": ["nodes.*.interfaces.*.bridge"],
        "bridge": ["nodes.*.interfaces.*.bridge"],
        "bridges": ["nodes.*.interfaces.*.bridge"],
        "hardware_address": ["nodes.*.interfaces.*.mac", "= which MAC address the release's bridges take"],
        "stp": ["nodes.*.bridges.*.stp"], "waitport": ["nodes.*.bridges.*.waitport"], "fd": ["nodes.*.bridges.*.fd"],
        "maxwait": ["nodes.*.bridges.*.maxwait"], "mac": ["nodes.*.interfaces.*.mac"],
        "macs": ["nodes.*.interfaces.*.mac"], "pxe/dnsmasq.conf/macs": leaseCards,
        "pxe/dnsmasq-proxy.conf/macs": leaseCards, "pxe/dhcpd.conf/mac": leaseCards, "pxe/dhcpd.conf/host": leaseCards,
        "pxe/dhcpd.conf/hosts": leaseCards, "lease_macs": leaseCards,
        "mac_dashed": installCard, "install_mac": installCard, "installs": installCard,
        "nics": ["nodes.*.interfaces.*.mac"],
        "persistent-net.rules/name": ["nodes.*.interfaces.*.mac"], "cards/name": ["nodes.*.interfaces.*.mac"],
        "adapters": cards, "lans": networks,
        "lan_words": networks, "lan_names": networks,
        "width": networks, "leases": ["networks.*.dhcp"] + networks + addresses,
        "default_route": networks + ["networks.*.dhcp", "networks.*.gateway"],
        "peers": addresses + networks, "self": addresses, "hosts/name": ["domain"],
        "way": ["networks.*.dhcp", "networks.*.gateway", "networks.*.subnet", "networks.*.dns", "boot_server.address"]
            + addresses,
        "README.md/address": addresses + ["networks.*.dhcp"],
        "README.md/links": cards + addresses + ["networks.*.dhcp"],
        "expect/address": addresses + ["networks.*.subnet"],
        "README.md/name": ["domain", "= the node's name in the lab"],
        "qemu/qemu-lab.sh/port": ["nodes.*.console"], "virtualbox/virtualbox-lab.sh/port": ["nodes.*.console"],
        "branch": networks, "members": networks + addresses, "promiscuous": ["nodes.*.interfaces.*.bridge"],
        "priority": installCard, "number": cards, "base": ["networks.*.subnet"],
        "first": ["networks.*.subnet"] + networks + addresses,
        "last": ["networks.*.subnet"] + networks + addresses, "pool": addresses + networks,
        "records": addresses + ["domain"],
        "router": ["networks.*.gateway", "boot_server.address"], "server": bootServer,
        "server_address": ["boot_server.address"],
        "README.md/port": ["boot_server.port"], "README.md/network": networks,
        // What nodes report
        "report": ["report_url"], "host": ["report_url"], "path": ["report_url"],
        "tells": ["report_url", "nodes.*.console"],
        "late-command.sh/port": ["report_url"], "preseed.cfg/port": ["report_url"],
        "expect/port": ["report_url"],
        // The installed system
        "node": ["= the node's name in the lab"], "fqdn": ["domain", "= the node's name in the lab"],
        "domain": ["domain"],
        "name": ["= the node's name in the lab"], "locale": ["locale"], "keymap": ["keymap"], "timezone": ["timezone"],
        "password": ["nodes.*.access.root_password", "nodes.*.access.root_password_file"],
        "keys": ["nodes.*.access.authorized_keys"],
        "secret": ["nodes.*.access.root_password", "nodes.*.access.root_password_file", "nodes.*.files.modes.*"],
        "recommends": ["nodes.*.recommends"], "apt_options": ["nodes.*.recommends"], "initramfs": ["nodes.*.initramfs"],
        "packages": [
            "nodes.*.packages", "nodes.*.access.authorized_keys", "mirror.protocol", "nonfree_firmware",
            "nodes.*.microcode",
            "= the release's packages of Xen, of bridges, of firmware and of microcode",
        ],
        "owns": ["nodes.*.files.owners.*"], "owned": ["nodes.*.files.owners.*"], "owner": ["nodes.*.files.owners.*"],
        "owned_path": ["nodes.*.files.owners.*"],
        "late_script": ["nodes.*.late_script"], "late_script_path": ["nodes.*.late_script"],
        "toolstack": ["nodes.*.toolstack"], "timeout": ["nodes.*.grub.timeout"],
        "disable_linux_uuid": ["nodes.*.grub.disable_linux_uuid"],
        "linux_options": ["nodes.*.grub.linux_options", "nodes.*.console", "= how the release names cards"],
        "dom0_options": ["nodes.*.grub.linux_options", "= how the release names cards"],
        "xen_options": dom0 + ["nodes.*.console", "nodes.*.microcode", "nonfree_firmware"], "dom0": dom0,
        "dom0_memory": dom0, "dom0_vcpus": dom0,
        "dom0_pinned": dom0,
        "save": ["nodes.*.xendomains.save"], "saves": ["nodes.*.xendomains.save"],
        "restore": ["nodes.*.xendomains.restore"],
        "auto": ["nodes.*.xendomains.auto"], "stop_maxwait": ["nodes.*.xendomains.stop_maxwait"],
        "xendomains": ["save", "restore", "auto", "stop_maxwait"].map { "nodes.*.xendomains.\($0)" },
        // Mirror and release
        "mirror_protocol": ["mirror.protocol"], "mirror_host": ["mirror.host"],
        "mirror_directory": ["mirror.directory"],
        "proxy": ["mirror.proxy", "mirror.protocol"], "web_proxy": ["mirror.proxy", "mirror.protocol"],
        "sources": mirror + ["mirror.security", "release"],
        "services": ["mirror.security", "= the release's services"],
        "components": components, "component_answers": components,
        "firmware_refusal": ["nonfree_firmware", "release", "= whether the release's installer asks about firmware"],
        "codename": ["release"], "release_number": ["release"],
        "archived": ["release", "= the keys that signed the release have expired"],
        "answers": ["release", "= what the release's installer asks besides"], "question": ["release"],
        "type": ["release"], "value": ["release"],
        "uefi": ["release", "= whether the release starts Xen by UEFI"],
        "bios_only": ["release", "= whether the release starts Xen by UEFI"],
        "refusal": ["release", "nodes.*.firmware"], "xen_version": ["release", "= the release's Xen"],
        "ntp": ["ntp", "networks.*.dhcp", "networks.*.gateway"], "ntp_server": ["ntp"],
        "time_servers": ["ntp", "nodes.*.packages"], "server_key": ["release"],
        "default_bridge": ["nodes.*.bridges.*.network", "nodes.*.interfaces.*.bridge"],
        "stop_timeout": ["nodes.*.xendomains.stop_maxwait", "nodes.*.xendomains.save"],
        "expect/cards": ["nodes.*.interfaces.*.mac"], "expect/card": ["nodes.*.interfaces.*.mac"],
        "expect/ports": ["nodes.*.interfaces.*.bridge", "nodes.*.interfaces.*.mac"],
        // xenseed's own
        "made_by": ["= xenseed's mark"], "diverted": ["= where Debian has GRUB's script for Xen"],
        "diverted_to": ["= before GRUB's script for Linux"], "log": ["= where the late command writes"],
        "link_wait": ["= how long the installer waits for a link"],
        "dhcp_wait": ["= how long the installer waits for DHCP"],
        "late_sum": ["= the late command's SHA-256, and so whatever is in it"],
        "overlay_sum": ["= the overlay's SHA-256, and so whatever is in it"],
        // Starting nodes
        "options": kernelOptions, "seed_options": kernelOptions,
        "kernel_line": kernelOptions,
        "qemu/qemu-lab.sh/options": kernelOptions,
        "kernel": ["= Debian's image"], "initrd": ["= Debian's image"], "folder": ["= Debian's image"],
        "menu": ["= Debian's image"],
        "title": ["release", "domain"], "line": disk + kernelOptions, "install_words": disk,
        "names": ["= the nodes' names in the lab"],
        "machines": disk + ["nodes.*.firmware", "= each node of the lab"], "nodes": ["= each node of the lab"],
        "count": ["= the nodes of the lab"],
        "unmade": disk, "refusals": disk + ["nodes.*.firmware"], "why": disk + ["nodes.*.firmware"],
        "state_room": ["domain", "= how long a socket's path may be"],
        // The drawing: where things stand follows from how much stands above them.
        "overview.svg/dom0": ["nodes.*.dom0.memory"], "overview.svg/address": addresses + ["networks.*.dhcp"],
        "overview.svg/way": ["networks.*.dhcp", "networks.*.gateway"], "overview.svg/name": drawn,
        "drawn": ["= how many nodes the lab has"], "rows": drawn, "wires": drawn, "overview.svg/bridges": drawn,
        "overview.svg/networks": drawn, "overview.svg/nodes": drawn,
        "colour": drawn, "x": drawn, "y": drawn, "card": drawn, "indent": drawn, "baseline": drawn, "edge": drawn,
        "rail": drawn,
        "end": drawn, "top": drawn, "height": drawn, "overview.svg/width": drawn, "overview.svg/link": drawn,
        // An item of the list around it.
        ".": [],
    ]
}
