import Build

/// The files in an installer's initrd, as the kernel unpacks it (Linux,
/// Documentation/driver-api/early-userspace/buffer-format.rst): concatenated newc archives, compressed with gzip or
/// not, with zeros between them. Later files replace earlier ones.
///
/// libarchive decompresses; it reads a cpio archive only up to its first trailer, so the headers are parsed here.
struct RAMDisk: Sendable {
    /// The number of archives.
    private(set) var archives = 0
    /// The contents of the wanted files, by path; the last file of each path counts.
    package private(set) var files: [String: [UInt8]] = [:]

    /// Reads an initrd.
    /// - Parameters:
    ///   - name: The path as the user gave it.
    ///   - wants: Whether to keep the content of a file, by its path without a leading slash.
    /// - Throws: ``MediaError`` when the initrd can't be read or is damaged.
    init(_ path: String, name: String, wants: (String) -> Bool) throws(MediaError) {
        let length = try Self.length(path, name)
        var offset = 0
        while true {
            do throws(ArchiveError) {
                offset += try Self.zeros(path, from: offset)
                guard offset < length else { break }
                let stream = try ByteStream(path, offset: offset)
                try read(stream, wants)
                offset += stream.consumed
            } catch { throw MediaError(name, "damaged after byte \(offset): \(error)") }
        }
        guard archives > 0 else { throw MediaError(name, "is empty") }
    }

    private static func length(_ path: String, _ name: String) throws(MediaError) -> Int {
        guard let length = fileLength(path) else { throw MediaError(name, "can't be read") }
        return length
    }

    private static func zeros(_ path: String, from offset: Int) throws(ArchiveError) -> Int {
        guard let zeros = countZeros(path, from: offset) else { throw ArchiveError(description: "can't be read") }
        return zeros
    }

    // MARK: newc

    /// Reads archives until the stream ends or, in a stream that is not compressed, other data begins.
    private mutating func read(_ stream: ByteStream, _ wants: (String) -> Bool) throws(ArchiveError) {
        var isInside = false
        while true {
            if !isInside {
                try stream.skipZeros()
                guard let next = try stream.peek() else { return }
                if next != 48, !stream.isCompressed, stream.offset > 0 { return }
            }
            let header = try stream.read(110)
            guard header.starts(with: "070701".utf8) || header.starts(with: "070702".utf8) else {
                throw ArchiveError(description: "not a newc archive, compressed with gzip or not")
            }
            func field(_ index: Int) throws(ArchiveError) -> Int {
                let digits = header[(6 + 8 * index)..<(14 + 8 * index)]
                guard let value = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
                    throw ArchiveError(description: "not a newc header")
                }
                return value
            }
            let (size, nameSize) = (try field(6), try field(11))
            guard (1...4096).contains(nameSize) else { throw ArchiveError(description: "a name of \(nameSize) bytes") }
            var name = String(decoding: try stream.read(nameSize).dropLast(), as: UTF8.self)[...]
            try stream.skip(-stream.offset & 3)
            isInside = name != "TRAILER!!!"
            guard isInside else {
                archives += 1
                try stream.skip(size)
                continue
            }
            while name.hasPrefix("./") { name = name.dropFirst(2) }
            while name.hasPrefix("/") { name = name.dropFirst() }
            if try field(1) & 0o170000 == 0o100000, wants(String(name)) {
                guard size <= 64 << 20 else {
                    throw ArchiveError(description: "\(name) is larger than any file of xenseed")
                }
                files[String(name)] = try stream.read(size)
            } else {
                try stream.skip(size)
            }
            try stream.skip(-stream.offset & 3)
        }
    }
}

/// The decompressed bytes of a file, read in order.
private final class ByteStream {
    private let file: ArchiveFile
    private var chunk: [UInt8]
    private var index = 0
    /// The number of decompressed bytes that were read.
    private(set) var offset = 0
    let isCompressed: Bool

    init(_ path: String, offset: Int) throws(ArchiveError) {
        file = try ArchiveFile(path, .raw, offset: offset)
        guard try file.next() != nil else { throw ArchiveError(description: "the file ends here") }
        chunk = try file.read(atMost: 1 << 20)
        isCompressed = file.isCompressed
    }

    /// The number of bytes of the file that were used: all of a compressed stream, or those that were read of a plain
    /// one.
    var consumed: Int { isCompressed ? file.consumed : offset }

    func peek() throws(ArchiveError) -> UInt8? {
        if index == chunk.count {
            chunk = try file.read(atMost: 1 << 20)
            index = 0
        }
        return index < chunk.count ? chunk[index] : nil
    }

    func read(_ count: Int) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard try peek() != nil else { throw ArchiveError(description: "truncated") }
            let part = chunk[index...].prefix(count - bytes.count)
            bytes += part
            index += part.count
        }
        offset += count
        return bytes
    }

    func skip(_ count: Int) throws(ArchiveError) {
        var left = count
        while left > 0 {
            guard try peek() != nil else { throw ArchiveError(description: "truncated") }
            let part = min(left, chunk.count - index)
            index += part
            left -= part
        }
        offset += count
    }

    func skipZeros() throws(ArchiveError) {
        while try peek() == 0 {
            index += 1
            offset += 1
        }
    }
}
