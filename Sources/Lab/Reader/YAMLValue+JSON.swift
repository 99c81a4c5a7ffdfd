import Preseed

extension Spec {
    /// Returns the same lab with the keys of every mapping in reverse order, as JSON, which is also YAML. The meaning of a lab
    /// must not depend on the order.
    package static func reversingKeys(_ text: String) -> String {
        var report = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &report) else { return text }
        return root.json { $0.reversed() } + "\n"
    }
}

extension YAMLValue {
    /// The content of the document as JSON, independent of layout, comments and the order of keys.
    var canonical: String { json { $0.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } } }

    /// Returns the value as JSON, with every scalar as text.
    /// - Parameter order: Returns the entries of a mapping in the order of the output.
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
