import Foundation
import Preseed
import TestSupport
import Testing

// The examples of the library's documentation, Sources/Preseed/Preseed.docc/Preseed.md.

func mistakes(in preseed: String) -> [String] {
    let bookworm = Release.named("bookworm")!
    let report = Linter(release: bookworm).lint(Array(preseed.utf8), file: "preseed.cfg")
    return report.sorted.map { diagnostic in
        "line \(diagnostic.mark?.line ?? 0): \(diagnostic.code.id) \(diagnostic.message)"
    }
}

func openQuestions(in preseed: String) -> [String] {
    let trixie = Release.named("trixie")!
    var linter = Linter(release: trixie, medium: .initrd)
    linter.isComplete = true
    linter.priority = .critical
    linter.machine = .simple
    let (_, simulation) = linter.lintAndSimulate(Array(preseed.utf8), file: "preseed.cfg")
    return simulation?.stops.map(\.question) ?? []
}

@Suite(.timeLimit(.minutes(1)))
struct LibraryExampleTests {
    @Test func examplesDoWhatTheDocumentationSays() {
        #expect(
            mistakes(in: "d-i netcfg/get_hostnam string xen01\n") == [
                "line 1: X0802 bookworm has no question netcfg/get_hostnam"
            ])
        #expect(openQuestions(in: "").contains("passwd/root-password"))
        #expect(!openQuestions(in: "d-i passwd/root-login boolean false\n").contains("passwd/root-password"))
    }

    /// The documentation has the code that is compiled here.
    @Test func documentationHasTheseExamples() throws {
        func text(_ path: String) throws -> String {
            try String(contentsOf: checkout.appending(path: path), encoding: .utf8)
        }
        let examples = try text("Sources/Preseed/Preseed.docc/Preseed.md").components(separatedBy: "```swift\n")
            .dropFirst().map { $0.components(separatedBy: "```")[0] }
        let source = try text("Tests/PreseedTests/LibraryExampleTests.swift")
        #expect(examples.count == 2)
        for example in examples { #expect(source.contains("\n\(example)\n"), "\(example)") }
    }
}
