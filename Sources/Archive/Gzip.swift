internal import CLibDeflate

/// Packs what is in memory as a gzip file without name and time stamp, the same bytes for the same bytes on every CPU.
///
/// By libdeflate: packing overlays is the largest part of a build's work, and zlib takes thrice the time for more bytes.
func gzip(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
    // The fastest level: an overlay is a few kilobytes.
    guard let compressor = libdeflate_alloc_compressor(1) else { throw ArchiveError(description: "out of memory") }
    defer { libdeflate_free_compressor(compressor) }
    // That many bytes are always enough.
    let room = libdeflate_gzip_compress_bound(compressor, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
        used = libdeflate_gzip_compress(compressor, bytes, bytes.count, buffer.baseAddress, room)
    }
}
