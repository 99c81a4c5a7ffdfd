import Preseed

/// The error for a preseed with unexpected mistakes.
public struct HasMistakes: Error, CustomStringConvertible {
    public let description: String
}

/// Parses a preseed. Throws `HasMistakes` if there are mistakes in its lines.
public func parsed(_ text: String) throws -> PreseedFile {
    var report = DiagnosticReport(file: "preseed.cfg", source: text)
    let file = PreseedFile(text, report: &report)
    guard report.diagnostics.isEmpty else { throw HasMistakes(description: report.text()) }
    return file
}
