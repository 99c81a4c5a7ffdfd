import Preseed
import Testing

/// What lines of public preseeds made necessary: harmless lines that are no mistakes, and mistakes that look harmless. Each fact
/// was read in the source of the installer's component, which the code names.
@Suite(.timeLimit(.minutes(15)))
struct LinterKindTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        /// The severity, the code and the position of each diagnostic: `error X0801 1:5`.
        let found: [String]
        /// A part of the first message with its hint.
        let says: String
        let codenames: [String]
        var testDescription: String { text.debugDescription }

        init(
            _ text: String, _ found: String..., says: String = "",
            on codenames: [String] = ["jessie", "bookworm", "trixie"]
        ) {
            (self.text, self.found, self.says, self.codenames) = (text, found, says, codenames)
        }
    }

    private static func expect(_ item: Case) throws {
        for codename in item.codenames {
            let release = try #require(Release.named(codename))
            let report = Linter(release: release).lint(Array(item.text.utf8), file: "preseed.cfg")
            let found = report.sorted.map { diagnostic in
                "\(diagnostic.severity.rawValue) \(diagnostic.code.id) "
                    + (diagnostic.mark.map { "\($0.line):\($0.column)" } ?? "")
            }
            #expect(found == item.found, "\(codename): \(report.text())")
            let text = report.sorted.first.map { $0.message + " " + ($0.hint ?? "") } ?? ""
            #expect(item.says.isEmpty || text.contains(item.says), "\(codename): \(report.text())")
        }
    }

    @Test(arguments: [
        // The installer looks neither at the owner nor at the type.
        Case("choose-mirror-bin mirror/http/proxy string\n", "note X0803 1:1"),
        Case("keyboard-configuration keyboard-configuration/variant select German\n"),
        Case("d-i passwd/root-login string true\n", "note X0804 1:23"),
        Case("d-i grub-installer/only_debian bool true\n", "note X0804 1:32", says: "boolean"),
        Case("d-i partman-lvm/device_remove_lvm_span boolean true\n", "note X0804 1:40"),
        // The same answer twice, and one for each of two systems.
        Case("d-i partman/confirm boolean true\nd-i partman/confirm boolean true\n", "note X0806 2:1"),
        Case(
            "keyboard-configuration keyboard-configuration/variant select A\nd-i keyboard-configuration/variant select B\n"
        ),
        // A flag is no answer.
        Case("d-i netcfg/get_hostname string a\nd-i netcfg/get_hostname seen false\n"),
        Case("d-i netcfg/get_hostnam seen false\n", "error X0802 1:5", says: "netcfg/get_hostname?"),
        // Lines that are removed or repaired.
        Case("d-i pkgsel/include string vim \n", "note X0805 1:30"),
        Case("  # a comment of more words\n", "note X0801 1:1"),
        Case("d-i debian-installer/splash boolean false\n", "warning X0802 1:5", says: "Ubuntu"),
        Case("d-i partman/confirm_write_new_label boolean true\n", "warning X0802 1:5"),
    ]) func harmlessLines(_ item: Case) throws { try Self.expect(item) }

    @Test(arguments: [
        Case("d-i netcfg/get_domain string .Example_1.org\n"),
        Case("d-i netcfg/get_domain string example org\n", "error X0808 1:30"),
        Case("d-i netcfg/get_hostname string NODE\n", "note X0808 1:32"),
        Case("d-i netcfg/get_nameservers string 192.0.2.1,192.0.2.2\n", "error X0808 1:35", says: "by blanks"),
        Case("d-i time/zone string EST5EDT\n", on: ["jessie", "bookworm"]),
        Case("d-i time/zone string GMT+0\n", on: ["jessie"]),
        Case("d-i time/zone string posix/Europe/Paris\n"),
        // Debian's own example for trixie has this name, which tzdata no longer has; the installer leaves the clock at UTC.
        Case("d-i time/zone string US/Eastern\n", on: ["jessie", "bookworm"]),
        Case("d-i time/zone string US/Eastern\n", "warning X0808 1:22", says: "America/New_York", on: ["trixie"]),
        Case("d-i time/zone string Europe/Pariss\n", "error X0808 1:22", says: "Europe/Paris"),
        Case("d-i mirror/https/countries select US\n"),
        Case("d-i apt-setup/services-select multiselect security updates\n", "note X0805 1:43", says: "by commas"),
        Case("d-i keyboard-configuration/xkb-keymap select fr\n"),
        Case("d-i keyboard-configuration/xkb-keymap select us(intl)\n"),
        Case("d-i keyboard-configuration/xkb-keymap select uk\n", "error X0808 1:46", says: "try: gb"),
        Case("d-i partman-auto/disk string /dev/[sv]da\n"),
        Case("d-i grub-installer/bootdev string /dev/sd? /dev/vda\n"),
        Case("d-i partman-auto/method string LVM\n", "error X0808 1:32", says: "regular, lvm"),
        Case("d-i passwd/username string admin\n", "error X0808 1:28", says: "reserved"),
        Case("d-i passwd/user-default-groups string audio sudo\n"),
        Case("d-i passwd/user-default-groups string audio,sudo\n", "error X0808 1:39", says: "by blanks"),
        Case("tasksel tasksel/first multiselect standard ssh-server, german-desktop\n"),
        Case("tasksel tasksel/first multiselect standrad\n", "error X0808 1:35", says: "did you mean standard?"),
        Case("tasksel tasksel/first multiselect ubuntu-server\n", "error X0808 1:35"),
        Case("tasksel tasksel/first multiselect print-server\n", on: ["jessie"]),
        Case("tasksel tasksel/first multiselect print-server\n", "error X0808 1:35", on: ["bookworm"]),
        // Suites and mirrors.
        Case("d-i mirror/suite string jessie\n", on: ["jessie"]),
        Case("d-i mirror/suite string jessie\n", "error X0808 1:25", on: ["bookworm", "trixie"]),
        Case(
            "d-i mirror/http/hostname string httpredir.debian.org\n", "warning X0808 1:33", says: "archive",
            on: ["jessie"]),
        Case("d-i mirror/http/hostname string ftp.de.debian.org\n", on: ["bookworm", "trixie"]),
        Case("d-i apt-setup/security_host string security.debian.org\n", on: ["bookworm", "trixie"]),
        Case("d-i apt-setup/security_host string security.debian.org\n", "error X0808 1:36", on: ["jessie"]),
        Case(
            "d-i apt-setup/local0/repository string http://deb.debian.org/debian bullseye main\n", "warning X0808 1:69",
            says: "suite of bullseye", on: ["bookworm", "trixie"]),
        Case("d-i apt-setup/local0/key string base64://LS0t\n", on: ["bookworm", "trixie"]),
        Case("d-i apt-setup/local0/key string base64://LS0t\n", "error X0808 1:33", on: ["jessie"]),
        Case(
            "d-i apt-setup/local0/key string https://example.org/key\n", "error X0808 1:33", says: "TLS", on: ["jessie"]
        ),
        // The shell reads these.
        Case("d-i pkgsel/include string standard^ linux-headers-$(uname -r) vim=2:8 # editor\n"),
        Case("d-i pkgsel/include string \"vim git\"\n", "error X0808 1:27", says: "remove the quotes"),
        Case("d-i pkgsel/include string vim (git\n", "error X0808 1:31", says: "read by the shell"),
        Case("d-i pkgsel/include string -y vim\n", "error X0808 1:27", says: "not as an option"),
        // Quotes stay.
        Case("d-i passwd/user-fullname string \"A B\"\n", "warning X0808 1:33"),
        Case("d-i passwd/root-password-crypted password \"$6$a$b\"\n", "error X0809 1:43", says: "in quotes"),
        Case("d-i netcfg/get_hostname string ${name}\n", "note X0808 1:32", says: "placeholder ${name}"),
        Case("d-i netcfg/get_hostname string {{ name }}\n", "note X0808 1:32", says: "placeholder {{ name }}"),
    ]) func values(_ item: Case) throws { try Self.expect(item) }

    @Test(arguments: [
        Case(
            "d-i partman-auto/expert_recipe string a :: 1 1 1 grub method{ biosgrub } . 1 1 -1 ext4 mountpoint{ / } .\n"
        ),
        Case("d-i partman-auto/expert_recipe string a :: 500 50 500 raid method{ raid } .\n"),
        Case("d-i partman-auto/expert_recipe string a :: 1 1 -1 ntfs mountpoint{ / } .\n", "error X0810 1:39"),
        Case(
            "d-i partman-auto/method string lvm\nd-i partman-auto-lvm/no_boot boolean true\n"
                + "d-i partman-auto/expert_recipe string a :: 9 9 9 ext4 $lvmok{ } mountpoint{ /boot } . 9 9 9 ext4 mountpoint{ / } .\n"
        ),
        Case(
            "d-i partman-auto/method string lvm\n"
                + "d-i partman-auto/expert_recipe string a :: 9 9 9 ext4 $lvmok{ } mountpoint{ /boot } . 9 9 9 ext4 mountpoint{ / } .\n",
            "error X0810 2:39", says: "no_boot"),
        Case(
            "d-i partman-partitioning/default_label string gpt\n"
                + "d-i partman-auto/expert_recipe string a :: 9 9 9 ext4 mountpoint{ / } .\n", "error X0810 2:39",
            says: "method{ biosgrub }"),
        Case(
            "d-i partman-partitioning/default_label string gpt\nd-i partman-auto/expert_recipe string "
                + "a :: 1 1 1 free method{ efi } . 9 9 9 ext4 mountpoint{ / } .\n"),
        Case(
            "d-i partman-auto-raid/recipe string 1 2 0 ext4 / /dev/sda1#/dev/sdb1 . 0 2 0 swap - /dev/sda2#/dev/sdb2\n"),
        Case(
            "d-i partman-auto-raid/recipe string 1 3 0 ext4 / /dev/sda1#/dev/sdb1 .\n", "error X0810 1:37",
            says: "degraded"),
        Case(
            "d-i partman-auto-raid/recipe string 5 2 0 ext4 / /dev/sda1#/dev/sdb1 .\n", "error X0810 1:37",
            says: "needs 3"),
        Case(
            "d-i partman-auto-raid/recipe string 1 2 0 ext4 / /dev/sda1#/dev/sdb1 . 1 2 0 ext4 /srv .\n",
            "error X0810 1:72", says: "RAID recipe 2"),
    ]) func recipes(_ item: Case) throws { try Self.expect(item) }

    @Test(arguments: [
        Case("d-i passwd/root-password password a\nd-i passwd/root-password-again password a\n"),
        Case("d-i passwd/root-password password a\n", "error X0819 1:35", says: "passwd/root-password-again"),
        Case("d-i passwd/root-password password a\nd-i passwd/root-password-crypted password *\n"),
        Case(
            "d-i passwd/user-password password a\nd-i passwd/user-password-again password b\n", "error X0819 2:41",
            says: "differs"),
        Case("d-i passwd/make-user boolean false\nd-i passwd/user-password password a\n"),
        Case(
            "d-i passwd/root-login boolean false\nd-i passwd/make-user boolean false\n", "error X0819 2:30",
            says: "makes a user"),
        Case(
            "d-i netcfg/get_ipaddress string 192.0.2.9\nd-i netcfg/get_netmask string 255.255.255.0\n"
                + "d-i netcfg/get_gateway string 192.0.2.1\n"),
        Case(
            "d-i netcfg/get_ipaddress string 192.0.2.9\nd-i netcfg/get_netmask string 255.255.255.0\n"
                + "d-i netcfg/get_gateway string 192.0.3.1\n", "error X0819 3:31", says: "not in the network"),
        Case("d-i pkgsel/include string vim intel-microcode\n", "error X0819 1:31", says: "non-free"),
        Case(
            "d-i apt-setup/non-free-firmware boolean true\nd-i pkgsel/include string intel-microcode\n",
            on: ["bookworm"]),
    ]) func agreement(_ item: Case) throws { try Self.expect(item) }

    /// Mistakes that shift the words of a line.
    @Test(arguments: [
        Case("d-i preseed/late_command in-target sync\n", "error X0804 1:26", says: "the type is missing"),
        Case("d-i clock-setup/utc true\n", "error X0804 1:21", says: "d-i clock-setup/utc boolean true"),
        Case("d-i apt-setup/services-select none\n", "note X0804 1:31"),
        Case("d-i clock-setup/utc boolean boolean true\n", "error X0804 1:29", says: "twice"),
        Case(
            "d-i partman/auto expert_recipe string a\n", "error X0801 1:5",
            says: "d-i partman-auto/expert_recipe string a"),
        Case("d-i grub-pc grub-pc/hidden_timeout boolean false\n", "error X0801 1:5", says: "two owners"),
        Case(
            "d-i time/zone string UTC\nclock-setup/utc boolean true\n", "error X0801 2:1", says: "the owner is missing"),
        Case(
            "d-i preseed/late_command string true;\nin-target touch /b\n", "error X0816 2:1", says: "at its end"),
        Case("d-i clock-setup/utc boolean\u{A0}true\n", "error X0801 1:28", says: "no-break space"),
        Case("d-i passwd/user-fullname string A\u{A0}B\n"),
        Case("\u{FEFF}# header\nd-i time/zone string UTC\n", "error X0801 1:1", says: "BOM"),
        Case("d-i passwd/user-fullname string a1 \\\\\n  b1\n", "error X0816 1:36", says: "two backslashes"),
        Case("#!/bin/sh\nset -e -u\necho a b c\nexit 0 # done\n", "error X0801 2:1", says: "not a preseed"),
    ]) func shiftedLines(_ item: Case) throws { try Self.expect(item) }

    /// No hint reverses the meaning of a line.
    @Test(arguments: [
        "pkgsel/exclude", "debian-installer/exit/reboot", "grub-installer/efi", "passwd/user-gid",
        "partman-auto/enable_swap",
        "console-setup/ask_detect", "partman/disable_swap",
    ]) func noGuess(_ question: String) throws {
        for release in Release.all {
            let report = Linter(release: release).lint(Array("d-i \(question) string x\n".utf8), file: "preseed.cfg")
            #expect(report.diagnostics.map(\.hint) == [nil], "\(report.text())")
            #expect(report.diagnostics.map(\.severity) == [.warning])
        }
    }

    @Test(arguments: [
        Case("keymap", says: "keyboard-configuration/xkb-keymap"), Case("url", says: "preseed/url"),
        Case("console-keymaps-at/keymap", says: "keyboard-configuration/xkb-keymap"),
        Case("netcfg/gethostname", says: "netcfg/get_hostname?"),
        Case("partman/default_label", says: "partman-partitioning/default_label?"),
    ]) func replacements(_ item: Case) throws {
        for release in Release.all {
            let report = Linter(release: release).lint(Array("d-i \(item.text) string x\n".utf8), file: "preseed.cfg")
            #expect(report.sorted.first?.hint?.contains(item.says) == true, "\(report.text())")
            #expect(report.errors == 1)
        }
    }

    // MARK: Commands

    @Test(arguments: [
        Case("in-target sed -i s/a/b/ /target/etc/x", "error X0813 1:25", says: "try: /etc/x"),
        Case("in-target sh -c 'cp /a /target/b'", "error X0813 1:24"),
        Case("chroot /target cp /target/a /b", "error X0813 1:19"),
        Case("sed -i s/a/b/ /etc/fstab", "error X0813 1:15", says: "try: /target/etc/fstab"),
        Case("echo a >> /home/a/.profile", "error X0813 1:11"), Case("cp /a /target/etc/a; cat /etc/fstab"),
        Case("echo 192.0.2.9 a >> /etc/hosts", "warning X0813 1:21"), Case("mkdir -p /tmp/a; touch /var/a"),
        Case("wget -O /target/a https://example.org/a", "error X0812 1:19", says: "TLS", on: ["jessie"]),
        Case("wget -O /target/a https://example.org/a", on: ["bookworm", "trixie"]),
        Case("in-target wget https://example.org/a"),
        Case(#"printf "a\nb\n" >/target/etc/x; in-target echo -e 'a\nb'"#), Case(#"sh -c "printf 'a\nb'""#),
        Case(#"echo a\nb"#, "error X0805 1:7"), Case(#"in-target sed -i 's/a/b\nc/' /x"#, "error X0805 1:24"),
        Case("if true; then echo; curl x", "error X0811 1:1", "error X0812 1:21"),
        Case("echo ) ; curl x", "error X0811 1:6", "error X0812 1:10"),
        Case("echo \"deb http://a/debian bullseye main\" >/target/x", "warning X0807 1:27", on: ["bookworm"]),
        Case("echo \"deb http://a/debian bookworm-backports main\" >/target/x", on: ["bookworm"]),
    ]) func commands(_ item: Case) throws {
        let start = "d-i preseed/late_command string "
        let places = item.found.map { found in
            let parts = found.split(separator: ":")
            return "\(parts[0]):\(Int(parts[1])! + start.count)"
        }
        try Self.expect(Self.copy(item, text: start + item.text + "\n", found: places))
    }

    private static func copy(_ item: Case, text: String, found: [String]) -> Case {
        Case(text: text, found: found, says: item.says, codenames: item.codenames)
    }

    /// Joined lines are one line, so commands need a separator.
    @Test(arguments: [
        Case("\\\n echo a \\\n sleep 6\n", "error X0816 3:2", says: "write ;"),
        Case("\\\n echo a; \\\n sleep 6\n"), Case("\\\n in-target \\\n sh -c true\n"),
        Case("in-target apt-get install -y \\\n mount \\\n wget\n"), Case("true && \\\n echo a\n"),
        Case("if true; then \\\n echo a; \\\n fi\n"),
    ]) func joinedCommands(_ item: Case) throws {
        try Self.expect(
            Self.copy(item, text: "d-i preseed/late_command string " + item.text, found: item.found))
    }
}

extension LinterKindTests.Case {
    init(text: String, found: [String], says: String, codenames: [String]) {
        (self.text, self.found, self.says, self.codenames) = (text, found, says, codenames)
    }
}
