import FoundationEssentials
import Logging
import Preseed

/// Writes log lines that people and programs can read: time in UTC, level, message, and `name=value` for each field. A value with
/// other characters than letters, digits and common punctuation is in quotation marks.
package struct LineLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    private let write: @Sendable (String) -> Void

    /// - Parameter write: Receives each line without its line feed.
    package init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The order of the fields; others follow in alphabetical order.
    private static let order = ["node", "client", "method", "path", "status"]

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let names =
            Self.order.filter { fields[$0] != nil } + fields.keys.filter { !Self.order.contains($0) }.sorted()
        let texts = names.map { " \($0)=\(Self.quoted("\(fields[$0]!)"))" }.joined()
        let time = Date.now.formatted(.iso8601)
        write("\(time) \(event.level) \(DiagnosticReport.printable("\(event.message)"))\(texts)")
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "/.:-_%@+,~[]".utf8.contains(byte)
            }
        guard !isPlain else { return text }
        let escaped = DiagnosticReport.printable(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))
        return "\"\(escaped)\""
    }
}
