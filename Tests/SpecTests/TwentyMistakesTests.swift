import Testing

@Suite(.timeLimit(.minutes(15)))
struct TwentyMistakesTests {
    /// One run reports twenty mistakes with twenty codes, from all stages of reading.
    @Test func areReportedAtOnce() throws {
        let lab = LabFolder(url: Checkout.tests.appending(path: "TwentyMistakes"))
        let marked = try lab.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { index, line in
                line.firstMatch(of: /# mistake (\d+)$/).flatMap { Int($0.1) }.map { (line: index + 1, number: $0) }
            }
        #expect(marked.map(\.number) == Array(1...20))

        let (result, report) = try lab.read()
        #expect(result == nil)
        #expect(report.warnings == 0)
        #expect(report.sorted.map(\.mark?.line) == marked.map(\.line))
        #expect(Set(report.diagnostics.map(\.code)).count == 20)
        try expect(report.text(), isIn: lab.url.appending(path: "expected.txt"))
    }
}
