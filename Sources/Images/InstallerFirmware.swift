import Build
import Foundation

/// Firmware for Debian's installer: packages in the directory /firmware of its initrd, which it searches before the
/// network is up when a driver misses a file (hw-detect 1.108 and 1.159, check-missing-firmware). Linux unpacks the
/// concatenated archives of an initrd in order, so an appended archive adds files
/// (wiki.debian.org/DebianInstaller/NetbootFirmware).
struct InstallerFirmware {
    /// The paths of cpio archives, each compressed with gzip or not.
    private var archives: [String] = []
    /// The Debian packages with their file names and paths.
    private var packages: [(name: String, path: String)] = []
    /// The number of firmware packages.
    private(set) var count = 0

    /// Checks firmware files.
    /// - Parameter files: The paths of Debian's firmware.cpio.gz or of packages with firmware.
    /// - Throws: ``MediaError`` when a file is neither.
    init(_ files: [String]) throws(MediaError) {
        for file in files {
            guard let start = fileBytes(file, from: 0, count: 8) else { throw MediaError(file, "can't be read") }
            if start.elementsEqual("!<arch>\n".utf8) { try add(package: file) } else { try add(archive: file) }
        }
        count += packages.count
    }

    private mutating func add(package file: String) throws(MediaError) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        // The installer recognises packages by this suffix.
        guard name.hasSuffix(".deb"), ArchivePath(name) != nil else {
            throw MediaError(file, "is a package whose name does not end in .deb, or is not plain ASCII")
        }
        guard !packages.contains(where: { $0.name == name }) else { throw MediaError(file, "is given twice") }
        packages.append((name, file))
    }

    private mutating func add(archive file: String) throws(MediaError) {
        var names: [String] = []
        _ = try RAMDisk(file, name: file) { name in
            names.append(name)
            return false
        }
        let found = names.count { $0.hasPrefix("firmware/") && $0.hasSuffix(".deb") }
        guard found > 0 else {
            throw MediaError(file, "is a cpio archive without firmware: it has no firmware/*.deb")
        }
        if let other = names.first(where: { !$0.hasPrefix("firmware/") }) {
            throw MediaError(file, "has a file that is not firmware: \(other)")
        }
        archives.append(file)
        count += found
    }

    /// Appends the firmware to an initrd. Each archive begins at a multiple of four bytes, as Linux requires of
    /// archives that are not compressed.
    /// - Throws: `OutputError` when a file can't be read or written.
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
                    throw OutputError("\(package.path) was removed by another process")
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
