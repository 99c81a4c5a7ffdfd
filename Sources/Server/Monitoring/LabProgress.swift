import Preseed

/// The progress of all nodes of a lab, derived from the lines of logs or of a server.
package struct LabProgress: Sendable {
    /// What is known about one node.
    struct Entry: Sendable {
        var progress: NodeProgress
        /// The time of the last progress line in seconds, by the clock of the caller; nil without a line.
        var received: Double?
    }

    /// What a line was.
    package enum Event: Sendable {
        /// A progress line; the time is the node's run time in seconds.
        case progress(ProgressLine, seconds: Double)
        case log(node: Hostname, text: String)
    }

    /// The number of nodes that are known: a log may have any number of names.
    package static let nodeLimit = 10_000

    private(set) var entries: [Entry] = []
    /// The places of the nodes in the list.
    private var places: [Hostname: Int] = [:]
    /// Whether other nodes than the known ones are ignored.
    private var isClosed = false
    /// Whether names were ignored because there were too many.
    package private(set) var hasTooManyNodes = false
    /// The times of complete installations of this lab.
    private(set) var runs: [StageTimes] = []

    /// - Parameter nodes: The nodes to wait for; empty for all nodes in the logs or of the server's lab.
    package init(nodes: [Hostname] = []) {
        for node in nodes { _ = place(of: node) }
        isClosed = !nodes.isEmpty
    }

    private mutating func place(of node: Hostname) -> Int? {
        if let place = places[node] { return place }
        guard !isClosed else { return nil }
        guard entries.count < Self.nodeLimit else {
            (hasTooManyNodes, isClosed) = (true, true)
            return nil
        }
        places[node] = entries.count
        entries.append(Entry(progress: NodeProgress(node: node)))
        return entries.count - 1
    }

    /// Takes a line of a log or of a server into account.
    /// - Parameter time: The time at which it was received, in seconds.
    /// - Returns: What the line was; nil if it is not of a known node.
    package mutating func receive(_ text: String, at time: Double) -> Event? {
        if let line = ProgressLine(in: text) {
            guard let place = place(of: line.node) else { return nil }
            let wasComplete = entries[place].progress.times.isComplete
            entries[place].progress.receive(line)
            entries[place].received = time
            let times = entries[place].progress.times
            if times.isComplete, !wasComplete { add(times) }
            return .progress(line, seconds: entries[place].progress.seconds)
        }
        if let (node, entry) = ProgressLine.log(in: text), let place = place(of: node) {
            entries[place].progress.receive(log: entry)
            return .log(node: node, text: entry)
        }
        if let run = ServerLog.run(in: text) {
            add(run)
        } else if !isClosed, let names = ServerLog.nodes(in: text, limit: Self.nodeLimit) {
            for name in names { _ = place(of: name) }
            isClosed = true
        }
        return nil
    }

    private mutating func add(_ run: StageTimes) {
        // The server knows the installations that are in its lines, too.
        if !runs.contains(run) { runs = runs.suffix(NodeStatusStore.longestRuns - 1) + [run] }
    }

    /// Takes the installations into account that an earlier server or an earlier log had.
    package mutating func addEarlierRuns(_ runs: [StageTimes]) { for run in runs { add(run) } }

    /// Whether every node is verified or has failed.
    /// - Parameter follow: Whether a failure is not an end, as the step may be repeated.
    package func isOver(follow: Bool) -> Bool {
        !entries.isEmpty && entries.allSatisfy { $0.progress.isVerified || !follow && $0.progress.state == .failed }
    }

    package var allVerified: Bool { !entries.isEmpty && entries.allSatisfy(\.progress.isVerified) }
    package var anyFailed: Bool { entries.contains { $0.progress.state == .failed } }
}

extension StateDirectory {
    /// Returns the times of the complete installations in the journal.
    /// - Throws: An error when the journal can't be read.
    package func runs() throws -> [StageTimes] {
        var progress = LabProgress()
        for record in try Journal.records(in: journal) {
            guard case .progress(let lines) = record.content else { continue }
            for line in lines { _ = progress.receive(line, at: 0) }
        }
        return progress.runs
    }
}

extension NodeProgress {
    /// The reason of the failure in one line; nil without a failure.
    package var reason: String? { failure.map { FailureReason($0, log: log).description } }

    /// The step that failed: `late packages`; nil without a failure.
    var failedStep: String? {
        failure.map { failure in failure.stage.rawValue + (failure.step.map { " " + $0 } ?? "") }
    }
}
