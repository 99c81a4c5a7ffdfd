import Build
import FoundationEssentials
import Lab
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Preseed

/// The server of `xenseed serve`: it serves the built tree, receives the nodes' progress and reports, and shows them.
package final class LabServer: Sendable {
    /// How the server can be reached.
    package struct Access: Sendable {
        /// The addresses to listen at, each with its port.
        package var addresses: [(host: String, port: Int)]
        /// The files with the certificate chain and the private key, in PEM, and the port for TLS at each of the addresses.
        package var tls: (certificate: String, key: String, port: Int)?
        /// The networks from which any node may come, because the nodes are behind a NAT.
        package var sharedNetworks: [AddressNetwork] = []
        /// Names by which clients address this server, besides its addresses.
        package var serverNames: [String] = []

        package init(addresses: [(host: String, port: Int)]) { self.addresses = addresses }
    }

    let statusStore: NodeStatusStore
    let routes: Routes
    let journal: Journal
    let gate: BootFileGate
    let policy: ClientPolicy
    let metrics = ServerMetrics()
    /// The token that permits to arm and disarm nodes, and to fetch every file.
    let operatorToken: Token
    /// The lock on the journal.
    private let owner: StateDirectory.Owner
    /// What is at the paths that are not files of the tree.
    private let resources: [String: Resource]
    private let access: Access
    private let logger: Logger
    private let requestLog: RequestLog

    /// Creates a server.
    /// - Parameters:
    ///   - tree: The built tree.
    ///   - owner: The right to write the journal.
    package init(
        _ plan: Plan, tree: OutputTree, owner: StateDirectory.Owner, access: Access, logger: Logger
    ) async throws {
        self.logger = logger
        self.owner = owner
        self.access = access
        requestLog = RequestLog(logger)
        routes = try Routes(tree.root, plan: plan) { logger.warning("\($0)") }
        (statusStore, journal, gate) = try owner.open(tree) { logger.notice("\($0)") }
        operatorToken = try await owner.directory.operatorToken()
        policy = ClientPolicy(plan.lab, sharedNetworks: access.sharedNetworks, serverNames: access.serverNames)
        resources = Resource.byPath(posts: plan.lab.reportURL?.path ?? "")
    }

    /// Carries out the requests that were made while no server ran.
    /// - Returns: The names of the nodes that are not armed.
    package func settle() async -> Set<String> {
        await gate.settle()
        return Set(statusStore.names.filter { !statusStore.isArmed($0) })
    }

    /// Serves until the task is cancelled; then lets the answers that have begun end, for at most five seconds.
    /// - Parameter ready: Receives the URLs when the server has begun to listen.
    package func run(ready: @Sendable ([String]) -> Void) async throws {
        // Not before: until the built tree has been compared with the lab, it would take memory beside the comparison.
        try routes.reload()
        let policy = policy
        let server = try await HTTPServer.start(at: endpoints()) {
            policy.isKnown($0)
        } log: {
            self.log($0, $1)
        } answer: {
            self.answer($0)
        }
        metrics.connections = { (server.openConnections, server.openStreams) }
        ready(server.urls)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    await self.tick()
                    try? await Task.sleep(for: .milliseconds(500))
                }
            }
            await group.waitForAll()
        }
        await server.shutDown(within: .seconds(5))
    }

    private func endpoints() throws -> [HTTPServer.Endpoint] {
        var context: NIOSSLContext?
        if let tls = access.tls {
            do {
                var configuration = TLSConfiguration.makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem)))
                configuration.minimumTLSVersion = .tlsv12
                context = try NIOSSLContext(configuration: configuration)
            } catch {
                throw ServerError("\(tls.certificate) and \(tls.key) can't be used for TLS: \(error)")
            }
        }
        return try access.addresses.flatMap { host, port in
            var endpoints = [HTTPServer.Endpoint(address: try SocketAddress(ipAddress: host, port: port))]
            if let context, let tls = access.tls {
                endpoints.append(.init(address: try SocketAddress(ipAddress: host, port: tls.port), tls: context))
            }
            return endpoints
        }
    }

    private func tick() async {
        do { try routes.reload() } catch { logger.warning("\(error)") }
        await gate.settle()
        statusStore.tick()
        requestLog.summarize()
    }

    private func log(_ request: Request, _ response: Response) {
        metrics.count(response.status)
        requestLog.log(request, response, node: response.node ?? policy.owner(of: request.peer))
    }

    // MARK: Answers

    private enum Resource {
        case page, style, script, statuses, events, metrics, arm, disarm
        /// The lines that `xenseed watch` reads.
        case progressLines
        /// What nodes post; their progress is also the path of ``progressLines``.
        case progress, report, claim

        /// - Parameter posts: The path below which nodes post: empty, or with a leading slash.
        static func byPath(posts: String) -> [String: Resource] {
            let own: [String: Resource] = [
                "/": .page, "/lab.css": .style, "/lab.js": .script, "/lab.json": .statuses, "/events": .events,
                "/metrics": .metrics, "/arm": .arm, "/disarm": .disarm, "/progress": .progressLines,
            ]
            return own.merging(
                ["\(posts)/progress": .progress, "\(posts)/report": .report, "\(posts)/claim": .claim]
            ) { $1 }
        }
    }

    func answer(_ request: Request) -> Answer {
        do throws(RequestError) {
            try policy.checkHost(of: request)
            switch request.method {
            case .GET, .HEAD: return try get(request)
            case .POST: return try post(request)
            default:
                return .now(
                    refusal(.methodNotAllowed, "only GET, HEAD and POST are supported", allow: "GET, HEAD, POST"))
            }
        } catch { return .now(Response(error)) }
    }

    private func get(_ request: Request) throws(RequestError) -> Answer {
        switch resources[request.rawPath] {
        case nil: return try artifact(request)
        case .page: return .now(page("text/html; charset=utf-8", PackageResources.lab_html))
        case .style: return .now(page("text/css; charset=utf-8", PackageResources.lab_css))
        case .script: return .now(page("text/javascript; charset=utf-8", PackageResources.lab_js))
        case .statuses: return .later { self.statuses() }
        case .events: return .now(events())
        case .metrics: return .later { self.metricsText() }
        case .progressLines, .progress: return .now(progressLines())
        case .report, .claim, .arm, .disarm:
            return .now(refusal(.methodNotAllowed, "this path accepts only POST", allow: "POST"))
        }
    }

    private func post(_ request: Request) throws(RequestError) -> Answer {
        try policy.checkOrigin(of: request)
        switch resources[request.rawPath] {
        case .claim: return .later { await self.respond(request, self.claim) }
        case .progress: return .later { await self.respond(request, self.receiveProgress) }
        case .report: return .later { await self.respond(request, self.receiveReport) }
        case .arm: return .later { await self.respond(request, self.arm) }
        case .disarm: return .later { await self.respond(request, self.disarm) }
        default: return .now(refusal(.methodNotAllowed, "this path does not accept POST", allow: "GET, HEAD"))
        }
    }

    /// Returns the response, or that to the error.
    private func respond(
        _ request: Request, _ work: (Request) async throws(RequestError) -> Response
    ) async -> Response {
        do throws(RequestError) { return try await work(request) } catch { return Response(error) }
    }

    private func refusal(_ status: HTTPResponseStatus, _ reason: String, allow: String) -> Response {
        .text(status, reason, headers: [("Allow", allow)])
    }

    private func page(_ type: String, _ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, type: type, headers: [("Content-Security-Policy", ContentSecurityPolicy.page)],
            body: .bytes(bytes))
    }

    /// Where an operator finds the token, as part of a sentence.
    static let whereTokenIs = "which is in the file operator-token in the server's state directory (.xenseed)"

    /// The time in seconds since 1970.
    func now() -> Int { Int(Date().timeIntervalSince1970) }

    /// Returns whether a request carries the operator's token. If the server has TLS, the token counts only where nobody else can
    /// read it: over TLS, or on this machine.
    /// - Throws: ``RequestError`` when the request has a wrong token, or sends it over the network without TLS.
    func isOperator(_ request: Request) throws(RequestError) -> Bool {
        guard !request.authorizations.isEmpty else { return false }
        guard let token = Token(request), Token.areEqual(token.digest, operatorToken.digest) else {
            throw RequestError(.unauthorized, "this is not the operator's token, \(Self.whereTokenIs)")
        }
        guard access.tls == nil || request.isEncrypted || ClientPolicy.isThisMachine(request.peer) else {
            throw RequestError(.forbidden, "the operator's token is accepted only over https")
        }
        return true
    }
}
