import Lab
import Templates

extension Planner {
    /// What a person reads first in the folder that is written.
    /// - Parameter preseedSums: the MD5 of each node's preseed, in the order of the lab's nodes.
    func readme(preseedSums: [String]) throws(TemplateSet.Invalid) -> [UInt8] {
        func names(_ isListed: (Node) -> Bool) -> String {
            let names = lab.nodes.filter(isListed).map(\.name.description)
            return names.count > 3 ? "\(names.count) nodes" : names.joined(separator: ", ")
        }
        return try templates.render(
            .readme,
            [
                "made_by": .text(Self.madeBy), "domain": .init(lab.domain), "codename": .text(lab.release.codename),
                "release_number": .text(lab.release.number),
                "count": .text(lab.nodes.count == 1 ? "one node" : "\(lab.nodes.count) nodes"),
                "nodes": .list(zip(lab.nodes, preseedSums).map(row)), "networks": .list(lab.networks.map(network)),
                "secret": .text(names(\.carriesSecret)), "uefi_nodes": .text(names { $0.firmware == .uefi }),
                "drawn": .flag(isDrawn), "server": .text(lab.bootServer?.url ?? ""),
                "server_address": .text(lab.bootServer?.address.description ?? ""),
                "report": .text(lab.reportURL?.description ?? ""),
                "port": .init(lab.bootServer?.port ?? Self.port), "archived": .flag(lab.release.signaturesExpired),
                "bios_only": .text(lab.release.uefiRefusal ?? ""),
            ])
    }

    private func row(_ node: Node, preseedSum: String) -> Context {
        let dom0 = node.dom0
        let links = node.links.map { link in
            let ports =
                link.bridge.map { " (\(node.ports(of: $0).map(\.name.description).joined(separator: ", ")))" } ?? ""
            return "\(link.name)\(ports): \(addressWords(link))"
        }
        let layout: String
        switch node.disk.layout {
        case .plain(let swap): layout = "plain, swap \(swap?.description ?? "none")"
        case .lvm(let lvm):
            layout = "LVM \(lvm.group): root \(lvm.root), swap \(lvm.swap?.description ?? "none"), rest free"
        case .recipe: layout = "own recipe"
        }
        return [
            "name": .text(lab.fullName(node.name)), "cpus": .init(node.cpus),
            "memory": .text(node.memory?.description ?? "unknown"),
            "dom0": .text(
                "\(dom0.memory), \(dom0.vcpus) vcpu\(dom0.vcpus == 1 ? "" : "s")\(dom0.pinsVCPUs ? ", pinned" : "")"),
            "disk": .text(node.disk.words), "layout": .text(layout),
            "kept": .text(node.disk.kept.map(\.description).joined(separator: ", ")),
            "links": .text(links.joined(separator: "; ")),
            "kernel_line": .text(
                kernelOptions(node, base: baseURL, preseedSum: preseedSum).joined(separator: " ")),
        ]
    }

    private func network(_ network: Network) -> Context {
        let way = network.isDHCP ? "DHCP" : network.gateway.map { "gateway \($0)" } ?? "closed"
        let members = (self.members[network.name] ?? []).map { (lab.nodes[$0.node], lab.nodes[$0.node].links[$0.link]) }
        let widths = (
            members.map { $0.0.name.description.utf8.count }.max() ?? 0,
            members.map { $0.1.name.description.utf8.count }.max() ?? 0
        )
        func pad(_ text: some CustomStringConvertible, _ width: Int) -> String {
            text.description + String(repeating: " ", count: max(0, width - text.description.utf8.count))
        }
        let rows = members.enumerated().map { index, member -> Context in
            let (node, link) = member
            return [
                "branch": index == members.count - 1 ? "└─" : "├─", "node": .text(pad(node.name, widths.0)),
                "link": .text(pad(link.name, widths.1)), "address": .text(addressWords(link)),
                "ports": .text(
                    link.bridge == nil ? "" : link.cards.map { "\($0.name) \($0.mac)" }.joined(separator: ", ")),
                // Where it is not plain which of them the DHCP server is asked with.
                "lease_macs": .text(
                    network.isDHCP && link.cards.count > 1
                        ? node.dhcpMACs(link, on: lab.release).map(\.description).joined(separator: " and ") : ""),
            ]
        }
        return [
            "name": .init(network.name), "subnet": .init(network.subnet), "way": .text(way), "members": .list(rows),
        ]
    }

    private func addressWords(_ link: Link) -> String {
        let network = link.addressing.network
        guard network.isDHCP else { return link.addressing.address!.description }
        return link.addressing.address.map { "\($0) by DHCP" } ?? "by DHCP"
    }
}

extension Node {
    /// Whether its preseed holds a password's hash.
    package var carriesSecret: Bool { access.rootPassword != nil }
}
