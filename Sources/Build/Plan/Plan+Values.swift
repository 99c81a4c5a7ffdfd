import Lab
import Preseed
import Templates

/// What the values of a template are computed from: always a lab, as it is planned.
protocol TemplateSubject: Sendable {
    var plan: Plan { get }
}

extension TemplateSubject {
    var lab: Lab { plan.lab }
}

/// A lab, for templates that need nothing else.
extension Plan: TemplateSubject {
    var plan: Plan { self }
}

/// A node in its lab.
final class NodeSubject: TemplateSubject {
    let plan: Plan
    let node: Node
    /// The hexadecimal digest of the file that the rendered one names: a late command names the overlay, a preseed the late
    /// command, and boot files the preseed. Empty for other files.
    let digest: String

    init(_ plan: Plan, _ node: Node, digest: String = "") {
        (self.plan, self.node, self.digest) = (plan, node, digest)
    }
}

extension Plan {
    /// Every template from which files of a lab are rendered.
    static let templateDefinitions: [AnyTemplateDefinition] =
        [preseed.erased, lateCommand.erased] + overlayTemplates
        + [
            readme.erased, overview.erased, virtualBox.erased, qemu.erased,
            pxelinuxNode.erased, ipxeNode.erased, grubNode.erased, ipxeDisk.erased,
            dnsmasq.erased, dnsmasqProxy.erased, dhcpd.erased, pxelinuxDefault.erased, ipxe.erased, grubNetboot.erased,
            seedPreseed.erased, findNode.erased, findNodeQuestions.erased, seedNodes.erased,
            isolinux.erased, grubMedium.erased,
        ]

    /// Values of every template that is not the same in all labs.
    @TemplateValues<Subject>
    static func labValues<Subject: TemplateSubject>() -> [TemplateValue<Subject>] {
        TemplateValue("made_by", from: .fact("xenseed's mark")) { _ in Self.madeBy }
        TemplateValue("domain", from: "domain") { $0.lab.domain }
        TemplateValue("codename", from: "release") { $0.lab.release.codename }
        TemplateValue("release_number", from: "release") { $0.lab.release.number }
        TemplateValue(flag: "archived", from: ["release", .expiredKeys]) { $0.lab.release.signaturesExpired }
    }

    /// Values of every template of one node's files.
    @TemplateValues<NodeSubject>
    static var nodeValues: [TemplateValue<NodeSubject>] {
        labValues()
        TemplateValue("node", from: .nodeName) { $0.node.name }
        TemplateValue("fqdn", from: ["domain", .nodeName]) { $0.lab.fullName($0.node.name) }
        TemplateValue("diverted", from: .fact("where Debian has GRUB's script for Xen")) { _ in Self.diverted }
        TemplateValue("diverted_to", from: .fact("before GRUB's script for Linux")) { _ in Self.divertedTo }
    }

    /// Where nodes post their progress.
    static func report<Subject: TemplateSubject>() -> TemplateValue<Subject> {
        TemplateValue(optional: "report", from: "report_url", of: { $0.lab.reportURL }) {
            TemplateValue("host") { $0.host }
            TemplateValue("port") { $0.port }
            TemplateValue("path") { $0.path }
        }
    }

    /// Values of the scripts with which an installer posts its progress.
    @TemplateValues<NodeSubject>
    static var installerValues: [TemplateValue<NodeSubject>] {
        nodeValues
        TemplateValue(flag: "tells", from: ["report_url", "nodes.*.console"]) {
            $0.node.console != nil || $0.lab.reportURL != nil
        }
        TemplateValue("serial_port", from: "nodes.*.console") { $0.node.console.map { "ttyS\($0.unit)" } }
        report()
        // preseed_fetch takes whatever comes by HTTP through it (debian-installer-utils, fetch-url-methods/http).
        TemplateValue("web_proxy", from: ["mirror.proxy", "mirror.protocol"]) {
            $0.lab.mirror.scheme == .http ? $0.lab.mirror.proxy : nil
        }
    }

    /// A list of lines of a preseed.
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

    /// Answers that keep the installer from firmware that is not free software; none where the lab uses it.
    static func firmwareRefusal<Subject: TemplateSubject>() -> TemplateValue<Subject> {
        answers(
            "firmware_refusal",
            from: ["nonfree_firmware", "release", .fact("whether the release's installer asks about firmware")]
        ) { $0.lab.usesNonfreeFirmware ? [] : $0.lab.release.firmwareRefusal }
    }
}

extension Sources {
    static let nodeName = fact("the node's name in the lab")
    static let eachNode = fact("each node of the lab")
    static let expiredKeys = fact("the keys that signed the release have expired")
    /// How the disk is chosen.
    static let disk: Sources = [
        "nodes.*.disk.device", "nodes.*.disk.by_id", "nodes.*.disk.select", "nodes.*.disk.size",
    ]
    /// How the disk is divided.
    static let layout: Sources = [
        "nodes.*.disk.layout", "nodes.*.disk.recipe", "nodes.*.disk.swap", "nodes.*.disk.root",
        "nodes.*.disk.volume_group", "nodes.*.firmware",
    ]
    static let addresses: Sources = ["nodes.*.interfaces.*.address", "nodes.*.bridges.*.address"]
    /// On which networks nodes are.
    static let networks: Sources = ["nodes.*.interfaces.*.network", "nodes.*.bridges.*.network"]
    /// Which cards there are, and what they are connected with.
    static let cards: Sources = ["nodes.*.interfaces.*.mac", "nodes.*.interfaces.*.bridge", networks]
    /// Which networks lead out of the lab.
    static let waysOut: Sources = ["networks.*.dhcp", "networks.*.gateway"]
    /// With which card a node is installed.
    static let installCard: Sources = ["nodes.*.install", cards, waysOut]
}
