/// `lab.json`: the lab with every default filled in, as other programs and `xenseed diff` read it. Secrets are digests.
package enum ResolvedLab {
    /// The file's path in the output tree.
    package static let path = "lab.json"
    /// Names of what stands before the fields.
    package static let version = "schema_version"
    package static let digest = "lab_digest"
    /// The version of the format. It changes when a field gets another meaning or goes; a new field does not change it.
    package static let currentVersion = 1
    /// The field of a lab file that is part of every node once it is read.
    package static let merged = "defaults"

    /// The resolved lab as data.
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
    /// The fields behind a value of the resolved lab, as `nodes.*.dom0.memory`: its own, and those that can decide it when it is
    /// not in the lab file.
    /// - Parameter path: the names on the way to the value.
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

    /// The paths of other fields that can decide a field's value.
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
