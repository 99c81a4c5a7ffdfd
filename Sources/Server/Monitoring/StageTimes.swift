/// When the stages of one installation began and when it ended, in seconds since power-on, and the time that is left of an
/// installation by those of earlier ones.
package struct StageTimes: Sendable, Equatable {
    private var begins: [Stage: Double] = [:]
    /// The time of the verifier's first result; nil before it.
    private(set) var end: Double?
    /// Whether a step has failed. The installation then waited for a person, so its times can't be used for others.
    private(set) var hasFailed = false
    private var last: (stage: Stage, seconds: Double)?
    /// The run time of all earlier kernels and attempts when the machine was switched on for this attempt.
    private var powerOn = 0.0

    package init() {}

    package static func == (a: StageTimes, b: StageTimes) -> Bool {
        a.begins == b.begins && a.end == b.end && a.hasFailed == b.hasFailed
    }

    /// Takes a progress line into account.
    /// - Parameter total: The node's run time at this line, with all its kernels and attempts.
    mutating func receive(_ line: ProgressLine, total: Double) {
        // The first line of an attempt.
        if line.stage == .early, line.step == nil, line.status == .start {
            self = StageTimes()
            powerOn = total - line.seconds
        }
        guard end == nil else { return }
        let seconds = total - powerOn
        if begins[line.stage] == nil { begins[line.stage] = seconds }
        last = (line.stage, seconds)
        if line.status == .failed { hasFailed = true }
        if line.stage == .verify, line.step == nil, line.status == .ok || line.status == .restart { end = seconds }
    }

    /// Whether the times can be used for the estimates of other installations.
    var isComplete: Bool { end != nil && !hasFailed && begins[.early] != nil }

    /// Estimates the time in seconds from the last line to the verifier's result; nil when nothing is known.
    /// - Parameter runs: Complete installations of the same lab. The median of what they took from the beginning of the current
    ///   stage is used. Without any, the share of the stage in the time of an installation is used. The stages up to `base` are
    ///   too early for that: they begin when the installer has started, which takes a different share on each machine.
    func secondsLeft(by runs: [StageTimes]) -> (seconds: Int, isFromRuns: Bool)? {
        guard end == nil, let last, let begin = begins[last.stage] else { return nil }
        let rest = runs.compactMap { run in
            if let end = run.end, let begin = run.begins[last.stage] { end - begin } else { nil }
        }.sorted()
        let spent = last.seconds - begin
        if !rest.isEmpty { return Self.whole(rest[rest.count / 2] - spent).map { ($0, true) } }
        guard last.stage > .base, last.stage < .verify else { return nil }
        let total = begin * 100 / Double(last.stage.share)
        return Self.whole(total - begin - spent).map { ($0, false) }
    }

    /// Rounds a time. It may be negative when the installation takes longer than expected.
    private static func whole(_ seconds: Double) -> Int? {
        seconds.isFinite && abs(seconds) < 1e6 ? Int(seconds.rounded()) : nil
    }
}

extension StageTimes {
    /// The times of a complete installation as text: `early=15.2 base=60.0 end=1253.4`.
    var text: String {
        Stage.allCases.compactMap { stage in begins[stage].map { "\(stage.rawValue)=\($0) " } }.joined()
            + "end=\(end ?? 0)"
    }

    /// Reads such a text; nil when it is not the one of a complete installation.
    init?(text: some StringProtocol) {
        self.init()
        for part in text.split(separator: " ", maxSplits: Stage.allCases.count + 1) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let seconds = Double(pair[1]), (0...1e9).contains(seconds) else { return nil }
            if pair[0] == "end" {
                end = seconds
            } else if let stage = Stage(rawValue: String(pair[0])) {
                begins[stage] = seconds
            } else {
                return nil
            }
        }
        guard isComplete else { return nil }
    }
}
