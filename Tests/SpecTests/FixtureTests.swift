import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Spec

/// A lab with one mistake, and the exact text that is said of it: `Fixtures/CODE/lab-N.yaml`, `expected-N.txt`.
struct Fixture: CustomTestStringConvertible, Sendable {
    let code: String
    let lab: URL
    var expected: URL {
        let name = lab.lastPathComponent.replacing("lab", with: "expected").replacing(".yaml", with: ".txt")
        return lab.deletingLastPathComponent().appending(path: name)
    }
    var testDescription: String { "\(code)/\(lab.lastPathComponent)" }

    static let folder = checkout.appending(path: "Tests/SpecTests/Fixtures")

    static let all: [Fixture] = names(in: folder).flatMap { code in
        names(in: folder.appending(path: code)).filter { $0.hasSuffix(".yaml") }.map {
            Fixture(code: code, lab: folder.appending(path: "\(code)/\($0)"))
        }
    }

    private static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    func report() throws -> Report {
        Spec.read(
            try String(contentsOf: lab, encoding: .utf8), file: "lab.yaml",
            beside: .reading(lab.deletingLastPathComponent().appending(path: "beside"))
        ).report
    }
}

extension Beside {
    /// The files below a folder.
    static func reading(_ folder: URL) -> Beside {
        Beside(
            read: { path throws(Unreadable) in
                guard let data = try? Data(contentsOf: folder.appending(path: path)) else {
                    throw Unreadable("no such file")
                }
                return [UInt8](data)
            },
            list: { path throws(Unreadable) in
                let root = folder.appending(path: path)
                guard let walk = FileManager.default.enumerator(atPath: root.path) else {
                    throw Unreadable("no such folder")
                }
                return walk.compactMap { item in
                    guard let name = item as? String, let data = try? Data(contentsOf: root.appending(path: name))
                    else {
                        return nil
                    }
                    let isExecutable = FileManager.default.isExecutableFile(atPath: root.appending(path: name).path)
                    return File(path: name, isExecutable: isExecutable, content: [UInt8](data))
                }
            })
    }
}

struct FixtureTests {
    @Test(arguments: Fixture.all) func saysExactly(fixture: Fixture) throws {
        let report = try fixture.report()
        #expect(Set(report.diagnostics.map(\.code.id)) == [fixture.code])
        guard let expected = try? String(contentsOf: fixture.expected, encoding: .utf8) else {
            try Data(report.text().utf8).write(to: fixture.expected)
            Issue.record("recorded \(fixture.expected.lastPathComponent); look at it and run again")
            return
        }
        #expect(report.text() == expected)
    }

    @Test func everyCodeHasAFixture() {
        #expect(Set(Fixture.all.map(\.code)) == Set(DiagnosticCode.labCodes.map(\.id)))
    }

    @Test func codesAreWhole() {
        let codes = DiagnosticCode.labCodes
        #expect(Set(codes.map(\.id)).count == codes.count)
        #expect(codes.map(\.id) == codes.map(\.id).sorted())
        for code in codes {
            #expect([code.title, code.cause, code.example, code.cure].allSatisfy { !$0.isEmpty }, "\(code.id)")
        }
    }

    /// A path in a diagnostic leads to a field that the lab file has, or to a key that it should not have.
    @Test(arguments: Fixture.all) func pathsAreRealFields(fixture: Fixture) throws {
        for diagnostic in try fixture.report().diagnostics where diagnostic.code != .unknownKey {
            guard let path = diagnostic.path else { continue }
            #expect(leads(path.keys, through: .record(.lab)), "\(path)")
        }
    }

    private func leads(_ keys: [String], through shape: Shape) -> Bool {
        guard let key = keys.first else { return true }
        let rest = Array(keys.dropFirst())
        switch shape {
        case .record(let record):
            let name = key.prefix { $0 != "[" }
            guard let field = record[String(name)] else { return false }
            if name.count < key.count {
                guard case .list = field.shape else { return false }
                return rest.isEmpty
            }
            return leads(rest, through: field.shape)
        case .table(_, let content): return leads(rest, through: content)
        case .text, .integer, .boolean, .prose, .list: return false
        }
    }
}
