import Foundation
import TestSupport
import Testing

/// Tests the user's own files: modes, links, and protection from other users.
@Suite(.timeLimit(.minutes(15)))
struct FilesTests {
    private static let key = """
        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
        -----END OPENSSH PRIVATE KEY-----

        """

    private static func lab(_ more: String = "") -> String {
        labText(nodes: 1).replacing("  cpus: 2\n", with: "  cpus: 2\n  files: {folder: files\(more)}\n")
    }

    private func folder(_ more: String = "") throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.lab(more), to: "lab.yaml")
        try folder.write(Self.key, to: "files/etc/ssh/ssh_host_ed25519_key")
        try folder.write("secret\n", to: "files/etc/closed/secret")
        try folder.write("open\n", to: "files/etc/motd")
        try folder.write("#!/bin/sh\n", to: "files/usr/local/sbin/mine")
        let ran = try run(
            [
                "sh", "-euc",
                """
                cd files
                chmod 0600 etc/ssh/ssh_host_ed25519_key
                chmod 0700 etc/closed
                chmod 0644 etc/closed/secret
                chmod 0664 etc/motd
                chmod 0750 usr/local/sbin/mine
                mkdir -p etc/xen/auto etc/xen/guests
                echo 'name = "web"' >etc/xen/guests/web.cfg
                ln -s ../guests/web.cfg etc/xen/auto/web.cfg
                ln -s /srv/guests/later.cfg etc/xen/auto/later.cfg
                """,
            ], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran)")
        return folder
    }

    /// Links, and modes that are stricter than the default, are in the archive, the manifest and out/. `build --check`
    /// and `diff` find a changed link.
    @Test func modesAndLinks() throws {
        let folder = try folder()
        let built = try xenseed("build", in: folder)
        #expect(built.status == 0 && !built.err.contains("X06"), "\(built)")
        let archive = folder.url("out/nodes/node1/overlay.tar.gz").path
        // Listed by GNU tar, which nodes have.
        let members = try run(["tar", "-tvzf", archive]).out.split(separator: "\n").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return "\(words[0]) \(words[1]) \(words[5...].joined(separator: " "))"
        }
        for member in [
            "-rw------- 0/0 etc/ssh/ssh_host_ed25519_key", "drwx------ 0/0 etc/closed/",
            "-rw-r--r-- 0/0 etc/closed/secret",
            "-rw-r--r-- 0/0 etc/motd", "-rwxr-x--- 0/0 usr/local/sbin/mine",
            "lrwxrwxrwx 0/0 etc/xen/auto/web.cfg -> ../guests/web.cfg",
            "lrwxrwxrwx 0/0 etc/xen/auto/later.cfg -> /srv/guests/later.cfg",
        ] {
            #expect(members.contains(member), "\(member): \(members)")
        }
        #expect(!members.contains { $0.hasSuffix(" etc/ssh/") || $0.hasSuffix(" etc/") })
        // mtree(8) accepts what GNU tar unpacks.
        let unpacked = try run(
            [
                "sh", "-euc",
                "mkdir root; tar -xpzf \"$1\" -C root --numeric-owner; mtree -f \"$2\" -p root | grep -v '^extra'",
                "sh",
                archive, folder.url("out/nodes/node1/overlay.mtree").path,
            ], in: URL(filePath: folder.path))
        #expect(unpacked.out == "", "\(unpacked)")

        let out = try run(
            [
                "sh", "-c",
                "cd out/nodes/node1 && find overlay.tar.gz overlay/etc/ssh overlay/etc/closed overlay/etc/motd "
                    + "overlay/etc/xen/auto overlay/usr/local/sbin/mine ! -type d -printf '%p %M %l\\n' | sort",
            ],
            in: URL(filePath: folder.path)
        ).out
        #expect(
            out == """
                overlay.tar.gz -rw-r----- 
                overlay/etc/closed/secret -rw-r----- 
                overlay/etc/motd -rw-r--r-- 
                overlay/etc/ssh/ssh_host_ed25519_key -rw-r----- 
                overlay/etc/xen/auto/later.cfg lrwxrwxrwx /srv/guests/later.cfg
                overlay/etc/xen/auto/web.cfg lrwxrwxrwx ../guests/web.cfg
                overlay/usr/local/sbin/mine -rwxr-x--- 

                """)
        let sums = try run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], in: folder.url("out"))
        #expect(sums.status == 0, "\(sums)")
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        _ = try run(["ln", "-sfn", "../guests/other.cfg", folder.url("files/etc/xen/auto/web.cfg").path])
        let check = try xenseed("build", "--check", in: folder)
        #expect(check.status == 4 && check.out.contains("overlay/etc/xen/auto/web.cfg: the link"), "\(check)")
        let diff = try xenseed("diff", "out", "lab.yaml", in: folder)
        #expect(diff.out.contains("/etc/xen/auto/web.cfg: link to ../guests/web.cfg → ../guests/other.cfg"), "\(diff)")
    }

    /// In a git work tree, a mode that git does not store is a warning; in a clone, a readable private key is an error.
    @Test func git() throws {
        let folder = try folder()
        func git(_ words: String...) throws {
            let ran = try run(
                ["git", "-c", "user.name=ann", "-c", "user.email=ann@desk", "-c", "init.defaultBranch=main"] + words,
                in: URL(filePath: folder.path))
            #expect(ran.status == 0, "\(ran)")
        }
        try git("init", "-q")
        let first = try xenseed("check", in: folder)
        #expect(first.status == 0)
        let hint =
            "modes: {/etc/closed: \"0700\", /etc/ssh/ssh_host_ed25519_key: \"0600\", /usr/local/sbin/mine: \"0750\"}"
        #expect(
            first.out.contains("warning[X0614]") && first.out.contains("hint: write under files: \(hint)"), "\(first)")
        try git("add", "-A")
        try git("commit", "-q", "-m", "lab")
        try git("clone", "-q", ".", "clone")
        let clone = try xenseed("check", "clone/lab.yaml", in: folder)
        #expect(
            clone.status == 1
                && clone.out.contains("error[X0615]: files/etc/ssh/ssh_host_ed25519_key contains a private key"),
            "\(clone)")
        // Following the hint removes the problem in both work trees and gives the same overlay.
        try folder.write(Self.lab(", " + hint), to: "lab.yaml")
        #expect(try !xenseed("check", in: folder).out.contains("X06"))
        try folder.write(Self.lab(", " + hint), to: "clone/lab.yaml")
        #expect(try xenseed("build", "clone/lab.yaml", in: folder).status == 0)
        #expect(try xenseed("build", in: folder).status == 0)
        let listings = try ["out", "clone/out"].map { try folder.read("\($0)/nodes/node1/overlay.mtree") }
        #expect(listings[0] == listings[1])
        // Links in a git revision are compared, too.
        try git("add", "-A", "lab.yaml")
        try git("commit", "-q", "-m", "modes")
        let diff = try xenseed("diff", "HEAD", "lab.yaml", in: folder)
        #expect(diff.status == 0 && !diff.out.contains("/etc/"), "\(diff)")
    }

    /// If the user's umask closes all files and directories, the parent directories on the node keep their default
    /// modes.
    @Test func umask() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.lab(), to: "lab.yaml")
        try folder.write("x\n", to: "files/etc/foo.d/bar")
        _ = try run(
            ["sh", "-c", "chmod 0700 files files/etc files/etc/foo.d; chmod 0600 files/etc/foo.d/bar"],
            in: URL(filePath: folder.path))
        #expect(try xenseed("build", in: folder).status == 0)
        let listing = try folder.read("out/nodes/node1/overlay.mtree").split(separator: "\n")
        #expect(!listing.contains { $0.hasPrefix("./etc/foo.d ") || $0.hasPrefix("./etc ") })
        #expect(listing.contains { $0.hasPrefix("./etc/foo.d/bar mode=600 ") })
    }
}
