import Foundation
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
        root["title"] = title
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: root, options: options) else {
            preconditionFailure("the schema is made of strings, numbers, lists and dictionaries")
        }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

private struct Printer {
    /// Whether the schema is that of the resolved lab, in which every field is required, and not that of a lab file.
    let isResolved: Bool

    func schema(of object: ObjectSchema) -> [String: Any] {
        // The resolved lab has no `defaults`: the reader has merged them into the nodes.
        let fields = object.fields.filter { !isResolved || $0.key != ResolvedLab.merged }
        var properties: [String: Any] = [:]
        for field in fields { properties[field.key] = property(field, object) }
        let required = fields.filter { isResolved || $0.requirement == .yes }.map(\.key)
        var schema: [String: Any] = [
            "type": container("object"), "properties": properties, "additionalProperties": false,
        ]
        if !required.isEmpty { schema["required"] = required }
        return schema
    }

    private func property(_ field: Field, _ object: ObjectSchema) -> [String: Any] {
        var schema = schema(of: field.shape, example: field.example)
        schema["description"] = field.description
        if isResolved {
            if object.isOptional(field) { schema["type"] = ["null"] + types(schema) }
            // An enum has to list null, too.
            if object.isOptional(field), let choices = schema["enum"] as? [String] {
                schema["enum"] = choices + [NSNull()]
            }
        } else if case .value(let value) = field.fallback, let value = value.schemaValue {
            schema["default"] = value
        }
        return schema
    }

    private func types(_ schema: [String: Any]) -> [String] {
        schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    }

    /// Returns the type of a list or an object. In a lab file it may also be empty, as in `defaults:`.
    private func container(_ type: String) -> Any { isResolved ? type : [type, "null"] }

    private func schema(of shape: Shape, example: String?) -> [String: Any] {
        switch shape {
        case .text(let type) where isResolved && type == PasswordHash.self:
            return ["type": "string", "pattern": "^sha256:[0-9a-f]{64}$"]
        case .text(let type): return schema(of: type.syntax, example: example)
        case .name(let syntax): return schema(of: syntax, example: example)
        case .integer(let range):
            return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .boolean: return ["type": "boolean"]
        case .prose: return ["type": "string", "examples": [example ?? ""]]
        case .list(let item):
            return ["type": container("array"), "items": schema(of: item.syntax, example: example)]
        case .object(let object): return schema(of: object)
        case .table(let key, let content):
            return [
                "type": container("object"), "propertyNames": ["pattern": key.syntax.pattern],
                "additionalProperties": schema(of: content, example: example),
            ]
        }
    }

    private func schema(of syntax: TextSyntax, example: String?) -> [String: Any] {
        let example = example ?? syntax.example
        var schema: [String: Any] = ["type": "string", "examples": [example]]
        // Without quotes, a text of digits is a number in YAML; the reader accepts both.
        if !isResolved, syntax.example.allSatisfy(\.isNumber) { schema["type"] = ["string", "integer"] }
        if !syntax.choices.isEmpty { schema["enum"] = syntax.choices }
        // Without quotes, the texts true and false are booleans in YAML.
        if !isResolved, syntax.choices.contains("true") {
            schema["type"] = ["string", "boolean"]
            schema["enum"] = syntax.choices + [true, false]
        }
        if !syntax.pattern.isEmpty { schema["pattern"] = syntax.pattern }
        return schema
    }

    /// Adds the entries before the fields of a resolved lab to its schema.
    func withHeading(_ root: [String: Any]) -> [String: Any] {
        var root = root
        var properties = root["properties"] as? [String: Any] ?? [:]
        properties[ResolvedLab.version] = [
            "const": ResolvedLab.currentVersion,
            "description":
                "The version of this format. It changes when the meaning of a field changes or a field is removed.",
        ]
        properties[ResolvedLab.digest] = [
            "type": "string", "pattern": "^sha256:[0-9a-f]{64}$",
            "description":
                "The digest of the content of the lab file, independent of comments, layout and the order of keys.",
        ]
        root["properties"] = properties
        root["required"] = [ResolvedLab.version, ResolvedLab.digest] + (root["required"] as? [String] ?? [])
        return root
    }
}

extension FieldValue {
    /// The value for the keyword `default`; nil for an object, whose fields have their own defaults.
    fileprivate var schemaValue: Any? {
        switch self {
        case .none, .object: nil
        case .text(let text): text
        case .number(let number): number
        case .flag(let flag): flag
        case .list(let items): items.compactMap(\.schemaValue)
        }
    }
}
