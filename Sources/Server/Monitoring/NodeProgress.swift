import Preseed

/// The progress of one node, derived from all its progress lines.
package struct NodeProgress: Sendable {
    package enum State: String, Sendable, Equatable, Encodable, CaseIterable {
        /// No line has arrived.
        case silent
        case underWay
        /// The node's verifier found everything as expected after the installation.
        case verified
        /// Verified, but the running hypervisor or kernel has been replaced by an upgrade.
        case needsRestart
        /// A step failed and has not been repeated.
        case failed
    }

    package let node: Hostname
    package private(set) var state = State.silent
    /// The last progress line.
    package private(set) var last: ProgressLine?
    /// The failure that has not been resolved.
    private(set) var failure: ProgressLine?
    /// The log lines that followed the failure, at most ``longestLog``.
    package private(set) var log: [String] = []
    /// The times of the stages of the last attempt to install the node.
    private(set) var times = StageTimes()
    /// The run time in seconds of all earlier kernels of this installation.
    private var earlier = 0.0
    /// The duration of the installation in seconds, up to the verifier's first result; later results do not change it.
    private var ended: Double?

    static let longestLog = 50

    package init(node: Hostname) { self.node = node }

    /// The seconds since power-on, without the time of the firmware.
    package var seconds: Double { ended ?? earlier + (last?.seconds ?? 0) }

    /// The progress in percent.
    package var percent: Int { isVerified ? 100 : last?.stage.share ?? 0 }

    /// Whether the verifier found everything as expected.
    package var isVerified: Bool { state == .verified || state == .needsRestart }

    /// Takes a progress line of the node into account.
    package mutating func receive(_ line: ProgressLine) {
        if let last, line.seconds < last.seconds {
            // The verifier posts its lines in order, so a lower time means that the node has booted again.
            let isReboot = (line.stage >= .boot) != (last.stage >= .boot) || line.stage == .boot
            let isNewAttempt = line.stage == .early && line.step == nil && line.status == .start
            // Posted lines may arrive in another order; a line that is older than the last one is ignored.
            guard isReboot || isNewAttempt || line.status == .failed else { return }
            if isReboot || isNewAttempt { earlier += last.seconds }
        }
        last = line
        if line.stage < .boot { ended = nil }
        times.receive(line, total: earlier + line.seconds)
        if line.stage == .verify, line.step == nil, line.status != .start, ended == nil { ended = seconds }
        switch (line.status, line.stage, line.step) {
        case (.failed, .verify, .some):
            // The findings of the verifier become one failure, at its end.
            receive(log: line.description)
        case (.failed, _, _):
            if line.stage != .verify { log = [] }
            (state, failure) = (.failed, line)
        case (.ok, .verify, nil): (state, failure) = (.verified, nil)
        case (.restart, .verify, nil): (state, failure) = (.needsRestart, nil)
        case (.start, _, _): (state, failure, log) = (.underWay, nil, [])
        case (.ok, _, _), (.restart, _, _): if failure == nil { state = .underWay }
        }
    }

    /// Takes a line of the node's log into account.
    package mutating func receive(log line: String) {
        if log.count < Self.longestLog { log.append(line) }
    }

    /// The advice for a person on the failure; nil when there is none.
    package var advice: String? {
        guard let failure else { return nil }
        let cure: String
        switch (failure.stage, failure.step) {
        case (.verify, _): return "Log in and run xenseed-verify; /etc/xenseed/expect has the expected values."
        case (.early, "fetch-late-command"):
            cure =
                "The lab was built again after this node fetched its preseed, or the late command is not beside the preseed: restart the installation."
        case (.early, "fetch-overlay"):
            cure = "Check that the files of this build are on the medium, or are served unchanged."
        case (.early, "check-overlay"):
            cure =
                "The overlay is not from the same build as this node's preseed: serve or copy the whole of out/ again."
        case (.early, "check-firmware"):
            cure = "The firmware settings of the machine do not match the lab: the log shows what to change."
        case (.early, "choose-disk"): cure = "Compare the disks of the machine with the field disk of the lab."
        case (.early, "clear-disk"): cure = "The disk can't be written: check that it is intact and not in use."
        case (.late, "upgrade"):
            cure =
                "Check that the mirror and the security archive answer; upgrade: false in the lab leaves this step out."
        case (.late, "packages"): cure = "Check that the mirror answers and has these packages for this release."
        case (.late, "late-script"): cure = "The lab's late_script ended with an error."
        default:
            cure = "Read the log on the installer's second console (Alt-F2): /tmp/xenseed, /target/var/log/xenseed."
        }
        return cure + " Select Continue in the installer's dialog to repeat the step."
    }
}
