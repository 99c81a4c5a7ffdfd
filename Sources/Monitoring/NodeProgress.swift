import Values

/// How far one node is, by all that it has said.
public struct NodeProgress: Sendable {
    public enum State: String, Sendable, Equatable, Encodable {
        /// Nothing was heard of it.
        case silent
        case underWay
        /// By its verifier, after the installation.
        case verified
        /// Verified, but what an upgrade replaced still runs.
        case needsRestart
        /// A step failed, and has not been tried again.
        case failed
    }

    public let node: Hostname
    public private(set) var state = State.silent
    /// What it said last.
    public private(set) var last: ProgressLine?
    /// The failure that stands.
    public private(set) var failure: ProgressLine?
    /// Of the log, what came with the failure; at most fifty lines.
    public private(set) var log: [String] = []
    /// Of kernels that ran before the present one.
    private var earlier = 0.0
    /// How long the installation took, up to its verifier's first word; later ones don't count.
    private var ended: Double?

    public static let longestLog = 50

    public init(node: Hostname) { self.node = node }

    /// From power-on, without the firmware's time.
    public var seconds: Double { ended ?? earlier + (last?.seconds ?? 0) }

    /// Of the whole way, in hundredths.
    public var percent: Int { isVerified ? 100 : last?.stage.share ?? 0 }

    /// Whether its verifier found all as asked.
    public var isVerified: Bool { state == .verified || state == .needsRestart }

    public mutating func hear(_ line: ProgressLine) {
        if let last, line.seconds < last.seconds {
            // The verifier posts its lines one after the other, so this one begins a boot.
            let isReboot = (line.stage >= .boot) != (last.stage >= .boot) || line.stage == .boot
            let isNewAttempt = line.stage == .early && line.step == nil && line.status == .start
            // Posted lines may overtake each other; what is old news says nothing.
            guard isReboot || isNewAttempt || line.status == .failed else { return }
            if isReboot || isNewAttempt { earlier += last.seconds }
        }
        last = line
        if line.stage < .boot { ended = nil }
        if line.stage == .verify, line.step == nil, line.status != .start, ended == nil { ended = seconds }
        switch (line.status, line.stage, line.step) {
        case (.failed, .verify, .some):
            // The verifier's findings are one failure, at its end.
            hear(log: line.description)
        case (.failed, _, _):
            if line.stage != .verify { log = [] }
            (state, failure) = (.failed, line)
        case (.ok, .verify, nil): (state, failure) = (.verified, nil)
        case (.restart, .verify, nil): (state, failure) = (.needsRestart, nil)
        case (.start, _, _): (state, failure, log) = (.underWay, nil, [])
        case (.ok, _, _), (.restart, _, _): if failure == nil { state = .underWay }
        }
    }

    public mutating func hear(log line: String) {
        if log.count < Self.longestLog { log.append(line) }
    }

    /// What to do about a failure.
    public var advice: String? {
        guard let failure else { return nil }
        let cure: String
        switch (failure.stage, failure.step) {
        case (.verify, _): return "Log in, and run xenseed-verify; /etc/xenseed/expect has what is asked."
        case (.early, "fetch-late-command"):
            cure =
                "The lab was built again since this node fetched its preseed, or its files are not where that was: start it anew."
        case (.early, "fetch-overlay"):
            cure = "Are the files of this build on the medium, or served as they were built?"
        case (.early, "check-overlay"):
            cure =
                "The overlay is not the one that this node's preseed was built with: serve or copy the whole of out/ again."
        case (.early, "check-firmware"):
            cure = "The machine's firmware is not set up as the lab needs it: the log says what to change."
        case (.early, "choose-disk"): cure = "See which disks there are, and which one the lab's disk: names."
        case (.early, "clear-disk"): cure = "The disk can't be written: is it whole, and not in use?"
        case (.late, "upgrade"):
            cure = "Do the mirror and the security archive answer? upgrade: false in the lab leaves this step out."
        case (.late, "packages"): cure = "Does the mirror answer, and does it have these packages for this release?"
        case (.late, "late-script"): cure = "The lab's late_script ended with an error."
        default: cure = "The installer's second console (Alt-F2) has the log: /tmp/xenseed, /target/var/log/xenseed."
        }
        return cure + " Continue in the installer's dialog tries the step again."
    }
}
