extension Field {
    /// What is known of the field besides its description, as pairs of a label and a text: its type or its fields, its default,
    /// an example, and what a change requires.
    package var facts: [(label: String, text: String)] {
        var facts = [shape.fact]
        if case .value(let value) = fallback, let text = value.line { facts.append(("default", text)) }
        if let example { facts.append(("example", example)) }
        if wording != nil { facts.append(("change", "\(risk.name): \(risk.meaning)")) }
        return facts
    }
}

extension Shape {
    fileprivate var fact: (label: String, text: String) {
        switch self {
        case .text(let type): ("type", type.syntax.name)
        case .name(let syntax): ("type", syntax.name)
        case .integer(let range): ("type", "a whole number from \(range.lowerBound) to \(range.upperBound)")
        case .boolean: ("type", "true or false")
        case .prose: ("type", "text")
        case .list(let type): ("type", "a list; each item is \(type.syntax.name)")
        case .table(let key, .object(let schema)): ("type", "a mapping from \(key.syntax.name) to \(schema.name)")
        case .table(let key, _): ("type", "a mapping by \(key.syntax.name)")
        case .object(let schema): ("fields", schema.fields.map(\.key).joined(separator: ", "))
        }
    }
}

extension FieldValue {
    /// The value in one line, in the syntax of a lab file; nil for an object.
    fileprivate var line: String? {
        switch self {
        case .none, .object: nil
        case .text(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .list(let items): "[\(items.compactMap(\.line).joined(separator: ", "))]"
        }
    }
}
