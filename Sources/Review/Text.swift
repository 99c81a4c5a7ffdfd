import Build

/// A text file, for comparing.
struct Text {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isText: Bool { !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil }
    var string: String { String(decoding: bytes, as: UTF8.self) }
    /// Cut as bytes: characters of a line end take longer to find than all the rest.
    var lines: [Substring] {
        bytes.split(separator: 10, omittingEmptySubsequences: false).map { Substring(decoding: $0, as: UTF8.self) }
    }

    /// Without digests and what changes with them.
    var withoutDigests: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        // Where the present row of hex digits began.
        var start = 0
        for byte in bytes {
            out.append(byte)
            if (48...57).contains(byte) || (97...102).contains(byte) { continue }
            Self.dropDigest(&out, from: start, to: out.count - 1)
            start = out.count
        }
        Self.dropDigest(&out, from: start, to: out.count)
        return out
    }

    private static func dropDigest(_ out: inout [UInt8], from start: Int, to end: Int) {
        if (32...64).contains(end - start) { out.replaceSubrange(start..<end, with: "…".utf8) }
    }

    /// Without comments and empty lines.
    var content: [Substring] { lines.filter { !$0.hasPrefix("#") && !$0.utf8.allSatisfy { $0 == 32 || $0 == 9 } } }

    static func diff(_ old: Text?, _ new: Text?, _ name: String) -> String? {
        guard old?.isText ?? true, new?.isText ?? true else { return nil }
        return unifiedDiff(
            old: old?.bytes ?? [], new: new?.bytes ?? [], oldName: old == nil ? "/dev/null" : name,
            newName: new == nil ? "/dev/null" : name)
    }
}
