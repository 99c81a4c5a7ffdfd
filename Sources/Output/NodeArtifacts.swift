import Archive
import Glibc
import Lab
import Plan

/// A file to be written, by its path in the output tree.
struct PlannedFile: Sendable {
    var path: String
    var kind: Kind
    var isExecutable = false
    /// Not for everybody's eyes.
    var isSecret = false
    /// The SHA-256 of its bytes in hex, where somebody has it already.
    var sum: String?

    enum Kind: Sendable {
        case bytes([UInt8])
        case link(String)
    }

    /// What the file's permission bits are when it is written.
    var mode: mode_t { (isSecret ? 0o640 : 0o644) | (isExecutable ? (isSecret ? 0o110 : 0o111) : 0) }
}

/// Turns the plan of one node into bytes.
struct NodeArtifacts: Sendable {
    let planner: Planner
    /// By path.
    private let shared: [String: SummedMember]

    init(planner: Planner) throws(OutputError) {
        self.planner = planner
        var shared: [String: SummedMember] = [:]
        for member in planner.sharedMembers { shared[member.path] = try SummedMember(member) }
        self.shared = shared
    }

    /// What one node gives.
    struct Files {
        /// Below `nodes/NAME`, sorted by path.
        var own: [PlannedFile]
        /// Elsewhere in the tree.
        var media: [PlannedFile]
        /// The MD5 of its preseed, in hex.
        var preseedSum: String
    }

    /// Every file that one node gives.
    /// - Parameters:
    ///   - packed: the overlay archive that stands in the tree, when there is one. Its bytes are kept when its members
    ///     are the planned ones: another zlib packs other bytes with the same content.
    ///   - previous: the digests that the standing manifest has of overlays and their listings, by path.
    func files(of node: Node, packed: [UInt8]?, previous: [String: String]) throws -> Files {
        let folder = "nodes/\(node.name)"
        let overlay = try planner.overlay(node)
        let members = try overlay.map { member throws(OutputError) in
            try member.isShared ? shared[member.path]! : SummedMember(member)
        }
        let listing = Listing.bytes(members)
        let listingSum = sha256(listing)
        let archive =
            try packed.flatMap { packed in
                let sum = sha256(packed)
                let isListed =
                    previous["\(folder)/\(Manifest.listing)"] == listingSum
                    && previous["\(folder)/\(Manifest.archive)"] == sum
                return isListed || Self.holds(packed, members) ? (packed, sum) : nil
            } ?? Self.pack(members)
        let lateCommand = try planner.lateCommand(node, overlaySum: archive.sum)
        let lateSum = sha256(lateCommand)
        let preseed = try planner.preseed(node, lateSum: lateSum)
        try planner.checkPreseed(preseed, of: node, file: "\(folder)/preseed.cfg")
        let hidden = Set(node.hiddenFiles.map { String($0.description.dropFirst()) })
        // In the order of their paths.
        var files = [
            PlannedFile(path: "\(folder)/late-command.sh", kind: .bytes(lateCommand), sum: lateSum),
            PlannedFile(path: "\(folder)/\(Manifest.listing)", kind: .bytes(listing), sum: listingSum),
            PlannedFile(
                path: "\(folder)/\(Manifest.archive)", kind: .bytes(archive.bytes), isSecret: !hidden.isEmpty,
                sum: archive.sum),
        ]
        for (member, summed) in zip(overlay, members) {
            let path = "\(folder)/overlay/\(member.path)"
            switch member.kind {
            case .file(let bytes):
                files.append(
                    PlannedFile(
                        path: path, kind: .bytes(bytes), isExecutable: member.mode & 0o100 != 0,
                        isSecret: !hidden.isEmpty && hidden.contains(member.path), sum: summed.sum))
            case .link(let target): files.append(PlannedFile(path: path, kind: .link(target)))
            case .folder: break
            }
        }
        files.append(
            PlannedFile(
                path: "\(folder)/preseed.cfg", kind: .bytes(preseed), isSecret: node.carriesSecret,
                sum: sha256(preseed)))
        let preseedSum = md5(preseed)
        let media = try planner.media(node, preseedSum: preseedSum).map(PlannedFile.init)
        return Files(own: files, media: media, preseedSum: preseedSum)
    }

    private static func pack(_ members: [SummedMember]) throws(ArchiveError) -> (bytes: [UInt8], sum: String) {
        let bytes = try ArchiveWriter.tarGzip(members.lazy.map(\.entry))
        return (bytes, sha256(bytes))
    }

    private static func holds(_ archive: [UInt8], _ members: [SummedMember]) -> Bool {
        let entries = members.map(\.entry)
        let bytes = entries.reduce(0) { if case .file(let content) = $1.kind { $0 + content.count } else { $0 } }
        return (try? ArchiveReader.members(of: archive, limit: bytes)) == entries
    }
}

extension SummedMember {
    init(_ member: OverlayMember) throws(OutputError) {
        guard let path = ArchivePath(member.path) else { throw OutputError("the path \(member.path) can't be packed") }
        switch member.kind {
        case .file(let bytes):
            self.init(entry: ArchiveEntry(path: path, mode: member.mode, kind: .file(bytes)), sum: sha256(bytes))
        case .folder: self.init(entry: ArchiveEntry(path: path, mode: member.mode, kind: .folder), sum: "")
        case .link(let target):
            self.init(entry: ArchiveEntry(path: path, mode: member.mode, kind: .link(target)), sum: "")
        }
    }
}

extension PlannedFile {
    init(_ file: MediaFile) {
        self.init(path: file.path, kind: .bytes(file.content), isExecutable: file.isExecutable)
    }
}
