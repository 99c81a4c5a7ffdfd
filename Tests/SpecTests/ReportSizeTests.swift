import Preseed
import Testing

@testable import Lab

/// A report stays small for any file.
@Suite(.timeLimit(.minutes(15)))
struct ReportSizeTests {
    /// A line with thousands of mistakes, such as in a malicious pull request, gives a short report.
    @Test func oneLongLineGivesASmallText() throws {
        let nodes = (0..<8000).map { "n\($0): {x: 1}" }.joined(separator: ", ")
        let lab = "{domain: hl.local, networks: {lan: {subnet: 10.0.0.0/8, dhcp: true}}, nodes: {\(nodes)}}"
        let report = Spec.read(lab, file: "lab.yaml", labFiles: .empty).report
        #expect(report.errors > 8000)
        let text = report.text()
        #expect(text.utf8.count < 1_000_000)
        #expect(text.contains(" more problems are not shown\n"))
        #expect(text.hasSuffix("\(report.closing)\n"))
    }

    /// A file of exactly the maximum size is read.
    @Test func theLimitIsTheLargestSize() throws {
        let fixture = LabFolder(url: Checkout.tests.appending(path: "Fixtures/X0110"))
        let large = try fixture.text
        #expect(large.utf8.count == Spec.sizeLimit + 1)
        let report = Spec.read(String(large.dropLast()), file: "lab.yaml", labFiles: .empty).report
        #expect(report.diagnostics.isEmpty, "\(report.text())")
    }

    /// A message does not repeat a long value in full.
    @Test func aLongValueGivesAShortMessage() throws {
        let lab = "domain: " + String(repeating: "Ü", count: 100_000)
        let report = Spec.read(lab, file: "lab.yaml", labFiles: .empty).report
        #expect(report.errors > 0)
        #expect(report.diagnostics.allSatisfy { $0.message.unicodeScalars.count < 2100 })
        #expect(report.text().utf8.count < 20_000)
    }

    /// For a long line, the part around the caret is shown, and the caret is below the right character.
    @Test(arguments: [1, 40, 300, 900]) func theCaretStaysInPlace(_ column: Int) throws {
        let line = (0..<900).map { String($0 % 10) }.joined()
        var report = DiagnosticReport(file: "a", source: line)
        report.add(
            .init(code: .yamlSyntax, severity: .error, message: "m", mark: SourceMark(line: 1, column: column)))
        let lines = report.text().split(separator: "\n")
        let caret = try #require(lines[2].unicodeScalars.firstIndex(of: "^"))
        let offset = lines[2].unicodeScalars.distance(from: lines[2].unicodeScalars.startIndex, to: caret)
        let shown = Array(lines[1].unicodeScalars)
        #expect(String(shown[offset]) == String((column - 1) % 10))
        #expect(shown.count < 200)
    }
}
