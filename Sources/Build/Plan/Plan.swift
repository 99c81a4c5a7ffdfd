import Lab
import Preseed
import Templates

/// Plans what is written for a lab. Pure: no files, no clock, no environment.
package struct Plan: Sendable {
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
}
