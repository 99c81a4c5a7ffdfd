import Foundation
import Lab

/// The lab file's JSON Schema (2020-12), printed from the same records that the reader goes by.
public enum LabSchema {
    /// The schema as JSON text, keys sorted, ending in a line feed.
    public static func json() -> String {
        var root = schema(of: .record(.lab))
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        root["title"] = "xenseed lab"
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: root, options: options) else {
            preconditionFailure("the schema is made of strings, numbers, lists and dictionaries")
        }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// The fields at the top of a lab file.
    public static var fields: [String] { Record.lab.fields.map(\.key) }

    private static func schema(of shape: Shape) -> [String: Any] {
        switch shape {
        case .text(let syntax):
            var schema: [String: Any] = ["type": "string", "examples": [syntax.example]]
            // A text of digits is a number to YAML when it stands without quotes; the reader takes both.
            if syntax.example.allSatisfy(\.isNumber) { schema["type"] = ["string", "integer"] }
            if !syntax.choices.isEmpty { schema["enum"] = syntax.choices }
            if !syntax.pattern.isEmpty { schema["pattern"] = syntax.pattern }
            return schema
        case .integer(let range):
            return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .boolean: return ["type": "boolean"]
        case .prose: return ["type": "string"]
        case .list(let item): return ["type": ["array", "null"], "items": schema(of: item)]
        case .record(let record):
            var properties: [String: Any] = [:]
            for field in record.fields {
                var inner = schema(of: field.shape)
                inner["description"] = field.doc
                properties[field.key] = inner
            }
            var schema: [String: Any] = [
                "type": ["object", "null"], "properties": properties, "additionalProperties": false,
            ]
            let required = record.fields.filter(\.isRequired).map(\.key)
            if !required.isEmpty { schema["required"] = required }
            return schema
        case .table(let key, let content):
            return [
                "type": ["object", "null"], "propertyNames": ["pattern": key.pattern],
                "additionalProperties": schema(of: content),
            ]
        }
    }
}
