import ArgumentParser
import Build
import Foundation
import Lab
import Preseed
import Review

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explains a diagnostic's code, a line of what was built, a field, or a template.",
        discussion: """
            Examples:
              xenseed explain X0315                           cause, example and cure
              xenseed explain                                 all codes, a line each
              xenseed explain out/nodes/xen01/preseed.cfg:42  which fields and facts put that line there
              xenseed explain nodes.xen01.dom0.memory         what it is, its default, what a change
                                                              takes, and every line that it is in
              xenseed explain pxe/dnsmasq.conf                which values a template of --templates
                                                              can place, and what decides them

            Lines and fields are those of the lab file as it is now; * stands for any node, network, interface.
            """)

    @Option(name: .customLong("lab"), help: "The lab file.", completion: .file(extensions: ["yaml", "yml"]))
    var labFile = "lab.yaml"

    @OptionGroup var templates: TemplateOptions

    @Argument(help: "A code, as it stands in brackets in a message; FILE:LINE; a field; or a template.")
    var what: String?

    func run() async throws {
        guard let what else {
            for code in Self.codes { try output("\(code.id)  \(code.title)") }
            return
        }
        if let code = Self.codes.first(where: { $0.id == what.uppercased() }) { return try explain(code) }
        let words = what.split(separator: ":").map(String.init)
        if words.count == 2, let line = Int(words[1]) { return try await explain(words[0], line) }
        if let placeholders = TemplateSet.placeholders(of: what) { return try explain(placeholders, of: what) }
        if what.contains(".") || Self.fields.contains(what) { return try await explain(field: what) }
        let near =
            nearestName(to: what.uppercased(), among: Self.codes.map(\.id)) ?? nearestName(to: what, among: Self.fields)
        throw Exit.usage("there is no code and no field \(what)\(near.map { "; did you mean \($0)?" } ?? "")")
    }

    private static let codes = DiagnosticCode.labCodes + DiagnosticCode.preseedCodes
    private static let schema = LabFields.lab.schema
    /// The fields at the top.
    private static let fields = schema.fields.map(\.key)

    // MARK: Codes

    private func explain(_ code: DiagnosticCode) throws {
        try output(
            """
            \(code.id): \(code.title)

            Cause: \(code.cause)

            Example:
            \(indented(code.example))

            Cure:
            \(indented(code.cure))
            """)
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n")
    }

    // MARK: Templates

    private func explain(_ placeholders: [TemplatePlaceholder], of template: String) throws {
        guard !placeholders.isEmpty else { return try output("\(template): a file without placeholders") }
        try output(
            "\(template): placeholders, with the fields and facts that decide them; indented ones belong to a section")
        for placeholder in placeholders {
            let text = String(repeating: "  ", count: placeholder.depth + 1) + placeholder.text
            try output("\(text.padded(to: 28)) \(placeholder.sources.joined(separator: "; "))")
        }
    }

    // MARK: Lines

    private func provenance() async throws -> (Provenance, places: [Spec.Place]) {
        let lab = try readLab(at: labFile) { found in
            if found.errors > 0 { complain(found.text()) }
            return found.errors == 0
        }
        let text = String(decoding: try content(of: labFile), as: UTF8.self)
        do { return (try await Provenance(lab, replacing: try templates.replacements()), Spec.places(in: text)) } catch
        {
            throw Exit.environment("\(error)")
        }
    }

    private func explain(_ file: String, _ line: Int) async throws {
        if file.split(separator: "/").last == "SHA256SUMS" { return try explainSum(file, line) }
        let (provenance, places) = try await provenance()
        // The file's name may have folders in front of the tree's.
        let names = file.split(separator: "/").map(String.init)
        let path = names.indices.lazy.map { names[$0...].joined(separator: "/") }.first { provenance.files[$0] != nil }
        guard let path, let origins = provenance.files[path] else {
            let near =
                suggestion(for: file, among: provenance.files.keys.map { "out/\($0)" })
            throw Exit.usage("the lab gives no text \(file)\(near)")
        }
        guard line > 0, line <= origins.count, let text = provenance.text(of: path, line: line) else {
            throw Exit.usage("\(path) has \(origins.count) lines")
        }
        if let there = try? String(contentsOfFile: file, encoding: .utf8) {
            let lines = there.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.indices.contains(line - 1) ? lines[line - 1] != text : true {
                complain("xenseed: \(file) has another line there than the lab gives now; run xenseed build")
            }
        }
        try output("\(path):\(line): \(DiagnosticReport.printable(text))")
        let origin = origins[line - 1]
        if let template = origin.template { try output("  template  \(template):\(origin.line)") }
        for field in origin.fields {
            let own =
                provenance.node(of: path, line: line).map { field.replacing("nodes.*", with: "nodes.\($0)") } ?? field
            let found = Self.find(own, places)
            try output(
                "  field     \(own): \(found.isEmpty ? "not in the lab: its default" : found.map { "\(labFile):\($0.line):\($0.column)" }.joined(separator: ", "))"
            )
        }
        for fact in origin.facts { try output("  fact      \(fact)") }
    }

    /// Of the list of digests, which is made of all the rest.
    private func explainSum(_ file: String, _ line: Int) throws {
        let text = String(decoding: try content(of: file), as: UTF8.self)
        let lines = text.split(separator: "\n")
        guard lines.indices.contains(line - 1) else { throw Exit.usage("\(file) has \(lines.count) lines") }
        let what = String(lines[line - 1])
        try output("SHA256SUMS:\(line): \(DiagnosticReport.printable(what))")
        if what.hasPrefix("# link ") {
            try output("  fact      a link that was built: \(what.dropFirst(7))")
        } else if what.hasPrefix("#") {
            try output("  fact      xenseed's mark: it replaces and removes what is listed here, and nothing else")
        } else {
            try output("  fact      the digest of \(what.dropFirst(66)), whose own lines say where they come from")
        }
    }

    /// Where a field stands: at the node, or else in what nodes have in common.
    private static func find(_ field: String, _ places: [Spec.Place]) -> [SourceMark] {
        let words = field.split(separator: ".").map(String.init)
        func matches(_ words: [String]) -> [SourceMark] {
            places.filter { place in
                place.path.count == words.count && zip(place.path, words).allSatisfy { $0 == $1 || $1 == "*" }
            }.map(\.mark)
        }
        let own = matches(words)
        guard words.first == "nodes", own.isEmpty || words[1] == "*" else { return own }
        return own + matches(["defaults"] + words.dropFirst(2))
    }

    private func explain(field path: String) async throws {
        let asked = path.hasPrefix("defaults.") ? path.replacing("defaults.", with: "nodes.*.") : path
        guard let field = Self.schema.field(at: asked.split(separator: ".")) else {
            throw Exit.usage("there is no field \(path)\(suggestion(for: asked, among: Self.schema.paths.map(\.path)))")
        }
        try output(Self.definition(of: field, path))
        guard labFile == "-" || FileManager.default.fileExists(atPath: labFile) else {
            return complain("\(labFile) is not there, so this is all; --lab names another lab file")
        }
        let (provenance, places) = try await provenance()
        let found = provenance.places(of: asked)
        let marks = Self.find(asked, places).map { "\(labFile):\($0.line):\($0.column)" }
        complain(
            "\(path): \(marks.isEmpty ? "not in the lab: its default" : marks.joined(separator: ", ")); in \(found.count) lines"
        )
        for place in found {
            try output(
                "\(place.path):\(place.line): \(DiagnosticReport.printable(provenance.text(of: place.path, line: place.line) ?? ""))"
            )
        }
    }

    /// What the schema says of a field.
    private static func definition(of field: Field, _ path: String) -> String {
        var rows: [(String, String)] = []
        switch field.shape {
        case .text(let type): rows.append(("type", type.syntax.name))
        case .name(let syntax): rows.append(("type", syntax.name))
        case .integer(let range):
            rows.append(("type", "a whole number from \(range.lowerBound) to \(range.upperBound)"))
        case .boolean: rows.append(("type", "true or false"))
        case .prose: rows.append(("type", "text"))
        case .list(let type): rows.append(("type", "a list; each item is \(type.syntax.name)"))
        case .table(let key, .object(let schema)):
            rows.append(("type", "a mapping from \(key.syntax.name) to \(schema.name)"))
        case .table(let key, _): rows.append(("type", "a mapping by \(key.syntax.name)"))
        case .object(let schema): rows.append(("fields", schema.fields.map(\.key).joined(separator: ", ")))
        }
        if case .value(let value) = field.fallback, let text = value.line { rows.append(("default", text)) }
        if let example = field.example { rows.append(("example", example)) }
        if field.wording != nil { rows.append(("change", "\(field.risk.name): \(field.risk.meaning)")) }
        return "\(path): \(field.description)" + rows.map { "\n  \($0.0.padded(to: 8))  \($0.1)" }.joined()
    }
}

extension FieldValue {
    /// In one line, as a lab file has it; nil for an object.
    fileprivate var line: String? {
        switch self {
        case .none, .object: nil
        case .text(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .list(let items): "[\(items.compactMap(\.line).joined(separator: ", "))]"
        }
    }
}
