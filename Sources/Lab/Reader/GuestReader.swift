import Preseed

/// Reads the fields `guests` and `replication`.
struct GuestReader {
    let reader: SpecReader
    let release: Release
    let networks: Networks
    /// What could be read of the nodes.
    let nodes: [PartialNode]
    /// Whether every node could be read, so that a name which is missing here does not exist.
    let hasAllNodes: Bool

    /// Returns the guests, sorted by name, the replication, and the keys of the nodes that replicate. Malformed guests are reported
    /// and left out.
    func read(_ lab: Fields) -> (guests: [Guest], replication: Replication?, keys: [Hostname: NodeKeys]) {
        let replication = lab["replication"] == nil ? nil : self.replication(lab.object("replication"))
        let named = lab.table("guests", keys: GuestName.self)
        let drafts = named.map { draft($0, $1, replicates: lab["replication"] != nil) }
        let guests = drafts.compactMap(\.guest)
        if let location = lab["replication"]?.location, !drafts.contains(where: \.isReplicated),
            lab.isComplete("guests", read: drafts.count)
        {
            reader.add(
                .pointlessField, at: location, "no guest is on two nodes, so replication has no effect",
                severity: .warning)
        }
        checkNames(drafts)
        checkNumbers(drafts)
        checkMemory(guests, lab)
        checkRoom(drafts)
        tellHardwareVirtualization(guests, lab)
        checkRestored(guests, lab)
        checkFiles(guests, lab)
        if let replication { checkLinks(drafts, replication) }
        return (guests, replication?.value, keys(guests, replication?.value, lab))
    }

    /// What could be read of a guest. `guest` is nil when a required field is missing or malformed.
    private struct Draft {
        var name: GuestName
        var fields: Fields
        var mac: Located<MACAddress>?
        var minor: Located<Int>?
        var port: Located<Int>?
        var isReplicated: Bool
        var guest: Guest?
    }

    private func replication(_ fields: Fields) -> Located<Replication>? {
        let keys = fields.text("keys", RelativePath.self)
        guard let name = fields.text("network", NetworkName.self) else { return nil }
        guard let found = networks.byName[name.value] else {
            if networks.isComplete {
                reader.addUnknown(
                    .unknownNetwork, name, "there is no network “\(name.value)”",
                    among: networks.byName.keys.map(\.description))
            }
            return nil
        }
        guard let network = found.network, let keys else { return nil }
        return Located(value: Replication(network: network, keys: keys.value), location: name.location)
    }

    /// Returns the keys of the nodes that replicate. They are not looked for in a lab with errors, which are reported first.
    private func keys(_ guests: [Guest], _ replication: Replication?, _ lab: Fields) -> [Hostname: NodeKeys] {
        let nodes = guests.replicatingNodes
        guard let replication, !nodes.isEmpty, reader.report.errors == 0 else { return [:] }
        let location = lab.object("replication").location("keys")
        return NodeKeysReader(reader: reader).read(nodes, in: Located(value: replication.keys, location: location))
    }

    // MARK: One guest

    private func draft(_ name: GuestName, _ fields: Fields, replicates: Bool) -> Draft {
        let on = self.on(name, fields)
        let isReplicated = on.count == 2
        let type = self.type(name, fields, isReplicated: isReplicated)
        let vcpus = fields.integer("vcpus")
        let memory = fields.text("memory", ByteCount.self)
        if let memory, !memory.value.isWholeMebibytes {
            reader.add(
                .notWholeMebibytes, at: memory.location, "\(memory.value) is not a whole number of MiB, as Xen needs",
                hint: Correction.hint("\(memory.value.mebibytes) MiB", at: memory.location.path))
        }
        let disk = fields.text("disk", ByteCount.self)
        let mac = fields.text("mac", MACAddress.self)
        let options = fields.list("kernel_options", of: BootOption.self).map(\.value)
        let (kernel, initrd) = (fields.text("kernel", TargetPath.self), fields.text("initrd", TargetPath.self))
        for key in ["initrd", "kernel_options"] where fields["kernel"] == nil && fields.isPresent(key) {
            reader.add(
                .pointlessField, at: fields.location(key), "without kernel, \(key) has no effect",
                hint: "add kernel, or remove \(key): the boot loader on the guest's disk has its own")
        }
        let cpuid = fields.text("cpuid", CPUIDPolicy.self)
        let group = self.group(name, fields, on)
        let bridge = self.bridge(name, fields, on)
        let start = startNode(name, fields, on)
        let (minor, port) = numbers(fields, mac, isReplicated: isReplicated)
        if isReplicated, !replicates {
            reader.add(
                .replicationLink, at: fields.location("on"),
                "\(name) is on two nodes, and the lab does not say how its disk is replicated",
                hint: "add, beside guests: replication: {network: drbd}, with the network that links the nodes")
        }
        var draft = Draft(name: name, fields: fields, mac: mac, minor: minor, port: port, isReplicated: isReplicated)
        if (1...2).contains(on.count), let type, let vcpus, let memory, let disk, let mac, let group, let bridge,
            start != nil || fields["start_on"] == nil, kernel != nil || fields["kernel"] == nil,
            initrd != nil || fields["initrd"] == nil, cpuid != nil || fields["cpuid"] == nil,
            !isReplicated || minor != nil && port != nil
        {
            draft.guest = Guest(
                name: name, nodes: on.map(\.name), type: type, vcpus: vcpus.value, memory: memory.value,
                disk: disk.value, volumeGroup: group, bridge: bridge, mac: mac.value, startNode: start,
                replication: isReplicated ? GuestReplication(minor: minor!.value, port: port!.value) : nil,
                kernel: kernel?.value, initrd: initrd?.value, kernelOptions: options, cpuid: cpuid?.value)
        }
        return draft
    }

    /// Returns the nodes of a guest.
    private func on(_ name: GuestName, _ fields: Fields) -> [PartialNode] {
        let names = fields.list("on", of: Hostname.self)
        var found: [PartialNode] = []
        for name in names {
            guard let node = node(name) else { continue }
            if found.contains(where: { $0.name == node.name }) {
                reader.add(.guestNodes, at: name.location, "\(name.value) is in the list twice")
            } else {
                found.append(node)
            }
        }
        if names.count > 2 || fields["on"] != nil && !fields.isPresent("on") {
            reader.add(
                .guestNodes, at: fields.location("on"),
                names.isEmpty
                    ? "\(name) needs a node" : "\(name) is on \(names.count) nodes; DRBD replicates between two",
                hint:
                    "name one node, or two that replicate the disk: on: [\(nodes.prefix(2).map(\.name.description).joined(separator: ", "))]"
            )
        }
        return found
    }

    /// Returns a node by its name, or reports that there is none.
    private func node(_ name: Located<Hostname>) -> PartialNode? {
        if let node = nodes.first(where: { $0.name == name.value }) { return node }
        if hasAllNodes {
            reader.addUnknown(
                .guestNodes, name, "there is no node “\(name.value)”", among: nodes.map(\.name.description))
        }
        return nil
    }

    private func type(_ name: GuestName, _ fields: Fields, isReplicated: Bool) -> GuestType? {
        guard
            let type = fields.text(
                "type", GuestType.self, computed: fields.computed(release.guestTypes[0]))
        else { return nil }
        let list = release.guestTypes.map(\.rawValue).joined(separator: " or ")
        if !release.guestTypes.contains(type.value) {
            reader.add(
                .guestType, at: type.location,
                "Xen \(release.xenVersion) of \(release.codename) has no guests of type \(type.value.rawValue)",
                hint: "type: \(list)")
        } else if isReplicated, !release.movableTypes.contains(type.value) {
            reader.add(
                .guestType, at: type.location,
                "\(name) could not move: Xen \(release.xenVersion) of \(release.codename) can't move guests of type "
                    + "\(type.value.rawValue) while they run",
                hint: "type: \(release.movableTypes.map(\.rawValue).joined(separator: " or ")), or one node in on")
        }
        return type.value
    }

    private func group(_ name: GuestName, _ fields: Fields, _ on: [PartialNode]) -> VolumeGroupName? {
        if fields["volume_group"] == nil, let node = on.compactMap(\.node).first(where: \.groupNames.isEmpty) {
            reader.add(
                .guestVolume, at: fields.cursor.location,
                "\(name) needs a volume group for its disk, and \(node.name) has none",
                hint: "give the node disk: {layout: lvm}, or volume_groups: {guests: {devices: [/dev/sdb]}}")
            return nil
        }
        return common(
            "volume_group", VolumeGroupName.self, "volume group", .guestVolume, name, fields, on, \.groupNames)
    }

    private func bridge(_ name: GuestName, _ fields: Fields, _ on: [PartialNode]) -> InterfaceName? {
        common("bridge", InterfaceName.self, "bridge", .unknownBridge, name, fields, on) { $0.bridges.map(\.name) }
    }

    /// Returns what a field names and each node of a guest has; without the field, the only one that each node has.
    /// - Parameters:
    ///   - noun: What the field names, for messages.
    ///   - names: Returns the names that a node has.
    private func common<Name: TextValue & Equatable>(
        _ key: String, _: Name.Type, _ noun: String, _ code: DiagnosticCode, _ name: GuestName, _ fields: Fields,
        _ on: [PartialNode], _ names: (Node) -> [Name]
    ) -> Name? {
        let given = fields.text(key, Name.self)
        let nodes = on.compactMap(\.node)
        guard given != nil || fields[key] == nil, nodes.count == on.count, let first = nodes.first else { return nil }
        if let given {
            if let node = nodes.first(where: { !names($0).contains(given.value) }) {
                reader.addUnknown(
                    code, given, "\(node.name) has no \(noun) \(given.value.text)", among: names(node).map(\.text))
                return nil
            }
            return given.value
        }
        let common = names(first).filter { name in nodes.allSatisfy { names($0).contains(name) } }
        if common.count == 1 { return common[0] }
        reader.add(
            code, at: fields.cursor.location / key,
            common.isEmpty
                ? "\(name) needs a \(noun) that each of its nodes has"
                : "\(name) could use each of the \(noun)s \(common.map(\.text).joined(separator: ", "))",
            hint: common.first.map { "\(key): \($0.text)" } ?? "give its nodes a \(noun) of one name")
        return nil
    }

    private func startNode(_ name: GuestName, _ fields: Fields, _ on: [PartialNode]) -> Hostname? {
        guard let start = fields.text("start_on", Hostname.self), let node = node(start) else { return nil }
        guard on.contains(where: { $0.name == node.name }) else {
            // A guest without a node that exists has been reported already.
            if on.isEmpty { return nil }
            reader.add(
                .guestNodes, at: start.location, "\(start.value) can't start \(name), which is not on it",
                hint: on.first.map { "start_on: \($0.name), or add \(start.value) to on" })
            return nil
        }
        if let node = node.node, node.xendomains.auto == nil {
            reader.add(
                .pointlessField, at: start.location,
                "\(start.value) starts no guests at boot, by xendomains.auto: none",
                hint: "remove xendomains.auto of the node, or start_on", severity: .warning)
        }
        return start.value
    }

    /// Returns the device and the port of a replicated guest; nil for a field that is malformed.
    private func numbers(
        _ fields: Fields, _ mac: Located<MACAddress>?, isReplicated: Bool
    ) -> (minor: Located<Int>?, port: Located<Int>?) {
        for key in ["minor", "port"] where !isReplicated && fields["on"] != nil && fields[key] != nil {
            reader.add(
                .pointlessField, at: fields.location(key), "the guest is on one node, so \(key) has no effect")
        }
        let minor =
            fields.integer("minor")
            ?? (fields["minor"] == nil
                ? mac.map { fields.computed(GuestReplication.minor(for: $0.value)) } : nil)
        let port =
            fields.integer("port")
            ?? (fields["port"] == nil ? minor.map { fields.computed(GuestReplication.firstPort + $0.value) } : nil)
        if isReplicated, let port, port.value > 65535 {
            reader.add(
                .guestNumbers, at: port.location, "the port \(port.value) of the device \(minor!.value) does not exist",
                hint: "set port to a number from 1024 to 65535")
        }
        return (minor, port)
    }

    // MARK: Several guests

    private func checkNames(_ drafts: [Draft]) {
        var owners: [MACAddress: String] = [:]
        for node in nodes {
            for card in node.links.interfaces {
                if let mac = card.mac { owners[mac.value] = "\(card.name) of \(node.name)" }
            }
        }
        for draft in drafts {
            if nodes.contains(where: { $0.name.description == draft.name.description }) {
                reader.add(
                    .duplicateName, at: draft.fields.cursor.location, "\(draft.name) is already the name of a node")
            }
            if let mac = draft.mac, let owner = owners.updateValue("\(draft.name)", forKey: mac.value) {
                reader.add(.duplicateMAC, at: mac.location, "\(mac.value) is already the address of \(owner)")
            }
        }
    }

    private func checkNumbers(_ drafts: [Draft]) {
        var (minors, ports): ([Int: GuestName], [Int: GuestName]) = ([:], [:])
        for draft in drafts where draft.isReplicated {
            if let minor = draft.minor, let owner = minors.updateValue(draft.name, forKey: minor.value) {
                reader.add(
                    .guestNumbers, at: minor.location,
                    "/dev/drbd\(minor.value) is already the device of \(owner)",
                    hint: "set minor to another number: \(Self.unused(minor.value, drafts.compactMap(\.minor?.value)))")
                continue
            }
            if let port = draft.port, let owner = ports.updateValue(draft.name, forKey: port.value) {
                reader.add(
                    .guestNumbers, at: port.location, "the port \(port.value) is already that of \(owner)",
                    hint: "set port to another number: \(Self.unused(port.value, drafts.compactMap(\.port?.value)))")
            }
        }
    }

    /// Returns the first number after another that is not in a list.
    private static func unused(_ number: Int, _ used: [Int]) -> Int {
        var next = number
        while used.contains(next) { next += 1 }
        return next
    }

    /// The memory that the hypervisor itself takes, at most: xen-hypervisor 4.4 to 4.20 took 25 to 60 MiB on machines of 2 GiB.
    private static let hypervisorMemory = ByteCount(bytes: 64 << 20)

    /// Reports guests that do not fit on a node beside dom0: one alone, those that the node starts, or all that it can get when the
    /// other nodes fail.
    private func checkMemory(_ guests: [Guest], _ lab: Fields) {
        for draft in nodes {
            guard let node = draft.node, let memory = node.memory else { continue }
            let own = guests.filter { $0.nodes.contains(node.name) }
            let room = memory.bytes - node.dom0.memory.bytes - Self.hypervisorMemory.bytes
            let hint = "\(node.name) has \(memory), dom0 \(node.dom0.memory); Xen takes \(Self.hypervisorMemory) itself"
            var fits = true
            for guest in own where guest.neededMemory.bytes > room {
                fits = false
                reader.add(
                    .guestTooLarge, at: location(of: "memory", guest, lab),
                    "\(guest.name) with \(guest.memory) does not fit on \(node.name)", hint: hint)
            }
            for guest in own where guest.vcpus > node.cpus {
                reader.add(
                    .guestTooLarge, at: location(of: "vcpus", guest, lab),
                    "\(guest.name) has \(guest.vcpus) virtual CPUs; \(node.name) has \(node.cpus) CPUs",
                    severity: .warning)
            }
            let started = own.filter { $0.startNode == node.name }
            func sum(_ guests: [Guest]) -> Int { guests.reduce(0) { $0 + $1.neededMemory.bytes } }
            guard fits, let last = own.last else { continue }
            if sum(started) > room {
                reader.add(
                    .guestTooLarge, at: location(of: "memory", started.last!, lab),
                    "the guests that \(node.name) starts do not fit on it together: "
                        + started.map(\.name.description).joined(separator: ", "), hint: hint)
            } else if sum(own) > room {
                reader.add(
                    .guestTooLarge, at: location(of: "memory", last, lab),
                    "\(node.name) can't run all of its guests at once, as it would have to when another node fails: "
                        + own.map(\.name.description).joined(separator: ", "), hint: hint, severity: .warning)
            }
        }
    }

    private func location(of key: String, _ guest: Guest, _ lab: Fields) -> FieldLocation {
        let found = lab["guests"]?.child(guest.name.description)
        return found?.child(key)?.location ?? found?.location ?? lab.location("guests")
    }

    /// Reports disks that have the name of another logical volume, and systems' disks without room for them.
    private func checkRoom(_ drafts: [Draft]) {
        for node in nodes.compactMap(\.node) {
            let own = drafts.filter { $0.guest?.nodes.contains(node.name) == true }
            for draft in own {
                let (guest, name) = (draft.guest!, draft.name.description)
                if node.guestVolumes.contains(where: {
                    $0.group == guest.volumeGroup.description && $0.volume.name.description == name
                }) {
                    reader.add(
                        .guestVolume, at: draft.fields.cursor.location,
                        "\(node.name) has a logical volume \(name) in \(guest.volumeGroup) already, by its volumes",
                        hint: "remove it there: the disk of a guest is made by itself")
                }
            }
            let inSystem = own.filter { $0.guest!.volumeGroup.description == node.disk.layout.volumeGroup }
            guard let size = node.disk.size, let last = inSystem.last else { continue }
            let needs = inSystem.reduce(node.disk.minimum(firmware: node.firmware)) { $0 + $1.guest!.volumeSize }
            if needs > size {
                reader.add(
                    .guestVolume, at: last.fields.location("disk"),
                    "the disk of \(node.name) has no room for its guests: it needs \(needs) and has \(size)")
            }
        }
    }

    /// Reports files of the user that are at the path of a file for a guest.
    private func checkFiles(_ guests: [Guest], _ lab: Fields) {
        for node in nodes.compactMap(\.node) where !node.files.isEmpty {
            let own = guests.filter { $0.nodes.contains(node.name) }
            func report(_ guest: Guest, where isAt: (String) -> Bool) {
                for file in node.files where isAt(String(file.path.description.dropFirst())) {
                    if case .folder = file.kind { continue }
                    reader.add(
                        .overlayClash, at: location(of: "on", guest, lab),
                        "xenseed writes \(file.path) of \(node.name) for \(guest.name), and files.folder has it, too",
                        hint: "use the fields of the guest, and remove the file", subject: file.path.description)
                }
            }
            for guest in own {
                report(guest) { path in GuestPath.allCases.contains { $0.path(of: guest.name) == path } }
            }
            if let first = own.first {
                report(first) { path in OverlayPath.allCases.contains { $0.guests == .any && $0.isAt(path) } }
            }
            if let first = own.first(where: { $0.replication != nil }) {
                report(first) { path in OverlayPath.allCases.contains { $0.guests == .replicated && $0.isAt(path) } }
            }
        }
    }

    /// Says that guests need hardware virtualization, once for all of them.
    private func tellHardwareVirtualization(_ guests: [Guest], _ lab: Fields) {
        let found = guests.filter { $0.type != .pv && release.guestTypes.contains($0.type) }
        guard let first = found.first else { return }
        let more =
            found.count == 1
            ? " needs" : found.count == 2 ? " and \(found[1].name) need" : " and \(found.count - 1) more guests need"
        reader.add(
            .hardwareVirtualization, at: location(of: "type", first, lab),
            "\(first.name)\(more) a processor with hardware virtualization and nested paging (VT-x with EPT, or AMD-V with NPT)",
            hint:
                "VirtualBox must pass it on (nested VT-x/AMD-V), QEMU needs -cpu host, or -cpu qemu64,+npt without KVM",
            severity: .note)
    }

    /// Reports replicated guests on nodes that restore saved guests.
    private func checkRestored(_ guests: [Guest], _ lab: Fields) {
        for node in nodes.compactMap(\.node) where node.xendomains.restores {
            for guest in guests where guest.replication != nil && guest.nodes.contains(node.name) {
                reader.add(
                    .savedGuest, at: location(of: "on", guest, lab),
                    "\(node.name) would restore \(guest.name) with an old state of its disk after it ran on "
                        + "\(guest.peer(of: node.name)!)",
                    hint: "set xendomains: {save: none, restore: false} for \(node.name)")
            }
        }
    }

    /// Reports nodes of replicated guests without an address on the network.
    private func checkLinks(_ drafts: [Draft], _ replication: Located<Replication>) {
        let network = replication.value.network
        let names = Set(drafts.filter(\.isReplicated).flatMap { $0.guest?.nodes ?? [] })
        for node in nodes.compactMap(\.node) where names.contains(node.name) {
            let links = node.links.filter { $0.addressing.network.name == network.name }
            guard !links.contains(where: { $0.addressing.address != nil }) else { continue }
            reader.add(
                .replicationLink, at: replication.location,
                links.isEmpty
                    ? "\(node.name) is not on the network \(network.name)"
                    : "\(node.name) has no IPv4 address in the lab on the network \(network.name)",
                hint: "give an interface of \(node.name) network: \(network.name) and an address")
        }
    }
}

extension Node {
    /// The names of the volume groups: that of the system, if it has one, and the others.
    var groupNames: [VolumeGroupName] {
        (disk.layout.volumeGroup.map { [known(VolumeGroupName.self, $0)] } ?? []) + volumeGroups.map(\.name)
    }
}
