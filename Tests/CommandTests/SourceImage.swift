import Foundation
import TestSupport
import Testing

/// An installer image with Debian's layout, kernel and boot loaders, and a minimal initrd.
struct SourceImage {
    let folder: TemporaryFolder
    let path: String

    static let kernel = "/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/linux"

    /// - Parameters:
    ///   - layout: `netinst` or `mini`.
    ///   - options: options for Tests/Media/debian-iso.
    ///   - version: the release in the initrd's lsb-release; nil for no such file.
    ///   - files: additional files of the initrd, by path.
    init(
        _ layout: String = "netinst", options: [String] = [],
        version: String? = "12 (bookworm) - installer build 20230607+deb12u15", files: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        path = folder.url("source.iso").path
        if let version {
            try folder.write("DISTRIB_ID=Debian\nDISTRIB_RELEASE=\"\(version)\"\n", to: "ram/etc/lsb-release")
        }
        try folder.write("#!/bin/sh\n", to: "ram/init")
        for (name, text) in files { try folder.write(text, to: "ram/\(name)") }
        // gzip stores the file's name, so longer names change the size until its remainder by four is 1.
        let made = try run(
            [
                "sh", "-euc",
                """
                (cd ram && find . | cpio -o -H newc --quiet) >archive
                name=a
                while
                    cp archive $name && gzip -9c $name >initrd.gz
                    [ $(($(stat -c %s initrd.gz) % 4)) != 1 ]
                do name=a$name; done
                "$0" --initrd initrd.gz "$@" source.iso
                """,
                checkout.appending(path: "Tests/Media/debian-iso").path,
            ] + options + [layout], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made.err)")
    }

    var initrd: Data { get throws { try Data(contentsOf: folder.url("initrd.gz")) } }
}

/// Extracts a file from an image with bsdtar and returns its content.
func content(of path: String, in image: URL) throws -> Data {
    let folder = try TemporaryFolder()
    let ran = try run(["bsdtar", "-xf", image.path, "-C", folder.path, path])
    try #require(ran.status == 0, "\(ran.err)")
    return try Data(contentsOf: folder.url(path))
}

func text(of path: String, in image: URL) throws -> String {
    String(decoding: try content(of: path, in: image), as: UTF8.self)
}
