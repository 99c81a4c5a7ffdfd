import Synchronization

/// Checks many preseeds for one release.
///
/// The preseeds of a lab have most lines in common. Whether a line is valid does not depend on other lines, except for
/// duplicate answers, so a line that was valid once is not parsed again.
public final class PreseedChecker: Sendable {
    private let release: Release
    /// The lines that are valid, each with its question and the hash of its effect on other questions.
    private let known = Mutex<[Line: Known]>([:])
    /// The hashes of sets of answers with which an installation asks no question.
    private let passing = Mutex<Set<Int>>([])
    /// The maximum number of known lines, which take some hundred kilobytes. A preseed has fewer than a hundred lines.
    private static let knownLimit = 2048

    private struct Line: Hashable {
        let bytes: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
    }

    private struct Known {
        let question: String
        let shape: Int

        init(_ answer: PreseedAnswer) {
            question = answer.question
            var hasher = Hasher()
            hasher.combine(question)
            if QuestionSimulation.shapingQuestions.contains(question) { hasher.combine(answer.value) }
            shape = hasher.finalize()
        }
    }

    public init(for release: Release) { self.release = release }

    /// Returns whether ``PreseedFile/check(for:allowing:report:)`` finds no mistake in a preseed.
    public func isValid(_ text: [UInt8]) -> Bool { shape(of: text) != nil }

    /// Returns whether a preseed has no mistake and an installation with it asks no question.
    /// - Parameter asksNothing: Simulates the installation. Preseeds that answer the same questions with the same effect share
    ///   its result.
    public func passesSimulation(_ text: [UInt8], asksNothing: () -> Bool) -> Bool {
        guard let shape = shape(of: text) else { return false }
        if passing.withLock({ $0.contains(shape) }) { return true }
        guard asksNothing() else { return false }
        passing.withLock { _ = $0.insert(shape) }
        return true
    }

    /// Returns a hash of the answers of a preseed, as far as they influence which other questions are asked; nil when the
    /// preseed has a mistake.
    private func shape(of text: [UInt8]) -> Int? {
        let known = self.known.withLock { $0 }
        var questions: Set<String> = []
        questions.reserveCapacity(128)
        var shape = 0
        var isValid = true
        // The lines that are not known yet. Only the number of diagnostics in the report is used.
        var others = PreseedFile()
        var lines: [PreseedLine] = []
        var report = DiagnosticReport(file: "", source: "")
        PreseedLine.split(text, report: &report) { line in
            if let known = known[Line(bytes: line.bytes)] {
                if !questions.insert(known.question).inserted { isValid = false }
                shape &+= known.shape
            } else {
                lines.append(line)
            }
        }
        for line in lines { others.read(line, into: &report) }
        others.check(for: release, report: &report)
        let new = others.answers.map(Known.init)
        for answer in new {
            if !questions.insert(answer.question).inserted { isValid = false }
            shape &+= answer.shape
        }
        guard isValid, report.diagnostics.isEmpty else { return nil }
        // The lines of a single node are not stored, because they would not be used again.
        if lines.count > questions.count / 4, known.count < Self.knownLimit {
            self.known.withLock { known in
                // Each line is copied, because a slice would keep its whole file in memory.
                for (line, answer) in zip(lines, new) { known[Line(bytes: Array(line.bytes)[...])] = answer }
            }
        }
        return shape
    }
}
