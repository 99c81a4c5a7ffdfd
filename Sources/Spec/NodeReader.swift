import Diagnostics
import Lab
import Releases

/// What could be read of a node. `node` is nil when something it needs is missing or malformed.
struct NodeDraft {
    var name: Hostname
    var spot: Spot
    var interfaces: [InterfaceDraft]
    var bridges: [BridgeDraft]
    var serial: Placed<SystemSerial>?
    var access: Access
    /// Whether the lab names a key or a password for it, well-formed or not.
    var triesAccess: Bool
    var node: Node?
}

/// Reads one node, its own words laid over the defaults.
struct NodeReader {
    let reader: SpecReader
    let release: Release
    let networks: Networks
    /// Nil when malformed.
    let mirror: Mirror?

    func read(_ name: Hostname, _ fields: Fields) -> NodeDraft {
        for key in ["cpus", "interfaces"] where fields[key] == nil {
            reader.add(
                .missingField, at: fields.cursor.spot / key, "\(name) needs \(key)",
                hint: "give it here or, for every node, under `defaults`")
        }
        let serial = fields["serial"] == nil ? nil : fields.text("serial", SystemSerial.self)
        let cpus = fields.integer("cpus")
        let memory = fields["memory"] == nil ? nil : fields.text("memory", ByteCount.self)
        let firmware = fields.text("firmware", default: Firmware.bios)
        if let firmware, firmware.value == .uefi, let refusal = release.uefiRefusal {
            reader.add(
                .uefiRefused, at: firmware.spot, "\(refusal)",
                hint: "use firmware: bios (CSM on a machine that has it), or another release")
        }
        let disk = DiskReader(reader: reader, firmware: firmware?.value).read(fields.record("disk"))
        let links = LinkReader(reader: reader, networks: networks, mirror: mirror).read(name, fields)
        let dom0 = self.dom0(fields.record("dom0"), name, memory, cpus)
        let console = fields["console"] == nil ? nil : fields.text("console", SerialConsole.self)
        let grub = self.grub(fields.record("grub"))
        if let disk, let grub { checkNames(of: disk, grub, fields) }
        let xendomains = self.xendomains(fields.record("xendomains"))
        let toolstack = self.toolstack(fields)
        let (access, triesAccess) = AccessReader(reader: reader, release: release).read(fields)
        let packages = self.packages(fields)
        let recommends = fields.boolean("recommends", default: true)
        let initramfs = fields.text("initramfs", default: InitramfsPolicy.most)
        let extras = ExtrasReader(reader: reader)
        let files = extras.files(fields)
        let lateScript = extras.lateScript(fields)

        var draft = NodeDraft(
            name: name, spot: fields.cursor.spot, interfaces: links.interfaces, bridges: links.bridges, serial: serial,
            access: access, triesAccess: triesAccess)
        if let cpus, let firmware, let disk, let link = links.model, let dom0, let grub, let xendomains,
            let toolstack, let recommends, let initramfs
        {
            draft.node = Node(
                name: name, serial: serial?.value, cpus: cpus.value, memory: memory?.value, firmware: firmware.value,
                disk: disk,
                interfaces: link.interfaces, bridges: link.bridges, installInterface: link.install, dom0: dom0,
                console: console?.value, grub: grub, xendomains: xendomains, toolstack: toolstack, access: access,
                packages: Set(packages).sorted(), installsRecommends: recommends.value,
                initramfs: initramfs.value, files: files, lateScript: lateScript)
        }
        return draft
    }

    private func packages(_ fields: Fields) -> [PackageName] {
        let packages = fields.list("packages", of: PackageName.self)
        for package in packages where package.value.description == "network-manager" {
            reader.add(.networkManager, at: package.spot, "\(package.value) would take the network from ifupdown")
        }
        return packages.map(\.value)
    }

    private func dom0(
        _ fields: Fields, _ name: Hostname, _ nodeMemory: Placed<ByteCount>?, _ cpus: Placed<Int>?
    ) -> Dom0? {
        let memory = fields.text("memory", default: ByteCount(bytes: 1 << 30))
        let low = fields["memory_min"] == nil ? nil : fields.text("memory_min", ByteCount.self)
        let high = fields["memory_max"] == nil ? memory : fields.text("memory_max", ByteCount.self)
        for amount in [memory, low, high].compactMap({ $0 }) where !amount.value.isWholeMebibytes {
            reader.add(
                .notWholeMebibytes, at: amount.spot, "Xen counts memory in whole MiB; \(amount.value) is none",
                hint: "try: \(amount.value.mebibytes) MiB")
        }
        if let nodeMemory, let biggest = [memory, high].compactMap({ $0 }).max(by: { $0.value < $1.value }),
            biggest.value >= nodeMemory.value
        {
            reader.add(
                .dom0Memory, at: biggest.spot,
                "dom0's memory (\(biggest.value)) must be below the memory of \(name) (\(nodeMemory.value))",
                hint: "the hypervisor needs a part, and guests the rest")
        }
        if let low, let memory, low.value > memory.value {
            reader.add(
                .dom0Memory, at: low.spot, "dom0's least memory (\(low.value)) is above its memory (\(memory.value))")
        }
        if let high, let memory, high.value < memory.value {
            reader.add(
                .dom0Memory, at: high.spot, "dom0's most memory (\(high.value)) is below its memory (\(memory.value))")
        }
        let vcpus = fields.integer("vcpus", default: 1)
        if let vcpus, let cpus, vcpus.value > cpus.value {
            reader.add(
                .dom0VCPUs, at: vcpus.spot, "dom0 can't have \(vcpus.value) vcpus: \(name) has \(cpus.value) cpus")
        }
        let pin = fields.boolean("pin", default: true)
        let options = fields.list("options", of: BootOption.self)
        for option in options {
            let key = option.value.description.prefix { $0 != "=" }
            if let field = Self.ownOptions[String(key)] {
                reader.add(.ownOption, at: option.spot, "xenseed writes \(key) itself", hint: "use the field \(field)")
            }
        }
        guard let memory, let high, let vcpus, let pin else { return nil }
        return Dom0(
            memory: memory.value, memoryMin: low?.value, memoryMax: high.value, vcpus: vcpus.value,
            pinsVCPUs: pin.value, options: options.map(\.value))
    }

    /// Hypervisor options that have a field.
    private static let ownOptions = [
        "dom0_mem": "dom0.memory", "dom0_max_vcpus": "dom0.vcpus", "dom0_vcpus_pin": "dom0.pin",
        "com1": "console", "com2": "console", "console": "console",
    ]

    private func grub(_ fields: Fields) -> GRUB? {
        let timeout = fields.integer("timeout", default: 1)
        let uuid = fields.boolean("disable_linux_uuid", default: true)
        let options = fields.list("linux_options", of: BootOption.self)
        for option in options where option.value.description.hasPrefix("root=") {
            reader.add(.ownOption, at: option.spot, "grub-mkconfig writes root= itself")
        }
        guard let timeout, let uuid else { return nil }
        return GRUB(timeout: timeout.value, disablesLinuxUUID: uuid.value, linuxOptions: options.map(\.value))
    }

    /// That nothing goes by a disk's name that may be another's with the next boot.
    private func checkNames(of disk: Disk, _ grub: GRUB, _ fields: Fields) {
        guard release.diskNamesMove, let kept = disk.kept.first else { return }
        let danger = "\(release.codename) may exchange the names of disks from boot to boot"
        let isByID = if case .id = disk.selector { true } else { false }
        if !isByID {
            reader.add(
                .diskNamesMove, at: fields.record("disk").spot("keep"),
                "\(danger): \(kept) may be the disk to install on",
                hint: "name that disk by its link in /dev/disk/by-id: by_id", severity: .warning)
        }
        if grub.disablesLinuxUUID, case .plain = disk.layout {
            reader.add(
                .diskNamesMove, at: fields.record("grub").spot("disable_linux_uuid"),
                "\(danger), and dom0 looks for its root file system by such a name",
                hint: "say grub: {disable_linux_uuid: false}, or disk.layout: lvm",
                severity: .warning)
        }
    }

    private func xendomains(_ fields: Fields) -> Xendomains? {
        let save = fields.text("save", default: OrNone<TargetPath>(nil))
        let restore = fields.boolean("restore", default: false)
        let auto = fields.text("auto", default: OrNone(known(TargetPath.self, "/etc/xen/auto")))
        let wait = fields.integer("stop_maxwait", default: 300)
        if let restore, restore.value, let save, save.value.value == nil {
            reader.add(
                .restoreWithoutSave, at: restore.spot, "nothing can be restored: no folder to save into is named",
                hint: "name one in xendomains.save")
        }
        guard let save, let restore, let auto, let wait else { return nil }
        return Xendomains(
            save: save.value.value, restores: restore.value, auto: auto.value.value, stopMaxWait: wait.value)
    }

    private func toolstack(_ fields: Fields) -> String? {
        guard fields["toolstack"] != nil else { return release.toolstacks[0] }
        guard let name = fields.string("toolstack") else { return nil }
        guard release.toolstacks.contains(name.value) else {
            reader.add(
                .toolstack, at: name.spot, "\(release.codename) has no toolstack “\(name.value)”",
                hint: "one of: \(release.toolstacks.joined(separator: ", "))")
            return nil
        }
        return name.value
    }
}
