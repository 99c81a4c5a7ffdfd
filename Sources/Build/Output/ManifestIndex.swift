import Glibc

/// The files in a manifest, found by their paths. It keeps the bytes of the manifest and a number for each line, a tenth of what a
/// dictionary takes, because a server keeps it for as long as it runs.
package struct ManifestIndex: Sendable {
    private let bytes: [UInt8]
    /// The offset of each line of a file, in the order of the paths.
    private let lines: [Int32]

    /// The number of bytes of a digest and the two blanks behind it.
    private static let digestWidth = 66

    /// - Parameter manifest: The bytes of `SHA256SUMS`.
    init(_ manifest: [UInt8]) {
        bytes = manifest
        var lines: [Int32] = []
        var start = 0
        while start < manifest.count {
            let end = Self.end(of: start, in: manifest)
            // The heading and the links are comments.
            if end - start > Self.digestWidth, manifest[start] != UInt8(ascii: "#") { lines.append(Int32(start)) }
            start = end + 1
        }
        lines.sort { Self.path(at: $0, in: manifest).lexicographicallyPrecedes(Self.path(at: $1, in: manifest)) }
        self.lines = lines
    }

    private static func end(of start: Int, in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            memchr(bytes.baseAddress! + start, 10, bytes.count - start).map {
                UnsafeRawPointer($0) - bytes.baseAddress!
            }
                ?? bytes.count
        }
    }

    private static func path(at line: Int32, in bytes: [UInt8]) -> ArraySlice<UInt8> {
        let start = Int(line) + digestWidth
        return bytes[start..<end(of: start, in: bytes)]
    }

    /// Returns the position of the first path that is not less than some bytes.
    private func lowerBound(of path: some Collection<UInt8>) -> Int {
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.path(at: lines[middle], in: bytes).lexicographicallyPrecedes(path) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// Returns the SHA-256 of a file in hex; nil when the manifest does not have the file.
    package func digest(of path: String) -> String? {
        let place = lowerBound(of: path.utf8)
        guard place < lines.count, Self.path(at: lines[place], in: bytes).elementsEqual(path.utf8) else { return nil }
        return String(decoding: bytes[Int(lines[place])...].prefix(64), as: UTF8.self)
    }

    /// Returns the names of the files and directories in a directory; the empty path is the directory of the manifest.
    package func names(in directory: String) -> Set<String> {
        let prefix = Array((directory.isEmpty ? "" : directory + "/").utf8)
        var names: Set<String> = []
        for line in lines[lowerBound(of: prefix)...] {
            let path = Self.path(at: line, in: bytes)
            guard path.starts(with: prefix) else { break }
            names.insert(
                String(decoding: path.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self))
        }
        return names
    }
}
