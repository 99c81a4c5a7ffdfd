/// The state of the lab, for the page, for `xenseed watch` and for other programs.
extension LabServer {
    private func encoded(_ nodes: [NodeStatusStore.Status]) throws -> [UInt8] {
        try LabStatus(statusStore.plan, nodes, time: now()).json()
    }

    func statuses() -> Response {
        do {
            let bytes = try encoded(statusStore.statuses().statuses)
            return Response(status: .ok, type: "application/json", body: .bytes(bytes + [10]))
        } catch { return .text(.internalServerError, "the state can't be encoded: \(error)") }
    }

    /// Returns a stream of server-sent events: first all nodes, then the nodes that changed, at most five times a second.
    func events() -> Response {
        stream("text/event-stream; charset=utf-8", heartbeat: "event: beat\ndata: -\n\n") { version in
            let (nodes, now) = self.statusStore.statuses(after: version ?? 0)
            let text = nodes.isEmpty ? [] : try Array("data: ".utf8) + self.encoded(nodes) + [10, 10]
            return (text, now)
        }
    }

    /// Returns a stream for `xenseed watch`, in the format of a serial log: the lines that nodes have posted, then each new
    /// line.
    func progressLines() -> Response {
        stream("text/plain; charset=utf-8", heartbeat: "\n") { number in
            let (lines, now) = self.statusStore.lines(after: number ?? 0)
            let first =
                number == nil
                ? ServerLog.heading(self.statusStore.names, runs: self.statusStore.runs, time: self.now()) : []
            return (Array((first + lines).map { $0 + "\n" }.joined().utf8), now)
        }
    }

    private func stream(
        _ type: String, heartbeat: String, _ next: @escaping @Sendable (Int?) throws -> (bytes: [UInt8], place: Int)
    ) -> Response {
        Response(
            status: .ok, type: type,
            body: .stream { send in
                var place: Int?
                var sent = ContinuousClock.now
                for await _ in self.statusStore.changes() {
                    let (bytes, now) = try next(place)
                    place = now
                    if !bytes.isEmpty {
                        try await send(bytes)
                        sent = .now
                        try await Task.sleep(for: .milliseconds(200))
                    } else if .now - sent > .seconds(10) {
                        try await send(Array(heartbeat.utf8))
                        sent = .now
                    }
                }
            })
    }

    func metricsText() -> Response {
        let statuses = statusStore.statuses().statuses
        return Response(
            status: .ok, type: "text/plain; version=0.0.4; charset=utf-8",
            body: .bytes(Array(metrics.text(statuses, journalSize: journal.size).utf8)))
    }
}
