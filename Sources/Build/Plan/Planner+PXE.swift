import Lab
import Preseed
import Templates

/// The TFTP root, as Debian's netboot archive lays it out, and what lies beside it.
package enum PXEPath {
    package static let root = "pxe/tftp"
    /// The installer's, where `xenseed netboot` unpacks it and the nodes' scripts name it.
    package static let installer = ["\(debian)/linux", "\(debian)/initrd.gz"]
    private static let debian = "\(root)/debian-installer/amd64"

    /// PXELINUX's link at the root leads into this folder, so the files have to be in it.
    static let pxelinuxDefault = "\(debian)/pxelinux.cfg/default"
    /// While it is there, the node is installed, whichever loader it starts with.
    package static func pxelinux(_ mac: MACAddress) -> String { "\(debian)/pxelinux.cfg/01-\(mac.dashed)" }
    /// The configuration that Debian's network GRUB has in its memory disk.
    static let grub = "\(debian)/grub/grub.cfg"
    package static func grub(_ mac: MACAddress) -> String { "\(grub)-01-\(mac.dashed)" }
    static let ipxe = "\(root)/boot.ipxe"
    package static func ipxe(_ mac: MACAddress) -> String { "\(root)/ipxe/mac-\(mac.dashed).ipxe" }

    /// Whether a path is one of a node's boot files, which are in the tree only while the node is armed.
    package static func isBootFile(_ path: some StringProtocol) -> Bool {
        let prefixes = ["\(debian)/pxelinux.cfg/01-", "\(grub)-01-", "\(root)/ipxe/mac-"]
        return prefixes.contains(where: path.hasPrefix)
    }
}

extension Planner {
    /// A node's boot files for PXELINUX, iPXE and GRUB; none when the lab has no boot server. PXELINUX's is the first: the
    /// configurations of the other loaders ask for it.
    func pxe(_ node: Node, preseedSum: String) throws(TemplateSet.Invalid) -> [MediaFile] {
        guard let server = lab.bootServer else { return [] }
        let mac = node.installMAC
        let options = kernelOptions(node, base: server.url, preseedSum: preseedSum)
        let context: Context = [
            "options": .text(options.joined(separator: " ")), "mac_dashed": .text(mac.dashed),
            "disk_words": .text(node.disk.words), "bios": .flag(node.firmware == .bios),
            // As iPXE says it in ${platform}.
            "platform": node.firmware == .bios ? "pcbios" : "efi",
        ]
        func file(_ path: String, _ template: Template) throws(TemplateSet.Invalid) -> MediaFile {
            MediaFile(path: path, content: try templates.render(template, self.context(node), context))
        }
        var files = [
            try file(PXEPath.pxelinux(mac), .pxelinuxNode), try file(PXEPath.ipxe(mac), .ipxeNode),
        ]
        if node.firmware == .uefi { files.append(try file(PXEPath.grub(mac), .grubNode)) }
        return files
    }

    /// For iPXE, when the node is installed: it goes on to its own disk.
    package func ipxeFromDisk(_ node: Node) throws(TemplateSet.Invalid) -> [UInt8] {
        try templates.render(.ipxeDisk, context(node))
    }

    /// What all nodes start from over the network, and the configuration of DHCP servers.
    func pxe() throws(TemplateSet.Invalid) -> [MediaFile] {
        guard let server = lab.bootServer, let network = lab.bootNetwork else { return [] }
        let members = (self.members[network.name] ?? []).map { member -> (Node, Link) in
            (lab.nodes[member.node], lab.nodes[member.node].links[member.link])
        }
        let nodes = members.map { node, link -> Context in
            let macs = node.dhcpMACs(link, on: lab.release)
            return [
                "node": .init(node.name), "fqdn": .text(lab.fullName(node.name)),
                "macs": .text(macs.map(\.description).joined(separator: ",")),
                "address": .text(link.addressing.address?.description ?? ""),
                "installs": .flag(node.installLink.name == link.name),
                // A declaration's name is used once in dhcpd.conf.
                "hosts": .list(
                    macs.enumerated().map {
                        ["host": .text($0 == 0 ? "\(node.name)" : "\(node.name)-install"), "mac": .init($1)]
                    }),
            ]
        }
        let subnet = network.subnet
        let taken = [server.address, network.gateway].compactMap { $0 } + network.dns
        let free = subnet.widestGap(between: taken + members.compactMap(\.1.addressing.address))
        let context: Context = [
            "made_by": .text(Self.madeBy), "network": .init(network.name), "subnet": .init(subnet),
            "base": .init(subnet.address), "netmask": .init(subnet.netmask), "server": .init(server.address),
            "router": .init(network.gateway ?? server.address), "domain": .init(lab.domain),
            "dns": .text(
                network.dns.isEmpty
                    ? server.address.description : network.dns.map(\.description).joined(separator: ",")),
            "own_dns": .flag(network.dns.isEmpty), "nodes": .list(nodes),
            "records": .list(
                members.compactMap { node, link in
                    link.addressing.address.map {
                        [
                            "node": .init(node.name), "fqdn": .text(lab.fullName(node.name)), "address": .init($0),
                        ]
                    }
                }),
            "pool": .flag(members.contains { $0.1.addressing.address == nil }),
            "first": .init(free.first), "last": .init(free.last),
            "uefi": .flag(lab.release.uefiRefusal == nil),
        ]
        func file(_ path: String, _ template: Template) throws(TemplateSet.Invalid) -> MediaFile {
            MediaFile(path: path, content: try templates.render(template, context))
        }
        var files = [
            try file("pxe/dnsmasq.conf", .dnsmasq), try file("pxe/dnsmasq-proxy.conf", .dnsmasqProxy),
            try file("pxe/dhcpd.conf", .dhcpd), try file(PXEPath.pxelinuxDefault, .pxelinuxDefault),
            try file(PXEPath.ipxe, .ipxe),
        ]
        if lab.release.uefiRefusal == nil { files.append(try file(PXEPath.grub, .grubNetboot)) }
        return files
    }
}

extension IPv4Network {
    /// The longest row of host addresses that none of those given is in; the first of several. A row is never empty: in
    /// a subnet without room it is the last host address.
    func widestGap(between taken: [IPv4Address]) -> (first: IPv4Address, last: IPv4Address) {
        var best = (first: broadcast.bits - 1, count: UInt32(0))
        var first = address.bits + 1
        for end in Set(taken.map(\.bits).filter { $0 > address.bits && $0 < broadcast.bits } + [broadcast.bits])
            .sorted()
        {
            if end - first > best.count { best = (first, end - first) }
            first = end + 1
        }
        return (IPv4Address(bits: best.first), IPv4Address(bits: best.first + max(best.count, 1) - 1))
    }
}
