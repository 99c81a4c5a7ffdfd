import Diagnostics
import Releases
import Synchronization

/// Checks many preseeds for one release.
///
/// The preseeds of a lab have most lines in common. What is wrong with a line does not depend on the others, but for
/// a question answered twice; so a line that was in order once is not taken apart again.
public final class PreseedChecker: Sendable {
    private let release: Release
    /// Lines that are in order, with the question that each answers.
    private let known = Mutex<[Line: String]>([:])
    /// Some hundred kilobytes of lines; a preseed has less than a hundred.
    private static let mostKnown = 2048

    private struct Line: Hashable {
        let bytes: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
    }

    public init(for release: Release) { self.release = release }

    /// Whether ``PreseedFile/check(for:report:)`` would find nothing wrong.
    public func isSound(_ text: [UInt8]) -> Bool {
        let known = self.known.withLock { $0 }
        var questions: Set<String> = []
        questions.reserveCapacity(128)
        var isSound = true
        // What the others come to; nobody reads what the report says, or where.
        var others = PreseedFile()
        var lines: [PreseedLine] = []
        var report = Report(file: "", source: "")
        PreseedLine.split(text, report: &report) { line in
            if let question = known[Line(bytes: line.bytes)] {
                if !questions.insert(question).inserted { isSound = false }
            } else {
                lines.append(line)
            }
        }
        for line in lines { others.read(line, into: &report) }
        others.check(for: release, report: &report)
        for answer in others.answers where !questions.insert(answer.question).inserted { isSound = false }
        guard isSound, report.diagnostics.isEmpty else { return false }
        // What a node has for itself would never be seen again.
        if lines.count > questions.count / 4, known.count < Self.mostKnown {
            self.known.withLock { known in
                // A copy of each: a slice would keep its whole file.
                for (line, answer) in zip(lines, others.answers) {
                    known[Line(bytes: Array(line.bytes)[...])] = answer.question
                }
            }
        }
        return true
    }
}
