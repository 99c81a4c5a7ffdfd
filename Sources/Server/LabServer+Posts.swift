import Build
import FoundationEssentials
import Lab
import Preseed

/// What nodes and operators post.
extension LabServer {
    /// The maximum number of lines of a post, and of bytes of a report.
    private static let maximumLines = 200
    private static let maximumReport = 64 << 10

    // MARK: Nodes

    /// Gives a node that is being installed a new token.
    func claim(_ request: Request) async throws(RequestError) -> Response {
        let node = try member(
            String(decoding: request.body.prefix(256), as: UTF8.self).trimmed)
        guard statusStore.isArmed(node) else {
            throw RequestError(
                .forbidden, "\(node) is not armed; to let it report an installation, run xenseed arm \(node)")
        }
        try policy.check(request.peer, for: node, statusStore.binding(of: node))
        try await bind(node, to: request.peer)
        let token = Token()
        try await store(.token(token.digest), of: node, from: request)
        var response = Response.text(.ok, token.text)
        (response.node, response.note) = (node, "received a token")
        return response
    }

    func receiveProgress(_ request: Request) async throws(RequestError) -> Response {
        let lines = String(decoding: request.body, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        guard !lines.isEmpty, lines.count <= Self.maximumLines else {
            throw RequestError(.badRequest, "a post has at least one and at most \(Self.maximumLines) lines")
        }
        var names: Set<String> = []
        var texts: [String] = []
        var last: ProgressLine?
        for (number, line) in lines.enumerated() {
            if let progress = ProgressLine(in: line) {
                names.insert(progress.node.description)
                last = progress
            } else if number > 0, let entry = ProgressLine.log(in: line) {
                names.insert(entry.node.description)
            } else {
                throw RequestError(.badRequest, "line \(number + 1) is not a xenseed/1 line")
            }
            texts.append(ProgressLine.sanitized(line))
        }
        guard names.count == 1 else { throw RequestError(.badRequest, "all lines of a post must be of the same node") }
        let node = try member(names.first!)
        try authorize(request, as: node)
        return try await receive(.progress(texts), of: node, from: request, note: last?.description)
    }

    func receiveReport(_ request: Request) async throws(RequestError) -> Response {
        guard request.body.count <= Self.maximumReport else {
            throw RequestError(.payloadTooLarge, "a report has at most \(Self.maximumReport) bytes")
        }
        let report: VerifierReport
        do { report = try VerifierReport(Data(request.body)) } catch {
            throw RequestError(.badRequest, "the posted text \(error)")
        }
        let name = statusStore.plan.lab.nodes.first { statusStore.plan.lab.fullName($0.name) == report.node }
        let node = try member(name?.name.description ?? report.node)
        try authorize(request, as: node)
        return try await receive(
            .report(String(decoding: request.body, as: UTF8.self)), of: node, from: request, note: nil)
    }

    /// Checks that a post comes from the machine that was installed as a node.
    private func authorize(_ request: Request, as node: String) throws(RequestError) {
        let binding = statusStore.binding(of: node)
        try policy.check(request.peer, for: node, binding)
        guard let token = Token(request), binding.accepts(token) else {
            throw RequestError(
                .forbidden, "the post does not have the token that \(node) received when it was installed")
        }
    }

    private func receive(
        _ content: Journal.Entry.Content, of node: String, from request: Request, note: String?
    ) async throws(RequestError) -> Response {
        try await store(content, of: node, from: request)
        if let member = statusStore.node(node) { await gate.settle(member) }
        var response = Response.text(.ok, "stored")
        (response.node, response.note) = (node, note)
        return response
    }

    private func store(
        _ content: Journal.Entry.Content, of node: String, from request: Request
    ) async throws(RequestError) {
        do {
            try await journal.append(
                Journal.Entry(time: now(), node: node, from: request.peer, content: content))
        } catch { throw RequestError(.serviceUnavailable, "the post can't be stored", note: "\(error)") }
    }

    /// Returns the name of a node.
    /// - Throws: ``RequestError`` when the lab has no such node.
    private func member(_ name: String) throws(RequestError) -> String {
        guard statusStore.has(name) else {
            let near = name.utf8.count > 64 ? "" : suggestion(for: name, among: statusStore.names)
            throw RequestError(
                .notFound, "the lab has no node \(DiagnosticReport.printable(String(name.prefix(64))))\(near)")
        }
        return name
    }

    // MARK: Operators

    func arm(_ request: Request) async throws(RequestError) -> Response { try await change(request, to: .arm) }
    func disarm(_ request: Request) async throws(RequestError) -> Response { try await change(request, to: .disarm) }

    /// Arms or disarms the nodes whose names are the lines of the body.
    private func change(_ request: Request, to change: StateDirectory.Request) async throws(RequestError) -> Response {
        guard try isOperator(request) else {
            throw RequestError(.unauthorized, "this needs the operator's token, \(Self.whereTokenIs)")
        }
        let names = String(decoding: request.body, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        guard !names.isEmpty else { throw RequestError(.badRequest, "the body has no name of a node") }
        var nodes: [Node] = []
        for name in names { if let node = statusStore.node(try member(name)) { nodes.append(node) } }
        var sentences: [String] = []
        for node in nodes {
            do { sentences.append(try await gate.change(node, to: change)) } catch {
                throw RequestError(.conflict, (sentences + ["\(node.name): \(error)"]).joined(separator: "\n"))
            }
        }
        var response = Response.text(.ok, sentences.joined(separator: "\n"))
        response.note = sentences.joined(separator: "; ")
        return response
    }
}
