import Foundation

/// In bytes; nil when it is no regular file that can be looked at.
func fileLength(_ path: String) -> Int? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(info.st_size)
}

/// So many bytes from there, fewer at the end; nil when the file can't be read.
public func fileBytes(_ path: String, from offset: Int, count: Int) -> [UInt8]? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    do {
        try file.seek(toOffset: UInt64(offset))
        // Nil is the end.
        return [UInt8](try file.read(upToCount: count) ?? Data())
    } catch { return nil }
}

/// How many bytes from there are zero.
func countZeros(_ path: String, from offset: Int) -> Int? {
    var count = 0
    while let bytes = fileBytes(path, from: offset + count, count: 4096) {
        let zeros = bytes.prefix { $0 == 0 }.count
        count += zeros
        if zeros < bytes.count || bytes.isEmpty { return count }
    }
    return nil
}
