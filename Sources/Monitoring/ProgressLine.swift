import Values

/// What an installation goes through, in order, as nodes say it (`late-command.sh`, `xenseed-verify`).
public enum Stage: String, CaseIterable, Comparable, Sendable, Encodable {
    case early, partitioning, base, packages, late, reboot, boot, verify

    public static func < (a: Stage, b: Stage) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }

    /// Of the time from power-on to the verifier's end, how much has gone by when the stage begins, in hundredths. Measured in QEMU on
    /// 2026-11-24: 193, 195, 236, 711, 825, 990, 990 and 1200 of 1253 s.
    public var share: Int {
        switch self {
        case .early: 15
        case .partitioning: 16
        case .base: 19
        case .packages: 57
        case .late: 66
        case .reboot, .boot: 79
        case .verify: 96
        }
    }
}

/// One line in which a node says how far it is: `xenseed/1 NODE STAGE STEP STATUS SECONDS MESSAGE`.
public struct ProgressLine: Sendable, Equatable {
    public enum Status: String, Sendable, Encodable {
        case start, ok, failed
        /// Of the verifier: all is as asked, but what an upgrade replaced still runs.
        case restart
    }

    public var node: Hostname
    public var stage: Stage
    /// Nil for the stage itself.
    public var step: String?
    public var status: Status
    /// Since that kernel started.
    public var seconds: Double
    public var message: String

    /// Longer ones are cut by who writes them.
    static let limit = 300

    /// The line in a line of a log, where a console may have put something in front of it; nil when there is none.
    public init?(in text: some StringProtocol) {
        guard let words = Self.words(of: text, behind: "xenseed/1 ", count: 6), words.count >= 5,
            let node = try? Hostname(text: String(words[0])), let stage = Stage(rawValue: String(words[1])),
            let status = Status(rawValue: String(words[3])), let seconds = Double(words[4]),
            seconds.isFinite, seconds >= 0, !words[2].isEmpty
        else { return nil }
        self.node = node
        self.stage = stage
        step = words[2] == "-" ? nil : String(words[2])
        self.status = status
        self.seconds = seconds
        message = words.count > 5 ? String(words[5]) : ""
    }

    /// A line of a node's log, which follows a failure: `xenseed/1+ NODE TEXT`.
    public static func log(in text: some StringProtocol) -> (node: Hostname, text: String)? {
        guard let words = words(of: text, behind: "xenseed/1+ ", count: 2),
            let node = words.first.flatMap({ try? Hostname(text: String($0)) })
        else { return nil }
        return (node, words.count > 1 ? String(words[1]) : "")
    }

    /// A line from its mark on, in printable ASCII and not too long, whatever it has.
    public static func sound(_ text: some StringProtocol) -> String {
        let start = text.firstRange(of: "xenseed/1")?.lowerBound ?? text.startIndex
        return printable(text[start...].utf8.prefix(limit + 11))
    }

    private static func printable(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { (32...126).contains($0) ? $0 : 63 }, as: UTF8.self)
    }

    /// Printable ASCII only, whatever the line has.
    private static func words(of text: some StringProtocol, behind mark: String, count: Int) -> [Substring]? {
        guard let start = text.firstRange(of: mark)?.upperBound else { return nil }
        return printable(text[start...].utf8.prefix(limit))
            .split(separator: " ", maxSplits: count - 1, omittingEmptySubsequences: false)
    }
}

extension ProgressLine: CustomStringConvertible {
    /// `xen01 late packages failed: exit code 100`.
    public var description: String {
        "\(node) \(stage.rawValue) \(step.map { $0 + " " } ?? "")\(status.rawValue)\(message.isEmpty ? "" : ": \(message)")"
    }
}
