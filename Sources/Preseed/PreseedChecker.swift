import Synchronization

/// Checks many preseeds for one release.
///
/// The preseeds of a lab have most lines in common. What is wrong with a line does not depend on the others, but for
/// a question answered twice; so a line that was in order once is not taken apart again.
public final class PreseedChecker: Sendable {
    private let release: Release
    /// Lines that are in order, with the question that each answers, and what it has to do with what is asked else.
    private let known = Mutex<[Line: Known]>([:])
    /// Sets of answers by which an installation asks nothing.
    private let whole = Mutex<Set<Int>>([])
    /// Some hundred kilobytes of lines; a preseed has less than a hundred.
    private static let mostKnown = 2048

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

    /// Whether ``PreseedFile/check(for:allowing:report:)`` would find nothing wrong.
    public func isValid(_ text: [UInt8]) -> Bool { shape(of: text) != nil }

    /// Whether nothing is wrong, and an installation would ask nothing.
    /// - Parameter asksNothing: finds that out; preseeds that answer the same questions to the same effect share what it says.
    public func passesSimulation(_ text: [UInt8], asksNothing: () -> Bool) -> Bool {
        guard let shape = shape(of: text) else { return false }
        if whole.withLock({ $0.contains(shape) }) { return true }
        guard asksNothing() else { return false }
        whole.withLock { _ = $0.insert(shape) }
        return true
    }

    /// What a preseed answers, as far as that decides what else is asked; nil when something is wrong with it.
    private func shape(of text: [UInt8]) -> Int? {
        let known = self.known.withLock { $0 }
        var questions: Set<String> = []
        questions.reserveCapacity(128)
        var shape = 0
        var isValid = true
        // What the others come to; nobody reads what the report says, or where.
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
        // What a node has for itself would never be seen again.
        if lines.count > questions.count / 4, known.count < Self.mostKnown {
            self.known.withLock { known in
                // A copy of each: a slice would keep its whole file.
                for (line, answer) in zip(lines, new) { known[Line(bytes: Array(line.bytes)[...])] = answer }
            }
        }
        return shape
    }
}
