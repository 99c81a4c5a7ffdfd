/// The error of a partition recipe that partman-auto would not use as it is written.
public struct RecipeError: Error {
    public let message: String
}

/// A partition recipe in the language of partman-auto: `NAME :: MIN PRIORITY MAX FILESYSTEM SPECIFIERS . …`
/// (partman-auto 126, lib/recipes.sh, which silently repairs or drops what is refused here).
public struct PartitionRecipe: Sendable, CustomStringConvertible {
    public var name: String
    public var partitions: [Partition]

    public init(name: String, _ partitions: [Partition]) { (self.name, self.partitions) = (name, partitions) }

    /// The recipe on one line.
    public var description: String { "\(name) :: " + partitions.map(\.description).joined(separator: " ") }

    public struct Partition: Sendable, CustomStringConvertible {
        /// Millions of bytes, or a share of the memory (`100%`).
        public var minimum: String
        /// The weight with which a partition gets its part of the disk.
        public var priority: String
        /// Millions of bytes, a share of the memory (`100%`), or `-1` for no limit.
        public var maximum: String
        public var filesystem: String
        public var specifiers: [Specifier]

        /// Creates a partition.
        /// - Parameters:
        ///   - size: Millions of bytes: the minimum, the default of `priority`, and that of `maximum`.
        ///   - priority: The weight with which the partition gets its part of the disk; nil for `size`.
        ///   - maximum: Millions of bytes, or -1 for no limit; nil for `size`.
        ///   - filesystem: The file system.
        ///   - specifiers: The specifiers of the partition.
        public init(
            _ size: Int, priority: Int? = nil, maximum: Int? = nil, _ filesystem: String, _ specifiers: [Specifier]
        ) {
            self.init(
                minimum: "\(size)", priority: "\(priority ?? size)", maximum: "\(maximum ?? size)",
                filesystem: filesystem, specifiers: specifiers)
        }

        init(minimum: String, priority: String, maximum: String, filesystem: String, specifiers: [Specifier]) {
            self.minimum = minimum
            self.priority = priority
            self.maximum = maximum
            self.filesystem = filesystem
            self.specifiers = specifiers
        }

        /// The partition with its closing dot.
        public var description: String {
            ([minimum, priority, maximum, filesystem] + specifiers.map(\.description) + ["."]).joined(separator: " ")
        }

        /// Returns the value of a specifier; of several, the last counts.
        public subscript(specifier: String) -> String? { specifiers.last { $0.name == specifier }?.value }

        /// Whether the partition is a logical volume where partman-auto makes a volume group.
        public var isLogicalVolume: Bool { self["$lvmok"] != nil }
        public var mountpoint: String? { self["mountpoint"] }
    }

    /// A property of a partition: `method{ format }`.
    public struct Specifier: Sendable, CustomStringConvertible {
        public var name: String
        /// The text between the braces without the blanks around it.
        public var value: String

        public init(_ name: String, _ value: String = "") { (self.name, self.value) = (name, value) }

        public var description: String { value.isEmpty ? "\(name){ }" : "\(name){ \(value) }" }
    }

    /// The filesystems that decode_recipe accepts; it replaces all others by ext2.
    static let filesystems: Set<String> = [
        "ext2", "ext3", "ext4", "xfs", "jfs", "linux-swap", "fat16", "fat32", "hfs", "ufs", "free", "btrfs", "lvm",
        "raid",
        "$default_filesystem",
    ]

    /// The size that the partitions of one disk need together, without shares of the memory; at most four exabytes.
    public var minimum: ByteCount {
        // Logical volumes on a RAID are a part of the RAID's partitions.
        let partitions = usesRAID ? partitions.filter { $0["$defaultignore"] == nil } : partitions
        return ByteCount(bytes: min(partitions.reduce(0) { $0 + (Int($1.minimum) ?? 0) }, 1 << 42) * 1_000_000)
    }

    /// Whether partitions are members of RAID arrays, which partman-auto-raid/recipe describes.
    public var usesRAID: Bool { partitions.contains { $0["method"] == "raid" } }

    public var usesLVM: Bool { partitions.contains(where: \.isLogicalVolume) }

    /// Whether the partition mounted at `/` is a logical volume.
    public var hasRootOnLVM: Bool { partitions.contains { $0.mountpoint == "/" && $0.isLogicalVolume } }

    /// Whether `/boot` or, without it, `/` is outside of LVM, where a boot loader can read it.
    public var hasBootOutsideLVM: Bool {
        let boot = partitions.first { $0.mountpoint == "/boot" } ?? partitions.first { $0.mountpoint == "/" }
        return boot?.isLogicalVolume == false
    }

    /// Whether the partition mounted at `/boot` is a logical volume.
    var hasBootOnLVM: Bool { partitions.contains { $0.mountpoint == "/boot" && $0.isLogicalVolume } }

    public static func parse(_ text: String, standsAlone: Bool = true) -> Result<PartitionRecipe, RecipeError> {
        do { return .success(try PartitionRecipe(text, standsAlone: standsAlone)) } catch { return .failure(error) }
    }

    /// Reads a recipe.
    /// - Parameters:
    ///   - text: The recipe as partman-auto reads it.
    ///   - standsAlone: Whether no other answer completes the recipe: `partman-auto-lvm/no_boot` allows a logical volume for
    ///     /boot. The mount points of RAID arrays are always elsewhere, in `partman-auto-raid/recipe`.
    public init(_ text: String, standsAlone: Bool = true) throws(RecipeError) {
        // A short String needs no allocation and is compared fast, and most tokens are short.
        var tokens = text.utf8.split { $0 == 32 || $0 == 9 || $0 == 10 }.map { String(Substring($0)) }[...]
        guard let separator = tokens.firstIndex(where: { $0 == "::" || $0 == ":" }), separator > tokens.startIndex
        else {
            throw RecipeError(message: "a partition recipe begins with its name and “::”")
        }
        name = tokens[..<separator].joined(separator: " ")
        tokens = tokens[(separator + 1)...]
        partitions = []
        while !tokens.isEmpty {
            guard let end = tokens.firstIndex(of: ".") else {
                throw RecipeError(message: "partition \(partitions.count + 1) of the recipe does not end with “.”")
            }
            partitions.append(try Self.partition(tokens[..<end], number: partitions.count + 1))
            tokens = tokens[(end + 1)...]
        }
        guard usesRAID || partitions.contains(where: { $0.mountpoint == "/" }) else {
            throw RecipeError(message: "the recipe has no partition with mountpoint{ / }")
        }
        if standsAlone, hasBootOnLVM {
            throw RecipeError(message: "/boot must not be $lvmok{ }: the installer stops and asks")
        }
    }

    private static func partition(_ tokens: ArraySlice<String>, number: Int) throws(RecipeError) -> Partition {
        func fault(_ message: String) -> RecipeError {
            RecipeError(message: "partition \(number) of the recipe \(message)")
        }
        guard tokens.count >= 4 else { throw fault("needs a minimum, a priority, a maximum and a filesystem") }
        let fields = Array(tokens.prefix(4))
        for field in fields[0...2] where !(isSize(field) || (field == fields[2] && field == "-1")) {
            throw fault(
                "has the size “\(field)”; a size is millions of bytes, a share of the memory (100%), or -1 as maximum")
        }
        if let low = Int(fields[0]), let high = Int(fields[2]), high != -1, high < low {
            throw fault("has a maximum (\(high)) below its minimum (\(low))")
        }
        var partition = Partition(
            minimum: fields[0], priority: fields[1], maximum: fields[2], filesystem: fields[3], specifiers: [])
        var rest = tokens.dropFirst(4)
        while let token = rest.popFirst() {
            guard token.utf8.last == 123, token.utf8.count > 1, let close = rest.firstIndex(of: "}") else {
                throw fault("has “\(token)” where an attribute like format{ } is expected (blanks inside the braces)")
            }
            partition.specifiers.append(Specifier(String(token.dropLast()), rest[..<close].joined(separator: " ")))
            rest = rest[(close + 1)...]
        }
        // The installer formats by the method and filesystem{ }; without both, the word alone says what is meant.
        guard
            filesystems.contains(fields[3]) || partition["filesystem"] != nil
                || partition["method"] ?? "format" != "format"
        else { throw fault("has the filesystem “\(fields[3])”, which the installer silently replaces by ext2") }
        return partition
    }

    /// Returns whether a token is a size: `512`, `100%` or `512+50%`.
    private static func isSize(_ token: String) -> Bool {
        let parts = token.utf8.split(separator: 43, maxSplits: 1, omittingEmptySubsequences: false)
        // Ten digits are ten petabytes, so sums can't overflow.
        func isNumber(_ text: Substring.UTF8View) -> Bool {
            (1...10).contains(text.count) && text.allSatisfy { (48...57).contains($0) }
        }
        func isShare(_ text: Substring.UTF8View) -> Bool { text.last == 37 && isNumber(text.dropLast()) }
        return parts.count == 2
            ? isNumber(parts[0]) && isShare(parts[1]) : isNumber(parts[0]) || isShare(parts[0])
    }
}
