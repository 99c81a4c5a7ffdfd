import NIOHTTP1
import Synchronization

/// Counters of the server, in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).
final class ServerMetrics: Sendable {
    private struct State {
        var answers: [Int: Int] = [:]
        var connections: @Sendable () -> (open: Int, streams: Int) = { (0, 0) }
    }
    private let state = Mutex(State())

    /// Returns the number of open connections, and how many of them are streams.
    var connections: @Sendable () -> (open: Int, streams: Int) {
        get { state.withLock(\.connections) }
        set { state.withLock { $0.connections = newValue } }
    }

    func count(_ status: HTTPResponseStatus) { state.withLock { $0.answers[Int(status.code), default: 0] += 1 } }

    func text(_ nodes: [NodeStatusStore.Status], journalSize: Int) -> String {
        let (answers, connections) = state.withLock { ($0.answers, $0.connections) }
        let (open, streams) = connections()
        var lines: [String] = []
        func add(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int)]) {
            lines.append("# HELP xenseed_\(name) \(help)")
            lines.append("# TYPE xenseed_\(name) \(type)")
            lines += samples.map { "xenseed_\(name)\($0.labels) \($0.value)" }
        }
        add(
            "nodes", "gauge", "Nodes of the lab, by their state.",
            NodeProgress.State.allCases.map { state in
                ("{state=\"\(state.rawValue)\"}", nodes.count { $0.state == state })
            })
        add(
            "nodes_armed", "gauge", "Nodes that are installed when they boot from the network.",
            [
                ("", nodes.count(where: \.isArmed))
            ])
        add(
            "http_requests_total", "counter", "Requests that were answered, by the status of the answer.",
            answers.sorted { $0.key < $1.key }.map { ("{code=\"\($0.key)\"}", $0.value) })
        add(
            "http_requests_refused_total", "counter", "Requests that were answered with an error.",
            [
                ("", answers.filter { $0.key >= 400 }.values.reduce(0, +))
            ])
        add("http_connections", "gauge", "Open connections.", [("", open)])
        add("http_streams", "gauge", "Open connections of the page and of xenseed watch.", [("", streams)])
        add("journal_bytes", "gauge", "The size of the journal.", [("", journalSize)])
        return lines.joined(separator: "\n") + "\n"
    }
}
