/// The arm state of a node, derived from its journal entries: whether it is installed when it boots from the network.
package struct ArmState: Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// No entry shows that the node was ever installed.
        case neverInstalled
        /// A user requested an installation.
        case armed
        /// The node reported that it is installed.
        case installed
        /// A user requested that the node is not installed.
        case disarmed
    }

    package private(set) var cause = Cause.neverInstalled
    /// Whether an installation has begun since the node was armed. Until then, the old system may still run and report.
    private var hasBegun = false

    package var isArmed: Bool { cause == .neverInstalled || cause == .armed }

    mutating func apply(_ content: Journal.Entry.Content) {
        switch content {
        case .armed: self = ArmState(cause: .armed)
        case .disarmed: cause = .disarmed
        case .installed: cause = .installed
        case .bound, .token: break
        case .report: installed(at: .verify)
        case .progress(let lines):
            for line in lines { if let line = ProgressLine(in: line) { receive(line) } }
        }
    }

    private mutating func receive(_ line: ProgressLine) {
        if line.stage == .early { hasBegun = true }
        // The installer restarts the machine, which has to boot from its own disk from now on.
        if line.stage >= .reboot, line.status != .failed { installed(at: line.stage) }
    }

    private mutating func installed(at stage: Stage) {
        if cause == .disarmed || cause == .armed && stage > .reboot && !hasBegun { return }
        cause = .installed
    }

    init() {}
    private init(cause: Cause) { self.cause = cause }

    /// The entries that restore this state in a compacted journal: one before the node's own entries, one after them.
    var records: (before: Journal.Entry.Content?, after: Journal.Entry.Content?) {
        switch cause {
        case .neverInstalled: (nil, nil)
        case .armed: (.armed, nil)
        case .installed: (nil, .installed)
        case .disarmed: (nil, .disarmed)
        }
    }
}
