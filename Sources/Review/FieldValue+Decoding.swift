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

extension FieldValue {
    /// Reads a resolved lab.
    /// - Throws: ``ReviewError`` when this version can't compare it.
    package init(resolvedLab bytes: [UInt8]) throws {
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
        self = value
    }
}

extension Snapshot {
    package func resolvedLab() throws -> FieldValue? {
        try content(of: ResolvedLab.path).map(FieldValue.init(resolvedLab:))
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
