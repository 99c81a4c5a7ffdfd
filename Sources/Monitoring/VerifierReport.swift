import Foundation

/// What a node's verifier left in /var/lib/xenseed/report.json.
public struct VerifierReport: Codable, Sendable, Equatable {
    public struct Check: Codable, Sendable, Equatable {
        public var name: String
        public var ok: Bool
        public var seen: String
        public var asked: String
        /// Whether it holds again after the node was restarted; `ok` is true then, too.
        public var restart: Bool?
    }

    /// Of the report; 1 is the only one so far.
    public var format: Int
    /// By its full name.
    public var node: String
    public var release: String?
    public var kernel: String?
    public var xen: String?
    /// ISO 8601, by the node's clock.
    public var time: String
    public var passed: Int
    public var failed: Int
    public var checks: [Check]

    public struct Unreadable: Error, CustomStringConvertible {
        public let description: String
    }

    /// A report is some kilobytes; what is larger is none.
    public static let limit = 1 << 20

    public init(_ data: Data) throws(Unreadable) {
        guard data.count <= Self.limit else { throw Unreadable(description: "is too large for a verifier's report") }
        do { self = try JSONDecoder().decode(VerifierReport.self, from: data) } catch {
            throw Unreadable(description: "is not a verifier's report (/var/lib/xenseed/report.json)")
        }
        guard format == 1 else {
            throw Unreadable(description: "has the format \(format); this xenseed reads format 1")
        }
        let failures = checks.count { !$0.ok }
        guard !checks.isEmpty, failed == failures, passed == checks.count - failures else {
            throw Unreadable(description: "counts other checks than it has")
        }
    }
}
