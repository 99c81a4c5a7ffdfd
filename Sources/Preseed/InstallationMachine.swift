/// The machine on which an installation is simulated.
public struct InstallationMachine: Sendable, Equatable {
    public enum Firmware: String, Sendable { case bios, uefi }

    /// What the disk held before.
    public enum Content: String, CaseIterable, Sendable {
        case lvm, raid
        /// Partitions with file systems, such as those of another system.
        case system
    }

    public var disks = 1
    /// What the disks held; empty for new disks.
    public var content: Set<Content> = []
    public var firmware = Firmware.bios
    public var cards = 1
    /// Whether a card needs firmware that is not on the medium.
    public var needsFirmware = false
    /// Whether the medium is a full CD or DVD, not one for network installations.
    public var hasFullCD = false

    /// A virtual machine as most tools make it: a BIOS, one empty disk, one network card.
    public static let simple = InstallationMachine()

    init() {}

    /// Reads a description such as `disks=2,used=lvm+system,firmware=uefi,cards=2,missing-firmware`.
    /// - Throws: `ValueError` when it is none.
    public init(text: String) throws(ValueError) {
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts[0], parts.count > 1 ? parts[1] : "") {
            case ("disks", let value):
                guard let count = Int(value), (1...99).contains(count) else { throw Self.refusal }
                disks = count
            case ("cards", let value):
                guard let count = Int(value), (1...99).contains(count) else { throw Self.refusal }
                cards = count
            case ("firmware", let value):
                guard let firmware = Firmware(rawValue: value) else { throw Self.refusal }
                self.firmware = firmware
            case ("used", let value):
                let names = value.split(separator: "+").map(String.init)
                let found = names.compactMap(Content.init)
                guard found.count == names.count, !found.isEmpty else { throw Self.refusal }
                content = Set(found)
            case ("missing-firmware", ""): needsFirmware = true
            case ("full-cd", ""): hasFullCD = true
            default: throw Self.refusal
            }
        }
    }

    private static let refusal = ValueError(
        "is not a machine", hint: "try: disks=2,used=lvm+raid+system,firmware=uefi,cards=2,missing-firmware,full-cd")
}

/// A property of a machine under which the installer asks a question.
public enum InstallationCondition: String, Sendable, CaseIterable {
    case severalDisks = "with several disks"
    case severalCards = "with several network cards"
    case missingFirmware = "when firmware is missing"
    case bios = "with BIOS"
    case uefi = "with UEFI"
    case uefiOverBIOS = "with UEFI, when the disk held a system for BIOS"
    case heldLVM = "when the disk held LVM"
    case heldRAID = "when the disk held RAID"
    case overwrites = "when a file system is overwritten"
    case overwritesNothing = "when none is overwritten"
    case otherSystem = "when another system was found"
    case fullCD = "from a full CD or DVD"

    /// Returns whether a machine has the property.
    func holds(on machine: InstallationMachine) -> Bool {
        switch self {
        case .severalDisks: machine.disks > 1
        case .severalCards: machine.cards > 1
        case .missingFirmware: machine.needsFirmware
        case .bios: machine.firmware == .bios
        case .uefi: machine.firmware == .uefi
        case .fullCD: machine.hasFullCD
        case .uefiOverBIOS: machine.firmware == .uefi && machine.content.contains(.system)
        case .heldLVM: machine.content.contains(.lvm)
        case .heldRAID: machine.content.contains(.raid)
        case .overwrites, .otherSystem: machine.content.contains(.system)
        case .overwritesNothing: machine.content.isEmpty
        }
    }
}
