import Build
import Crypto
import FoundationEssentials
import Lab
import Preseed
import SystemPackage

/// An ISO 9660 image with an installer.
struct InstallerImage {
    /// The path as the user gave it.
    let name: String
    let path: String
    /// The name of the volume.
    let volume: String
    /// Whether the image has Joliet names, which Windows shows.
    let hasJoliet: Bool
    /// The paths of the files, without a leading slash.
    private(set) var files: Set<String> = []
    /// The hard links: their paths, and the path of the same file that comes first in the image.
    private var aliases: [String: String] = [:]
    private var texts: [String: [UInt8]] = [:]

    /// What an image may have. A BD image of Debian has 65,000 files in 5,000 directories, which take 12 MB.
    private enum Limit {
        static let files = 200_000
        /// The number of bytes of the directories, and of other data that is not in a file.
        static let directories = 64 << 20
        /// The number of bytes of the paths of all files.
        static let paths = 32 << 20
        /// The number of bytes of a text, and of all texts; md5sum.txt is the largest one.
        static let text = 1 << 20
        static let sums = 16 << 20
        static let texts = 32 << 20
    }
    /// The number of kernels, and of initrds, that an image may have. Debian's image for several architectures has six.
    static let startLimit = 32

    init(_ path: String, name: String) throws(ImageError) {
        self.name = name
        self.path = path
        guard let descriptors = fileBytes(path, from: 16 * 2048, count: 16 * 2048), descriptors.count >= 2048,
            descriptors[1..<6].elementsEqual("CD001".utf8)
        else { throw ImageError(name, "is not an ISO 9660 image") }
        volume = String(
            String(decoding: descriptors[40..<72], as: UTF8.self).reversed().drop { $0 == " " || $0 == "\0" }
                .reversed())
        // ECMA 119, 8.5: a supplementary descriptor, type 2; Joliet's escape sequences begin with %/.
        hasJoliet = stride(from: 0, to: descriptors.count - 2047, by: 2048).contains { at in
            descriptors[at] == 2 && descriptors[(at + 1)..<(at + 6)].elementsEqual("CD001".utf8)
                && descriptors[(at + 88)..<(at + 90)].elementsEqual("%/".utf8)
        }
        do throws(BuildError) {
            let archive = try ArchiveFile(path, .iso9660, headerLimit: Limit.directories)
            var (bytes, paths, textBytes) = (fileLength(path) ?? 0, Limit.paths, Limit.texts)
            while let entry = try archive.next() {
                paths -= entry.path.utf8.count
                guard files.count < Limit.files, paths >= 0 else {
                    throw BuildError("it has more files than an installer image", code: .archive)
                }
                switch entry.kind {
                case .file(let size):
                    files.insert(entry.path)
                    // With this, every way to read all files takes as long as the image is.
                    guard size >= 0, size <= bytes else {
                        throw BuildError("its files overlap: together, they are larger than the image", code: .archive)
                    }
                    bytes -= size
                    let limit = min(entry.path == "md5sum.txt" ? Limit.sums : Limit.text, textBytes)
                    if Self.isText(entry.path), size <= limit {
                        textBytes -= size
                        texts[entry.path] = try archive.content(limit: size)
                    }
                case .sameAs(let other):
                    files.insert(entry.path)
                    aliases[entry.path] = other
                default: break
                }
            }
        } catch { throw ImageError(name, "can't be read: \(error)") }
    }

    private static func isText(_ path: String) -> Bool {
        path.hasSuffix(".cfg") || path.hasPrefix(".disk/") || path == "md5sum.txt" || path.hasPrefix("xenseed/")
    }

    /// Returns the content of a configuration file or of a file that describes the image; nil when there is none.
    func text(_ path: String) -> [UInt8]? { texts[aliases[path] ?? path] }

    /// Writes files of the image into a directory, under the names `0`, `1` and so on.
    /// - Parameter limit: The number of bytes of each file that are written at most.
    /// - Returns: The paths of the written files, by the paths in the image.
    func extract(
        _ wanted: some Sequence<String>, to folder: String, limit: Int = .max
    ) throws -> [String: String] {
        let wanted = Set(wanted)
        let real = Set(wanted.map { aliases[$0] ?? $0 })
        var places: [String: String] = [:]
        do {
            let archive = try ArchiveFile(path, .iso9660, headerLimit: Limit.directories)
            while places.count < real.count, let entry = try archive.next() {
                guard real.contains(entry.path), case .file = entry.kind else { continue }
                let place = "\(folder)/\(places.count)"
                do {
                    let file = try FileDescriptor.open(
                        place, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
                    try file.closeAfter {
                        var left = limit
                        while left > 0, case let bytes = try archive.read(atMost: min(left, 1 << 20)), !bytes.isEmpty {
                            try file.writeAll(bytes)
                            left -= bytes.count
                        }
                    }
                } catch let error as Errno {
                    throw ImageError(environment: "\(place): can't be written: \(error)")
                }
                places[entry.path] = place
            }
        } catch let error as BuildError where error.code == .archive {
            throw ImageError(name, "can't be read: \(error)")
        }
        return Dictionary(
            uniqueKeysWithValues: wanted.compactMap { path in places[aliases[path] ?? path].map { (path, $0) } })
    }

    /// Returns the files that are missing or do not match md5sum.txt; none when the image has no such list.
    func damagedFiles() throws(ImageError) -> [String] {
        guard let list = text("md5sum.txt") else { return [] }
        var sums: [String: String] = [:]
        for line in String(decoding: list, as: UTF8.self).split(separator: "\n") {
            let path = String(line.dropFirst(34).drop { $0 == "." }.drop { $0 == "/" })
            sums[aliases[path] ?? path] = String(line.prefix(32))
        }
        do throws(BuildError) {
            let archive = try ArchiveFile(path, .iso9660, headerLimit: Limit.directories)
            while let entry = try archive.next() {
                guard case .file = entry.kind, let sum = sums[entry.path] else { continue }
                var digest = Insecure.MD5()
                while case let bytes = try archive.read(atMost: 1 << 20), !bytes.isEmpty {
                    digest.update(data: bytes)
                    archive.reportProgress("checking \(name)")
                }
                if hex(digest.finalize()) == sum { sums[entry.path] = nil }
            }
        } catch { throw ImageError(name, "can't be read: \(error)") }
        return sums.keys.sorted()
    }

    // MARK: Boot menus

    /// A kernel and its initrd, by their paths without a leading slash.
    struct Start: Hashable {
        var kernel: String
        var initrd: String
    }

    /// The path of ISOLINUX's configuration, in one of the places where ISOLINUX looks for it (syslinux wiki,
    /// ISOLINUX).
    var isolinuxMenu: String? {
        ["boot/isolinux/isolinux.cfg", "isolinux/isolinux.cfg", "isolinux.cfg"].first { files.contains($0) }
    }

    /// The paths of the GRUB configurations that start a kernel.
    var grubMenus: [String] {
        files.filter { path in
            path.lowercased().hasSuffix("grub.cfg") && !Self.grubStarts(text(path) ?? []).isEmpty
        }.sorted()
    }

    /// Returns the pairs of kernel and initrd that the menus of the image start, each once.
    /// - Throws: ``ImageError`` when there are more than an installer image has.
    func starts() throws(ImageError) -> [Start] {
        var found: Set<Start> = []
        if let menu = isolinuxMenu {
            let folder = menu.hasSuffix("/isolinux.cfg") ? String(menu.dropLast("isolinux.cfg".count)) : ""
            for path in files where path.hasPrefix(folder) && path.hasSuffix(".cfg") {
                guard !path.dropFirst(folder.count).contains("/") else { continue }
                found.formUnion(Self.isolinuxStarts(text(path) ?? [], folder: folder))
            }
        }
        for path in grubMenus { found.formUnion(Self.grubStarts(text(path)!)) }
        found = found.filter { files.contains($0.kernel) && files.contains($0.initrd) }
        guard found.count <= Self.startLimit else {
            throw ImageError(
                name,
                "starts \(found.count) pairs of kernel and initrd in its menus; an installer image has at most \(Self.startLimit)"
            )
        }
        return found.sorted {
            ($0.rank, $0.initrd.utf8.count, $0.initrd, $0.kernel) < (
                $1.rank, $1.initrd.utf8.count, $1.initrd, $1.kernel
            )
        }
    }

    private static func lines(_ text: [UInt8]) -> [[String]] {
        String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }.filter { !$0.isEmpty }
    }

    private static func isolinuxStarts(_ text: [UInt8], folder: String) -> Set<Start> {
        func resolve(_ path: some StringProtocol) -> String {
            path.hasPrefix("/") ? String(path.dropFirst()) : folder + path
        }
        var starts: Set<Start> = []
        var kernel: String?
        for fields in lines(text) where fields.count > 1 {
            switch fields[0].lowercased() {
            case "label": kernel = nil
            case "kernel", "linux": kernel = resolve(fields[1])
            case "initrd": if let kernel { starts.insert(Start(kernel: kernel, initrd: resolve(fields[1]))) }
            case "append":
                guard let kernel, let initrd = fields.first(where: { $0.hasPrefix("initrd=") }) else { continue }
                starts.insert(Start(kernel: kernel, initrd: resolve(initrd.dropFirst("initrd=".count))))
            default: break
            }
        }
        return starts
    }

    private static func grubStarts(_ text: [UInt8]) -> Set<Start> {
        func resolve(_ path: String) -> String { String(path.drop { $0 != "/" }.dropFirst()) }
        var starts: Set<Start> = []
        var kernel: String?
        for fields in lines(text) where fields.count > 1 {
            switch fields[0] {
            case "linux", "linuxefi", "linux16": kernel = resolve(fields[1])
            case "initrd", "initrdefi", "initrd16":
                if let kernel { starts.insert(Start(kernel: kernel, initrd: resolve(fields[1]))) }
            default: break
            }
        }
        return starts
    }

    // MARK: Description

    /// The first line of /.disk/info; nil when there is none.
    var info: String? {
        guard let text = text(".disk/info") ?? text(".disk/mini-info") else { return nil }
        let line = String(decoding: text.prefix { $0 != 10 }, as: UTF8.self).trimmed
        return line.isEmpty ? nil : line
    }
}

extension InstallerImage.Start {
    /// Sorts the text installer before the graphical one and before the one for guests of another hypervisor.
    fileprivate var rank: Int { initrd.contains("/gtk/") || initrd.contains("/xen/") ? 1 : 0 }
}

/// The setup header of an x86 kernel (Linux, Documentation/arch/x86/boot.rst).
struct KernelHeader {
    var is64Bit: Bool
    /// The version as `uname -r` prints it.
    var version: String

    /// Parses a header; nil when the file is not such a kernel.
    /// - Parameter bytes: The first 64 KiB of the file.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 0x240, bytes[0x202..<0x206].elementsEqual("HdrS".utf8) else { return nil }
        func word(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
        // The field xloadflags exists since protocol 2.12 (Linux 3.8).
        is64Bit = word(0x206) >= 0x20c && bytes[0x236] & 1 == 1
        let at = word(0x20e) + 0x200
        version = at < bytes.count ? String(decoding: bytes[at...].prefix { $0 > 32 && $0 < 127 }, as: UTF8.self) : ""
    }
}
