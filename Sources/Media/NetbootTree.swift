import Archive
import Crypto
import Glibc
import Lab
import Releases

/// Debian's netboot archive, unpacked beside a lab's own files into the TFTP root, `pxe/tftp`.
///
/// The archive comes from outside, so none of its members may lead out of that folder: not by a path, not by a link,
/// and not through one.
public struct NetbootTree {
    private let tree: OutputTree
    private var root: String { tree.root }
    private var release: Release { tree.planner.lab.release }

    /// The archive is not one that can be used, or not the right one; for a person.
    public struct Unusable: Error, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    /// What was unpacked.
    public struct Summary: Sendable {
        /// Of the lab's own files.
        public var lab: OutputTree.Summary
        /// Of the installer: `20230607+deb12u15`.
        public var build: String
        public var files: Int
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
    public func unpack(_ archive: String, sums: [UInt8]?, ipxe: String?) async throws -> Summary {
        if let sums { try compare(archive, with: sums) }
        let cut = root.lastIndex(of: "/")!
        let staging = "\(root[..<cut])/.\(root[root.index(after: cut)...]).netboot"
        try FileSystem.remove(staging)
        defer { try? FileSystem.remove(staging) }
        try makeFolder(staging)
        var members = try extract(archive, to: staging)
        let build = try check(staging)
        for name in ipxe == nil ? [] : ["snponly.efi", "undionly.kpxe"] {
            guard let bytes = try FileSystem.read("\(ipxe!)/\(name)") else {
                throw Unusable("\(ipxe!) has no \(name); Debian's package ipxe has it in /usr/lib/ipxe")
            }
            _ = try FileSystem.write(bytes, to: "\(staging)/\(name)", mode: 0o644)
            members.append(name)
        }
        let lab = try await tree.build()
        return try adopt(members, from: staging, Summary(lab: lab, build: build, files: 0, replaced: []))
    }

    /// For everybody to read, whatever the umask: a TFTP server runs as nobody.
    private func makeFolder(_ path: String) throws(OutputError) {
        guard try FileSystem.makeFolder(path) else { throw .last("can't be made", path) }
        try FileSystem.setMode(path, 0o755)
    }

    // MARK: Digest

    /// SHA256SUMS has the archive as `./netboot/netboot.tar.gz`, and others of the same name.
    private func compare(_ archive: String, with sums: [UInt8]) throws {
        guard let bytes = try FileSystem.read(archive) else { throw Unusable("\(archive): no such file") }
        let digest = sha256(bytes)
        let name = archive.split(separator: "/").last.map(String.init) ?? archive
        let listed = String(decoding: sums, as: UTF8.self).split(separator: "\n").compactMap {
            line -> (String, String)? in
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[1].split(separator: "/").last.map(String.init) == name else { return nil }
            return (String(parts[0]).lowercased(), String(parts[1]))
        }
        guard !listed.isEmpty else { throw Unusable("the sums have no \(name)") }
        guard listed.contains(where: { $0.0 == digest }) else {
            let known = listed.map { "\($0.0)  \($0.1)" }.joined(separator: "\n  ")
            throw Unusable("\(archive) has the SHA-256\n  \(digest)\nand the sums say\n  \(known)")
        }
    }

    // MARK: Unpacking

    private enum Kind { case file, folder, link }

    /// - Returns: the paths of files and links.
    private func extract(_ archive: String, to folder: String) throws -> [String] {
        var seen: [String: Kind] = [:]
        var left = Self.limit
        try ArchiveReader.walk(file: archive) { member, content in
            var name = member.name[...]
            while name.hasPrefix("./") { name = name.dropFirst(2) }
            while name.hasSuffix("/") { name = name.dropLast() }
            if name.isEmpty || name == "." { return }
            guard let path = ArchivePath(String(name))?.description else {
                throw Unusable("the archive has a member that leads out of its folder: \(member.name)")
            }
            try makeParents(of: path, &seen, in: folder)
            if seen[path] == .folder, case .folder = member.kind { return }
            guard seen[path] == nil else { throw Unusable("the archive has \(path) twice") }
            switch member.kind {
            case .folder:
                try makeFolder("\(folder)/\(path)")
                seen[path] = .folder
            case .link(let target):
                guard Self.staysInside(target, from: path) else {
                    throw Unusable("the archive has a link that leads out of its folder: \(path) to \(target)")
                }
                _ = try FileSystem.link(target: target, at: "\(folder)/\(path)")
                seen[path] = .link
            case .file(let size):
                left -= size
                guard size >= 0, left >= 0 else { throw Unusable("the archive holds more than \(Self.limit) bytes") }
                var bytes: [UInt8] = []
                bytes.reserveCapacity(size)
                try content { bytes += $0 }
                guard bytes.count == size else { throw Unusable("\(path) is cut short in the archive") }
                _ = try FileSystem.write(bytes, to: "\(folder)/\(path)", mode: member.isExecutable ? 0o755 : 0o644)
                seen[path] = .file
            case .other: throw Unusable("the archive has something that is neither file, folder nor link: \(path)")
            }
        }
        return seen.filter { $0.value != .folder }.keys.sorted()
    }

    /// A member below a link or a file would be written somewhere else.
    private func makeParents(of path: String, _ seen: inout [String: Kind], in folder: String) throws {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += (parent.isEmpty ? "" : "/") + part
            switch seen[parent] {
            case .folder: continue
            case nil:
                try makeFolder("\(folder)/\(parent)")
                seen[parent] = .folder
            default: throw Unusable("the archive has a member below \(parent), which is no folder: \(path)")
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
    private func check(_ folder: String) throws -> String {
        for name in ["linux", "initrd.gz", "pxelinux.0"] {
            guard try FileSystem.status("\(folder)/debian-installer/amd64/\(name)") != nil else {
                throw Unusable(
                    "this is no netboot archive of Debian's installer for amd64: it has no debian-installer/amd64/\(name)"
                )
            }
        }
        // Two lines: "Debian version:  12 (bookworm)" and "Installer build: 20230607+deb12u15".
        guard let bytes = try FileSystem.read("\(folder)/version.info") else {
            throw Unusable("the archive has no version.info, so its release is not known")
        }
        var said: [Substring: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            said[line[..<colon]] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let version = said["Debian version"] ?? "nothing"
        guard version.split(separator: " ").first.map(String.init)?.split(separator: ".").first == release.number[...]
        else {
            throw Unusable(
                "the archive is of Debian \(version), and the lab's release is \(release.number) (\(release.codename))")
        }
        return said["Installer build"] ?? "unknown"
    }

    // MARK: Adopting

    /// Moves everything to its place; what xenseed writes there itself stays.
    private func adopt(_ members: [String], from staging: String, _ summary: Summary) throws -> Summary {
        let own = try Manifest.paths(in: root) ?? []
        var summary = summary
        for path in members {
            let place = "pxe/tftp/\(path)"
            if own.contains(place) {
                summary.replaced.append(place)
                continue
            }
            var parent = root
            for part in place.split(separator: "/").dropLast() {
                parent += "/" + part
                switch try FileSystem.status(parent) {
                case nil: try makeFolder(parent)
                case let there? where there.isFolder: continue
                default: throw OutputError("\(parent) is in the way: it is no folder")
                }
            }
            guard rename("\(staging)/\(path)", "\(root)/\(place)") == 0 else {
                throw OutputError.last("can't be put in place", "\(root)/\(place)")
            }
            summary.files += 1
        }
        return summary
    }
}
