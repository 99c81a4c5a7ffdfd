import Preseed

extension LabFields {
    package static let guest = ModelSchema("a guest", of: Guest.self) {
        FieldDefinition(
            "on", listOf: Hostname.self, required: .yes, example: "xen01", .network, wording: .items("node"),
            "The nodes that can run the guest and have its disk: one, or two that replicate the disk by DRBD and between which the guest can move."
        ) { $0.nodes }
        FieldDefinition(
            "type", GuestType.self, default: .computed("the release's first one", from: ["release"]), .reboot,
            wording: .value("type", note: ": takes a restart of the guest"),
            "pv: paravirtualized. pvh and hvm: by hardware virtualization, which the processor must have."
        ) { $0.type }
        FieldDefinition(
            "vcpus", 1...512, default: 1, .reboot,
            wording: .value("virtual CPUs", note: ": takes a restart of the guest"),
            "The number of the guest's virtual CPUs."
        ) { $0.vcpus }
        FieldDefinition(
            "memory", ByteCount.self, required: .yes, example: "256 MiB", .reboot,
            wording: .value("memory", note: ": takes a restart of the guest"),
            "The guest's memory. It has to fit on each of its nodes beside dom0."
        ) { $0.memory }
        FieldDefinition(
            "disk", ByteCount.self, required: .yes, example: "4 GiB", .reboot, wording: .volume("the disk"),
            "The size of the guest's disk, a logical volume on each of its nodes. A node makes it when it boots without it, and never replaces it."
        ) { $0.disk }
        FieldDefinition(
            "volume_group", VolumeGroupName.self,
            default: .computed(
                "the only volume group of the guest's nodes",
                from: [
                    "nodes.*.disk.layout", "nodes.*.disk.volume_group", "nodes.*.disk.recipe", "nodes.*.volume_groups",
                ]),
            .reboot, wording: .value("volume group", note: ": a new, empty volume; the old one stays"),
            "The volume group of the disk, on each of the guest's nodes."
        ) { $0.volumeGroup }
        FieldDefinition(
            "bridge", InterfaceName.self,
            default: .computed("the only bridge of the guest's nodes", from: ["nodes.*.bridges"]), example: "xenbr0",
            .network, wording: .value("bridge"), "The bridge of the guest's network card, on each of its nodes."
        ) { $0.bridge }
        FieldDefinition(
            "mac", MACAddress.self, required: .yes, example: "00:16:3e:00:00:01", .network, wording: .value("card"),
            "The MAC address of the guest's network card; 00:16:3e:… are the addresses of Xen."
        ) { $0.mac }
        FieldDefinition(
            "start_on", Hostname.self, .live, wording: .value("started at boot by"),
            "The node that starts the guest when it boots. Without it, a person starts the guest."
        ) { $0.startNode }
        FieldDefinition(
            "kernel", TargetPath.self, example: "/var/lib/xen/guests/vmlinuz", .reboot,
            wording: .value("kernel", note: ": takes a restart of the guest"),
            "The guest's kernel, a file on the node. Without it, the guest boots by the boot loader or the GRUB menu on its disk."
        ) { $0.kernel }
        FieldDefinition(
            "initrd", TargetPath.self, when: .when("with kernel", by: "kernel"),
            example: "/var/lib/xen/guests/initrd.img", .reboot,
            wording: .value("initrd", note: ": takes a restart of the guest"),
            "The RAM disk for the guest's kernel, a file on the node."
        ) { $0.initrd }
        FieldDefinition(
            "kernel_options", listOf: BootOption.self, example: "root=/dev/xvda1", .reboot,
            wording: .items("option of the kernel"), "Options for the guest's kernel, with kernel."
        ) { $0.kernelOptions }
        FieldDefinition(
            "cpuid", CPUIDPolicy.self, .reboot, wording: .value("CPUID", note: ": takes a restart of the guest"),
            "The features of the processor that the guest sees, as in xl.cfg(5). A guest moves between different processors only if it sees what both have."
        ) { $0.cpuid }
        FieldDefinition(
            optional: "minor", 0...1_048_575, default: .computed("the last twelve bits of mac", from: ["guests.*.mac"]),
            when: .when("with two nodes in on", by: "on"), .network, wording: .value("DRBD device"),
            "The number of the guest's DRBD device: N in /dev/drbdN."
        ) { $0.replication?.minor }
        FieldDefinition(
            optional: "port", 1024...65535,
            default: .computed("\(GuestReplication.firstPort) plus minor", from: ["guests.*.minor", "guests.*.mac"]),
            when: .when("with two nodes in on", by: "on"), .network, wording: .value("DRBD port"),
            "The TCP port at which the nodes replicate the disk."
        ) { $0.replication?.port }
    }

    package static let replication = ModelSchema("replication", of: Replication.self) {
        FieldDefinition(
            "network", NetworkName.self, required: .yes, example: "drbd", .network,
            wording: .value("disks are replicated over the network"),
            "The network over which nodes replicate disks and move guests. Both nodes of a guest need an IPv4 address on it."
        ) { $0.network.name }
        FieldDefinition(
            "keys", RelativePath.self, default: "keys", example: "keys", .live,
            wording: .value("the directory of the nodes' keys"),
            "The directory beside the lab file with the SSH keys of the nodes, which `xenseed keys` makes."
        ) { $0.keys }
    }
}
