import FoundationEssentials
import Preseed

extension [DiagnosticReport] {
    /// The diagnostics as a list in JSON. If a file has more than are shown, its last item has no code, and its message has
    /// the number of the others.
    var json: String {
        encoded(
            flatMap { report in
                let items = report.shown.map { diagnostic in
                    Item(
                        file: report.file, line: diagnostic.mark?.line, column: diagnostic.mark?.column,
                        endLine: diagnostic.end?.line, endColumn: diagnostic.end?.column,
                        code: diagnostic.code.id, severity: diagnostic.severity.rawValue, message: diagnostic.message,
                        path: diagnostic.path.map { DiagnosticReport.shortened("\($0)") },
                        question: diagnostic.question, condition: diagnostic.condition, hint: diagnostic.hint,
                        fix: diagnostic.shownFix.map(Item.Fix.init))
                }
                return items
                    + (report.omission.map { [Item(file: report.file, severity: "note", message: $0)] } ?? [])
            })
    }

    /// The diagnostics in SARIF 2.1.0, which code hosting services show in reviews.
    var sarif: String {
        var codes: [String: DiagnosticCode] = [:]
        var results: [SARIF.Result] = []
        var notifications: [SARIF.Notification] = []
        for report in self {
            for diagnostic in report.shown {
                codes[diagnostic.code.id] = diagnostic.code
                let region = diagnostic.mark.map { SARIF.Region($0, diagnostic.end) }
                var uri = URLComponents()
                uri.path = report.file
                let artifact = SARIF.Artifact(uri: uri.percentEncodedPath)
                let place = SARIF.PhysicalLocation(artifactLocation: artifact, region: region)
                results.append(
                    SARIF.Result(
                        ruleId: diagnostic.code.id, level: diagnostic.severity.rawValue,
                        message: .init(text: diagnostic.message + (diagnostic.hint.map { " Hint: \($0)" } ?? "")),
                        locations: [.init(physicalLocation: place)],
                        fixes: diagnostic.shownFix.map { [.init($0, artifact)] },
                        properties: .init(diagnostic)))
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

/// Returns a value in JSON, formatted for a file.
func encoded(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("plain values can be encoded") }
    return DiagnosticReport.printableJSON(String(decoding: data, as: UTF8.self)) + "\n"
}

extension Diagnostic {
    /// The fix for a report: one with thousands of replacements, such as one for each line, is left out.
    fileprivate var shownFix: Fix? { fix.flatMap { $0.replacements.count <= 100 ? $0 : nil } }
}

private struct Item: Encodable {
    var file: String
    var line: Int?
    var column: Int?
    /// The position behind the wrong part.
    var endLine: Int?
    var endColumn: Int?
    var code: String?
    var severity: String
    var message: String
    var path: String?
    var question: String?
    var condition: String?
    var hint: String?
    var fix: Fix?

    struct Fix: Encodable {
        var description: String
        var replacements: [Replacement]

        init(_ fix: Preseed.Fix) {
            description = fix.action
            replacements = fix.replacements.map {
                Replacement(
                    line: $0.start.line, column: $0.start.column, endLine: $0.end.line, endColumn: $0.end.column,
                    text: $0.text)
            }
        }
    }

    struct Replacement: Encodable {
        var line: Int
        var column: Int
        var endLine: Int
        var endColumn: Int
        var text: String
    }
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
        /// Present if not all results are shown.
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
        var fixes: [Fix]?
        var properties: Properties?
    }
    struct Fix: Encodable {
        var description: Text
        var artifactChanges: [Change]

        init(_ fix: Preseed.Fix, _ artifact: Artifact) {
            description = Text(text: fix.action)
            artifactChanges = [
                Change(
                    artifactLocation: artifact,
                    replacements: fix.replacements.map {
                        Replacement(deletedRegion: Region($0.start, $0.end), insertedContent: Text(text: $0.text))
                    })
            ]
        }
    }
    struct Change: Encodable {
        var artifactLocation: Artifact
        var replacements: [Replacement]
    }
    struct Replacement: Encodable {
        var deletedRegion: Region
        var insertedContent: Text
    }
    /// What SARIF has no place for.
    struct Properties: Encodable {
        var question: String?
        var condition: String?
        var hint: String?

        /// Creates the properties of a diagnostic; nil when it has none.
        init?(_ diagnostic: Diagnostic) {
            (question, condition, hint) = (diagnostic.question, diagnostic.condition, diagnostic.hint)
            if question == nil, condition == nil, hint == nil { return nil }
        }
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
        var endLine: Int?
        var endColumn: Int?

        init(_ start: SourceMark, _ end: SourceMark?) {
            (startLine, startColumn) = (start.line, start.column)
            (endLine, endColumn) = (end?.line, end?.column)
        }
    }
    struct Text: Encodable { var text: String }
}
