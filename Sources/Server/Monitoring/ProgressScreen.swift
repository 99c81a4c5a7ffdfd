import Lab
import Preseed

/// The text of `xenseed watch`: a screen that fits into a terminal, or the end of a list of events.
///
/// A screen has failures first, each with its reason and the advice, then the nodes that are being installed, then all
/// others. What does not fit is shortened in this order: nodes that wait or are verified become one line, logs are left out,
/// nodes in the same stage become one line, the advice is left out.
package struct ProgressScreen {
    /// Nodes whose failures have the same step, reason and advice.
    private struct Failure {
        var nodes: [String]
        var step: String
        var reason: String
        var advice: String
        /// The end of the log of the first node.
        var log: [String]
        var seconds: Double
    }

    /// What is shown, from everything to the least.
    private struct Level {
        var log = 8
        var groupsOthers = false
        var groupsStages = false
        var hasAdvice = true

        static let all = [
            Level(), Level(groupsOthers: true), Level(log: 3, groupsOthers: true), Level(log: 0, groupsOthers: true),
            Level(log: 0, groupsOthers: true, groupsStages: true),
            Level(log: 0, groupsOthers: true, groupsStages: true, hasAdvice: false),
        ]
    }

    private let progress: LabProgress
    /// The nodes in each state, sorted by name.
    private let nodes: [NodeProgress.State: [LabProgress.Entry]]
    private let failures: [Failure]
    /// The time in seconds, by the clock with which lines were received.
    private let now: Double
    private let columns: Int
    private let colours: TerminalColours

    /// - Parameters:
    ///   - now: The time in seconds, by the clock with which lines were received.
    ///   - columns: The number of columns of the terminal.
    package init(_ progress: LabProgress, now: Double, columns: Int, colours: TerminalColours = .none) {
        (self.progress, self.now, self.columns, self.colours) = (progress, now, max(20, columns), colours)
        nodes = Dictionary(grouping: progress.entries, by: \.progress.state).mapValues { entries in
            entries.sorted { NodeNames.isBefore($0.progress.node.description, $1.progress.node.description) }
        }
        failures = Self.failures(of: nodes[.failed] ?? [])
    }

    /// Returns the lines of the screen.
    /// - Parameter rows: The number of lines; nil shows everything.
    package func lines(rows: Int? = nil) -> [String] {
        guard !progress.entries.isEmpty else { return ["no message yet"] }
        guard let rows else { return lines(Level()) }
        for level in Level.all {
            let lines = lines(level)
            if lines.count <= rows { return lines }
        }
        // Even so there is too much. Failures are more important than the nodes that the first line counts.
        let last = Level.all.last!
        for shown in stride(from: failures.count, through: 0, by: -1) {
            var lines = header + failures.prefix(shown).flatMap { text(of: $0, last) }
            let rest = failures.dropFirst(shown).flatMap(\.nodes)
            if !rest.isEmpty {
                let start = "… \(rest.count)\(shown > 0 ? " more" : "") failed: "
                let names = NodeNames.text(rest, limit: columns - start.count)
                lines.append(paint((start + names).prefix(columns), .boldRed))
            }
            if lines.count <= rows || shown == 0 { return Array((lines + others(last)).prefix(max(1, rows))) }
        }
        return []
    }

    /// Returns the lines of the last screen, which has everything. If it is taller than the window, the most important lines are
    /// at its end, where they remain visible.
    /// - Parameter rows: The number of lines of the window.
    package func end(rows: Int) -> [String] {
        let all = lines()
        return all.count <= rows ? all : others(Level()) + failures.flatMap { text(of: $0, Level()) } + header
    }

    /// Returns the end of a list of events: what failed, what is verified, and how many.
    package var summary: [String] {
        var lines: [String] = []
        for failure in failures {
            let names = NodeNames.text(failure.nodes)
            lines.append("\(names): failed at \(failure.step): \(failure.reason)")
            lines.append("\(names): \(failure.advice)")
        }
        for node in members(.verified) + members(.needsRestart) {
            let restart = node.progress.state == .needsRestart ? "; a restart is needed" : ""
            lines.append("\(node.progress.node): verified after \(Self.clock(node.progress.seconds))\(restart)")
        }
        if progress.entries.count > 1 { lines.append(count + " " + totals.map(\.text).joined(separator: ", ")) }
        return lines
    }

    private func lines(_ level: Level) -> [String] { header + failures.flatMap { text(of: $0, level) } + others(level) }

    private func members(_ state: NodeProgress.State) -> [LabProgress.Entry] { nodes[state] ?? [] }

    // MARK: Header

    /// The names of the states for people, in the order in which they are shown.
    private static let states: [(state: NodeProgress.State, name: String, colour: TerminalColours.Colour?)] = [
        (.failed, "failed", .boldRed), (.underWay, "installing", .cyan), (.needsRestart, "restart needed", .yellow),
        (.verified, "verified", .green), (.silent, "waiting", nil),
    ]

    /// The number of nodes in each state.
    private var totals: [(text: String, colour: TerminalColours.Colour?)] {
        Self.states.compactMap { state, name, colour in
            let count = members(state).count
            return count > 0 ? ("\(count) \(name)", colour) : nil
        }
    }

    private var count: String { "\(progress.entries.count) \(progress.entries.count == 1 ? "node" : "nodes"):" }

    /// The number of nodes in each state, and the time that is left.
    private var header: [String] {
        guard progress.entries.count > 1 else { return [] }
        var (lines, line, width) = ([String](), count, count.count)
        for (index, part) in totals.enumerated() {
            let text = part.text + (index + 1 < totals.count ? "," : "")
            if index > 0, width + 1 + text.count > columns {
                lines.append(line)
                (line, width) = (" ", 1)
            }
            line += " " + paint(text.prefix(columns - width - 1), part.colour)
            width += text.count + 1
        }
        guard let left = timeLeft else { return lines + [line] }
        guard width + left.count + 4 <= columns else { return lines + [line, String(left.prefix(columns))] }
        return lines + ["\(line)  (\(left))"]
    }

    /// The expected time until the last node is installed, and where it comes from; nil when nothing is known.
    private var timeLeft: String? {
        let times = members(.underWay).compactMap { secondsLeft(of: $0) }
        guard let longest = times.max(by: { $0.seconds < $1.seconds }) else { return nil }
        let runs = progress.runs.count
        return "\(Self.left(longest.seconds)), "
            + (longest.isFromRuns ? "by \(runs) earlier \(runs == 1 ? "installation" : "installations")" : "estimated")
    }

    // MARK: Failures

    private static func failures(of nodes: [LabProgress.Entry]) -> [Failure] {
        var failures: [Failure] = []
        var places: [[String]: Int] = [:]
        for node in nodes.map(\.progress) {
            let step = node.failedStep ?? ""
            let (reason, advice) = (node.reason ?? "", node.advice ?? "")
            if let place = places[[step, reason, advice]] {
                failures[place].nodes.append(node.node.description)
            } else {
                places[[step, reason, advice]] = failures.count
                failures.append(
                    Failure(
                        nodes: [node.node.description], step: step, reason: reason, advice: advice, log: node.log,
                        seconds: node.seconds))
            }
        }
        return failures
    }

    private func text(of failure: Failure, _ level: Level) -> [String] {
        let names = NodeNames.text(failure.nodes, limit: columns / 2)
        var heading = "\(names) failed at \(failure.step)"
        guard level.hasAdvice else {
            heading += failure.reason.isEmpty ? "" : ": \(failure.reason)"
            return [paint(heading.count > columns ? heading.prefix(columns - 1) + "…" : heading, .boldRed)]
        }
        if failure.nodes.count == 1 { heading += " after \(Self.clock(failure.seconds))" }
        func block(_ text: String, _ colour: TerminalColours.Colour?) -> [String] {
            text.isEmpty ? [] : text.wrapped(to: columns - 4).map { "    " + paint($0, colour) }
        }
        // A line that is the reason is not repeated.
        let log = failure.log.filter { !$0.hasSuffix(failure.reason) }.suffix(level.log).map {
            "    | \($0)".prefix(columns)
        }
        return heading.wrapped(to: columns).map { paint($0, .boldRed) } + block(failure.reason, .bold)
            + log.map(String.init) + block(failure.advice, nil)
    }

    // MARK: Other nodes

    private func others(_ level: Level) -> [String] {
        let nodes = members(.underWay)
        var lines: [String] = []
        if level.groupsStages {
            for stage in Stage.allCases.reversed() {
                let members = nodes.filter { $0.progress.last?.stage == stage }
                lines += list(stage.rawValue, members, .cyan)
            }
        } else {
            let width = nodes.map { $0.progress.node.description.count }.max() ?? 0
            // A node that has the least progress decides how long everything takes, but the others are of more interest.
            lines += nodes.map { line(of: $0, nameWidth: min(width, columns / 3)) }
        }
        for (state, name, colour) in Self.states where state != .failed && state != .underWay {
            let members = members(state)
            if level.groupsOthers {
                lines += list(name, members, colour)
            } else {
                lines += members.map { line(of: $0, name, colour) }
            }
        }
        return lines
    }

    /// Returns one line for several nodes: `verified        n1–n9 (9 nodes)`.
    private func list(_ name: String, _ members: [LabProgress.Entry], _ colour: TerminalColours.Colour?) -> [String] {
        if members.isEmpty { return [] }
        let names = NodeNames.text(members.map(\.progress.node.description), limit: columns - 16)
        return [paint(name.padded(to: 14), colour) + "  " + names.prefix(columns - 16)]
    }

    /// Returns the line of a node that is being installed, with a bar if there is room.
    private func line(of node: LabProgress.Entry, nameWidth: Int) -> String {
        let progress = node.progress
        let barWidth = columns >= 72 ? 20 : columns >= 48 ? 10 : 0
        let filled = progress.percent * barWidth / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: barWidth - filled)
        let name = progress.node.description.prefix(nameWidth)
        var status = progress.last.map { "\($0.stage.rawValue)\($0.step.map { " " + $0 } ?? "")" } ?? ""
        if let last = progress.last, last.status != .start {
            status += " \(last.status.rawValue)" + (last.message.isEmpty ? "" : ": \(last.message)")
        }
        let elapsed = Self.clock(progress.seconds + max(0, now - (node.received ?? now)))
        let start = String(name).padded(to: nameWidth) + (barWidth > 0 ? "  [\(bar)]" : "") + "  \(elapsed)  "
        let left = secondsLeft(of: node).map { "  " + Self.left($0.seconds) } ?? ""
        let room = columns - start.count - left.count
        // The status is more important than the time that is left.
        if room < min(status.count, 12) { return String((start + status).prefix(columns)) }
        return start + status.prefix(room) + left
    }

    /// Returns the line of a node that waits or is verified.
    private func line(of node: LabProgress.Entry, _ name: String, _ colour: TerminalColours.Colour?) -> String {
        var text = ""
        if let last = node.progress.last {
            text = " after \(Self.clock(node.progress.seconds))" + (last.message.isEmpty ? "" : ": \(last.message)")
        }
        let label = node.progress.node.description + "  "
        let rest = "\(name)\(text)".prefix(max(0, columns - label.count))
        return String(label.prefix(columns)) + paint(rest, colour)
    }

    // MARK: Parts

    /// Returns the expected time from now to the end of a node's installation.
    private func secondsLeft(of node: LabProgress.Entry) -> (seconds: Int, isFromRuns: Bool)? {
        guard let left = node.progress.times.secondsLeft(by: progress.runs), let received = node.received else {
            return nil
        }
        return (left.seconds - Int(max(0, min(1e6, now - received))), left.isFromRuns)
    }

    private static func left(_ seconds: Int) -> String {
        let minutes = (Double(seconds) / 60).rounded(.up)
        if minutes < 0 { return "longer than expected" }
        return minutes >= 120
            ? "about \(Int((minutes / 60).rounded())) h left" : "about \(Int(max(1, minutes))) min left"
    }

    /// Returns a time span as hours, minutes and seconds.
    package static func clock(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 359_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(whole / 3600)):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }

    private func paint(_ text: some StringProtocol, _ colour: TerminalColours.Colour?) -> String {
        colours.paint(text, colour)
    }
}
