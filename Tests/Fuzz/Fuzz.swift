import TestSupport

/// The function that libFuzzer calls with every input (`make fuzz`).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    exerciseLinter(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
