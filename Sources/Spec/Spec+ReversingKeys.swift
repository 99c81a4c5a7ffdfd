import Diagnostics

extension Spec {
    /// The same lab with the keys of every mapping in reverse order, as JSON (which is YAML). Its meaning must not
    /// depend on that.
    public static func reversingKeys(_ text: String) -> String {
        var report = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &report) else { return text }
        return write(root) + "\n"
    }

    private static func write(_ value: YAMLValue) -> String {
        switch value {
        case .scalar(_, true, _): "null"
        case .scalar(let text, false, _): quote(text)
        case .list(let items, _): "[" + items.map(write).joined(separator: ", ") + "]"
        case .mapping(let entries, _):
            "{" + entries.reversed().map { "\(quote($0.key)): \(write($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\u{20}"..."\u{7E}", "\u{10000}"...: quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}
