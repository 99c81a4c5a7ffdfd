import Synchronization
import Templates

/// Every template that files of a lab are rendered from, compiled.
package struct TemplateSet: Sendable {
    private let compiled: [Template: CompiledTemplate]
    let recorder: RenderRecorder?

    /// - Parameter replacements: the text of templates that the user replaces, by file name.
    /// - Parameter recordsOrigins: whether the origins of all rendered lines are kept, for ``Plan/origins(of:)``.
    package init(replacing replacements: [String: [UInt8]] = [:], recordsOrigins: Bool = false) throws(BuildError) {
        recorder = recordsOrigins ? RenderRecorder() : nil
        let names = (Plan.templateDefinitions.map(\.template) + Template.partials).map(\.rawValue)
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

    /// Renders a template.
    /// - Parameter subject: What the template's values are computed from.
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

/// A placeholder that a template can use, for people who write their own.
package struct TemplatePlaceholder: Sendable {
    /// `{{domain}}` for a text, `{{#peers}}` for a section.
    package let text: String
    /// How many sections it has to be in.
    package let depth: Int
    /// The fields of the lab that decide the value, as `nodes.*.dom0.memory`, and then other facts.
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
    /// The placeholders that a template can use.
    /// - Parameter path: The template's path: `pxe/dnsmasq.conf`.
    /// - Returns: nil when there is no such template.
    package static func placeholders(of path: String) -> [TemplatePlaceholder]? {
        Plan.templateDefinitions.first { $0.template.rawValue == path }.map {
            TemplatePlaceholder.all(in: $0.values)
        }
    }
}

/// Keeps where the lines of rendered texts come from; a text is known by its bytes.
final class RenderRecorder: Sendable {
    private let texts = Mutex<[[UInt8]: (template: Template, lines: [CompiledTemplate.LineOrigin])]>([:])

    fileprivate func record(_ bytes: [UInt8], _ template: Template, _ lines: [CompiledTemplate.LineOrigin]) {
        texts.withLock { $0[bytes] = (template, lines) }
    }

    /// Where each line of a text comes from; nil for a text that was not rendered.
    func origins(of bytes: [UInt8]) -> [Origin]? {
        texts.withLock { $0[bytes] }.map { template, lines in
            lines.map { Origin(template: $0.partial ?? template.rawValue, line: $0.line, $0.sources) }
        }
    }
}
