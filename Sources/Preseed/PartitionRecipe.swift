/// The error of a partition recipe that partman-auto would not take as it is written.
public struct RecipeError: Error {
    public let message: String
}

/// A partition recipe in partman-auto's language: `NAME :: MIN PRIORITY MAX FILESYSTEM ATTRIBUTES . …`
/// (partman-auto 126, lib/recipes.sh, which mends or drops silently what is refused here).
public struct PartitionRecipe: Sendable {
    public var name: String
    public var partitions: [Partition]

    public struct Partition: Sendable {
        /// Millions of bytes, or a share of the memory (`100%`).
        public var minimum: String
        /// Millions of bytes, a share of the memory (`100%`), or `-1` for no limit.
        public var maximum: String
        public var filesystem: String
        /// `$lvmok{ }`.
        public var isLogicalVolume = false
        /// `mountpoint{ / }`.
        public var mountpoint: String?
    }

    /// Filesystem words that decode_recipe lets through; anything else becomes ext2.
    static let filesystems: Set<String> = [
        "ext2", "ext3", "ext4", "xfs", "jfs", "linux-swap", "fat16", "fat32", "hfs", "ufs", "free", "btrfs", "lvm",
        "raid",
        "$default_filesystem",
    ]

    /// Millions of bytes that the partitions need at least, not counting shares of the memory.
    public var minimumMegabytes: Int { partitions.reduce(0) { $0 + (Int($1.minimum) ?? 0) } }

    public var usesLVM: Bool { partitions.contains(where: \.isLogicalVolume) }

    /// Whether the partition mounted at `/` is a logical volume.
    public var hasRootOnLVM: Bool { partitions.contains { $0.mountpoint == "/" && $0.isLogicalVolume } }

    /// Of `/boot`, or of `/` where there is none: a boot loader can read it.
    public var hasBootOutsideLVM: Bool {
        let boot = partitions.first { $0.mountpoint == "/boot" } ?? partitions.first { $0.mountpoint == "/" }
        return boot?.isLogicalVolume == false
    }

    public static func parse(_ text: String) -> Result<PartitionRecipe, RecipeError> {
        do { return .success(try PartitionRecipe(text)) } catch { return .failure(error) }
    }

    public init(_ text: String) throws(RecipeError) {
        // Most words are short: as a String such a one lies in place, and is compared at once.
        var words = text.utf8.split { $0 == 32 || $0 == 9 || $0 == 10 }.map { String(Substring($0)) }[...]
        guard let separator = words.firstIndex(where: { $0 == "::" || $0 == ":" }), separator > words.startIndex else {
            throw RecipeError(message: "a partition recipe begins with its name and “::”")
        }
        name = words[..<separator].joined(separator: " ")
        words = words[(separator + 1)...]
        partitions = []
        while !words.isEmpty {
            guard let end = words.firstIndex(of: ".") else {
                throw RecipeError(message: "partition \(partitions.count + 1) of the recipe does not end with “.”")
            }
            partitions.append(try Self.partition(words[..<end], number: partitions.count + 1))
            words = words[(end + 1)...]
        }
        guard partitions.contains(where: { $0.mountpoint == "/" }) else {
            throw RecipeError(message: "the recipe has no partition with mountpoint{ / }")
        }
        if let boot = partitions.first(where: { $0.mountpoint == "/boot" }), boot.isLogicalVolume {
            throw RecipeError(message: "/boot must not be $lvmok{ }: the installer stops and asks")
        }
    }

    private static func partition(_ words: ArraySlice<String>, number: Int) throws(RecipeError) -> Partition {
        func fault(_ message: String) -> RecipeError {
            RecipeError(message: "partition \(number) of the recipe \(message)")
        }
        guard words.count >= 4 else { throw fault("needs a minimum, a priority, a maximum and a filesystem") }
        let fields = Array(words.prefix(4))
        for field in fields[0...2] where !(isSize(field) || (field == fields[2] && field == "-1")) {
            throw fault(
                "has the size “\(field)”; a size is millions of bytes, a share of the memory (100%), or -1 as maximum")
        }
        if let low = Int(fields[0]), let high = Int(fields[2]), high != -1, high < low {
            throw fault("has a maximum (\(high)) below its minimum (\(low))")
        }
        guard filesystems.contains(fields[3]) else {
            throw fault("has the filesystem “\(fields[3])”, which the installer silently makes ext2")
        }
        var partition = Partition(minimum: fields[0], maximum: fields[2], filesystem: fields[3])
        var rest = words.dropFirst(4)
        while let word = rest.popFirst() {
            guard word.utf8.last == 123, word.utf8.count > 1, let close = rest.firstIndex(of: "}") else {
                throw fault("has “\(word)” where an attribute like format{ } is expected (blanks inside the braces)")
            }
            if word == "$lvmok{" { partition.isLogicalVolume = true }
            if word == "mountpoint{" { partition.mountpoint = rest[..<close].joined(separator: " ") }
            rest = rest[(close + 1)...]
        }
        return partition
    }

    /// `512`, `100%` or `512+50%`; ten digits are petabytes, and what is added up stays a number.
    private static func isSize(_ word: String) -> Bool {
        let parts = word.utf8.split(separator: 43, maxSplits: 1, omittingEmptySubsequences: false)
        // Ten digits are ten petabytes, and sums of them stay far from overflow.
        func isNumber(_ text: Substring.UTF8View) -> Bool {
            (1...10).contains(text.count) && text.allSatisfy { (48...57).contains($0) }
        }
        func isShare(_ text: Substring.UTF8View) -> Bool { text.last == 37 && isNumber(text.dropLast()) }
        return parts.count == 2
            ? isNumber(parts[0]) && isShare(parts[1]) : isNumber(parts[0]) || isShare(parts[0])
    }
}
