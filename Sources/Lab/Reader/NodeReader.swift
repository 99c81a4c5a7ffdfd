import Preseed

/// What could be read of a node. `node` is nil when a required field is missing or malformed.
struct PartialNode {
    var name: Hostname
    var location: FieldLocation
    var links: PartialLinks
    var serial: Located<SystemSerial>?
    var access: Access
    /// Whether the lab file has a key, a password or a user for the node, well-formed or not.
    var configuresAccess: Bool
    var node: Node?
}

/// Reads one node, whose settings are merged over the defaults.
struct NodeReader {
    let reader: SpecReader
    let release: Release
    let networks: Networks
    /// The mirror; nil when it is malformed.
    let mirror: Mirror?
    /// The locale of the lab; nil when it is malformed.
    let locale: LocaleName?
    /// Whether the lab uses non-free firmware; nil when the field is malformed.
    let usesNonfreeFirmware: Bool?
    /// The index that has to have every package of the node; nil when package names are not checked.
    let index: PackageIndex?

    func read(_ name: Hostname, _ fields: Fields) -> PartialNode {
        if Self.reservedNames.contains(name.description) {
            reader.add(
                .reservedName, at: fields.cursor.location, "Debian's /etc/hosts reserves the name “\(name)”",
                hint: "choose a different name, such as xen01")
        }
        for key in ["cpus", "interfaces"] where fields[key] == nil {
            reader.add(
                .missingField, at: fields.cursor.location / key, "\(name) needs \(key)",
                hint: "set it here or, for all nodes, under `defaults`")
        }
        let serial = fields.text("serial", SystemSerial.self)
        let cpus = fields.integer("cpus")
        let memory = fields.text("memory", ByteCount.self)
        let firmware = fields.text("firmware", Firmware.self)
        if let firmware, firmware.value == .uefi, let refusal = release.uefiRefusal {
            reader.add(
                .uefiRefused, at: firmware.location, "\(refusal)",
                hint: "use firmware: bios (CSM on a machine that has it), or a different release")
        }
        if let firmware, firmware.value == .uefi, release.uefiRefusal == nil {
            reader.add(
                .secureBoot, at: firmware.location,
                "switch Secure Boot off in the firmware setup before the installation",
                hint:
                    "the boot loader does not start Xen with Secure Boot; the installer stops before it erases anything",
                severity: .note)
        }
        let disk = DiskReader(reader: reader, release: release, firmware: firmware?.value).read(fields.object("disk"))
        let volumeGroups = VolumeGroupReader(reader: reader).read(fields, disk)
        let links =
            reportsWiFi(fields)
            ? (links: PartialLinks(), model: nil)
            : LinkReader(reader: reader, networks: networks, mirror: mirror).read(name, fields)
        let initramfs = fields.text("initramfs", InitramfsPolicy.self)
        let microcode = fields.boolean("microcode", computed: usesNonfreeFirmware ?? false)
        let dom0 = self.dom0(fields.object("dom0"), name, memory, cpus, initramfs?.value, microcode?.value)
        let console = fields.text("console", SerialConsole.self)
        if let console, let locale, !release.offers(locale: locale.description, onSerialConsole: true) {
            reader.add(
                .unofferedLanguage, at: console.location,
                "on a serial console, the installer does not offer the language of \(locale) and asks for one",
                hint: "use locale: en_US.UTF-8, or remove console", severity: .warning)
        }
        let grub = self.grub(fields.object("grub"))
        if let disk, let grub { checkNames(of: disk, volumeGroups, grub, fields) }
        let xendomains = self.xendomains(fields.object("xendomains"))
        let toolstack = self.toolstack(fields)
        let (access, configuresAccess) = AccessReader(reader: reader, release: release).read(fields)
        let packages = self.packages(fields, microcode?.value)
        let recommends = fields.boolean("recommends")
        let upgrades = fields.boolean("upgrade")
        let extras = ExtrasReader(reader: reader)
        let (source, files) = extras.files(fields)
        let lateScript = extras.lateScript(fields)

        var draft = PartialNode(
            name: name, location: fields.cursor.location, links: links.links, serial: serial,
            access: access, configuresAccess: configuresAccess)
        if let cpus, let firmware, let disk, let link = links.model, let dom0, let grub, let xendomains,
            let toolstack, let recommends, let microcode, let initramfs, let upgrades
        {
            draft.node = Node(
                name: name, serial: serial?.value, cpus: cpus.value, memory: memory?.value, firmware: firmware.value,
                disk: disk, volumeGroups: volumeGroups,
                interfaces: link.interfaces, bonds: link.bonds, vlans: link.vlans, bridges: link.bridges,
                installInterface: link.install, dom0: dom0,
                console: console?.value, grub: grub, xendomains: xendomains, toolstack: toolstack, access: access,
                packages: Set(packages).sorted(), installsRecommends: recommends.value,
                loadsMicrocode: microcode.value, initramfs: initramfs.value, upgrades: upgrades.value,
                fileSource: source, files: files, lateScript: lateScript)
        }
        if let index, let mirror, let node = draft.node {
            PackageCheck(reader: reader, index: index, release: release).check(
                node.impliedPackages(release, mirror, firmware: usesNonfreeFirmware ?? false, timeServers: []),
                [
                    .bonds: fields.location("bonds"),
                    .access: fields.object("access").location("authorized_keys"),
                    .sudo: fields.object("access").location("users"),
                    .microcode: fields.location("microcode"),
                    .disks: fields.location(disk?.isMirrored == true ? "disk" : "volume_groups"),
                ])
        }
        return draft
    }

    /// Reports interfaces with names of Wi-Fi cards (systemd.net-naming-scheme(7): `wl`; the kernel: `wlan`). Returns whether
    /// there are any; other mistakes in the links of the node may then follow from this one, so they are not reported.
    private func reportsWiFi(_ fields: Fields) -> Bool {
        let cards =
            fields["interfaces"]?.children.filter { card in
                ["wlan", "wlo", "wlp", "wls", "wlx"].contains { card.key.hasPrefix($0) }
            } ?? []
        for card in cards {
            reader.add(
                .unsupported, at: card.keyLocation, "\(card.key) is a Wi-Fi card, which xenseed does not support",
                hint: "the installer and the bridges for guests need a wired card")
        }
        return !cards.isEmpty
    }

    /// Names in Debian's /etc/hosts (netcfg 1.131 and 1.176, netcfg-common.c).
    private static let reservedNames: Set = [
        "localhost", "ip6-localhost", "ip6-loopback", "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes",
        "ip6-allrouters", "ip6-allhosts",
    ]

    private func packages(_ fields: Fields, _ microcode: Bool?) -> [PackageName] {
        let packages = fields.list("packages", of: PackageName.self)
        for package in packages where package.value.description == "network-manager" {
            reader.add(
                .networkManager, at: package.location, "\(package.value) would take over the network from ifupdown")
        }
        if !packages.isEmpty, let mirror, let usesNonfreeFirmware, let microcode {
            let named = release.components(mirror.components, firmware: usesNonfreeFirmware, microcode: microcode)
            checkComponents(of: packages, named, mirror)
        }
        return packages.map(\.value)
    }

    /// Reports packages of components that are not in the node's sources, and packages that the index does not have. The late
    /// command would fail at both.
    private func checkComponents(of packages: [Located<PackageName>], _ named: [Component], _ mirror: Mirror) {
        func component(_ package: Located<PackageName>) -> Component? {
            let component = release.packagesOutsideMain[package.value.description]
            return component.flatMap { named.contains($0) ? nil : $0 }
        }
        // The hint has the components of all packages, so that a user can copy it once.
        let lacking = packages.filter { component($0) != nil }.flatMap { package in
            release.microcodePackages.contains(package.value.description)
                ? release.microcodeComponents : [component(package)!]
        }
        let list = "mirror: {components: \(Set(mirror.components + lacking).sorted().listText)}"
        for package in packages {
            let name = package.value.description
            guard let component = component(package) else {
                if let index { PackageCheck(reader: reader, index: index, release: release).check(package) }
                continue
            }
            let field =
                release.microcodePackages.contains(name)
                ? "microcode: true" : release.firmwarePackages.contains(name) ? "nonfree_firmware: true" : nil
            reader.add(
                .packageComponent, at: package.location,
                "\(name) is in \(component.rawValue), and the node's sources have only \(named.listText)",
                hint: "write \(field.map { "\($0), or " } ?? "")\(list)")
        }
    }

    private func dom0(
        _ fields: Fields, _ name: Hostname, _ nodeMemory: Located<ByteCount>?, _ cpus: Located<Int>?,
        _ initramfs: InitramfsPolicy?, _ microcode: Bool?
    ) -> Dom0? {
        let memory = fields.text("memory", ByteCount.self)
        let low = fields.text("memory_min", ByteCount.self)
        let high = fields.text("memory_max", computed: memory)
        for amount in [memory, low, high].compactMap({ $0 }) where !amount.value.isWholeMebibytes {
            reader.add(
                .notWholeMebibytes, at: amount.location, "\(amount.value) is not a whole number of MiB, as Xen needs",
                hint: Correction.hint("\(amount.value.mebibytes) MiB", at: amount.location.path))
        }
        if let nodeMemory, let biggest = [memory, high].compactMap({ $0 }).max(by: { $0.value < $1.value }),
            biggest.value >= nodeMemory.value
        {
            reader.add(
                .dom0Memory, at: biggest.location,
                "dom0's memory (\(biggest.value)) must be below the memory of \(name) (\(nodeMemory.value))",
                hint: "the hypervisor needs some memory itself, and the guests need the rest")
        }
        if let low, let memory, low.value > memory.value {
            reader.add(
                .dom0Memory, at: low.location,
                "dom0's minimum memory (\(low.value)) is above its memory (\(memory.value))")
        }
        if let high, let memory, high.value < memory.value {
            reader.add(
                .dom0Memory, at: high.location,
                "dom0's maximum memory (\(high.value)) is below its memory (\(memory.value))")
        }
        if let memory, let initramfs { checkBoot(memory, low, initramfs) }
        let vcpus = fields.integer("vcpus")
        if let vcpus, let cpus, vcpus.value > cpus.value {
            reader.add(
                .dom0VCPUs, at: vcpus.location, "dom0 can't have \(vcpus.value) vcpus: \(name) has \(cpus.value) cpus")
        }
        let pin = fields.boolean("pin")
        let options = fields.list("options", of: BootOption.self)
        for option in options {
            let key = option.value.description.prefix { $0 != "=" }
            if let field = key == "ucode" ? microcode == true ? "microcode" : nil : Self.ownOptions[String(key)] {
                reader.add(
                    .ownOption, at: option.location, "xenseed writes \(key) itself", hint: "use the field \(field)")
            }
        }
        for option in options where option.value.description.utf8.count > release.xenOptionLength {
            reader.add(
                .bootLineTooLong, at: option.location,
                "Xen \(release.xenVersion) reads \(release.xenOptionLength) characters of an option; this one has "
                    + "\(option.value.description.utf8.count)")
        }
        checkLength(of: options, at: fields.location("options"), line: "the hypervisor's command line")
        guard let memory, let high, let vcpus, let pin else { return nil }
        return Dom0(
            memory: memory.value, memoryMin: low?.value, memoryMax: high.value, vcpus: vcpus.value,
            pinsVCPUs: pin.value, options: options.map(\.value))
    }

    /// Reports memory with which dom0 does not boot: its memory at boot, and its minimum.
    private func checkBoot(_ memory: Located<ByteCount>, _ low: Located<ByteCount>?, _ initramfs: InitramfsPolicy) {
        let need = release.dom0Memory
        let least = initramfs == .most ? need.most : need.dep
        let roomy = least + least / 4
        let hint = "dom0: {memory: \((roomy + 127) / 128 * 128) MiB} or more; the default is 1 GiB"
        if memory.value.mebibytes < least {
            reader.add(
                .dom0CannotBoot, at: memory.location,
                need.isMeasured
                    ? "dom0 does not boot with \(memory.value): \(release.codename) with initramfs: "
                        + "\(initramfs.rawValue) needs \(least) MiB"
                    : "dom0 may not boot with \(memory.value): a newer release needs \(least) MiB with initramfs: "
                        + "\(initramfs.rawValue), and \(release.codename) was not measured",
                hint: hint, severity: need.isMeasured ? .error : .warning)
        } else if need.isMeasured, memory.value.mebibytes < roomy {
            reader.add(
                .dom0CannotBoot, at: memory.location,
                "\(memory.value) is only little more than the \(least) MiB without which \(release.codename)'s dom0 does not "
                    + "boot; more packages or drivers may exceed it",
                hint: hint, severity: .warning)
        } else if let low, low.value.mebibytes < least {
            reader.add(
                .dom0CannotBoot, at: low.location,
                "Xen may start dom0 with as little as \(low.value), which is below the \(least) MiB that it needs to boot",
                hint: "dom0: {memory_min: \(least) MiB} or more", severity: .warning)
        }
    }

    /// The number of characters that a lab may add to a command line. Xen passes 1,023 to dom0's kernel (xen/include/public/xen.h,
    /// MAX_GUEST_CMDLINE) and shows 1,023 of its own (xen/include/public/version.h, xen_commandline_t), which the verifier reads;
    /// xenseed and grub-mkconfig write less than 223 of either.
    static let optionRoom = 800

    private func checkLength(of options: [Located<BootOption>], at location: FieldLocation, line: String) {
        let count = options.reduce(0) { $0 + $1.value.description.utf8.count + 1 } - 1
        guard count > Self.optionRoom else { return }
        reader.add(
            .bootLineTooLong, at: location,
            "these options have \(count) characters; \(line) has room for \(Self.optionRoom), and the rest would be lost"
        )
    }

    /// Hypervisor options that a field sets. `ucode` is not among them: it is allowed unless the field `microcode` is true.
    private static let ownOptions = [
        "dom0_mem": "dom0.memory", "dom0_max_vcpus": "dom0.vcpus", "dom0_vcpus_pin": "dom0.pin",
        "com1": "console", "com2": "console", "console": "console",
    ]

    private func grub(_ fields: Fields) -> GRUB? {
        let timeout = fields.integer("timeout")
        // The root file system can be named by its device only where a disk keeps its name.
        let uuid = fields.boolean("disable_linux_uuid", computed: !release.diskNamesMove)
        let options = fields.list("linux_options", of: BootOption.self)
        for option in options where option.value.description.hasPrefix("root=") {
            reader.add(.ownOption, at: option.location, "grub-mkconfig writes root= itself")
        }
        checkLength(of: options, at: fields.location("linux_options"), line: "the command line of dom0's kernel")
        guard let timeout, let uuid else { return nil }
        return GRUB(timeout: timeout.value, disablesLinuxUUID: uuid.value, linuxOptions: options.map(\.value))
    }

    /// Warns of a disk that is identified by a name which may belong to a different disk at the next boot.
    ///
    /// Neither warning applies to a lab that describes one disk by its device name. The choice of the disk to install on
    /// is uncertain only if `keep` or a volume group excludes a disk by name: a rule chooses among all disks that are not
    /// kept, and `by_id` is exact. The root file system may not be found on every node that may have several disks, which the use of
    /// `by_id` or `select` indicates. LVM finds its volumes by their UUIDs.
    private func checkNames(of disk: Disk, _ groups: [VolumeGroup], _ grub: GRUB, _ fields: Fields) {
        guard release.diskNamesMove else { return }
        let danger = "\(release.codename) may exchange the names of disks from boot to boot"
        let erased = disk.selector.paths + groups.filter(\.erasesDisks).flatMap(\.devices)
        let isByID = disk.selector.rule == nil && erased.allSatisfy { $0.device == nil }
        let isByDevice = if case .device = disk.selector { true } else { false }
        let keptByName = disk.kept.first { $0.device != nil }
        let groupByName = groups.first { !$0.erasesDisks && $0.devices.contains { $0.device != nil } }
        if let spared = keptByName ?? groupByName?.devices.first(where: { $0.device != nil }), !isByID {
            reader.add(
                .diskNamesMove,
                at: keptByName == nil ? fields.location("volume_groups") : fields.object("disk").location("keep"),
                "\(danger): \(spared) may be a disk that is erased",
                hint: "identify each disk that is erased by its link in /dev/disk/by-id: "
                    + (disk.isMirrored
                        ? "devices: [\(DiskPath.syntax.example), …]" : "disk: {by_id: \(DiskID.syntax.example), …}"),
                severity: .warning)
        }
        if grub.disablesLinuxUUID, !disk.layout.hasRootOnLVM, !disk.isMirrored, !isByDevice || !disk.kept.isEmpty {
            reader.add(
                .diskNamesMove, at: fields.object("grub").location("disable_linux_uuid"),
                "\(danger), and dom0 would look for its root file system by such a name",
                hint: "delete the line (the default for \(release.codename) is false), or set disk.layout: lvm",
                severity: .warning)
        }
    }

    private func xendomains(_ fields: Fields) -> Xendomains? {
        let save = fields.text("save", OrNone<TargetPath>.self)
        let restore = fields.boolean("restore")
        let auto = fields.text("auto", OrNone<TargetPath>.self)
        let wait = fields.integer("stop_maxwait")
        if let restore, restore.value, let save, save.value.value == nil {
            reader.add(
                .restoreWithoutSave, at: restore.location,
                "no guests can be restored: they are not saved into a directory",
                hint: "set xendomains.save to a directory")
        }
        guard let save, let restore, let auto, let wait else { return nil }
        return Xendomains(
            save: save.value.value, restores: restore.value, auto: auto.value.value, stopMaxWait: wait.value)
    }

    private func toolstack(_ fields: Fields) -> String? {
        guard let name = fields.string("toolstack", computed: release.toolstacks[0]) else { return nil }
        guard release.toolstacks.contains(name.value) else {
            reader.add(
                .toolstack, at: name.location, "\(release.codename) has no toolstack “\(name.value)”",
                hint: release.toolstacks.count == 1
                    ? Correction.hint(release.toolstacks[0], at: name.location.path)
                    : "one of: \(release.toolstacks.joined(separator: ", "))")
            return nil
        }
        return name.value
    }
}
