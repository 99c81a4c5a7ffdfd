import Preseed

/// Runs all functions of the linter on some bytes. Traps if a mark is outside of the file.
///
/// The first byte selects the release, the medium and other options, so that one corpus covers all of them.
public func exerciseLinter(_ bytes: [UInt8]) {
    let choice = Int(bytes.first ?? 0)
    let release = Release.all[choice % Release.all.count]
    var linter = Linter(
        release: release, medium: PreseedSource.allCases[choice / 4 % PreseedSource.allCases.count],
        kernelLine: KernelLine(entry: String(decoding: bytes.prefix(200), as: UTF8.self)))
    linter.isComplete = true
    let report = linter.lint(Array(bytes.dropFirst()), file: "preseed.cfg")
    // Marks are in the file, or in the line after the last line feed.
    let lines = bytes.count { $0 == 10 } + 1
    for diagnostic in report.diagnostics {
        if let mark = diagnostic.mark {
            precondition(mark.line <= lines && mark.column <= bytes.count + 1, "a mark outside")
        }
    }
    _ = report.text()
    if choice % 8 == 7 { _ = Migration(from: Release.all[0], to: Release.all[1]).lint(bytes, file: "preseed.cfg") }
}
