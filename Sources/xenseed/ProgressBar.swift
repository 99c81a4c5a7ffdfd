import Build
import FoundationEssentials
import Preseed
import Synchronization

/// A line at the end of the terminal's text that shows how far long work is. It is replaced by the next text.
final class ProgressBar: Sendable {
    static let shared = ProgressBar()

    private struct State {
        /// Whether the line is on the terminal.
        var isShown = false
        /// The step and the percentage in the line, and the time when it was drawn.
        var name = ""
        var percent = 0
        var drawn = ContinuousClock.now
    }

    private let state = Mutex(State())

    private init() {}

    /// Runs a command's work and shows its progress, if standard error is a terminal.
    static func during<Value: Sendable>(_ body: () async throws -> Value) async rethrows -> Value {
        guard isTerminal(2), ProcessInfo.processInfo.environment["TERM"] != "dumb" else { return try await body() }
        defer { shared.clear() }
        return try await Progress.$receiver.withValue({ shared.draw($0) }) { try await body() }
    }

    /// Draws the line. The first state of a step and its end are always drawn, other states at most ten times a second.
    private func draw(_ step: Progress.Step) {
        state.withLock { state in
            let now = ContinuousClock.now
            let percent = step.done * 100 / step.total
            let isSame = state.isShown && state.name == step.name && state.percent == percent
            guard !isSame, state.name != step.name || percent == 100 || now - state.drawn > .milliseconds(100) else {
                return
            }
            state = State(isShown: true, name: step.name, percent: percent, drawn: now)
            _ = writeBytes("\r\(Self.line(step, columns: terminalSize(of: .error).columns))\u{1B}[K", to: .error)
        }
    }

    /// Removes the line from the terminal, so that other text can be written.
    func clear() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            _ = writeBytes("\r\u{1B}[K", to: .error)
        }
    }

    /// Returns the line: the name, a bar and the percentage. It is shorter than the terminal is wide, so that it does not wrap.
    static func line(_ step: Progress.Step, columns: Int) -> String {
        let percent = step.done * 100 / step.total
        let width = columns < 60 ? 10 : 24
        let name = DiagnosticReport.printable(step.name)
        // Two blanks, two brackets, the percentage, and one column that stays free.
        let room = max(8, columns - width - 11)
        let shown = name.count > room ? "…" + name.suffix(room - 1) : name
        let filled = percent * width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
        return
            "\(shown)  [\(bar)] \(String(repeating: " ", count: percent < 10 ? 2 : percent < 100 ? 1 : 0))\(percent) %"
    }
}
