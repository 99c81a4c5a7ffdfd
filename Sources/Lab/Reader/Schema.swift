import Preseed

/// The JSON Schemas (2020-12) of the lab file and of the resolved lab, generated from the same definitions that the reader
/// uses.
package enum LabSchema {
    /// Returns the schema of lab files as JSON text with sorted keys and a line feed at the end.
    package static func json() -> String { text(Printer(isResolved: false), title: "xenseed lab") }

    /// Returns the schema of `lab.json`, the resolved lab, in which every field has a value or null.
    package static func resolvedJSON() -> String {
        text(Printer(isResolved: true), title: "xenseed resolved lab (lab.json)")
    }

    private static func text(_ printer: Printer, title: String) -> String {
        var root = printer.schema(of: LabFields.lab.schema)
        if printer.isResolved { root = printer.withHeading(root) }
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        root["title"] = .text(title)
        return String(decoding: FieldValue.sorted(root).json, as: UTF8.self)
    }
}

private struct Printer {
    /// Whether the schema is that of the resolved lab, in which every field is required, and not that of a lab file.
    let isResolved: Bool

    func schema(of object: ObjectSchema) -> [String: FieldValue] {
        // The resolved lab has no `defaults`: the reader has merged them into the nodes.
        let fields = object.fields.filter { !isResolved || $0.key != ResolvedLab.merged }
        var properties: [String: FieldValue] = [:]
        for field in fields { properties[field.key] = .sorted(property(field, object)) }
        let required = fields.filter { isResolved || $0.requirement == .yes }.map(\.key)
        var schema: [String: FieldValue] = [
            "type": container("object"), "properties": .sorted(properties), "additionalProperties": false,
        ]
        if !required.isEmpty { schema["required"] = .texts(required) }
        return schema
    }

    private func property(_ field: Field, _ object: ObjectSchema) -> [String: FieldValue] {
        var schema = schema(of: field.shape, example: field.example)
        schema["description"] = .text(field.description)
        if isResolved {
            if object.isOptional(field) {
                schema["type"] = .list(["null"] + (schema["type"]?.items ?? []))
                // An enum has to list null, too.
                if let choices = schema["enum"] { schema["enum"] = .list(choices.items + [.none]) }
            }
        } else if case .value(let value) = field.fallback, let value = value.schemaValue {
            schema["default"] = value
        }
        return schema
    }

    /// Returns the type of a list or an object. In a lab file it may also be empty, as in `defaults:`.
    private func container(_ type: String) -> FieldValue { isResolved ? .text(type) : .texts([type, "null"]) }

    private func schema(of shape: Shape, example: String?) -> [String: FieldValue] {
        switch shape {
        case .text(let type) where isResolved && type == PasswordHash.self:
            return ["type": "string", "pattern": "^sha256:[0-9a-f]{64}$"]
        case .text(let type): return schema(of: type.syntax, example: example)
        case .name(let syntax): return schema(of: syntax, example: example)
        case .integer(let range):
            return ["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .prose: return ["type": "string", "examples": [.text(example ?? "")]]
        case .list(let item):
            return ["type": container("array"), "items": .sorted(schema(of: item.syntax, example: example))]
        case .object(let object): return schema(of: object)
        case .table(let key, let content):
            return [
                "type": container("object"), "propertyNames": .sorted(["pattern": .text(key.syntax.pattern)]),
                "additionalProperties": .sorted(schema(of: content, example: example)),
            ]
        }
    }

    private func schema(of syntax: TextSyntax, example: String?) -> [String: FieldValue] {
        let example = example ?? syntax.example
        var schema: [String: FieldValue] = ["type": "string", "examples": [.text(example)]]
        // Without quotes, a text of digits is a number in YAML; the reader accepts both.
        if !isResolved, syntax.example.allSatisfy(\.isNumber) { schema["type"] = ["string", "integer"] }
        if !syntax.choices.isEmpty { schema["enum"] = .texts(syntax.choices) }
        // Without quotes, the texts true and false are booleans in YAML.
        if !isResolved, syntax.choices.contains("true") {
            schema["type"] = ["string", "boolean"]
            schema["enum"] = .list(syntax.choices.map(FieldValue.text) + [true, false])
        }
        if !syntax.pattern.isEmpty { schema["pattern"] = .text(syntax.pattern) }
        return schema
    }

    /// Adds the entries before the fields of a resolved lab to its schema.
    func withHeading(_ root: [String: FieldValue]) -> [String: FieldValue] {
        let version: [String: FieldValue] = [
            "const": .number(ResolvedLab.currentVersion),
            "description":
                "The version of this format. It changes when the meaning of a field changes or a field is removed.",
        ]
        let digest: [String: FieldValue] = [
            "type": "string", "pattern": "^sha256:[0-9a-f]{64}$",
            "description":
                "The digest of the content of the lab file, independent of comments, layout and the order of keys.",
        ]
        guard case .object(let properties)? = root["properties"] else { preconditionFailure("a lab has properties") }
        let all =
            properties + [.init(ResolvedLab.version, .sorted(version)), .init(ResolvedLab.digest, .sorted(digest))]
        var root = root
        root["properties"] = .object(all.sorted { $0.name < $1.name })
        root["required"] = .list(
            FieldValue.texts([ResolvedLab.version, ResolvedLab.digest]).items + root["required"]!.items)
        return root
    }
}

extension FieldValue {
    /// Returns an object with its entries sorted by name.
    fileprivate static func sorted(_ entries: [String: FieldValue]) -> FieldValue {
        .object(entries.sorted { $0.key < $1.key }.map { Entry($0.key, $0.value) })
    }

    fileprivate static func texts(_ texts: [String]) -> FieldValue { .list(texts.map(FieldValue.text)) }

    /// The items of a list; a list of the value itself for any other value.
    fileprivate var items: [FieldValue] { if case .list(let items) = self { items } else { [self] } }

    /// The value for the keyword `default`; nil for an object, whose fields have their own defaults.
    fileprivate var schemaValue: FieldValue? {
        switch self {
        case .none, .object: nil
        case .text, .number, .flag: self
        case .list(let items): .list(items.compactMap(\.schemaValue))
        }
    }
}
