import Build

/// The content of a file that is compared as text.
struct Text {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isText: Bool { !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil }
    var string: String { String(decoding: bytes, as: UTF8.self) }
    /// The lines. They are split as bytes, which is much faster than as characters.
    var lines: [Substring] {
        bytes.split(separator: 10, omittingEmptySubsequences: false).map { Substring(decoding: $0, as: UTF8.self) }
    }

    /// The bytes with each digest, a row of 32 to 64 hex digits, replaced by an ellipsis.
    var withoutDigests: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        // The start of what is not in the result yet, and that of the current row of hex digits.
        var (rest, start) = (0, 0)
        for index in 0...bytes.count {
            if index < bytes.count, (48...57).contains(bytes[index]) || (97...102).contains(bytes[index]) { continue }
            if (32...64).contains(index - start) {
                out += bytes[rest..<start]
                out += "…".utf8
                rest = index
            }
            start = index + 1
        }
        return out + bytes[rest...]
    }

    /// The lines without comments and empty lines.
    var content: [Substring] { lines.filter { !$0.hasPrefix("#") && !$0.utf8.allSatisfy { $0 == 32 || $0 == 9 } } }

    static func diff(_ old: Text?, _ new: Text?, _ name: String) -> String? {
        guard old?.isText ?? true, new?.isText ?? true else { return nil }
        return unifiedDiff(
            old: old?.bytes ?? [], new: new?.bytes ?? [], oldName: old == nil ? "/dev/null" : name,
            newName: new == nil ? "/dev/null" : name)
    }
}
