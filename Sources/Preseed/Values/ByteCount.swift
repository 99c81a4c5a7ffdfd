/// An amount of memory or disk space, in bytes.
///
/// It is written with a unit. `MiB`, `GiB`, `TiB` and, as in Xen and LVM, `M`, `G`, `T` are powers of 1024. `MB`, `GB`
/// and `TB` are powers of 1000, as in partman and in the capacities of disks.
public struct ByteCount: TextValue, Comparable, CustomStringConvertible {
    public let bytes: Int

    public static let syntax = TextSyntax(
        "an amount", pattern: "^[1-9][0-9]{0,8} ?([MGT]i?B?)$", example: "2 GiB")

    public static let zero = ByteCount(bytes: 0)

    public init(bytes: Int) { self.bytes = bytes }

    public init(text: String) throws(ValueError) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let scale = Self.units[String(unit)], let count = Int(digits), count > 0, digits.utf8.count <= 9,
            digits.first != "0", text.utf8.filter({ $0 == 32 }).count <= 1
        else {
            if digits == text, let count = Int(digits), count > 0 {
                throw ValueError("is not an amount: it has no unit", try: "\(count) \(Self.unit(ofBare: count))")
            }
            throw ValueError(
                "is not an amount", hint: "write a whole number and a unit (MiB, GiB, TiB or MB, GB, TB): 2 GiB")
        }
        // Sums of a few amounts can't overflow.
        guard count <= (1 << 59) / scale else { throw ValueError("is more than any machine has") }
        bytes = count * scale
    }

    /// Returns the unit that people mean by a number without one: multiples of 256 are MiB, the sizes of memory modules GiB, and
    /// other large numbers the capacity of a disk.
    private static func unit(ofBare count: Int) -> String {
        if count % 256 == 0 { return "MiB" }
        return count < 100 || count < 256 && count % 32 == 0 ? "GiB" : "GB"
    }

    private static let units = [
        "M": 1 << 20, "MiB": 1 << 20, "MB": 1_000_000, "G": 1 << 30, "GiB": 1 << 30, "GB": 1_000_000_000,
        "T": 1 << 40, "TiB": 1 << 40, "TB": 1_000_000_000_000,
    ]

    public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }
    public static func + (a: ByteCount, b: ByteCount) -> ByteCount { ByteCount(bytes: a.bytes + b.bytes) }

    /// The amount in MiB, rounded down.
    public var mebibytes: Int { bytes >> 20 }
    /// The amount in millions of bytes, the unit of partman, rounded up.
    public var megabytes: Int { (bytes + 999_999) / 1_000_000 }
    public var isWholeMebibytes: Bool { bytes % (1 << 20) == 0 }

    public var description: String {
        for (unit, scale) in [("TiB", 1 << 40), ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20)]
        where bytes % scale == 0 { return "\(bytes / scale) \(unit)" }
        return "\(megabytes) MB"
    }
}
