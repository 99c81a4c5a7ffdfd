import Lab
import Preseed
import Templates

/// The origin of a line of an artifact: a template, and the sources of the values in the line.
package struct Origin: Sendable {
    /// The path of the template, such as `preseed.cfg`; nil for a line that is not from a template.
    package var template: String?
    /// The line of the template, counted from 1; 1 without a template.
    package var line: Int
    /// The fields of the lab that decide the line, such as `nodes.*.dom0.memory`; sorted.
    package var fields: [String]
    /// The other facts that decide the line, in plain English: properties of the release and decisions of xenseed;
    /// sorted.
    package var facts: [String]
    /// The only node that the line is about, in a file for several nodes.
    package var node: String?

    package init(template: String?, line: Int, fields: [String], facts: [String], node: String? = nil) {
        (self.template, self.line, self.fields, self.facts, self.node) = (template, line, fields, facts, node)
    }

    init(template: String?, line: Int, _ sources: Sources, nodes: Set<Hostname> = []) {
        self.init(
            template: template, line: line, fields: sources.fields.sorted(), facts: sources.facts.sorted(),
            node: nodes.count == 1 ? nodes.first?.description : nil)
    }
}

/// The sources that decide a value: fields of the lab file, and facts that are not in it.
///
/// They may include fields that do not change the value, but every field that changes it is included.
struct Sources: Sendable, Equatable {
    private(set) var fields: Set<String> = []
    private(set) var facts: Set<String> = []

    /// Returns a fact that is not in the lab file: a property of the release or a decision of xenseed.
    /// - Parameter phrase: A noun phrase in plain English.
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

/// A string literal is the path of one field of the lab file in the schema, such as `nodes.*.dom0.memory`.
extension Sources: ExpressibleByStringLiteral {
    init(stringLiteral path: String) {
        assert(Self.paths.contains(path), "the lab file has no field \(path) with a value of its own")
        fields = [path]
    }

    /// The paths of all fields that have a value. Objects are not included, because only their fields have values.
    private static let paths = Set(
        LabFields.lab.schema.paths.filter { $0.field.wording != nil }.map(\.path))
}

extension Sources: ExpressibleByArrayLiteral {
    init(arrayLiteral parts: Sources...) { for part in parts { formUnion(part) } }
}
