import Preseed
import Testing

/// What has to change in a preseed of jessie for a later release.
@Suite(.timeLimit(.minutes(15)))
struct MigrationTests {
    private static func changes(_ text: String) -> [String] {
        let migration = Migration(from: Release.named("jessie")!, to: Release.named("bookworm")!)
        return migration.lint(Array(text.utf8), file: "preseed.cfg").sorted.map { diagnostic in
            "\(diagnostic.mark!.line):\(diagnostic.mark!.column) \(diagnostic.message) [\(diagnostic.hint ?? "")]"
        }
    }

    /// A file has only its own changes.
    @Test func nothing() {
        #expect(Self.changes("d-i time/zone string UTC\ntasksel tasksel/first multiselect standard\n") == [])
    }

    /// Only the new release asks for the size, and only with LVM.
    @Test func newQuestion() {
        #expect(
            Self.changes("d-i partman-auto/method string lvm\nd-i time/zone string UTC\n") == [
                "1:1 bookworm stops and asks partman-auto-lvm/guided_size, which jessie does not "
                    + "[add: d-i partman-auto-lvm/guided_size string max]"
            ])
    }

    @Test(arguments: [
        ("d-i netcfg/choose_interface select eth0", "1:36 bookworm names network cards by their place"),
        ("d-i pkgsel/include string vim php5-cli", "1:31 bookworm has no package php5-cli [try: php]"),
        (
            "d-i pkgsel/include string linux-image-3.16.0-4-amd64",
            "1:27 bookworm has no package linux-image-3.16.0-4-amd64"
        ),
        ("d-i pkgsel/include string virtualbox-guest-dkms", "1:27 bookworm has no package virtualbox-guest-dkms []"),
        ("d-i mirror/suite string jessie", "1:25 “jessie” is a suite of jessie"),
        (
            "d-i apt-setup/security_host string archive.debian.org",
            "1:36 “archive.debian.org” does not have the security"
        ),
        (
            "d-i apt-setup/local0/repository string http://example.org/ debian-jessie main",
            "1:60 “debian-jessie” is a suite of jessie"
        ),
        ("d-i preseed/late_command string echo jessie >/target/x", "1:38 the command says jessie"),
        ("d-i preseed/late_command string in-target ifup eth0", "1:48 bookworm names network cards"),
        (
            "d-i apt-setup/non-free boolean true\nd-i pkgsel/include string intel-microcode",
            "2:27 intel-microcode is in non-free-firmware"
        ),
    ]) func changed(_ text: String, _ says: String) {
        let changes = Self.changes(text + "\n")
        #expect(changes.count == 1 && changes[0].hasPrefix(says), "\(changes)")
    }
}
