import Preseed

/// The MAC address of a network card in the lab file, or `unknown`.
package struct CardAddress: TextValue {
    /// The address; nil when it is unknown.
    package let mac: MACAddress?

    package static let syntax = TextSyntax(
        "a MAC address or unknown", pattern: "^unknown$|" + MACAddress.syntax.pattern,
        example: MACAddress.syntax.example)

    init(_ mac: MACAddress) { self.mac = mac.isPlaceholder ? nil : mac }

    package init(text: String) throws(ValueError) {
        mac = text == "unknown" ? nil : try MACAddress(text: text)
        if let mac, mac.isPlaceholder {
            throw ValueError(
                "is in the range of the addresses that stand for unknown ones",
                hint: "copy the card's own address, or write: unknown")
        }
    }

    package var text: String { mac?.description ?? "unknown" }
}

extension MACAddress {
    /// Returns the address that stands for the unknown address of a card in all files. The installer replaces it when the
    /// address is known. It is locally administered, so no manufacturer gives it to a card.
    static func placeholder(_ node: Hostname, _ interface: InterfaceName) -> MACAddress {
        let digits = Array(sha256(Array("\(node) \(interface)".utf8)).prefix(6))
        let octets = stride(from: 0, to: 6, by: 2).map { String(digits[$0...$0 + 1]) }
        return known(MACAddress.self, (["02", "78", "65"] + octets).joined(separator: ":"))
    }

    /// Whether the address stands for one that is unknown.
    package var isPlaceholder: Bool { bits >> 24 == 0x02_7865 }

    /// The address for a person, or `unknown`.
    package var shown: String { CardAddress(self).text }
}
