import Glibc

/// The names of packages in Debian's package indices: the files `Packages` in dists/SUITE/COMPONENT/binary-amd64 of a mirror
/// (deb-control format, wiki.debian.org/DebianRepository/Format).
///
/// Only the names are kept, which limits the memory: main of trixie has 69,000 packages in 50 MB.
public struct PackageIndex: Sendable {
    private var packages: Set<String> = []
    /// The names of virtual packages, which other packages provide.
    private var provided: Set<String> = []

    public init() {}

    /// Adds the packages of an index.
    /// - Parameter next: Returns the next decompressed bytes of the index; empty at its end.
    /// - Returns: The number of packages in the index; 0 when it is not a package index.
    public mutating func add<Failure: Error>(_ next: () throws(Failure) -> [UInt8]) throws(Failure) -> Int {
        var count = 0
        var isProviding = false
        var buffer: [UInt8] = []
        while true {
            let chunk = try next()
            // The last line may have no line feed.
            buffer += chunk.isEmpty && !buffer.isEmpty ? [10] : chunk
            let used = buffer.withUnsafeBytes { bytes in
                var start = 0
                while let end = memchr(bytes.baseAddress! + start, 10, bytes.count - start) {
                    let length = UnsafeRawPointer(end) - (bytes.baseAddress! + start)
                    add(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]), &isProviding, &count)
                    start += length + 1
                    if start == bytes.count { break }
                }
                return start
            }
            buffer.removeFirst(used)
            // The longest lines of an index are Provides fields of some ten thousand bytes.
            if chunk.isEmpty || buffer.count > 1 << 20 { return count }
        }
    }

    private mutating func add(_ line: UnsafeRawBufferPointer, _ isProviding: inout Bool, _ count: inout Int) {
        guard let first = line.first else { return }
        // A line that begins with a blank or a tab continues the previous field.
        if first == 32 || first == 9 {
            if isProviding { provide(line) }
            return
        }
        isProviding = false
        // Both fields that are used begin with P or p.
        guard first | 32 == 112, let colon = line.firstIndex(of: 58) else { return }
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...])
        switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
        case "package":
            let name = text(value)
            guard !name.isEmpty else { return }
            packages.insert(name)
            count += 1
        case "provides":
            isProviding = true
            provide(value)
        default: return
        }
    }

    /// Adds the names in the value of a Provides field: `mail-transport-agent, libfoo (= 1.2), bar:any`.
    private mutating func provide(_ value: UnsafeRawBufferPointer) {
        for part in value.split(separator: 44) {
            let name = part.drop { $0 == 32 || $0 == 9 }.prefix { ![32, 9, 40, 58, 13].contains($0) }
            if !name.isEmpty { provided.insert(String(decoding: name, as: UTF8.self)) }
        }
    }

    private func text(_ value: UnsafeRawBufferPointer) -> String {
        String(decoding: value.drop { $0 == 32 || $0 == 9 }.prefix { ![32, 9, 13].contains($0) }, as: UTF8.self)
    }

    // MARK: Look-up

    /// Returns whether a package has a name or provides it.
    public func has(_ name: String) -> Bool { packages.contains(name) || provided.contains(name) }

    /// Returns whether `apt-get install` finds the package of an argument: `NAME`, optionally followed by `:ARCHITECTURE`,
    /// `=VERSION` or `/SUITE`, and by `+` to install or `-` to remove it (apt-get(8)). The architecture, the version and the
    /// suite are not checked.
    public func hasArgument(_ argument: String) -> Bool {
        if has(argument) { return true }
        let name = Self.name(of: argument)
        return has(name) || ["+", "-"].contains(name.last) && has(String(name.dropLast()))
    }

    /// Returns the name in an argument of `apt-get install`. A `+` or `-` at its end may be part of the name.
    static func name(of argument: String) -> String { String(argument.prefix { !":=/".contains($0) }) }

    /// Returns the name of the most similar package; nil when none is similar.
    public func nearest(to name: String) -> String? { nearestName(to: name, among: packages) }
}
