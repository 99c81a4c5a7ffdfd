import Glibc

/// The package names in Debian package indices: `Packages` files, as a mirror has them in dists/SUITE/COMPONENT/binary-amd64
/// (deb-control format, wiki.debian.org/DebianRepository/Format).
///
/// Only names are kept, so that the indices of a whole release fit into memory: main of trixie has 69,000 packages in 50 MB.
public struct PackageIndex: Sendable {
    private var packages: Set<String> = []
    /// Virtual packages: names that a package provides.
    private var provided: Set<String> = []

    public init() {}

    /// Adds the packages of an index.
    /// - Parameter next: returns the next part of the index, unpacked; an empty one at its end.
    /// - Returns: how many packages the index has; 0 when it is not an index of packages.
    public mutating func add<Failure: Error>(_ next: () throws(Failure) -> [UInt8]) throws(Failure) -> Int {
        var count = 0
        var isProviding = false
        var buffer: [UInt8] = []
        while true {
            let chunk = try next()
            // The last line may lack its line feed.
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
            // The longest lines of an index list what a package provides, in some ten thousand bytes.
            if chunk.isEmpty || buffer.count > 1 << 20 { return count }
        }
    }

    private mutating func add(_ line: UnsafeRawBufferPointer, _ isProviding: inout Bool, _ count: inout Int) {
        guard let first = line.first else { return }
        // A line that begins with a blank continues the field above.
        if first == 32 || first == 9 {
            if isProviding { provide(line) }
            return
        }
        isProviding = false
        // No other field that counts begins with P or p.
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

    /// `mail-transport-agent, libfoo (= 1.2), bar:any`: the names only.
    private mutating func provide(_ value: UnsafeRawBufferPointer) {
        for part in value.split(separator: 44) {
            let name = part.drop { $0 == 32 || $0 == 9 }.prefix { ![32, 9, 40, 58, 13].contains($0) }
            if !name.isEmpty { provided.insert(String(decoding: name, as: UTF8.self)) }
        }
    }

    private func text(_ value: UnsafeRawBufferPointer) -> String {
        String(decoding: value.drop { $0 == 32 || $0 == 9 }.prefix { ![32, 9, 13].contains($0) }, as: UTF8.self)
    }

    // MARK: Asking

    /// Whether a package has this name, or provides it.
    public func has(_ name: String) -> Bool { packages.contains(name) || provided.contains(name) }

    /// Whether `apt-get install` finds what an argument names: `NAME`, with `:ARCHITECTURE`, `=VERSION` or `/SUITE` behind it, and a
    /// `+` to install or a `-` to remove it (apt-get(8)). The architecture, the version and the suite are not looked at.
    public func hasArgument(_ argument: String) -> Bool {
        if has(argument) { return true }
        let name = Self.name(of: argument)
        return has(name) || ["+", "-"].contains(name.last) && has(String(name.dropLast()))
    }

    /// The name in an argument of `apt-get install`; a `+` or `-` at its end may be part of it.
    static func name(of argument: String) -> String { String(argument.prefix { !":=/".contains($0) }) }

    /// The name that is most like another; nil when none is close.
    public func nearest(to name: String) -> String? { nearestName(to: name, among: packages) }
}
