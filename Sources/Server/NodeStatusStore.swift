import Build
import Foundation
import Lab
import Preseed
import Synchronization

/// How far the nodes of a lab are, by all that the journal has of them; what the page, the JSON and `watch` are shown.
final class NodeStatusStore: Sendable {
    /// One node, as it is shown.
    struct Status: Encodable, Sendable {
        struct Event: Encodable, Sendable {
            /// Seconds since 1970, by the server's clock.
            var time: Int
            var stage: Stage
            var step: String?
            var status: ProgressLine.Status
            /// Since that kernel started.
            var seconds: Double
            var message: String
        }
        struct VerifierSummary: Encodable, Sendable {
            var time: String
            var xen: String?
            var kernel: String?
            var passed: Int
            var failed: Int
            /// What the lab asks now, and the node is not.
            var differences: [Drift.Item]
            /// What holds again once the node is restarted.
            var restarts: [Drift.Item]
        }

        var node: String
        var fullName: String
        /// silent, underWay, verified, needsRestart or failed.
        var state: NodeProgress.State
        var percent: Int
        /// From power-on, without the firmware's time.
        var seconds: Double
        /// When it was heard last.
        var heard: Int?
        /// Where it was heard from.
        var address: String?
        /// Whether it is installed when it starts from the network.
        var isArmed: Bool
        var failure: Event?
        var advice: String?
        var log: [String]
        var timeline: [Event]
        var report: VerifierSummary?
        /// The last artifact that it asked for, and when.
        var fetched: String?
        var fetchedTime: Int?
    }

    /// One line of a post.
    private struct Heard {
        /// Counts what the board has heard.
        var number: Int
        var time: Int
        var text: String
        /// Nil for a line of the node's log.
        var line: ProgressLine?
    }

    private struct Entry {
        let node: Node
        var progress: NodeProgress
        var heard: [Heard] = []
        var report: (time: Int, text: String, shown: Status.VerifierSummary)?
        var lastHeard: Int?
        var address: String?
        var arm = ArmState()
        var fetched: (path: String, time: Int)?
        /// The board's version when it changed last.
        var version = 1

        init(_ node: Node) {
            self.node = node
            progress = NodeProgress(node: node.name)
        }

        mutating func hear(_ text: String, at time: Int, number: Int) {
            if let line = ProgressLine(in: text) {
                progress.receive(line)
                // A log belongs to the failure that stands.
                if progress.log.isEmpty { heard.removeAll { $0.line == nil } }
                heard.append(Heard(number: number, time: time, text: text, line: line))
            } else if let (_, entry) = ProgressLine.log(in: text), progress.log.count < NodeProgress.longestLog {
                progress.receive(log: entry)
                heard.append(Heard(number: number, time: time, text: text, line: nil))
            }
            if heard.count > NodeStatusStore.longestTimeline {
                heard.removeFirst(heard.count - NodeStatusStore.longestTimeline)
            }
        }

        var records: [Journal.Entry] {
            func record(_ time: Int, _ content: Journal.Entry.Content) -> Journal.Entry {
                Journal.Entry(time: time, node: node.name.description, from: address, content: content)
            }
            let (before, after) = arm.records
            var records = before.map { [record(lastHeard ?? 0, $0)] } ?? []
            records += heard.map { record($0.time, .progress([$0.text])) }
            if let report { records.append(record(report.time, .report(report.text))) }
            // The lines that say so may be too old to be kept.
            if let after { records.append(record(lastHeard ?? 0, after)) }
            return records
        }
    }

    private struct State {
        var entries: [Entry]
        var version = 1
        var number = 0
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWatcher = 0
    }

    package let planner: Planner
    private let places: [String: Int]
    private let state: Mutex<State>

    /// An installation says some sixty; what a node goes on to say pushes its oldest out.
    static let longestTimeline = 400

    package init(_ planner: Planner) {
        self.planner = planner
        let nodes = planner.lab.nodes
        places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name.description, $0) })
        state = Mutex(State(entries: nodes.map(Entry.init)))
    }

    package var names: [String] { planner.lab.nodes.map(\.name.description) }
    func has(_ name: String) -> Bool { places[name] != nil }
    func node(_ name: String) -> Node? { places[name].map { planner.lab.nodes[$0] } }

    func isArmed(_ name: String) -> Bool {
        guard let place = places[name] else { return false }
        return state.withLock { $0.entries[place].arm.isArmed }
    }

    /// Of a node of the lab.
    func armState(of name: String) -> ArmState {
        places[name].map { place in state.withLock { $0.entries[place].arm } } ?? ArmState()
    }

    // MARK: What is heard

    func apply(_ record: Journal.Entry) {
        // The lab may have had more nodes once.
        guard let place = places[record.node] else { return }
        let report: Status.VerifierSummary? =
            if case .report(let text) = record.content { shown(text, of: place) } else { nil }
        change(place) { state in
            if record.content == .armed { state.entries[place] = Entry(state.entries[place].node) }
            if record.content != .armed, record.content != .disarmed {
                state.entries[place].lastHeard = record.time
                state.entries[place].address = record.from ?? state.entries[place].address
            }
            switch record.content {
            case .progress(let lines):
                for text in lines {
                    state.number += 1
                    state.entries[place].hear(text, at: record.time, number: state.number)
                }
            case .report(let text):
                if let report { state.entries[place].report = (record.time, text, report) }
            case .armed, .disarmed, .installed: break
            }
            state.entries[place].arm.apply(record.content)
        }
    }

    private func shown(_ text: String, of place: Int) -> Status.VerifierSummary? {
        guard let report = try? VerifierReport(Data(text.utf8)) else { return nil }
        let assertions = (try? Assertion.all(of: planner.lab.nodes[place], by: planner)) ?? []
        let items = Drift(report, against: assertions).items
        return Status.VerifierSummary(
            time: report.time, xen: report.xen, kernel: report.kernel, passed: report.passed, failed: report.failed,
            differences: items.filter(\.outcome.isDifference), restarts: items.filter { $0.outcome == .restart })
    }

    private func change(_ place: Int, _ body: (inout State) -> Void) {
        let watchers = state.withLock { state in
            body(&state)
            state.version += 1
            state.entries[place].version = state.version
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield() }
    }

    /// That a node asked for an artifact; not kept.
    func fetched(_ path: String, by node: String, at time: Int) {
        guard let place = places[node] else { return }
        change(place) { $0.entries[place].fetched = (path, time) }
    }

    /// What still counts, for a journal that is written anew.
    func records() -> [Journal.Entry] {
        state.withLock { state in state.entries.flatMap { $0.records } }
    }

    // MARK: What is shown

    /// Wakes all who wait for changes, so that they notice clients that left.
    func tick() { for watcher in state.withLock({ Array($0.watchers.values) }) { watcher.yield() } }

    /// A stream that tells that something changed; what, is asked then.
    func changes() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            // What is there already.
            continuation.yield()
            let id = state.withLock { state in
                defer { state.nextWatcher += 1 }
                state.watchers[state.nextWatcher] = continuation
                return state.nextWatcher
            }
            continuation.onTermination = { _ in _ = self.state.withLock { $0.watchers.removeValue(forKey: id) } }
        }
    }

    /// The nodes that changed after a version, in the lab's order; all of them after 0.
    func statuses(after version: Int = 0) -> (statuses: [Status], version: Int) {
        let (entries, now) = state.withLock { state in
            (state.entries.filter { $0.version > version }, state.version)
        }
        return (entries.map(status), now)
    }

    /// What nodes posted behind a line of that number, each with the server's time in front.
    func lines(after number: Int = 0) -> (lines: [String], number: Int) {
        let (heard, last) = state.withLock { state in
            (state.entries.flatMap { $0.heard.filter { $0.number > number } }, state.number)
        }
        return (heard.sorted { $0.number < $1.number }.map { "\($0.time) \($0.text)" }, last)
    }

    private func status(_ entry: Entry) -> Status {
        let progress = entry.progress
        func event(_ heard: Heard) -> Status.Event? {
            heard.line.map { line in
                Status.Event(
                    time: heard.time, stage: line.stage, step: line.step, status: line.status, seconds: line.seconds,
                    message: line.message)
            }
        }
        return Status(
            node: entry.node.name.description, fullName: planner.lab.fullName(entry.node.name), state: progress.state,
            percent: progress.percent, seconds: progress.seconds, heard: entry.lastHeard, address: entry.address,
            isArmed: entry.arm.isArmed,
            failure: progress.failure.flatMap { failure in
                entry.heard.last { $0.line == failure }.flatMap(event)
            },
            advice: progress.advice, log: progress.log, timeline: entry.heard.compactMap(event),
            report: entry.report?.shown, fetched: entry.fetched?.path, fetchedTime: entry.fetched?.time)
    }
}
