import ArgumentParser
import Build
import FoundationEssentials
import Lab
import Preseed
import Review

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains a diagnostic code, a line of a built file, a field, or a template.",
        discussion: """
            Examples:
              xenseed explain                          list all codes
              xenseed explain X0315                    cause, example and cure of a code
              xenseed explain out/nodes/xen01/preseed.cfg:42
                                                       the fields and facts that the
                                                       line comes from
              xenseed explain nodes.xen01.dom0.memory  the field: type, default, class of
                                                       a change, and the lines with it
              xenseed explain pxe/dnsmasq.conf         the values that a template of
                                                       --templates can place, and their
                                                       fields and facts

            Lines and fields are those of the current lab file. In a field, * matches
            any node, network or interface.
            """)

    @Option(
        name: .customLong("lab"), help: "The lab file, or the directory with lab.yaml.",
        completion: .file(extensions: ["yaml", "yml"]), transform: labPath)
    var labFile = "lab.yaml"

    @OptionGroup var templates: TemplateOptions

    @Argument(help: "Codes from the brackets in messages, FILE:LINE, fields, or templates.")
    var what: [String] = []

    func run() async throws {
        if what.isEmpty {
            for code in Self.codes { try output("\(code.id)  \(code.title)") }
        }
        var lab: Explained?
        for what in what { try await explain(what, &lab) }
    }

    /// The lab that lines and fields are explained by, which is rendered when the first of them needs it.
    private typealias Explained = (provenance: Provenance, places: [Spec.Place])

    private func explain(_ what: String, _ lab: inout Explained?) async throws {
        if let code = Self.codes.first(where: { $0.id == what.uppercased() }) { return try explain(code) }
        let parts = what.split(separator: ":").map(String.init)
        if parts.count == 2, let line = Int(parts[1]) { return try await explain(parts[0], line, &lab) }
        if let placeholders = TemplateSet.placeholders(of: what) { return try explain(placeholders, of: what) }
        if what.contains(".") || Self.fields.contains(what) { return try await explain(field: what, &lab) }
        let near =
            nearestName(to: what.uppercased(), among: Self.codes.map(\.id)) ?? nearestName(to: what, among: Self.fields)
        throw CommandError.usage(
            "there is no diagnostic code or field \(what)\(near.map { "; did you mean \($0)?" } ?? "")")
    }

    private static let codes = DiagnosticCode.labCodes + DiagnosticCode.preseedCodes
    private static let schema = LabFields.lab.schema
    /// The names of the lab's own fields.
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

    private func rendered(_ known: inout Explained?) async throws -> Explained {
        if let known { return known }
        let lab = try readLab(at: labFile) { found in
            if found.errors > 0 { complain(found.text()) }
            return found.errors == 0
        }
        let text = String(decoding: try content(of: labFile), as: UTF8.self)
        let rendered = (try await Provenance(lab, replacing: try templates.replacements()), Spec.places(in: text))
        known = rendered
        return rendered
    }

    private func explain(_ file: String, _ line: Int, _ lab: inout Explained?) async throws {
        if file.split(separator: "/").last == "SHA256SUMS" { return try explainSum(file, line) }
        let (provenance, places) = try await rendered(&lab)
        // The path may begin with directories outside the tree.
        let names = file.split(separator: "/").map(String.init)
        let path = names.indices.lazy.map { names[$0...].joined(separator: "/") }.first { provenance.files[$0] != nil }
        guard let path, let origins = provenance.files[path] else {
            let near =
                suggestion(for: file, among: provenance.files.keys.map { "out/\($0)" })
            throw CommandError.usage("the lab has no text file \(file)\(near)")
        }
        guard line > 0, line <= origins.count, let text = provenance.text(of: path, line: line) else {
            throw CommandError.usage("\(path) has \(origins.count) lines")
        }
        if let current = try? String(contentsOfFile: file, encoding: .utf8) {
            let lines = current.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.indices.contains(line - 1) ? lines[line - 1] != text : true {
                complain("xenseed: \(file) is out of date: its line \(line) differs; run xenseed build")
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

    /// Explains a line of SHA256SUMS, which is derived from all other files.
    private func explainSum(_ file: String, _ line: Int) throws {
        let text = String(decoding: try content(of: file), as: UTF8.self)
        let lines = text.split(separator: "\n")
        guard lines.indices.contains(line - 1) else { throw CommandError.usage("\(file) has \(lines.count) lines") }
        let entry = String(lines[line - 1])
        try output("SHA256SUMS:\(line): \(DiagnosticReport.printable(entry))")
        if entry.hasPrefix("# link ") {
            try output("  fact      a symbolic link that xenseed wrote: \(entry.dropFirst(7))")
        } else if entry.hasPrefix("#") {
            try output("  fact      the header: xenseed replaces and removes only the files that are listed here")
        } else {
            try output("  fact      the digest of \(entry.dropFirst(66)); explain a line of that file for its origin")
        }
    }

    /// Returns the locations of a field in the lab file: at the node, or else in `defaults`.
    private static func find(_ field: String, _ places: [Spec.Place]) -> [SourceMark] {
        let names = field.split(separator: ".").map(String.init)
        func matches(_ names: [String]) -> [SourceMark] {
            places.filter { place in
                place.path.count == names.count && zip(place.path, names).allSatisfy { $0 == $1 || $1 == "*" }
            }.map(\.mark)
        }
        let own = matches(names)
        guard names.first == "nodes", own.isEmpty || names[1] == "*" else { return own }
        return own + matches(["defaults"] + names.dropFirst(2))
    }

    private func explain(field path: String, _ lab: inout Explained?) async throws {
        let pattern = path.hasPrefix("defaults.") ? path.replacing("defaults.", with: "nodes.*.") : path
        guard let field = Self.schema.field(at: pattern.split(separator: ".")) else {
            throw CommandError.usage(
                "there is no field \(path)\(suggestion(for: pattern, among: Self.schema.paths.map(\.path)))")
        }
        try output(Self.definition(of: field, path))
        guard labFile == "-" || FileManager.default.fileExists(atPath: labFile) else {
            return complain("there is no \(labFile), so no lines are shown; give the lab file with --lab")
        }
        let (provenance, places) = try await rendered(&lab)
        let found = provenance.places(of: pattern)
        let marks = Self.find(pattern, places).map { "\(labFile):\($0.line):\($0.column)" }
        complain(
            "\(path): \(marks.isEmpty ? "not in the lab: its default" : marks.joined(separator: ", ")); in \(found.count) \(found.count == 1 ? "line" : "lines")"
        )
        for place in found {
            try output(
                "\(place.path):\(place.line): \(DiagnosticReport.printable(provenance.text(of: place.path, line: place.line) ?? ""))"
            )
        }
    }

    /// Returns the description of a field in the schema, as text for a person.
    private static func definition(of field: Field, _ path: String) -> String {
        "\(path): \(field.description)" + field.facts.map { "\n  \($0.label.padded(to: 8))  \($0.text)" }.joined()
    }
}
