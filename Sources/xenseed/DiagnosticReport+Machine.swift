import Foundation
import Preseed

extension [DiagnosticReport] {
    /// A list of diagnostics, for programs. Where a file has more than are shown, its last item has no code and the number of
    /// the others.
    var json: String {
        encoded(
            flatMap { report in
                let items = report.shown.map { diagnostic in
                    Item(
                        file: report.file, line: diagnostic.mark?.line, column: diagnostic.mark?.column,
                        code: diagnostic.code.id, severity: diagnostic.severity.rawValue, message: diagnostic.message,
                        path: diagnostic.path.map { DiagnosticReport.shortened("\($0)") }, hint: diagnostic.hint)
                }
                return items
                    + (report.omission.map { [Item(file: report.file, severity: "note", message: $0)] } ?? [])
            })
    }

    /// SARIF 2.1.0, which code hosts show in reviews.
    var sarif: String {
        var codes: [String: DiagnosticCode] = [:]
        var results: [SARIF.Result] = []
        var notifications: [SARIF.Notification] = []
        for report in self {
            for diagnostic in report.shown {
                codes[diagnostic.code.id] = diagnostic.code
                let region = diagnostic.mark.map { SARIF.Region(startLine: $0.line, startColumn: $0.column) }
                let uri = report.file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? report.file
                let place = SARIF.PhysicalLocation(artifactLocation: .init(uri: uri), region: region)
                results.append(
                    SARIF.Result(
                        ruleId: diagnostic.code.id, level: diagnostic.severity.rawValue,
                        message: .init(text: diagnostic.message + (diagnostic.hint.map { " Hint: \($0)" } ?? "")),
                        locations: [.init(physicalLocation: place)]))
            }
            if let omission = report.omission {
                notifications.append(.init(message: .init(text: "\(report.file): \(omission)")))
            }
        }
        let rules = codes.values.sorted { $0.id < $1.id }.map {
            SARIF.Rule(id: $0.id, shortDescription: .init(text: $0.title), help: .init(text: $0.cure))
        }
        return encoded(
            SARIF(
                runs: [
                    .init(
                        tool: .init(driver: .init(rules: rules)), results: results,
                        invocations: notifications.isEmpty
                            ? nil : [.init(toolExecutionNotifications: notifications)])
                ]))
    }

}

/// For programs, as a file.
func encoded(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("plain values can be encoded") }
    return String(decoding: data, as: UTF8.self) + "\n"
}

private struct Item: Encodable {
    var file: String
    var line: Int?
    var column: Int?
    var code: String?
    var severity: String
    var message: String
    var path: String?
    var hint: String?
}

/// The part of the Static Analysis Results Interchange Format that is used here.
private struct SARIF: Encodable {
    var version = "2.1.0"
    var schema = "https://json.schemastore.org/sarif-2.1.0.json"
    var runs: [Run]

    enum CodingKeys: String, CodingKey {
        case version, runs
        case schema = "$schema"
    }

    struct Run: Encodable {
        var columnKind = "unicodeCodePoints"
        var tool: Tool
        var results: [Result]
        /// Present where not every result is shown.
        var invocations: [Invocation]?
    }
    struct Invocation: Encodable {
        var executionSuccessful = true
        var toolExecutionNotifications: [Notification]
    }
    struct Notification: Encodable {
        var level = "note"
        var message: Text
    }
    struct Tool: Encodable { var driver: Driver }
    struct Driver: Encodable {
        var name = "xenseed"
        var rules: [Rule]
    }
    struct Rule: Encodable {
        var id: String
        var shortDescription: Text
        var help: Text
    }
    struct Result: Encodable {
        var ruleId: String
        var level: String
        var message: Text
        var locations: [Location]
    }
    struct Location: Encodable { var physicalLocation: PhysicalLocation }
    struct PhysicalLocation: Encodable {
        var artifactLocation: Artifact
        var region: Region?
    }
    struct Artifact: Encodable { var uri: String }
    struct Region: Encodable {
        var startLine: Int
        var startColumn: Int
    }
    struct Text: Encodable { var text: String }
}
