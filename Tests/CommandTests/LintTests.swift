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
            "lint", "--release", "jessie", "-", input: Self.good.replacing("setup/utc", with: "setip/utc"))
        #expect(bad.status == 1 && bad.err.isEmpty)
        #expect(
            bad.out == """
                -:1:25: error[X0808]: “bookworm” is a suite of bookworm, not of jessie (mirror/suite)
                    1 | d-i mirror/suite string bookworm
                      |                         ^
                hint: try: jessie
                -:2:5: error[X0802]: jessie has no question clock-setip/utc
                    2 | d-i clock-setip/utc boolean true
                      |     ^
                hint: did you mean clock-setup/utc?
                -: 2 errors, 0 warnings

                """)
        let warned = "d-i no/such string x\n"
        #expect(try xenseed("lint", "--release", "jessie", "-", input: warned).status == 0)
        #expect(try xenseed("lint", "--release", "jessie", "--strict", "-", input: warned).status == 1)
        #expect(
            try xenseed("lint", "--release", "jessie", "--strict", "--allow", "no/such", "-", input: warned).status == 0
        )
        let noted = "nosuch no/such string x\n"
        let silent = try xenseed("lint", "--release", "jessie", "--strict", "-", input: noted)
        #expect(silent.status == 0 && silent.out.isEmpty)
        let pedantic = try xenseed("lint", "--release", "jessie", "--strict", "--pedantic", "-", input: noted)
        #expect(pedantic.status == 0 && pedantic.out.contains("note[X0802]"), "\(pedantic)")
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

    @Test func fixes() throws {
        let folder = try TemporaryFolder()
        let bad = Self.good + "\nd-i keymap select us\nd-i clock-setup/ntp boolean yes  \nd-i no/such string x\n"
        try folder.write(bad, to: "real.cfg")
        try FileManager.default.createSymbolicLink(
            atPath: folder.url("a.cfg").path, withDestinationPath: "real.cfg")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.url("real.cfg").path)
        let difference = """
            --- a.cfg
            +++ a.cfg (corrected)
            @@ -1,5 +1,5 @@
             d-i mirror/suite string bookworm
             d-i clock-setup/utc boolean true
            -d-i keymap select us
            -d-i clock-setup/ntp boolean yes\u{20}\u{20}
            +d-i keyboard-configuration/xkb-keymap select us
            +d-i clock-setup/ntp boolean true
             d-i no/such string x
            a.cfg: 2 corrections
            """
        for words in [["--fix=dry-run"], ["--fix-dry-run"]] {
            let dry = try run([program, "lint"] + words + ["a.cfg"], in: URL(filePath: folder.path))
            #expect(dry.status == 1 && dry.out.hasPrefix(difference + ", not made\n"), "\(dry)")
            #expect(dry.out.hasSuffix("a.cfg: 2 errors, 1 warning\n"), "\(dry)")
            #expect(try String(contentsOf: folder.url("real.cfg"), encoding: .utf8) == bad)
        }
        let ran = try xenseed("lint", "--fix", "a.cfg", in: folder)
        #expect(ran.status == 0 && ran.out.hasPrefix(difference + "\n"), "\(ran)")
        #expect(ran.out.hasSuffix("a.cfg: 0 errors, 1 warning\n"), "\(ran)")
        // The file keeps its mode, and the link its target.
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.url("real.cfg").path)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.url("a.cfg").path) == "real.cfg")
        #expect(try xenseed("lint", "--fix=dry-run", "a.cfg", in: folder).out.hasPrefix("a.cfg:5:5: warning"))
        // Standard input can't be changed, but the difference can be shown.
        #expect(try xenseed("lint", "--fix", "-", input: bad).status == 2)
        #expect(try xenseed("lint", "--fix=dry-run", "-", input: bad).out.contains("-: 2 corrections, not made\n"))
    }

    /// Other programs get what people read as text.
    @Test func fieldsForPrograms() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            Self.good + "\nd-i clock-setup/ntp boolean yes\nd-i partman-auto/method string lvm\n", to: "a.cfg")
        let words = [program, "lint", "--complete", "--medium", "initrd", "a.cfg", "--format"]
        let json = try run(words + ["json"], in: URL(filePath: folder.path))
        let items = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        let value = try #require(items.first { $0["code"] as? String == "X0805" })
        #expect(value["question"] as? String == "clock-setup/ntp")
        #expect(["line", "column", "endLine", "endColumn"].map { value[$0] as? Int } == [3, 29, 3, 32])
        let fix = try #require(value["fix"] as? [String: Any])
        #expect(fix["description"] as? String == "write true")
        let replacement = try #require((fix["replacements"] as? [[String: Any]])?.first)
        #expect(replacement["text"] as? String == "true" && replacement["endColumn"] as? Int == 32)
        #expect(
            items.contains {
                $0["question"] as? String == "partman-auto/disk"
                    && $0["condition"] as? String == "with several disks"
            }, "\(json.out)")
        let sarif = try run(words + ["sarif"], in: URL(filePath: folder.path))
        try folder.write(sarif.out, to: "log.sarif")
        let schema = checkout.appending(path: "Tests/CommandTests/sarif.schema.json")
        #expect(try conform([folder.url("log.sarif")], to: schema).values.allSatisfy(\.isEmpty))
        let log = try #require(try JSONSerialization.jsonObject(with: Data(sarif.out.utf8)) as? [String: Any])
        let results = try #require((log["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
        let fixed = try #require(results.first { $0["ruleId"] as? String == "X0805" })
        #expect((fixed["properties"] as? [String: Any])?["question"] as? String == "clock-setup/ntp")
        #expect((fixed["fixes"] as? [Any])?.count == 1)
        #expect(
            results.contains {
                ($0["properties"] as? [String: Any])?["condition"] as? String == "with several disks"
            })
    }

    @Test func packages() throws {
        let folder = try TemporaryFolder()
        try folder.write("Package: vim\n\nPackage: linux-image-amd64\n\nPackage: openssh-server\n", to: "Packages")
        let text =
            Self.good + """

                d-i base-installer/kernel/image string linux-image-amd64
                d-i pkgsel/include string vim opensh-server standard^ $(uname -r)
                d-i preseed/late_command string apt-install vim emacs; in-target apt-get -y install nano; \
                  in-target apt-get -y -t stable install joe

                """
        let ran = try xenseed("lint", "--packages", folder.url("Packages").path, "-", input: text)
        #expect(
            ran.out.matches(of: /(?m)^-:(\S+): error\[X0819\]: the package index has no (\S+)$/).map {
                "\($0.1) \($0.2)"
            } == ["4:31 opensh-server", "5:49 emacs", "5:85 nano", "5:132 joe"], "\(ran.out)")
        #expect(ran.out.contains("hint: did you mean openssh-server?"))
        #expect(try xenseed("lint", "--packages", "-", "-", input: text).status == 2)
    }

    @Test func listsWhatIsAsked() throws {
        let ran = try xenseed(
            "lint", "--complete", "--medium", "initrd", "--priority", "critical", "--answered",
            "partman/choose_partition", "-",
            input: Self.good)
        #expect(ran.status == 1)
        #expect(ran.out.hasPrefix("-: the questions of the installer at priority critical\n"))
        for line in [
            "  WOULD STOP  partman/confirm                            when a file system is overwritten; "
                + "add: d-i partman/confirm boolean true\n",
            "  answered    clock-setup/utc                            line 2\n",
            "  answered    partman/choose_partition                   elsewhere\n",
            "  defaulted   netcfg/get_hostname\n",
            "warning[X0818]: the installer would stop and ask partman/confirm (when a file system is overwritten)\n",
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

    /// Included files are beside the preseed.
    @Test func includedFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write("d-i preseed/include string other.cfg\n", to: "p.cfg")
        func lint(_ more: String...) throws -> Ran {
            try run(
                [program, "lint", "--release", "bookworm", "--complete", "--medium", "initrd", "p.cfg"] + more,
                in: URL(filePath: folder.path))
        }
        let unseen = try lint("--machine", "firmware=uefi")
        #expect(
            unseen.status == 0 && unseen.out.contains("not seen: the file other.cfg (preseed/include)"), "\(unseen)")
        #expect(!unseen.out.contains("grub-installer/bootdev"))
        try folder.write("d-i time/zone string UTC\n", to: "other.cfg")
        let seen = try lint()
        #expect(seen.status == 1 && !seen.out.contains("not seen"), "\(seen)")
        #expect(try lint("--machine", "disks=none").status == 2)
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
            "-:2:33: error[X0808]: “archive.debian.org” does not have bookworm (mirror/http/hostname)\n",
            "hint: try: deb.debian.org\n",
            "-:3:25: error[X0808]: “jessie” is a suite of jessie, not of bookworm (mirror/suite)\n",
            "-:4:52: error[X0807]: bookworm's packages are signed",
            "-:6:27: error[X0807]: bookworm has no package xen-linux-system-amd64\n",
            "hint: try: xen-system-amd64\n", "hint: try: security, updates\n",
        ] { #expect(ran.out.contains(line), "\(line)\(ran.out)") }
        // A mistake in both releases is not reported as a difference between them.
        #expect(!ran.out.contains("X0805"))
        let backwards = try xenseed(
            "lint", "--from", "bookworm", "--to", "jessie", "-", input: "d-i apt-setup/non-free-firmware boolean true\n"
        )
        #expect(backwards.out.contains("is a question of bookworm and trixie, not of jessie"), "\(backwards.out)")
    }
}
