import ArgumentParser
import Foundation
import Lab
import Preseed
import Server
import Synchronization

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Follows installations by a server or by serial logs: a table on a terminal, a line for each event elsewhere.",
        discussion: """
            Examples:
              xenseed watch http://10.8.8.1:8000/     what xenseed serve hears
              xenseed watch xen01.log xen02.log       files that QEMU or VirtualBox write
              xenseed watch --node xen01 --node xen02 --timeout 1800 *.log
              socat - UNIX-CONNECT:serial.sock | xenseed watch -

            For a server the lab needs a report_url, for logs the nodes a serial console (console: ttyS0). A file is
            read from its beginning; it may come later, and so may a server. Ends when every node has verified itself, or stands at a failure; with --follow only then
            when all have verified.

            Exit status: 0 all nodes verified, 1 one failed, 3 nothing was heard for --timeout seconds.
            """)

    @Option(
        help: ArgumentHelp(
            "A node to wait for; may be given again. Default: a server's lab, or those that are heard.",
            valueName: "name"))
    var node: [String] = []

    @Option(help: ArgumentHelp("End when nothing was heard for so long; 0 waits for ever.", valueName: "seconds"))
    var timeout = 3600

    @Flag(help: "Go on after failures: somebody may try the step again.")
    var follow = false

    @Argument(help: "A server's address; or serial logs: files or pipes, - is standard input.", completion: .file())
    var logs: [String]

    func validate() throws {
        guard !logs.isEmpty else { throw ValidationError("Name a server, serial logs, or - for standard input.") }
        for log in logs where log.contains("://") {
            do { _ = try ReportURL(text: log) } catch {
                throw ValidationError("\(log) is no server's address; write it as http://10.8.8.1:8000/")
            }
        }
        for name in node where (try? Hostname(text: name)) == nil { throw ValidationError("\(name) is no host name.") }
        guard timeout >= 0 else { throw ValidationError("--timeout takes seconds.") }
    }

    func run() async throws {
        var table = Table(nodes: node.compactMap { try? Hostname(text: $0) }, isLive: isTerminal(1))
        let (lines, ended) = follow(logs)
        var heard = ContinuousClock.now
        // The log's lines follow a failure at once.
        var settles: ContinuousClock.Instant?
        while true {
            let news = lines.take()
            for line in news { if try table.hear(line) { heard = .now } }
            try table.draw()
            let now = ContinuousClock.now
            if table.isOver(follow: follow) {
                if table.allVerified { break }
                if settles == nil || !news.isEmpty { settles = now + .seconds(2) }
                if now > settles! { break }
            } else {
                settles = nil
                if ended.isSet, news.isEmpty, lines.isEmpty { break }
                if timeout > 0, now - heard > .seconds(timeout) { break }
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        try table.end()
        if table.anyFailed { throw Exit.input }
        guard table.allVerified else {
            throw Exit.environment(
                ended.isSet ? "the logs ended before all nodes had verified" : "nothing was heard for \(timeout) s")
        }
    }

    /// Reads all logs at once, each in a thread of its own: a pipe has no other way to wait.
    private func follow(_ logs: [String]) -> (Inbox, Countdown) {
        let inbox = Inbox()
        let ended = Countdown(logs.count)
        for log in logs {
            Thread.detachNewThread {
                if let server = try? ReportURL(text: log) {
                    // It is asked again and again, and answers the same.
                    let said = Mutex(false)
                    ServerLog(server).follow {
                        inbox.put($0)
                    } refused: { answer in
                        let isNew = said.withLock { said in
                            defer { said = true }
                            return !said
                        }
                        if isNew {
                            complain(
                                "xenseed: \(log): is that xenseed serve? It says: \(DiagnosticReport.printable(answer))"
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

/// Lines that threads put in and one takes out.
private final class Inbox: Sendable {
    private let lines = Mutex<[String]>([])
    func put(_ line: String) { lines.withLock { $0.append(line) } }
    func take() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
    var isEmpty: Bool { lines.withLock(\.isEmpty) }
}

private final class Countdown: Sendable {
    private let count: Mutex<Int>
    init(_ count: Int) { self.count = Mutex(count) }
    func countDown() { count.withLock { $0 -= 1 } }
    var isSet: Bool { count.withLock { $0 <= 0 } }
}

/// What is shown: a table that is drawn over itself, or a line for each event.
private struct Table {
    private var nodes: [NodeProgress]
    private let isLive: Bool
    private var drawn = 0
    private var text = ""

    init(nodes: [Hostname], isLive: Bool) {
        self.nodes = nodes.map { NodeProgress(node: $0) }
        self.isLive = isLive
        isClosed = !nodes.isEmpty
    }
    /// Whether only nodes that were named count.
    private var isClosed: Bool

    private mutating func place(of node: Hostname) -> Int? {
        if let place = nodes.firstIndex(where: { $0.node == node }) { return place }
        guard !isClosed else { return nil }
        nodes.append(NodeProgress(node: node))
        nodes.sort { $0.node.description < $1.node.description }
        return nodes.firstIndex { $0.node == node }
    }

    /// - Returns: whether a node that counts has said something.
    mutating func hear(_ text: String) throws -> Bool {
        if let line = ProgressLine(in: text) {
            guard let place = place(of: line.node) else { return false }
            nodes[place].receive(line)
            if !isLive { try say("\(clock(nodes[place].seconds))  \(line)") }
        } else if let (node, entry) = ProgressLine.log(in: text), let place = place(of: node) {
            nodes[place].receive(log: entry)
            if !isLive { try say("          \(node) | \(entry)") }
        } else {
            if !isClosed, let names = ServerLog.nodes(in: text) {
                for name in names where place(of: name) == nil {}
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
        // Up to where it began, and everything below anew.
        try say((drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : "") + next, isComplete: true)
        (text, drawn) = (next, lines.count)
    }

    func end() throws {
        if isLive { return }
        for node in nodes {
            if let advice = node.advice { try say("\(node.node): \(advice)") }
            guard node.isVerified else { continue }
            let restart = node.state == .needsRestart ? "; a restart is needed" : ""
            try say("\(node.node): verified after \(clock(node.seconds))\(restart)")
        }
    }

    private var lines: [String] {
        let width = nodes.map { $0.node.description.utf8.count }.max() ?? 0
        if nodes.isEmpty { return ["nothing heard yet"] }
        return nodes.flatMap { node in
            let filled = node.percent / 5
            let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled)
            var words = "waiting"
            if let last = node.last {
                words = "\(last.stage.rawValue)\(last.step.map { " " + $0 } ?? "") \(last.status.rawValue)"
                if !last.message.isEmpty { words += ": " + last.message }
            }
            let heading = "\(node.node.description.padded(to: width))  [\(bar)]  \(clock(node.seconds))  \(words)"
            guard node.state == .failed else { return [String(heading.prefix(terminalColumns()))] }
            let log = node.log.suffix(8).map { "    | " + $0 }
            return ([heading] + log + ["    " + (node.advice ?? "")]).map { String($0.prefix(terminalColumns())) }
        }
    }

    private func clock(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 359_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(whole / 3600)):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }

    private func say(_ text: String, isComplete: Bool = false) throws {
        try output(text, terminator: isComplete ? "" : "\n")
    }
}

/// How wide the terminal on standard output is, in columns.
func terminalColumns() -> Int {
    var size = winsize()
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
}
