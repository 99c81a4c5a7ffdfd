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

    /// What an initrd may have; the initrds of Debian's graphical installer have 1 archive of 150 MB with 6,000 members. A
    /// file from elsewhere can have a thousand times its size when it is decompressed.
    private struct Limits {
        var archives = 256
        /// The number of decompressed bytes.
        var bytes = 2 << 30
        var members = 200_000
        /// The number of bytes of the paths of all members.
        var paths = 32 << 20
        /// The number of bytes of the files that are kept, and of those that later ones replaced.
        var kept = 256 << 20

        /// Takes a number from a limit.
        mutating func take(
            _ count: Int, from limit: WritableKeyPath<Limits, Int>, _ name: String
        ) throws(BuildError) {
            guard count <= self[keyPath: limit] else {
                throw BuildError(
                    "has more \(name) than xenseed reads (\(Limits()[keyPath: limit]))", code: .archive)
            }
            self[keyPath: limit] -= count
        }
    }

    private var left = Limits()

    /// Reads an initrd.
    /// - Parameters:
    ///   - name: The path as the user gave it.
    ///   - wants: The number of bytes that a file may have that is to be kept, by its path without a leading slash; nil for
    ///     other files.
    /// - Throws: ``ImageError`` when the initrd can't be read, is damaged, or is larger than an initrd can be.
    init(_ path: String, name: String, wants: (String) -> Int?) throws(ImageError) {
        let length = try Self.length(path, name)
        var offset = 0
        while true {
            do throws(BuildError) {
                offset += try Self.zeros(path, from: offset)
                guard offset < length else { break }
                let stream = try ByteStream(path, offset: offset)
                try read(stream, wants)
                offset += stream.consumed
            } catch { throw ImageError(name, "damaged after byte \(offset): \(error)") }
        }
        guard archives > 0 else { throw ImageError(name, "is empty") }
    }

    private static func length(_ path: String, _ name: String) throws(ImageError) -> Int {
        guard let length = fileLength(path) else { throw ImageError(name, "can't be read") }
        return length
    }

    private static func zeros(_ path: String, from offset: Int) throws(BuildError) -> Int {
        guard let zeros = countZeros(path, from: offset) else { throw BuildError("can't be read", code: .archive) }
        return zeros
    }

    // MARK: newc

    /// Reads archives until the stream ends or, in a stream that is not compressed, other data begins.
    private mutating func read(_ stream: ByteStream, _ wants: (String) -> Int?) throws(BuildError) {
        var isInside = false
        while true {
            if !isInside {
                let start = stream.offset
                try stream.skipZeros(atMost: left.bytes)
                try left.take(stream.offset - start, from: \.bytes, "bytes")
                guard let next = try stream.peek() else { return }
                if next != 48, !stream.isCompressed, stream.offset > 0 { return }
            }
            let header = try stream.read(110)
            guard header.starts(with: "070701".utf8) || header.starts(with: "070702".utf8) else {
                throw BuildError("not a newc archive, compressed with gzip or not", code: .archive)
            }
            func field(_ index: Int) throws(BuildError) -> Int {
                let digits = header[(6 + 8 * index)..<(14 + 8 * index)]
                guard let value = Int(String(decoding: digits, as: UTF8.self), radix: 16), value >= 0 else {
                    throw BuildError("not a newc header", code: .archive)
                }
                return value
            }
            let (size, nameSize) = (try field(6), try field(11))
            guard (1...4096).contains(nameSize) else { throw BuildError("a name of \(nameSize) bytes", code: .archive) }
            try left.take(1, from: \.members, "files")
            try left.take(nameSize, from: \.paths, "bytes of paths")
            try left.take(110 + nameSize + size, from: \.bytes, "bytes")
            var name = String(decoding: try stream.read(nameSize).dropLast(), as: UTF8.self)[...]
            try stream.skip(-stream.offset & 3)
            isInside = name != "TRAILER!!!"
            guard isInside else {
                archives += 1
                try left.take(1, from: \.archives, "archives")
                try stream.skip(size)
                continue
            }
            while name.hasPrefix("./") { name = name.dropFirst(2) }
            while name.hasPrefix("/") { name = name.dropFirst() }
            if try field(1) & 0o170000 == 0o100000, let limit = wants(String(name)) {
                guard size <= limit else {
                    throw BuildError("\(name) is larger than any file of xenseed", code: .archive)
                }
                try left.take(size, from: \.kept, "bytes in files of a lab")
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

    init(_ path: String, offset: Int) throws(BuildError) {
        file = try ArchiveFile(path, .raw, offset: offset)
        guard try file.next() != nil else { throw BuildError("the file ends here", code: .archive) }
        chunk = try file.read(atMost: 1 << 20)
        isCompressed = file.isCompressed
    }

    /// The number of bytes of the file that were used: all of a compressed stream, or those that were read of a plain
    /// one.
    var consumed: Int { isCompressed ? file.consumed : offset }

    func peek() throws(BuildError) -> UInt8? {
        if index == chunk.count {
            chunk = try file.read(atMost: 1 << 20)
            index = 0
        }
        return index < chunk.count ? chunk[index] : nil
    }

    func read(_ count: Int) throws(BuildError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard try peek() != nil else { throw BuildError("truncated", code: .archive) }
            let part = chunk[index...].prefix(count - bytes.count)
            bytes += part
            index += part.count
        }
        offset += count
        return bytes
    }

    func skip(_ count: Int) throws(BuildError) {
        var left = count
        while left > 0 {
            guard try peek() != nil else { throw BuildError("truncated", code: .archive) }
            let part = min(left, chunk.count - index)
            index += part
            left -= part
        }
        offset += count
    }

    /// Skips zeros, not many more than a number.
    func skipZeros(atMost limit: Int) throws(BuildError) {
        let start = offset
        while offset - start <= limit, try peek() == 0 {
            let zeros = zeroCount(chunk[index...])
            index += zeros
            offset += zeros
        }
    }
}
