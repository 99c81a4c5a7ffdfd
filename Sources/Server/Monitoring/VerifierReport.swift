import Foundation

/// The report of a node's verifier, /var/lib/xenseed/report.json.
public struct VerifierReport: Codable, Sendable, Equatable {
    public struct Check: Codable, Sendable, Equatable {
        public var name: String
        public var ok: Bool
        public var seen: String
        public var asked: String
        /// Whether the check will pass after a restart of the node; `ok` is then true as well.
        public var restart: Bool?
    }

    /// The version of the format; only 1 exists.
    public var format: Int
    /// The fully qualified name of the node.
    public var node: String
    public var release: String?
    public var kernel: String?
    public var xen: String?
    /// The time of the report in ISO 8601, by the clock of the node.
    public var time: String
    public var passed: Int
    public var failed: Int
    public var checks: [Check]

    /// The maximum size of a report in bytes; a report has a few kilobytes.
    public static let limit = 1 << 20

    /// Reads a report.
    /// - Throws: ``MonitoringError`` when it is not a report of this format.
    public init(_ data: Data) throws(MonitoringError) {
        guard data.count <= Self.limit else {
            throw MonitoringError(description: "is too large for a verifier's report")
        }
        do { self = try JSONDecoder().decode(VerifierReport.self, from: data) } catch {
            throw MonitoringError(description: "is not a verifier's report (/var/lib/xenseed/report.json)")
        }
        guard format == 1 else {
            throw MonitoringError(description: "has the format \(format); this xenseed reads format 1")
        }
        let failures = checks.count { !$0.ok }
        guard !checks.isEmpty, failed == failures, passed == checks.count - failures else {
            throw MonitoringError(description: "has wrong totals: they do not match its checks")
        }
    }
}

/// The error of this module: a verifier's report that can't be read. The description is a clause to put after the name of the
/// source.
public struct MonitoringError: Error, CustomStringConvertible {
    public let description: String
}
