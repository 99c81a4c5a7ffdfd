import Preseed

/// A virtual machine that the nodes of a lab run.
package struct Guest: Sendable {
    package var name: GuestName
    /// The nodes that have the guest's disk, in the order of the lab file: one, or two that replicate it.
    package var nodes: [Hostname]
    package var type: GuestType
    package var vcpus: Int
    /// A whole number of MiB.
    package var memory: ByteCount
    /// The size that the guest's disk has at least.
    package var disk: ByteCount
    /// The volume group of the logical volume with the guest's disk, on each of its nodes.
    package var volumeGroup: VolumeGroupName
    package var bridge: InterfaceName
    package var mac: MACAddress
    /// The node that starts the guest when it boots; nil when no node does.
    package var startNode: Hostname?
    /// The numbers of DRBD; nil when the guest's disk is not replicated.
    package var replication: GuestReplication?
    /// The kernel on the node; nil when the guest boots by the boot loader on its disk.
    package var kernel: TargetPath?
    package var initrd: TargetPath?
    /// The options of the kernel, in their order.
    package var kernelOptions: [BootOption]
    /// The features of the processor that the guest sees, in the form of xl.cfg(5); nil for those of the node.
    package var cpuid: CPUIDPolicy?

    /// The node whose side of the disk is copied to the other when both are new.
    package var firstNode: Hostname { startNode ?? nodes[0] }

    /// The size of the logical volume: the disk and, if it is replicated, the metadata of DRBD at its end, which takes 32 KiB for
    /// each GiB and 36 KiB (DRBD User's Guide 8.4, "Estimating metadata size"), in physical extents of 4 MiB.
    package var volumeSize: ByteCount {
        let extent = 4 << 20
        let metadata = replication == nil ? 0 : disk.bytes / (32 << 10) + (64 << 10)
        return ByteCount(bytes: (disk.bytes + metadata + extent - 1) / extent * extent)
    }

    /// The memory that Xen needs for the guest: its own, and for the tables of its pages 1 MiB for each virtual CPU and 8 KiB for
    /// each MiB (xen/tools/libs/light, `libxl_get_required_shadow_memory`).
    package var neededMemory: ByteCount {
        ByteCount(bytes: memory.bytes + (vcpus << 20) + memory.bytes / 128)
    }

    /// Returns the other node of a replicated guest.
    package func peer(of node: Hostname) -> Hostname? { nodes.first { nodes.count == 2 && $0 != node } }
}

/// The numbers of a replicated disk, which are unique in the lab.
package struct GuestReplication: Sendable {
    /// The number of the DRBD device: N in /dev/drbdN.
    package var minor: Int
    /// The TCP port at which the nodes replicate the disk.
    package var port: Int
}

extension GuestReplication {
    /// Returns the number of the device that a guest has unless the lab gives one: the last twelve bits of its MAC address.
    static func minor(for mac: MACAddress) -> Int { Int(mac.bits & 0xFFF) }

    /// The port of the device 0; the others follow. 7788 is the first port that DRBD's documentation uses.
    static let firstPort = 7788
}

/// The replication of guests' disks between nodes.
package struct Replication: Sendable {
    /// The network over which the nodes replicate and move guests.
    package var network: Network
    /// The directory beside the lab file with the keys that `xenseed keys` makes.
    package var keys: RelativePath
}

/// The name of a guest, of its logical volume and of its DRBD resource.
package struct GuestName: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax("a guest's name", pattern: "^[a-z][a-z0-9-]{0,39}$", example: "web1")

    package init(text: String) throws(ValueError) {
        guard text.utf8.count <= 40, let first = text.utf8.first, (97...122).contains(first), text.utf8.last != 45,
            text.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        else {
            throw ValueError(
                "is not a guest's name (a-z first, then a-z, 0-9 and inner hyphens, at most 40 characters)")
        }
        // For drbdadm(8), `all` is every resource.
        guard text != "all" else {
            throw ValueError("is a word of DRBD for all guests", hint: "choose a different name")
        }
        _ = try VolumeName(text: text)
        description = text
    }

    package static func < (a: GuestName, b: GuestName) -> Bool { naturallyPrecedes(a.description, b.description) }
}

extension GuestType: Choice {
    public static let noun = "a guest's type"
}

/// Features of the processor that a guest sees, in libxl's form (xl.cfg(5), `cpuid`): `host,avx512f=0`.
package struct CPUIDPolicy: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a CPUID policy", pattern: "^host(,[a-z][a-z0-9_.-]*=[0-9a-fxks]+)+$", example: "host,avx2=0,avx512f=0")

    package init(text: String) throws(ValueError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0] == "host", parts.dropFirst().allSatisfy(Self.isFeature) else {
            throw ValueError(
                "is not a CPUID policy (host, then features with a value, joined by commas)",
                hint: "write it as: \(Self.syntax.example)")
        }
        description = text
    }

    private static func isFeature(_ text: Substring) -> Bool {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(\.utf8)
        guard parts.count == 2, let first = parts[0].first, (97...122).contains(first), !parts[1].isEmpty else {
            return false
        }
        func isDigitOrLower(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
        return parts[0].allSatisfy { isDigitOrLower($0) || [45, 46, 95].contains($0) }
            && parts[1].allSatisfy { "0123456789abcdefxks".utf8.contains($0) }
    }
}

extension Lab {
    /// Returns the guests of a node, sorted by name.
    package func guests(on node: Hostname) -> [Guest] { guests.filter { $0.nodes.contains(node) } }

    /// Returns the address of a node on the network over which disks are replicated.
    package func replicationAddress(of name: Hostname) -> IPv4Address? {
        guard let network = replication?.network.name, let node = nodes.first(where: { $0.name == name }) else {
            return nil
        }
        return node.links.first { $0.addressing.network.name == network && $0.addressing.address != nil }?.addressing
            .address
    }

    /// The sorted names of the nodes that replicate guests' disks.
    package var replicatingNodes: [Hostname] { guests.replicatingNodes }
}

extension [Guest] {
    /// The sorted names of the nodes that replicate the disks of these guests.
    var replicatingNodes: [Hostname] { Set(filter { $0.replication != nil }.flatMap(\.nodes)).sorted() }
}
