import Lab
import Preseed
import Templates

/// The plan of the files of a lab. It depends only on the lab and the templates: it uses no files, no clock and no
/// environment.
package struct Plan: Sendable {
    package let lab: Lab
    let templates: TemplateSet
    /// The links on each network, in the order of the lab's nodes.
    let members: [NetworkName: [Member]]

    /// A link and its node, by their indices in the lab's nodes and in the node's links.
    struct Member: Sendable {
        var node: Int
        var link: Int
    }

    package init(lab: Lab, templates: TemplateSet) {
        self.lab = lab
        self.templates = templates
        var members: [NetworkName: [Member]] = [:]
        for (index, node) in lab.nodes.enumerated() {
            for (place, link) in node.links.enumerated() {
                members[link.addressing.network.name, default: []].append(Member(node: index, link: place))
            }
        }
        self.members = members
    }

    /// The comment in every generated file whose format allows comments.
    static let madeBy = "Written by xenseed from the lab file; a change here is lost with the next build."

    static let diverted = "/etc/grub.d/20_linux_xen"
    /// The path of GRUB's script for Xen after its diversion. It sorts before 10_linux (wiki.debian.org/Xen).
    static let divertedTo = "/etc/grub.d/08_linux_xen"
    static let log = "/var/log/xenseed/late-command.log"
    /// The seconds that the installer waits for a link. Its default of 3 is too short for a switch that looks for loops
    /// first.
    static let linkWait = 10
    /// The seconds that the installer waits for DHCP. Its default of 25 is too short for such a switch.
    static let dhcpWait = 60
}
