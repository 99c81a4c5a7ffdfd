import Foundation
import Preseed
import Testing

@testable import Lab

/// A lab with one mistake, in the directory of its code. The report for `lab-2.yaml` is in `expected-2.txt`.
struct Fixture: Sendable, CustomTestStringConvertible {
    let code: String
    let lab: LabFolder

    static let folder = Checkout.tests.appending(path: "Fixtures")

    static let all = Checkout.names(in: folder).flatMap { code in
        let url = folder.appending(path: code)
        return Checkout.names(in: url).filter { $0.hasPrefix("lab") }.map { name in
            Fixture(code: code, lab: LabFolder(url: url, name: name))
        }
    }

    /// Code and file name, such as `X0304/lab-2.yaml`.
    var name: String { "\(code)/\(lab.name)" }
    var testDescription: String { name }

    var expectation: URL {
        lab.url.appending(path: "expected" + lab.name.dropFirst(3).dropLast(5) + ".txt")
    }
}

@Suite(.timeLimit(.minutes(15)))
struct FixtureTests {
    @Test(arguments: Fixture.all) func reportIsAsExpected(_ fixture: Fixture) throws {
        let (lab, report) = try fixture.lab.read()
        #expect(Set(report.diagnostics.map(\.code.id)) == [fixture.code])
        #expect((lab == nil) == (report.errors > 0))
        try expect(report.text(), isIn: fixture.expectation)
    }

    @Test func everyCodeHasAFixture() {
        #expect(Set(DiagnosticCode.labCodes.map(\.id)) == Set(Checkout.names(in: Fixture.folder)))
        #expect(Set(Fixture.all.map(\.code)) == Set(DiagnosticCode.labCodes.map(\.id)))
    }

    @Test func everyExpectationHasItsLab() {
        let wanted = Set(Fixture.all.map(\.expectation.path))
        for code in Checkout.names(in: Fixture.folder) {
            let folder = Fixture.folder.appending(path: code)
            for name in Checkout.names(in: folder) where name.hasSuffix(".txt") {
                #expect(wanted.contains(folder.appending(path: name).path), "\(code)/\(name)")
            }
        }
    }

    @Test func codesAreExplained() throws {
        let codes = DiagnosticCode.labCodes
        #expect(Set(codes.map(\.id)).count == codes.count)
        #expect(codes.map(\.id) == codes.map(\.id).sorted())
        for code in codes {
            for text in [code.title, code.cause, code.example, code.cure] { #expect(!text.isEmpty, "\(code.id)") }
            #expect(code.example != code.cure, "\(code.id)")
        }
        // The list has every code that is declared.
        let source = Checkout.root.appending(path: "Sources/Lab/Reader/DiagnosticCode+lab.swift")
        let declared = try String(contentsOf: source, encoding: .utf8).matches(of: /"(X\d{4})"/).map { String($0.1) }
        #expect(declared == codes.map(\.id))
    }

    @Test(arguments: Fixture.all) func pathsAreFields(_ fixture: Fixture) throws {
        for diagnostic in try fixture.lab.read().report.diagnostics {
            guard let path = diagnostic.path else { continue }
            if diagnostic.code == .unknownKey {
                let parent = Shape.object(LabFields.lab.schema).content(at: path.keys.dropLast())
                guard case .object(let schema) = parent else {
                    Issue.record("\(path) is not in an object")
                    continue
                }
                #expect(schema[path.keys.last!] == nil, "\(path) is a field")
            } else {
                let found = Shape.object(LabFields.lab.schema).content(at: path.keys[...])
                #expect(found != nil, "there is no field \(path)")
            }
        }
    }

    @Test func modesAreTheLabsOrTheFiles() throws {
        let node = try #require(try SchemaTests.full.read().lab?.nodes.first)
        let modes = node.files.map { "\($0.path) \(String($0.mode, radix: 8))" }
        #expect(modes == ["/etc/drbd.d/r0.res 640", "/usr/local/bin/guests 755"])
    }

    /// A mistake under `defaults` is counted once, and mistakes in two files of a directory are counted as two.
    @Test func mistakesAreCountedOnce() throws {
        func errors(_ name: String) throws -> Int {
            try #require(Fixture.all.first { $0.name == name }).lab.read().report.errors
        }
        #expect(try errors("X0104/lab-4.yaml") == 1)
        #expect(try errors("X0501/lab-5.yaml") == 1)
        #expect(try errors("X0106/lab-2.yaml") == 2)
        #expect(try errors("X0604/lab-4.yaml") == 2)
        #expect(try errors("X0609/lab-2.yaml") == 2)
    }
}

extension Shape {
    /// Returns the shape at a path, in which tables accept any name; nil if there is no such field.
    func content(at path: ArraySlice<String>) -> Shape? {
        guard let key = path.first else { return self }
        let inner: Shape?
        switch self {
        case .object(let schema):
            let name = key.prefix { $0 != "[" }
            if case .list(let item) = schema[String(name)]?.shape, name != key {
                inner = .text(item)
            } else {
                inner = schema[key]?.shape
            }
        case .table(_, let content): inner = content
        case .text, .name, .integer, .boolean, .prose, .list: inner = nil
        }
        return inner?.content(at: path.dropFirst())
    }
}

/// Compares a text with a tracked file. If there is no such file, writes it and fails, so that it is reviewed.
func expect(_ text: String, isIn file: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
    guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
        try Data(text.utf8).write(to: file)
        Issue.record("\(file.lastPathComponent) is recorded; look at it and run again", sourceLocation: sourceLocation)
        return
    }
    #expect(text == expected, sourceLocation: sourceLocation)
}
