/// The colours of text on a terminal.
public struct TerminalColours: Sendable {
    /// A colour, as the parameter of the control sequence SGR (ECMA-48).
    public enum Colour: String, Sendable {
        case bold = "1"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
        case boldRed = "31;1"
        case boldMagenta = "35;1"
    }

    private let isOn: Bool
    public static let none = TerminalColours(isOn: false)
    public static let on = TerminalColours(isOn: true)

    /// Returns a text in a colour; nil is the terminal's own.
    public func paint(_ text: some StringProtocol, _ colour: Colour?) -> String {
        guard isOn, let colour else { return String(text) }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}

extension StringProtocol {
    /// Splits a text at blanks into lines of at most a number of characters. A longer word is split, too.
    /// - Parameters:
    ///   - width: The number of characters of a line.
    ///   - first: The number of characters of the first line, if it is another one.
    public func wrapped(to width: Int, first: Int? = nil) -> [String] {
        let width = Swift.max(1, width)
        var limit = Swift.max(1, first ?? width)
        var (lines, line): ([String], String) = ([], "")
        func finish() {
            lines.append(line)
            (line, limit) = ("", width)
        }
        for word in split(separator: " ") {
            var word = word[...]
            if !line.isEmpty, line.count + 1 + word.count > limit { finish() }
            while word.count > limit, line.isEmpty {
                line = String(word.prefix(limit))
                word = word.dropFirst(limit)
                finish()
            }
            if !word.isEmpty { line += line.isEmpty ? String(word) : " \(word)" }
        }
        if !line.isEmpty || lines.isEmpty { finish() }
        return lines
    }
}
