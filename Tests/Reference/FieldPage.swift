import Lab

/// The page with all fields of a lab file.
enum FieldPage {
    static func text() -> String {
        let schema = LabFields.lab.schema
        var objects: [(path: String, schema: ObjectSchema)] = []
        collect(schema, "", into: &objects)
        let parts = objects.map { object in
            """
            ## \(object.path.isEmpty ? "The lab" : Markdown.code(object.path))

            \(object.schema.fields.map { self.text($0, in: object.path) }.joined(separator: "\n"))
            """
        }
        return """
            \(Markdown.notice)

            # Fields of lab.yaml

            A star in a path stands for a name that you choose. `defaults` has the same fields as a node; the settings of a node are
            merged over it key by key, and a scalar or a list replaces the default. `xenseed explain FIELD` prints what is on this page,
            and `xenseed schema` prints it as a JSON Schema.

            The *change* of a field is what a change of its value requires on a running machine:

            \(Markdown.table(
                ["class", "meaning"], Risk.allCases.map { [Markdown.code($0.name), $0.meaning] }))

            \(parts.joined(separator: "\n"))

            """
    }

    /// Collects an object and the objects in its fields, each once.
    private static func collect(
        _ schema: ObjectSchema, _ path: String, into objects: inout [(path: String, schema: ObjectSchema)]
    ) {
        objects.append((path, schema))
        for field in schema.fields where field.key != ResolvedLab.merged {
            let own = path.isEmpty ? field.key : "\(path).\(field.key)"
            switch field.shape {
            case .object(let inner): collect(inner, own, into: &objects)
            case .table(_, .object(let inner)): collect(inner, "\(own).*", into: &objects)
            default: break
            }
        }
    }

    private static func text(_ field: Field, in path: String) -> String {
        let own = path.isEmpty ? field.key : "\(path).\(field.key)"
        var facts = field.facts.filter { $0.label != "fields" }
        if field.requirement == .yes { facts.append(("required", "yes")) }
        let rows = facts.map { fact in
            "- \(fact.label): \(fact.label == "default" || fact.label == "example" ? Markdown.code(fact.text) : Markdown.prose(fact.text))"
        }
        return """
            ### \(Markdown.code(own))

            \(Markdown.prose(field.description))

            \(rows.joined(separator: "\n"))\(rows.isEmpty ? "" : "\n")
            """
    }
}
