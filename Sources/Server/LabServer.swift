import Build
import Foundation
import Lab
import Preseed

/// The server of `xenseed serve`: it serves the built tree, receives the nodes' progress and reports, and shows them.
package final class LabServer: Sendable {
    private let statusStore: NodeStatusStore
    private let routes: Routes
    private let journal: Journal
    private let gate: BootFileGate
    /// The lock on the journal.
    private let owner: StateDirectory.Owner
    /// The names of the nodes, by the addresses that they have in the lab.
    private let owners: [String: String]
    /// The path below which nodes post: empty, or with a leading slash.
    private let posts: String
    private let log: @Sendable (String) -> Void

    /// Creates a server.
    /// - Parameters:
    ///   - tree: The built tree.
    ///   - owner: The right to write the journal.
    ///   - log: Receives a line for each request and for each change of a node's arm state.
    package init(
        _ plan: Plan, tree: OutputTree, owner: StateDirectory.Owner, log: @escaping @Sendable (String) -> Void
    ) throws {
        self.log = log
        self.owner = owner
        routes = try Routes(tree.root, plan: plan, log: log)
        (statusStore, journal, gate) = try owner.open(tree, log: log)
        owners = Dictionary(
            plan.lab.nodes.flatMap { node in
                node.links.compactMap { link in link.addressing.address.map { ($0.description, node.name.description) }
                }
            }, uniquingKeysWith: { first, _ in first })
        posts = plan.lab.reportURL?.path ?? ""
    }

    /// Carries out the requests that were made while no server ran.
    /// - Returns: The names of the nodes that are not armed.
    package func settle() async -> Set<String> {
        await gate.settle()
        return Set(statusStore.names.filter { !statusStore.isArmed($0) })
    }

    /// Serves until the task is cancelled.
    /// - Parameter ready: Receives the address when the server has begun to listen.
    package func run(address: String, port: UInt16, ready: @Sendable (String) -> Void) async throws {
        let listener: Listener
        listener = try Listener(address: address, port: port) {
            self.logRequest($0, $1)
        } handler: {
            await self.answer($0)
        }
        ready(listener.address)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            group.addTask {
                while true {
                    await self.tick()
                    try await Task.sleep(for: .milliseconds(500))
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func tick() async {
        do { try routes.reload() } catch { log("\(error)") }
        await gate.settle()
        statusStore.tick()
    }

    private func logRequest(_ request: Request, _ response: Response) {
        let node = (response.node ?? owner(of: request)).map { "\($0) " } ?? ""
        let path = DiagnosticReport.printable(String(request.rawPath.prefix(200)))
        let remark = response.remark.map { ": \(DiagnosticReport.printable($0))" } ?? ""
        log("\(node)\(request.peer) \(request.method) \(path) \(response.status.rawValue)\(remark)")
    }

    /// Returns the node that sent a request, determined by its address or else by the path; nil for other clients.
    private func owner(of request: Request) -> String? {
        if let owner = owners[request.peer] { return owner }
        if let path = request.path, case .route(let route) = routes.find(path) { return route.node }
        return nil
    }

    // MARK: Answers

    func answer(_ request: Request) async -> Response {
        let isPost = request.method == "POST"
        guard isPost || request.method == "GET" || request.method == "HEAD" else {
            return refusal(.methodNotAllowed, "only GET, HEAD and POST are supported", allow: "GET, HEAD, POST")
        }
        switch request.rawPath {
        case posts + "/progress" where isPost: return await receive(request, progress)
        case posts + "/report" where isPost: return await receive(request, report)
        case _ where isPost: return refusal(.methodNotAllowed, "this path does not accept POST", allow: "GET, HEAD")
        case posts + "/report": return refusal(.methodNotAllowed, "this path accepts only POST", allow: "POST")
        case posts + "/progress", "/progress": return lines()
        case "/": return page("text/html; charset=utf-8", PackageResources.lab_html)
        case "/lab.css": return page("text/css; charset=utf-8", PackageResources.lab_css)
        case "/lab.js": return page("text/javascript; charset=utf-8", PackageResources.lab_js)
        case "/lab.json": return statuses()
        case "/events": return events()
        default: return artifact(request)
        }
    }

    private func refusal(_ status: Response.Status, _ reason: String, allow: String) -> Response {
        .text(status, reason, headers: [("Allow", allow)])
    }

    private func page(_ type: String, _ bytes: [UInt8]) -> Response {
        let policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return Response(status: .ok, type: type, headers: [("Content-Security-Policy", policy)], body: .bytes(bytes))
    }

    private func artifact(_ request: Request) -> Response {
        guard let path = request.path, request.query == nil else { return .text(.notFound, "no such path") }
        switch routes.find(path) {
        case .nothing(let reason): return .text(.notFound, reason)
        case .route(let route):
            let node = owners[request.peer] ?? route.node
            var response = artifact(route, for: node, isFetched: request.method == "GET")
            response.node = node
            return response
        }
    }

    private func artifact(_ route: Routes.Route, for client: String?, isFetched: Bool) -> Response {
        if route.installs, let node = route.node, !statusStore.isArmed(node) { return fromDisk(route, node) }
        switch routes.open(route) {
        case .damaged(let reason): return .text(.failed, "\(route.path) \(reason)")
        case .file(let descriptor, let size):
            if let client, isFetched { statusStore.fetched(route.path, by: client, at: now()) }
            // With this type, no browser shows a file as a page.
            return Response(
                status: .ok, type: "application/octet-stream", body: .file(descriptor: descriptor, size: size))
        }
    }

    /// Returns the response to a node that is not armed: an iPXE script that boots from the disk, or else an error.
    private func fromDisk(_ route: Routes.Route, _ node: String) -> Response {
        let reason = "\(node) is not armed and boots from its own disk; to install it again, run xenseed arm \(node)"
        guard route.path.hasSuffix(".ipxe"), let member = statusStore.node(node) else {
            return .text(.forbidden, reason)
        }
        let script = statusStore.plan.ipxeFromDisk(member)
        return Response(status: .ok, type: "text/plain", body: .bytes(script), remark: reason)
    }

    // MARK: Posts

    private func now() -> Int { Int(Date().timeIntervalSince1970) }

    private func receive(
        _ request: Request, _ read: (Request) throws(RequestError) -> (node: String, content: Journal.Entry.Content)
    ) async -> Response {
        do throws(RequestError) {
            // A page of somebody else's, in a browser that can reach this server.
            guard request.headers["origin"] == nil else {
                throw RequestError(.forbidden, "posts from web pages are not accepted")
            }
            let (node, content) = try read(request)
            if let owner = owners[request.peer], owner != node {
                throw RequestError(.forbidden, "\(request.peer) belongs to \(owner) but posted for \(node)")
            }
            let record = Journal.Entry(time: now(), node: node, from: request.peer, content: content)
            do { try await journal.append(record) } catch {
                var response = Response.text(.unavailable, "the post can't be stored")
                response.remark = "\(error)"
                return response
            }
            if let member = statusStore.node(node) { await gate.settle(member) }
            var response = Response.text(.ok, "stored")
            response.remark = Self.summary(content)
            return response
        } catch {
            return .text(error.status, error.reason)
        }
    }

    private static func summary(_ content: Journal.Entry.Content) -> String? {
        guard case .progress(let lines) = content else { return nil }
        return lines.first.flatMap { ProgressLine(in: $0)?.description }
    }

    /// Returns the name of a node; throws a refusal when the lab has no such node.
    private func member(_ name: String) throws(RequestError) -> String {
        guard statusStore.has(name) else {
            let near = name.utf8.count > 64 ? "" : suggestion(for: name, among: statusStore.names)
            throw RequestError(.notFound, "the lab has no node \(name.prefix(64))\(near)")
        }
        return name
    }

    private func progress(_ request: Request) throws(RequestError) -> (node: String, content: Journal.Entry.Content) {
        let lines = String(decoding: request.body, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        guard !lines.isEmpty, lines.count <= 1 + NodeProgress.longestLog else {
            throw RequestError(
                .badRequest, "a post has one progress line and at most \(NodeProgress.longestLog) log lines")
        }
        var names: Set<String> = []
        var texts: [String] = []
        for (number, line) in lines.enumerated() {
            if number == 0, let progress = ProgressLine(in: line) {
                names.insert(progress.node.description)
            } else if number > 0, let entry = ProgressLine.log(in: line) {
                names.insert(entry.node.description)
            } else {
                throw RequestError(.badRequest, "line \(number + 1) is not a xenseed/1 line")
            }
            texts.append(ProgressLine.sanitized(line))
        }
        guard names.count == 1 else { throw RequestError(.badRequest, "all lines of a post must be of the same node") }
        return (try member(names.first!), .progress(texts))
    }

    private func report(_ request: Request) throws(RequestError) -> (node: String, content: Journal.Entry.Content) {
        let report: VerifierReport
        do { report = try VerifierReport(Data(request.body)) } catch {
            throw RequestError(.badRequest, "the posted text \(error)")
        }
        let name = statusStore.plan.lab.nodes.first { statusStore.plan.lab.fullName($0.name) == report.node }
        return (
            try member(name?.name.description ?? report.node), .report(String(decoding: request.body, as: UTF8.self))
        )
    }

    // MARK: Status

    private struct Shown: Encodable {
        var lab: String
        var release: String
        var time: Int
        var nodes: [NodeStatusStore.Status]
    }

    private func encoded(_ nodes: [NodeStatusStore.Status]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lab = statusStore.plan.lab
        let shown = Shown(lab: lab.domain.description, release: lab.release.codename, time: now(), nodes: nodes)
        // The status has only strings and finite numbers, which can always be encoded.
        return (try? encoder.encode(shown)).map(Array.init) ?? []
    }

    private func statuses() -> Response {
        Response(status: .ok, type: "application/json", body: .bytes(encoded(statusStore.statuses().statuses) + [10]))
    }

    /// Returns a stream of server-sent events: first all nodes, then the nodes that changed, at most five times a second.
    private func events() -> Response {
        stream("text/event-stream; charset=utf-8", beat: ": \n\n") { version in
            let (nodes, now) = self.statusStore.statuses(after: version ?? 0)
            let text = nodes.isEmpty ? [] : Array("data: ".utf8) + self.encoded(nodes) + [10, 10]
            return (text, now)
        }
    }

    /// Returns a stream for `xenseed watch`, in the format of a serial log: the lines that nodes have posted, then each new
    /// line.
    private func lines() -> Response {
        stream("text/plain; charset=utf-8", beat: "\n") { number in
            let (lines, now) = self.statusStore.lines(after: number ?? 0)
            let first = number == nil ? [ServerLog.line(of: self.statusStore.names)] : []
            return (Array((first + lines).map { $0 + "\n" }.joined().utf8), now)
        }
    }

    private func stream(
        _ type: String, beat: String, _ next: @escaping @Sendable (Int?) -> (bytes: [UInt8], place: Int)
    ) -> Response {
        Response(
            status: .ok, type: type,
            body: .stream { send in
                var place: Int?
                var sent = ContinuousClock.now
                for await _ in self.statusStore.changes() {
                    let (bytes, now) = next(place)
                    place = now
                    if !bytes.isEmpty {
                        try await send(bytes)
                        sent = .now
                        try await Task.sleep(for: .milliseconds(200))
                    } else if .now - sent > .seconds(10) {
                        try await send(Array(beat.utf8))
                        sent = .now
                    }
                }
            })
    }
}
