import Crypto

/// In lower-case hex.
public func sha256(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

/// In lower-case hex; only where the installer or an image's own list knows nothing better.
public func md5(_ bytes: [UInt8]) -> String { hex(Insecure.MD5.hash(data: bytes)) }

/// In lower case.
public func hex(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
