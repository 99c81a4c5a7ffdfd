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
              xenseed watch                           the report_url of lab.yaml
              xenseed watch http://10.8.8.1:8000/     from xenseed serve
              xenseed watch xen01.log xen02.log       from files of QEMU or VirtualBox
              xenseed watch --node xen01 --node xen02 --timeout 1800 *.log
              socat - UNIX-CONNECT:serial.sock | xenseed watch -

            A terminal shows a screen with failures first; otherwise, each event is a
            line. A server needs a report_url in the lab, a log a serial console of the
            node (console: ttyS0). Files are read from the beginning. A server that can't
            be reached is waited for, and with --wait also a file that does not exist.
            The command ends when every node is verified or has failed; with --follow,
            when every node is verified.

            The time that is left is the median of earlier installations of the lab:
            those that the server knows, those in the logs, and those in the journal in
            the state directory. Without any, it is estimated.

            Exit status: 0 all nodes verified, 1 a node failed, 3 a log does not exist,
            or there was no message for --timeout seconds.
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

    @Flag(help: "Wait for logs that do not exist yet.")
    var wait = false

    @Option(
        help: ArgumentHelp(
            "The directory with the state of the nodes, for the times of earlier installations.",
            valueName: "directory"),
        completion: .directory)
    var state = ".xenseed"

    @Argument(
        help:
            "The URL of a server, the directory with lab.yaml, or serial logs: files or pipes; - is standard input. (default: .)",
        completion: .file())
    var logs: [String] = []

    func validate() throws {
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
        let sources = try (logs.isEmpty ? ["."] : logs).map(source)
        let start = ContinuousClock.now
        func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
        var progress = LabProgress(nodes: node.compactMap { try? Hostname(text: $0) })
        // The journal of a server may have earlier installations of the lab.
        progress.addEarlierRuns((try? StateDirectory(state).runs()) ?? [])
        var display = Display()
        let (lines, notices, ended) = follow(sources)
        var lastMessage = ContinuousClock.now
        var hasTooManyNodes = false
        // The lines of the log arrive shortly after the failure, so the end waits for them, but not for lines without an end.
        var (end, lastEnd): (ContinuousClock.Instant?, ContinuousClock.Instant?)
        while true {
            let received = lines.take()
            for line in received {
                guard let event = progress.receive(line.text, at: seconds() - line.age) else { continue }
                lastMessage = .now
                try display.show(event)
            }
            if progress.hasTooManyNodes, !hasTooManyNodes {
                hasTooManyNodes = true
                complain("the logs name more than \(LabProgress.nodeLimit) nodes; the others are ignored")
            }
            try display.draw(progress, notices: notices.current, at: seconds(), isChanged: !received.isEmpty)
            let now = ContinuousClock.now
            if progress.isOver(follow: follow) {
                if progress.allVerified { break }
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
        try display.end(progress, at: seconds())
        if progress.anyFailed { throw CommandError.input }
        guard progress.allVerified else {
            throw CommandError.environment(
                ended.isSet ? "the logs ended before all nodes were verified" : "there was no message for \(timeout) s")
        }
    }

    /// Where lines come from.
    private enum Source {
        case server(ServerLog, name: String)
        case log(SerialLog)
    }

    /// Returns the source with a name.
    /// - Throws: ``CommandError`` when there is no such log.
    private func source(_ name: String) throws(CommandError) -> Source {
        if let server = try? ReportURL(text: name) { return .server(ServerLog(server), name: name) }
        guard name != "-" else { return .log(SerialLog(name)) }
        var isFolder = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) {
            guard !isFolder else { return try server(ofLabIn: name) }
            guard FileManager.default.isReadableFile(atPath: name) else { throw .environment("\(name) can't be read") }
        } else if !wait {
            throw .environment("\(name) does not exist; --wait waits for it")
        }
        return .log(SerialLog(name))
    }

    /// Returns the server to which the nodes of a lab report.
    /// - Throws: ``CommandError`` when the directory has no lab, or the lab no server.
    private func server(ofLabIn folder: String) throws(CommandError) -> Source {
        let file = labPath(folder)
        guard FileManager.default.fileExists(atPath: file) else {
            throw .environment("there is no \(file); name a server or serial logs, or - for standard input")
        }
        guard let server = try readLab(at: file, show: printErrors(of:)).reportURL else {
            throw .environment("\(file) has no report_url, so the nodes report to no server; name their serial logs")
        }
        return .server(ServerLog(server), name: server.text)
    }

    /// Reads all sources at the same time, each in a queue of its own, because reading a pipe blocks.
    private func follow(_ sources: [Source]) -> (Inbox, Notices, Countdown) {
        let inbox = Inbox()
        let notices = Notices()
        let ended = Countdown(sources.count)
        for (number, source) in sources.enumerated() {
            DispatchQueue(label: "\(number)").async {
                switch source {
                case .server(let log, let name):
                    log.follow { text, age in
                        inbox.put(.init(text: text, age: age))
                    } problem: { problem in
                        notices.set(problem.map { "\(name) \(DiagnosticReport.printable($0))" }, of: name)
                    }
                case .log(let log): log.follow { inbox.put(.init(text: $0)) }
                }
                ended.countDown()
            }
        }
        return (inbox, notices, ended)
    }
}

/// What is wrong with the servers.
private final class Notices: Sendable {
    private struct State {
        /// The current notices by the names of the servers.
        var current: [String: String] = [:]
        /// The notices that were printed: a client connects again and again.
        var printed: Set<String> = []
    }
    private let state = Mutex(State())
    private let isLive = isTerminal(StandardStream.output.rawValue)

    /// The notices for a screen.
    var current: [String] { state.withLock { $0.current.sorted { $0.key < $1.key }.map(\.value) } }

    /// Sets the notice of a server; nil if nothing is wrong. If there is no screen, it is printed once.
    func set(_ notice: String?, of name: String) {
        let isNew = state.withLock { state in
            state.current[name] = notice
            return notice.map { state.printed.insert($0).inserted } ?? false
        }
        if isNew, !isLive { complain("xenseed: \(notice!)") }
    }
}

/// A queue of lines from several threads to one. A thread that is ahead of the reader waits, so the queue has a bounded size.
private final class Inbox: Sendable {
    struct Line {
        var text: String
        /// The number of seconds since the server received the line.
        var age = 0.0
    }

    private struct Queue {
        var lines: [Line] = []
        var bytes = 0
    }

    /// The number of bytes of all lines after which a thread waits.
    private static let limit = 4 << 20
    private let queue = Mutex(Queue())

    func put(_ line: Line) {
        while true {
            let isPut = queue.withLock { queue in
                guard queue.bytes < Self.limit else { return false }
                queue.lines.append(line)
                queue.bytes += line.text.utf8.count
                return true
            }
            if isPut { return }
            // The reader empties the queue five times a second.
            usleep(20_000)
        }
    }

    func take() -> [Line] {
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

/// The output of the command: on a terminal a screen that is redrawn, otherwise a line for each event.
private struct Display {
    private let isLive = isTerminal(StandardStream.output.rawValue)
    private let colours: TerminalColours = isColoured(StandardStream.output.rawValue) ? .on : .none
    /// The lines that are on the screen.
    private var drawn: [String] = []
    private var size = (columns: 0, rows: 0)
    private var notices: [String] = []
    private var drawnAt: Double?

    /// Prints an event, unless there is a screen.
    func show(_ event: LabProgress.Event) throws {
        if isLive { return }
        switch event {
        case .progress(let line, let seconds): try output("\(ProgressScreen.clock(seconds))  \(line)")
        case .log(let node, let text): try output("          \(node) | \(text)")
        }
    }

    /// Draws the screen when something has changed, and each second because of the times in it.
    mutating func draw(_ progress: LabProgress, notices: [String], at time: Double, isChanged: Bool) throws {
        guard isLive, isChanged || notices != self.notices || drawnAt.map({ time - $0 >= 1 }) ?? true else { return }
        (self.notices, drawnAt) = (notices, time)
        let size = terminalSize()
        let above = notices.map { String($0.prefix(size.columns)) }.prefix(size.rows / 3)
        // The cursor is below the last line, so one row stays free.
        let screen = ProgressScreen(progress, now: time, columns: size.columns, colours: colours)
        try replace(with: above + screen.lines(rows: size.rows - 1 - above.count), size)
    }

    /// Shows the end: on a terminal, everything that did not fit into the window.
    mutating func end(_ progress: LabProgress, at time: Double) throws {
        let size = terminalSize()
        let screen = ProgressScreen(progress, now: time, columns: size.columns, colours: colours)
        if isLive { return try replace(with: screen.end(rows: size.rows - 1), size) }
        for line in screen.summary { try output(line) }
    }

    private mutating func replace(with lines: [String], _ size: (columns: Int, rows: Int)) throws {
        guard lines != drawn || size != self.size else { return }
        // Moves the cursor to the first line and erases everything below. The terminal may have wrapped the lines when its size
        // changed, and then the whole window is erased.
        let isSameSize = size == self.size || drawn.isEmpty
        let erase = isSameSize ? (drawn.isEmpty ? "" : "\u{1B}[\(drawn.count)A\u{1B}[J") : "\u{1B}[H\u{1B}[J"
        (drawn, self.size) = (lines, size)
        try output(erase + lines.map { $0 + "\n" }.joined(), terminator: "")
    }
}
