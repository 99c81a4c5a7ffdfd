import Archive
import Foundation
import Output

/// Firmware for Debian's installer: packages in /firmware of its RAM disk, which it looks through before the network is up when a
/// driver misses a file (hw-detect 1.108 and 1.159, check-missing-firmware). Linux unpacks archives that follow each other in an
/// initrd one after the other, so what is put behind it adds files (wiki.debian.org/DebianInstaller/NetbootFirmware).
struct InstallerFirmware {
    /// cpio archives, each gzipped or not.
    private var archives: [String] = []
    /// Debian packages, by name.
    private var packages: [(name: String, path: String)] = []
    /// How many packages it has.
    private(set) var count = 0

    /// - Parameter files: Debian's firmware.cpio.gz, or packages with firmware.
    /// - Throws: ``UnusableMedium`` when a file is neither.
    init(_ files: [String]) throws(UnusableMedium) {
        for file in files {
            guard let start = fileBytes(file, from: 0, count: 8) else { throw UnusableMedium(file, "can't be read") }
            if start.elementsEqual("!<arch>\n".utf8) { try add(package: file) } else { try add(archive: file) }
        }
        count += packages.count
    }

    private mutating func add(package file: String) throws(UnusableMedium) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        // The installer takes packages by this ending.
        guard name.hasSuffix(".deb"), ArchivePath(name) != nil else {
            throw UnusableMedium(file, "is a package whose name does not end in .deb, or is not plain ASCII")
        }
        guard !packages.contains(where: { $0.name == name }) else { throw UnusableMedium(file, "is given twice") }
        packages.append((name, file))
    }

    private mutating func add(archive file: String) throws(UnusableMedium) {
        var names: [String] = []
        _ = try RAMDisk(file, name: file) { name in
            names.append(name)
            return false
        }
        let found = names.count { $0.hasPrefix("firmware/") && $0.hasSuffix(".deb") }
        guard found > 0 else {
            throw UnusableMedium(file, "is a cpio archive without firmware: it has no firmware/*.deb")
        }
        if let other = names.first(where: { !$0.hasPrefix("firmware/") }) {
            throw UnusableMedium(file, "has more than firmware: \(other)")
        }
        archives.append(file)
        count += found
    }

    /// Puts it behind an initrd. Each archive begins at a multiple of four bytes, as Linux wants it of those that are not compressed.
    /// - Throws: ``OutputError`` when a file can't be read or written.
    func append(to initrd: String) throws {
        let place: FileHandle
        do { place = try FileHandle(forUpdating: URL(filePath: initrd)) } catch {
            throw OutputError("\(initrd): \(error.localizedDescription)")
        }
        defer { try? place.close() }
        func align() throws {
            let end = try place.seekToEnd()
            try place.write(contentsOf: Data(count: Int(-Int64(end) & 3)))
        }
        do {
            for archive in archives {
                try align()
                let source = try FileHandle(forReadingFrom: URL(filePath: archive))
                defer { try? source.close() }
                while let bytes = try source.read(upToCount: 1 << 20), !bytes.isEmpty {
                    try place.write(contentsOf: bytes)
                }
            }
            guard !packages.isEmpty else { return }
            try align()
            var writer = try ArchiveWriter(newcGzip: place.fileDescriptor)
            try writer.add(ArchiveEntry(path: ArchivePath("firmware")!, mode: 0o755, kind: .folder))
            for package in packages {
                guard let bytes = try FileSystem.read(package.path) else {
                    throw OutputError("\(package.path) is gone")
                }
                let path = ArchivePath("firmware/\(package.name)")!
                try writer.add(ArchiveEntry(path: path, mode: 0o644, kind: .file(bytes)))
            }
            try writer.close()
        } catch let error as OutputError {
            throw error
        } catch let error as ArchiveError {
            throw OutputError("\(initrd): \(error)")
        } catch { throw OutputError("\(initrd): \(error.localizedDescription)") }
    }
}
