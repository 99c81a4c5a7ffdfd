import Preseed

extension Spec {
    /// The same lab with the keys of every mapping in reverse order, as JSON (which is YAML). Its meaning must not
    /// depend on that.
    package static func reversingKeys(_ text: String) -> String {
        var report = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &report) else { return text }
        return root.json { $0.reversed() } + "\n"
    }
}

extension YAMLValue {
    /// What the document says, as JSON: the same for every layout, comment and order of keys.
    var canonical: String { json { $0.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } } }

    /// The value as JSON, every scalar as text.
    /// - Parameter order: gives the entries of a mapping in the order in which they are written.
    fileprivate func json(_ order: ([Entry]) -> [Entry]) -> String {
        switch self {
        case .scalar(_, true, _): "null"
        case .scalar(let text, false, _): Self.quote(text)
        case .list(let items, _): "[" + items.map { $0.json(order) }.joined(separator: ", ") + "]"
        case .mapping(let entries, _):
            "{" + order(entries).map { "\(Self.quote($0.key)): \($0.value.json(order))" }.joined(separator: ", ") + "}"
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
