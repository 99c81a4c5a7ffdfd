import Build
import SystemPackage

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
    /// - Throws: ``ImageError`` when a file is neither.
    init(_ files: [String]) throws(ImageError) {
        for file in files {
            guard let start = fileBytes(file, from: 0, count: 8) else { throw ImageError(file, "can't be read") }
            if start.elementsEqual("!<arch>\n".utf8) { try add(package: file) } else { try add(archive: file) }
        }
        count += packages.count
    }

    private mutating func add(package file: String) throws(ImageError) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        // The installer recognises packages by this suffix.
        guard name.hasSuffix(".deb"), ArchivePath(name) != nil else {
            throw ImageError(file, "is a package whose name does not end in .deb, or is not plain ASCII")
        }
        guard !packages.contains(where: { $0.name == name }) else { throw ImageError(file, "is given twice") }
        packages.append((name, file))
    }

    private mutating func add(archive file: String) throws(ImageError) {
        var names: [String] = []
        _ = try RAMDisk(file, name: file) { name in
            names.append(name)
            return nil
        }
        let found = names.count { $0.hasPrefix("firmware/") && $0.hasSuffix(".deb") }
        guard found > 0 else {
            throw ImageError(file, "is a cpio archive without firmware: it has no firmware/*.deb")
        }
        if let other = names.first(where: { !$0.hasPrefix("firmware/") }) {
            throw ImageError(file, "has a file that is not firmware: \(other)")
        }
        archives.append(file)
        count += found
    }

    /// Appends the firmware to an initrd. Each archive begins at a multiple of four bytes, as Linux requires of
    /// archives that are not compressed.
    /// - Throws: ``ImageError`` or `BuildError` when a file can't be read or written.
    func append(to initrd: String) throws {
        do {
            let file = try FileDescriptor.open(initrd, .readWrite, options: .closeOnExec)
            try file.closeAfter { try append(to: file) }
        } catch let error as BuildError where error.code != .archive { throw error } catch {
            throw ImageError(environment: "\(initrd): \(error)")
        }
    }

    private func append(to file: FileDescriptor) throws {
        func align() throws {
            let end = try file.seek(offset: 0, from: .end)
            try file.writeAll(repeatElement(0, count: Int(-end & 3)))
        }
        for archive in archives {
            try align()
            var offset = 0
            while true {
                guard let bytes = fileBytes(archive, from: offset, count: 1 << 20) else {
                    throw BuildError("\(archive): can't be read")
                }
                if bytes.isEmpty { break }
                try file.writeAll(bytes)
                offset += bytes.count
            }
        }
        guard !packages.isEmpty else { return }
        try align()
        var writer = try ArchiveWriter(newcGzip: file)
        try writer.add(ArchiveEntry(path: ArchivePath("firmware")!, mode: 0o755, kind: .folder))
        for package in packages {
            guard let bytes = try FileSystem.read(package.path) else {
                throw BuildError("\(package.path) was removed by another process")
            }
            let path = ArchivePath("firmware/\(package.name)")!
            try writer.add(ArchiveEntry(path: path, mode: 0o644, kind: .file(bytes)))
        }
        try writer.close()
    }
}
