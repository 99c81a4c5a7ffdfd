import Preseed

/// The stages of an installation in their order, as the progress lines name them (`late-command.sh`, `xenseed-verify`).
package enum Stage: String, CaseIterable, Comparable, Sendable, Encodable {
    case early, partitioning, base, packages, late, reboot, boot, verify

    package static func < (a: Stage, b: Stage) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }

    /// The progress in percent at the beginning of the stage: its share of the time from power-on to the verifier's
    /// result. Measured in QEMU on 2026-11-24: 193, 195, 236, 711, 825, 990, 990 and 1200 of 1253 s.
    var share: Int {
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

/// A line that reports a node's progress: `xenseed/1 NODE STAGE STEP STATUS SECONDS MESSAGE`.
package struct ProgressLine: Sendable, Equatable {
    package enum Status: String, Sendable, Encodable {
        case start, ok, failed
        /// Only from the verifier: everything is as expected, but the running hypervisor or kernel has been replaced by
        /// an upgrade.
        case restart
    }

    package var node: Hostname
    package var stage: Stage
    /// The step within the stage; nil for the stage itself.
    package var step: String?
    package var status: Status
    /// The seconds since the kernel started.
    package var seconds: Double
    package var message: String

    /// The prefix of a line of a node's log.
    private static let logMark = "xenseed/1+ "

    /// The number of characters after the prefix; the writers of lines cut longer ones.
    static let limit = 300

    /// The maximum of the seconds since the kernel started: thirty years. With it, sums of a node's run times stay finite.
    private static let maximumSeconds = 1e9

    /// Finds a progress line in a line of a log, where a console may have put something in front of it; nil when there
    /// is none. A line of a node's log is not one, although the node's log has its progress lines.
    package init?(in text: some StringProtocol) {
        guard text.firstRange(of: Self.logMark) == nil,
            let fields = Self.fields(of: text, after: "xenseed/1 ", count: 6), fields.count >= 5,
            let node = try? Hostname(text: fields[0]), let stage = Stage(rawValue: fields[1]),
            let status = Status(rawValue: fields[3]), let seconds = Double(fields[4]),
            seconds >= 0, seconds <= Self.maximumSeconds, !fields[2].isEmpty
        else { return nil }
        self.node = node
        self.stage = stage
        step = fields[2] == "-" ? nil : fields[2]
        self.status = status
        self.seconds = seconds
        message = fields.count > 5 ? fields[5] : ""
    }

    /// Parses a line of a node's log, which follows a failure: `xenseed/1+ NODE TEXT`. Nil when it is not such a line.
    package static func log(in text: some StringProtocol) -> (node: Hostname, text: String)? {
        guard let fields = fields(of: text, after: logMark, count: 2),
            let node = fields.first.flatMap({ try? Hostname(text: $0) })
        else { return nil }
        return (node, fields.count > 1 ? fields[1] : "")
    }

    /// Returns the part of a line from its prefix on, limited to printable ASCII and to the maximum length.
    static func sanitized(_ text: some StringProtocol) -> String {
        let start = text.firstRange(of: "xenseed/1")?.lowerBound ?? text.startIndex
        return String(decoding: printable(text[start...].utf8.prefix(limit + 11)), as: UTF8.self)
    }

    private static func printable(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= 32 && $0 <= 126 ? $0 : 63 }
    }

    /// Splits the text after a prefix at blanks; bytes that are not printable ASCII become question marks.
    private static func fields(of text: some StringProtocol, after mark: String, count: Int) -> [String]? {
        guard let start = text.firstRange(of: mark)?.upperBound else { return nil }
        // Bytes, because splitting a string looks for the boundaries of its characters.
        return printable(text[start...].utf8.prefix(limit))
            .split(separator: UInt8(ascii: " "), maxSplits: count - 1, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

extension ProgressLine: CustomStringConvertible {
    /// The line for a person: `xen01 late packages failed: exit code 100`.
    package var description: String {
        "\(node) \(stage.rawValue) \(step.map { $0 + " " } ?? "")\(status.rawValue)\(message.isEmpty ? "" : ": \(message)")"
    }
}
