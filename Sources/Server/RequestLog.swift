import Logging
import Preseed
import Synchronization

/// Logs requests, a bounded number from each client, so that no client can fill the disk that the log is on.
final class RequestLog: Sendable {
    /// The number of lines that a client can write at once, and the number that it gets back each second.
    private static let burst = 100.0
    private static let rate = 2.0
    /// The number of clients that are counted; further ones share one count.
    private static let maximumClients = 1024

    private struct Budget {
        var lines = RequestLog.burst
        var time = ContinuousClock.now
        /// The number of requests that were not logged since the last summary.
        var skipped = 0

        mutating func take() -> Bool {
            let now = ContinuousClock.now
            lines = min(RequestLog.burst, lines + RequestLog.rate * ((now - time) / .seconds(1)))
            time = now
            guard lines >= 1 else {
                skipped += 1
                return false
            }
            lines -= 1
            return true
        }
    }

    private let logger: Logger
    private let budgets = Mutex<[String: Budget]>([:])
    private let summarized = Mutex(ContinuousClock.now)

    init(_ logger: Logger) { self.logger = logger }

    func log(_ request: Request, _ response: Response, node: @autoclosure () -> String?) {
        guard logger.logLevel <= .info else { return }
        let isLogged = budgets.withLock { budgets in
            let client = budgets[request.peer] != nil || budgets.count < Self.maximumClients ? request.peer : "others"
            return budgets[client, default: Budget()].take()
        }
        guard isLogged else { return }
        var fields: Logger.Metadata = [
            "client": "\(request.peer)", "method": "\(request.method.rawValue)",
            "path": "\(request.rawPath.prefix(200))", "status": "\(response.status.code)",
        ]
        if let node = node() { fields["node"] = "\(node)" }
        if let note = response.note { fields["note"] = "\(String(decoding: note.utf8.prefix(300), as: UTF8.self))" }
        logger.info("request", metadata: fields)
    }

    /// Logs every ten seconds how many requests were not logged.
    func summarize() {
        let isDue = summarized.withLock { last in
            guard .now - last >= .seconds(10) else { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        let skipped = budgets.withLock { budgets in
            defer {
                // A client with a full budget is as good as new.
                budgets = budgets.filter { .now - $1.time < .seconds(Self.burst / Self.rate) }
                for client in budgets.keys { budgets[client]?.skipped = 0 }
            }
            return budgets.filter { $1.skipped > 0 }.mapValues(\.skipped)
        }
        for (client, count) in skipped.sorted(by: { $0.value > $1.value }).prefix(5) {
            logger.info("requests that were not logged", metadata: ["client": "\(client)", "count": "\(count)"])
        }
    }
}
