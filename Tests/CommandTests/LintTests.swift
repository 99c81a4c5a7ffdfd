import Foundation
import TestSupport
import Testing

/// Tests `xenseed lint` as a user runs it.
@Suite(.timeLimit(.minutes(15)))
struct LintTests {
    private static let good = """
        d-i mirror/suite string bookworm
        d-i clock-setup/utc boolean true
        """

    @Test func endsAsTheContractSays() throws {
        let good = try xenseed("lint", "-", input: Self.good)
        #expect(good.status == 0 && good.out.isEmpty && good.err.isEmpty, "\(good)")
        let bad = try xenseed(
            "lint", "--release", "jessie", "-", input: Self.good.replacing("utc boolean", with: "utx boolean"))
        #expect(bad.status == 1 && bad.err.isEmpty)
        #expect(
            bad.out == """
                -:2:5: error[X0802]: jessie has no question clock-setup/utx
                    2 | d-i clock-setup/utx boolean true
                      |     ^
                hint: did you mean clock-setup/utc?
                -: 1 error, 0 warnings

                """)
        let warned = "nosuch no/such string x\n"
        #expect(try xenseed("lint", "--release", "jessie", "-", input: warned).status == 0)
        #expect(try xenseed("lint", "--release", "jessie", "--strict", "-", input: warned).status == 1)
        #expect(
            try xenseed("lint", "--release", "jessie", "--strict", "--allow", "no/such", "-", input: warned).status == 0
        )
        #expect(try xenseed("lint", "--release", "jessie", "nowhere.cfg").status == 3)
    }

    @Test(arguments: [
        (["lint"], "Missing expected argument"), (["lint", "-"], "use --release"),
        (["lint", "--complete", "--release", "jessie", "-"], "--complete needs --medium"),
        (["lint", "--from", "jessie", "-"], "--from and --to must be used together"),
        (["lint", "--release", "jesie", "-"], "did you mean jessie?"), (["lint", "--medium", "floppy", "-"], "pxe"),
    ]) func wrongCommandLines(_ words: [String], _ says: String) throws {
        let ran = try run([program] + words)
        #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains(says), "\(ran)")
    }

    @Test func manyFiles() throws {
        let folder = try TemporaryFolder()
        for number in 1...3 { try folder.write(Self.good + "\nd-i clock-setup/ntp boolean yes\n", to: "\(number).cfg") }
        let ran = try xenseed("lint", "1.cfg", "2.cfg", "3.cfg", in: folder)
        #expect(ran.status == 1)
        for number in 1...3 { #expect(ran.out.contains("\(number).cfg:3:29: error[X0805]")) }
        let json = try xenseed("lint", "--format", "json", "1.cfg", "2.cfg", in: folder)
        let items = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        #expect(items.map { $0["file"] as? String } == ["1.cfg", "2.cfg"])
        try folder.write(Self.good + "\nd-i clock-setup/ntp boolean yes\n", to: "ö 3.cfg")
        let sarif = try xenseed("lint", "--format", "sarif", "1.cfg", "2.cfg", "ö 3.cfg", in: folder)
        try folder.write(sarif.out, to: "log.sarif")
        let schema = checkout.appending(path: "Tests/CommandTests/sarif.schema.json")
        #expect(try conform([folder.url("log.sarif")], to: schema).values.allSatisfy(\.isEmpty))
        let log = try #require(try JSONSerialization.jsonObject(with: Data(sarif.out.utf8)) as? [String: Any])
        let runs = try #require(log["runs"] as? [[String: Any]])
        #expect(log["version"] as? String == "2.1.0" && runs.count == 1)
        #expect((runs[0]["results"] as? [Any])?.count == 3)
    }

    @Test func listsWhatIsAsked() throws {
        let ran = try xenseed(
            "lint", "--complete", "--medium", "initrd", "--priority", "critical", "--answered",
            "partman/choose_partition", "-",
            input: Self.good)
        #expect(ran.status == 1)
        #expect(ran.out.hasPrefix("-: the questions of the installer at priority critical\n"))
        for line in [
            "  WOULD STOP  partman/confirm                            add: d-i partman/confirm boolean true\n",
            "  answered    clock-setup/utc                            line 2\n",
            "  answered    partman/choose_partition                   elsewhere\n",
            "  defaulted   netcfg/get_hostname\n",
            "error[X0818]: the installer would stop and ask partman/confirm (when a file system is overwritten)\n",
            "hint: add: d-i partman/confirm boolean true\n",
        ] { #expect(ran.out.contains(line), "\(line)\(ran.out)") }
    }

    /// In jessie (preseed 1.66), a preseed in the RAM disk is read after the kernel command line, from 1.69 on before
    /// it. The last answer applies.
    @Test(arguments: [("jessie", false), ("bookworm", true), ("trixie", true)])
    func whichOfTwoAnswersWins(release: String, commandLineWins: Bool) throws {
        let folder = try TemporaryFolder()
        try Data("append auto=true priority=critical partman-auto/method=regular\n".utf8).write(to: folder.url("entry"))
        let ran = try xenseed(
            "lint", "--complete", "--release", release, "--medium", "initrd", "--boot-entry", folder.url("entry").path,
            "-",
            input: Self.good + "\nd-i partman-auto/method string lvm\n")
        // Only LVM asks for the name of a volume group.
        #expect(ran.out.contains("partman-auto-lvm/new_vg_name") == !commandLineWins, "\(ran.out)")
    }

    /// The installer of jessie has no TLS.
    @Test(arguments: [
        "mirror/https/hostname string deb.debian.org", "mirror/https/directory string /debian",
        "mirror/https/proxy string",
        "mirror/https/mirror select deb.debian.org", "mirror/protocol string https",
    ])
    func jessieHasNoHTTPS(answer: String) throws {
        let (jessie, bookworm) = try (
            xenseed("lint", "--release", "jessie", "-", input: "d-i \(answer)\n"),
            xenseed("lint", "--release", "bookworm", "-", input: "d-i \(answer)\n")
        )
        #expect(jessie.out.contains(answer.prefix { $0 != " " }), "\(jessie.out)")
        #expect(bookworm.status == 0 && bookworm.out.isEmpty, "\(bookworm.out)")
    }

    @Test func fromReleaseToRelease() throws {
        let jessie = """
            d-i mirror/country string manual
            d-i mirror/http/hostname string archive.debian.org
            d-i mirror/suite string jessie
            d-i debian-installer/allow_unauthenticated boolean true
            d-i apt-setup/services-select multiselect
            d-i pkgsel/include string xen-linux-system-amd64 vim
            d-i clock-setup/utc boolean yes

            """
        let ran = try xenseed("lint", "--from", "jessie", "--to", "bookworm", "-", input: jessie)
        #expect(ran.status == 1)
        for line in [
            "-:2:33: error[X0807]: archive.debian.org does not have bookworm\n", "hint: try: deb.debian.org\n",
            "-:3:25: error[X0807]: mirror/suite is still jessie\n",
            "-:4:52: error[X0807]: bookworm's packages are signed",
            "-:6:27: error[X0807]: bookworm has no package xen-linux-system-amd64\n",
            "hint: try: xen-system-amd64\n", "hint: try: security, updates\n",
            "warning[X0807]: bookworm asks apt-setup/non-free-firmware, which jessie does not\n",
        ] { #expect(ran.out.contains(line), "\(line)\(ran.out)") }
        // A mistake in both releases is not reported as a difference between them.
        #expect(!ran.out.contains("X0805"))
        let backwards = try xenseed(
            "lint", "--from", "bookworm", "--to", "jessie", "-", input: "d-i apt-setup/non-free-firmware boolean true\n"
        )
        #expect(backwards.out.contains("is a question of bookworm and trixie, not of jessie"), "\(backwards.out)")
    }
}
