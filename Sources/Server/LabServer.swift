import Build
import Foundation
import Lab
import Preseed

/// `xenseed serve`: gives nodes what was built for them, hears how far they are, and shows it.
package final class LabServer: Sendable {
    private let statusStore: NodeStatusStore
    private let routes: Routes
    private let journal: Journal
    private let gate: BootFileGate
    /// The journal's lock.
    private let owner: StateDirectory.Owner
    /// Which node has an address by the lab.
    private let owners: [String: String]
    /// Below which path nodes post; empty, or with a slash at its beginning.
    private let posts: String
    private let log: @Sendable (String) -> Void

    /// - Parameters:
    ///   - tree: the built tree.
    ///   - owner: of the state directory that the journal is in.
    ///   - log: gets a line for each request.
    package init(
        _ planner: Planner, tree: OutputTree, owner: StateDirectory.Owner, log: @escaping @Sendable (String) -> Void
    ) throws {
        self.log = log
        self.owner = owner
        routes = try Routes(tree.root, planner: planner)
        (statusStore, journal, gate) = try owner.open(tree, log: log)
        owners = Dictionary(
            planner.lab.nodes.flatMap { node in
                node.links.compactMap { link in link.addressing.address.map { ($0.description, node.name.description) }
                }
            }, uniquingKeysWith: { first, _ in first })
        posts = planner.lab.reportURL?.path ?? ""
    }

    /// Does what was asked for while no server ran.
    /// - Returns: the names of nodes that are not to be installed.
    package func settle() async -> Set<String> {
        await gate.settle()
        return Set(statusStore.names.filter { !statusStore.isArmed($0) })
    }

    /// Serves until the task is cancelled.
    /// - Parameter ready: gets the address once it is listened at.
    package func run(address: String, port: UInt16, ready: @Sendable (String) -> Void) async throws {
        let listener: Listener
        listener = try Listener(address: address, port: port) {
            self.note($0, $1)
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

    private func note(_ request: Request, _ response: Response) {
        let node = (response.node ?? owner(of: request)).map { "\($0) " } ?? ""
        let path = DiagnosticReport.printable(String(request.rawPath.prefix(200)))
        let remark = response.remark.map { ": \(DiagnosticReport.printable($0))" } ?? ""
        log("\(node)\(request.peer) \(request.method) \(path) \(response.status.rawValue)\(remark)")
    }

    /// The node that asks, by its address, or by what it asks for.
    private func owner(of request: Request) -> String? {
        if let owner = owners[request.peer] { return owner }
        if let path = request.path, case .route(let route) = routes.find(path) { return route.node }
        return nil
    }

    // MARK: Answers

    func answer(_ request: Request) async -> Response {
        let isPost = request.method == "POST"
        guard isPost || request.method == "GET" || request.method == "HEAD" else {
            return refusal(.methodNotAllowed, "only GET, HEAD and POST are answered", allow: "GET, HEAD, POST")
        }
        switch request.rawPath {
        case posts + "/progress" where isPost: return await hear(request, progress)
        case posts + "/report" where isPost: return await hear(request, report)
        case _ where isPost: return refusal(.methodNotAllowed, "nothing is posted here", allow: "GET, HEAD")
        case posts + "/report": return refusal(.methodNotAllowed, "reports are posted here", allow: "POST")
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

    private func artifact(_ route: Routes.Route, for asking: String?, isFetched: Bool) -> Response {
        if route.installs, let node = route.node, !statusStore.isArmed(node) { return fromDisk(route, node) }
        switch routes.open(route) {
        case .damaged(let reason): return .text(.failed, "\(route.path) \(reason)")
        case .file(let descriptor, let size):
            if let asking, isFetched { statusStore.fetched(route.path, by: asking, at: now()) }
            // A script would be shown by a browser, not run; nothing here is a page.
            return Response(
                status: .ok, type: "application/octet-stream", body: .file(descriptor: descriptor, size: size))
        }
    }

    /// A node that is installed gets nothing that would install it again.
    private func fromDisk(_ route: Routes.Route, _ node: String) -> Response {
        let reason = "\(node) is not armed and boots from its own disk; xenseed arm \(node) has it installed again"
        guard route.path.hasSuffix(".ipxe"),
            let member = statusStore.node(node),
            let script = try? statusStore.planner.ipxeFromDisk(member)
        else { return .text(.forbidden, reason) }
        return Response(status: .ok, type: "text/plain", body: .bytes(script), remark: reason)
    }

    // MARK: Posts

    private func now() -> Int { Int(Date().timeIntervalSince1970) }

    private func hear(
        _ request: Request, _ read: (Request) throws(Refused) -> (node: String, content: Journal.Entry.Content)
    ) async -> Response {
        do throws(Refused) {
            // A page of somebody else's, in a browser that can reach this server.
            guard request.headers["origin"] == nil else { throw Refused(.forbidden, "nodes post, not web pages") }
            let (node, content) = try read(request)
            if let owner = owners[request.peer], owner != node {
                throw Refused(.forbidden, "\(request.peer) is \(owner), and speaks for \(node)")
            }
            let record = Journal.Entry(time: now(), node: node, from: request.peer, content: content)
            do { try await journal.append(record) } catch {
                var response = Response.text(.unavailable, "it can't be kept")
                response.remark = "\(error)"
                return response
            }
            if let member = statusStore.node(node) { await gate.settle(member) }
            var response = Response.text(.ok, "kept")
            response.remark = Self.summary(content)
            return response
        } catch {
            return .text(error.status, error.reason)
        }
    }

    private struct Refused: Error {
        var status: Response.Status
        var reason: String
        init(_ status: Response.Status, _ reason: String) { (self.status, self.reason) = (status, reason) }
    }

    private static func summary(_ content: Journal.Entry.Content) -> String? {
        guard case .progress(let lines) = content else { return nil }
        return lines.first.flatMap { ProgressLine(in: $0)?.description }
    }

    /// `name`, when it is a node of the lab.
    private func member(_ name: String) throws(Refused) -> String {
        guard statusStore.has(name) else {
            let near = name.utf8.count > 64 ? "" : suggestion(for: name, among: statusStore.names)
            throw Refused(.notFound, "the lab has no node \(name.prefix(64))\(near)")
        }
        return name
    }

    private func progress(_ request: Request) throws(Refused) -> (node: String, content: Journal.Entry.Content) {
        let lines = String(decoding: request.body, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        guard !lines.isEmpty, lines.count <= 1 + NodeProgress.longestLog else {
            throw Refused(.badRequest, "a post has one progress line, and at most \(NodeProgress.longestLog) of a log")
        }
        var names: Set<String> = []
        var texts: [String] = []
        for (number, line) in lines.enumerated() {
            if number == 0, let progress = ProgressLine(in: line) {
                names.insert(progress.node.description)
            } else if number > 0, let entry = ProgressLine.log(in: line) {
                names.insert(entry.node.description)
            } else {
                throw Refused(.badRequest, "line \(number + 1) is no line of xenseed/1")
            }
            texts.append(ProgressLine.sanitized(line))
        }
        guard names.count == 1 else { throw Refused(.badRequest, "one post, and two nodes") }
        return (try member(names.first!), .progress(texts))
    }

    private func report(_ request: Request) throws(Refused) -> (node: String, content: Journal.Entry.Content) {
        let report: VerifierReport
        do { report = try VerifierReport(Data(request.body)) } catch {
            throw Refused(.badRequest, "what is posted \(error)")
        }
        let name = statusStore.planner.lab.nodes.first { statusStore.planner.lab.fullName($0.name) == report.node }
        return (
            try member(name?.name.description ?? report.node), .report(String(decoding: request.body, as: UTF8.self))
        )
    }

    // MARK: What is shown

    private struct Shown: Encodable {
        var lab: String
        var release: String
        var time: Int
        var nodes: [NodeStatusStore.Status]
    }

    private func encoded(_ nodes: [NodeStatusStore.Status]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lab = statusStore.planner.lab
        let shown = Shown(lab: lab.domain.description, release: lab.release.codename, time: now(), nodes: nodes)
        // Strings and finite numbers only.
        return (try? encoder.encode(shown)).map(Array.init) ?? []
    }

    private func statuses() -> Response {
        Response(status: .ok, type: "application/json", body: .bytes(encoded(statusStore.statuses().statuses) + [10]))
    }

    /// Server-sent events: the lab, then the nodes that changed, five times a second at most.
    private func events() -> Response {
        stream("text/event-stream; charset=utf-8", beat: ": \n\n") { version in
            let (nodes, now) = self.statusStore.statuses(after: version ?? 0)
            let text = nodes.isEmpty ? [] : Array("data: ".utf8) + self.encoded(nodes) + [10, 10]
            return (text, now)
        }
    }

    /// What nodes posted, as a serial log has it, and then what they post: for `xenseed watch`.
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
