import NIOCore
import SystemPackage

/// The bytes of an answer whose length is known, in pieces.
struct ResponseBody {
    private enum Source {
        case bytes([UInt8])
        case file(SystemPackage.FileDescriptor)
    }

    /// The number of bytes of a piece: the client has to take one within ``ConnectionHandler/Times/write``.
    static let pieceSize = 1 << 16

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

    /// Reads the next piece.
    /// - Throws: An error when the file can't be read, or has become shorter.
    mutating func next(_ allocator: ByteBufferAllocator) throws -> ByteBuffer {
        let count = min(Self.pieceSize, size - offset)
        var buffer = allocator.buffer(capacity: count)
        switch source {
        case .bytes(let bytes): buffer.writeBytes(bytes[offset..<offset + count])
        case .file(let file):
            let start = offset
            let read = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
                try file.read(
                    fromAbsoluteOffset: Int64(start), into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
            }
            guard read == count else { throw ServerError("a file became shorter while it was sent") }
        }
        offset += count
        return buffer
    }

    /// Closes the file.
    func close() {
        if case .file(let file) = source { try? file.close() }
    }
}
