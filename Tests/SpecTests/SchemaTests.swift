import Foundation
import Lab
import Plan
import TestSupport
import Testing

@testable import Spec

@Suite struct SchemaTests {
    static let tracked = Checkout.root.appending(path: "Sources/Spec/lab.schema.json")
    static let full = LabFolder(url: Checkout.tests.appending(path: "Labs/full"))

    @Test func trackedSchemaIsCurrent() throws {
        let text = try String(contentsOf: Self.tracked, encoding: .utf8)
        #expect(LabSchema.json() == text, "print it anew: xenseed schema > Sources/Spec/lab.schema.json")
    }

    /// So that the tests of the schema and of the reader's order go over every field.
    @Test func fullLabHasEveryField() throws {
        let (lab, report) = try Self.full.read()
        #expect(lab != nil && report.diagnostics.isEmpty, "\(report.text())")
        var empty = report
        let root = try #require(YAMLParser.parse(try Self.full.text, report: &empty))
        var missing = Shape.record(.lab).fields(below: "")
        Shape.record(.lab).strike(root, below: "", from: &missing)
        #expect(missing == [])
    }

    @Test func acceptedLabsConform() throws {
        var labs = ["lab.yaml", "templates/starter.yaml"].map { Checkout.root.appending(path: $0) }
        for lab in labs {
            let report = Spec.read(try String(contentsOf: lab, encoding: .utf8), file: "lab.yaml", beside: .empty)
                .report
            #expect(report.errors == 0, "\(report.text())")
        }
        labs.append(Self.full.url.appending(path: Self.full.name))
        for fixture in Fixture.all where try fixture.lab.read().lab != nil {
            labs.append(fixture.lab.url.appending(path: fixture.lab.name))
        }
        for (name, problems) in try conform(labs, to: Self.tracked) { #expect(problems == [], "\(name)") }
    }

    /// What no schema or no reasonable regular expression can see; only the reader says it.
    static let beyondTheSchema: Set<String> = [
        // The field may stand under `defaults` or in the node; a port needs no network; DHCP needs no address.
        "X0106/lab-4.yaml", "X0106/lab-5.yaml", "X0106/lab-6.yaml", "X0106/lab-7.yaml", "X0106/lab-8.yaml",
        "X0106/lab-11.yaml",
        // A table without entries.
        "X0106/lab-9.yaml", "X0106/lab-10.yaml",
        // A leading zero is lost before the schema sees the number.
        "X0107/lab-3.yaml",
        // The value of the digits, not their form.
        "X0201/lab-2.yaml", "X0201/lab-3.yaml", "X0202/lab.yaml", "X0202/lab-3.yaml", "X0203/lab.yaml",
        "X0203/lab-3.yaml", "X0206/lab-3.yaml", "X0212/lab-14.yaml", "X0212/lab-16.yaml",
        // Lengths, and words that are well-formed but mean something else.
        "X0205/lab-2.yaml", "X0207/lab-3.yaml", "X0208/lab-2.yaml", "X0208/lab-4.yaml", "X0209/lab-2.yaml",
        "X0210/lab-4.yaml",
        // A file beside the lab.
        "X0208/lab-5.yaml",
        // What the release offers.
        "X0214/lab.yaml", "X0214/lab-2.yaml", "X0214/lab-3.yaml", "X0214/lab-4.yaml", "X0214/lab-5.yaml",
        "X0214/lab-6.yaml", "X0214/lab-7.yaml", "X0214/lab-8.yaml", "X0221/lab.yaml", "X0221/lab-2.yaml",
        "X0221/lab-3.yaml", "X0221/lab-4.yaml", "X0221/lab-5.yaml", "X0221/lab-6.yaml", "X0221/lab-7.yaml",
        "X0221/lab-8.yaml", "X0222/lab.yaml", "X0222/lab-2.yaml", "X0222/lab-3.yaml", "X0222/lab-4.yaml",
        "X0222/lab-5.yaml", "X0223/lab.yaml", "X0223/lab-2.yaml",
        // Names with a meaning of their own.
        "X0224/lab.yaml", "X0224/lab-2.yaml", "X0224/lab-3.yaml",
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
    /// The paths of all fields, `*` for a table's names.
    func fields(below path: String) -> Set<String> {
        switch self {
        case .record(let record):
            Set(
                record.fields.flatMap { field in
                    field.shape.fields(below: "\(path).\(field.key)").union(["\(path).\(field.key)"])
                })
        case .table(_, let content): content.fields(below: path + ".*")
        case .text, .integer, .boolean, .prose, .list: []
        }
    }

    /// Takes away the fields that a value says. `defaults` and nodes have the same, so one of the two is enough.
    func strike(_ value: YAMLValue, below path: String, from missing: inout Set<String>) {
        guard case .mapping(let entries, _) = value else { return }
        for entry in entries {
            switch self {
            case .record(let record):
                let inner = "\(path).\(entry.key)"
                missing.remove(inner)
                if inner.hasPrefix(".nodes.*") { missing.remove(".defaults" + inner.dropFirst(8)) }
                if inner.hasPrefix(".defaults") { missing.remove(".nodes.*" + inner.dropFirst(9)) }
                record[entry.key]?.shape.strike(entry.value, below: inner, from: &missing)
            case .table(_, let content): content.strike(entry.value, below: path + ".*", from: &missing)
            case .text, .integer, .boolean, .prose, .list: break
            }
        }
    }
}
