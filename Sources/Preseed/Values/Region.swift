/// The name of a locale with a language and a country, in the form of Debian's localechooser.
public struct LocaleName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a locale", pattern: "^[a-z]{2,3}_[A-Z]{2}(\\.[A-Za-z0-9-]+)?(@[a-z]+)?$", example: "en_US.UTF-8")

    public init(text: String) throws(ValueError) {
        let (name, modifier) = halves(text, at: "@")
        let (place, charset) = halves(name, at: ".")
        let (language, country) = halves(place, at: "_")
        guard (2...3).contains(language.utf8.count), language.consists(of: isLower), country?.utf8.count == 2,
            country?.consists(of: { (65...90).contains($0) }) == true,
            charset.map({ $0.consists(of: { isAlphanumeric($0) || $0 == 45 }) }) ?? true,
            modifier.map({ $0.consists(of: isLower) }) ?? true
        else {
            // The installer asks for a continent when it can't derive a country.
            throw ValueError("is not a locale with a language and a country", try: "en_US.UTF-8")
        }
        description = text
    }
}

/// The name of a time zone of the tz database: `Area/Place`, or a short name such as `UTC` or `CET`. The names of a release
/// are in its ``RegionCatalogue``.
public struct TimeZoneName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a time zone", pattern: "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$", example: "Europe/Berlin")

    public init(text: String) throws(ValueError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), let first = text.utf8.first, isLower(first | 32),
            parts.allSatisfy({ $0.consists(of: { isAlphanumeric($0) || [95, 43, 45].contains($0) }) })
        else { throw ValueError("is not a time zone (Area/Place, as in the tz database)") }
        description = text
    }
}

/// The name of a keymap in the form of keyboard-configuration/xkb-keymap: a layout, or `layout(variant)`. The keymaps that
/// the installer of a release offers are in its ``QuestionCatalogue``.
public struct KeymapName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a keymap", pattern: "^[A-Za-z][A-Za-z0-9_-]*(\\([a-z0-9_-]+\\))?$", example: "de")

    public init(text: String) throws(ValueError) {
        let (layout, variant) = halves(text, at: "(")
        guard let first = layout.utf8.first, isLower(first | 32),
            layout.consists(of: { isAlphanumeric($0) || $0 == 95 || $0 == 45 }),
            variant.map({
                $0.hasSuffix(")") && $0.dropLast().consists(of: { isDigit($0) || isLower($0) || $0 == 95 || $0 == 45 })
            })
                ?? true
        else { throw ValueError("is not a keymap (us, gb, de, fr(latin9)…)") }
        description = text
    }
}

/// Returns the parts before and after the first separator; the second part is nil when there is no separator.
private func halves(_ text: some StringProtocol, at separator: Character) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: separator) else { return (Substring(text), nil) }
    return (Substring(text[..<index]), Substring(text[text.index(after: index)...]))
}
