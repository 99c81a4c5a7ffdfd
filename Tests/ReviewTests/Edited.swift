import Foundation
import Testing

@testable import Build
@testable import Lab
@testable import Review

/// A snapshot whose files were edited by hand.
struct Edited: Snapshot {
    var name = "edited"
    private var files: [String: [UInt8]] = [:] {
        didSet { lab = nil }
    }
    /// The resolved lab, if it was read before.
    private var lab: FieldValue?
    var paths: Set<String> { Set(files.keys) }

    init(_ snapshot: any Snapshot) throws {
        for path in snapshot.paths { files[path] = try snapshot.content(of: path) }
    }

    /// Creates a snapshot with a changed text in the resolved lab.
    init(_ snapshot: any Snapshot, replacing old: String, with new: String) throws {
        try self.init(snapshot)
        let text = String(decoding: files[ResolvedLab.path] ?? [], as: UTF8.self)
        try #require(text.contains(old))
        files[ResolvedLab.path] = Array(text.replacing(old, with: new).utf8)
    }

    /// Creates a snapshot with an edit of every member in the overlay of every node.
    init(_ snapshot: any Snapshot, editing edit: (inout ArchiveEntry) -> Void) throws {
        try self.init(snapshot)
        for (path, bytes) in files where path.hasSuffix("/overlay.tar.gz") {
            files[path] = try ArchiveWriter.tarGzip(
                try ArchiveReader.members(of: bytes, limit: 1 << 24).map { member in
                    var member = member
                    edit(&member)
                    return member
                })
        }
    }

    /// Creates a snapshot with another resolved lab, which is read once for several reviews.
    init(_ snapshot: any Snapshot, lab: FieldValue) throws {
        try self.init(snapshot)
        files[ResolvedLab.path] = lab.json
        self.lab = try FieldValue(resolvedLab: lab.json)
    }

    func content(of path: String) throws -> [UInt8]? { files[path] }
    func resolvedLab() throws -> FieldValue? {
        try lab ?? files[ResolvedLab.path].map(FieldValue.init(resolvedLab:))
    }

    subscript(path: String) -> [UInt8]? {
        get { files[path] }
        set { files[path] = newValue }
    }
}

extension ArchiveEntry {
    mutating func replace(_ old: String, with new: String) {
        guard case .file(let bytes) = kind else { return }
        kind = .file(Array(String(decoding: bytes, as: UTF8.self).replacing(old, with: new).utf8))
    }
}
