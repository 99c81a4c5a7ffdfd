import Foundation
import TestSupport
import Testing

@testable import Spec

/// Schema and reader say the same: the tracked file is the printed one, what the reader takes is valid by the schema, and
/// structural mistakes are not.
struct SchemaTests {
    @Test func theTrackedSchemaIsThePrintedOne() throws {
        let tracked = try String(contentsOf: checkout.appending(path: "Sources/Spec/lab.schema.json"), encoding: .utf8)
        #expect(tracked == LabSchema.json(), "make schema writes it anew")
    }

    @Test func goodLabsAreValid() throws {
        let labs = ["lab.yaml", "templates/starter.yaml"].map { checkout.appending(path: $0).path } + goldenLabs
        #expect(labs.count > 6)
        let errors = try invalid(labs)
        #expect(errors == [:], "\(errors)")
    }

    /// What the schema can see: names, kinds, ranges and forms, not how values go together.
    @Test func structuralMistakesAreInvalid() throws {
        let structural = Fixture.all.filter { fixture in
            ["X0104", "X0105", "X0107", "X0108", "X0201", "X0203", "X0205", "X0206", "X0207", "X0213"].contains(
                fixture.code)
        }
        // A pattern can't tell a group address, a host bit or a null from the rest.
        let beyond = ["X0201/lab-2.yaml", "X0203/lab.yaml"]
        let found = Set(try invalid(structural.map(\.lab.path)).keys)
        for fixture in structural where !beyond.contains(fixture.testDescription) {
            #expect(found.contains(fixture.lab.path), "\(fixture)")
        }
    }

    private var goldenLabs: [String] {
        let folder = checkout.appending(path: "Tests/ArtifactTests/Labs")
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
            .map { folder.appending(path: "\($0)/lab.yaml").path }
            .filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// The first error of each lab that is not valid, by Debian's python3-jsonschema.
    private func invalid(_ labs: [String]) throws -> [String: String] {
        let script = """
            import json, sys, yaml, jsonschema
            # Words stay words, as in YAML 1.2: only true, false, null and decimal numbers are something else.
            class Loader(yaml.SafeLoader):
                yaml_implicit_resolvers = {}
            Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), list("tf"))
            Loader.add_implicit_resolver("tag:yaml.org,2002:null", __import__("re").compile("^(null|~|)$"), ["n", "~", ""])
            Loader.add_implicit_resolver("tag:yaml.org,2002:int", __import__("re").compile("^(0|[1-9][0-9]*)$"), list("0123456789"))
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            print(json.dumps({lab: str(error.message) for lab in sys.argv[2:]
                for error in list(validator.iter_errors(yaml.load(open(lab), Loader)))[:1]}))
            """
        let ran = try run(
            ["/usr/bin/python3", "-c", script, checkout.appending(path: "Sources/Spec/lab.schema.json").path] + labs)
        try #require(ran.status == 0, "\(ran.err)")
        return try JSONDecoder().decode([String: String].self, from: Data(ran.out.utf8))
    }
}
