import Preseed

/// A preseed that has mistakes, and should have none.
public struct HasMistakes: Error, CustomStringConvertible {
    public let description: String
}

/// A preseed without mistakes in its lines, read.
public func parsed(_ text: String) throws -> PreseedFile {
    var report = DiagnosticReport(file: "preseed.cfg", source: text)
    let file = PreseedFile(text, report: &report)
    guard report.diagnostics.isEmpty else { throw HasMistakes(description: report.text()) }
    return file
}
