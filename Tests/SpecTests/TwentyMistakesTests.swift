import Foundation
import TestSupport
import Testing

@testable import Spec

/// Everything wrong in one run: twenty mistakes of twenty kinds, each at its line.
struct TwentyMistakesTests {
    @Test func reportsTwenty() throws {
        let folder = checkout.appending(path: "Tests/SpecTests/TwentyMistakes")
        let text = try String(contentsOf: folder.appending(path: "lab.yaml"), encoding: .utf8)
        let (lab, report) = Spec.read(text, file: "lab.yaml", beside: .reading(folder))
        #expect(lab == nil)
        #expect(report.errors == 20 && report.warnings == 0, "\(report.text())")
        let marked = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.contains("# mistake") }.map { $0.offset + 1 }
        #expect(report.sorted.compactMap(\.mark?.line) == marked)
        #expect(Set(report.diagnostics.map(\.code.id)).count == 20)
    }
}
