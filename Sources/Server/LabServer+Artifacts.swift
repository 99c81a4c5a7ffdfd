import NIOHTTP1
import SystemPackage

/// The files of the built tree.
extension LabServer {
    func artifact(_ request: Request) throws(RequestError) -> Answer {
        guard let path = request.path, request.query == nil else { throw RequestError(.notFound, "no such path") }
        guard let route = routes.find(path) else {
            // The search for a similar path looks at many.
            return .later { .text(.notFound, self.routes.reason(path)) }
        }
        let isFetched = request.method == .GET
        if try isOperator(request) { return file(route, for: nil) }
        guard let node = route.node else {
            // The media have the files of all nodes, with the hashes of their passwords.
            guard !path.hasPrefix("usb/") else {
                throw RequestError(.forbidden, "the files of the media are served only with the operator's token")
            }
            return file(route, for: isFetched ? policy.owner(of: request.peer) : nil)
        }
        let (isArmed, binding) = statusStore.access(to: node)
        if !isArmed, route.installs || route.isPrivate { return try .now(fromDisk(route, node)) }
        guard route.isPrivate, binding.address != request.peer else {
            return file(route, for: isFetched ? node : nil)
        }
        do throws(RequestError) {
            try policy.check(request.peer, for: node, binding)
        } catch {
            var response = Response(error)
            response.node = node
            return .now(response)
        }
        guard route.installs else {
            throw RequestError(.forbidden, "\(request.peer) has not fetched the preseed of \(node) since it was armed")
        }
        guard isFetched else { return file(route, for: nil) }
        return .later {
            do throws(RequestError) { try await self.bind(node, to: request.peer) } catch { return Response(error) }
            return self.response(route, for: node)
        }
    }

    /// Binds a node to the address of the machine that is installed as the node.
    func bind(_ node: String, to address: String) async throws(RequestError) {
        guard try statusStore.bind(node, to: address, policy) else { return }
        do {
            try await journal.append(Journal.Entry(time: now(), node: node, from: address, content: .bound))
        } catch {
            statusStore.unbind(node, from: address)
            throw RequestError(.serviceUnavailable, "the state of \(node) can't be stored", note: "\(error)")
        }
    }

    private func file(_ route: Routes.Route, for client: String?) -> Answer {
        guard let (file, size) = routes.openVerified(route) else {
            return .later { self.response(route, for: client) }
        }
        return .now(response(route, file, size, for: client))
    }

    private func response(_ route: Routes.Route, for client: String?) -> Response {
        switch routes.open(route) {
        case .damaged(let reason): .text(.internalServerError, "\(route.path) \(reason)")
        case .file(let file, let size): response(route, file, size, for: client)
        }
    }

    /// - Parameter client: The node that fetches the file; nil for another client.
    private func response(
        _ route: Routes.Route, _ file: FileDescriptor, _ size: Int, for client: String?
    ) -> Response {
        if let client { statusStore.fetched(route.path, by: client, at: now()) }
        return Response(
            status: .ok, type: route.type, headers: [("Content-Security-Policy", ContentSecurityPolicy.document)],
            body: .file(file, size: size), node: client)
    }

    /// Returns the response to a node that is not armed: an iPXE script that boots from the disk, or else an error.
    private func fromDisk(_ route: Routes.Route, _ node: String) throws(RequestError) -> Response {
        let reason = "\(node) is not armed and boots from its own disk; to install it again, run xenseed arm \(node)"
        guard route.path.hasSuffix(".ipxe"), let member = statusStore.node(node) else {
            throw RequestError(.forbidden, reason)
        }
        let script = statusStore.plan.ipxeFromDisk(member)
        return Response(status: .ok, type: "text/plain", body: .bytes(script), node: node, note: reason)
    }
}
