import Foundation

/// Returns the size of a file in bytes; nil when it is not a regular file or can't be examined.
func fileLength(_ path: String) -> Int? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(info.st_size)
}

/// Returns up to `count` bytes from an offset, fewer at the end of the file; nil when the file can't be read.
package func fileBytes(_ path: String, from offset: Int, count: Int) -> [UInt8]? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    do {
        try file.seek(toOffset: UInt64(offset))
        // FileHandle returns nil at the end of the file.
        return [UInt8](try file.read(upToCount: count) ?? Data())
    } catch { return nil }
}

/// Returns the number of zero bytes at an offset; nil when the file can't be read.
func countZeros(_ path: String, from offset: Int) -> Int? {
    var count = 0
    while let bytes = fileBytes(path, from: offset + count, count: 4096) {
        let zeros = bytes.prefix { $0 == 0 }.count
        count += zeros
        if zeros < bytes.count || bytes.isEmpty { return count }
    }
    return nil
}
