import Crypto
import Glibc

/// Returns the SHA-256 of bytes in lower-case hex.
public func sha256(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

/// Returns the SHA-256 of an open file from its beginning in lower-case hex; nil when the file can't be read.
public func sha256(ofFile descriptor: Int32) -> String? {
    var hash = SHA256()
    var place: off_t = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = pread(descriptor, &buffer, buffer.count, place)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { return hex(hash.finalize()) }
        buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        place += off_t(count)
    }
}

/// Returns the MD5 of bytes in lower-case hex. It is used only where the installer or the checksum list of an image
/// supports nothing better.
public func md5(_ bytes: [UInt8]) -> String { hex(Insecure.MD5.hash(data: bytes)) }

/// Returns a digest in lower-case hex.
public func hex(_ digest: some Digest) -> String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
    return digest.withUnsafeBytes { bytes in
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = digit(byte >> 4)
                text[2 * index + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }
}
