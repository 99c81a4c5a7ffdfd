/// `lab.json`: the lab with every default filled in, for other programs and `xenseed diff`. Secrets are replaced by digests.
package enum ResolvedLab {
    /// The file's path in the output tree.
    package static let path = "lab.json"
    /// The names of the entries before the fields.
    package static let version = "schema_version"
    package static let digest = "lab_digest"
    /// The version of the format. It changes when the meaning of a field changes or a field is removed, but not when a
    /// field is added.
    package static let currentVersion = 1
    /// The field of a lab file that the reader merges into every node, and that the resolved lab does not have.
    package static let merged = "defaults"

    /// Returns the content of the file.
    package static func json(of lab: Lab) -> [UInt8] {
        var others = lab
        others.nodes = []
        guard case .object(let entries) = value(of: others) else { preconditionFailure("a lab is an object") }
        let nodes = lab.nodes.lazy.map { FieldValue.Entry($0.name.text, LabFields.node.value(of: $0)) }
        return FieldValue.json(entries, with: "nodes", nodes)
    }

    /// Returns the resolved lab as data.
    package static func value(of lab: Lab) -> FieldValue {
        guard case .object(let fields) = LabFields.lab.value(of: lab) else { preconditionFailure("a lab is an object") }
        return .object(
            [
                FieldValue.Entry(version, .number(currentVersion)),
                FieldValue.Entry(digest, .text("sha256:" + lab.sourceDigest)),
            ] + fields)
    }
}

extension ResolvedLab {
    /// Returns the paths of the fields that determine a value of the resolved lab, such as `nodes.*.dom0.memory`: its own
    /// field, and those from which it is derived when it is not in the lab file.
    /// - Parameter path: The path of the value, by names.
    package static func fields(behind path: [String]) -> [String] {
        var schema = LabFields.lab.schema
        var parent = ""
        var rest = path[...]
        while let key = rest.popFirst(), let field = schema[key] {
            let own = parent + key
            switch field.shape {
            case .object(let inner) where !rest.isEmpty: (schema, parent) = (inner, own + ".")
            case .table(_, .object(let inner)) where rest.count > 1:
                rest.removeFirst()
                (schema, parent) = (inner, own + ".*.")
            case .table where !rest.isEmpty: return [own + ".*"]
            default: return [own] + sources(of: field, in: schema, parent)
            }
        }
        return []
    }

    /// Returns the paths of other fields that can determine the value of a field.
    private static func sources(of field: Field, in schema: ObjectSchema, _ parent: String) -> [String] {
        let others = schema.fields.filter { $0.instead == field.key }.map(\.key) + (field.condition?.keys ?? [])
        let derived: [String] =
            switch field.fallback {
            case .sameAs(let other): [parent + other]
            case .computed(_, let paths): paths
            case .none, .value: []
            }
        return others.map { parent + $0 } + derived
    }
}
