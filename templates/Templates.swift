/// The templates, as text carried in the program.
///
/// A file of the same name in the folder given by `--templates` takes a template's place.
public enum Template: String, CaseIterable, Sendable {
    case preseed = "preseed.cfg"
    case lateCommand = "late-command.sh"
    case readme = "README.md"
    case starter = "starter.yaml"
    case interfaces, hosts, xendomains, toolstack, expect
    case grub = "grub.cfg"
    case nicNames = "persistent-net.rules"
    case aptSources = "sources.list"
    case aptConf = "apt.conf"
    case resolv = "resolv.conf"
    case authorizedKeys = "authorized_keys"
    case verifyScript = "xenseed-verify.sh"
    case verifyUnit = "xenseed-verify.service"

    public var text: [UInt8] {
        switch self {
        case .preseed: PackageResources.preseed_cfg
        case .lateCommand: PackageResources.late_command_sh
        case .readme: PackageResources.README_md
        case .starter: PackageResources.starter_yaml
        case .interfaces: PackageResources.interfaces
        case .hosts: PackageResources.hosts
        case .xendomains: PackageResources.xendomains
        case .toolstack: PackageResources.toolstack
        case .expect: PackageResources.expect
        case .grub: PackageResources.grub_cfg
        case .nicNames: PackageResources.persistent_net_rules
        case .aptSources: PackageResources.sources_list
        case .aptConf: PackageResources.apt_conf
        case .resolv: PackageResources.resolv_conf
        case .authorizedKeys: PackageResources.authorized_keys
        case .verifyScript: PackageResources.xenseed_verify_sh
        case .verifyUnit: PackageResources.xenseed_verify_service
        }
    }
}
