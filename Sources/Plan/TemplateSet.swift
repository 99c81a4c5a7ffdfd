import Templates

/// Every template, compiled.
public struct TemplateSet: Sendable {
    private let compiled: [Template: CompiledTemplate]
    private let verbatim: [Template: [UInt8]]

    /// A template that can't be used: its file, line and problem.
    public struct Invalid: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameter replacements: the text of templates that the user replaces, by file name.
    public init(replacing replacements: [String: [UInt8]] = [:]) throws(Invalid) {
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
        do { return try compiled[template]!.render(contexts) } catch { throw Invalid(description: error.description) }
    }

    /// A file that is the same everywhere.
    func text(of template: Template) -> [UInt8] { verbatim[template]! }
}
