import Synchronization
import Templates

/// Every template, compiled.
package struct TemplateSet: Sendable {
    private let compiled: [Template: CompiledTemplate]
    private let verbatim: [Template: [UInt8]]
    private let recorder: RenderRecorder?

    /// A template that can't be used: its file, line and problem.
    package struct Invalid: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter replacements: the text of templates that the user replaces, by file name.
    /// - Parameter recorder: is told where each line of what is rendered comes from.
    package init(replacing replacements: [String: [UInt8]] = [:], recorder: RenderRecorder? = nil) throws(Invalid) {
        self.recorder = recorder
        var compiled: [Template: CompiledTemplate] = [:]
        var verbatim: [Template: [UInt8]] = [:]
        for (name, _) in replacements where Template(rawValue: name) == nil {
            let names = Template.allCases.map(\.rawValue).joined(separator: ", ")
            throw Invalid(description: "there is no template \(name); there are: \(names)")
        }
        for template in Template.allCases {
            let text = replacements[template.rawValue] ?? template.text
            verbatim[template] = text
            do { compiled[template] = try CompiledTemplate(name: template.rawValue, text: text) } catch {
                throw Invalid(description: error.description)
            }
        }
        self.compiled = compiled
        self.verbatim = verbatim
    }

    /// - Parameter contexts: what is named in a later one hides what an earlier one has.
    func render(_ template: Template, _ contexts: Context...) throws(Invalid) -> [UInt8] {
        do {
            guard let recorder else { return try compiled[template]!.render(contexts) }
            let (bytes, lines) = try compiled[template]!.trace(contexts)
            recorder.record(bytes, template, lines)
            return bytes
        } catch { throw Invalid(description: error.description) }
    }

    /// A file that is the same everywhere.
    func text(of template: Template) -> [UInt8] {
        let bytes = verbatim[template]!
        if let recorder {
            let count = bytes.count { $0 == 10 } + (bytes.last == 10 ? 0 : 1)
            recorder.record(bytes, template, (1...max(1, count)).map { .init(line: $0, names: []) })
        }
        return bytes
    }
}

/// Keeps where the lines of rendered texts come from; a text is known by its bytes.
package final class RenderRecorder: Sendable {
    private let texts = Mutex<[[UInt8]: (template: Template, lines: [CompiledTemplate.LineOrigin])]>([:])

    package init() {}

    fileprivate func record(_ bytes: [UInt8], _ template: Template, _ lines: [CompiledTemplate.LineOrigin]) {
        texts.withLock { $0[bytes] = (template, lines) }
    }

    /// Names that templates used and that nobody explains, each with its template.
    package var unexplained: [String] {
        let used = texts.withLock { texts in
            texts.values.reduce(into: [Template: Set<String>]()) { used, text in
                for line in text.lines { used[text.template, default: []].formUnion(line.names) }
            }
        }
        return used.flatMap { template, names in
            Origin.unexplained(template, names: names).map { "\(template.rawValue): \($0)" }
        }.sorted()
    }

    /// Where each line of a text comes from; nil for a text that was not rendered.
    package func origins(of bytes: [UInt8]) -> [Origin]? {
        texts.withLock { $0[bytes] }.map { template, lines in
            lines.map { Origin(template: template, line: $0.line, names: $0.names) }
        }
    }
}
