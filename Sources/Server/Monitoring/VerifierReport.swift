import FoundationEssentials

/// The report of a node's verifier, /var/lib/xenseed/report.json.
package struct VerifierReport: Codable, Sendable, Equatable {
    struct Check: Codable, Sendable, Equatable {
        package var name: String
        package var ok: Bool
        package var seen: String
        package var asked: String
        /// Whether the check will pass after a restart of the node; `ok` is then true as well.
        var restart: Bool?
    }

    /// The version of the format; only 1 exists.
    var format: Int
    /// The fully qualified name of the node.
    package var node: String
    package var release: String?
    package var kernel: String?
    package var xen: String?
    /// The time of the report in ISO 8601, by the clock of the node.
    package var time: String
    var passed: Int
    var failed: Int
    var checks: [Check]

    /// The maximum size of a report in bytes; a report has a few kilobytes.
    package static let limit = 1 << 20

    /// Reads a report.
    /// - Throws: ``ServerError`` when it is not a report of this format.
    package init(_ data: Data) throws(ServerError) {
        guard data.count <= Self.limit else {
            throw ServerError("is too large for a verifier's report", code: .report)
        }
        do { self = try JSONDecoder().decode(VerifierReport.self, from: data) } catch {
            throw ServerError("is not a verifier's report (/var/lib/xenseed/report.json)", code: .report)
        }
        guard format == 1 else {
            throw ServerError("has the format \(format); this xenseed reads format 1", code: .report)
        }
        let failures = checks.count { !$0.ok }
        guard !checks.isEmpty, failed == failures, passed == checks.count - failures else {
            throw ServerError("has wrong totals: they do not match its checks", code: .report)
        }
    }
}
