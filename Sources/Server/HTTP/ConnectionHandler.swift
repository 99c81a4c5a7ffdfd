import NIOCore
import NIOHTTP1

/// Serves the requests of one connection, one after the other, and closes the connection when the client is too slow.
///
/// It is behind NIO's HTTP decoder, encoder and pipeline handler: the pipeline handler passes on a request only after the answer to
/// the one before, and this handler ends an answer only after the client has taken it, so a client that sends requests and reads no
/// answers occupies the memory of one answer.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long the server waits for a client.
    struct Times: Sendable {
        /// For a new connection, until its first request is complete without the body.
        var head = TimeAmount.seconds(10)
        /// For a body.
        var body = TimeAmount.seconds(20)
        /// After an answer, until the next request is complete without the body.
        var idle = TimeAmount.seconds(30)
        /// For a client to take a piece of an answer.
        var write = TimeAmount.seconds(30)
        /// For a client to read a refusal while its other requests are discarded.
        var refusal = TimeAmount.seconds(2)
    }

    /// What all connections of a server share.
    struct Shared: Sendable {
        var limits: ClientLimits
        var times = Times()
        /// The maximum number of bytes of a body.
        var maximumBody = 1 << 18
        var answer: @Sendable (Request) -> Answer
        var log: @Sendable (Request, Response) -> Void
        /// Whether the server is shutting down, so that no connection stays open after its current answer.
        var isStopping: @Sendable () -> Bool
    }

    private enum State {
        /// No request has been received since the last answer.
        case idle
        case receiving(Request)
        /// The answer is being prepared or sent.
        case answering
        /// The connection is closed after the last answer; everything that is received is discarded.
        case closing
    }

    private let shared: Shared
    private let peer: String
    private let isEncrypted: Bool
    private var state = State.idle
    private var context: ChannelHandlerContext?
    /// The time at which the connection is closed; nil while the server works on the answer.
    private var deadline: NIODeadline?
    private var isDeadlineScheduled = false
    /// Whether the client has sent everything that it wants to send.
    private var isInputClosed = false
    /// Whether an answer is being sent further up the stack, so that pipelined requests are not served recursively.
    private var isNested = false
    private var reservedBody = 0
    private var stream: Task<Void, Never>?

    init(_ shared: Shared, peer: String, isEncrypted: Bool) {
        self.shared = shared
        self.peer = peer
        self.isEncrypted = isEncrypted
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wait(shared.times.head)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        stream?.cancel()
        releaseBody()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            switch state {
            case .idle, .receiving: context.close(promise: nil)
            case .answering, .closing: break
            }
        case is ServerIsStopping:
            if case .idle = state { context.close(promise: nil) }
            stream?.cancel()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow:
            refuse(RequestError(.requestHeaderFieldsTooLarge, "the head of the request is too long"))
        case HTTPParserError.invalidVersion:
            refuse(RequestError(.httpVersionNotSupported, "only HTTP/1.0 and HTTP/1.1 are supported"))
        case let error as HTTPParserError: refuse(RequestError(.badRequest, "this is not an HTTP request: \(error)"))
        // The client has disconnected.
        default: context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            do throws(RequestError) {
                let request = try Request(head, peer: peer, isEncrypted: isEncrypted)
                try receive(request)
            } catch { refuse(error) }
        case (.body(let bytes), .receiving(var request)):
            // Otherwise the array would be copied.
            state = .answering
            request.body += bytes.readableBytesView
            state = .receiving(request)
        case (.end, .receiving(let request)): answer(request)
        default: break
        }
    }

    // MARK: Requests

    private func receive(_ request: Request) throws(RequestError) {
        guard let context else { return }
        let length = request.contentLength
        guard length <= shared.maximumBody else {
            throw RequestError(.payloadTooLarge, "a body has at most \(shared.maximumBody) bytes")
        }
        if length > 0 {
            guard shared.limits.reserve(.bodyBytes, length, for: peer) else {
                throw RequestError(.serviceUnavailable, "too many bodies are being received")
            }
            reservedBody = length
            if request.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
        }
        state = .receiving(request)
        wait(shared.times.body)
    }

    private func releaseBody() {
        guard reservedBody > 0 else { return }
        shared.limits.release(.bodyBytes, reservedBody, of: peer)
        reservedBody = 0
    }

    private func answer(_ request: Request) {
        guard let context else { return }
        state = .answering
        deadline = nil
        switch shared.answer(request) {
        case .now(let response): send(response, to: request)
        case .later(let work):
            let loop = context.eventLoop
            let bound = NIOLoopBound(self, eventLoop: loop)
            Task {
                let response = await work()
                loop.execute { bound.value.send(response, to: request) }
            }
        }
    }

    // MARK: Answers

    private func send(_ response: Response, to request: Request) {
        shared.log(request, response)
        releaseBody()
        let body = ResponseBody(response.body)
        guard let context else {
            body?.close()
            return
        }
        if let body {
            let isKeepAlive = request.isKeepAlive && !isInputClosed && !shared.isStopping()
            context.write(wrapOutboundOut(.head(response.head(isKeepAlive: isKeepAlive))), promise: nil)
            if request.method == .HEAD || body.isComplete {
                body.close()
                end(isKeepAlive: isKeepAlive)
            } else {
                send(body, isKeepAlive: isKeepAlive)
            }
        } else if case .stream(let produce) = response.body {
            guard shared.limits.reserve(.streams, for: peer) else {
                return send(.text(.serviceUnavailable, "too many pages and watch are connected"), to: request)
            }
            context.writeAndFlush(wrapOutboundOut(.head(response.head(isKeepAlive: false))), promise: nil)
            if request.method == .HEAD {
                start({ _ in }, on: context.eventLoop)
            } else {
                start(produce, on: context.eventLoop)
            }
        }
    }

    /// Sends the rest of a body; the next piece follows when the client has taken the one before.
    private func send(_ rest: ResponseBody, isKeepAlive: Bool) {
        guard let context else { return rest.close() }
        var body = rest
        do {
            let piece = try body.next(context.channel.allocator)
            wait(shared.times.write)
            let sent = context.eventLoop.makePromise(of: Void.self)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: sent)
            sent.futureResult.assumeIsolated().whenComplete { [body] result in
                guard case .success = result else { return body.close() }
                guard body.isComplete else { return self.send(body, isKeepAlive: isKeepAlive) }
                body.close()
                self.end(isKeepAlive: isKeepAlive)
            }
        } catch {
            // The client notices that the body is shorter than announced.
            body.close()
            context.close(promise: nil)
        }
    }

    /// Ends an answer. With this, the pipeline handler passes on the next request.
    private func end(isKeepAlive: Bool) {
        guard let context else { return }
        guard !isNested else {
            // Other connections are served before the next request of this one.
            return context.eventLoop.assumeIsolated().execute { self.end(isKeepAlive: isKeepAlive) }
        }
        isNested = true
        defer { isNested = false }
        if isKeepAlive {
            state = .idle
            wait(shared.times.idle)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            if isInputClosed, case .idle = state { context.close(promise: nil) }
        } else {
            state = .closing
            let sent = context.eventLoop.makePromise(of: Void.self)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
            sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    /// Answers with an error. What the client still sends is not read as requests, so the connection is closed; but not at once,
    /// because the client would then not receive the answer.
    private func refuse(_ error: RequestError) {
        guard let context else { return }
        if case .closing = state { return }
        state = .closing
        releaseBody()
        let response = Response(error)
        context.write(wrapOutboundOut(.head(response.head(isKeepAlive: false))), promise: nil)
        if var body = ResponseBody(response.body), let piece = try? body.next(context.channel.allocator) {
            context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        wait(shared.times.refusal)
    }

    private func start(
        _ produce: @escaping @Sendable (@Sendable ([UInt8]) async throws -> Void) async throws -> Void,
        on loop: any EventLoop
    ) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let (limits, peer) = (shared.limits, peer)
        stream = Task {
            try? await produce { bytes in
                try Task.checkCancellation()
                try await loop.flatSubmit { bound.value.sendPiece(bytes, on: loop) }.get()
            }
            limits.release(.streams, of: peer)
            loop.execute { bound.value.end(isKeepAlive: false) }
        }
    }

    private func sendPiece(_ bytes: [UInt8], on loop: any EventLoop) -> EventLoopFuture<Void> {
        guard let context else { return loop.makeFailedFuture(ChannelError.eof) }
        wait(shared.times.write)
        let sent = loop.makePromise(of: Void.self)
        context.writeAndFlush(
            wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes)))), promise: sent)
        sent.futureResult.assumeIsolated().whenSuccess { self.deadline = nil }
        return sent.futureResult
    }

    // MARK: Deadlines

    /// Closes the connection unless something happens within a time.
    private func wait(_ time: TimeAmount) {
        guard let context else { return }
        deadline = context.eventLoop.now + time
        scheduleDeadline(in: time)
    }

    /// One task is scheduled at a time, at most two seconds ahead, and it schedules the next one, so that a new deadline costs
    /// nothing and is kept within two seconds.
    private func scheduleDeadline(in time: TimeAmount) {
        guard !isDeadlineScheduled, let context else { return }
        isDeadlineScheduled = true
        context.eventLoop.assumeIsolated().scheduleTask(in: min(time, .seconds(2))) {
            self.isDeadlineScheduled = false
            guard let context = self.context, let deadline = self.deadline else { return }
            let left = deadline - context.eventLoop.now
            if left <= .zero { context.close(promise: nil) } else { self.scheduleDeadline(in: left) }
        }
    }
}

/// The event that tells a connection that the server is shutting down.
struct ServerIsStopping: Sendable {}
