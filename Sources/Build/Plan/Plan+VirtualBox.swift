import Lab
import Preseed
import Templates

extension Hypervisor {
    /// VirtualBox with the chipset piix3, which has eight network adapters; the Linux kernel finds them in the order of
    /// their numbers (VirtualBox 7.0, ConsoleImpl2.cpp: PCI devices 3, 8 to 10, 16 to 19). The other limits are from
    /// VirtualBox-settings.xsd, SchemaDefs and DevAHCI.cpp. Every version has SATA.
    static let virtualBox = Hypervisor(
        name: "VirtualBox", limits: (cpus: 64, memory: ByteCount(bytes: 2 << 40), adapters: 8, sataPorts: 30),
        buses: [.sata], deviceNames: "SATA disks in every version, which are /dev/sda and further",
        linkNames: "\(linkPrefix) and a serial number of at most 20 characters"
    ) { id in
        let serial = id.description.dropFirst(linkPrefix.utf8.count)
        guard id.description.hasPrefix(linkPrefix), (1...20).contains(serial.utf8.count) else { return nil }
        return DiskIdentity(bus: .sata, serial: String(serial))
    }

    private static let linkPrefix = "ata-VBOX_HARDDISK_"
}

extension Plan {
    /// Returns the script that creates the lab's machines in VirtualBox.
    func virtualBox() -> PlannedFile {
        let content = templates.render(Self.virtualBox, VirtualBoxSubject(self))
        return PlannedFile("virtualbox/lab", content, isExecutable: true)
    }

    static let virtualBox = TemplateDefinition<VirtualBoxSubject>(.virtualBox) {
        scriptValues()
        TemplateValue(
            list: "machines", from: [.limits, .eachNode], of: { $0.machines.lazy.filter(\.refusals.isEmpty) }
        ) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("firmware", from: "nodes.*.firmware") { $0.node.firmware == .bios ? "bios" : "efi" }
            TemplateValue("cpus", from: "nodes.*.cpus") { $0.node.cpus }
            TemplateValue("memory", from: .machineMemory) { $0.node.machineMemory.mebibytes }
            TemplateValue("port", from: "nodes.*.console") { ($0.node.console?.unit ?? 0) + 1 }
            TemplateValue("console", from: "nodes.*.console") { $0.node.console == nil ? "" : "yes" }
            TemplateValue("serial", from: "nodes.*.serial") { $0.node.serial }
            TemplateValue("serials", from: .disks) {
                $0.disks.compactMap { disk in disk.identity.map { "\(disk.position)=\($0.serial)" } }
                    .joined(separator: " ")
            }
            TemplateValue("unmade", from: .disks) { $0.missingDisks.map(\.description).joined(separator: ", ") }
            TemplateValue(list: "adapters", from: .cards) { machine in
                machine.node.interfaces.map { (card: $0, node: machine.node) }
            } values: {
                TemplateValue("name") { $0.card.name }
                TemplateValue("network") { $0.node.cableNetwork(of: $0.card).name }
                TemplateValue("mac") { $0.card.mac.description.replacing(":", with: "").uppercased() }
                // The port of a bridge receives frames for guests, and the member of a bond those for the address of another
                // member, whose addresses the adapter does not know.
                TemplateValue("promiscuous", from: .cards) { adapter in
                    let isPort = adapter.node.links.contains { link in
                        link.bridge != nil && link.cards.contains { $0.name == adapter.card.name }
                    }
                    return isPort || adapter.card.bond != nil ? "allow-all" : "deny"
                }
                TemplateValue("priority", from: .installCard) {
                    $0.card.name == $0.node.installInterface ? "1" : "0"
                }
            }
            TemplateValue(list: "disks", from: .disks, of: { $0.disks }) {
                TemplateValue("port") { $0.position }
                TemplateValue("name") { $0.name }
                TemplateValue("size") { $0.sizeInMebibytes }
            }
        }
        TemplateValue(list: "refusals", from: .limits, of: { $0.machines.lazy.filter { !$0.refusals.isEmpty } }) {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("why") { $0.refusals.joined(separator: "; ") }
        }
        TemplateValue(list: "lans", from: [.networks, .waysOut, .installCard]) { subject in
            subject.lans.enumerated().map { (index: $0 + 1, name: $1) }
        } values: {
            TemplateValue("index") { $0.index }
            TemplateValue("network") { $0.name }
        }
        TemplateValue("lan_names", from: [.networks, .waysOut, .installCard]) {
            $0.lans.map(\.description).joined(separator: ", ")
        }
        TemplateValue("default_disk", from: .fact("the default size of a system disk")) { _ in
            Machine.defaultDisk
        }
        TemplateValue("other_disk", from: .fact("the size of a disk that is not the system disk")) { _ in
            Machine.otherDisk
        }
    }

    /// Returns the values of the scripts that create machines.
    @TemplateValues<Subject>
    static func scriptValues<Subject: TemplateSubject>() -> [TemplateValue<Subject>] {
        labValues()
        TemplateValue("names", from: .fact("the nodes' names in the lab")) {
            $0.lab.nodes.map(\.name.description).joined(separator: " ")
        }
        TemplateValue("width", from: .fact("the nodes' names in the lab")) { $0.lab.nameWidth }
    }
}

extension Sources {
    /// The fields that decide the disks of a machine and their sizes.
    static let disks: Sources = [
        disk, layout, "nodes.*.disk.free", "nodes.*.disk.volumes.*", "nodes.*.disk.keep", volumeGroups,
    ]
    /// The fields for which a hypervisor may not be able to provide a machine: its disks, and the number of its cards.
    static let refusals: Sources = [disk, "nodes.*.disk.keep", volumeGroups, "nodes.*.interfaces.*.mac"]
    fileprivate static let limits: Sources = [refusals, "nodes.*.cpus", machineMemory]
    static let bootOrder = fact("the boot order: disks, then the CD, then the network")
    static let machineMemory: Sources = ["nodes.*.memory", "nodes.*.dom0.memory", "nodes.*.dom0.memory_max"]
}

/// A lab with its nodes as machines of VirtualBox.
struct VirtualBoxSubject: TemplateSubject {
    let plan: Plan
    let machines: [Machine]
    /// The networks that lead out of the host.
    let lans: [NetworkName]

    init(_ plan: Plan) {
        let lab = plan.lab
        self.plan = plan
        machines = lab.nodes.map { Machine($0, in: .virtualBox) }
        let outward = lab.outwardNetworks
        lans = lab.networks.filter { outward.contains($0.name) && $0.vlan == nil }.map(\.name)
    }
}

extension Lab {
    /// The length of the longest name of a node.
    var nameWidth: Int { nodes.map { $0.name.description.utf8.count }.max() ?? 1 }
}

extension Node {
    /// Returns the network on the cable of an interface. If there are several, it is the one whose frames have no tag,
    /// otherwise the first one; the machines of a lab are connected by this network, which also carries the VLANs.
    func cableNetwork(of nic: Interface) -> Network {
        let networks = links.filter { link in link.cards.contains { $0.name == nic.name } }.map(\.addressing.network)
        return networks.first { $0.vlan == nil } ?? networks[0]
    }
}
