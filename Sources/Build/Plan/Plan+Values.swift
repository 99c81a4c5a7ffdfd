import Lab
import Preseed
import Templates

/// The subject of a template: what its values are computed from. It always includes the plan of a lab.
protocol TemplateSubject: Sendable {
    var plan: Plan { get }
}

extension TemplateSubject {
    var lab: Lab { plan.lab }
}

/// The subject of templates that need only the lab.
extension Plan: TemplateSubject {
    var plan: Plan { self }
}

/// The subject of templates that need a node and its lab.
final class NodeSubject: TemplateSubject {
    let plan: Plan
    let node: Node
    /// The hexadecimal digest of the file that the rendered one refers to: the overlay for a late command, the late
    /// command for a preseed, and the preseed for boot files. It is empty for other files.
    let digest: String

    init(_ plan: Plan, _ node: Node, digest: String = "") {
        (self.plan, self.node, self.digest) = (plan, node, digest)
    }
}

extension Plan {
    /// All templates from which files of a lab are rendered.
    static let templateDefinitions: [AnyTemplateDefinition] =
        [preseed.erased, lateCommand.erased] + overlayTemplates
        + [
            readme.erased, overview.erased, virtualBox.erased, qemu.erased,
            libvirt.erased, libvirtNode.erased, libvirtNetwork.erased,
            pxelinuxNode.erased, ipxeNode.erased, grubNode.erased, ipxeDisk.erased,
            dnsmasq.erased, dnsmasqProxy.erased, dhcpd.erased, pxelinuxDefault.erased, ipxe.erased, grubNetboot.erased,
            seedPreseed.erased, findNode.erased, findNodeQuestions.erased, seedNodes.erased,
            isolinux.erased, grubMedium.erased,
        ]

    /// Returns the values of every template whose file is not the same in all labs.
    @TemplateValues<Subject>
    static func labValues<Subject: TemplateSubject>() -> [TemplateValue<Subject>] {
        TemplateValue("made_by", from: .fact("the comment that names xenseed")) { _ in Self.madeBy }
        TemplateValue("domain", from: "domain") { $0.lab.domain }
        TemplateValue("codename", from: "release") { $0.lab.release.codename }
        TemplateValue("release_number", from: "release") { $0.lab.release.number }
        TemplateValue(flag: "archived", from: ["release", .expiredKeys]) { $0.lab.release.signaturesExpired }
    }

    /// The values of every template of one node's files.
    @TemplateValues<NodeSubject>
    static var nodeValues: [TemplateValue<NodeSubject>] {
        labValues()
        TemplateValue("node", from: .nodeName) { $0.node.name }
        TemplateValue("fqdn", from: ["domain", .nodeName]) { $0.lab.fullName($0.node.name) }
        TemplateValue("diverted", from: .fact("the path of GRUB's script for Xen in Debian")) { _ in Self.diverted }
        TemplateValue("diverted_to", from: .fact("a path that sorts before GRUB's script for Linux")) { _ in
            Self.divertedTo
        }
    }

    /// Returns the section with the URL to which nodes post their progress.
    static func report<Subject: TemplateSubject>() -> TemplateValue<Subject> {
        TemplateValue(optional: "report", from: "report_url", of: { $0.lab.reportURL }) {
            TemplateValue("host") { $0.host }
            TemplateValue("port") { $0.port }
            TemplateValue("path") { $0.path }
        }
    }

    /// The values of the scripts with which an installer posts its progress.
    @TemplateValues<NodeSubject>
    static var installerValues: [TemplateValue<NodeSubject>] {
        nodeValues
        TemplateValue(flag: "tells", from: ["report_url", "nodes.*.console"]) {
            $0.node.console != nil || $0.lab.reportURL != nil
        }
        TemplateValue("serial_port", from: "nodes.*.console") { $0.node.console.map { "ttyS\($0.unit)" } }
        report()
        // preseed_fetch uses this proxy for everything that it fetches by HTTP (debian-installer-utils,
        // fetch-url-methods/http).
        TemplateValue("web_proxy", from: ["mirror.proxy", "mirror.protocol"]) {
            $0.lab.mirror.scheme == .http ? $0.lab.mirror.proxy : nil
        }
    }

    /// Returns a list of lines of a preseed.
    static func answers<Subject: TemplateSubject>(
        _ name: String, from sources: Sources, _ answers: @escaping @Sendable (Subject) -> [ReleaseAnswer]
    ) -> TemplateValue<Subject> {
        TemplateValue(list: name, from: sources) { subject in
            answers(subject).map { (answer: $0, release: subject.lab.release) }
        } values: {
            TemplateValue("question") { $0.answer.question }
            TemplateValue("value") { $0.answer.value }
            TemplateValue("type") { $0.release.questions[$0.answer.question]!.lineType }
        }
    }

    /// Returns the answers with which the installer does not use non-free firmware; none if the lab uses it.
    static func firmwareRefusal<Subject: TemplateSubject>() -> TemplateValue<Subject> {
        answers(
            "firmware_refusal",
            from: ["nonfree_firmware", "release", .fact("the firmware questions of the release's installer")]
        ) { $0.lab.usesNonfreeFirmware ? [] : $0.lab.release.firmwareRefusal }
    }
}

extension Sources {
    static let nodeName = fact("the node's name in the lab")
    static let eachNode = fact("each node of the lab")
    static let expiredKeys = fact("the expiry of the keys that signed the release")
    /// The fields that choose the disk.
    static let disk: Sources = [
        "nodes.*.disk.device", "nodes.*.disk.by_id", "nodes.*.disk.select", "nodes.*.disk.size",
        "nodes.*.disk.devices", "nodes.*.disk.raid",
    ]
    /// The fields that divide the disk.
    static let layout: Sources = [
        "nodes.*.disk.layout", "nodes.*.disk.recipe", "nodes.*.disk.swap", "nodes.*.disk.root",
        "nodes.*.disk.volume_group", "nodes.*.firmware",
    ]
    static let addresses: Sources = [
        "nodes.*.interfaces.*.address", "nodes.*.bonds.*.address", "nodes.*.vlans.*.address",
        "nodes.*.bridges.*.address",
        "networks.*.subnet", "networks.*.ipv6.method",
    ]
    /// The fields of further addresses, beside ``addresses``.
    static let moreAddresses: Sources = [
        "nodes.*.interfaces.*.more_addresses", "nodes.*.bonds.*.more_addresses", "nodes.*.vlans.*.more_addresses",
        "nodes.*.bridges.*.more_addresses",
    ]
    /// The fields of static IPv6 addresses, beside ``addresses``.
    static let ipv6Addresses: Sources = [
        "networks.*.ipv6.subnet", "nodes.*.interfaces.*.ipv6_address", "nodes.*.bonds.*.ipv6_address",
        "nodes.*.vlans.*.ipv6_address", "nodes.*.bridges.*.ipv6_address",
    ]
    /// The fields that connect nodes to networks.
    static let networks: Sources = [
        "nodes.*.interfaces.*.network", "nodes.*.bonds.*.network", "nodes.*.vlans.*.port", "nodes.*.bridges.*.network",
    ]
    /// The fields that define the cards and their connections.
    static let cards: Sources = [
        "nodes.*.interfaces.*.mac", "nodes.*.interfaces.*.bridge", "nodes.*.interfaces.*.bond",
        "nodes.*.bridges.*.port",
        "networks.*.vlan", networks,
    ]
    /// The fields that decide which networks lead out of the lab.
    static let waysOut: Sources = ["networks.*.dhcp", "networks.*.gateway"]
    /// The fields that decide with which card a node is installed.
    static let installCard: Sources = ["nodes.*.install", cards, waysOut]
}
