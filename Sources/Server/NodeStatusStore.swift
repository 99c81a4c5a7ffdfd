import Build
import FoundationEssentials
import Lab
import Preseed
import Synchronization

/// The state of each node of a lab, derived from the entries of the journal. The page, the JSON and `watch` show it.
final class NodeStatusStore: Sendable {
    /// One line of a post.
    private struct ReceivedLine {
        /// The number of the line among all lines that the store has received.
        var number: Int
        var time: Int
        var text: String
        /// The progress line; nil for a line of the node's log.
        var line: ProgressLine?
    }

    private struct Entry {
        let node: Node
        var progress: NodeProgress
        var lines: [ReceivedLine] = []
        var report: (time: Int, text: String, summary: Status.VerifierSummary)?
        var lastPost: Int?
        var address: String?
        var arm = ArmState()
        var binding = NodeBinding()
        /// Whether the last progress line had been received before.
        private var isRepeated = false
        var fetched: (path: String, time: Int)?
        /// The version of the store at the last change of this entry.
        var version = 1

        init(_ node: Node, binding: NodeBinding = NodeBinding()) {
            self.node = node
            self.binding = binding
            progress = NodeProgress(node: node.name)
        }

        /// Takes a line of a post into account. A node posts a line again when it received no answer; each progress line has the time
        /// since the kernel started, so an equal one is the same line, and so are the log lines behind it.
        mutating func receive(_ text: String, at time: Int, number: Int) {
            if let line = ProgressLine(in: text) {
                isRepeated = lines.contains { $0.text == text }
                if isRepeated { return }
                progress.receive(line)
                // Log lines are kept only for a failure that has not been resolved.
                if progress.log.isEmpty { lines.removeAll { $0.line == nil } }
                lines.append(ReceivedLine(number: number, time: time, text: text, line: line))
            } else if !isRepeated, let (_, entry) = ProgressLine.log(in: text),
                progress.log.count < NodeProgress.longestLog
            {
                progress.receive(log: entry)
                lines.append(ReceivedLine(number: number, time: time, text: text, line: nil))
            }
            if lines.count > NodeStatusStore.longestTimeline {
                lines.removeFirst(lines.count - NodeStatusStore.longestTimeline)
            }
        }

        /// The journal entries that restore this state.
        var records: [Journal.Entry] {
            func record(
                _ time: Int, _ content: Journal.Entry.Content, from sender: String? = nil
            ) -> Journal.Entry {
                Journal.Entry(time: time, node: node.name.description, from: sender ?? address, content: content)
            }
            let (before, after) = arm.records
            var records = before.map { [record(lastPost ?? 0, $0)] } ?? []
            if let bound = binding.address { records.append(record(lastPost ?? 0, .bound, from: bound)) }
            if let digest = binding.tokenDigest { records.append(record(lastPost ?? 0, .token(digest))) }
            records += lines.map { record($0.time, .progress([$0.text])) }
            if let report { records.append(record(report.time, .report(report.text))) }
            // The lines that led to the arm state may have been removed as too old.
            if let after { records.append(record(lastPost ?? 0, after)) }
            return records
        }
    }

    private struct State {
        var entries: [Entry]
        /// The times of the latest installations that ended without a failure, at most ``longestRuns``.
        var runs: [StageTimes] = []
        var version = 1
        var number = 0
        var subscribers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextSubscriber = 0
    }

    package let plan: Plan
    private let places: [String: Int]
    private let state: Mutex<State>

    /// The number of lines that are kept for each node; an installation has about sixty.
    static let longestTimeline = 400
    /// The number of installations from which the time that is left is estimated.
    static let longestRuns = 20

    package init(_ plan: Plan) {
        self.plan = plan
        let nodes = plan.lab.nodes
        places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name.description, $0) })
        state = Mutex(State(entries: nodes.map { Entry($0) }))
    }

    package var names: [String] { plan.lab.nodes.map(\.name.description) }
    func has(_ name: String) -> Bool { places[name] != nil }
    func node(_ name: String) -> Node? { places[name].map { plan.lab.nodes[$0] } }

    func isArmed(_ name: String) -> Bool {
        guard let place = places[name] else { return false }
        return state.withLock { $0.entries[place].arm.isArmed }
    }

    /// Returns the arm state of a node of the lab.
    func armState(of name: String) -> ArmState {
        places[name].map { place in state.withLock { $0.entries[place].arm } } ?? ArmState()
    }

    /// Returns whether a node of the lab is armed, and its binding.
    func access(to name: String) -> (isArmed: Bool, binding: NodeBinding) {
        guard let place = places[name] else { return (false, NodeBinding()) }
        return state.withLock { ($0.entries[place].arm.isArmed, $0.entries[place].binding) }
    }

    /// Returns the binding of a node of the lab.
    func binding(of name: String) -> NodeBinding { access(to: name).binding }

    /// Binds a node to an address, unless it is bound to it already.
    /// - Returns: Whether the binding has changed; the journal does not have it yet.
    /// - Throws: ``RequestError`` when a client with this address can't be the node.
    func bind(_ name: String, to address: String, _ policy: ClientPolicy) throws(RequestError) -> Bool {
        guard let place = places[name] else { return false }
        let result: Result<Bool, RequestError> = state.withLock { state in
            let binding = state.entries[place].binding
            do throws(RequestError) { try policy.check(address, for: name, binding) } catch { return .failure(error) }
            guard binding.address != address else { return .success(false) }
            state.entries[place].binding.apply(.bound, from: address)
            return .success(true)
        }
        return try result.get()
    }

    /// Reverts ``bind(_:to:_:)``.
    func unbind(_ name: String, from address: String) {
        guard let place = places[name] else { return }
        state.withLock { state in
            guard state.entries[place].binding.address == address else { return }
            state.entries[place].binding.apply(.armed, from: nil)
        }
    }

    /// The times of the latest complete installations.
    var runs: [StageTimes] { state.withLock(\.runs) }

    // MARK: Updates

    func apply(_ record: Journal.Entry) {
        // The node may have been removed from the lab.
        guard let place = places[record.node] else { return }
        let report: Status.VerifierSummary? =
            if case .report(let text) = record.content { summary(of: text, place) } else { nil }
        change(place) { state in
            if record.content == .armed {
                let old = state.entries[place]
                state.entries[place] = Entry(old.node, binding: old.binding)
            }
            switch record.content {
            case .progress, .report, .installed:
                state.entries[place].lastPost = record.time
                state.entries[place].address = record.from ?? state.entries[place].address
            case .armed, .disarmed, .bound, .token: break
            }
            switch record.content {
            case .progress(let lines):
                let wasComplete = state.entries[place].progress.times.isComplete
                for text in lines {
                    state.number += 1
                    state.entries[place].receive(text, at: record.time, number: state.number)
                }
                let times = state.entries[place].progress.times
                if times.isComplete, !wasComplete { state.runs = state.runs.suffix(Self.longestRuns - 1) + [times] }
            case .report(let text):
                if let report { state.entries[place].report = (record.time, text, report) }
            case .armed, .disarmed, .installed, .bound, .token: break
            }
            state.entries[place].arm.apply(record.content)
            state.entries[place].binding.apply(record.content, from: record.from)
        }
    }

    private func summary(of text: String, _ place: Int) -> Status.VerifierSummary? {
        guard let report = try? VerifierReport(Data(text.utf8)) else { return nil }
        let assertions = plan.assertions(of: plan.lab.nodes[place])
        let items = Drift(report, against: assertions).items
        return Status.VerifierSummary(
            time: report.time, xen: report.xen, kernel: report.kernel, passed: report.passed, failed: report.failed,
            differences: items.filter(\.outcome.isDifference), restarts: items.filter { $0.outcome == .restart })
    }

    private func change(_ place: Int, _ body: (inout State) -> Void) {
        let subscribers = state.withLock { state in
            body(&state)
            state.version += 1
            state.entries[place].version = state.version
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.yield() }
    }

    /// Notes that a node fetched a file. The journal does not have this.
    func fetched(_ path: String, by node: String, at time: Int) {
        guard let place = places[node] else { return }
        let isKnown = state.withLock { state in
            state.entries[place].fetched.map { $0.path == path && $0.time == time } ?? false
        }
        if !isKnown { change(place) { $0.entries[place].fetched = (path, time) } }
    }

    /// Returns the entries of a compacted journal, which restore the state of all nodes.
    func records() -> [Journal.Entry] {
        state.withLock { state in state.entries.flatMap { $0.records } }
    }

    // MARK: Queries

    /// Wakes all subscribers, so that they notice clients that have disconnected.
    func tick() { for subscriber in state.withLock({ Array($0.subscribers.values) }) { subscriber.yield() } }

    /// Returns a stream with an element for the current state and for each change; the changes themselves are queried with
    /// ``statuses(after:)`` and ``lines(after:)``.
    func changes() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.yield()
            let id = state.withLock { state in
                defer { state.nextSubscriber += 1 }
                state.subscribers[state.nextSubscriber] = continuation
                return state.nextSubscriber
            }
            continuation.onTermination = { _ in _ = self.state.withLock { $0.subscribers.removeValue(forKey: id) } }
        }
    }

    /// Returns the nodes that changed after a version, in the order of the lab; all nodes after version 0.
    func statuses(after version: Int = 0) -> (statuses: [Status], version: Int) {
        let (entries, runs, now) = state.withLock { state in
            (state.entries.filter { $0.version > version }, state.runs, state.version)
        }
        return (entries.map { status($0, runs) }, now)
    }

    /// Returns the lines that were received after the line with a number, each preceded by the time of the server.
    func lines(after number: Int = 0) -> (lines: [String], number: Int) {
        let (lines, last) = state.withLock { state in
            (state.entries.flatMap { $0.lines.filter { $0.number > number } }, state.number)
        }
        return (lines.sorted { $0.number < $1.number }.map { "\($0.time) \($0.text)" }, last)
    }

    private func status(_ entry: Entry, _ runs: [StageTimes]) -> Status {
        let (node, progress) = (entry.node, entry.progress)
        let left = progress.state == .underWay ? progress.times.secondsLeft(by: runs) : nil
        let failure = progress.failure
        return Status(
            node: node.name.description, fullName: plan.lab.fullName(node.name), disk: node.erasedDisks,
            cards: node.shownCards, addresses: node.shownAddresses, state: progress.state, percent: progress.percent,
            seconds: progress.seconds, secondsLeft: left?.seconds, isLeftFromRuns: left?.isFromRuns,
            heard: entry.lastPost, address: entry.address, isArmed: entry.arm.isArmed,
            failure: failure.flatMap { failure in
                entry.lines.last { $0.line == failure }.flatMap { Status.Event($0.line, at: $0.time) }
            },
            reason: failure.map { FailureReason($0, log: progress.log).description }, advice: progress.advice,
            log: progress.log, timeline: entry.lines.compactMap { Status.Event($0.line, at: $0.time) },
            report: entry.report?.summary, fetched: entry.fetched?.path, fetchedTime: entry.fetched?.time,
            files: entry.arm.isArmed ? plan.bootFilePaths(of: node) : [])
    }
}
