import Foundation
import TestSupport
import Testing

/// Images and archives from elsewhere that are small and contain very much: `inspect` and `iso --from` refuse them, with
/// bounded memory and time.
@Suite(.timeLimit(.minutes(15)))
struct HostileImageTests {
    private func made(_ script: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1, release: "bookworm"), to: "lab.yaml")
        let ran = try run(
            ["python3", "-c", script], environment: ["PYTHONPATH": checkout.appending(path: "Tests/Media").path],
            in: URL(filePath: folder.path))
        try #require(ran.status == 0, "\(ran)")
        return folder
    }

    /// - Parameter peak: the memory in MiB that the command may take; without limits, it would be several gigabytes.
    private func expect(
        _ words: [String], in folder: TemporaryFolder, status: Int32, _ says: String, peak limit: Int
    ) throws {
        let (ran, peak) = try measured(words, in: folder, seconds: 300)
        #expect(ran.status == status && (ran.out + ran.err).contains(says), "\(ran)")
        #expect(peak < limit, "\(peak) MiB")
        #expect(ran.out.utf8.count + ran.err.utf8.count < 1 << 20)
    }

    // MARK: Directories

    @Test(arguments: [
        (
            "records = directory(20, [record('%x' % n, 100 + n, 0) for n in range(600_000)])\nwrite('a.iso', len(records), {20: records})",
            "it has more files than an installer image", Int32(1)
        ),
        // One directory in a sparse file.
        ("write('a.iso', 3 << 30, {}, length=3 << 30)", "its directories are too large", 1),
        // Each directory contains 45 times the next one: 45 to the 12th files.
        (
            """
            parts = {20 + n: directory(20 + n, [record('D%02d' % i, 21 + n, 2048, True) for i in range(45)]) for n in range(12)}
            write('a.iso', 2048, parts | {32: directory(32, [record('F', 0, 0)])})
            """, "xorriso failed", 3
        ),
        // A directory that contains the directory that it is in.
        (
            "write('a.iso', 2048, {20: directory(20, [record('D', 21, 2048, True)]), 21: directory(21, [record('D', 20, 2048, True)])})",
            "a.iso: ", 1
        ),
        (
            "records = directory(20, [record('A%05d.CFG;1' % n, 100 + n, 1 << 20) for n in range(3000)])\nwrite('a.iso', len(records), {20: records}, length=8 << 20)",
            "its files overlap: together, they are larger than the image", 1
        ),
    ]) func directories(_ script: String, _ says: String, _ status: Int32) throws {
        let folder = try made("from hostile_iso import *\n" + script)
        try expect(["inspect", "a.iso"], in: folder, status: status, says, peak: 700)
        try expect(["iso", "--from", "a.iso", "--output", "b.iso"], in: folder, status: status, says, peak: 700)
        #expect(!FileManager.default.fileExists(atPath: folder.url("b.iso").path))
    }

    /// The largest images of Debian are read: 65,000 files in 5,000 directories.
    @Test func aLargeImage() throws {
        let folder = try made(
            """
            import os
            os.makedirs("disc/.disk")
            open("disc/.disk/info", "w").write('Debian GNU/Linux 12.11.0 "Bookworm" - Official amd64 DLBD')
            for n in range(5000):
                os.makedirs(f"disc/pool/main/{n % 30}/package-{n}")
                for m in range(13):
                    os.symlink("x", f"disc/pool/main/{n % 30}/package-{n}/package-name-{m}_1.2.3-4+deb12u1_amd64.deb") if m else open(f"disc/pool/main/{n % 30}/package-{n}/first", "w").write("x")
            """)
        let made = try run(
            ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-V", "LARGE", "-o", "a.iso", "disc"],
            in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        let ran = try xenseed("inspect", "a.iso", in: folder)
        #expect(ran.status == 0 && ran.out.contains("Official amd64 DLBD"), "\(ran)")
    }

    /// A menu may name very many kernels.
    @Test func menus() throws {
        let folder = try made(
            """
            import os
            os.makedirs("disc/isolinux"); os.makedirs("disc/boot/grub")
            menu = ""
            for n in range(400):
                open(f"disc/linux{n}", "w").write("x"); open(f"disc/ram{n}", "w").write("x")
                menu += f"label {n}\\nkernel /linux{n}\\nappend initrd=/ram{n}\\n"
            open("disc/isolinux/isolinux.cfg", "w").write(menu)
            open("disc/boot/grub/grub.cfg", "w").write(menu)
            """)
        let made = try run(
            ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", "a.iso", "disc"], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        try expect(["inspect", "a.iso"], in: folder, status: 1, "starts 400 pairs of kernel and initrd", peak: 200)
    }

    // MARK: Initrds

    @Test(arguments: [
        // The seed of the review: 60 files of 64 MiB.
        (
            "bomb([('xenseed/nodes', 64)] + [(f'nodes/n{n}/overlay.tar.gz', 64 << 20) for n in range(60)])",
            "has more bytes in files of a lab than xenseed reads"
        ),
        ("bomb([('xenseed/x', 1 << 20)] * 400)", "has more bytes in files of a lab than xenseed reads"),
        ("bomb([('nodes/a/overlay.tar.gz', 65 << 20)])", "is larger than any file of xenseed"),
        ("bomb([('nodes/a/preseed.cfg', 1 << 20)])", "is larger than any file of xenseed"),
        ("bomb([('big', (4 << 30) - 1 >> 1)] * 2)", "has more bytes than xenseed reads"),
        ("bomb([('a' * 8, 0)] * 300_000)", "has more files than xenseed reads"),
        ("bomb([('a' * 4000, 0)] * 9_000)", "has more bytes of paths than xenseed reads"),
        ("bomb([], after=2100)", "has more bytes than xenseed reads"),
        ("archives(20_000)", "has more archives than xenseed reads"),
    ]) func initrds(_ script: String, _ says: String) throws {
        let folder = try made("from hostile_initrd import *\n" + script)
        try expect(["inspect", "initrd.gz"], in: folder, status: 1, says, peak: 450)
    }

    /// In an image, too.
    @Test func anInitrdInAnImage() throws {
        let folder = try made(
            "from hostile_initrd import *\nbomb([('xenseed/nodes', 64)] + [(f'xenseed/n{n}', 1 << 20) for n in range(300)])"
        )
        let debian = checkout.appending(path: "Tests/Media/debian-iso").path
        let made = try run(
            ["sh", debian, "--initrd", "initrd.gz", "netinst", "a.iso"], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        let says = "initrd.gz: damaged after byte 0: has more bytes in files of a lab than xenseed reads"
        try expect(["inspect", "a.iso"], in: folder, status: 1, says, peak: 450)
        try expect(["iso", "--from", "a.iso", "--output", "b.iso"], in: folder, status: 1, says, peak: 450)
    }

    /// What is in the files of a seed that is not too large itself.
    @Test(arguments: [
        (
            "bomb([('xenseed/nodes', 64)] + [(f'nodes/n{n}/preseed.cfg', 1 << 18) for n in range(100)], content=b'a\\n')",
            "preseed.cfg has more than 5000 lines and was not read"
        ),
        (
            "bomb([('xenseed/nodes', 1 << 20)], content=b'n n\\n')",
            "and 262044 more"
        ),
    ]) func seeds(_ script: String, _ says: String) throws {
        let folder = try made("from hostile_initrd import *\n" + script)
        try expect(["inspect", "initrd.gz"], in: folder, status: 1, says, peak: 600)
    }

    /// An overlay that is unpacked to very much.
    @Test(arguments: [
        ("add('etc/zeros', 1 << 30)", "the content exceeds the limit", 600),
        ("[add(f'a{n}', 0) for n in range(150_000)]", "is too large to be inspected", 150),
        ("[add(f'a{n}', 1 << 30) for n in range(4)]", "is too large to be inspected", 150),
    ]) func overlays(_ script: String, _ says: String, _ peak: Int) throws {
        let folder = try made(
            """
            import tarfile
            from hostile_initrd import Gzip, MEBIBYTE
            class Zeros:
                zeros = bytes(MEBIBYTE)
                def read(self, count=-1): return self.zeros[:count]
            out = Gzip("overlay.tar.gz")
            archive = tarfile.open(fileobj=out, mode="w|", bufsize=MEBIBYTE, copybufsize=MEBIBYTE)
            def add(name, size):
                info = tarfile.TarInfo(name)
                info.size, info.mtime = size, 1_429_920_000
                archive.addfile(info, Zeros())
            add("etc/xenseed/expect", 0)
            \(script)
            archive.close()
            out.close()
            """)
        try expect(["inspect", "overlay.tar.gz"], in: folder, status: 1, says, peak: peak)
    }

    // MARK: Directories of the file system

    /// A directory of others may have files of any size and kind where xenseed has its own.
    @Test(arguments: [
        ("truncate -s 3G out/nodes/node1/late-command.sh", "is larger than any file of xenseed"),
        ("truncate -s 3G out/README.md", "README.md does not match SHA256SUMS"),
        ("rm out/nodes/node1/preseed.cfg; mkfifo out/nodes/node1/preseed.cfg", "preseed.cfg is missing"),
        ("rm out/nodes/node1/preseed.cfg; ln -s /dev/zero out/nodes/node1/preseed.cfg", "preseed.cfg is missing"),
        ("rm out/README.md; mkfifo out/README.md", "README.md is missing"),
    ]) func trees(_ change: String, _ says: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1), to: "lab.yaml")
        try #require(xenseed("build", in: folder).status == 0)
        try #require(run(["sh", "-c", change], in: URL(filePath: folder.path)).status == 0)
        try expect(["inspect", "out"], in: folder, status: 1, says, peak: 150)
    }
}
