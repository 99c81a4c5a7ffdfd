import Build
import SystemPackage

import func Glibc.memcmp

/// Returns the size of a file in bytes; nil when it is not a regular file or can't be examined.
func fileLength(_ path: String) -> Int? {
    guard let status = try? Stat(path), status.type == .regular else { return nil }
    return Int(status.size)
}

/// Returns up to `count` bytes from an offset, fewer at the end of the file; nil when the file can't be read.
package func fileBytes(_ path: String, from offset: Int, count: Int) -> [UInt8]? {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
    return try? file.closeAfter { try file.bytes(from: offset, count: count) }
}

/// Returns the number of zeros at the beginning of some bytes.
func zeroCount(_ bytes: ArraySlice<UInt8>) -> Int {
    // Nearly always, all of them are zeros or the first one is not.
    let areZeros =
        bytes.first == 0 && bytes.withUnsafeBytes { memcmp($0.baseAddress!, $0.baseAddress! + 1, $0.count - 1) == 0 }
    return areZeros ? bytes.count : bytes.prefix { $0 == 0 }.count
}

/// Returns the number of zero bytes at an offset; nil when the file can't be read.
func countZeros(_ path: String, from offset: Int) -> Int? {
    var count = 0
    while let bytes = fileBytes(path, from: offset + count, count: 4096) {
        let zeros = zeroCount(bytes[...])
        count += zeros
        if zeros < bytes.count || bytes.isEmpty { return count }
    }
    return nil
}
