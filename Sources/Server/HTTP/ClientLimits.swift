import Synchronization

/// What each client and all clients together may use of the server. A client is an IPv4 address, or a /64 network of IPv6, from which
/// a host chooses addresses freely. A client that belongs to the lab can use everything that is left; all other clients together
/// can use half, so they never use up what the nodes need.
final class ClientLimits: Sendable {
    /// Something that clients use while they are connected.
    enum Resource: Int, CaseIterable, Sendable {
        case connections
        /// Answers that do not end: of the page and of `xenseed watch`.
        case streams
        /// The bytes of the bodies that are being received.
        case bodyBytes
    }

    struct Limit: Sendable {
        var total: Int
        var perClient: Int
    }

    private struct State {
        /// By resource.
        var total = [Int](repeating: 0, count: Resource.allCases.count)
        /// What the clients that do not belong to the lab use, by resource.
        var strangers = [Int](repeating: 0, count: Resource.allCases.count)
        /// By client, and in it by resource. A client that uses nothing is not in it.
        var clients: [String: [Int]] = [:]
    }

    private let state = Mutex(State())
    private let limits: [Limit]
    private let isKnown: @Sendable (_ address: String) -> Bool

    /// - Parameters:
    ///   - connections: The number of connections, which depends on how many files the process may open.
    ///   - isKnown: Returns whether an address belongs to the lab.
    init(connections: Int, isKnown: @escaping @Sendable (String) -> Bool) {
        limits = Resource.allCases.map { resource in
            switch resource {
            case .connections: Limit(total: connections, perClient: connections / 4)
            case .streams: Limit(total: 256, perClient: 32)
            case .bodyBytes: Limit(total: 64 << 20, perClient: 8 << 20)
            }
        }
        self.isKnown = isKnown
    }

    /// Returns the part of an address by which clients are counted.
    private static func client(_ address: String) -> String {
        guard address.contains(":") else { return address }
        // The groups before "::" are complete; a shorter prefix than four groups means that the rest of it is zero.
        let head = address.split(separator: ":", omittingEmptySubsequences: false).prefix { !$0.isEmpty }.prefix(4)
        return head.joined(separator: ":") + "::/64"
    }

    /// Reserves a resource for a client.
    /// - Returns: Whether it was free; if so, it has to be returned with ``release(_:_:of:)``.
    func reserve(_ resource: Resource, _ amount: Int = 1, for address: String) -> Bool {
        let client = Self.client(address)
        let known = isKnown(address)
        let limit = limits[resource.rawValue]
        return state.withLock { state in
            let index = resource.rawValue
            let used = state.clients[client]?[index] ?? 0
            guard used + amount <= limit.perClient, state.total[index] + amount <= limit.total,
                known || state.strangers[index] + amount <= limit.total / 2
            else { return false }
            state.total[index] += amount
            if !known { state.strangers[index] += amount }
            state.clients[client, default: [Int](repeating: 0, count: Resource.allCases.count)][index] += amount
            return true
        }
    }

    func release(_ resource: Resource, _ amount: Int = 1, of address: String) {
        let client = Self.client(address)
        let known = isKnown(address)
        state.withLock { state in
            let index = resource.rawValue
            state.total[index] -= amount
            if !known { state.strangers[index] -= amount }
            guard var used = state.clients[client] else { return }
            used[index] -= amount
            state.clients[client] = used.allSatisfy { $0 == 0 } ? nil : used
        }
    }

    /// The amount of a resource that all clients use.
    func used(_ resource: Resource) -> Int { state.withLock { $0.total[resource.rawValue] } }
}
