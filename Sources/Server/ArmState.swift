/// Whether a node is to be installed when it starts from the network, by what the journal has of it.
package struct ArmState: Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// Nothing says that it was ever installed.
        case neverInstalled
        /// Somebody asked for its installation.
        case armed
        /// It said that it is installed.
        case installed
        /// Somebody asked that it is not installed.
        case disarmed
    }

    package private(set) var cause = Cause.neverInstalled
    /// Whether an installation began since it was armed. Until then the old system may still run and report.
    private var hasBegun = false

    package var isArmed: Bool { cause == .neverInstalled || cause == .armed }

    mutating func apply(_ content: Journal.Entry.Content) {
        switch content {
        case .armed: self = ArmState(cause: .armed)
        case .disarmed: cause = .disarmed
        case .installed: cause = .installed
        case .report: installed(at: .verify)
        case .progress(let lines):
            for line in lines { if let line = ProgressLine(in: line) { hear(line) } }
        }
    }

    private mutating func hear(_ line: ProgressLine) {
        if line.stage == .early { hasBegun = true }
        // The installer restarts the machine: from here on it has to boot its own disk.
        if line.stage >= .reboot, line.status != .failed { installed(at: line.stage) }
    }

    private mutating func installed(at stage: Stage) {
        if cause == .disarmed || cause == .armed && stage > .reboot && !hasBegun { return }
        cause = .installed
    }

    init() {}
    private init(cause: Cause) { self.cause = cause }

    /// What brings a new state to this one, around the records of what the node said.
    var records: (before: Journal.Entry.Content?, after: Journal.Entry.Content?) {
        switch cause {
        case .neverInstalled: (nil, nil)
        case .armed: (.armed, nil)
        case .installed: (nil, .installed)
        case .disarmed: (nil, .disarmed)
        }
    }
}
