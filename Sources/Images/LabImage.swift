import Build
import FoundationEssentials
import Lab
import SystemPackage

/// Writes a copy of Debian's installer image that installs a whole lab.
///
/// Each initrd that the menus of the image start gets the seed of the lab appended, and the menus are replaced.
/// Everything else is unchanged, including the boot records.
package struct LabImage: Sendable {
    private let plan: Plan
    /// The modification time of every new file, in seconds since 1970.
    private let time: Int

    package init(plan: Plan, time: Int?) {
        self.plan = plan
        self.time = time ?? ArchiveEntry.time
    }

    /// The result, for a person.
    package struct Summary: Sendable {
        package var warnings: [String] = []
        /// The boot records of the image.
        package var boot: BootRecords
        /// Whether the image has secrets, so that other users must not read it.
        package var isSecret = false
    }

    /// A new file of the image: its path there without a leading slash, and the file with its content.
    private struct Change {
        var path: String
        var source: String
        var digest: String
        var md5: String
    }

    /// Writes the image completely or not at all.
    /// - Parameters:
    ///   - source: The path of Debian's image, which is only read.
    ///   - output: The path of the new image. A regular file there is replaced.
    ///   - log: Receives a line before each step.
    /// - Throws: ``ImageError``, with the code `input` when the source does not fit the lab.
    package func write(from source: String, to output: String, log: (String) -> Void) async throws -> Summary {
        let xorriso = try await Xorriso()
        let scratch = try ScratchFolder()
        log("reading \(source)")
        let image = try InstallerImage(source, name: source)
        var warnings: [String] = []
        if let version = image.info.flatMap(InstallerVersion.init(info:)), version.contradicts(plan.lab.release) {
            throw ImageError(source, "is “\(version.text)”, but the lab needs \(wanted)")
        }
        let absolute = URL(filePath: source).absoluteURL.path
        let boot = try await BootRecords(of: absolute, xorriso, time: time)
        guard boot.missing.isEmpty else {
            throw ImageError(
                source,
                "lacks \(boot.missing.joined(separator: ", and ")); use an installer image of Debian (netinst)")
        }
        let starts = try starts(of: image, scratch)
        let installer = try installer(image, starts[0])

        log("building the lab")
        let seed = try await seed(scratch)
        var changes: [Change] = []
        let initrds = Set(starts.map(\.initrd)).sorted()
        let places = try image.extract(initrds, to: try scratch.folder("initrds"))
        for path in initrds {
            guard let place = places[path] else { throw ImageError(source, "has no content for /\(path)") }
            try check(place, "\(source): /\(path)", &warnings)
            try append(seed.bytes, to: place)
            changes.append(try change(path, place))
        }
        func put(_ path: String, _ bytes: [UInt8]) throws {
            let place = "\(try scratch.folder("files"))/\(changes.count)"
            try Data(bytes).write(to: URL(filePath: place))
            changes.append(try change(path, place))
        }
        try put(image.isolinuxMenu!, plan.bootMenu(.bios, installer))
        let grub = plan.bootMenu(.uefi, installer)
        let menus = Set(image.grubMenus + [Self.grubMenu]).sorted()
        guard menus.count <= InstallerImage.startLimit else {
            throw ImageError(source, "has \(menus.count) menus for GRUB; an installer image has a few")
        }
        for path in menus { try put(path, grub) }
        // This file tells people and the installer that the medium belongs to a lab.
        try put("xenseed/nodes", seed.nodes)
        try put(Plan.diskStarter, PackageResources.disk_bin)
        if let sums = image.text("md5sum.txt") {
            let moved = [boot.bios, boot.catalogue].compactMap { $0.map { String($0.drop { $0 == "/" }) } }
            try put("md5sum.txt", Self.sums(sums, changes, without: moved))
        }

        log("writing \(output)")
        let partial = try await PartialFile(for: output, log: log)
        let length = (fileLength(source) ?? 0) + initrds.count * seed.bytes.count
        try await Progress.following("writing \(output)", partial.path, total: length) {
            try await write(image, absolute, changes, to: partial.path, xorriso)
        }
        log("checking \(output)")
        try await verify(partial.path, image, boot, changes, xorriso, scratch)
        try partial.place(mode: seed.isSecret ? 0o640 : 0o644)
        return Summary(warnings: warnings, boot: boot, isSecret: seed.isSecret)
    }

    private static let grubMenu = "boot/grub/grub.cfg"

    private var wanted: String { "Debian \(plan.lab.release.number) (\(plan.lab.release.codename)), amd64" }

    // MARK: The source

    /// Returns the kernels and initrds that run on the lab's machines, the preferred one first.
    private func starts(of image: InstallerImage, _ scratch: ScratchFolder) throws -> [InstallerImage.Start] {
        guard image.isolinuxMenu != nil else {
            throw ImageError(image.name, "has no isolinux.cfg; its BIOS loader is not Debian's ISOLINUX")
        }
        guard image.files.contains(Self.grubMenu) else {
            throw ImageError(image.name, "has no /\(Self.grubMenu), the menu for UEFI")
        }
        let all = try image.starts()
        let kernels = try image.extract(all.map(\.kernel), to: try scratch.folder("kernels"), limit: 1 << 16)
        let headers = kernels.compactMapValues { fileBytes($0, from: 0, count: 1 << 16).flatMap(KernelHeader.init) }
        let fit = all.filter { headers[$0.kernel]?.is64Bit == true }
        guard !fit.isEmpty else {
            let seen = Set(all.map { "/\($0.kernel)" + (headers[$0.kernel].map { " (\($0.version))" } ?? "") }).sorted()
            throw ImageError(
                image.name,
                "has no kernel for amd64 with an initrd in its boot menus"
                    + (seen.isEmpty ? "" : "; they start \(seen.joined(separator: ", "))"))
        }
        return fit
    }

    private func installer(_ image: InstallerImage, _ start: InstallerImage.Start) throws -> MediumInstaller {
        let menu = image.isolinuxMenu!
        let folder = String(menu.dropLast("isolinux.cfg".count))
        // The graphical menu or the text menu.
        let program = ["vesamenu.c32", "menu.c32"].first { image.files.contains(folder + $0) }
        guard let kernel = MediumPath("/" + start.kernel), let initrd = MediumPath("/" + start.initrd),
            let place = MediumPath(folder.isEmpty ? "/" : "/" + folder.dropLast())
        else { throw ImageError(image.name, "names /\(start.initrd), a path that boot menus can't contain") }
        return MediumInstaller(kernel: kernel, initrd: initrd, folder: place, menu: program.flatMap(MediumPath.init))
    }

    /// Refuses an initrd of another release or with a seed.
    private func check(_ initrd: String, _ name: String, _ warnings: inout [String]) throws {
        let disk = try RAMDisk(initrd, name: name) {
            $0 == "etc/lsb-release" || $0.hasPrefix("xenseed/") ? 1 << 20 : nil
        }
        if disk.files.keys.contains(where: { $0.hasPrefix("xenseed/") }) {
            throw ImageError(name, "already has the seed of a lab; use Debian's image")
        }
        let text = disk.files["etc/lsb-release"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let version = InstallerVersion(lsbRelease: text) else {
            warnings.append("\(name) does not contain its release; the lab needs \(wanted)")
            return
        }
        guard !version.contradicts(plan.lab.release) else {
            throw ImageError(name, "is an installer of “\(version.text)”, but the lab needs \(wanted)")
        }
    }

    // MARK: What is put in

    /// Builds the seed of the lab with all checks of `xenseed build`.
    private func seed(_ scratch: ScratchFolder) async throws -> (bytes: [UInt8], nodes: [UInt8], isSecret: Bool) {
        let tree = "\(scratch.path)/out"
        _ = try await OutputTree(tree, plan: plan).build()
        let path = "\(tree)/\(Seed.path)"
        let disk = try RAMDisk(path, name: Seed.path) { $0 == "xenseed/nodes" ? .max : nil }
        guard let length = fileLength(path), let bytes = fileBytes(path, from: 0, count: length),
            let nodes = disk.files["xenseed/nodes"]
        else { throw ImageError(environment: "usb/seed.cpio.gz has no /xenseed/nodes") }
        let mode = try FileSystem.status(path)?.permissions.rawValue ?? 0
        return (bytes, nodes, mode & 0o004 == 0)
    }

    /// Appends the seed at a multiple of four bytes, where the kernel looks for the next archive.
    private func append(_ seed: [UInt8], to path: String) throws {
        do {
            let file = try FileDescriptor.open(path, .writeOnly, options: .closeOnExec)
            try file.closeAfter {
                let length = try file.seek(offset: 0, from: .end)
                try file.writeAll(repeatElement(0, count: Int(-length & 3)))
                try file.writeAll(seed)
            }
        } catch { throw ImageError(environment: "\(path): can't be written: \(error)") }
    }

    private func change(_ path: String, _ place: String) throws -> Change {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: place), options: .alwaysMapped))
        return Change(path: path, source: place, digest: sha256(bytes), md5: md5(bytes))
    }

    /// Returns md5sum.txt with the digests of the new files.
    /// - Parameter without: The paths to leave out: files that are written again with every image.
    private static func sums(_ old: [UInt8], _ changes: [Change], without: [String]) -> [UInt8] {
        var new = Dictionary(uniqueKeysWithValues: changes.map { ($0.path, $0.md5) })
        var lines: [String] = []
        for line in String(decoding: old, as: UTF8.self).split(separator: "\n") {
            let path = String(line.dropFirst(34).drop { $0 == "." }.drop { $0 == "/" })
            if without.contains(path) { continue }
            lines.append(new.removeValue(forKey: path).map { "\($0)  ./\(path)" } ?? String(line))
        }
        lines += new.sorted { $0.key < $1.key }.map { "\($0.value)  ./\($0.key)" }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    // MARK: The image

    private func write(
        _ image: InstallerImage, _ source: String, _ changes: [Change], to partial: String, _ xorriso: Xorriso
    ) async throws {
        // Paths are taken literally, without wildcards.
        var arguments = ["-iso_rr_pattern", "off", "-disk_pattern", "off"]
        arguments += ["-indev", "stdio:" + source, "-outdev", "stdio:" + partial]
        if image.hasJoliet { arguments += ["-joliet", "on", "-compliance", "joliet_long_names"] }
        for change in changes { arguments += ["-map", change.source, "/" + change.path] }
        // New directories get a fixed owner, mode and time.
        let folders = Set(changes.flatMap { Self.folders(above: $0.path) })
            .filter { folder in !image.files.contains { $0.hasPrefix(folder + "/") } }.sorted().map { "/" + $0 }
        let files = changes.map { "/" + $0.path }
        arguments += ["-chown", "0"] + files + folders + ["--", "-chgrp", "0"] + files + folders + ["--"]
        arguments += ["-chmod", "0444"] + files + ["--"]
        if !folders.isEmpty { arguments += ["-chmod", "0555"] + folders + ["--"] }
        arguments += ["-alter_date", "b-c", "@\(time)"] + files + folders + ["--"]
        arguments += ["-boot_image", "any", "replay", "-commit", "-end"]
        _ = try await xorriso.run(arguments, time: time)
    }

    private static func folders(above path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.map { parts[...$0].joined(separator: "/") }
    }

    /// Reads the image back and checks the boot records, the table in ISOLINUX's image, the name of the volume, and
    /// every new file.
    private func verify(
        _ path: String, _ source: InstallerImage, _ before: BootRecords, _ changes: [Change], _ xorriso: Xorriso,
        _ scratch: ScratchFolder
    ) async throws {
        func fail(_ problem: String) -> ImageError {
            ImageError(environment: "the image that xorriso wrote is wrong: \(problem); the file was removed")
        }
        let after = try await BootRecords(of: path, xorriso, time: time)
        guard after == before else {
            let lost = before.present.filter { !after.present.contains($0) }
            throw fail("it lost \(lost.isEmpty ? "boot records" : lost.joined(separator: ", "))")
        }
        let image = try InstallerImage(path, name: path)
        guard image.volume == source.volume else { throw fail("its volume has the name “\(image.volume)”") }
        let loader = String(before.bios!.drop { $0 == "/" })
        let places = try image.extract(changes.map(\.path) + [loader], to: try scratch.folder("written"))
        for change in changes {
            guard let place = places[change.path], try self.change(change.path, place).digest == change.digest else {
                throw fail("/\(change.path) has the wrong content")
            }
        }
        guard let place = places[loader], try Self.bootInfoIsRight(path, place) else {
            throw fail("the boot information table of /\(loader) is wrong")
        }
    }

    /// Checks the table in isolinux.bin: the block numbers of the volume descriptor and of the file itself, its length,
    /// and a checksum from byte 64 on (mkisofs(8), -boot-info-table).
    private static func bootInfoIsRight(_ image: String, _ loader: String) throws -> Bool {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: loader)))
        guard bytes.count > 64 else { return false }
        func word(_ at: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(at + $1 < bytes.count ? bytes[at + $1] : 0) << UInt32(8 * $1) }
        }
        let sum = stride(from: 64, to: bytes.count, by: 4).reduce(UInt32(0)) { $0 &+ word($1) }
        let volume = fileBytes(image, from: 2048 * Int(word(8)), count: 6) ?? []
        let itself = fileBytes(image, from: 2048 * Int(word(12)), count: bytes.count) ?? []
        return volume.dropFirst().elementsEqual("CD001".utf8) && itself == bytes && Int(word(16)) == bytes.count
            && word(20) == sum
    }
}

/// A temporary directory that only its user can read, and that is removed with its owner.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "xenseed-\(UUID().uuidString)").path
        try FileSystem.makeFolder(path, mode: 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Creates a subdirectory unless it exists.
    /// - Returns: Its path.
    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        return "\(path)/\(name)"
    }
}
