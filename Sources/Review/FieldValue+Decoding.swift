import Foundation
import Lab

extension FieldValue: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let entries = try? container.decode([String: FieldValue].self) {
            self = .object(entries.sorted { $0.key < $1.key }.map { Entry($0.key, $0.value) })
        } else if let items = try? container.decode([FieldValue].self) {
            self = .list(items)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = .number(try container.decode(Int.self))
        }
    }
}

extension Snapshot {
    /// The resolved lab of a snapshot; nil when it was built by a version that wrote none.
    /// - Throws: ``UnreadableLab`` when it is not a resolved lab that this version can compare.
    func resolvedLab() throws -> FieldValue? {
        guard let bytes = try content(of: ResolvedLab.path) else { return nil }
        guard let value = try? JSONDecoder().decode(FieldValue.self, from: Data(bytes)) else {
            throw UnreadableLab(description: "is not JSON")
        }
        let version = value[ResolvedLab.version]
        guard version == .number(ResolvedLab.currentVersion) else {
            let shown = if case .number(let number)? = version { "\(number)" } else { "unknown" }
            throw UnreadableLab(
                description:
                    "has the schema version \(shown); this xenseed compares version \(ResolvedLab.currentVersion)")
        }
        return value
    }
}

extension Snapshot {
    /// The SHA-256 in hex of what the lab file said that the snapshot was built from; nil when it does not say.
    package func labDigest() -> String? {
        guard case .text(let text)? = (try? resolvedLab())?[ResolvedLab.digest], text.hasPrefix("sha256:") else {
            return nil
        }
        return String(text.dropFirst("sha256:".count))
    }
}

/// Why a `lab.json` cannot be compared.
struct UnreadableLab: Error, CustomStringConvertible {
    let description: String
}
