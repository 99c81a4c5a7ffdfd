internal import CLibDeflate

/// Compresses bytes into a gzip file without name and time stamp; the same bytes give the same file on every CPU.
///
/// Compressing overlays is the largest part of a build's work; zlib takes three times as long as libdeflate and writes
/// more bytes.
func gzip(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
    // The fastest compression level: an overlay has a few kilobytes.
    guard let compressor = libdeflate_alloc_compressor(1) else { throw ArchiveError(description: "out of memory") }
    defer { libdeflate_free_compressor(compressor) }
    // This size is always sufficient.
    let room = libdeflate_gzip_compress_bound(compressor, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
        used = libdeflate_gzip_compress(compressor, bytes, bytes.count, buffer.baseAddress, room)
    }
}
