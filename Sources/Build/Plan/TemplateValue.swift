import Lab
import Preseed
import Templates

/// A template with the values that it can use.
///
/// The values are defined without a lab. This list determines what is rendered, the origin of each rendered line, and
/// the names that a user's own template can use.
struct TemplateDefinition<Subject>: Sendable {
    let erased: AnyTemplateDefinition

    /// Creates the definition of a template.
    /// - Parameters:
    ///   - template: The template.
    ///   - values: The values. Each has sources, and each name occurs once.
    init(_ template: Template, @TemplateValues<Subject> _ values: () -> [TemplateValue<Subject>]) {
        erased = AnyTemplateDefinition(template: template, values: TemplateScope(values().map(\.erased)))
    }
}

/// A template definition without the type of its subject.
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

/// A value that a template can use: its name, its sources, and how it is computed from a subject.
///
/// A list has values of its own, which are computed from its items. A value without sources has those of the list that
/// it belongs to.
struct TemplateValue<Subject>: Sendable {
    let erased: AnyTemplateValue

    /// Creates a text. As a section it is shown when it is not empty, and `{{.}}` in it is the text.
    init<Value: CustomStringConvertible & Sendable>(
        _ name: String, from sources: Sources? = nil, _ value: @escaping @Sendable (Subject) -> Value
    ) {
        erased = AnyTemplateValue(name, sources, .text { value($0.subject()).description })
    }

    /// Creates a text, which is empty if there is no value.
    init<Value: CustomStringConvertible & Sendable>(
        _ name: String, from sources: Sources? = nil, _ value: @escaping @Sendable (Subject) -> Value?
    ) {
        erased = AnyTemplateValue(name, sources, .text { value($0.subject())?.description ?? "" })
    }

    /// Creates a flag, which can only be used as a section.
    init(flag name: String, from sources: Sources? = nil, _ value: @escaping @Sendable (Subject) -> Bool) {
        erased = AnyTemplateValue(name, sources, .flag { value($0.subject()) })
    }

    /// Creates a section that is repeated for each item, with values of the item.
    init<Items: Collection & SendableMetatype>(
        list name: String, from sources: Sources? = nil, of items: @escaping @Sendable (Subject) -> Items,
        @TemplateValues<Items.Element> values: () -> [TemplateValue<Items.Element>]
    ) {
        let values = TemplateScope(values().map { $0.erased.inheriting(sources) })
        @Sendable func frames(_ frame: TemplateFrame, _ outer: TemplateFrame) -> AnyCollection<TemplateFrame> {
            let frames: LazyMapCollection<Items, TemplateFrame> = items(frame.subject()).lazy.map {
                TemplateFrame.Of($0, in: outer)
            }
            return AnyCollection(frames)
        }
        erased = AnyTemplateValue(name, sources, .list(frames, values))
    }

    /// Creates a section that is repeated for each text; `{{.}}` in it is the text.
    init<Item: CustomStringConvertible & Sendable>(
        texts name: String, from sources: Sources? = nil, _ items: @escaping @Sendable (Subject) -> [Item]
    ) {
        self.init(list: name, from: sources, of: items) { TemplateValue<Item>(".") { $0 } }
    }

    /// Creates a section that is shown once, with values of an item, if there is an item.
    init<Item>(
        optional name: String, from sources: Sources? = nil, of item: @escaping @Sendable (Subject) -> Item?,
        @TemplateValues<Item> values: () -> [TemplateValue<Item>]
    ) {
        self.init(list: name, from: sources, of: { item($0).map { [$0] } ?? [] }, values: values)
    }
}

/// A template value without the type of its subject.
final class AnyTemplateValue: Sendable {
    let name: String
    /// The value's own sources; nil until it inherits those of the list that it belongs to.
    private let ownSources: Sources?
    let content: Content

    enum Content: Sendable {
        case text(@Sendable (TemplateFrame) -> String)
        case flag(@Sendable (TemplateFrame) -> Bool)
        /// A list: a function that returns the frames of its items, inside the frame at the section's place, and the
        /// values of an item. A frame is made when it is rendered, so that those of a large lab are not all in memory.
        case list(@Sendable (TemplateFrame, _ outer: TemplateFrame) -> AnyCollection<TemplateFrame>, TemplateScope)
    }

    init(_ name: String, _ sources: Sources?, _ content: Content) {
        (self.name, ownSources, self.content) = (name, sources, content)
    }

    fileprivate var hasSources: Bool { ownSources != nil }

    var sources: Sources {
        guard let ownSources else { preconditionFailure("\(name) has no sources") }
        return ownSources
    }

    /// Returns the value with the given sources, for itself and for its own values, if it has none.
    func inheriting(_ sources: Sources?) -> AnyTemplateValue {
        guard ownSources == nil, let sources else { return self }
        var content = content
        if case .list(let items, let values) = content { content = .list(items, values.inheriting(sources)) }
        return AnyTemplateValue(name, sources, content)
    }

    /// The values that a section with this name adds; nil for a flag.
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

/// An item of a list that belongs to one node, so that the lines of the item are lines of the node.
protocol NodeItem { var node: Node { get } }

extension Node: NodeItem { var node: Node { self } }
extension NodeSubject: NodeItem {}
extension Machine: NodeItem {}
extension QEMUSubject.NodeMachine: NodeItem {}
extension DrawingSubject.NodeBox: NodeItem {}
extension BootNetworkSubject.Member: NodeItem {}

/// A subject during rendering, inside the subject of the section around it.
class TemplateFrame {
    let outer: TemplateFrame?

    fileprivate init(outer: TemplateFrame?) { self.outer = outer }

    /// The name of the node that the subject, or one around it, belongs to; nil when there is none.
    var node: Hostname? { outer?.node }

    final class Of<Subject>: TemplateFrame {
        fileprivate let value: Subject

        init(_ subject: Subject, in outer: TemplateFrame? = nil) {
            value = subject
            super.init(outer: outer)
        }

        override var node: Hostname? { (value as? any NodeItem)?.node.name ?? super.node }
    }

    /// Returns the subject. Its type is known, because a template's names are resolved when it is compiled.
    fileprivate func subject<Subject>() -> Subject { unsafeDowncast(self, to: Of<Subject>.self).value }
}

/// Builds lists of values, which can include other lists.
@resultBuilder
enum TemplateValues<Subject> {
    static func buildExpression(_ value: TemplateValue<Subject>) -> [TemplateValue<Subject>] { [value] }
    static func buildExpression(_ values: [TemplateValue<Subject>]) -> [TemplateValue<Subject>] { values }
    static func buildBlock(_ values: [TemplateValue<Subject>]...) -> [TemplateValue<Subject>] { values.flatMap(\.self) }
}
