import Preseed
import Testing

@testable import Server

/// The reason of a failure, found in the end of the late command's log. The outputs were recorded from the programs of Debian 12
/// on 2026-11-30: apt 2.6.1, dpkg 1.21.22, GNU tar 1.34 and busybox 1.35.
@Suite(.timeLimit(.minutes(15)))
struct FailureReasonTests {
    private func reason(
        _ step: String, _ output: String, stage: Stage = .late, before: String = "", message: String = "exit code 1"
    ) throws -> String {
        let log = """
            \(before)xenseed: step \(step)
            xenseed/1 xen01 \(stage.rawValue) \(step) start 900.10\u{20}
            \(output)
            xenseed: step \(step) FAILED with code 1
            xenseed/1 xen01 \(stage.rawValue) \(step) failed 905.02 exit code 1
            """
        let line = try #require(ProgressLine(in: "xenseed/1 xen01 \(stage.rawValue) \(step) failed 905.02 \(message)"))
        // The node sends the last lines of its log.
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false).suffix(50).map(String.init)
        return FailureReason(line, log: lines).description
    }

    @Test(arguments: [
        (
            """
            Reading package lists...
            Building dependency tree...
            Reading state information...
            E: Unable to locate package xen-system-amd65
            """, "E: Unable to locate package xen-system-amd65"
        ),
        (
            """
            Reading package lists...
            Some packages could not be installed. This may mean that you have
            requested an impossible situation or if you are using the unstable
            distribution that some required packages have not yet been created
            or been moved out of Incoming.
            The following information may help to resolve the situation:

            The following packages have unmet dependencies:
             xs-unmet : Depends: xen-utils-9.99 (>= 9) but it is not installable
            E: Unable to correct problems, you have held broken packages.
            """, "xs-unmet : Depends: xen-utils-9.99 (>= 9) but it is not installable"
        ),
        (
            """
            The following NEW packages will be installed:
              libgpg-error0 xs-good
            0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.
            Need to get 700 B of archives.
            After this operation, 0 B of additional disk space will be used.
            Err:1 http://127.0.0.1:18099 ./ xs-good 1.0
              404  File not found [IP: 127.0.0.1 18099]
            E: Failed to fetch http://127.0.0.1:18099/./gone_1.0_all.deb  404  File not found [IP: 127.0.0.1 18099]
            E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?
            """,
            "E: Failed to fetch http://127.0.0.1:18099/./gone_1.0_all.deb  404  File not found [IP: 127.0.0.1 18099]"
        ),
        (
            """
            Ign:1 http://127.0.0.1:9/debian bookworm InRelease
            Err:1 http://127.0.0.1:9/debian bookworm InRelease
              Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)
            Reading package lists...
            W: Failed to fetch http://127.0.0.1:9/debian/dists/bookworm/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)
            W: Some index files failed to download. They have been ignored, or old ones used instead.
            The updates cannot be determined. In the lab, mirror: {security: false} omits the security archive, and upgrade: false omits this step.
            """,
            "W: Failed to fetch http://127.0.0.1:9/debian/dists/bookworm/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)"
        ),
        (
            """
            The following packages have unmet dependencies:
             xs-unmet : Depends: xen-utils-9.99 (>= 9)
                        Depends: xen-utils-9.98 but it is not going to be installed
            E: Unable to correct problems, you have held broken packages.
            """, "xs-unmet : Depends: xen-utils-9.99 (>= 9)"
        ),
        (
            """
            Err:1 http://127.0.0.1:18099 ./ InRelease
              The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9
            Reading package lists...
            W: GPG error: http://127.0.0.1:18099 ./ InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9
            E: The repository 'http://127.0.0.1:18099 ./ InRelease' is not signed.
            """,
            "W: GPG error: http://127.0.0.1:18099 ./ InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9"
        ),
        (
            """
            E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4407 (apt-get)
            E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?
            """, "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4407 (apt-get)"
        ),
        (
            """
            Need to get 700 B of archives.
            WARNING: The following packages cannot be authenticated!
              xs-good
            E: There were unauthenticated packages and -y was used without --allow-unauthenticated
            """, "E: There were unauthenticated packages and -y was used without --allow-unauthenticated"
        ),
    ]) func apt(output: String, reason expected: String) throws {
        #expect(try reason("packages", output) == expected)
    }

    /// Below the first package that failed are the messages of others, and above it the output of those that did not fail.
    private static let dpkg = """
        Unpacking libgpg-error0 (1.46-1) ...
        Setting up libgpg-error0 (1.46-1) ...
        Failed to read the environment, ignoring.
        Setting up xs-bad (1.0) ...
        SCRIPT
        dpkg: error processing package xs-bad (--install):
         installed xs-bad package post-installation script subprocess returned error exit status 1
        dpkg: dependency problems prevent configuration of xs-needs:
         xs-needs depends on xs-bad; however:
          Package xs-bad is not configured yet.

        dpkg: error processing package xs-needs (--install):
         dependency problems - leaving unconfigured
        Setting up xs-good (1.0) ...
        W: Possible missing firmware /lib/firmware/i915/tgl_huc_7.5.0.bin for module i915
        Errors were encountered while processing:
         xs-bad
         xs-needs
        E: Sub-process /usr/bin/dpkg returned an error code (1)
        """

    @Test(arguments: [
        (
            """
            xs-bad: Running grub-install ...
            /dev/disk/by-id/ata-VBOX_HARDDISK_VB1 does not exist, so cannot grub-install to it!
            You must correct your GRUB install devices before proceeding:

              DEBIAN_FRONTEND=dialog dpkg --configure grub-pc
              dpkg --configure -a
            """, "xs-bad: /dev/disk/by-id/ata-VBOX_HARDDISK_VB1 does not exist, so cannot grub-install to it!"
        ),
        (
            """
            ln: failed to create hard link '/boot/initrd.img-6.1.0-18-amd64.dpkg-bak': Operation not permitted
            update-initramfs: Generating /boot/initrd.img-6.1.0-18-amd64
            cpio: write error: No space left on device
            E: mkinitramfs failure cpio 2
            update-initramfs: failed for /boot/initrd.img-6.1.0-18-amd64 with 1.
            run-parts: /etc/kernel/postinst.d/initramfs-tools exited with return code 1
            """, "xs-bad: cpio: write error: No space left on device"
        ),
        ("xs-bad: there are too many", "xs-bad: there are too many"),
        ("", "xs-bad: installed xs-bad package post-installation script subprocess returned error exit status 1"),
    ]) func dpkg(script: String, reason expected: String) throws {
        #expect(
            try reason("packages", Self.dpkg.replacing("SCRIPT\n", with: script.isEmpty ? "" : script + "\n"))
                == expected)
        // An earlier failure of the same step is not the reason of this one.
        let before =
            "xenseed: step packages\nxenseed/1 xen01 late packages start 800.0 \nE: Unable to locate package x\n"
        #expect(
            try reason("packages", Self.dpkg.replacing("SCRIPT", with: "grub-install: error: no disk"), before: before)
                == "xs-bad: grub-install: error: no disk")
    }

    @Test func dpkgUnpacking() throws {
        let output = """
            Preparing to unpack .../xs-bad_1.0_all.deb ...
            Unpacking xs-bad (1.0) ...
            dpkg: error processing archive /var/cache/apt/archives/xs-bad_1.0_all.deb (--unpack):
             trying to overwrite '/usr/bin/x', which is also in package xs-good 1.0
            Errors were encountered while processing:
             /var/cache/apt/archives/xs-bad_1.0_all.deb
            E: Sub-process /usr/bin/dpkg returned an error code (1)
            """
        #expect(
            try reason("packages", output)
                == "/var/cache/apt/archives/xs-bad_1.0_all.deb: trying to overwrite '/usr/bin/x', which is also in package xs-good 1.0"
        )
        // The script of the lab went on after apt, and failed later.
        #expect(
            try reason("late-script", output + "\n/etc/xenseed/late-script: 12: foo: not found")
                == "/etc/xenseed/late-script: 12: foo: not found")
    }

    @Test(arguments: [
        (
            Stage.early, "check-overlay",
            "/tmp/xenseed/overlay.tar.gz: FAILED\nsha256sum: WARNING: 1 of 1 computed checksums did NOT match",
            "/tmp/xenseed/overlay.tar.gz: FAILED"
        ),
        (
            .early, "fetch-overlay",
            "Connecting to 127.0.0.1:9 (127.0.0.1:9)\nwget: can't connect to remote host (127.0.0.1): Connection refused",
            "wget: can't connect to remote host (127.0.0.1): Connection refused"
        ),
        (
            .early, "choose-disk",
            "cat: can't open '/sys/block/sda/wwid': No such file or directory\nsda has 0 MB; the layout needs 3576 MB",
            "sda has 0 MB; the layout needs 3576 MB"
        ),
        (
            .early, "clear-disk",
            "2048+0 records in\n2048+0 records out\n1048576 bytes (1.0MB) copied, 0.01 seconds, 80.1MB/s\ndd: error writing '/dev/sda': No space left on device\n1+0 records in\n0+0 records out",
            "dd: error writing '/dev/sda': No space left on device"
        ),
        (.late, "overlay", "tar: invalid magic\ntar: short read", "tar: invalid magic"),
        (
            .late, "overlay",
            "gzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now",
            "gzip: stdin: not in gzip format"
        ),
        (
            .late, "users", "chpasswd: line 1: user 'x' does not exist\nchpasswd: error detected, changes ignored",
            "chpasswd: line 1: user 'x' does not exist"
        ),
        (.late, "first-entry", "the first entry: menuentry 'Debian'", "the first entry: menuentry 'Debian'"),
        (.late, "late-script", "+ do-something\nall is lost", "all is lost"),
        // A step that prints nothing, or only the progress of programs.
        (.late, "late-script", "", "exit code 1"),
        (.late, "packages", "Reading package lists...", "exit code 1"),
    ]) func others(stage: Stage, step: String, output: String, reason expected: String) throws {
        #expect(try reason(step, output, stage: stage) == expected)
    }

    /// The message of a failure is the reason if it is more than a status.
    @Test func messages() throws {
        let message = "no late-command.sh with the right SHA-256"
        #expect(try reason("fetch-late-command", "x", stage: .early, message: message) == message)
        let line = try #require(ProgressLine(in: "xenseed/1 xen01 late packages failed 905.02 exit code 100"))
        #expect(FailureReason(line, log: []).description == "exit code 100")
    }

    @Test func verifier() throws {
        func reason(_ lines: String...) throws -> String? {
            var node = NodeProgress(node: try Hostname(text: "xen01"))
            for line in lines { node.receive(try #require(ProgressLine(in: "xenseed/1 xen01 verify \(line)"))) }
            return node.failure.map { FailureReason($0, log: node.log).description }
        }
        let (one, two) = ("hostname failed 5 saw a, expected b", "bridge:xenbr0 failed 5 saw nothing, expected up")
        #expect(try reason(one, "- failed 6 23 ok, 1 failed") == "hostname failed: saw a, expected b")
        #expect(try reason(one, two, "- failed 6 22 ok, 2 failed") == "hostname failed: saw a, expected b (and 1 more)")
        #expect(try reason("- failed 6 22 ok, 2 failed") == "22 ok, 2 failed")
    }
}
