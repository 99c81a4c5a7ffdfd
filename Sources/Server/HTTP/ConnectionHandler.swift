import NIOCore
import NIOHTTP1

/// Serves the requests of one connection, one after the other, and closes the connection when the client is too slow.
///
/// It is behind NIO's HTTP decoder. A request is served only when the client has taken the answer to the one before, and until then
/// nothing is read, so a client that sends requests and reads no answers occupies the memory of one answer.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

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
    /// What was received while an answer was prepared or sent: the requests in what was read at once.
    private var pending = CircularBuffer<HTTPServerRequestPart>()
    /// The error in what was received behind ``pending``.
    private var pendingError: HTTPParserError?
    /// Whether the channel wanted to read while an answer was prepared or sent.
    private var isReadPending = false
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
        // Other errors mean that the client has disconnected.
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        if case .answering = state { pendingError = error } else { refuse(RequestError(error)) }
    }

    func read(context: ChannelHandlerContext) {
        if case .answering = state { isReadPending = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .answering = state { pending.append(part) } else { receive(part) }
    }

    private func receive(_ part: HTTPServerRequestPart) {
        switch (part, state) {
        case (.head(let head), .idle):
            do throws(RequestError) {
                try receive(Request(head, peer: peer, isEncrypted: isEncrypted))
            } catch { refuse(error) }
        case (.body(let bytes), .receiving(var request)):
            // Otherwise the array would be copied.
            state = .closing
            request.body += bytes.readableBytesView
            state = .receiving(request)
        case (.end, .receiving(let request)): answer(request)
        default: break
        }
    }

    /// Goes on with what was received while the last answer was sent.
    private func resume() {
        while let part = pending.popFirst() {
            receive(part)
            if case .answering = state { return }
        }
        if let error = pendingError {
            pendingError = nil
            return refuse(RequestError(error))
        }
        guard let context else { return }
        if isInputClosed {
            context.close(promise: nil)
        } else if isReadPending {
            isReadPending = false
            context.read()
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
                    wrapOutboundOut(context.channel.allocator.buffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")),
                    promise: nil)
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
            let isKeepAlive = request.isKeepAlive && !shared.isStopping() && !(isInputClosed && pending.isEmpty)
            var bytes = context.channel.allocator.buffer(capacity: ResponseBody.headSize + body.nextCount)
            response.writeHead(to: &bytes, isKeepAlive: isKeepAlive)
            send(request.method == .HEAD ? body.skipped : body, behind: bytes, isKeepAlive: isKeepAlive)
        } else if case .stream(let produce) = response.body {
            guard shared.limits.reserve(.streams, for: peer) else {
                return send(.text(.serviceUnavailable, "too many pages and watch are connected"), to: request)
            }
            var bytes = context.channel.allocator.buffer(capacity: ResponseBody.headSize)
            response.writeHead(to: &bytes, isKeepAlive: false)
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            if request.method == .HEAD {
                start({ _ in }, on: context.eventLoop)
            } else {
                start(produce, on: context.eventLoop)
            }
        }
    }

    /// Sends the next piece of a body behind some bytes; the rest follows when the client has taken it.
    private func send(_ rest: ResponseBody, behind head: ByteBuffer, isKeepAlive: Bool) {
        var (body, bytes) = (rest, head)
        guard let context else { return body.close() }
        do { try body.writeNext(to: &bytes) } catch {
            // The client notices that the body is shorter than announced.
            body.close()
            return context.close(promise: nil)
        }
        wait(shared.times.write)
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: sent)
        sent.futureResult.assumeIsolated().whenComplete { [body] result in
            guard case .success = result else { return body.close() }
            guard body.isComplete else {
                let next = context.channel.allocator.buffer(capacity: body.nextCount)
                return self.send(body, behind: next, isKeepAlive: isKeepAlive)
            }
            body.close()
            self.end(isKeepAlive: isKeepAlive)
        }
    }

    /// Ends an answer that the client has taken.
    private func end(isKeepAlive: Bool) {
        guard let context else { return }
        guard isKeepAlive else {
            state = .closing
            return context.close(promise: nil)
        }
        guard !isNested else {
            // Other connections are served before the next request of this one.
            return context.eventLoop.assumeIsolated().execute { self.end(isKeepAlive: true) }
        }
        isNested = true
        defer { isNested = false }
        state = .idle
        wait(shared.times.idle)
        resume()
    }

    /// Answers with an error. What the client still sends is not read as requests, so the connection is closed; but not at once,
    /// because the client would then not receive the answer.
    private func refuse(_ error: RequestError) {
        guard let context else { return }
        if case .closing = state { return }
        state = .closing
        releaseBody()
        var bytes = context.channel.allocator.buffer(capacity: ResponseBody.headSize)
        let response = Response(error)
        response.writeHead(to: &bytes, isKeepAlive: false)
        if var body = ResponseBody(response.body) { try? body.writeNext(to: &bytes) }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
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
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: sent)
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

extension RequestError {
    /// The refusal of what NIO's decoder can't read.
    fileprivate init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow: self.init(.requestHeaderFieldsTooLarge, "the head of the request is too long")
        case .invalidVersion: self.init(.httpVersionNotSupported, "only HTTP/1.0 and HTTP/1.1 are supported")
        default: self.init(.badRequest, "this is not an HTTP request: \(error)")
        }
    }
}

/// The event that tells a connection that the server is shutting down.
struct ServerIsStopping: Sendable {}
