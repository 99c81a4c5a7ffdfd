/// The templates, whose texts are part of the program.
///
/// A file of the same path in the directory of `--templates` replaces a template.
package enum Template: String, CaseIterable, Sendable {
    case preseed = "preseed.cfg"
    case lateCommand = "late-command.sh"
    case readme = "README.md"
    case overview = "overview.svg"
    case starter = "starter.yaml"
    /// The reference lab; a link to `lab.yaml` of the repository.
    case article = "article.yaml"
    case interfaces, hosts, xendomains, toolstack, expect
    case grub = "grub.cfg"
    case carrierWait = "wait-for-carrier.sh"
    case nicNames = "persistent-net.rules"
    case cards
    case cardsRule = "xenseed-cards.rules"
    case cardsScript = "xenseed-cards.sh"
    case cardsUnit = "xenseed-cards.service"
    case aptSources = "sources.list"
    case aptConf = "apt.conf"
    case aptHook = "apt-hook.conf"
    case resolv = "resolv.conf"
    case authorizedKeys = "authorized_keys"
    case sshd = "sshd.conf"
    case sudoers
    case serialGetty = "serial-getty.conf"
    case verifyScript = "xenseed-verify.sh"
    case verifyUnit = "xenseed-verify.service"
    case verifyTimer = "xenseed-verify.timer"
    case verifySoonTimer = "xenseed-verify-soon.timer"
    case espScript = "xenseed-esp.sh"
    case espHook = "esp-hook.conf"
    case timesyncd = "timesyncd.conf"
    case xlConf = "xl.conf"
    case xendomainsUnit = "xendomains-unit.conf"
    case guests
    case guest = "guest.cfg"
    case guestResource = "guest.res"
    case guestsScript = "xenseed-guests.sh"
    case guestsUnit = "xenseed-guests.service"
    case guestDemoScript = "xenseed-guest-demo.sh"
    case lvmFilter = "lvmlocal.conf"
    case drbdModule = "drbd-module.conf"
    case migrateScript = "xenseed-migrate.sh"
    case migratePeerScript = "xenseed-migrate-peer.sh"
    case migrationHosts = "migration-hosts"
    case verifyWaits = "verify-waits.conf"

    case githubCI = "ci/github.yml"
    case gitlabCI = "ci/gitlab.yml"

    case pxelinuxNode = "pxe/pxelinux-node.cfg"
    case pxelinuxDefault = "pxe/pxelinux-default.cfg"
    case grubNetboot = "pxe/grub-netboot.cfg"
    case grubNode = "pxe/grub-node.cfg"
    case ipxe = "pxe/boot.ipxe"
    case ipxeNode = "pxe/node.ipxe"
    case ipxeDisk = "pxe/disk.ipxe"
    case dnsmasq = "pxe/dnsmasq.conf"
    case dnsmasqProxy = "pxe/dnsmasq-proxy.conf"
    case dhcpd = "pxe/dhcpd.conf"
    case seedPreseed = "usb/seed-preseed.cfg"
    case seedNodes = "usb/seed-nodes"
    case findNode = "usb/find-node.sh"
    case findNodeQuestions = "usb/find-node.templates"
    case isolinux = "usb/isolinux.cfg"
    case grubMedium = "usb/grub-medium.cfg"
    case machines = "machines.sh"
    case machineCards = "cards.sh"
    case virtualBox = "virtualbox/virtualbox-lab.sh"
    case qemu = "qemu/qemu-lab.sh"
    case libvirt = "libvirt/libvirt-lab.sh"
    case libvirtNode = "libvirt/node.xml"
    case libvirtNetwork = "libvirt/network.xml"

    /// Partial templates: parts of other templates, which include them with `{{> PATH}}`.
    package static let partials: [Template] = [.machines, .machineCards]

    package var text: [UInt8] {
        switch self {
        case .preseed: PackageResources.preseed_cfg
        case .githubCI: PackageResources.github_yml
        case .gitlabCI: PackageResources.gitlab_yml
        case .lateCommand: PackageResources.late_command_sh
        case .readme: PackageResources.README_md
        case .machines: PackageResources.machines_sh
        case .machineCards: PackageResources.cards_sh
        case .overview: PackageResources.overview_svg
        case .starter: PackageResources.starter_yaml
        case .article: PackageResources.article_yaml
        case .interfaces: PackageResources.interfaces
        case .hosts: PackageResources.hosts
        case .xendomains: PackageResources.xendomains
        case .toolstack: PackageResources.toolstack
        case .expect: PackageResources.expect
        case .grub: PackageResources.grub_cfg
        case .carrierWait: PackageResources.wait_for_carrier_sh
        case .nicNames: PackageResources.persistent_net_rules
        case .cards: PackageResources.cards
        case .cardsRule: PackageResources.xenseed_cards_rules
        case .cardsScript: PackageResources.xenseed_cards_sh
        case .cardsUnit: PackageResources.xenseed_cards_service
        case .aptSources: PackageResources.sources_list
        case .aptConf: PackageResources.apt_conf
        case .aptHook: PackageResources.apt_hook_conf
        case .resolv: PackageResources.resolv_conf
        case .authorizedKeys: PackageResources.authorized_keys
        case .sshd: PackageResources.sshd_conf
        case .sudoers: PackageResources.sudoers
        case .serialGetty: PackageResources.serial_getty_conf
        case .verifyScript: PackageResources.xenseed_verify_sh
        case .verifyUnit: PackageResources.xenseed_verify_service
        case .verifyTimer: PackageResources.xenseed_verify_timer
        case .verifySoonTimer: PackageResources.xenseed_verify_soon_timer
        case .espScript: PackageResources.xenseed_esp_sh
        case .espHook: PackageResources.esp_hook_conf
        case .timesyncd: PackageResources.timesyncd_conf
        case .xlConf: PackageResources.xl_conf
        case .xendomainsUnit: PackageResources.xendomains_unit_conf
        case .guests: PackageResources.guests
        case .guest: PackageResources.guest_cfg
        case .guestResource: PackageResources.guest_res
        case .guestsScript: PackageResources.xenseed_guests_sh
        case .guestsUnit: PackageResources.xenseed_guests_service
        case .guestDemoScript: PackageResources.xenseed_guest_demo_sh
        case .lvmFilter: PackageResources.lvmlocal_conf
        case .drbdModule: PackageResources.drbd_module_conf
        case .migrateScript: PackageResources.xenseed_migrate_sh
        case .migratePeerScript: PackageResources.xenseed_migrate_peer_sh
        case .migrationHosts: PackageResources.migration_hosts
        case .verifyWaits: PackageResources.verify_waits_conf
        case .pxelinuxNode: PackageResources.pxelinux_node_cfg
        case .pxelinuxDefault: PackageResources.pxelinux_default_cfg
        case .grubNetboot: PackageResources.grub_netboot_cfg
        case .grubNode: PackageResources.grub_node_cfg
        case .ipxe: PackageResources.boot_ipxe
        case .ipxeNode: PackageResources.node_ipxe
        case .ipxeDisk: PackageResources.disk_ipxe
        case .dnsmasq: PackageResources.dnsmasq_conf
        case .dnsmasqProxy: PackageResources.dnsmasq_proxy_conf
        case .dhcpd: PackageResources.dhcpd_conf
        case .seedPreseed: PackageResources.seed_preseed_cfg
        case .seedNodes: PackageResources.seed_nodes
        case .findNode: PackageResources.find_node_sh
        case .findNodeQuestions: PackageResources.find_node_templates
        case .isolinux: PackageResources.isolinux_cfg
        case .grubMedium: PackageResources.grub_medium_cfg
        case .virtualBox: PackageResources.virtualbox_lab_sh
        case .qemu: PackageResources.qemu_lab_sh
        case .libvirt: PackageResources.libvirt_lab_sh
        case .libvirtNode: PackageResources.node_xml
        case .libvirtNetwork: PackageResources.network_xml
        }
    }
}
