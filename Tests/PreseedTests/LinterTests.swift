import Foundation
import Preseed
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct LinterTests {
    /// Correct files that follow the installation guide's examples, one for each feature.
    struct Sample: CustomTestStringConvertible, Sendable {
        let file: URL
        let text: String
        var testDescription: String { file.lastPathComponent }
        /// The codenames of the releases in the first line of the file.
        var codenames: [String] {
            text.prefix { $0 != "\n" }.split(separator: " ").dropFirst(2).map(String.init)
        }

        static let all: [Sample] = {
            let folder = checkout.appending(path: "Tests/PreseedTests/Corpus")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().map { name in
                let file = folder.appending(path: name)
                return Sample(file: file, text: (try? String(contentsOf: file, encoding: .utf8)) ?? "")
            }
        }()

        static func named(_ name: String) -> Sample { all.first { $0.file.lastPathComponent == name + ".cfg" }! }
    }

    private static func lint(
        _ text: String, _ codename: String, medium: PreseedSource? = nil, kernelLine: KernelLine? = nil,
        allowing: Set<String> = []
    ) throws -> DiagnosticReport {
        let release = try #require(Release.named(codename))
        return Linter(release: release, medium: medium, kernelLine: kernelLine, allowing: allowing)
            .lint(Array(text.utf8), file: "preseed.cfg")
    }

    @Test(arguments: Sample.all) func noFalseAlarms(_ sample: Sample) throws {
        #expect(!sample.codenames.isEmpty)
        for codename in sample.codenames {
            let report = try Self.lint(sample.text, codename)
            #expect(report.diagnostics.isEmpty, "\(codename): \(report.text())")
        }
    }

    /// A correct file of more than sixty lines.
    private static let good = [
        "language", "network-dhcp", "mirror", "accounts-root", "clock", "disk-lvm", "base", "apt", "packages", "grub",
        "finish",
        "commands",
    ].map { Sample.named($0).text }.joined()

    struct Mistake: CustomTestStringConvertible, Sendable {
        let line: String
        /// The beginning of the line of the correct file that is replaced; if it is nil, the text is added.
        let instead: String?
        let code: String
        let column: Int
        /// A part of the message with its hint.
        let says: String
        var severity = Severity.error
        var codenames = ["jessie", "bookworm"]
        var testDescription: String { line }

        init(
            _ line: String, instead: String? = nil, _ code: String, _ column: Int, _ says: String,
            severity: Severity = .error,
            on codenames: [String] = ["jessie", "bookworm"]
        ) {
            (self.line, self.instead, self.code, self.column, self.says) = (line, instead, code, column, says)
            (self.severity, self.codenames) = (severity, codenames)
        }
    }

    static let mistakes = [
        // What debconf-set-selections --checkonly takes.
        Mistake(
            "d-i netcfg/get_hostnam string node7", instead: "d-i netcfg/get_hostname", "X0802", 5,
            "netcfg/get_hostname?"),
        Mistake(
            "d-i clock-setup/utc string true", instead: "d-i clock-setup/utc", "X0804", 21,
            "is a boolean, not a string",
            severity: .note),
        Mistake(
            "d-i clock-setup/utc boolean yes", instead: "d-i clock-setup/utc", "X0805", 29, "true or false, not “yes”"),
        Mistake("d-i netcfg/get_ipaddress string 10.0.0.300", "X0808", 33, "“10.0.0.300” is not an IPv4 address"),
        Mistake("d-i preseed/late_command string false", "X0806", 1, "is already answered in line"),
        Mistake(
            "d-i passwd/root-password-crypted password secret", instead: "d-i passwd/root-password-crypted", "X0809",
            43,
            "plain password"),
        // Lines.
        Mistake(
            "d-i clock-setup/utc boolean true ", instead: "d-i clock-setup/utc", "X0805", 33, "trailing blanks",
            severity: .note),
        Mistake(
            "popularity-contest popularity-contest/participate boolean true ", instead: "popularity-contest", "X0805",
            63,
            "trailing blanks belong to the value"),
        Mistake(
            "d-i clock-setup/utc boolean true # local", instead: "d-i clock-setup/utc", "X0815", 34,
            "“# local” is not a comment"),
        Mistake("d-i netcfg/get_gateway string 192.0.2.1 #router", "X0815", 41, "“#router” is not a comment"),
        Mistake("  # indented", "X0801", 1, "indented comment"),
        Mistake(
            "d-i clock-setup/utc boolean true\r", instead: "d-i clock-setup/utc", "X0815", 33, "carriage return",
            severity: .note),
        Mistake("d-i netcfg/get_gateway", "X0801", 1, "an owner, a question and a type"),
        Mistake(
            "d-i pkgsel/include string vim \\ ", instead: "d-i pkgsel/include", "X0816", 32,
            "blanks after the backslash"),
        // Questions.
        Mistake(
            "d-i partman/confirm_nooverwite boolean true", instead: "d-i partman/confirm_nooverwrite", "X0802", 5,
            "partman/confirm_nooverwrite?"),
        Mistake(
            "d-i tasksel/first multiselect standard", instead: "tasksel tasksel/first", "X0803", 1,
            "belongs to the package tasksel"
        ),
        Mistake(
            "d-i apt-setup/non-free-firmware boolean true", "X0807", 5, "of bookworm and trixie", severity: .warning,
            on: ["jessie"]),
        Mistake("nosuch nosuch/question string x", "X0802", 8, "--allow nosuch/question", severity: .note),
        Mistake(
            "d-i pkgsel/upgrade select full-upgrad", instead: "d-i pkgsel/upgrade", "X0805", 27,
            "did you mean full-upgrade?"),
        // Values.
        Mistake("d-i netcfg/get_nameservers string 192.0.2.1 192.0.2", "X0808", 45, "is not an IPv4 address"),
        Mistake("d-i netcfg/get_netmask string 255.0.255.0", "X0808", 31, "its one bits are not all at the start"),
        Mistake("d-i netcfg/get_netmask string 24", "X0808", 31, "try: 255.255.255.0"),
        Mistake(
            "d-i netcfg/get_hostname string -node", instead: "d-i netcfg/get_hostname", "X0808", 32,
            "is not a host name"),
        Mistake(
            "d-i netcfg/choose_interface select 08:00:27:16:22", instead: "d-i netcfg/choose_interface", "X0808", 36,
            "is not a MAC address"),
        Mistake(
            "d-i mirror/http/proxy string proxy:3128", instead: "d-i mirror/http/proxy", "X0808", 30,
            "try: http://proxy:3128"),
        Mistake(
            "d-i mirror/http/directory string debian", instead: "d-i mirror/http/directory", "X0808", 34, "try: /debian"
        ),
        Mistake(
            "d-i mirror/http/hostname string http://deb.example.org", instead: "d-i mirror/http/hostname", "X0808", 33,
            "is not a host"),
        Mistake("d-i partman-auto/disk string sda", instead: "d-i partman-auto/disk", "X0808", 30, "try: /dev/sda"),
        Mistake(
            "d-i grub-installer/bootdev string /dev/sda sdb", instead: "d-i grub-installer/bootdev", "X0808", 44,
            "try: /dev/sdb"),
        Mistake("d-i partman-auto-lvm/guided_size string 20 XB", "X0808", 41, "is not a size", on: ["bookworm"]),
        Mistake("d-i preseed/url/checksum string d41d8cd98f00", "X0808", 33, "is not an MD5 sum"),
        Mistake("d-i time/zone string Zurich", instead: "d-i time/zone", "X0808", 22, "try: Europe/Zurich"),
        Mistake("d-i time/zone string Europe/Pariss", instead: "d-i time/zone", "X0808", 22, "try: Europe/Paris"),
        Mistake(
            "d-i debian-installer/locale string C.UTF-8", instead: "d-i debian-installer/locale", "X0808", 36,
            "asks for a continent"),
        Mistake(
            "d-i apt-setup/local2/repository string http://apt.example.org", "X0808", 40, "needs a suite and components"
        ),
        Mistake(
            "d-i passwd/user-password-crypted password $6$uTK0Nw7KcA3vDXlI$VzVgVXJcr", "X0809", 43,
            "is not a complete $6$ hash"),
        Mistake(
            "d-i passwd/user-password-crypted password $y$j9T$Wl7wOO6PHnUsLWXrtw2L81$XbEFEbxGxAdEGGgaPKPrGYKTbDGn3XTDkcdtRQHWoDB",
            "X0809", 43, "jessie's libc does not know", on: ["jessie"]),
        Mistake(
            "d-i passwd/root-password-again password b\nd-i passwd/root-password password a",
            instead: "d-i passwd/root-password-crypted", "X0819", 41, "differs from"),
        // Recipes.
        Mistake(
            "d-i partman-auto/expert_recipe string a :: 1 1 1 ext4 mountpoint{/} .", "X0810", 39,
            "blanks inside the braces"),
        Mistake(
            "d-i partman-auto/expert_recipe string a :: 1 1 1 ext4 mountpoint{ / }", "X0810", 39, "does not end with"),
        Mistake(
            "d-i partman-auto/expert_recipe string a :: 9 9 5 ext4 mountpoint{ / } .", "X0810", 39, "below its minimum"),
        Mistake(
            "d-i partman-auto/expert_recipe string a :: 9 9 -1 ntfs mountpoint{ / } .", "X0810", 39,
            "silently replaces by ext2"),
        // Commands.
        Mistake(
            "d-i preseed/include_command string if true; then echo a", instead: "#", "X0811", 36, "not followed by “fi”"
        ),
        Mistake("d-i preseed/include_command string echo a\\nb", instead: "#", "X0805", 42, "becomes a line break"),
        Mistake(
            "d-i preseed/include_command string curl http://192.0.2.1/", instead: "#", "X0812", 36,
            "installer has no curl"),
        Mistake(
            "d-i preseed/include_command string cat /x | xargs echo", instead: "#", "X0812", 45, "no xargs",
            on: ["jessie"]),
        Mistake("d-i preseed/include_command string in-target echo", instead: "#", "X0813", 36, "no new system yet"),
    ]

    @Test(arguments: mistakes) func found(_ mistake: Mistake) throws {
        var lines = Self.good.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.count { !$0.hasPrefix("#") } > 60)
        let place = try #require(
            lines.lastIndex { $0.hasPrefix(mistake.instead ?? "d-i finish-install/reboot_in_progress") })
        if mistake.instead == nil || mistake.instead == "#" {
            lines.insert(mistake.line, at: place)
        } else {
            lines[place] = mistake.line
        }
        for codename in mistake.codenames {
            let report = try Self.lint(lines.joined(separator: "\n"), codename)
            let found = try #require(report.sorted.first, "\(codename): nothing")
            #expect(report.diagnostics.count == 1, "\(codename): \(report.text())")
            #expect(found.code.id == mistake.code, "\(codename): \(report.text())")
            let isLater = mistake.code == "X0806"
            #expect(
                isLater || found.mark == SourceMark(line: place + 1, column: mistake.column),
                "\(codename): \(report.text())")
            #expect(found.severity == mistake.severity)
            #expect(
                (found.message + " " + (found.hint ?? "")).contains(mistake.says),
                "\(found.message) \(found.hint ?? "")")
        }
    }

    /// The diagnostics of a late command, with columns that count from its first letter.
    @Test(arguments: [
        ("systemctl enable ssh", "X0812", 1, "in-target systemctl …"),
        ("true && apt-get update", "X0812", 9, "no apt-get"),
        ("echo `dpkg -l`", "X0812", 7, "no dpkg"),
        ("x() { sudo true; }; x", "X0812", 7, "no sudo"),
        ("in-target \"apt-get update && apt-get upgrade\"", "X0813", 11, "in-target sh -c '…'"),
        ("in-target cd /root", "X0813", 11, "a builtin of the shell"),
        ("in-target /target/root/x.sh", "X0813", 11, "try: /root/x.sh"),
        ("in-target", "X0813", 1, "needs a command"),
        ("in-target cat /x > /etc/motd", "X0813", 20, "try: /target/etc/motd"),
        ("chroot /target \"a b\"", "X0813", 16, "no program “a b”"),
        ("in-target sh -c 'if x; then y'", "X0811", 18, "not followed by “fi”"),
        ("sh -c 'tee x'", "X0812", 8, "no tee"),
        (#"sh -c "echo \"\$a\" 'b'; curl x""#, "X0812", 26, "no curl"),
        (#"sh -c 'echo "a"; sh -c "echo \\a; curl x"'"#, "X0812", 35, "no curl"),
        (#"sh -c echo\ a\;curl\ x"#, "X0812", 16, "no curl"),
        ("log-output -t me exec lsblk", "X0812", 23, "no lsblk"),
        ("echo \"x", "X0811", 6, "not closed"),
    ])
    func lateCommands(_ command: String, _ code: String, _ column: Int, _ says: String) throws {
        let start = "d-i preseed/late_command string "
        for codename in ["jessie", "bookworm"] where !(codename == "bookworm" && command.contains("tee")) {
            let report = try Self.lint(start + command + "\n", codename)
            let found = try #require(report.sorted.first, "\(codename)")
            #expect(report.diagnostics.count == 1 && found.code.id == code, "\(report.text())")
            #expect(found.mark?.column == start.count + column, "\(report.text())")
            #expect((found.message + " " + (found.hint ?? "")).contains(says), "\(report.text())")
        }
    }

    @Test(arguments: [
        ("mkdir /tmp/x", "mkdir -p"), ("ln -s a b", "ln -sf"), ("echo x >> /tmp/log", "with >"),
    ]) func earlyCommandsRunTwice(_ command: String, _ hint: String) throws {
        let report = try Self.lint("d-i preseed/early_command string \(command)\n", "jessie")
        #expect(report.diagnostics.map(\.code.id) == ["X0814"] && report.warnings == 1)
        #expect(report.diagnostics.first?.hint?.contains(hint) == true)
        #expect(try Self.lint("d-i preseed/late_command string \(command)\n", "jessie").diagnostics.isEmpty)
        #expect(
            try Self.lint("d-i preseed/early_command string \(command) || true\n", "jessie").warnings
                == (command.contains(">>") ? 1 : 0))
    }

    /// Inputs that libFuzzer kept, and whole files that are cut at any position.
    @Test func anyBytes() throws {
        let corpus = checkout.appending(path: "Tests/Fuzz/Corpus")
        let files = try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil)
        #expect(files.count > 100)
        for file in files { exerciseLinter([UInt8](try Data(contentsOf: file))) }
        let good = Array(Self.good.utf8)
        for length in stride(from: 0, to: good.count, by: 97) { exerciseLinter([7] + good.prefix(length)) }
    }

    @Test func recipeAndDisk() throws {
        let text =
            "d-i partman-auto/expert_recipe string a :: 500 1 900 linux-swap . 9500 1 -1 ext4 mountpoint{ / } . 9% 1 9% xfs .\n"
        for codename in ["jessie", "bookworm"] {
            var linter = Linter(release: try #require(Release.named(codename)))
            linter.disk = try ByteCount(text: "10 GB")
            #expect(linter.lint(Array(text.utf8), file: "a").diagnostics.isEmpty)
            linter.disk = try ByteCount(text: "9 GiB")
            let found = try #require(linter.lint(Array(text.utf8), file: "a").diagnostics.first)
            #expect(found.code.id == "X0810" && found.mark == SourceMark(line: 1, column: 39))
            #expect(found.message == "the recipe needs 10000 MB at least, and the disk has 9 GiB")
        }
    }

    /// A diagnostic about a password does not show it.
    @Test func passwordsAreNotShown() throws {
        let report = try Self.lint("d-i passwd/root-password-crypted password hunter2\n", "bookworm")
        #expect(report.errors == 1 && !report.text().contains("hunter2"), "\(report.text())")
    }

    /// Positions in joined lines are those in the file.
    @Test func marksInJoinedLines() throws {
        let report = try Self.lint(
            "# x\nd-i preseed/late_command string true; \\\n   x=é; \\\n\ttrue && curl x\n", "bookworm")
        #expect(report.diagnostics.map(\.mark) == [SourceMark(line: 4, column: 10)], "\(report.text())")
    }

    @Test func commentsBetweenJoinedLines() throws {
        let report = try Self.lint("d-i pkgsel/include string vim \\\n# editor\n\n less\n", "bookworm")
        #expect(report.diagnostics.map { "\($0.code.id):\($0.mark!.line)" } == ["X0816:2", "X0816:3"])
    }

    @Test func tooLate() throws {
        let text =
            "d-i debian-installer/locale string en_US.UTF-8\nd-i netcfg/get_hostname string a\nd-i time/zone string UTC\n"
        func lines(_ medium: PreseedSource, _ kernelLine: String = "") throws -> [Int] {
            let report = try Self.lint(text, "bookworm", medium: medium, kernelLine: KernelLine(kernelLine))
            #expect(report.diagnostics.allSatisfy { $0.code.id == "X0817" })
            return report.diagnostics.map { $0.mark!.line }
        }
        #expect(try lines(.initrd) == [])
        #expect(try lines(.iso) == [1])
        #expect(try lines(.usb) == [1])
        #expect(try lines(.pxe) == [1, 2])
        #expect(try lines(.pxe, "auto=true") == [2])
        #expect(try lines(.pxe, "auto url=x netcfg/hostname=b") == [])
        #expect(try lines(.pxe, "locale=en_US.UTF-8 hostname=b") == [])
        let report = try Self.lint(text, "bookworm", medium: .pxe)
        #expect(
            report.diagnostics.map(\.hint)
                == ["locale=en_US.UTF-8", "hostname=a"].map { "add it to the kernel's command line: \($0)" })
    }

    @Test func kernelLines() {
        let pxelinux = KernelLine(
            entry:
                "label install\n  kernel debian/linux\n  append initrd=x auto=true priority=critical netcfg/hostname=a ---\n"
        )
        #expect(
            pxelinux.answers == ["auto-install/enable": "true", "debconf/priority": "critical", "netcfg/hostname": "a"])
        let grub = KernelLine(
            entry: "menuentry x {\n linux /linux url=http://h/p tasks=standard mirror/suite?=x quiet\n initrd /i\n}\n")
        #expect(grub.answers == ["preseed/url": "http://h/p", "tasksel/first": "standard"])
        #expect(KernelLine("locale=de_DE").answers == ["debian-installer/locale": "de_DE"])
    }

    @Test(arguments: [
        ("::", true), ("::1", true), ("2001:db8::42", true), ("fe80::", true), ("1:2:3:4:5:6:7:8", true),
        ("1::8", true),
        ("1:2:3:4:5:6:7", false), ("1:2:3:4:5:6:7:8:9", false), ("1::2::3", false), ("12345::", false), ("g::", false),
        (":::", false), ("1:2:3:4:5:6:7:8::", false), ("1:", false), ("10.0.0.300", false),
    ]) func addresses6(_ text: String, _ isGood: Bool) throws {
        let report = try Self.lint("d-i netcfg/get_ipaddress string \(text)\n", "bookworm")
        #expect(report.diagnostics.map(\.code.id) == (isGood ? [] : ["X0808"]), "\(report.text())")
    }

    @Test func allowed() throws {
        #expect(
            try Self.lint("site site/colour string blue\n", "bookworm", allowing: ["site/colour"]).diagnostics.isEmpty)
    }

    @Test func releaseByItsOwnWords() {
        #expect(PreseedFile.release(of: Array("d-i mirror/suite string trixie\n".utf8))?.codename == "trixie")
        #expect(PreseedFile.release(of: Array("d-i mirror/suite string stable\n".utf8)) == nil)
    }

    /// The questions at which an installation stops, in their order; Tests/ArtifactTests/WalkTests has more.
    @Test func complete() throws {
        var linter = Linter(
            release: try #require(Release.named("bookworm")), medium: .initrd,
            kernelLine: KernelLine("priority=critical"))
        linter.isComplete = true
        linter.answered = ["partman/confirm"]
        let report = linter.lint(Array(Self.good.utf8), file: "preseed.cfg")
        #expect(report.diagnostics.map(\.code.id) == [], "\(report.text())")
        let less = Self.good.split(separator: "\n").filter {
            !$0.contains(" partman/") && !$0.contains("root-password")
        }.joined(separator: "\n")
        let stops = linter.lint(Array(less.utf8), file: "preseed.cfg").diagnostics
        #expect(stops.allSatisfy { $0.code.id == "X0818" && $0.severity == .error })
        #expect(
            stops.compactMap(\.hint) == [
                "add: d-i passwd/root-password-crypted password *", "add: d-i partman/choose_partition select finish",
                "add: d-i partman/confirm_nooverwrite boolean true",
            ])
    }

    @Test func everyCodeIsShown() throws {
        let tests = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
        for code in DiagnosticCode.preseedCodes { #expect(tests.contains("\"\(code.id)"), "\(code.id)") }
    }
}
