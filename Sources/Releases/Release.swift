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
    /// `apt-setup/services-select`: what apt-setup may enable during the installation without failing.
    public let services: [String]
    /// Why the installer can't fetch from this address scheme; nil when it can.
    public let httpsRefusal: String?

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

    // MARK: Boot

    /// Why a UEFI machine can't boot this release's Xen; nil when it can.
    public let uefiRefusal: String?
    /// Linux options that keep the kernel's own NIC names (`eth0`) until udev applies the rules of the overlay.
    public let nicNameOptions: [String]

    /// SCSI disks are probed side by side, so that sda and sdb may be exchanged from boot to boot (Linux since 5.1; seen with 6.12
    /// and disks of one AHCI controller).
    public let diskNamesMove: Bool

    /// A bridge gets a MAC address of its own unless it is told one. Where it does not, `bridge_hw` must not stand: the
    /// older bridge-utils writes that address to every port.
    public let bridgeNeedsAddress: Bool

    // MARK: Accounts

    /// crypt(3) methods that this release's libc reads, by prefix.
    public let cryptMethods: [String]

    // MARK: Installer

    /// Answers that only this release's installer asks for.
    public let answers: [ReleaseAnswer]
    /// Every question that a preseed for this release may answer, by name.
    public var questions: QuestionCatalogue { Catalogues.of(codename).questions }
    /// What stands here for a question that other releases have.
    public let replacements: [String: String]
    /// Programs that its installer has, the shell's own left out.
    public var installerTools: Set<String> { Catalogues.of(codename).tools }

    /// The releases, the default first.
    public static let all: [Release] = [.jessie, .bookworm, .trixie]

    public static func named(_ codename: String) -> Release? { all.first { $0.codename == codename } }
}

/// One preseed line that a release adds.
public struct ReleaseAnswer: Sendable {
    public let question: String
    public let value: String
}

/// What the tables in `Catalogue` say of one release, read when somebody first asks.
private struct Catalogues: Sendable {
    let questions: QuestionCatalogue
    let tools: Set<String>

    private static let read = Mutex<[String: Catalogues]>([:])

    static func of(_ codename: String) -> Catalogues {
        read.withLock { read in
            if let known = read[codename] { return known }
            let new = Catalogues(
                questions: QuestionCatalogue(of: codename, in: questionTable),
                tools: Set(rows(of: codename, in: toolTable, columns: 4).map { $0[1] }))
            read[codename] = new
            return new
        }
    }
}
