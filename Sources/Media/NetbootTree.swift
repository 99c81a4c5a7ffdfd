import Archive
import Glibc
import Lab
import Output
import Plan
import Releases

/// Debian's netboot archive, put beside a lab's own files into the TFTP root, `pxe/tftp`, in one step.
///
/// The archive comes from outside, so none of its members may lead out of that folder: not by a path, not by a link,
/// and not through one.
public struct NetbootTree {
    private let tree: OutputTree
    private var root: String { tree.root }
    private var release: Release { tree.planner.lab.release }

    /// What was unpacked.
    public struct Summary: Sendable {
        /// Of the lab's own files.
        public var lab: OutputTree.Summary
        /// Of the installer: `20230607+deb12u15`.
        public var build: String
        public var files: Int
        /// Packages of firmware that the installer got.
        public var firmware: Int
        /// The archive's own that the lab's files stand for.
        public var replaced: [String]
    }

    public init(_ tree: OutputTree) { self.tree = tree }

    /// The most that the files may hold together; Debian's graphical archive has 120 MB.
    static let limit = 1 << 30

    /// Checks the archive, builds the lab, and puts the archive's files beside the lab's own.
    /// - Parameters:
    ///   - sums: the content of Debian's SHA256SUMS, to hold the archive against.
    ///   - ipxe: a folder with `undionly.kpxe` and `snponly.efi`, as Debian's package ipxe has them.
    ///   - firmware: Debian's firmware.cpio.gz, or packages with firmware, for the installer.
    ///   - lock: the tree's.
    ///   - disarmed: names of nodes that are not to be installed.
    /// - Throws: ``UnusableMedium`` when the archive is not fit for the lab, ``OutputError`` for an error of the system.
    public func unpack(
        _ archive: String, sums: [UInt8]?, ipxe: String?, firmware: [String], holding lock: OutputLock,
        disarmed: Set<String>
    ) async throws -> Summary {
        let firmware = try InstallerFirmware(firmware)
        if let sums { try compare(archive, with: sums) }
        let staging = tree.scratch
        defer { try? FileSystem.remove(staging) }
        try FileSystem.makeFolder(staging)
        guard let place = try FileSystem.Folder(staging) else { throw OutputError("\(staging) is gone") }
        var members = try extract(archive, to: place)
        let build = try check(staging, archive)
        if firmware.count > 0 { try firmware.append(to: "\(staging)/debian-installer/amd64/initrd.gz") }
        for name in ipxe == nil ? [] : ["snponly.efi", "undionly.kpxe"] {
            guard let bytes = try FileSystem.read("\(ipxe!)/\(name)") else {
                throw UnusableMedium(ipxe!, "has no \(name); Debian's package ipxe has it in /usr/lib/ipxe")
            }
            try FileSystem.write(bytes, to: name, mode: 0o644, in: place)
            members.append(name)
        }
        // In the same exchange as the lab's own files: kernel and initrd are of one build at any moment.
        let added = OutputTree.AddedFiles(from: staging, members, to: PXEPath.root)
        let lab = try await tree.build(holding: lock, disarmed: disarmed, adding: added)
        let own = try Manifest(in: root)?.paths ?? []
        let replaced = members.map { "\(PXEPath.root)/\($0)" }.filter(own.contains)
        return Summary(
            lab: lab, build: build, files: members.count - replaced.count, firmware: firmware.count, replaced: replaced)
    }

    // MARK: Digest

    /// SHA256SUMS has the archive as `./netboot/netboot.tar.gz`, and others of the same name.
    private func compare(_ archive: String, with sums: [UInt8]) throws {
        guard let bytes = try FileSystem.read(archive) else { throw UnusableMedium(archive, "no such file") }
        let digest = sha256(bytes)
        let name = archive.split(separator: "/").last.map(String.init) ?? archive
        let listed = String(decoding: sums, as: UTF8.self).split(separator: "\n").compactMap {
            line -> (String, String)? in
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[1].split(separator: "/").last.map(String.init) == name else { return nil }
            return (String(parts[0]).lowercased(), String(parts[1]))
        }
        guard !listed.isEmpty else { throw UnusableMedium(archive, "the sums have no \(name)") }
        guard listed.contains(where: { $0.0 == digest }) else {
            let known = listed.map { "\($0.0)  \($0.1)" }.joined(separator: "\n  ")
            throw UnusableMedium(archive, "has the SHA-256\n  \(digest)\nand the sums say\n  \(known)")
        }
    }

    // MARK: Unpacking

    private enum Kind { case file, folder, link }

    /// - Returns: the paths of files and links.
    private func extract(_ archive: String, to folder: FileSystem.Folder) throws -> [String] {
        var seen: [String: Kind] = [:]
        var left = Self.limit
        do {
            let file = try ArchiveFile(archive, .tar)
            while let member = try file.next() {
                if member.path.isEmpty { continue }
                guard !member.name.hasPrefix("/"), let path = ArchivePath(member.path)?.description else {
                    throw UnusableMedium(archive, "has a member that leads out of its folder: \(member.name)")
                }
                try makeParents(of: path, &seen, in: folder, archive)
                if seen[path] == .folder, case .folder = member.kind { continue }
                guard seen[path] == nil else { throw UnusableMedium(archive, "has \(path) twice") }
                switch member.kind {
                case .folder:
                    try FileSystem.makeFolder(path, in: folder)
                    seen[path] = .folder
                case .link(let target):
                    guard Self.staysInside(target, from: path) else {
                        throw UnusableMedium(archive, "has a link that leads out of its folder: \(path) to \(target)")
                    }
                    try FileSystem.link(target: target, at: path, in: folder)
                    seen[path] = .link
                case .file(let size):
                    left -= size
                    guard size >= 0, left >= 0 else {
                        throw UnusableMedium(archive, "holds more than \(Self.limit) bytes")
                    }
                    let bytes = try file.content(limit: size)
                    guard bytes.count == size else { throw UnusableMedium(archive, "\(path) is cut short") }
                    try FileSystem.write(bytes, to: path, mode: member.isExecutable ? 0o755 : 0o644, in: folder)
                    seen[path] = .file
                case .sameAs, .other:
                    throw UnusableMedium(archive, "has something that is neither file, folder nor link: \(path)")
                }
            }
        } catch let error as ArchiveError { throw UnusableMedium(archive, error.description) }
        return seen.filter { $0.value != .folder }.keys.sorted()
    }

    /// A member below a link or a file would be written somewhere else.
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
            default: throw UnusableMedium(archive, "has a member below \(parent), which is no folder: \(path)")
            }
        }
    }

    /// `..` may only stand in front: behind a name it would be followed from wherever that name leads.
    static func staysInside(_ target: String, from path: String) -> Bool {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        guard !target.isEmpty, !target.hasPrefix("/") else { return false }
        let ups = parts.prefix { $0 == ".." }.count
        let names = parts.dropFirst(ups)
        return ups < path.split(separator: "/").count && !names.isEmpty
            && names.allSatisfy { $0 != ".." && !$0.isEmpty }
    }

    // MARK: Checking

    /// - Returns: the installer's build.
    private func check(_ folder: String, _ archive: String) throws -> String {
        for name in ["linux", "initrd.gz", "pxelinux.0"] {
            guard try FileSystem.status("\(folder)/debian-installer/amd64/\(name)") != nil else {
                throw UnusableMedium(
                    archive,
                    "is no netboot archive of Debian's installer for amd64: it has no debian-installer/amd64/\(name)")
            }
        }
        let info = try FileSystem.read("\(folder)/version.info").map { String(decoding: $0, as: UTF8.self) }
        guard let (version, build) = info.flatMap(InstallerVersion.netboot(versionInfo:)) else {
            throw UnusableMedium(archive, "has no version.info that says of which release it is")
        }
        guard !version.contradicts(release) else {
            throw UnusableMedium(
                archive, "is of “\(version.words)”, and the lab wants Debian \(release.number) (\(release.codename))")
        }
        return build
    }
}
