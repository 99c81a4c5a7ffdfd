import Testing

@testable import Preseed

/// The catalogue of debconf questions.
@Suite(.timeLimit(.minutes(15)))
struct CatalogueTests {
    /// The lookup is a binary search by the bytes of the name.
    @Test func rowsAreSorted() {
        let names = questionTable.split(separator: "\n").dropFirst().map {
            Array($0.split(separator: "\t", omittingEmptySubsequences: false)[3].utf8)
        }
        for (name, next) in zip(names, names.dropFirst()) {
            #expect(
                !next.lexicographicallyPrecedes(name),
                "\(String(decoding: next, as: UTF8.self)) is after \(String(decoding: name, as: UTF8.self))")
        }
    }

    @Test(arguments: Release.all.map(\.codename)) func everyQuestionIsThereOnce(_ codename: String) throws {
        let questions = try #require(Release.named(codename)).questions
        #expect(!questions.names.isEmpty)
        for (name, count) in Dictionary(grouping: questions.names, by: { $0 }).mapValues(\.count) {
            #expect(count == 1, "\(name)")
            #expect(questions[name]?.name == name)
        }
    }
}

/// Jessie's questions and those of a real installation: Debian 8.7 for i386, installed from a DVD. Its debconf database has
/// 1030 questions: 482 texts and titles, 2 of packages of the installed system, and 546 that the installer can ask or a
/// preseed can answer. The list of their names is not part of this repository; `Catalogue/README.md` explains the
/// differences.
@Suite(.timeLimit(.minutes(15)))
struct JessieInstallationTests {
    /// The parts of the installer that the installation did not load.
    static let partsNotLoaded: Set = [
        "driver-injection-disk-detect", "iso-scan", "load-media", "net-retriever", "network-console", "ppp-udeb",
        "rescue-mode",
    ]

    /// The questions without a template, which are in the database only if a preseed or a script sets them.
    static let withoutTemplate: Set = [
        "apt-setup/local0/comment", "apt-setup/local0/key", "apt-setup/local0/repository", "apt-setup/local0/source",
        "auto-install/classes", "base-installer/debootstrap_variant",
    ]

    /// The number of questions that the installation has of each part of the installer, without texts, titles and
    /// passwords.
    static let counts = [
        "anna": 6, "apt-cdrom-setup": 5, "apt-mirror-setup": 5, "apt-setup-udeb": 5, "base-installer": 4,
        "bootstrap-base": 30, "cdebconf-udeb": 5, "cdrom-checker": 9, "cdrom-detect": 14, "cdrom-retriever": 1,
        "choose-mirror-bin": 16, "clock-setup": 5, "console-setup-udeb": 18, "di-utils": 3, "di-utils-reboot": 1,
        "di-utils-shell": 1, "disk-detect": 4, "elilo-installer": 4, "ethdetect": 4, "file-preseed": 2,
        "finish-install": 2, "grub-installer": 18, "hw-detect": 8, "lilo-installer": 9, "localechooser": 49,
        "lowmemcheck": 2, "main-menu": 3, "netcfg": 42, "network-preseed": 4, "nobootloader": 4, "partman-auto": 11,
        "partman-auto-lvm": 8, "partman-auto-raid": 4, "partman-base": 16, "partman-basicfilesystems": 17,
        "partman-basicmethods": 1, "partman-crypto": 33, "partman-efi": 3, "partman-ext3": 4, "partman-iscsi": 9,
        "partman-jfs": 2, "partman-lvm": 44, "partman-md": 20, "partman-partitioning": 20, "partman-target": 8,
        "pkgsel": 2, "preseed-common": 11, "rescue-check": 1, "rootskel": 7, "save-logs": 7, "tzsetup-udeb": 24,
        "user-setup-udeb": 11,
    ]

    /// The FNV-1a hash (64 bits) of the 546 names in the order of their bytes, each with a line feed.
    static let fingerprint: UInt64 = 0xfad0_2e30_bcd0_9a0a

    let jessie: Release
    /// The installer's questions.
    let questions: [Question]

    init() throws {
        let release = try #require(Release.named("jessie"))
        jessie = release
        questions = release.questions.names.compactMap { release.questions[$0] }.filter { $0.owner == "d-i" }
    }

    /// The questions that the installation has if no explanation applies. Passwords are in a database of their own
    /// (passwords.dat), which the installation does not keep.
    private var shared: [Question] {
        questions.filter {
            $0.type != "password" && !Self.partsNotLoaded.contains($0.component)
                && !Self.withoutTemplate.contains($0.name)
        }
    }

    @Test func everyDifferenceIsExplained() {
        let found = Dictionary(grouping: shared, by: \.component)
        for part in Set(found.keys).union(Self.counts.keys).sorted() {
            let names = found[part, default: []].map(\.name)
            #expect(names.count == Self.counts[part, default: 0], "\(part): \(names)")
        }
    }

    /// Detects an exchanged or renamed question, which the counts do not show.
    @Test func namesAreThoseOfTheInstallation() {
        let text = shared.map { $0.name + "\n" }.joined()
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        #expect(hash == Self.fingerprint, "a question of jessie's installer was renamed or replaced")
    }

    @Test func everyExplanationIsNeeded() {
        #expect(Self.partsNotLoaded.isSubset(of: questions.map(\.component)))
        #expect(Self.withoutTemplate.isSubset(of: questions.map(\.name)))
    }

    /// Questions that came after jessie.
    @Test(arguments: [
        "iso-scan/copy_iso_to_ram", "mirror/https/directory", "mirror/https/hostname", "mirror/https/mirror",
        "mirror/https/proxy", "rescue/separate-fs",
    ]) func laterQuestions(_ name: String) throws {
        #expect(jessie.questions[name] == nil)
        #expect(try #require(Release.named("bookworm")).questions[name] != nil)
    }

    /// Packages of the installed system that asked through the installer's debconf.
    @Test(arguments: ["popularity-contest/participate", "tasksel/first"])
    func questionsOfPackages(_ name: String) throws {
        #expect(try #require(jessie.questions[name]).owner != "d-i")
    }
}
