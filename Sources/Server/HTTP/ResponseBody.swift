import NIOCore
import SystemPackage

/// The bytes of an answer whose length is known, in pieces.
struct ResponseBody {
    private enum Source {
        case bytes([UInt8])
        case file(SystemPackage.FileDescriptor)
    }

    /// The number of bytes of a piece: the client has to take one within ``ConnectionHandler/Times/write``.
    private static let pieceSize = 1 << 16
    /// The number of bytes that the head of an answer usually needs.
    static let headSize = 512

    private let source: Source
    private let size: Int
    private var offset = 0

    /// - Returns: nil for a stream.
    init?(_ body: Response.Body) {
        switch body {
        case .bytes(let bytes): (source, size) = (.bytes(bytes), bytes.count)
        case .file(let file, let size): (source, self.size) = (.file(file), size)
        case .stream: return nil
        }
    }

    var isComplete: Bool { offset == size }
    /// The number of bytes of the next piece.
    var nextCount: Int { min(Self.pieceSize, size - offset) }

    /// The body without its bytes, for the answer to `HEAD`.
    var skipped: ResponseBody {
        var body = self
        body.offset = size
        return body
    }

    /// Reads the next piece.
    /// - Throws: An error when the file can't be read, or has become shorter.
    mutating func writeNext(to buffer: inout ByteBuffer) throws {
        let (start, count) = (offset, nextCount)
        guard count > 0 else { return }
        switch source {
        case .bytes(let bytes): buffer.writeBytes(bytes[start..<start + count])
        case .file(let file):
            let read = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
                try file.read(
                    fromAbsoluteOffset: Int64(start), into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
            }
            guard read == count else { throw ServerError("a file became shorter while it was sent") }
        }
        offset += count
    }

    /// Closes the file.
    func close() {
        if case .file(let file) = source { try? file.close() }
    }
}
