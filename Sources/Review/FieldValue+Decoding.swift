import FoundationEssentials
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
    /// Returns the resolved lab of a snapshot; nil when it was built by a version that did not write one.
    /// - Throws: ``ReviewError`` when it is not a resolved lab that this version can compare.
    func resolvedLab() throws -> FieldValue? {
        guard let bytes = try content(of: ResolvedLab.path) else { return nil }
        guard let value = try? JSONDecoder().decode(FieldValue.self, from: Data(bytes)) else {
            throw ReviewError("is not JSON", code: .lab)
        }
        let version = value[ResolvedLab.version]
        guard version == .number(ResolvedLab.currentVersion) else {
            let shown = if case .number(let number)? = version { "\(number)" } else { "unknown" }
            throw ReviewError(
                "has the schema version \(shown); this xenseed compares version \(ResolvedLab.currentVersion)",
                code: .lab)
        }
        return value
    }
}

extension Snapshot {
    /// Returns the SHA-256 in hex of the lab file that the snapshot was built from; nil when the snapshot does not have it.
    package func labDigest() -> String? {
        guard case .text(let text)? = (try? resolvedLab())?[ResolvedLab.digest], text.hasPrefix("sha256:") else {
            return nil
        }
        return String(text.dropFirst("sha256:".count))
    }
}
