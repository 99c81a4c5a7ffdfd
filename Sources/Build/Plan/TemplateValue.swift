import Templates

/// A template, and the values that it can place.
///
/// The values are known without a lab: from this list come what is rendered, the origin of each rendered line, and the
/// names that a user's own template can use.
struct TemplateDefinition<Subject>: Sendable {
    let erased: AnyTemplateDefinition

    /// - Parameters:
    ///   - template: The template.
    ///   - values: The values. Each has sources, and each name occurs once.
    init(_ template: Template, @TemplateValues<Subject> _ values: () -> [TemplateValue<Subject>]) {
        erased = AnyTemplateDefinition(template: template, values: TemplateScope(values().map(\.erased)))
    }
}

/// A template definition, whatever its values are computed from.
struct AnyTemplateDefinition: Sendable {
    let template: Template
    let values: TemplateScope

    fileprivate init(template: Template, values: TemplateScope) {
        (self.template, self.values) = (template, values)
        for value in values.values {
            precondition(value.hasSources, "\(template.rawValue): \(value.name) has no sources")
        }
    }
}

/// A value that a template can place: its name, what decides it, and how it is computed from a subject.
///
/// A list has values of its own, which are computed from its items. A value without sources has those of the list
/// that it belongs to.
struct TemplateValue<Subject>: Sendable {
    let erased: AnyTemplateValue

    /// A text. As a section it is shown when it is not empty, and `{{.}}` in it is the text.
    init<Value: CustomStringConvertible & Sendable>(
        _ name: String, from sources: Sources? = nil, _ value: @escaping @Sendable (Subject) -> Value
    ) {
        erased = AnyTemplateValue(name, sources, .text { value($0.subject()).description })
    }

    /// A text, which is empty where there is no value.
    init<Value: CustomStringConvertible & Sendable>(
        _ name: String, from sources: Sources? = nil, _ value: @escaping @Sendable (Subject) -> Value?
    ) {
        erased = AnyTemplateValue(name, sources, .text { value($0.subject())?.description ?? "" })
    }

    /// A flag, which only a section can use.
    init(flag name: String, from sources: Sources? = nil, _ value: @escaping @Sendable (Subject) -> Bool) {
        erased = AnyTemplateValue(name, sources, .flag { value($0.subject()) })
    }

    /// A section that is repeated for each item, with values of the item.
    init<Item>(
        list name: String, from sources: Sources? = nil, of items: @escaping @Sendable (Subject) -> [Item],
        @TemplateValues<Item> values: () -> [TemplateValue<Item>]
    ) {
        let values = TemplateScope(values().map { $0.erased.inheriting(sources) })
        erased = AnyTemplateValue(
            name, sources,
            .list({ frame, outer in items(frame.subject()).map { TemplateFrame.Of($0, in: outer) } }, values))
    }

    /// A section that is repeated for each text; `{{.}}` in it is the text.
    init<Item: CustomStringConvertible & Sendable>(
        texts name: String, from sources: Sources? = nil, _ items: @escaping @Sendable (Subject) -> [Item]
    ) {
        self.init(list: name, from: sources, of: items) { TemplateValue<Item>(".") { $0 } }
    }

    /// A section that is shown once, with more values, where there is something to compute them from.
    init<Item>(
        optional name: String, from sources: Sources? = nil, of item: @escaping @Sendable (Subject) -> Item?,
        @TemplateValues<Item> values: () -> [TemplateValue<Item>]
    ) {
        self.init(list: name, from: sources, of: { item($0).map { [$0] } ?? [] }, values: values)
    }
}

/// A template value, whatever it is computed from.
final class AnyTemplateValue: Sendable {
    let name: String
    /// Nil until the list that the value belongs to has given it its own.
    private let ownSources: Sources?
    let content: Content

    enum Content: Sendable {
        case text(@Sendable (TemplateFrame) -> String)
        case flag(@Sendable (TemplateFrame) -> Bool)
        /// The frames of the items, inside the frame of the section's place; and their values.
        case list(@Sendable (TemplateFrame, _ outer: TemplateFrame) -> [TemplateFrame], TemplateScope)
    }

    init(_ name: String, _ sources: Sources?, _ content: Content) {
        (self.name, ownSources, self.content) = (name, sources, content)
    }

    fileprivate var hasSources: Bool { ownSources != nil }

    var sources: Sources {
        guard let ownSources else { preconditionFailure("\(name) has no sources") }
        return ownSources
    }

    /// The same value with these sources where it and its own values have none.
    func inheriting(_ sources: Sources?) -> AnyTemplateValue {
        guard ownSources == nil, let sources else { return self }
        var content = content
        if case .list(let items, let values) = content { content = .list(items, values.inheriting(sources)) }
        return AnyTemplateValue(name, sources, content)
    }

    /// The values that a section with this name adds.
    var scope: TemplateScope? {
        switch content {
        case .text: TemplateScope([AnyTemplateValue(".", sources, .text { $0.subject() })])
        case .flag: nil
        case .list(_, let values): values
        }
    }
}

/// The values that are computed from one subject.
struct TemplateScope: Sendable {
    let values: [AnyTemplateValue]

    init(_ values: [AnyTemplateValue]) {
        precondition(Set(values.map(\.name)).count == values.count, "one name twice in \(values.map(\.name))")
        self.values = values
    }

    subscript(name: String) -> AnyTemplateValue? { values.first { $0.name == name } }

    fileprivate func inheriting(_ sources: Sources) -> TemplateScope {
        TemplateScope(values.map { $0.inheriting(sources) })
    }
}

/// What values are computed from while a template is rendered: a subject, inside the subject of the section around it.
class TemplateFrame {
    let outer: TemplateFrame?

    fileprivate init(outer: TemplateFrame?) { self.outer = outer }

    final class Of<Subject>: TemplateFrame {
        fileprivate let value: Subject

        init(_ subject: Subject, in outer: TemplateFrame? = nil) {
            value = subject
            super.init(outer: outer)
        }
    }

    /// The subject. A template's names are resolved when it is compiled, so its type is known.
    fileprivate func subject<Subject>() -> Subject { unsafeDowncast(self, to: Of<Subject>.self).value }
}

/// Builds lists of values, in which others can be included.
@resultBuilder
enum TemplateValues<Subject> {
    static func buildExpression(_ value: TemplateValue<Subject>) -> [TemplateValue<Subject>] { [value] }
    static func buildExpression(_ values: [TemplateValue<Subject>]) -> [TemplateValue<Subject>] { values }
    static func buildBlock(_ values: [TemplateValue<Subject>]...) -> [TemplateValue<Subject>] { values.flatMap(\.self) }
}
