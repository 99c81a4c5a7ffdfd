import Build
import Lab
import Preseed

/// Debian's netboot archive, which is put beside the files of a lab into the TFTP root directory `pxe/tftp` in one
/// step.
///
/// The archive is not trusted: no member may be written outside of that directory, whether by its path, by a link, or
/// through a link.
package struct NetbootTree {
    private let tree: OutputTree
    private var root: String { tree.root }
    private var release: Release { tree.plan.lab.release }

    /// The result.
    package struct Summary: Sendable {
        /// The result of the build of the lab.
        package var lab: OutputTree.Summary
        /// The build of the installer, such as `20230607+deb12u15`.
        package var build: String
        package var files: Int
        /// The number of firmware packages that were added to the installer.
        package var firmware: Int
        /// The paths of the archive for which the lab has its own files.
        package var replaced: [String]
    }

    package init(_ tree: OutputTree) { self.tree = tree }

    /// The number of bytes that the files may have together; Debian's graphical archive has 120 MB.
    static let limit = 1 << 30

    /// Checks the archive, builds the lab, and puts the files of the archive beside those of the lab.
    /// - Parameters:
    ///   - sums: The content of Debian's SHA256SUMS, with which the archive is compared.
    ///   - ipxe: A directory with `undionly.kpxe` and `snponly.efi` from Debian's package ipxe.
    ///   - firmware: The paths of Debian's firmware.cpio.gz or of packages with firmware.
    ///   - lock: The lock on the tree.
    ///   - disarmed: The names of nodes that are not to be installed.
    /// - Throws: ``ImageError``, with the code `input` when the archive does not fit the lab.
    package func unpack(
        _ archive: String, sums: [UInt8]?, ipxe: String?, firmware: [String], holding lock: OutputLock,
        disarmed: Set<String>
    ) async throws -> Summary {
        let firmware = try InstallerFirmware(firmware)
        if let sums { try compare(archive, with: sums) }
        let staging = tree.scratch
        defer { try? FileSystem.remove(staging) }
        try FileSystem.makeFolder(staging)
        guard let place = try FileSystem.Folder(staging) else {
            throw ImageError(environment: "\(staging) was removed by another process")
        }
        var members = try extract(archive, to: place)
        let build = try check(staging, archive)
        if firmware.count > 0 { try firmware.append(to: "\(staging)/debian-installer/amd64/initrd.gz") }
        for name in ipxe == nil ? [] : ["snponly.efi", "undionly.kpxe"] {
            guard let bytes = try FileSystem.read("\(ipxe!)/\(name)") else {
                throw ImageError(ipxe!, "has no \(name); Debian's package ipxe has it in /usr/lib/ipxe")
            }
            try FileSystem.write(bytes, to: name, mode: 0o644, in: place)
            members.append(name)
        }
        // The files are put in place together with those of the lab, so that kernel and initrd always belong to one
        // build.
        let added = OutputTree.AddedFiles(from: staging, members, to: PXEPath.root)
        let lab = try await tree.build(holding: lock, disarmed: disarmed, adding: added)
        let own = try Manifest(in: root)?.paths ?? []
        let replaced = members.map { "\(PXEPath.root)/\($0)" }.filter(own.contains)
        return Summary(
            lab: lab, build: build, files: members.count - replaced.count, firmware: firmware.count, replaced: replaced)
    }

    // MARK: Digest

    /// Debian's SHA256SUMS lists the archive as `./netboot/netboot.tar.gz`, beside other files of the same name.
    private func compare(_ archive: String, with sums: [UInt8]) throws {
        guard let bytes = try FileSystem.read(archive) else { throw ImageError(archive, "no such file") }
        let digest = sha256(bytes)
        let name = archive.split(separator: "/").last.map(String.init) ?? archive
        let listed = String(decoding: sums, as: UTF8.self).split(separator: "\n").compactMap {
            line -> (String, String)? in
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[1].split(separator: "/").last.map(String.init) == name else { return nil }
            return (String(parts[0]).lowercased(), String(parts[1]))
        }
        guard !listed.isEmpty else { throw ImageError(archive, "is not in the list of digests: it has no \(name)") }
        guard listed.contains(where: { $0.0 == digest }) else {
            throw ImageError(
                archive, "has the SHA-256",
                lines: ["  \(digest)", "but the list has"] + listed.map { "  \($0.0)  \($0.1)" })
        }
    }

    // MARK: Unpacking

    private enum Kind { case file, folder, link }

    /// Unpacks the archive.
    /// - Returns: The paths of files and links.
    private func extract(_ archive: String, to folder: FileSystem.Folder) throws -> [String] {
        var seen: [String: Kind] = [:]
        var left = Self.limit
        do {
            let file = try ArchiveFile(archive, .tar)
            while let member = try file.next() {
                if member.path.isEmpty { continue }
                guard !member.name.hasPrefix("/"), let path = ArchivePath(member.path)?.description else {
                    throw ImageError(archive, "has a member outside of its directory: \(member.name)")
                }
                try makeParents(of: path, &seen, in: folder, archive)
                if seen[path] == .folder, case .folder = member.kind { continue }
                guard seen[path] == nil else { throw ImageError(archive, "has \(path) twice") }
                switch member.kind {
                case .folder:
                    try FileSystem.makeFolder(path, in: folder)
                    seen[path] = .folder
                case .link(let target):
                    guard Self.staysInside(target, from: path) else {
                        throw ImageError(archive, "has a link to a path outside of its directory: \(path) to \(target)")
                    }
                    try FileSystem.link(target: target, at: path, in: folder)
                    seen[path] = .link
                case .file(let size):
                    left -= size
                    guard size >= 0, left >= 0 else {
                        throw ImageError(archive, "holds more than \(Self.limit) bytes")
                    }
                    let bytes = try file.content(limit: size)
                    guard bytes.count == size else { throw ImageError(archive, "is truncated in \(path)") }
                    try FileSystem.write(bytes, to: path, mode: member.isExecutable ? 0o755 : 0o644, in: folder)
                    seen[path] = .file
                case .sameAs, .other:
                    throw ImageError(
                        archive, "has a member that is not a regular file, a directory or a symbolic link: \(path)")
                }
            }
        } catch let error as BuildError where error.code == .archive { throw ImageError(archive, error.description) }
        return seen.filter { $0.value != .folder }.keys.sorted()
    }

    /// Creates the parent directories of a member. A member below a link or a file would be written elsewhere, so it is
    /// an error.
    private func makeParents(
        of path: String, _ seen: inout [String: Kind], in folder: FileSystem.Folder, _ archive: String
    ) throws {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += (parent.isEmpty ? "" : "/") + part
            switch seen[parent] {
            case .folder: continue
            case nil:
                try FileSystem.makeFolder(parent, in: folder)
                seen[parent] = .folder
            default: throw ImageError(archive, "has a member below \(parent), which is not a directory: \(path)")
            }
        }
    }

    /// Whether a link's target is inside of the directory. `..` may only be at the start: after a name it would be
    /// resolved from the target of that name.
    static func staysInside(_ target: String, from path: String) -> Bool {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        guard !target.isEmpty, !target.hasPrefix("/") else { return false }
        let ups = parts.prefix { $0 == ".." }.count
        let names = parts.dropFirst(ups)
        return ups < path.split(separator: "/").count && !names.isEmpty
            && names.allSatisfy { $0 != ".." && !$0.isEmpty }
    }

    // MARK: Checking

    /// Checks that the archive is a netboot archive of the lab's release.
    /// - Returns: The build of the installer.
    private func check(_ folder: String, _ archive: String) throws -> String {
        for name in ["linux", "initrd.gz", "pxelinux.0"] {
            guard try FileSystem.status("\(folder)/debian-installer/amd64/\(name)") != nil else {
                throw ImageError(
                    archive,
                    "is not a netboot archive of Debian's installer for amd64: it has no debian-installer/amd64/\(name)"
                )
            }
        }
        let info = try FileSystem.read("\(folder)/version.info").map { String(decoding: $0, as: UTF8.self) }
        guard let (version, build) = info.flatMap(InstallerVersion.netboot(versionInfo:)) else {
            throw ImageError(archive, "has no version.info with its release")
        }
        guard !version.contradicts(release) else {
            throw ImageError(
                archive, "is for “\(version.text)”, but the lab needs Debian \(release.number) (\(release.codename))")
        }
        return build
    }
}
