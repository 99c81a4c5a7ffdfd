import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc
import Lab
import Preseed
import Server
import Synchronization

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows the progress of installations, from a server or from serial logs.",
        discussion: """
            Examples:
              xenseed watch http://10.8.8.1:8000/     from xenseed serve
              xenseed watch xen01.log xen02.log       from files of QEMU or VirtualBox
              xenseed watch --node xen01 --node xen02 --timeout 1800 *.log
              socat - UNIX-CONNECT:serial.sock | xenseed watch -

            A terminal shows a table; otherwise, each event is a line. A server needs a
            report_url in the lab, a log a serial console of the node (console: ttyS0).
            Files are read from the beginning. A file or a server that does not exist
            yet is waited for. The command ends when every node is verified or has
            failed; with --follow, when every node is verified.

            Exit status: 0 all nodes verified, 1 a node failed, 3 no message for
            --timeout seconds.
            """)

    @Option(
        help: ArgumentHelp(
            "A node to wait for; may be repeated. Default: the nodes of the server's lab, or all nodes in the logs.",
            valueName: "name"))
    var node: [String] = []

    @Option(help: ArgumentHelp("End after this time without a message; 0 waits forever.", valueName: "seconds"))
    var timeout = 3600

    @Flag(help: "Go on after a failure, as the step may be repeated.")
    var follow = false

    @Argument(help: "The URL of a server, or serial logs: files or pipes; - is standard input.", completion: .file())
    var logs: [String]

    func validate() throws {
        guard !logs.isEmpty else { throw ValidationError("Name a server, serial logs, or - for standard input.") }
        for log in logs where log.contains("://") {
            do { _ = try ReportURL(text: log) } catch {
                throw ValidationError("\(log) is not the URL of a server, such as http://10.8.8.1:8000/")
            }
        }
        for name in node where (try? Hostname(text: name)) == nil {
            throw ValidationError("\(name) is not a host name.")
        }
        guard timeout >= 0 else { throw ValidationError("--timeout needs a number of seconds, 0 or more.") }
    }

    func run() async throws {
        var table = Table(nodes: node.compactMap { try? Hostname(text: $0) }, isLive: isTerminal(1))
        let (lines, ended) = follow(logs)
        var lastMessage = ContinuousClock.now
        // The lines of the log arrive shortly after the failure, so the end waits for them, but not for lines without an end.
        var (end, lastEnd): (ContinuousClock.Instant?, ContinuousClock.Instant?)
        while true {
            let received = lines.take()
            for line in received { if try table.receive(line) { lastMessage = .now } }
            try table.draw()
            let now = ContinuousClock.now
            if table.isOver(follow: follow) {
                if table.allVerified { break }
                lastEnd = lastEnd ?? now + .seconds(20)
                if end == nil || !received.isEmpty { end = min(now + .seconds(2), lastEnd!) }
                if now > end! { break }
            } else {
                (end, lastEnd) = (nil, nil)
                if ended.isSet, received.isEmpty, lines.isEmpty { break }
                if timeout > 0, now - lastMessage > .seconds(timeout) { break }
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        try table.end()
        if table.anyFailed { throw CommandError.input }
        guard table.allVerified else {
            throw CommandError.environment(
                ended.isSet ? "the logs ended before all nodes were verified" : "there was no message for \(timeout) s")
        }
    }

    /// Reads all logs at the same time, each in a queue of its own, because reading a pipe blocks.
    private func follow(_ logs: [String]) -> (Inbox, Countdown) {
        let inbox = Inbox()
        let ended = Countdown(logs.count)
        for log in logs {
            DispatchQueue(label: log).async {
                if let server = try? ReportURL(text: log) {
                    // The client connects again and again, but the refusal is printed once.
                    let wasPrinted = Mutex(false)
                    ServerLog(server).follow {
                        inbox.put($0)
                    } refused: { answer in
                        let isNew = wasPrinted.withLock { wasPrinted in
                            defer { wasPrinted = true }
                            return !wasPrinted
                        }
                        if isNew {
                            complain(
                                "xenseed: \(log) is not a xenseed serve; it answered: \(DiagnosticReport.printable(answer))"
                            )
                        }
                    }
                } else {
                    SerialLog(log).follow { inbox.put($0) }
                }
                ended.countDown()
            }
        }
        return (inbox, ended)
    }
}

/// A queue of lines from several threads to one. A thread that is ahead of the reader waits, so the queue has a bounded size.
private final class Inbox: Sendable {
    private struct Queue {
        var lines: [String] = []
        var bytes = 0
    }

    /// The number of bytes of all lines after which a thread waits.
    private static let limit = 4 << 20
    private let queue = Mutex(Queue())

    func put(_ line: String) {
        while true {
            let isPut = queue.withLock { queue in
                guard queue.bytes < Self.limit else { return false }
                queue.lines.append(line)
                queue.bytes += line.utf8.count
                return true
            }
            if isPut { return }
            // The reader empties the queue five times a second.
            usleep(20_000)
        }
    }

    func take() -> [String] {
        queue.withLock { queue in
            defer { queue = Queue() }
            return queue.lines
        }
    }

    var isEmpty: Bool { queue.withLock(\.lines.isEmpty) }
}

private final class Countdown: Sendable {
    private let count: Mutex<Int>
    init(_ count: Int) { self.count = Mutex(count) }
    func countDown() { count.withLock { $0 -= 1 } }
    var isSet: Bool { count.withLock { $0 <= 0 } }
}

/// The output of the command: on a terminal a table that is redrawn, otherwise a line for each event.
private struct Table {
    /// The number of nodes in the table: a log may have any number of names.
    private static let nodeLimit = 10_000

    private var nodes: [NodeProgress] = []
    /// The places of the nodes in the list.
    private var places: [Hostname: Int] = [:]
    private let isLive: Bool
    private var drawn = 0
    private var text = ""
    /// Whether other nodes than those in the table are ignored.
    private var isClosed = false

    init(nodes: [Hostname], isLive: Bool) {
        self.isLive = isLive
        for node in nodes { _ = place(of: node) }
        isClosed = !nodes.isEmpty
    }

    private mutating func place(of node: Hostname) -> Int? {
        if let place = places[node] { return place }
        guard !isClosed else { return nil }
        guard nodes.count < Self.nodeLimit else {
            complain("the logs name more than \(Self.nodeLimit) nodes; the others are ignored")
            isClosed = true
            return nil
        }
        places[node] = nodes.count
        nodes.append(NodeProgress(node: node))
        return nodes.count - 1
    }

    private var sorted: [NodeProgress] { nodes.sorted { $0.node.description < $1.node.description } }

    /// Takes a line of a log into account.
    /// - Returns: Whether it is a line of a node in the table.
    mutating func receive(_ text: String) throws -> Bool {
        if let line = ProgressLine(in: text) {
            guard let place = place(of: line.node) else { return false }
            nodes[place].receive(line)
            if !isLive { try show("\(clock(nodes[place].seconds))  \(line)") }
        } else if let (node, entry) = ProgressLine.log(in: text), let place = place(of: node) {
            nodes[place].receive(log: entry)
            if !isLive { try show("          \(node) | \(entry)") }
        } else {
            if !isClosed, let names = ServerLog.nodes(in: text, limit: Self.nodeLimit) {
                for name in names { _ = place(of: name) }
                isClosed = true
            }
            return false
        }
        return true
    }

    func isOver(follow: Bool) -> Bool {
        !nodes.isEmpty && nodes.allSatisfy { $0.isVerified || (!follow && $0.state == .failed) }
    }

    var allVerified: Bool { !nodes.isEmpty && nodes.allSatisfy(\.isVerified) }
    var anyFailed: Bool { nodes.contains { $0.state == .failed } }

    mutating func draw() throws {
        guard isLive else { return }
        let next = lines.joined(separator: "\n") + "\n"
        guard next != text else { return }
        // Moves the cursor to the first line of the table and erases everything below.
        try show((drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : "") + next, isComplete: true)
        (text, drawn) = (next, lines.count)
    }

    func end() throws {
        if isLive { return }
        for node in sorted {
            if let advice = node.advice { try show("\(node.node): \(advice)") }
            guard node.isVerified else { continue }
            let restart = node.state == .needsRestart ? "; a restart is needed" : ""
            try show("\(node.node): verified after \(clock(node.seconds))\(restart)")
        }
    }

    private var lines: [String] {
        let width = nodes.map { $0.node.description.utf8.count }.max() ?? 0
        if nodes.isEmpty { return ["no message yet"] }
        let columns = terminalColumns()
        return sorted.flatMap { node in
            let filled = node.percent / 5
            let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled)
            var status = "waiting"
            if let last = node.last {
                status = "\(last.stage.rawValue)\(last.step.map { " " + $0 } ?? "") \(last.status.rawValue)"
                if !last.message.isEmpty { status += ": " + last.message }
            }
            let heading = "\(node.node.description.padded(to: width))  [\(bar)]  \(clock(node.seconds))  \(status)"
            guard node.state == .failed else { return [String(heading.prefix(columns))] }
            let log = node.log.suffix(8).map { "    | " + $0 }
            return ([heading] + log + ["    " + (node.advice ?? "")]).map { String($0.prefix(columns)) }
        }
    }

    private func clock(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 359_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(whole / 3600)):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }

    private func show(_ text: String, isComplete: Bool = false) throws {
        try output(text, terminator: isComplete ? "" : "\n")
    }
}

/// Returns the width of a terminal in columns.
func terminalColumns(_ descriptor: Int32 = 1) -> Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
}
