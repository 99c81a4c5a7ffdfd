import Diagnostics
import Lab
import Preseed

/// A preseed that would not pass the checks of a foreign one: a mistake of xenseed's or of a replaced template.
public struct UnsoundPreseed: Error, CustomStringConvertible {
    public let description: String
}

extension Planner {
    /// Holds a preseed against the release's questions.
    /// - Parameter file: what a message calls it.
    public func checkPreseed(_ bytes: [UInt8], file: String) throws(UnsoundPreseed) {
        if checker.isSound(bytes) { return }
        let text = String(decoding: bytes, as: UTF8.self)
        var report = Report(file: file, source: text)
        PreseedFile(text, report: &report).check(for: lab.release, report: &report)
        guard report.diagnostics.isEmpty else { throw UnsoundPreseed(description: report.text()) }
    }
}
