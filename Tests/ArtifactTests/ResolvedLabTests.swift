import Foundation
import Lab
import TestSupport
import Testing

/// Tests `lab.json`, the resolved lab, as other programs read it.
@Suite(.timeLimit(.minutes(15)))
struct ResolvedLabTests {
    /// Each `lab.json` is valid under the schema that `xenseed schema --resolved` prints (checked by
    /// python3-jsonschema).
    @Test func conformsToItsSchema() async throws {
        let folder = try TemporaryFolder()
        let schema = folder.url("schema.json")
        try Data(LabSchema.resolvedJSON().utf8).write(to: schema)
        var files: [URL] = []
        for lab in LabCase.all { files.append(try await lab.tree().root.appending(path: ResolvedLab.path)) }
        let found = try conform(files, to: schema)
        #expect(found.count == files.count)
        for (name, problems) in found { #expect(problems == [], "\(name)") }
        // A file that is not a resolved lab is invalid.
        let text = try String(contentsOf: files[0], encoding: .utf8)
        for (number, (old, new)) in [
            ("\"vcpus\": 1,", ""), ("\"vcpus\": 1,", "\"vcpus\": null,"),
            ("\"vcpus\": 1,", "\"vcpus\": 1, \"more\": 1,"),
            ("\"schema_version\": 1", "\"schema_version\": 2"),
            ("\"root_password\": null", "\"root_password\": \"$6$a$b\""),
        ].enumerated() {
            try #require(text.contains(old))
            let file = folder.url("\(number).json")
            try Data(text.replacing(old, with: new).utf8).write(to: file)
            #expect(try conform([file], to: schema)[file.path]?.isEmpty == false, "\(new)")
        }
    }

    /// `lab.json` has every field of the schema in each object. Over all labs, each field has a value somewhere.
    @Test func hasEveryField() async throws {
        var lacking = Set(LabFields.lab.schema.paths.map(\.path))
        for lab in LabCase.all {
            let data = try Data(contentsOf: try await lab.tree().root.appending(path: ResolvedLab.path))
            let value = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            simulation(value, LabFields.lab.schema, "", lab.testDescription, &lacking)
        }
        let merged = lacking.filter { $0 == ResolvedLab.merged || $0.hasPrefix(ResolvedLab.merged + ".") }
        #expect(lacking.subtracting(merged) == [])
        #expect(merged.count > 50)
    }

    private func simulation(
        _ value: [String: Any], _ schema: ObjectSchema, _ path: String, _ lab: String, _ lacking: inout Set<String>
    ) {
        for field in schema.fields where field.key != ResolvedLab.merged {
            let inner = path + field.key
            guard let content = value[field.key] else {
                Issue.record("\(lab) has no \(inner)")
                continue
            }
            if content is NSNull { continue }
            lacking.remove(inner)
            switch (field.shape, content) {
            case (.object(let schema), let content as [String: Any]):
                simulation(content, schema, inner + ".", lab, &lacking)
            case (.table(_, .object(let schema)), let content as [String: [String: Any]]):
                for item in content.values { simulation(item, schema, inner + ".*.", lab, &lacking) }
            case (.table, let content as [String: Any]): if !content.isEmpty { lacking.remove(inner + ".*") }
            default: break
            }
        }
    }

    /// `lab.json` contains neither a password hash nor the content of a file next to the lab.
    @Test(arguments: LabCase.all) func hasNoSecrets(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let text = try String(contentsOf: tree.root.appending(path: ResolvedLab.path), encoding: .utf8)
        #expect(!text.contains("$6$") && !text.contains("$y$") && !text.contains("PRIVATE"))
        for node in tree.lab.nodes {
            guard let hash = node.access.rootPassword else { continue }
            #expect(text.contains("\"root_password\": \"sha256:\(sha256(Array(hash.description.utf8)))\""))
        }
    }

    /// The content of a lab file decides, not its formatting; a changed value changes one line and the digest.
    @Test func isStable() throws {
        let lab = LabCase(name: "reference", codename: "jessie")
        func resolved(_ text: String) throws -> [String] {
            let (read, report) = Spec.read(text, file: "lab.yaml", labFiles: lab.labFiles)
            let bytes = ResolvedLab.json(of: try #require(read, "\(report.text())"))
            return String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
        }
        let text = try lab.text()
        let lines = try resolved(text)
        #expect(
            try resolved("# more\n\n" + text.replacing("{device: /dev/sda}", with: "{ device:  '/dev/sda' }")) == lines)
        #expect(try resolved(Spec.reversingKeys(text)) == lines)
        let changed = try resolved(text.replacing("vcpus: 1", with: "vcpus: 2"))
        #expect(changed.count == lines.count)
        let differing = zip(lines, changed).filter { $0 != $1 }.map(\.1)
        // Both nodes inherit it from `defaults`.
        #expect(
            differing.filter { !$0.contains(ResolvedLab.digest) } == Array(repeating: "        \"vcpus\": 2,", count: 2)
        )
        #expect(differing.count == 3)
    }
}
