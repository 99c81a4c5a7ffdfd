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
        /// What was verified about the archive; nil when nothing was.
        package var proof: String?
        /// What was not verified.
        package var warnings: [String]
    }

    package init(_ tree: OutputTree) { self.tree = tree }

    /// The number of bytes that the files may have together; those of Debian's graphical archive have 120 MB.
    private static let byteLimit = 512 << 20
    /// The number of members that the archive may have; Debian's have 330.
    private static let memberLimit = 4096
    /// The number of bytes in the path of a member.
    private static let pathLimit = 255

    /// Checks the archive, builds the lab, and puts the files of the archive beside those of the lab.
    /// - Parameters:
    ///   - source: The archive, and the files with which it is verified.
    ///   - ipxe: A directory with `undionly.kpxe` and `snponly.efi` from Debian's package ipxe.
    ///   - firmware: The paths of Debian's firmware.cpio.gz or of packages with firmware.
    ///   - lock: The lock on the tree.
    ///   - disarmed: The names of nodes that are not to be installed.
    /// - Throws: ``ImageError``, with the code `input` when the archive does not fit the lab.
    package func unpack(
        _ source: NetbootSource, ipxe: String?, firmware: [String], holding lock: OutputLock, disarmed: Set<String>
    ) async throws -> Summary {
        let archive = source.archive
        let firmware = try InstallerFirmware(firmware)
        let (proof, warnings) = try await source.verify(for: release)
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
            lab: lab, build: build, files: members.count - replaced.count, firmware: firmware.count, replaced: replaced,
            proof: proof, warnings: warnings)
    }

    // MARK: Unpacking

    private enum Kind { case file, folder, link }

    /// Unpacks the archive, with at most one block of it in memory.
    /// - Returns: The paths of files and links.
    private func extract(_ archive: String, to folder: FileSystem.Folder) throws -> [String] {
        var seen: [String: Kind] = [:]
        var left = Self.byteLimit
        var count = 0
        do {
            let file = try ArchiveFile(archive, .tar)
            while let member = try file.next() {
                file.reportProgress("unpacking \(archive)")
                if member.path.isEmpty { continue }
                count += 1
                guard count <= Self.memberLimit else {
                    throw ImageError(
                        archive, "has more than \(Self.memberLimit) members; Debian's netboot archive has a few hundred"
                    )
                }
                guard member.path.utf8.count <= Self.pathLimit else {
                    throw ImageError(archive, "has a member whose path has more than \(Self.pathLimit) bytes")
                }
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
                    guard size >= 0, size <= left else {
                        throw ImageError(
                            archive,
                            "holds more than \(Self.byteLimit >> 20) MiB; Debian's netboot archive has less than 200 MiB"
                        )
                    }
                    left -= size
                    var written = 0
                    try FileSystem.write(to: path, mode: member.isExecutable ? 0o755 : 0o644, in: folder) {
                        () throws(BuildError) in
                        let bytes = try file.read(atMost: 1 << 16)
                        written += bytes.count
                        return bytes
                    }
                    guard written == size else { throw ImageError(archive, "is truncated in \(path)") }
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
