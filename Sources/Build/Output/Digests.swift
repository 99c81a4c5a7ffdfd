import Crypto
import Lab
import SystemPackage

/// Returns the SHA-256 of an open file from its beginning in lower-case hex; nil when the file can't be read.
package func sha256(ofFile file: FileDescriptor) -> String? {
    var hash = SHA256()
    var offset: Int64 = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        guard let count = try? buffer.withUnsafeMutableBytes({ try file.read(fromAbsoluteOffset: offset, into: $0) })
        else { return nil }
        if count == 0 { return hex(hash.finalize()) }
        buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        offset += Int64(count)
    }
}
