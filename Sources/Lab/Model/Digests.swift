import Crypto

/// The SHA-256 of some bytes in lower-case hex.
package func sha256(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

/// The MD5 of some bytes in lower-case hex; only where the installer or an image's own list knows nothing better.
package func md5(_ bytes: [UInt8]) -> String { hex(Insecure.MD5.hash(data: bytes)) }

/// A digest in lower-case hex.
package func hex(_ digest: some Digest) -> String {
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
