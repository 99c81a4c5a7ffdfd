import Synchronization

/// What xenseed knows of one Debian release, as data: nothing outside this target asks for a codename.
///
/// A new release is one file with one value, and one line in ``all``.
public struct Release: Sendable {
    /// Also the suite on the mirror.
    public let codename: String
    public let number: String

    // MARK: Archive

    public let mirrorHost: String
    public let mirrorDirectory: String
    /// Base address and suite of the security archive.
    public let securityURL: String
    public let securitySuite: String
    /// Suites beside the release's own that the installed system gets, on the same mirror.
    public let updateSuites: [String]
    /// No key that signed this release is still valid: the installer and apt must be told to go on, and a Release
    /// file past its Valid-Until date must be accepted.
    public let signaturesExpired: Bool
    /// The components that the release has, in the order in which sources.list names them.
    public let components: [Component]
    /// `apt-setup/services-select`: what apt-setup may enable during the installation without failing.
    public let services: [String]
    /// Why the installer can't fetch from this address scheme; nil when it can.
    public let httpsRefusal: String?

    /// Which of Debian's own hosts have this release.
    public let debianHosts: DebianHosts

    // MARK: Packages

    /// The hypervisor, its tools and a kernel for dom0.
    public let xenPackages: [String]
    /// What a bridged dom0 needs that a plain installation may lack.
    public let networkPackages: [String]
    /// What an installation without tasks lacks of systemd-timesyncd.
    public let timePackages: [String]
    /// The field of timesyncd.conf(5) that names servers.
    public let timeServerKey: String
    /// Whether systemd-timesyncd reads files in timesyncd.conf.d, and is enabled by its package.
    public let timeServiceIsModern: Bool
    /// Debian's pool, for a lab that names no servers.
    public let timeServers: [String]
    /// Toolstacks that this release's Xen packages carry.
    public let toolstacks: [String]
    /// The part of `xl info`'s version that `xenseed-verify` holds the node against.
    public let xenVersion: String

    // MARK: Firmware

    /// The component that has the firmware for network cards and disk controllers which is not free software.
    public let firmwareComponent: Component
    /// Firmware of network cards and disk controllers of servers, for the installed system. Wireless cards and graphics are left out.
    public let firmwarePackages: [String]
    /// Components that have the packages of ``microcodePackages`` and what these depend on.
    public let microcodeComponents: [Component]
    /// Microcode for processors of Intel and of AMD. The packages put into the initramfs what the processor they are installed on
    /// needs, so both can be installed (their initramfs hooks: `IUCODE_TOOL_INITRAMFS=auto`, `AMD64UCODE_INITRAMFS=auto`).
    public let microcodePackages: [String]

    // MARK: Boot

    /// Why a UEFI machine can't boot this release's Xen; nil when it can.
    public let uefiRefusal: String?
    /// Linux options that keep the kernel's own NIC names (`eth0`) until udev applies the rules of the overlay.
    public let nicNameOptions: [String]
    /// Whether udev can exchange the names of two network cards by rules. Where it can't, `xenseed-cards` names them.
    public let udevExchangesNames: Bool

    /// SCSI disks are probed side by side, so that sda and sdb may be exchanged from boot to boot (Linux since 5.1; seen with 6.12
    /// and disks of one AHCI controller).
    public let diskNamesMove: Bool

    /// Kernel names of the disks that the installer can install the boot loader on, as patterns of sh; empty when it takes every
    /// disk.
    public let bootDisks: [String]

    /// The installer gives the last volume of a recipe all that is left of its volume group, whatever maximum the recipe gives.
    public let lastVolumeTakesRest: Bool

    /// A preseed in the RAM disk is read after the kernel command line, so that its answers replace those of the line.
    public let seedOverridesKernelLine: Bool

    /// The memory without which dom0 does not boot.
    public let dom0Memory: Dom0MemoryNeed
    /// Characters of one hypervisor option that Xen reads; it cuts off the rest (xen/common/kernel.c, `opt`).
    public let xenOptionLength: Int

    /// A bridge gets a MAC address of its own unless it is told one. Where it does not, `bridge_hw` must not stand: the
    /// older bridge-utils writes that address to every port.
    public let bridgeNeedsAddress: Bool

    // MARK: Accounts

    /// crypt(3) methods that this release's libc reads, by prefix.
    public let cryptMethods: [String]

    // MARK: Installer

    /// Answers that only this release's installer asks for.
    public let answers: [ReleaseAnswer]
    /// Answers that keep the installer from using firmware that is not free software.
    public let firmwareRefusal: [ReleaseAnswer]
    /// Answers that enable these components, and no others.
    public func answers(enabling enabled: [Component]) -> [ReleaseAnswer] {
        components.filter { $0 != .main }.map { component in
            ReleaseAnswer(
                question: "apt-setup/\(component.rawValue)", value: enabled.contains(component) ? "true" : "false")
        }
    }
    /// Every question that a preseed for this release may answer, by name.
    public var questions: QuestionCatalogue { questionCatalogues.of(codename) }
    /// Packages that are known to be outside main; read when they are first asked for.
    public var packagesOutsideMain: ComponentCatalogue { componentCatalogues.of(codename) }
    /// What stands here for a question that other releases have.
    public let replacements: [String: String]
    /// Programs that its installer has, the shell's own left out.
    public var installerTools: Set<String> { toolCatalogues.of(codename) }
    /// Time zones, locales and keymaps that it takes.
    public var regions: RegionCatalogue { regionCatalogues.of(codename) }

    /// The releases, the default first.
    public static let all: [Release] = [.jessie, .bookworm, .trixie]

    public static func named(_ codename: String) -> Release? { all.first { $0.codename == codename } }
}

extension Release {
    /// Whether the installer can install the boot loader on a disk.
    /// - Parameter name: the disk's kernel name: `sda`.
    public func startsFrom(kernelName name: String) -> Bool {
        // In these patterns, ? is any one character.
        bootDisks.isEmpty
            || bootDisks.contains {
                $0.utf8.count == name.utf8.count && zip($0, name).allSatisfy { $0 == "?" || $0 == $1 }
            }
    }
}

/// Which hosts below debian.org and debian.net have a release. Other hosts may have any release.
public enum DebianHosts: Sendable {
    /// These only: the release has left the mirrors.
    case only(Set<String>)
    /// All mirrors; these are not mirrors, or no longer exist.
    case allBut(Set<String>)

    /// Whether it is known that a host does not have the release.
    public func lack(_ host: String) -> Bool {
        guard host.hasSuffix(".debian.org") || host.hasSuffix(".debian.net") else { return false }
        return switch self {
        case .only(let hosts): !hosts.contains(host)
        case .allBut(let hosts): hosts.contains(host)
        }
    }

    /// The archive of old releases, the security archive, and a redirector that was shut down in 2016.
    static let current = DebianHosts.allBut(["archive.debian.org", "security.debian.org", "http.debian.net"])
}

/// The least `dom0_mem`, in MiB, with which dom0 reaches multi-user: the kernel unpacks the whole initramfs into memory.
public struct Dom0MemoryNeed: Sendable {
    /// With initramfs-tools' MODULES=most.
    public let most: Int
    /// With MODULES=dep.
    public let dep: Int
    /// Whether this release was measured; the numbers are another release's otherwise.
    public let isMeasured: Bool
}

/// One preseed line that a release adds.
public struct ReleaseAnswer: Sendable {
    public let question: String
    public let value: String
}

/// What a table in `Catalogue` says of each release, read when it is first asked for.
private final class Catalogues<Content: Sendable>: Sendable {
    private let read: @Sendable (String) -> Content
    private let known = Mutex<[String: Content]>([:])

    init(_ read: @escaping @Sendable (String) -> Content) { self.read = read }

    func of(_ codename: String) -> Content {
        known.withLock { known in
            if let content = known[codename] { return content }
            let new = read(codename)
            known[codename] = new
            return new
        }
    }
}

private let questionCatalogues = Catalogues { QuestionCatalogue(of: $0, in: questionTable) }
private let toolCatalogues = Catalogues { codename in
    Set(tableRows(of: codename, in: toolTable, columns: 4).map { $0[1] })
}
private let componentCatalogues = Catalogues { ComponentCatalogue(of: $0, in: componentTable) }
private let regionCatalogues = Catalogues { RegionCatalogue(of: $0, in: regionTable) }
