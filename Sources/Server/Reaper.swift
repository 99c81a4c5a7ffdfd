import FlyingSocks
import FoundationEssentials
import Glibc
import Synchronization

/// Ends connections whose time is over.
final class Reaper: Sendable {
    private let deadlines = Mutex<[Int32: ContinuousClock.Instant?]>([:])

    /// - Returns: false when there are too many already.
    func add(_ socket: Socket, most: Int) -> Bool {
        deadlines.withLock { deadlines in
            guard deadlines.count < most else { return false }
            deadlines[socket.file.rawValue] = .some(nil)
            return true
        }
    }

    /// - Parameter time: nil when nothing is expected of the client.
    func expect(_ socket: Socket, within time: Duration?) {
        deadlines.withLock { $0[socket.file.rawValue] = .some(time.map { .now + $0 }) }
    }

    /// A connection's last: its number may be another's from here on.
    func close(_ socket: Socket) {
        deadlines.withLock { deadlines in
            deadlines[socket.file.rawValue] = nil
            try? socket.close()
        }
    }

    func reap() {
        let now = ContinuousClock.now
        deadlines.withLock { deadlines in
            for case (let descriptor, .some(let deadline)) in deadlines where deadline < now {
                // Whoever waits for it wakes, and finds its end.
                shutdown(descriptor, Int32(SHUT_RDWR))
                deadlines[descriptor] = .some(nil)
            }
        }
    }
}
