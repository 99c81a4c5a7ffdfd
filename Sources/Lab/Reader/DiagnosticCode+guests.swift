import Preseed

extension DiagnosticCode {
    static let missingKey = DiagnosticCode(
        "X0640", "a missing SSH key of a node",
        cause:
            "Nodes that share a guest log in on each other to migrate it, and need their keys from the first boot on. A build never generates keys, because it would make others each time.",
        example: "replication: {network: drbd}, without keys/xen01.host.pub",
        cure: "xenseed keys, then commit the public keys; a private key is copied from the machine that has it")
    static let unusableKey = DiagnosticCode(
        "X0641", "an SSH key of a node that can't be used",
        cause:
            "It is not an Ed25519 key in the format of OpenSSH without a passphrase, or the private and the public key are not a pair.",
        example: "keys/xen01.host and the public key of another node as keys/xen01.host.pub",
        cure: "Restore the file, or remove both files of the pair and run xenseed keys.")
    static let openKey = DiagnosticCode(
        "X0642", "a private key of a node that others can read",
        cause: "Who has the key of a node can log in on its peers as far as a migration needs it, or pose as the node.",
        example: "keys/xen01.migration with the mode 0644",
        cure: "chmod 0600 keys/xen01.migration")
    static let guestNodes = DiagnosticCode(
        "X0901", "a guest on nodes that it can't be on",
        cause:
            "The disk of a guest is on one node, or on two nodes of the lab that replicate it, and one of them may start it.",
        example: "web1: {on: [xen01, xen02, xen03], …}",
        cure: "web1: {on: [xen01, xen02], …}")
    static let replicationLink = DiagnosticCode(
        "X0902", "a replicated guest without a network for it",
        cause:
            "DRBD copies each write of the guest over a network on which both nodes have an IPv4 address in the lab.",
        example: "guests: {web1: {on: [xen01, xen02], …}}, without replication",
        cure: "replication: {network: drbd}")
    static let guestVolume = DiagnosticCode(
        "X0903", "a guest whose disk has no place",
        cause:
            "The disk of a guest is a logical volume of its name, in a volume group that each of its nodes has and that has room.",
        example: "web1: {on: [xen01, xen02], …}, and xen02 with layout: plain and without volume_groups",
        cure: "Give both nodes disk: {layout: lvm}, or volume_groups of one name.")
    static let guestTooLarge = DiagnosticCode(
        "X0904", "guests that do not fit on a node",
        cause: "The hypervisor, dom0 and the guests share the memory of the machine; nothing is swapped.",
        example: "memory: 2 GiB, dom0: {memory: 1 GiB}, and a guest with memory: 1 GiB",
        cure: "Give the guest or dom0 less memory, or the machine more.")
    static let guestNumbers = DiagnosticCode(
        "X0905", "two guests with the same DRBD device or port",
        cause:
            "Each replicated disk has a device number and a TCP port of its own. Without minor and port, they come from the MAC address.",
        example: "web1: {mac: \"00:16:3e:00:10:01\", …} and web2: {mac: \"00:16:3e:00:20:01\", …}",
        cure: "web2: {…, minor: 2}")
    static let guestType = DiagnosticCode(
        "X0906", "a type of guest that the release's Xen does not have or can't move",
        cause:
            "The Xen of bookworm's security updates and of trixie has no shadow paging, which moving a pv guest needs; pvh exists since Xen 4.10.",
        example: "release: bookworm, and web1: {on: [xen01, xen02], type: pv, …}",
        cure: "type: pvh")
    static let savedGuest = DiagnosticCode(
        "X0908", "a replicated guest that is saved and restored",
        cause:
            "A guest that is saved when its node stops may be started on the other node and change its disk. Restored later, it would go on with an old state of the disk and destroy it.",
        example: "xendomains: {save: /var/lib/xen/save, restore: true} on a node of a guest with two nodes in on",
        cure: "xendomains: {save: none, restore: false}")
    static let hardwareVirtualization = DiagnosticCode(
        "X0907", "a guest that needs hardware virtualization",
        cause: "Guests of the types pvh and hvm start only on a processor with VT-x and EPT, or AMD-V and NPT.",
        example: "web1: {type: pvh, …} on nodes in VirtualBox",
        cure: "Switch virtualization on in the firmware; on releases that can, use type: pv.")
}
