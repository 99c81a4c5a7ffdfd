import Lab
import Templates
import Testing

@testable import Build

/// Tests the template engine: rendering, errors at compile time, and the origin of each line.
@Suite(.timeLimit(.minutes(15)))
struct TemplateTests {
    private struct Subject {
        var title = "one"
        var isLarge = false
        var disks = ["sda", "sdb"]
        var note: String?
    }

    private static let values = TemplateDefinition<Subject>(.hosts) {
        TemplateValue("title", from: "domain") { $0.title }
        TemplateValue("note", from: "keymap") { $0.note }
        TemplateValue(flag: "large", from: .fact("its size")) { $0.isLarge }
        TemplateValue(list: "disks", from: ["nodes.*.disk.device", "nodes.*.disk.by_id"], of: { $0.disks }) {
            TemplateValue("name") { $0 }
            TemplateValue("title", from: "locale") { $0.uppercased() }
            TemplateValue(texts: "letters") { $0.map(String.init) }
        }
        TemplateValue(list: "others", from: "timezone", of: { $0.disks.dropFirst().map { ["other \($0)"] } }) {
            TemplateValue("other") { $0[0] }
        }
    }

    private func compile(_ text: String) throws -> CompiledTemplate {
        try CompiledTemplate(name: "mine", text: Array(text.utf8), values: Self.values.erased.values)
    }

    private func render(_ text: String, _ subject: Subject = Subject()) throws -> String {
        String(decoding: try compile(text).render(TemplateFrame.Of(subject)), as: UTF8.self)
    }

    @Test func rendering() throws {
        #expect(try render("a {{title}} b\n") == "a one b\n")
        #expect(try render("{{#disks}}\n{{name}}: {{title}}\n{{/disks}}\n{{title}}\n") == "sda: SDA\nsdb: SDB\none\n")
        // A list of an outer scope inside an inner one, and values of both.
        #expect(
            try render("{{#disks}}{{#others}}{{name}} {{other}} {{title}};{{/others}}{{/disks}}")
                == "sda other sdb SDA;sdb other sdb SDB;")
        #expect(
            try render("{{#disks}}{{#letters}}{{.}}-{{name}} {{/letters}}{{/disks}}").hasPrefix("s-sda d-sda a-sda s-"))
        #expect(try render("{{#note}}<{{.}}>{{/note}}{{^note}}none{{/note}}") == "none")
        #expect(try render("{{#note}}<{{.}}>{{/note}}{{^note}}none{{/note}}", Subject(note: "n")) == "<n>")
        #expect(try render("{{#large}}large{{/large}}{{^large}}small{{/large}}") == "small")
        #expect(try render("{{#large}}{{title}}{{/large}}", Subject(isLarge: true)) == "one")
    }

    /// Each of these templates is refused when it is compiled, without a subject.
    @Test(arguments: [
        ("a\n{{titel}}\n", "mine:2: nothing is named titel; did you mean title?"),
        // A name in a section that may never be rendered.
        ("{{#large}}\nx\n{{nmae}}\n{{/large}}\n", "mine:3: nothing is named nmae"),
        ("{{#disks}}{{nmae}}{{/disks}}", "mine:1: nothing is named nmae; did you mean name?"),
        ("\n{{#dissk}}\n{{/dissk}}\n", "mine:2: nothing is named dissk; did you mean disks?"),
        // Values of a section are unknown outside of it, and in its inverted form.
        ("{{#disks}}{{/disks}}{{letters}}", "mine:1: nothing is named letters"),
        ("{{^disks}}{{name}}{{/disks}}", "mine:1: nothing is named name"), ("{{.}}", "mine:1: nothing is named ."),
        ("{{large}}", "mine:1: large is not a text, but a section: {{#large}}…{{/large}}"),
        ("\n{{disks}}", "mine:2: disks is not a text, but a section: {{#disks}}…{{/disks}}"),
        ("{{#large}}\n", "mine:1: {{#large}} is not closed"), ("{{/large}}", "mine:1: {{/large}} closes nothing"),
        ("{{#large}}{{#note}}{{/large}}{{/note}}", "mine:1: {{/large}} closes nothing"),
        ("a\n{{title", "mine:2: {{ without }}"),
    ])
    func refusals(_ text: String, _ problem: String) {
        let fault = #expect(throws: BuildError.self) { try self.compile(text) }
        #expect(fault?.description == "template \(problem)")
    }

    /// A partial template can use the values of the sections around it, and each of its lines names it as the origin.
    @Test func partials() throws {
        let partials = ["part": Array("{{name}} of {{title}}\n".utf8), "nested": Array("{{> part}}\n".utf8)]
        func compile(_ text: String) throws -> CompiledTemplate {
            try CompiledTemplate(
                name: "mine", text: Array(text.utf8), values: Self.values.erased.values, partials: partials)
        }
        let traced = try compile("a\n{{#disks}}\n{{> part}}\n{{/disks}}\nend\n").trace(TemplateFrame.Of(Subject()))
        #expect(String(decoding: traced.bytes, as: UTF8.self) == "a\nsda of SDA\nsdb of SDB\nend\n")
        #expect(traced.lines.map(\.partial) == [nil, "part", "part", nil])
        #expect(traced.lines.map(\.line) == [1, 1, 1, 5])
        for (text, problem) in [
            ("{{> parts}}\n", "template mine:1: there is no partial template parts; did you mean part?"),
            ("a {{> part}}\n", "template mine:1: {{> part}} has to be alone in its line"),
            ("\n{{> part}}\n", "template part:1: nothing is named name"),
            ("{{> nested}}\n", "template nested:1: there is no partial template part"),
        ] {
            let error = #expect(throws: BuildError.self) { try compile(text) }
            #expect(error?.description.hasPrefix(problem) == true, "\(error?.description ?? "")")
        }
    }

    @Test func origins() throws {
        let text = "# {{title}}\n{{#disks}}\ndisk {{name}}{{#large}}!{{/large}}\n{{title}}\n{{/disks}}\nend\n"
        let traced = try compile(text).trace(TemplateFrame.Of(Subject()))
        #expect(String(decoding: traced.bytes, as: UTF8.self) == "# one\ndisk sda\nSDA\ndisk sdb\nSDB\nend\n")
        let disk: Sources = ["nodes.*.disk.device", "nodes.*.disk.by_id"]
        // A section inside a line is a source even if it is not rendered; an inner value has its own sources, or those
        // of its list.
        let first: Sources = [disk, .fact("its size")]
        let second: Sources = [disk, "locale"]
        #expect(traced.lines.map(\.line) == [1, 3, 4, 3, 4, 6])
        #expect(traced.lines.map(\.sources) == ["domain", first, second, first, second, []])
        #expect(try compile(text).sources == ["domain", first, second])
        // A line's number is that of its first element, even if that renders to nothing.
        let empty = try compile("\n{{#large}}!{{/large}}a\n{{note}}b\n{{note}}").trace(TemplateFrame.Of(Subject()))
        #expect(String(decoding: empty.bytes, as: UTF8.self) == "\na\nb\n")
        #expect(empty.lines.map(\.line) == [1, 2, 3])
        #expect(empty.lines.map(\.sources) == [[], .fact("its size"), "keymap"])
        // All lines of a multi-line value have the same template line.
        let long = try compile("a\n{{title}}\nb").trace(TemplateFrame.Of(Subject(title: "x\ny\n")))
        #expect(long.lines.map(\.line) == [1, 2, 2, 2, 3])
        #expect(long.lines.map(\.sources) == [[], "domain", "domain", "domain", []])
        // The sources are also known without a lab: for an inner value of its own, and for a section that is not
        // rendered.
        #expect(try compile("{{^note}}{{#others}}{{other}}{{/others}}{{/note}}").sources == ["keymap", "timezone"])
    }

    /// Every template that a file is rendered from has declared values, and each value has a source.
    @Test func everyTemplateIsDeclared() throws {
        let declared = Plan.templateDefinitions.map(\.template)
        #expect(Set(declared).count == declared.count)
        // These templates are rendered without a lab.
        #expect(
            Set(Template.allCases).subtracting(declared)
                == Set(Template.partials + [.starter, .article, .githubCI, .gitlabCI]))
        for definition in Plan.templateDefinitions {
            let placeholders = try #require(TemplateSet.placeholders(of: definition.template.rawValue))
            #expect(placeholders.allSatisfy { !$0.sources.isEmpty }, "\(definition.template.rawValue)")
        }
    }

    /// The fields behind a file of a node include the fields behind each value in it.
    @Test func fieldsBehindFiles() throws {
        for path in OverlayPath.allCases {
            let fields = GeneratedFile.fields(behind: "overlay/\(path.rawValue)")
            #expect((fields == nil) == (path == .lateScript), "\(path)")
        }
        #expect(GeneratedFile.fields(behind: "overlay/root/.ssh") == ["guests.*.on", "nodes.*.access.authorized_keys"])
        #expect(GeneratedFile.fields(behind: "overlay/etc/xen/web1.cfg")?.contains("guests.*.memory") == true)
        #expect(GeneratedFile.fields(behind: "overlay/etc/hostname") == ["domain"])
        #expect(GeneratedFile.fields(behind: "overlay/etc/motd") == nil)
        #expect(GeneratedFile.fields(behind: "preseed.cfg")?.contains("timezone") == true)
    }
}
