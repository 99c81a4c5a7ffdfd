import Foundation
import TestSupport
import Testing

/// Where Debian's netboot archive comes from: the chain from the signature of the release to the archive, with the real gpgv.
@Suite(.timeLimit(.minutes(15)))
struct NetbootSignatureTests {
    /// A directory with an archive, with the files of a mirror about it, and with keys and signatures made by gpg:
    /// `InRelease` and `Release` with `Release.gpg` are signed by the key in `current.gpg`; other files are not as they are to
    /// be, each in the way of its name.
    private static let mirror = Result {
        let folder = try TemporaryFolder.untilExit()
        try folder.write(labText(nodes: 1, release: "bookworm"), to: "lab.yaml")
        try TreeTests.archive("netboot", in: folder)
        let script = """
            set -eu
            mv netboot.tar netboot.tar.gz
            echo "$(sha256sum <netboot.tar.gz | cut -c -64)  ./netboot/netboot.tar.gz" >SHA256SUMS
            echo "$(echo other | sha256sum | cut -c -64)  ./netboot/netboot.tar.gz" >sums-of-another
            release() {
                printf '%s\\n' 'Origin: Debian' "Codename: $1" 'Date: Sat, 11 Jul 2026 10:16:37 UTC' MD5Sum: \\
                    " 0 0 $2" SHA256: " $(sha256sum <"$3" | cut -c -64) $(stat -c %s "$3") $2"
            }
            list=main/installer-amd64/current/images/SHA256SUMS
            release bookworm $list SHA256SUMS >Release
            release trixie $list SHA256SUMS >trixie
            release bookworm main/installer-i386/current/images/SHA256SUMS SHA256SUMS >i386
            release bookworm $list SHA256SUMS | sed s/SHA256:/SHA1:/ >weak
            export GNUPGHOME="$PWD/gnupg"
            mkdir -m 700 gnupg
            gpg() { command gpg --batch --quiet --passphrase '' --pinentry-mode loopback "$@"; }
            for name in current other revoked; do gpg --quick-generate-key "Key $name" ed25519 sign never; done
            past="--faked-system-time 20200601T000000"
            gpg $past --quick-generate-key 'Key expired' ed25519 sign 1y
            for name in current other expired; do gpg --export "=Key $name" >$name.gpg; done
            sign() { output=$1; shift; gpg "$@" --digest-algo SHA256 --output $output --clearsign; }
            sign InRelease -u '=Key current' <Release
            sign signed-by-another -u '=Key other' <Release
            sign signed-by-two -u '=Key other' -u '=Key current' <Release
            sign signed-by-revoked -u '=Key revoked' <Release
            sign signed-by-expired $past -u '=Key expired' <Release
            sed 's/^:---/---/' gnupg/openpgp-revocs.d/$(gpg --with-colons --list-keys '=Key revoked' | sed -n 's/^fpr:*\\([^:]*\\):$/\\1/p').rev >revocation
            gpg --import revocation
            gpg --export '=Key revoked' >revoked.gpg
            for name in trixie i386 weak; do sign release-$name -u '=Key current' <$name; done
            gpg -u '=Key current' --armor --output Release.gpg --detach-sign Release
            cp Release unsigned
            sed 's/Jul/Aug/' InRelease >changed
            sed 's/Jul/Aug/' Release >changed-text
            cp Release.gpg changed-text.gpg
            { echo "Codename: bookworm"; cat InRelease; } >with-text-before
            { cat InRelease; echo "Codename: bookworm"; } >with-text-after
            cat InRelease signed-by-another >two-messages
            sed 's/^Hash: SHA256$/Codename: bookworm/' InRelease >with-another-header
            sed 's/^-----BEGIN PGP SIGNATURE-----$/Codename: sid\\n&/' InRelease >with-more-text
            : >empty
            gpgconf --kill all
            """
        let made = try run(["sh", "-c", script], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        return folder
    }

    private func netboot(_ words: String...) throws -> (ran: Ran, isBuilt: Bool) {
        let folder = try Self.mirror.get()
        let output = "out-\(UUID().uuidString)"
        let ran = try run(
            [program, "netboot", "--archive", "netboot.tar.gz", "--output", output] + words,
            in: URL(filePath: folder.path))
        return (ran, FileManager.default.fileExists(atPath: folder.url(output).path))
    }

    @Test(arguments: ["InRelease", "Release", "signed-by-two"]) func isVerified(_ file: String) throws {
        let (ran, isBuilt) = try netboot("--sums", "SHA256SUMS", "--release-file", file, "--keyring", "current.gpg")
        #expect(ran.status == 0 && isBuilt && !ran.err.contains("warning: netboot"), "\(ran)")
        #expect(
            ran.err.contains(
                "\nnetboot.tar.gz has the digest of ./netboot/netboot.tar.gz in SHA256SUMS, which \(file) of Sat, 11 Jul 2026 10:16:37 UTC lists, signed by Key current\n"
            ), "\(ran.err)")
    }

    @Test(arguments: [
        ("signed-by-another", "has no signature of a key in current.gpg; it is signed by "),
        ("changed", "was changed: it does not match the signature of Key current"),
        ("changed-text", "was changed: it does not match the signature of Key current"),
        ("with-more-text", "was changed"), ("with-text-before", "is not signed itself"),
        ("with-text-after", "has text before, between or after"), ("two-messages", "has text before, between or after"),
        ("with-another-header", "has no signature"), ("unsigned", "is not signed itself"), ("empty", "is not signed"),
        ("release-trixie", "is of “trixie”, but the lab needs Debian 12 (bookworm)"),
    ]) func releaseFileIsRefused(_ file: String, _ says: String) throws {
        let (ran, isBuilt) = try netboot("--sums", "SHA256SUMS", "--release-file", file, "--keyring", "current.gpg")
        #expect(ran.status == 1 && !isBuilt && ran.err.hasPrefix("\(file): \(says)"), "\(ran)")
    }

    /// The release does not list the digests, or the digests do not list the archive.
    @Test(arguments: [
        ("sums-of-another", "InRelease"), ("SHA256SUMS", "release-i386"), ("SHA256SUMS", "release-weak"),
    ]) func digestsAreRefused(_ sums: String, _ file: String) throws {
        let (ran, isBuilt) = try netboot("--sums", sums, "--release-file", file, "--keyring", "current.gpg")
        #expect(ran.status == 1 && !isBuilt, "\(ran)")
        #expect(ran.err.hasPrefix("\(sums): is not a list that \(file) names"), "\(ran.err)")
    }

    /// Old releases are signed by keys that have expired since; a key that was revoked proves nothing.
    @Test func oldKeys() throws {
        let (expired, isBuilt) = try netboot(
            "--sums", "SHA256SUMS", "--release-file", "signed-by-expired", "--keyring", "expired.gpg")
        #expect(expired.status == 0 && isBuilt && expired.err.contains("signed by Key expired\n"), "\(expired)")
        #expect(
            expired.err.contains("warning: signed-by-expired is signed only by a key whose time is over (Key expired)"))
        let (revoked, _) = try netboot(
            "--sums", "SHA256SUMS", "--release-file", "signed-by-revoked", "--keyring", "revoked.gpg")
        #expect(revoked.status == 1 && revoked.err.contains("has no signature of a key in revoked.gpg"), "\(revoked)")
        // Among Debian's keys, those that were withdrawn are in a keyring of their own.
        func withKeys(current: String, withdrawn: String) throws -> Ran {
            let folder = try Self.mirror.get()
            return try run(
                [
                    "unshare", "--mount", "sh", "-euc",
                    """
                    mount --bind "$1" /usr/share/keyrings/debian-archive-keyring.gpg
                    mount --bind "$2" /usr/share/keyrings/debian-archive-removed-keys.gpg
                    shift 2
                    exec "$@"
                    """, "sh", current, withdrawn, program, "netboot", "--archive", "netboot.tar.gz", "--sums",
                    "SHA256SUMS", "--release-file", "InRelease", "--output", "out-\(UUID().uuidString)",
                ], in: URL(filePath: folder.path))
        }
        let current = try withKeys(current: "current.gpg", withdrawn: "other.gpg")
        #expect(current.status == 0 && !current.err.contains("warning: InRelease"), "\(current)")
        let withdrawn = try withKeys(current: "other.gpg", withdrawn: "current.gpg")
        #expect(
            withdrawn.status == 0
                && withdrawn.err.contains("warning: InRelease is signed only by a key whose time is over (Key current)"),
            "\(withdrawn)")
        let neither = try withKeys(current: "other.gpg", withdrawn: "expired.gpg")
        #expect(
            neither.status == 1 && neither.err.contains("debian-archive-keyring.gpg; it is signed by"), "\(neither)")
    }

    @Test func warnsOfWhatWasNotVerified() throws {
        let (nothing, _) = try netboot()
        #expect(nothing.status == 0 && nothing.err.contains("warning: netboot.tar.gz was not verified"), "\(nothing)")
        let (sums, _) = try netboot("--sums", "SHA256SUMS")
        #expect(sums.status == 0 && !sums.err.contains("netboot.tar.gz was not verified"), "\(sums)")
        #expect(
            sums.err.contains(
                "warning: SHA256SUMS itself was not verified; give the mirror's dists/bookworm/InRelease with --release-file"
            ), "\(sums.err)")
        #expect(try netboot("--release-file", "InRelease").ran.status == 2)
        #expect(try netboot("--sums", "SHA256SUMS", "--keyring", "current.gpg").ran.status == 2)
        #expect(
            try netboot("--sums", "SHA256SUMS", "--release-file", "InRelease", "--keyring", "none").ran.status == 3)
        let folder = try Self.mirror.get()
        let without = try run(
            [
                program, "netboot", "--archive", "netboot.tar.gz", "--sums", "SHA256SUMS", "--release-file",
                "InRelease",
                "--output", "none",
            ], environment: ["PATH": "/nowhere"], in: URL(filePath: folder.path))
        #expect(without.status == 3 && without.err.contains("install Debian's package gpgv"), "\(without)")
        #expect(!FileManager.default.fileExists(atPath: folder.url("none").path))
    }

    /// Debian's own files of bookworm 12.15, with the keys of Debian's package: the signature and the digests are right, and
    /// only the archive is not Debian's.
    @Test func debiansOwnFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1, release: "bookworm"), to: "lab.yaml")
        try TreeTests.archive("netboot", in: folder)
        let files = checkout.appending(path: "Tests/Media/debian-12.15").path
        let unpacked = try run(
            [
                "sh", "-euc",
                """
                mv netboot.tar netboot.tar.gz
                for name in InRelease SHA256SUMS; do xz -dc "$1/$name.xz" >$name; done
                sed 's/^Version: 12.15$/Version: 12.16/' InRelease >changed
                sed 's/^9de9992b/0de9992b/' SHA256SUMS >sums
                """, "sh", files,
            ], in: URL(filePath: folder.path))
        try #require(unpacked.status == 0, "\(unpacked)")
        func netboot(_ sums: String, _ release: String) throws -> String {
            let ran = try xenseed(
                "netboot", "--archive", "netboot.tar.gz", "--sums", sums, "--release-file", release, in: folder)
            #expect(ran.status == 1 && !FileManager.default.fileExists(atPath: folder.url("out").path))
            return ran.err
        }
        let archive = try netboot("SHA256SUMS", "InRelease")
        #expect(archive.hasPrefix("netboot.tar.gz: has the SHA-256\n"), "\(archive)")
        #expect(
            archive.contains("\n  9de9992bc8e63aa0f4e8e20975d94e4812bc4ec41939c93a849759eb7ee70e44  ./netboot/netboot"))
        #expect(
            try netboot("SHA256SUMS", "changed").hasPrefix(
                "changed: was changed: it does not match the signature of Debian "))
        #expect(try netboot("sums", "InRelease").hasPrefix("sums: is not a list that InRelease names"))
    }

    // MARK: Bounds

    /// An archive can neither fill the memory, nor the disk, nor the tree.
    @Test(arguments: [
        (
            "for n in range(100_000): t.addfile(tarfile.TarInfo(f'debian-installer/amd64/{n}'))",
            "has more than 4096 members"
        ),
        ("i = tarfile.TarInfo('zeros'); i.size = 1 << 30; t.addfile(i, Zeros())", "holds more than 512 MiB"),
        (
            "for n in range(9): i = tarfile.TarInfo(f'zeros{n}'); i.size = 60 << 20; t.addfile(i, Zeros())",
            "holds more than 512 MiB"
        ),
        (
            "i = tarfile.TarInfo('a'); i.size = 1 << 62; out.write(i.tobuf(tarfile.GNU_FORMAT))",
            "holds more than 512 MiB"
        ),
        ("t.addfile(tarfile.TarInfo('a/' * 1000 + 'b'))", "has a member whose path has more than 255 bytes"),
        ("t.addfile(tarfile.TarInfo('../' + 'b' * 200_000))", "has a member whose path has more than 255 bytes"),
        // The extended header of a member.
        (
            "i = tarfile.TarInfo('x'); i.type = tarfile.XHDTYPE; i.size = 1 << 30; t.addfile(i, Zeros())",
            "evil.tar.gz: "
        ),
        (
            "i = tarfile.TarInfo('x'); i.type = tarfile.GNUTYPE_LONGNAME; i.size = 1 << 30; t.addfile(i, Zeros())",
            "evil.tar.gz: "
        ),
    ]) func isBounded(_ members: String, _ says: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1, release: "bookworm"), to: "lab.yaml")
        let script = """
            import gzip, tarfile
            class Zeros:
                def read(self, count=-1): return bytes(count)
            out = gzip.open("evil.tar.gz", "wb", compresslevel=1)
            t = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)
            \(members)
            t.close()
            out.close()
            """
        let made = try run(["python3", "-c", script], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        let (ran, peak) = try measured(["netboot", "--archive", "evil.tar.gz"], in: folder)
        #expect(ran.status == 1 && ran.err.contains(says), "\(ran)")
        #expect(peak < 150, "\(peak) MiB")
        #expect(ran.err.utf8.count < 3000)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["evil.tar.gz", "lab.yaml"])
    }
}
