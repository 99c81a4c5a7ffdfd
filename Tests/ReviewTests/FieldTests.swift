import Foundation
import TestSupport
import Testing

@testable import Build
@testable import Lab
@testable import Review

/// Tests the sentence and the risk that a reviewer sees for a change to each field of a lab.
@Suite(.timeLimit(.minutes(15)))
struct FieldTests {
    /// A lab that uses every field.
    static let lab = """
        release: bookworm
        domain: hl.local
        locale: en_US.UTF-8
        keymap: us
        timezone: UTC
        nonfree_firmware: false
        ntp: [10.8.8.7]
        mirror: {protocol: http, host: deb.debian.org, directory: /debian, components: [main], proxy: "http://10.8.8.9:3128", security: true}
        boot_server: {address: 10.8.8.1, port: 8000}
        report_url: http://10.8.8.1:8000
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true}
          spare: {subnet: 10.8.9.0/24, dhcp: true}
          side: {subnet: 10.9.9.0/24}
          more: {subnet: 10.9.8.0/24}
          drbd: {subnet: 172.16.22.0/24, ipv6: {method: static, subnet: "2001:db8:22::/64"}}
          sync: {subnet: 10.9.7.0/24, mtu: 9000, search: [a.example], routes: {10.70.0.0/16: 10.9.7.1}, ipv6: {method: static, subnet: "2001:db8:7::/64", gateway: "2001:db8:7::1"}}
          san: {subnet: 10.9.6.0/24, vlan: 6, ipv6: {method: static, subnet: "2001:db8:6::/64"}}
          five: {subnet: 10.9.5.0/24, vlan: 5, ipv6: {method: static, subnet: "2001:db8:5::/64"}}
          wan: {subnet: 192.0.2.0/24, gateway: 192.0.2.1, dns: [192.0.2.53]}
          inner: {}
          inner2: {}
        defaults:
          cpus: 4
          memory: 8 GiB
          firmware: bios
          console: ttyS0,115200
          toolstack: xl
          recommends: true
          microcode: false
          initramfs: most
          upgrade: true
          dom0: {memory: 1 GiB, memory_min: 512 MiB, memory_max: 2 GiB, vcpus: 2, pin: true, options: [iommu=on]}
          grub: {timeout: 1, disable_linux_uuid: true, linux_options: [panic=10]}
          xendomains: {save: /var/lib/xen/save, restore: false, auto: /etc/xen/auto, stop_maxwait: 300}
          access:
            ssh_passwords: false
            users:
              carla: {full_name: Carla, keys: ["\(key("A")) carla@desk"], password: "$6$saltsalt$\(String(repeating: "c", count: 86))", sudo: nopasswd, groups: [adm], shell: /bin/bash, uid: 1500}
          packages: [htop]
          files: {folder: files, modes: {/etc/motd: "0644"}, owners: {/etc/motd: "root:adm"}}
          late_script: late.sh
        nodes:
          xen01:
            serial: CZC1
            access: {authorized_keys: ["\(key("A")) ann@desk"], root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
            disk: {device: /dev/sda, size: 100 GiB, layout: lvm, swap: 1 GiB, volume_group: vg0, root: 8 GiB, free: 20 GiB, volumes: {web1-disk: 4 GiB}, keep: [/dev/sdc]}
            volume_groups:
              guests: {devices: [/dev/sde], volumes: {web1-data: 5 GiB}}
            install: eth1
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13, more_addresses: [10.75.0.5/24], ipv6_address: "2001:db8:22::13"}
              eth1: {mac: "08:00:27:08:08:13", bridge: xenbr0}
              eth3: {mac: "08:00:27:08:08:43", bridge: xenbr0}
              eth2: {mac: "08:00:27:08:08:23", network: side, address: 10.9.9.5}
              eth4: {mac: "08:00:27:08:08:53", bond: bond0}
              eth5: {mac: "08:00:27:08:08:63", bond: bond0}
              eth6: {mac: "08:00:27:08:08:73", bond: bond1}
              eth7: {mac: "08:00:27:08:08:83", bond: bond1}
            bonds:
              bond0: {mode: 802.3ad, miimon: 100, updelay: 200, downdelay: 300, lacp_rate: fast, xmit_hash_policy: layer3+4}
              bond1: {mode: active-backup, primary: eth6, network: sync, address: 10.9.7.5, more_addresses: [10.77.0.5/24], ipv6_address: "2001:db8:7::5"}
            vlans:
              san: {port: bond0, address: 10.9.6.5, more_addresses: [10.76.0.5/24], ipv6_address: "2001:db8:6::5"}
            bridges:
              br5: {network: five, port: bond0, address: 10.9.5.5, more_addresses: [10.78.0.5/24], ipv6_address: "2001:db8:5::5"}
              xenbr0: {network: lan, address: 10.8.8.13, stp: false, waitport: 0, fd: 0, maxwait: 0}
          xen02:
            disk: {by_id: ata-DISK_1}
            volume_groups:
              guests: {devices: [/dev/sde]}
            access: {root: true}
            bridges: {xenbr0: {network: inner, port: none}, br5: {network: inner2, port: none}}
            interfaces:
              eth0: {mac: "08:00:27:16:22:14", network: drbd, address: 172.16.22.14, ipv6_address: "2001:db8:22::14"}
              eth1: {mac: "08:00:27:08:08:14", network: wan, address: 192.0.2.14}
              eth2: {mac: "08:00:27:08:08:34", network: side, address: 10.9.9.6}
        guests:
          db1: {on: [xen01], type: pv, vcpus: 1, memory: 192 MiB, disk: 2 GiB, volume_group: vg0, bridge: br5, mac: "00:16:3e:00:00:07", kernel: /boot/db1, initrd: /boot/db1.img, kernel_options: [quiet]}
          web1: {on: [xen01, xen02], type: pvh, vcpus: 3, memory: 256 MiB, disk: 4 GiB, volume_group: guests, bridge: xenbr0, mac: "00:16:3e:00:00:01", start_on: xen01, cpuid: "host,avx2=0", minor: 5, port: 7790}
        replication: {network: drbd, keys: keys}
        """

    private static func key(_ mark: String) -> String {
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHhlbnNlZWQgZml4dHVyZTogbm9ib2R5J3Mga2V5Li4u"
            .replacing("IHhl", with: mark == "A" ? "IHhl" : "IHhm")
    }

    /// A field, an edit of the lab, and the expected risk and sentence. A sentence after `?` only has to be contained.
    struct Row {
        var field: String
        var old: String
        var new: String
        var risk: Risk
        var sentence: String
        var highest: Risk?
        /// Whether the edit is one of the resolved lab, for a change that the reader of the lab file refuses in this lab.
        var isResolved = false

        init(_ field: String, _ old: String, _ new: String, _ risk: Risk, _ sentence: String, highest: Risk? = nil) {
            (self.field, self.old, self.new, self.risk, self.sentence) = (field, old, new, risk, sentence)
            self.highest = highest
        }

        init(_ field: String, resolved old: String, _ new: String, _ risk: Risk, _ sentence: String) {
            self.init(field, old, new, risk, sentence)
            isResolved = true
        }
    }

    static let rows: [Row] = [
        Row("release", "release: bookworm", "release: trixie", .erases, "Debian bookworm → trixie: reinstall, ERASES"),
        Row("domain", "domain: hl.local", "domain: lab.test", .reboot, "domain hl.local → lab.test"),
        Row("locale", "en_US.UTF-8", "de_DE.UTF-8", .live, "locale en_US.UTF-8 → de_DE.UTF-8"),
        Row("keymap", "keymap: us", "keymap: de", .live, "keymap us → de"),
        Row("timezone", "timezone: UTC", "timezone: Europe/Berlin", .live, "time zone UTC → Europe/Berlin"),
        Row("ntp", "ntp: [10.8.8.7]", "ntp: [10.8.8.8]", .live, "time servers 10.8.8.7 → 10.8.8.8"),
        Row(
            "mirror.protocol", "protocol: http", "protocol: https", .live,
            "the mirror's protocol http → https"),
        Row(
            "mirror.host", "deb.debian.org", "mirror.lab", .live, "the mirror's host deb.debian.org → mirror.lab"),
        Row(
            "mirror.directory", "directory: /debian", "directory: /deb", .live,
            "the mirror's directory /debian → /deb"),
        Row(
            "mirror.components", "components: [main]", "components: [contrib, main]", .live,
            "components of the archive: main → main contrib"),
        Row(
            "nonfree_firmware", "nonfree_firmware: false", "nonfree_firmware: true", .live,
            "firmware that is not free software: false → true"),
        Row(
            "mirror.proxy", "10.8.8.9:3128", "10.8.8.9:3129", .live,
            "the proxy for packages http://10.8.8.9:3128 → http://10.8.8.9:3129"),
        Row(
            "mirror.security", "security: true", "security: false", .live,
            "the security archive: true → false"),
        Row(
            "boot_server.address", "boot_server: {address: 10.8.8.1", "boot_server: {address: 10.8.8.2", .cosmetic,
            "pxe/dnsmasq.conf: changed"),
        Row(
            "boot_server.port", "port: 8000", "port: 8001", .cosmetic,
            "pxe/tftp/ipxe/mac-08-00-27-08-08-13.ipxe: changed"),
        Row(
            "report_url", "report_url: http://10.8.8.1:8000", "report_url: http://10.8.8.1:9000", .live,
            "reports go to http://10.8.8.1:8000 → http://10.8.8.1:9000"),
        Row(
            "networks.*.subnet", "subnet: 192.0.2.0/24", "subnet: 192.0.2.0/25", .network,
            "eth1: subnet 192.0.2.0/24 → 192.0.2.0/25"),
        Row(
            "networks.*.dhcp", "gateway: 192.0.2.1, dns: [192.0.2.53]}", "dhcp: true}", .network,
            "eth1: static → by DHCP"),
        Row(
            "networks.*.gateway", "gateway: 192.0.2.1,", "gateway: 192.0.2.2,", .network,
            "eth1: the default gateway 192.0.2.1 → 192.0.2.2"),
        Row("networks.*.dns", "dns: [192.0.2.53]", "dns: [192.0.2.54]", .live, "eth1: name server 192.0.2.54: added"),
        Row(
            "networks.*.search", "search: [a.example]", "search: [b.example]", .live,
            "bond1: search domain b.example: added"),
        Row("networks.*.vlan", "vlan: 6", "vlan: 16", .network, "san: VLAN 6 → 16"),
        Row("networks.*.mtu", "mtu: 9000", "mtu: 8000", .network, "bond1: MTU 9000 → 8000"),
        Row(
            "networks.*.routes.*", "10.70.0.0/16: 10.9.7.1}", "10.70.0.0/16: 10.9.7.2}", .network,
            "bond1: 10.70.0.0/16: route by 10.9.7.1 → 10.9.7.2"),
        Row(
            "networks.*.ipv6.method", "side: {subnet: 10.9.9.0/24}", "side: {subnet: 10.9.9.0/24, ipv6: {method: off}}",
            .network, "eth2: IPv6 auto → off"),
        Row(
            "networks.*.ipv6.subnet", "2001:db8:7::/64", "2001:db8:7::/65", .network,
            "bond1: IPv6 subnet 2001:db8:7::/64 → 2001:db8:7::/65"),
        Row(
            "networks.*.ipv6.gateway", "2001:db8:7::1\"", "2001:db8:7::2\"", .network,
            "bond1: the IPv6 default gateway 2001:db8:7::1 → 2001:db8:7::2"),
        Row("nodes.*.cpus", "cpus: 4", "cpus: 8", .cosmetic, "qemu/lab: changed"),
        Row(
            "nodes.*.memory", "memory: 8 GiB", "memory: 16 GiB", .cosmetic,
            "the machine's memory 8 GiB → 16 GiB: needs more memory in the machine itself"),
        Row(
            "nodes.*.firmware", "firmware: bios", "firmware: uefi", .erases,
            "firmware bios → uefi: reinstall, ERASES"),
        Row("nodes.*.serial", "serial: CZC1", "serial: CZC2", .cosmetic, "usb/seed/xenseed/nodes: changed"),
        Row(
            "nodes.*.disk.device", "device: /dev/sda", "device: /dev/sdb", .erases,
            "disk /dev/sda → /dev/sdb: reinstall, ERASES"),
        Row(
            "nodes.*.disk.by_id", "by_id: ata-DISK_1", "by_id: ata-DISK_2", .erases,
            "?disk /dev/disk/by-id/ata-DISK_1 → /dev/disk/by-id/ata-DISK_2"),
        Row(
            "nodes.*.disk.select", "{by_id: ata-DISK_1}", "{select: only}", .erases,
            "?disk /dev/disk/by-id/ata-DISK_1 → "),
        Row("nodes.*.disk.size", "size: 100 GiB", "size: 200 GiB", .cosmetic, "qemu/lab: changed"),
        Row(
            "nodes.*.disk.layout", "disk: {by_id: ata-DISK_1}", "disk: {by_id: ata-DISK_1, layout: lvm}", .erases,
            "the disk's layout plain → lvm: reinstall, ERASES"),
        Row("nodes.*.disk.swap", "swap: 1 GiB", "swap: 2 GiB", .erases, "swap 1 GiB → 2 GiB: reinstall, ERASES"),
        Row(
            "nodes.*.disk.volume_group", "volume_group: vg0", "volume_group: vg1", .erases,
            "the volume group vg0 → vg1: reinstall, ERASES"),
        Row(
            "nodes.*.disk.root", "root: 8 GiB", "root: 9 GiB", .erases,
            "the root volume 8 GiB → 9 GiB: reinstall, ERASES"),
        Row(
            "nodes.*.disk.free", "free: 20 GiB", "free: 21 GiB", .cosmetic,
            "free space in the volume group: 20 GiB → 21 GiB"),
        Row(
            "nodes.*.disk.recipe", "{by_id: ata-DISK_1}",
            "{by_id: ata-DISK_1, recipe: \"own :: 1 1 1 free method{ biosgrub } . 3000 3000 -1 ext4 method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ / } .\"}",
            .erases, "?the disk's layout plain → own :: 1 1 1 free method{ biosgrub } . 3000 3000 -1 ext4"),
        Row(
            "nodes.*.disk.keep", "keep: [/dev/sdc]", "keep: [/dev/sdd]", .cosmetic,
            "kept disk /dev/sdd: added"),
        Row(
            "nodes.*.disk.raid", "{by_id: ata-DISK_1}", "{raid: 1, devices: [/dev/sda, /dev/sdb]}", .erases,
            "RAID 1: added: reinstall, ERASES"),
        Row(
            "nodes.*.disk.devices", "{by_id: ata-DISK_1}", "{raid: 1, devices: [/dev/sda, /dev/sdb]}", .erases,
            "disk /dev/disk/by-id/ata-DISK_1 → /dev/sda /dev/sdb: reinstall, ERASES"),
        Row(
            "nodes.*.disk.volumes.*", "volumes: {web1-disk: 4 GiB}", "volumes: {web1-disk: 4 GiB, web2-disk: 6 GiB}",
            .live, "web2-disk: the volume 6 GiB: added"),
        Row(
            "nodes.*.volume_groups.*.devices", "devices: [/dev/sde]", "devices: [/dev/sde, /dev/sdf]", .live,
            "guests: disk of the volume group /dev/sdf: added"),
        Row(
            "nodes.*.volume_groups.*.erase", "devices: [/dev/sde]",
            "devices: [/dev/sde], erase: EVERYTHING ON THESE DISKS", .live,
            "guests: the next installation erases EVERYTHING ON THESE DISKS: added"),
        Row(
            "nodes.*.volume_groups.*.volumes.*", "web1-data: 5 GiB", "web1-data: 4 GiB", .erases,
            "web1-data: the volume 5 GiB → 4 GiB: smaller, ERASES the end of the volume"),
        Row(
            "nodes.*.interfaces.*.mac", "08:00:27:08:08:13", "08:00:27:08:08:33", .network,
            "eth1: card 08:00:27:08:08:13 → 08:00:27:08:08:33"),
        Row(
            "nodes.*.interfaces.*.network", "network: side, address: 10.9.9.5", "network: more, address: 10.9.8.5",
            .network, "eth2: address 10.9.9.5 → 10.9.8.5"),
        Row(
            "nodes.*.interfaces.*.address", "address: 172.16.22.13", "address: 172.16.22.15", .network,
            "eth0: address 172.16.22.13 → 172.16.22.15"),
        Row(
            "nodes.*.interfaces.*.bridge", "08:00:27:08:08:23\", network: side, address: 10.9.9.5}",
            "08:00:27:08:08:23\", bridge: xenbr0}",
            .network, "eth2: port of xenbr0: added: network cut-over"),
        Row(
            "nodes.*.interfaces.*.bond", "08:00:27:08:08:63\", bond: bond0", "08:00:27:08:08:63\", bond: bond1",
            .network,
            "eth5: member of bond0 → bond1: network cut-over"),
        Row(
            "nodes.*.interfaces.*.more_addresses", "10.75.0.5/24", "10.75.0.6/24", .network,
            "eth0: additional address 10.75.0.6/24: added"),
        Row(
            "nodes.*.interfaces.*.ipv6_address", "2001:db8:22::13", "2001:db8:22::15", .network,
            "eth0: IPv6 address 2001:db8:22::13 → 2001:db8:22::15"),
        Row(
            "nodes.*.bonds.*.mode", "mode: 802.3ad, miimon: 100, updelay: 200, downdelay: 300, lacp_rate: fast, ",
            "mode: balance-xor, miimon: 100, updelay: 200, downdelay: 300, ", .network,
            "bond0: bond mode 802.3ad → balance-xor"),
        Row("nodes.*.bonds.*.miimon", "miimon: 100", "miimon: 50", .network, "bond0: link check 100 ms → 50 ms"),
        Row("nodes.*.bonds.*.updelay", "updelay: 200", "updelay: 400", .network, "bond0: up delay 200 ms → 400 ms"),
        Row("nodes.*.bonds.*.downdelay", "downdelay: 300", "downdelay: 0", .network, "bond0: down delay 300 ms → 0 ms"),
        Row(
            "nodes.*.bonds.*.lacp_rate", "lacp_rate: fast", "lacp_rate: slow", .network, "bond0: LACP rate fast → slow"),
        Row(
            "nodes.*.bonds.*.xmit_hash_policy", "xmit_hash_policy: layer3+4", "xmit_hash_policy: layer2", .network,
            "bond0: hash policy layer3+4 → layer2"),
        Row("nodes.*.bonds.*.primary", "primary: eth6", "primary: eth7", .network, "bond1: primary member eth6 → eth7"),
        Row(
            "nodes.*.bonds.*.network",
            "network: sync, address: 10.9.7.5, more_addresses: [10.77.0.5/24], ipv6_address: \"2001:db8:7::5\"",
            "network: more, address: 10.9.8.5", .network, "bond1: network sync → more"),
        Row(
            "nodes.*.bonds.*.address", "address: 10.9.7.5", "address: 10.9.7.6", .network,
            "bond1: address 10.9.7.5 → 10.9.7.6"),
        Row(
            "nodes.*.bonds.*.more_addresses", "10.77.0.5/24", "10.77.0.6/24", .network,
            "bond1: additional address 10.77.0.5/24: removed"),
        Row(
            "nodes.*.bonds.*.ipv6_address", "2001:db8:7::5", "2001:db8:7::6", .network,
            "bond1: IPv6 address 2001:db8:7::5 → 2001:db8:7::6"),
        Row(
            "nodes.*.vlans.*.port", "san: {port: bond0", "san: {port: eth2", .network,
            "san: VLAN of bond0 → eth2: network cut-over"),
        Row("nodes.*.vlans.*.address", "10.9.6.5", "10.9.6.6", .network, "san: address 10.9.6.5 → 10.9.6.6"),
        Row(
            "nodes.*.vlans.*.more_addresses", "10.76.0.5/24", "10.76.0.6/24", .network,
            "san: additional address 10.76.0.6/24: added"),
        Row(
            "nodes.*.vlans.*.ipv6_address", "2001:db8:6::5", "2001:db8:6::6", .network,
            "san: IPv6 address 2001:db8:6::5 → 2001:db8:6::6"),
        Row(
            "nodes.*.bridges.*.more_addresses", "10.78.0.5/24", "10.78.0.6/24", .network,
            "br5: additional address 10.78.0.6/24: added"),
        Row(
            "nodes.*.bridges.*.ipv6_address", "2001:db8:5::5", "2001:db8:5::6", .network,
            "br5: IPv6 address 2001:db8:5::5 → 2001:db8:5::6"),
        Row(
            "nodes.*.bridges.*.port", "br5: {network: five, port: bond0", "br5: {network: five, port: eth2", .network,
            "br5: port bond0 → eth2: network cut-over"),
        Row(
            "nodes.*.bridges.*.network", "xenbr0: {network: lan, address: 10.8.8.13",
            "xenbr0: {network: spare, address: 10.8.9.13", .network,
            "xenbr0: network lan → spare"),
        Row(
            "nodes.*.bridges.*.address", "address: 10.8.8.13", "address: 10.8.8.15", .network,
            "xenbr0: address 10.8.8.13 → 10.8.8.15"),
        Row("nodes.*.bridges.*.stp", "stp: false", "stp: true", .network, "xenbr0: spanning tree off → on"),
        Row("nodes.*.bridges.*.waitport", "waitport: 0", "waitport: 5", .network, "xenbr0: waitport 0 → 5"),
        Row("nodes.*.bridges.*.fd", "fd: 0", "fd: 4", .network, "xenbr0: forwarding delay 0 → 4"),
        Row("nodes.*.bridges.*.maxwait", "maxwait: 0", "maxwait: 9", .network, "xenbr0: maxwait 0 → 9"),
        Row(
            "nodes.*.install", "install: eth1", "install: eth3", .cosmetic,
            "the installer's card eth1 → eth3"),
        Row(
            "nodes.*.dom0.memory", "dom0: {memory: 1 GiB", "dom0: {memory: 1536 MiB", .reboot,
            "dom0 memory 1 GiB → 1536 MiB: takes a reboot"),
        Row(
            "nodes.*.dom0.memory_min", "memory_min: 512 MiB", "memory_min: 640 MiB", .reboot,
            "dom0 memory at least 512 MiB → 640 MiB: takes a reboot"),
        Row(
            "nodes.*.dom0.memory_max", "memory_max: 2 GiB", "memory_max: 3 GiB", .reboot,
            "dom0 memory at most 2 GiB → 3 GiB: takes a reboot"),
        Row("nodes.*.dom0.vcpus", "vcpus: 2", "vcpus: 3", .reboot, "dom0 virtual CPUs 2 → 3: takes a reboot"),
        Row("nodes.*.dom0.pin", "pin: true", "pin: false", .reboot, "dom0 virtual CPUs are not pinned: takes a reboot"),
        Row("nodes.*.dom0.options", "iommu=on", "iommu=off", .reboot, "option of Xen iommu=off: added"),
        Row(
            "nodes.*.console", "console: ttyS0,115200", "console: ttyS1,115200", .reboot,
            "serial console ttyS0,115200 → ttyS1,115200"),
        Row("nodes.*.grub.timeout", "timeout: 1", "timeout: 5", .live, "GRUB's menu is shown 1 s → 5 s"),
        Row(
            "nodes.*.grub.disable_linux_uuid", "disable_linux_uuid: true", "disable_linux_uuid: false", .reboot,
            "root is named by its UUID"),
        Row("nodes.*.grub.linux_options", "panic=10", "panic=20", .reboot, "option of Linux panic=20: added"),
        Row(
            "nodes.*.xendomains.save", "save: /var/lib/xen/save", "save: /srv/save", .live,
            "guests are saved into /srv/save when dom0 stops"),
        Row(
            "nodes.*.xendomains.restore", resolved: "\"restore\": false", "\"restore\": true", .live,
            "saved guests are restored at boot"),
        Row(
            "nodes.*.xendomains.auto", "auto: /etc/xen/auto", "auto: none", .live,
            "guests that start at boot: /etc/xen/auto → none"),
        Row(
            "nodes.*.xendomains.stop_maxwait", "stop_maxwait: 300", "stop_maxwait: 60", .live,
            "seconds for each guest to stop: 300 → 60"),
        // All releases have the same toolstack, so the resolved lab is edited.
        Row(
            "nodes.*.toolstack", resolved: "\"toolstack\": \"xl\"", "\"toolstack\": \"xm\"", .reboot,
            "the toolstack xl → xm"),
        Row(
            "nodes.*.access.authorized_keys", key("A") + " ann@desk", key("B") + " bob@desk", .live,
            "?root's key of bob@desk"),
        Row("nodes.*.access.root_password", "$6$saltsalt$xx", "$6$saltsalt$yy", .live, "root's password: changed"),
        Row(
            "nodes.*.access.root_password_file", "root_password: \"$6$saltsalt$\(String(repeating: "x", count: 86))\"",
            "root_password_file: hash", .live, "root's password: changed"),
        Row(
            "nodes.*.access.root", "access: {root: true}", "access: {root: false}", .live, "root may no longer log in"),
        Row(
            "nodes.*.access.ssh_passwords", "ssh_passwords: false", "ssh_passwords: true", .live,
            "users may log in over SSH with passwords"),
        Row(
            "nodes.*.access.users.*.full_name", "full_name: Carla", "full_name: Carla B", .live,
            "user carla: full name Carla → Carla B"),
        Row(
            "nodes.*.access.users.*.keys", key("A") + " carla@desk", key("B") + " carla@desk", .live,
            "?user carla: key of carla@desk"),
        Row(
            "nodes.*.access.users.*.password", "$6$saltsalt$cc", "$6$saltsalt$dd", .live,
            "user carla: password: changed"),
        Row(
            "nodes.*.access.users.*.password_file", "password: \"$6$saltsalt$\(String(repeating: "c", count: 86))\"",
            "password_file: hash", .live, "user carla: password: changed"),
        Row("nodes.*.access.users.*.sudo", "sudo: nopasswd", "sudo: true", .live, "user carla: sudo nopasswd → true"),
        Row(
            "nodes.*.access.users.*.groups", "groups: [adm]", "groups: [staff]", .live, "user carla: group staff: added"
        ),
        Row(
            "nodes.*.access.users.*.shell", "shell: /bin/bash", "shell: /bin/sh", .live,
            "user carla: shell /bin/bash → /bin/sh"),
        Row("nodes.*.access.users.*.uid", "uid: 1500", "uid: 1501", .live, "user carla: number 1500 → 1501"),
        Row("nodes.*.packages", "packages: [htop]", "packages: [tmux]", .live, "package tmux: added"),
        Row("nodes.*.recommends", "recommends: true", "recommends: false", .live, "recommended packages: true → false"),
        Row(
            "nodes.*.upgrade", "upgrade: true", "upgrade: false", .cosmetic,
            "updates during the installation: true → false"),
        Row(
            "nodes.*.microcode", "microcode: false", "microcode: true", .reboot,
            "microcode by the hypervisor: false → true"),
        Row("nodes.*.initramfs", "initramfs: most", "initramfs: dep", .reboot, "drivers in the initramfs: most → dep"),
        Row("nodes.*.files.folder", "folder: files", "folder: other", .live, "/etc/motd: changed content"),
        Row(
            "nodes.*.files.modes.*", "/etc/motd: \"0644\"", "/etc/motd: \"0600\"", .live, "/etc/motd: mode 0644 → 0600"),
        Row("nodes.*.files.owners.*", "root:adm", "root:staff", .live, "/etc/motd: owner root:adm → root:staff"),
        Row("nodes.*.late_script", "late_script: late.sh", "late_script: other.sh", .live, "?changed content"),
        Row("guests.*.on", "on: [xen01, xen02]", "on: [xen02, xen01]", .network, "guest web1: node xen01: added"),
        Row(
            "guests.*.type", "type: pvh", "type: hvm", .reboot,
            "guest web1: type pvh → hvm: takes a restart of the guest"),
        Row(
            "guests.*.vcpus", "vcpus: 3, memory", "vcpus: 1, memory", .reboot,
            "guest web1: virtual CPUs 3 → 1: takes a restart of the guest"),
        Row(
            "guests.*.memory", "memory: 256 MiB", "memory: 320 MiB", .reboot,
            "guest web1: memory 256 MiB → 320 MiB: takes a restart of the guest"),
        Row(
            "guests.*.disk", "memory: 256 MiB, disk: 4 GiB", "memory: 256 MiB, disk: 3 GiB", .erases,
            "guest web1: the disk 4 GiB → 3 GiB: smaller, ERASES the end of the volume"),
        Row(
            "guests.*.volume_group", "volume_group: vg0, bridge", "volume_group: guests, bridge", .reboot,
            "guest db1: volume group vg0 → guests: a new, empty volume; the old one stays"),
        Row("guests.*.bridge", "bridge: br5, mac", "bridge: xenbr0, mac", .network, "guest db1: bridge br5 → xenbr0"),
        Row(
            "guests.*.mac", "00:16:3e:00:00:07", "00:16:3e:00:00:08", .network,
            "guest db1: card 00:16:3e:00:00:07 → 00:16:3e:00:00:08"),
        Row(
            "guests.*.start_on", "start_on: xen01", "start_on: xen02", .live,
            "guest web1: started at boot by xen01 → xen02"),
        Row(
            "guests.*.kernel", "/boot/db1,", "/boot/db2,", .reboot,
            "guest db1: kernel /boot/db1 → /boot/db2: takes a restart of the guest"),
        Row(
            "guests.*.initrd", "/boot/db1.img", "/boot/db2.img", .reboot,
            "guest db1: initrd /boot/db1.img → /boot/db2.img: takes a restart of the guest"),
        Row(
            "guests.*.kernel_options", "kernel_options: [quiet]", "kernel_options: [debug]", .reboot,
            "guest db1: option of the kernel debug: added"),
        Row(
            "guests.*.cpuid", "avx2=0", "avx2=0,avx512f=0", .reboot,
            "guest web1: CPUID host,avx2=0 → host,avx2=0,avx512f=0: takes a restart of the guest"),
        Row("guests.*.minor", "minor: 5", "minor: 6", .network, "guest web1: DRBD device 5 → 6"),
        Row("guests.*.port", "port: 7790", "port: 7799", .network, "guest web1: DRBD port 7790 → 7799"),
        Row(
            "replication.network", "replication: {network: drbd", "replication: {network: side", .network,
            "disks are replicated over the network drbd → side"),
        Row(
            "replication.keys", "keys: keys", "keys: other-keys", .live,
            "the directory of the nodes' keys keys → other-keys"),
    ]

    private static let keys = LabFiles.File.keys(of: ["xen01", "xen02", "xen09"])

    static let labFiles = LabFiles(
        read: { path throws(LabError) in
            switch path {
            case "hash": Array(("$6$saltsalt$" + String(repeating: "z", count: 86) + "\n").utf8)
            default: Array("#!/bin/sh\necho \(path)\n".utf8)
            }
        },
        list: { path throws(LabError) in
            ["keys", "other-keys"].contains(path)
                ? keys
                : [.init(path: "etc/motd", isExecutable: false, content: Array("welcome to \(path)\n".utf8))]
        })

    /// Reading the templates takes longer than planning a lab.
    private static let templates = Result { try TemplateSet() }

    private static func snapshot(_ text: String) async throws -> PlannedSnapshot {
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: labFiles)
        return try await PlannedSnapshot(
            Plan(lab: try #require(lab, "\(report.text())"), templates: try templates.get()), name: "lab")
    }

    @Test func eachField() async throws {
        let before = try await Self.snapshot(Self.lab)
        #expect(try Review(from: before, to: before).changes.isEmpty)
        for row in Self.rows {
            #expect(row.isResolved || Self.lab.contains(row.old), "\(row.field)")
            let after: any Snapshot
            do {
                after =
                    row.isResolved
                    ? try Edited(before, replacing: row.old, with: row.new)
                    : try await Self.snapshot(Self.lab.replacing(row.old, with: row.new))
            } catch {
                Issue.record("\(row.field): \(error)")
                continue
            }
            let review = try Review(from: before, to: after)
            let isPart = row.sentence.hasPrefix("?")
            let found = review.changes.contains { change in
                change.risk == row.risk
                    && (isPart ? change.sentence.contains(row.sentence.dropFirst()) : change.sentence == row.sentence)
            }
            let said = review.changes.map { "\($0.risk.name) \($0.node ?? "-"): \($0.sentence)" }.joined(
                separator: "\n")
            #expect(
                found && review.highest == row.highest ?? row.risk && review.problems.isEmpty, "\(row.field):\n\(said)")
        }
    }

    /// If a change removes the last way to log in to a node, the risk is `network`.
    @Test(arguments: [
        ("users: {ann: {keys: [\"\(key("A")) ann\"], sudo: nopasswd}}", "users: {ann: {sudo: nopasswd}}", true),
        ("users: {ann: {password_file: hash, sudo: true}}", "users: {}", true),
        ("authorized_keys: [\"\(key("A")) ann\"]", "authorized_keys: []", true),
        ("authorized_keys: [\"\(key("A")) ann\"]", "users: {ann: {password_file: hash, sudo: true}}", false),
        ("users: {}", "authorized_keys: []", false),
    ])
    func lastLogin(_ access: (old: String, new: String, isLast: Bool)) async throws {
        func lab(_ access: String) -> String {
            """
            release: bookworm
            domain: hl.local
            networks:
              lan: {subnet: 10.8.8.0/24, dhcp: true}
            nodes:
              xen01:
                cpus: 4
                interfaces:
                  eth0: {mac: "08:00:27:16:22:13", network: lan}
                access: {\(access)}
            """
        }
        let review = try Review(
            from: try await Self.snapshot(lab(access.old)), to: try await Self.snapshot(lab(access.new)))
        let found = review.changes.contains {
            $0.sentence == "nobody can log in any more" && $0.risk == .network && $0.node == "xen01"
                && $0.field == "nodes.xen01.access"
        }
        #expect(found == access.isLast, "\(review.text())")
    }

    /// The rows above cover every field of the schema.
    @Test func everyFieldIsThere() throws {
        let text = try Data(contentsOf: checkout.appending(path: "Sources/Lab/Reader/lab.schema.json"))
        let schema = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        let definitions = (schema["$defs"] ?? schema["definitions"]) as? [String: Any] ?? [:]
        var fields: Set<String> = []
        func simulation(_ node: [String: Any], _ path: [String]) {
            if let reference = node["$ref"] as? String, let name = reference.split(separator: "/").last,
                let target = definitions[String(name)] as? [String: Any]
            {
                return simulation(target, path)
            }
            if let properties = node["properties"] as? [String: [String: Any]] {
                for (name, value) in properties { simulation(value, path + [name]) }
            } else if let value =
                (node["additionalProperties"] ?? (node["patternProperties"] as? [String: Any])?.values.first)
                as? [String: Any]
            {
                simulation(value, path + ["*"])
            } else {
                fields.insert(path.joined(separator: "."))
            }
        }
        simulation(schema, [])
        // Fields under `defaults` are fields of nodes.
        let asked = Set(fields.filter { !$0.hasPrefix("defaults.") })
        #expect(asked == Set(Self.rows.map(\.field)))
    }
}
