import Lab
import Templates

/// What put a line into an artifact.
package struct Origin: Sendable {
    /// The template's path and line: `preseed.cfg`, 60; nil for a line that is not from a template.
    package var template: String?
    package var line: Int
    /// Fields of the lab, as `nodes.*.dom0.memory`, sorted.
    package var fields: [String]
    /// What xenseed knows about the release or decides itself, in plain English; sorted.
    package var facts: [String]

    package init(template: String?, line: Int, fields: [String], facts: [String]) {
        (self.template, self.line, self.fields, self.facts) = (template, line, fields, facts)
    }

    init(template: String?, line: Int, _ sources: Sources) {
        self.init(
            template: template, line: line, fields: sources.fields.sorted(), facts: sources.facts.sorted())
    }
}

/// What decides a value: fields of the lab file, and facts that are not in it.
///
/// A value may name more fields than change it, but not fewer.
struct Sources: Sendable, Equatable {
    private(set) var fields: Set<String> = []
    private(set) var facts: Set<String> = []

    /// What xenseed knows about the release or decides itself, as a phrase in plain English.
    static func fact(_ phrase: String) -> Sources {
        var sources = Sources()
        sources.facts = [phrase]
        return sources
    }

    mutating func formUnion(_ other: Sources) {
        fields.formUnion(other.fields)
        facts.formUnion(other.facts)
    }
}

/// One field of the lab file, by its path in the schema: `nodes.*.dom0.memory`.
extension Sources: ExpressibleByStringLiteral {
    init(stringLiteral path: String) {
        assert(Self.paths.contains(path), "the lab file has no field \(path) with a value of its own")
        fields = [path]
    }

    /// The paths of all fields that have a value of their own: not those of objects, whose fields have it.
    private static let paths = Set(
        LabFields.lab.schema.paths.filter { $0.field.wording != nil }.map(\.path))
}

extension Sources: ExpressibleByArrayLiteral {
    init(arrayLiteral parts: Sources...) { for part in parts { formUnion(part) } }
}
