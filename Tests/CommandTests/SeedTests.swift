import Foundation
import TestSupport
import Testing

/// Tests how `build` keeps and replaces `usb/seed.cpio.gz`.
@Suite(.timeLimit(.minutes(15)))
struct SeedTests {
    private func built(nodes: Int = 2) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: nodes), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        try #require(ran.status == 0, "\(ran.err)")
        return folder
    }

    private func sum(_ folder: TemporaryFolder) throws -> String {
        try run(["sha256sum", folder.url("out/usb/seed.cpio.gz").path]).out
    }

    /// Repacks the seed after a change to its members, as another version of xenseed or zlib would. With `isListed`,
    /// updates SHA256SUMS.
    private func repack(_ folder: TemporaryFolder, _ change: String, isListed: Bool = true) throws {
        let script = """
            set -eu
            mkdir members; cd members
            gunzip -c ../out/usb/seed.cpio.gz > ../seed.cpio
            cpio -idm --quiet < ../seed.cpio
            cpio -it --quiet < ../seed.cpio > ../names
            \(change)
            touch -h -d @1429920000 $(cat ../names)
            cpio -o -H newc --quiet -R 0:0 < ../names | gzip -n -9 > ../out/usb/seed.cpio.gz
            cd ../out
            \(isListed ? "sed -i \"s|.*  usb/seed.cpio.gz|$(sha256sum usb/seed.cpio.gz)|\" SHA256SUMS" : "")
            """
        let ran = try run(["sh", "-c", script], in: URL(filePath: folder.path))
        try #require(ran.status == 0, "\(ran.err)")
    }

    /// A seed with the planned members is kept, because another version of zlib writes other bytes.
    @Test func isKeptWhenItsMembersAreThePlannedOnes() throws {
        let folder = try built()
        let first = try sum(folder)
        try repack(folder, ":")
        let second = try sum(folder)
        #expect(second != first)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        #expect(try xenseed("build", in: folder).err.contains("nothing changed"))
        #expect(try sum(folder) == second)
    }

    @Test(arguments: [
        "sed -i s/node1/nodeX/ xenseed/nodes", "sed -i s/hl.local/hl.lokal/ nodes/node1/preseed.cfg",
        "chmod 644 nodes/node1/preseed.cfg", "mv nodes/node2 nodes/node3; sed -i s/node2/node3/ ../names",
        "touch more; echo more >> ../names", "sed -i '$d' ../names", "sed -i '/late-command/d' ../names",
        "rm preseed.cfg; ln -s xenseed/nodes preseed.cfg",
    ]) func isUnpacked(change: String) throws {
        let folder = try built()
        let first = try sum(folder)
        try repack(folder, change)
        let check = try xenseed("build", "--check", in: folder)
        #expect(check.status == 4, "\(check)")
        #expect(check.out == "usb/seed.cpio.gz: the members or the permissions differ\n")
        #expect(try xenseed("build", in: folder).err.contains("2 written"))
        #expect(try sum(folder) == first)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
    }

    /// A seed with other bytes is replaced; data appended to it would be unpacked, too.
    @Test(arguments: [
        "cp usb/seed.cpio.gz more; cat more >> usb/seed.cpio.gz; rm more", "echo >> usb/seed.cpio.gz",
        "truncate -s 9 usb/seed.cpio.gz", "chmod o+r usb/seed.cpio.gz", "rm usb/seed.cpio.gz",
        "mv usb/seed.cpio.gz mine; ln -s ../mine usb/seed.cpio.gz",
    ]) func isWrittenAnewWhenItIsNotWhatWasWritten(change: String) throws {
        let folder = try built()
        let first = try sum(folder)
        #expect(try run(["sh", "-c", change], in: folder.url("out")).status == 0)
        let check = try xenseed("build", "--check", in: folder)
        #expect(check.status == 4 && check.out.hasPrefix("usb/seed.cpio.gz: "), "\(check)")
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try sum(folder) == first)
        #expect(try run(["stat", "-c", "%F %a", folder.url("out/usb/seed.cpio.gz").path]).out == "regular file 640\n")
    }

    @Test func followsTheNodes() throws {
        let folder = try built(nodes: 3)
        try folder.write(labText(nodes: 2, memory: "3 GiB"), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // The result equals that of a build into an empty directory.
        let fresh = try TemporaryFolder()
        try fresh.write(labText(nodes: 2, memory: "3 GiB"), to: "lab.yaml")
        _ = try xenseed("build", in: fresh)
        #expect(try folder.snapshot("out") == fresh.snapshot("out"))
    }

    /// A seed with password hashes is readable only by its owner and group, and so are the files in it that have a
    /// hash.
    @Test func hidesHashes() throws {
        let folder = try built()
        #expect(try run(["stat", "-c", "%a", folder.url("out/usb/seed.cpio.gz").path]).out == "640\n")
        let listed = try run([
            "sh", "-c", "gunzip -c \"$1\" | cpio -itv --quiet", "sh", folder.url("out/usb/seed.cpio.gz").path,
        ])
        let open = listed.out.split(separator: "\n").filter { $0.hasPrefix("-rw-r--r--") }
        #expect(open.count { $0.hasSuffix("/preseed.cfg") } == 0 && open.count { $0.hasSuffix("/overlay.tar.gz") } == 2)
        try folder.write(
            labText().replacing("root_password", with: "authorized_keys").replacing(
                "\"$6$saltsalt$\(String(repeating: "x", count: 86))\"", with: "[\"\(key)\"]"), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        #expect(ran.status == 0, "\(ran.err)")
        #expect(try run(["stat", "-c", "%a", folder.url("out/usb/seed.cpio.gz").path]).out == "644\n")
    }

    private let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHhlbnNlZWQgZml4dHVyZTogbm9ib2R5J3Mga2V5Li4u fixture"

    @Test func refusesToReplaceAForeignOne() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // The tree of an older version that wrote no seed.
        let sums = try folder.read("out/SHA256SUMS").split(separator: "\n").filter { !$0.hasSuffix("/seed.cpio.gz") }
        try folder.write(sums.joined(separator: "\n") + "\n", to: "out/SHA256SUMS")
        try folder.write("mine", to: "out/usb/seed.cpio.gz")
        let ran = try xenseed("build", in: folder)
        #expect(ran.status == 3 && ran.err.contains("out/usb/seed.cpio.gz was not written by xenseed"), "\(ran.err)")
        #expect(try folder.read("out/usb/seed.cpio.gz") == "mine")
    }
}
