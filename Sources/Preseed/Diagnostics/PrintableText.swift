extension DiagnosticReport {
    /// Replaces characters by U+FFFD that could control a terminal, or that could make a text look different from what it is:
    /// control characters including those of C1 and line feeds, line and paragraph separators, and invisible format characters
    /// such as bidirectional controls. Tabs stay.
    ///
    /// Every text from outside (a file, an archive, a node, a server, a program's output) is shown through this function.
    public static func printable(_ text: String) -> String {
        escaped(text) { _ in "\u{FFFD}".unicodeScalars }
    }

    /// Replaces the same characters, except for line feeds, in the text of a JSON document, where they can only be in strings.
    /// The escape sequences of JSON take their place, so programs read the same values.
    public static func printableJSON(_ text: String) -> String {
        escaped(text, keeping: "\n") { scalar in
            String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }.joined().unicodeScalars
        }
    }

    private static func escaped(
        _ text: String, keeping kept: Unicode.Scalar = "\t",
        _ replacement: (Unicode.Scalar) -> String.UnicodeScalarView
    ) -> String {
        // Nearly every text is ASCII, and its bytes are checked much faster.
        if text.utf8.allSatisfy({ (32...126).contains($0) }) { return text }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isInvisible(scalar), scalar != "\t", scalar != kept {
                out += replacement(scalar)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if (32...126).contains(scalar.value) { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
