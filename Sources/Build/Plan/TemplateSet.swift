import Synchronization
import Templates

/// All templates from which files of a lab are rendered, compiled.
package struct TemplateSet: Sendable {
    private let compiled: [Template: CompiledTemplate]
    let recorder: RenderRecorder?

    /// Compiles the templates. It throws a ``BuildError`` if a replacement has no template or a template does not
    /// compile.
    /// - Parameters:
    ///   - replacements: The texts of the templates that the user replaces, by file name.
    ///   - recordsOrigins: Whether the origins of all rendered lines are kept, for ``Plan/origins(of:)``.
    package init(replacing replacements: [String: [UInt8]] = [:], recordsOrigins: Bool = false) throws(BuildError) {
        recorder = recordsOrigins ? RenderRecorder() : nil
        let names = Self.replaceable.map(\.rawValue)
        if let unknown = replacements.keys.sorted().first(where: { !names.contains($0) }) {
            throw BuildError(
                "there is no template \(unknown); there are: \(names.joined(separator: ", "))", code: .template)
        }
        func text(of template: Template) -> [UInt8] { replacements[template.rawValue] ?? template.text }
        let partials = Dictionary(uniqueKeysWithValues: Template.partials.map { ($0.rawValue, text(of: $0)) })
        var compiled: [Template: CompiledTemplate] = [:]
        for definition in Plan.templateDefinitions {
            let template = definition.template
            compiled[template] = try CompiledTemplate(
                name: template.rawValue, text: text(of: template), values: definition.values, partials: partials)
        }
        self.compiled = compiled
    }

    /// The templates that a user can replace, partial templates last.
    private static var replaceable: [Template] { Plan.templateDefinitions.map(\.template) + Template.partials }

    /// The paths and the texts of the built-in templates that a user can replace, sorted by path.
    package static var builtIn: [(path: String, text: [UInt8])] {
        replaceable.map { ($0.rawValue, $0.text) }.sorted { $0.path < $1.path }
    }

    /// Returns the text rendered from a template.
    /// - Parameter subject: The value from which the template's values are computed.
    func render<Subject>(_ definition: TemplateDefinition<Subject>, _ subject: Subject) -> [UInt8] {
        let template = definition.erased.template
        guard let compiled = compiled[template] else {
            preconditionFailure("\(template.rawValue) is not in Plan.templateDefinitions")
        }
        let frame = TemplateFrame.Of(subject)
        guard let recorder else { return compiled.render(frame) }
        let (bytes, lines) = compiled.trace(frame)
        recorder.record(bytes, template, lines)
        return bytes
    }
}

/// A placeholder that a template can use, for users who write their own templates.
package struct TemplatePlaceholder: Sendable {
    /// The placeholder in a template: `{{domain}}` for a text, `{{#peers}}` for a section.
    package let text: String
    /// The number of sections in which it has to be.
    package let depth: Int
    /// The fields of the lab that decide the value, such as `nodes.*.dom0.memory`, followed by other facts.
    package let sources: [String]

    fileprivate static func all(in scope: TemplateScope, depth: Int = 0) -> [TemplatePlaceholder] {
        scope.values.flatMap { value -> [TemplatePlaceholder] in
            var (mark, inner) = ("#", TemplateScope([]))
            switch value.content {
            case .text: mark = ""
            case .flag: break
            case .list(_, let values): inner = values
            }
            let own = TemplatePlaceholder(
                text: "{{\(mark)\(value.name)}}", depth: depth,
                sources: value.sources.fields.sorted() + value.sources.facts.sorted())
            return [own] + all(in: inner, depth: depth + 1)
        }
    }
}

extension TemplateSet {
    /// Returns the placeholders that a template can use; nil when there is no such template.
    /// - Parameter path: The template's path, such as `pxe/dnsmasq.conf`.
    package static func placeholders(of path: String) -> [TemplatePlaceholder]? {
        Plan.templateDefinitions.first { $0.template.rawValue == path }.map {
            TemplatePlaceholder.all(in: $0.values)
        }
    }
}

/// Records the origins of the lines of rendered texts. A text is identified by its bytes.
final class RenderRecorder: Sendable {
    private let texts = Mutex<[[UInt8]: (template: Template, lines: [CompiledTemplate.LineOrigin])]>([:])

    fileprivate func record(_ bytes: [UInt8], _ template: Template, _ lines: [CompiledTemplate.LineOrigin]) {
        texts.withLock { $0[bytes] = (template, lines) }
    }

    /// Returns the origin of each line of a text; nil for a text that was not rendered.
    func origins(of bytes: [UInt8]) -> [Origin]? {
        texts.withLock { $0[bytes] }.map { template, lines in
            lines.map { Origin(template: $0.partial ?? template.rawValue, line: $0.line, $0.sources, nodes: $0.nodes) }
        }
    }
}
