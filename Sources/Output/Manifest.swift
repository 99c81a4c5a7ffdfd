/// `SHA256SUMS` of an output tree: the digest of every file, in sha256sum(1)'s form, and a comment for every link.
///
/// It is also the list of what xenseed wrote: nothing else in the tree is ever removed or replaced.
struct Manifest {
    static let name = "SHA256SUMS"
    static let heading = "# Written by xenseed: every file that it wrote here, and no other."
    private static let linkPrefix = "# link "

    /// Paths that the tree's manifest names; nil when there is none.
    /// - Throws: when there is one that xenseed did not write.
    static func paths(in folder: String) throws(OutputError) -> Set<String>? {
        guard let bytes = try FileSystem.read("\(folder)/\(name)") else { return nil }
        guard bytes.split(separator: 10, maxSplits: 1).first?.elementsEqual(heading.utf8) == true else {
            throw OutputError("\(folder)/\(name) was not written by xenseed; choose another folder")
        }
        return Set(paths(of: bytes) + [name])
    }

    /// One file's line.
    static func line(_ file: PlannedFile) -> String {
        switch file.kind {
        case .bytes(let bytes): "\(sha256(bytes))  \(file.path)\n"
        case .link: "\(linkPrefix)\(file.path)\n"
        }
    }

    /// The paths in a manifest's bytes.
    static func paths(of manifest: [UInt8]) -> [String] {
        manifest.split(separator: 10).dropFirst().compactMap { line in
            let path = line.dropFirst(line.starts(with: linkPrefix.utf8) ? linkPrefix.utf8.count : 66)
            return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
        }
    }
}
