import Preseed
import Releases

/// What libFuzzer calls with every input (`make fuzz`): whatever the bytes are, the linter comes to an end and does not crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // The first byte chooses, so that one corpus serves all.
    let choice = Int(bytes.first ?? 0)
    let release = Release.all[choice % Release.all.count]
    var linter = Linter(
        release: release, medium: Medium.allCases[choice / 4 % Medium.allCases.count],
        kernelLine: KernelLine(entry: String(decoding: bytes.prefix(200), as: UTF8.self)))
    linter.isComplete = true
    let report = linter.lint(Array(bytes.dropFirst()), file: "preseed.cfg")
    // Marks are places of the file, or the line behind a last one that is not ended.
    let lines = bytes.count { $0 == 10 } + 1
    for diagnostic in report.diagnostics {
        if let mark = diagnostic.mark {
            precondition(mark.line <= lines && mark.column <= bytes.count + 1, "a mark outside")
        }
    }
    _ = report.text()
    if choice % 8 == 7 { _ = Migration(from: Release.all[0], to: Release.all[1]).lint(bytes, file: "preseed.cfg") }
    return 0
}
