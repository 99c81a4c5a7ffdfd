import Preseed

/// A machine's serial number as its firmware tells it (SMBIOS type 1; /sys/class/dmi/id/product_serial).
package struct SystemSerial: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a serial number", pattern: "^[A-Za-z0-9._/+-]([A-Za-z0-9._/+ -]{0,62}[A-Za-z0-9._/+-])?$",
        example: "CZ3210ABCD")

    /// What boards say that were given none: every one of them would match.
    static let placeholders = [
        "0", "0123456789", "123456789", "1234567890", "default string", "n/a", "na", "none", "not applicable",
        "not specified", "system serial number", "to be filled by o.e.m.", "unknown",
    ]

    package init(text: String) throws(Malformed) {
        let isPlain = text.utf8.allSatisfy { isAlphanumeric($0) || "._/+- ".utf8.contains($0) }
        guard (1...64).contains(text.utf8.count), isPlain, text.first != " ", text.last != " " else {
            throw Malformed("is not a serial number", hint: "copy /sys/class/dmi/id/product_serial")
        }
        guard !Self.placeholders.contains(text.lowercased()) else {
            throw Malformed("is what boards without a serial number say", hint: "leave it out")
        }
        description = text
    }
}
