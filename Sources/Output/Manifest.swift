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
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first == heading[...] else {
            throw OutputError("\(folder)/\(name) was not written by xenseed; choose another folder")
        }
        var paths: Set<String> = [name]
        for line in lines.dropFirst() {
            if line.hasPrefix(linkPrefix) {
                paths.insert(String(line.dropFirst(linkPrefix.count)))
            } else if line.utf8.count > 66 {
                paths.insert(String(line.dropFirst(66)))
            }
        }
        return paths
    }

    /// One file's line.
    static func line(_ file: PlannedFile) -> String {
        switch file.kind {
        case .bytes(let bytes): "\(sha256(bytes))  \(file.path)\n"
        case .link: "\(linkPrefix)\(file.path)\n"
        }
    }

    /// The paths in lines that ``line(_:)`` made.
    static func paths(of lines: String) -> [String] {
        lines.split(separator: "\n").map { line in
            String(line.hasPrefix(linkPrefix) ? line.dropFirst(linkPrefix.count) : line.dropFirst(66))
        }
    }
}
