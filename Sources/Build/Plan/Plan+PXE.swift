import Lab
import Preseed
import Templates

/// The paths of the files for network boot. The TFTP root has the layout of Debian's netboot archive.
package enum PXEPath {
    package static let root = "pxe/tftp"
    /// The installer's kernel and initrd, which `xenseed netboot` unpacks and the nodes' boot files refer to.
    package static let installer = ["\(debian)/linux", "\(debian)/initrd.gz"]
    private static let debian = "\(root)/debian-installer/amd64"

    /// The default configuration of PXELINUX. The link to PXELINUX in the TFTP root points into this directory, so the
    /// configurations have to be here.
    static let pxelinuxDefault = "\(debian)/pxelinux.cfg/default"
    /// Returns the path of a node's configuration for PXELINUX. While this file exists, the node is installed, with any
    /// boot loader.
    package static func pxelinux(_ mac: MACAddress) -> String { "\(debian)/pxelinux.cfg/01-\(mac.dashed)" }
    /// The configuration that the memory disk of Debian's network GRUB loads.
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

extension Plan {
    /// Returns a node's boot files for PXELINUX, iPXE and GRUB; empty when the lab has no boot server. PXELINUX's file
    /// is the first, because the configurations of the other loaders request it.
    /// - Parameter preseedSum: The MD5 of the node's preseed in hexadecimal.
    func bootFiles(of node: Node, preseedSum: String) -> [PlannedFile] {
        let subject = NodeSubject(self, node, digest: preseedSum)
        return zip(bootFilePaths(of: node), [Self.pxelinuxNode, Self.ipxeNode, Self.grubNode]).map { path, template in
            PlannedFile(path, templates.render(template, subject), owner: node.name)
        }
    }

    /// Returns the paths of a node's boot files for PXELINUX, iPXE and, with UEFI, GRUB; empty when the lab has no boot server.
    package func bootFilePaths(of node: Node) -> [String] {
        guard lab.bootServer != nil else { return [] }
        let mac = node.installMAC
        return [PXEPath.pxelinux(mac), PXEPath.ipxe(mac)] + (node.firmware == .uefi ? [PXEPath.grub(mac)] : [])
    }

    /// Returns the script with which iPXE boots an installed node from its own disk.
    package func ipxeFromDisk(_ node: Node) -> [UInt8] {
        templates.render(Self.ipxeDisk, NodeSubject(self, node))
    }

    /// Returns the files for network boot that all nodes share and the configurations of DHCP servers; empty when the
    /// lab has no boot server.
    func networkBoot() -> [PlannedFile] {
        guard let subject = BootNetworkSubject(self) else { return [] }
        func file(_ path: String, _ template: TemplateDefinition<BootNetworkSubject>) -> PlannedFile {
            PlannedFile(path, templates.render(template, subject))
        }
        var files = [
            file("pxe/dnsmasq.conf", Self.dnsmasq), file("pxe/dnsmasq-proxy.conf", Self.dnsmasqProxy),
            file("pxe/dhcpd.conf", Self.dhcpd), file(PXEPath.pxelinuxDefault, Self.pxelinuxDefault),
            file(PXEPath.ipxe, Self.ipxe),
        ]
        if lab.release.uefiRefusal == nil { files.append(file(PXEPath.grub, Self.grubNetboot)) }
        return files
    }

    // MARK: Templates

    static let pxelinuxNode = TemplateDefinition<NodeSubject>(.pxelinuxNode) { bootValues }
    static let ipxeNode = TemplateDefinition<NodeSubject>(.ipxeNode) { bootValues }
    static let grubNode = TemplateDefinition<NodeSubject>(.grubNode) { bootValues }
    static let ipxeDisk = TemplateDefinition<NodeSubject>(.ipxeDisk) { nodeValues }

    @TemplateValues<NodeSubject>
    private static var bootValues: [TemplateValue<NodeSubject>] {
        nodeValues
        TemplateValue("options", from: .kernelOptions) { subject in
            subject.plan.kernelOptions(subject.node, base: subject.plan.baseURL, preseedSum: subject.digest)
                .joined(separator: " ")
        }
        TemplateValue("mac_dashed", from: .installCard) { $0.node.installMAC.dashed }
        TemplateValue("disk_words", from: .erasedDisks) { $0.node.erasedDisks }
        TemplateValue(flag: "bios", from: "nodes.*.firmware") { $0.node.firmware == .bios }
        // The value of iPXE's setting `${platform}`.
        TemplateValue("platform", from: "nodes.*.firmware") { $0.node.firmware == .bios ? "pcbios" : "efi" }
    }

    static let dnsmasq = TemplateDefinition<BootNetworkSubject>(.dnsmasq) { networkValues }
    static let dnsmasqProxy = TemplateDefinition<BootNetworkSubject>(.dnsmasqProxy) { networkValues }
    static let dhcpd = TemplateDefinition<BootNetworkSubject>(.dhcpd) { networkValues }
    static let pxelinuxDefault = TemplateDefinition<BootNetworkSubject>(.pxelinuxDefault) { networkValues }
    static let ipxe = TemplateDefinition<BootNetworkSubject>(.ipxe) { networkValues }
    static let grubNetboot = TemplateDefinition<BootNetworkSubject>(.grubNetboot) { networkValues }

    @TemplateValues<BootNetworkSubject>
    private static var networkValues: [TemplateValue<BootNetworkSubject>] {
        labValues()
        TemplateValue("network", from: ["boot_server.address", "networks.*.subnet"]) { $0.network.name }
        TemplateValue("subnet", from: "networks.*.subnet") { $0.subnet }
        TemplateValue("base", from: "networks.*.subnet") { $0.subnet.address }
        TemplateValue("netmask", from: "networks.*.subnet") { $0.subnet.netmask }
        TemplateValue("server", from: "boot_server.address") { $0.server.address }
        TemplateValue("router", from: ["networks.*.gateway", "boot_server.address"]) {
            $0.network.gateway ?? $0.server.address
        }
        TemplateValue("dns", from: ["networks.*.dns", "boot_server.address"]) {
            $0.network.dns.isEmpty
                ? $0.server.address.description : $0.network.dns.map(\.description).joined(separator: ",")
        }
        TemplateValue(flag: "own_dns", from: "networks.*.dns") { $0.network.dns.isEmpty }
        TemplateValue(flag: "pool", from: [.addresses, .networks]) { subject in
            subject.members.contains { $0.link.addressing.address == nil }
        }
        TemplateValue("first", from: .freeAddresses) { $0.free.first }
        TemplateValue("last", from: .freeAddresses) { $0.free.last }
        TemplateValue(flag: "uefi", from: ["release", .fact("the release's support for booting Xen with UEFI")]) {
            $0.lab.release.uefiRefusal == nil
        }
        TemplateValue(list: "nodes", from: .eachNode, of: { $0.members }) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("fqdn", from: ["domain", .nodeName]) { $0.fullName }
            TemplateValue("macs", from: .leaseCards) { $0.macs.map(\.description).joined(separator: ",") }
            TemplateValue("address", from: .addresses) { $0.link.addressing.address }
            TemplateValue(flag: "installs", from: .installCard) { $0.node.installLink.name == $0.link.name }
            TemplateValue(list: "hosts", from: .leaseCards) { member in
                member.macs.enumerated().map { (name: member.node.name, isFirst: $0 == 0, mac: $1) }
            } values: {
                // The name of a host declaration has to be unique in dhcpd.conf.
                TemplateValue("host") { $0.isFirst ? "\($0.name)" : "\($0.name)-install" }
                TemplateValue("mac") { $0.mac }
            }
        }
        TemplateValue(list: "records", from: [.addresses, "domain"]) { subject in
            subject.members.filter { $0.link.addressing.address != nil }
        } values: {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("fqdn", from: ["domain", .nodeName]) { $0.fullName }
            TemplateValue("address") { $0.link.addressing.address }
        }
    }
}

extension Sources {
    /// The sources of the MAC addresses by which a DHCP server identifies a link (`Node.dhcpMACs`).
    fileprivate static let leaseCards: Sources = [installCard, bridgeAddress]
    fileprivate static let freeAddresses: Sources = [
        "networks.*.subnet", networks, addresses, "networks.*.gateway", "networks.*.dns", "boot_server.address",
    ]
}

/// The network from which nodes boot, with its boot server and the links on it.
struct BootNetworkSubject: TemplateSubject {
    let plan: Plan
    let server: BootServer
    let network: Network
    let subnet: IPv4Network
    let members: [Member]
    /// The first and the last address of the longest range that is not in use.
    let free: (first: IPv4Address, last: IPv4Address)

    struct Member: Sendable {
        var node: Node
        var link: Link
        var fullName: String
        /// The MAC addresses by which a DHCP server identifies the link.
        var macs: [MACAddress]
    }

    /// Creates the subject; nil when the lab has no boot server.
    init?(_ plan: Plan) {
        let lab = plan.lab
        guard let server = lab.bootServer, let network = lab.bootNetwork, let subnet = network.subnet else {
            return nil
        }
        (self.plan, self.server, self.network, self.subnet) = (plan, server, network, subnet)
        members = (plan.members[network.name] ?? []).compactMap { member in
            let node = lab.nodes[member.node]
            let link = node.links[member.link]
            guard !link.addressing.isBare else { return nil }
            return Member(
                node: node, link: link, fullName: lab.fullName(node.name), macs: node.dhcpMACs(link, on: lab.release))
        }
        let taken = [server.address, network.gateway].compactMap { $0 } + network.dns
        free = subnet.widestGap(between: taken + members.compactMap(\.link.addressing.address))
    }
}

extension IPv4Network {
    /// Returns the longest range of host addresses that contains none of the given ones, and the first of several of
    /// this length. A range is never empty: in a subnet without free addresses it is the last host address.
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
