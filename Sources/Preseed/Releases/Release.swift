import Synchronization

/// The properties of one Debian release, as data: no code outside of this target depends on a codename.
///
/// A new release needs one file with one value, and one entry in ``all``.
public struct Release: Sendable {
    /// The codename, which is also the name of the suite on the mirror.
    public let codename: String
    /// The number of the release.
    public let number: String

    // MARK: Archive

    /// The host of the mirror that labs use by default.
    public let mirrorHost: String
    /// The directory of the archive on that host.
    public let mirrorDirectory: String
    /// The base URL of the security archive.
    public let securityURL: String
    /// The suite of the security archive.
    public let securitySuite: String
    /// The additional suites on the same mirror in the sources of the installed system.
    public let updateSuites: [String]
    /// Whether all keys that signed this release have expired. The installer and apt must then accept packages without a
    /// valid signature, and a Release file after its Valid-Until date.
    public let signaturesExpired: Bool
    /// The components of the release, in the order of sources.list.
    public let components: [Component]
    /// The services that apt-setup can enable during the installation without an error (`apt-setup/services-select`).
    public let services: [String]
    /// The reason why the installer can't use HTTPS; nil when it can.
    public let httpsRefusal: String?

    /// The hosts below debian.org and debian.net that have this release.
    public let debianHosts: DebianHosts

    // MARK: Packages

    /// The hypervisor, its tools and a kernel for dom0.
    public let xenPackages: [String]
    /// The packages that a dom0 with bridges needs and a minimal installation may not have.
    public let networkPackages: [String]
    /// The packages of systemd-timesyncd that an installation without tasks does not have.
    public let timePackages: [String]
    /// The field of timesyncd.conf(5) that names servers.
    public let timeServerKey: String
    /// Whether systemd-timesyncd reads files in timesyncd.conf.d, and is enabled by its package.
    public let timeServiceIsModern: Bool
    /// Debian's pool of NTP servers, the default of a lab.
    public let timeServers: [String]
    /// The toolstacks in the Xen packages of this release.
    public let toolstacks: [String]
    /// The beginning of the Xen version in `xl info` that `xenseed-verify` expects.
    public let xenVersion: String

    // MARK: Guests

    /// The types of guests; the first one is the default.
    public let guestTypes: [GuestType]
    /// The types of guests that can move to another node while they run.
    public let movableTypes: [GuestType]
    /// Whether a guest's configuration says its type by `type=` (since Xen 4.10) instead of `builder=`.
    public let namesGuestType: Bool
    /// Whether LVM reads /etc/lvm/lvmlocal.conf beside lvm.conf (since 2.02.117).
    public let lvmReadsLocalFile: Bool
    /// The packages of QEMU, which emulates the devices of hvm guests.
    public let deviceModelPackages: [String]

    // MARK: Firmware

    /// The component with the non-free firmware for network cards and disk controllers.
    public let firmwareComponent: Component
    /// The packages of firmware for network cards and disk controllers of servers, for the installed system; without those
    /// for wireless cards and graphics.
    public let firmwarePackages: [String]
    /// The components with ``microcodePackages`` and their dependencies.
    public let microcodeComponents: [Component]
    /// The packages of microcode for Intel and AMD. Each adds to the initramfs only what the processor of the machine needs,
    /// so both can be installed (their initramfs hooks: `IUCODE_TOOL_INITRAMFS=auto`, `AMD64UCODE_INITRAMFS=auto`).
    public let microcodePackages: [String]

    // MARK: Boot

    /// The reason why a UEFI machine can't boot Xen of this release; nil when it can.
    public let uefiRefusal: String?
    /// The Linux options that keep the kernel's names of NICs (`eth0`) until udev applies the rules of the overlay.
    public let nicNameOptions: [String]
    /// Whether udev can exchange the names of two network cards by rules. If not, `xenseed-cards` names them.
    public let udevExchangesNames: Bool

    /// Whether sda and sdb may be exchanged from boot to boot, because the kernel probes SCSI disks in parallel (since Linux
    /// 5.1; observed with 6.12 and disks on one AHCI controller).
    public let diskNamesMove: Bool

    /// The kernel names of disks on which the installer can install the boot loader, as patterns of sh; empty when it
    /// supports every disk.
    public let bootDisks: [String]

    /// Whether the installer gives the last volume of a recipe all remaining space of the volume group, even if that is more
    /// than the maximum in the recipe.
    public let lastVolumeTakesRest: Bool

    /// Whether the installer reads a preseed in the RAM disk after the kernel command line, so that its answers replace those
    /// on the command line.
    public let seedOverridesKernelLine: Bool

    /// The memory without which dom0 does not boot.
    public let dom0Memory: Dom0MemoryNeed
    /// The number of characters of one hypervisor option that Xen reads; it ignores the rest (xen/common/kernel.c, `opt`).
    public let xenOptionLength: Int

    /// Whether a bridge gets a MAC address of its own unless one is configured. If not, `bridge_hw` must not be used, because
    /// the older bridge-utils sets that address on every port.
    public let bridgeNeedsAddress: Bool

    // MARK: Accounts

    /// The prefixes of the crypt(3) methods that the libc of this release supports.
    public let cryptMethods: [String]
    /// Whether sshd reads the files in /etc/ssh/sshd_config.d, because Debian's sshd_config includes them. If not, a setting
    /// needs a sshd_config of one's own.
    public let sshdReadsDirectory: Bool

    // MARK: Installer

    /// Packages of earlier releases that this one does not have, with the package that takes their place, if there is one. A name
    /// that ends in `*` stands for all names that begin so. The list has what preseeds install, not all packages.
    public let gonePackages: [String: String?]
    /// The tasks of tasksel, without those of languages.
    public let tasks: Set<String>
    /// Whether the installer asks for further CDs even when it runs from a CD for network installations (apt-setup since 1:0.123).
    let netinstOffersFurtherCDs: Bool
    /// The languages into which the installer is translated incompletely.
    let translations: IncompleteTranslations
    /// The schemes of the addresses from which the installer can fetch a file such as the key of a package source.
    public let fetchSchemes: [String]
    /// The answers to questions that only the installer of this release asks.
    public let answers: [ReleaseAnswer]
    /// The answers that prevent the installer from using non-free firmware.
    public let firmwareRefusal: [ReleaseAnswer]
    /// Returns the answers that enable only the given components.
    public func answers(enabling enabled: [Component]) -> [ReleaseAnswer] {
        components.filter { $0 != .main }.map { component in
            ReleaseAnswer(
                question: "apt-setup/\(component.rawValue)", value: enabled.contains(component) ? "true" : "false")
        }
    }
    /// The questions that a preseed for this release may answer.
    public var questions: QuestionCatalogue { QuestionCatalogue(codename: codename, table: questionRows) }
    /// The owners of these questions, including `d-i`.
    var questionOwners: Set<String> { ownerCatalogues.of(codename) }
    /// The packages that are known to be outside of main.
    public var packagesOutsideMain: ComponentCatalogue { componentCatalogues.of(codename) }
    /// The replacements in this release for questions of other releases.
    public let replacements: [String: String]
    /// The programs in the installer, without the builtins of its shell.
    public var installerTools: Set<String> { toolCatalogues.of(codename) }
    /// The time zones, locales and old names of keymaps.
    public var regions: RegionCatalogue { RegionCatalogue(of: codename) }

    /// All supported releases; the first one is the default.
    public static let all: [Release] = [.jessie, .bookworm, .trixie]

    public static func named(_ codename: String) -> Release? { all.first { $0.codename == codename } }
}

extension Release {
    /// Returns whether the installer can install the boot loader on a disk.
    /// - Parameter name: The kernel name of the disk: `sda`.
    public func startsFrom(kernelName name: String) -> Bool {
        // In these patterns, ? matches one character.
        bootDisks.isEmpty
            || bootDisks.contains {
                $0.utf8.count == name.utf8.count && zip($0, name).allSatisfy { $0 == "?" || $0 == $1 }
            }
    }
}

/// The hosts below debian.org and debian.net that have a release. Hosts of other domains may have any release.
public enum DebianHosts: Sendable {
    /// Only these hosts: the release has been removed from the mirrors.
    case only(Set<String>)
    /// All hosts except these, which are not mirrors or no longer exist.
    case allBut(Set<String>)

    /// Returns whether a host is known not to have the release.
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

/// The minimum of `dom0_mem` in MiB with which dom0 reaches multi-user. The kernel unpacks the whole initramfs into memory.
public struct Dom0MemoryNeed: Sendable {
    /// The minimum with MODULES=most in initramfs-tools.
    public let most: Int
    /// The minimum with MODULES=dep.
    public let dep: Int
    /// Whether this release was measured. If not, the numbers are those of a different release.
    public let isMeasured: Bool
}

/// One preseed line that a release adds.
public struct ReleaseAnswer: Sendable {
    public let question: String
    public let value: String
}

/// The content of a table in `Catalogue` by release, which is read on first use.
final class Catalogues<Content: Sendable>: Sendable {
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

private let questionRows = SortedTable(questionTable, by: 3)
private let ownerCatalogues = Catalogues { codename in Set(tableRows(of: codename, in: questionTable).map { $0[1] }) }
private let toolCatalogues = Catalogues { codename in
    Set(tableRows(of: codename, in: toolTable).map { $0[1] })
}
private let componentCatalogues = Catalogues { ComponentCatalogue(of: $0, in: componentTable) }
