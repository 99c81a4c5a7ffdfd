import Lab
import Preseed
import Templates

/// Plans what is written for a lab. Pure: no files, no clock, no environment.
package struct Planner: Sendable {
    package let lab: Lab
    let templates: TemplateSet
    let checker: PreseedChecker
    /// Who is on a network, in the order of the lab's nodes.
    let members: [NetworkName: [Member]]

    /// A link and its node, by their places in the lab's nodes and in the node's links.
    struct Member: Sendable {
        var node: Int
        var link: Int
    }

    package init(lab: Lab, templates: TemplateSet) {
        self.lab = lab
        self.templates = templates
        checker = PreseedChecker(for: lab.release)
        var members: [NetworkName: [Member]] = [:]
        for (index, node) in lab.nodes.enumerated() {
            for (place, link) in node.links.enumerated() {
                members[link.addressing.network.name, default: []].append(Member(node: index, link: place))
            }
        }
        self.members = members
    }

    /// Stands in every file that takes comments.
    static let madeBy = "Written by xenseed from the lab file; a change here is lost with the next build."

    static let diverted = "/etc/grub.d/20_linux_xen"
    /// Before 10_linux in the order of names (wiki.debian.org/Xen).
    static let divertedTo = "/etc/grub.d/08_linux_xen"
    static let log = "/var/log/xenseed/late-command.log"
    /// Seconds that the installer waits for a link and for DHCP; a switch that first looks for loops takes more than its 3 and 25.
    static let linkWait = 10
    static let dhcpWait = 60

    /// Answers that keep the installer from firmware that is not free software; none where the lab uses it.
    var firmwareRefusal: ContextValue { list(lab.usesNonfreeFirmware ? [] : lab.release.firmwareRefusal) }

    /// Lines of a preseed.
    func list(_ answers: [ReleaseAnswer]) -> ContextValue {
        .list(
            answers.map { answer in
                [
                    "question": .text(answer.question), "value": .text(answer.value),
                    "type": .text(lab.release.questions[answer.question]!.lineType),
                ]
            })
    }

    func context(_ node: Node) -> Context {
        [
            "made_by": .text(Self.madeBy), "node": .init(node.name), "fqdn": .text(lab.fullName(node.name)),
            "domain": .init(lab.domain), "codename": .text(lab.release.codename),
            "release_number": .text(lab.release.number), "archived": .flag(lab.release.signaturesExpired),
            "diverted": .text(Self.diverted), "diverted_to": .text(Self.divertedTo),
            // preseed_fetch takes whatever comes by HTTP through it (debian-installer-utils, fetch-url-methods/http).
            "web_proxy": .text(lab.mirror.scheme == .http ? lab.mirror.proxy?.description ?? "" : ""),
        ]
    }

    /// Where nodes post how far they are.
    var reportTarget: ContextValue {
        .optional(lab.reportURL.map { ["host": .text($0.host), "port": .init($0.port), "path": .text($0.path)] })
    }

    /// Where its installer says how far it is.
    func telling(_ node: Node) -> Context {
        [
            "tells": .flag(node.console != nil || lab.reportURL != nil),
            "serial_port": .text(node.console.map { "ttyS\($0.unit)" } ?? ""), "report": reportTarget,
        ]
    }

    /// The bridge of guests that name none, where it is not xl's own default, xenbr0: the first one that leads out.
    func defaultBridge(_ node: Node) -> InterfaceName? {
        if node.bridges.contains(where: { $0.name.description == "xenbr0" }) { return nil }
        return (node.bridges.first { $0.addressing.network.leadsOut } ?? node.bridges.first)?.name
    }
}
