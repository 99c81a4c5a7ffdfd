import Build
import Foundation
import Preseed
import TestSupport
import Testing

@testable import Lab

@Suite(.timeLimit(.minutes(15)))
struct SchemaTests {
    static let tracked = Checkout.root.appending(path: "Sources/Lab/Reader/lab.schema.json")
    static let full = LabFolder(url: Checkout.tests.appending(path: "Labs/full"))

    @Test func trackedSchemaIsCurrent() throws {
        let text = try String(contentsOf: Self.tracked, encoding: .utf8)
        #expect(LabSchema.json() == text, "regenerate it: xenseed schema > Sources/Lab/Reader/lab.schema.json")
    }

    /// The examples and defaults of each field are values that the field accepts.
    @Test func examplesAndDefaultsFit() throws {
        func check(_ text: String, _ type: any TextValue.Type, _ path: String) {
            #expect(throws: Never.self, "\(path): \(text)") { try type.init(text: text) }
            #expect((try? type.init(text: text))?.text == text, "\(path): \(text) is written otherwise")
            let (pattern, choices) = (type.syntax.pattern, type.syntax.choices)
            let fits = pattern.isEmpty ? choices.contains(text) : (try? Regex(pattern).wholeMatch(in: text)) != nil
            #expect(fits, "\(path): \(text) does not match \(pattern)")
        }
        for (path, field) in LabFields.lab.schema.paths {
            let type: (any TextValue.Type)? =
                switch field.shape {
                case .text(let type), .list(let type), .table(_, .text(let type)): type
                default: nil
                }
            // An example of these types would have to be a real key or hash.
            if let type, let example = field.example, type != AuthorizedKey.self, type != PasswordHash.self {
                check(example, type, path)
            }
            switch (field.fallback, field.shape) {
            case (.value(.text(let text)), .text(let type)): check(text, type, path)
            case (.value(.text(let text)), .name(let syntax)): #expect(syntax.choices.contains(text), "\(path)")
            case (.value(.number(let number)), .integer(let range)): #expect(range.contains(number), "\(path)")
            case (.value(.list(let items)), .list(let type)):
                for case .text(let text) in items { check(text, type, path) }
            case (.value(.flag), .boolean), (.value(.object([])), .object), (.value(.object([])), .table): break
            case (.sameAs(let key), _):
                let siblings = path.split(separator: ".").dropLast() + [key[...]]
                #expect(LabFields.lab.schema.field(at: siblings) != nil, "\(path)")
            case (.computed(_, let paths), _):
                let known = Set(LabFields.lab.schema.paths.map(\.path))
                #expect(known.isSuperset(of: paths), "\(path)")
            case (.none, _): break
            default: Issue.record("\(path): the default is of another type")
            }
            for other in (field.condition?.keys ?? []) + (field.instead.map { [$0] } ?? []) {
                let siblings = path.split(separator: ".").dropLast() + [other[...]]
                #expect(LabFields.lab.schema.field(at: siblings) != nil, "\(path)")
            }
        }
    }

    /// The defaults in the schema are those of the reader: a lab that contains all defaults is the same lab.
    @Test func defaultsAreTheReaders() throws {
        let text = try String(contentsOf: Checkout.root.appending(path: "lab.yaml"), encoding: .utf8)
        let bare = text.split(separator: "\n").filter { !$0.contains("disk:") && !$0.contains("dom0:") }
        let lab = try #require(Spec.read(bare.joined(separator: "\n"), file: "", labFiles: .empty).lab)
        var said: [String] = []
        for field in LabFields.lab.schema.fields {
            if case .value(let value) = field.fallback, let line = value.flow { said.append("\(field.key): \(line)") }
        }
        said += ["mirror: \(flow(LabFields.mirror.schema))"]
        var common = [
            "dom0: \(flow(LabFields.dom0.schema))", "grub: \(flow(LabFields.grub.schema))",
            "xendomains: \(flow(LabFields.xendomains.schema))", "disk: \(flow(LabFields.disk.schema))",
        ]
        for field in LabFields.node.schema.fields {
            if case .value(let value) = field.fallback, let line = value.flow { common.append("\(field.key): \(line)") }
        }
        let whole =
            said.joined(separator: "\n") + "\n"
            + bare.filter { !$0.hasPrefix("release:") }.joined(separator: "\n")
            .replacing("defaults:\n", with: "defaults:\n" + common.map { "  \($0)\n" }.joined())
        let (other, report) = Spec.read(whole, file: "", labFiles: .empty)
        var (a, b) = (ResolvedLab.value(of: lab), ResolvedLab.value(of: try #require(other, "\(report.text())")))
        a.strikeDigest()
        b.strikeDigest()
        #expect(a == b, "\(whole)")
    }

    /// Returns the fields of an object that have a default, in YAML's flow style; omits fields that depend on others.
    private func flow(_ schema: ObjectSchema) -> String {
        let fields = schema.fields.compactMap { field -> String? in
            guard case .value(let value) = field.fallback, field.condition?.clause.hasPrefix("with ") != true else {
                return nil
            }
            return value.flow.map { "\(field.key): \($0)" }
        }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    /// The full lab has every field, so that the tests of the schema and of the order of keys cover all fields.
    @Test func fullLabHasEveryField() throws {
        let (lab, report) = try Self.full.read()
        #expect(lab != nil && report.diagnostics.isEmpty, "\(report.text())")
        var empty = report
        let root = try #require(YAMLParser.parse(try Self.full.text, report: &empty))
        var missing = Shape.object(LabFields.lab.schema).fields(below: "")
        Shape.object(LabFields.lab.schema).strike(root, below: "", from: &missing)
        #expect(missing == [])
    }

    @Test func acceptedLabsConform() throws {
        var labs = ["lab.yaml", "templates/starter.yaml"].map { Checkout.root.appending(path: $0) }
        for lab in labs {
            let report = Spec.read(try String(contentsOf: lab, encoding: .utf8), file: "lab.yaml", labFiles: .empty)
                .report
            #expect(report.errors == 0, "\(report.text())")
        }
        labs.append(Self.full.url.appending(path: Self.full.name))
        for fixture in Fixture.all where try fixture.lab.read().lab != nil {
            labs.append(fixture.lab.url.appending(path: fixture.lab.name))
        }
        for (name, problems) in try conform(labs, to: Self.tracked) { #expect(problems == [], "\(name)") }
    }

    /// Mistakes that a schema or a reasonable regular expression can't detect; only the reader reports them.
    static let beyondTheSchema: Set<String> = [
        // The field may be under `defaults` or in the node; a port needs no network; DHCP needs no address.
        "X0106/lab-4.yaml", "X0106/lab-5.yaml", "X0106/lab-6.yaml", "X0106/lab-7.yaml", "X0106/lab-8.yaml",
        "X0106/lab-11.yaml", "X0106/lab-13.yaml", "X0106/lab-14.yaml", "X0106/lab-17.yaml",
        // What a link needs depends on its network, and a network's subnet on its other fields.
        "X0106/lab-3.yaml", "X0106/lab-20.yaml", "X0106/lab-15.yaml", "X0106/lab-16.yaml", "X0106/lab-18.yaml",
        "X0106/lab-19.yaml",
        // A table without entries.
        "X0106/lab-9.yaml", "X0106/lab-10.yaml",
        // A leading zero is lost before the schema validates the number.
        "X0107/lab-3.yaml",
        // The value of the number is wrong, not its form.
        "X0201/lab-2.yaml", "X0201/lab-3.yaml", "X0201/lab-4.yaml", "X0202/lab.yaml", "X0202/lab-3.yaml",
        "X0203/lab.yaml",
        "X0203/lab-3.yaml", "X0203/lab-4.yaml", "X0206/lab-3.yaml", "X0212/lab-14.yaml", "X0212/lab-16.yaml",
        "X0212/lab-27.yaml",
        // Lengths, and well-formed values with another meaning.
        "X0205/lab-2.yaml", "X0207/lab-3.yaml", "X0208/lab-2.yaml", "X0208/lab-4.yaml", "X0209/lab-2.yaml",
        "X0210/lab-4.yaml",
        // A file next to the lab file.
        "X0208/lab-5.yaml",
        // Values that the release does not offer.
        "X0214/lab.yaml", "X0214/lab-2.yaml", "X0214/lab-3.yaml", "X0214/lab-4.yaml", "X0214/lab-5.yaml",
        "X0214/lab-6.yaml", "X0214/lab-7.yaml", "X0214/lab-8.yaml", "X0221/lab.yaml", "X0221/lab-2.yaml",
        "X0221/lab-3.yaml", "X0221/lab-4.yaml", "X0221/lab-5.yaml", "X0221/lab-6.yaml", "X0221/lab-7.yaml",
        "X0221/lab-8.yaml", "X0222/lab.yaml", "X0222/lab-2.yaml", "X0222/lab-3.yaml", "X0222/lab-4.yaml",
        "X0222/lab-5.yaml", "X0223/lab.yaml", "X0223/lab-2.yaml",
        // Reserved names.
        "X0224/lab.yaml", "X0224/lab-2.yaml", "X0224/lab-3.yaml", "X0225/lab.yaml",
    ]

    @Test func structuralMistakesDoNotConform() throws {
        let codes = ["X0104", "X0105", "X0106", "X0107", "X0108"]
        let fixtures = Fixture.all.filter { codes.contains($0.code) || $0.code.hasPrefix("X02") }
        let problems = try conform(fixtures.map { $0.lab.url.appending(path: $0.lab.name) }, to: Self.tracked)
        let accepted = fixtures.filter { problems[$0.lab.url.appending(path: $0.lab.name).path]?.isEmpty == true }
        #expect(Set(accepted.map(\.name)) == Self.beyondTheSchema)
    }
}

extension Shape {
    /// Returns the paths of all fields, with `*` for the names in tables.
    func fields(below path: String) -> Set<String> {
        switch self {
        case .object(let schema):
            Set(
                schema.fields.flatMap { field in
                    field.shape.fields(below: "\(path).\(field.key)").union(["\(path).\(field.key)"])
                })
        case .table(_, let content): content.fields(below: path + ".*")
        case .text, .name, .integer, .boolean, .prose, .list: []
        }
    }

    /// Removes the fields that a value contains. Fields of `defaults` and of nodes are the same, so one of the two
    /// suffices.
    func strike(_ value: YAMLValue, below path: String, from missing: inout Set<String>) {
        guard case .mapping(let entries, _) = value else { return }
        for entry in entries {
            switch self {
            case .object(let schema):
                let inner = "\(path).\(entry.key)"
                missing.remove(inner)
                if inner.hasPrefix(".nodes.*") { missing.remove(".defaults" + inner.dropFirst(8)) }
                if inner.hasPrefix(".defaults") { missing.remove(".nodes.*" + inner.dropFirst(9)) }
                schema[entry.key]?.shape.strike(entry.value, below: inner, from: &missing)
            case .table(_, let content): content.strike(entry.value, below: path + ".*", from: &missing)
            case .text, .name, .integer, .boolean, .prose, .list: break
            }
        }
    }
}

extension FieldValue {
    /// The value in YAML's flow style; nil for an object.
    fileprivate var flow: String? {
        switch self {
        case .none, .object: nil
        case .text(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .list(let items): "[\(items.compactMap(\.flow).joined(separator: ", "))]"
        }
    }

    /// Removes the digest of the lab file.
    fileprivate mutating func strikeDigest() {
        guard case .object(let entries) = self else { return }
        self = .object(entries.filter { $0.name != ResolvedLab.digest })
    }
}
