import Crypto
import Glibc
import Lab

/// Returns the SHA-256 of an open file from its beginning in lower-case hex; nil when the file can't be read.
package func sha256(ofFile descriptor: Int32) -> String? {
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
