import Foundation
import TestSupport
import Testing

@testable import Images

/// Reads initrds that other programs made, concatenated in every way that the kernel accepts.
@Suite(.timeLimit(.minutes(15)))
struct RAMDiskTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let made = try run(
            [
                "sh", "-euc",
                """
                mkdir -p one/etc two/etc
                echo installer >one/etc/name; echo kept >one/etc/first; seq 900 >one/noise
                echo seed >two/etc/name; echo added >two/preseed.cfg
                for a in one two; do
                    (cd $a && find . | cpio -o -H newc --quiet) >$a.cpio
                    (cd $a && find . ! -name . | sed 's,^./,,' | bsdcpio -o -H newc --quiet) >$a.bsd
                    gzip -9n <$a.cpio >$a.gz
                done
                printf '\\0\\0\\0\\0\\0\\0\\0' >zeros
                """,
            ], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made.err)")
    }

    private func read(_ parts: [String]) throws -> RAMDisk {
        let all = try parts.reduce(into: Data()) { $0 += try Data(contentsOf: folder.url($1)) }
        try all.write(to: folder.url("all"))
        return try RAMDisk(folder.url("all").path, name: "all") { $0.hasPrefix("noise") ? nil : 1 << 20 }
    }

    @Test(arguments: [
        ["one.gz", "two.gz"], ["one.gz", "zeros", "two.gz"], ["one.cpio", "two.cpio"],
        ["one.cpio", "zeros", "two.gz"], ["one.gz", "zeros", "two.cpio"], ["one.bsd", "two.gz", "zeros"],
        ["one.cpio", "two.bsd", "zeros"],
    ]) func oneAfterTheOther(parts: [String]) throws {
        let disk = try read(parts)
        #expect(disk.archives == 2)
        #expect(
            disk.files.mapValues { String(decoding: $0, as: UTF8.self) }
                == ["etc/name": "seed\n", "etc/first": "kept\n", "preseed.cfg": "added\n"])
        #expect(try read(parts.reversed()).files["etc/name"] == Array("installer\n".utf8))
    }

    /// A file that is cut within an archive is damaged; cut between two archives, it has only the first one.
    @Test(arguments: [["one.gz"], ["one.gz", "zeros", "two.gz"], ["one.cpio"], ["one.cpio", "two.gz"]])
    func cutShort(parts: [String]) throws {
        let pieces = try parts.map { try Data(contentsOf: folder.url($0)) }
        let whole = Data(pieces.joined())
        let first = pieces[0].count
        let last = whole.count - pieces.last!.count
        // After its trailer, an uncompressed archive has only padding.
        let trailer = pieces[0].firstRange(of: Data("TRAILER!!!".utf8)).map { $0.upperBound + 1 } ?? first
        let file = folder.url("cut")
        for count in stride(from: 1, to: whole.count, by: 61) {
            try whole.prefix(count).write(to: file)
            let disk = try? RAMDisk(file.path, name: "cut") { _ in 1 << 20 }
            let expected = count < trailer || count > max(first, last) ? nil : 1
            #expect(disk?.archives == expected, "\(count) of \(whole.count) bytes")
        }
    }

    @Test(arguments: ["", "\0\0\0\0", "no archive at all", "070701 but no more than that"]) func noArchive(text: String)
        throws
    {
        try Data(text.utf8).write(to: folder.url("text"))
        #expect(throws: ImageError.self) { try RAMDisk(folder.url("text").path, name: "text") { _ in 1 << 20 } }
    }

    /// A size in a header that exceeds the file is an error.
    @Test func hostileSizes() throws {
        var archive = try Data(contentsOf: folder.url("two.cpio"))
        let name = try #require(archive.firstRange(of: Data("preseed.cfg".utf8)))
        archive.replaceSubrange(
            (name.lowerBound - 110 + 54)..<(name.lowerBound - 110 + 62), with: Data("ffffffff".utf8))
        try archive.write(to: folder.url("large"))
        #expect(throws: ImageError.self) { try RAMDisk(folder.url("large").path, name: "large") { _ in 1 << 20 } }
        #expect(throws: ImageError.self) { try RAMDisk(folder.url("large").path, name: "large") { _ in nil } }
    }

    @Test func debiansOwn() throws {
        let path = "/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/initrd.gz"
        let disk = try RAMDisk(path, name: path) { $0 == "etc/lsb-release" ? 1 << 20 : nil }
        #expect(disk.archives == 1)
        #expect(String(decoding: disk.files["etc/lsb-release"] ?? [], as: UTF8.self).contains("12 (bookworm)"))
    }
}
