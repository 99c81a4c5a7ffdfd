import FoundationEssentials
import Lab
import Preseed

extension Review {
    /// The review in JSON, with every change of every node.
    package var json: String {
        struct Shown: Encodable {
            struct Item: Encodable {
                var node: String?
                var risk: String
                var sentence: String
                var path: String
                var field: String?
                var diff: String?
                var derived: Bool
            }
            struct Installation: Encodable {
                var node: String
                var erases: String
                var armed: Bool?
            }
            var highest: String?
            var summary: String
            var problems: [String]
            var notes: [String]
            var changes: [Item]
            var newlyArmed: [Installation]
            var toInstallAgain: [Installation]
        }
        func installations(_ targets: [Installations.Target]) -> [Shown.Installation] {
            targets.map { .init(node: $0.node, erases: $0.disk, armed: $0.isArmed) }
        }
        let shown = Shown(
            highest: highest?.name, summary: summary, problems: problems, notes: notes,
            changes: changes.map {
                .init(
                    node: $0.node, risk: $0.risk.name, sentence: $0.sentence, path: $0.path, field: $0.field,
                    diff: $0.diff, derived: $0.isDerived)
            },
            newlyArmed: installations(self.installations.armed),
            toInstallAgain: installations(self.installations.again))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Strings can always be encoded.
        return (try? encoder.encode(shown)).map {
            DiagnosticReport.printableJSON(String(decoding: $0, as: UTF8.self)) + "\n"
        } ?? ""
    }
}
