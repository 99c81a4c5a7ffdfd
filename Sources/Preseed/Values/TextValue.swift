/// A value that is written as text in a lab file and checked when it is read.
public protocol TextValue: Hashable, Sendable {
    /// The expected form, for messages and the JSON Schema.
    static var syntax: TextSyntax { get }
    /// - Throws: `ValueError` with what is wrong and, where one is plain, the corrected text.
    init(text: String) throws(ValueError)
    /// The canonical form of the value, from which ``init(text:)`` creates the same value.
    var text: String { get }
}

extension TextValue where Self: CustomStringConvertible {
    public var text: String { description }
}

/// The form of a text value.
public struct TextSyntax: Sendable {
    /// The name with its article: `a MAC address`.
    public let name: String
    /// An anchored regular expression (ECMA-262) that every accepted text matches. The reader may be stricter.
    public let pattern: String
    public let example: String
    /// The accepted texts if there are only a few, otherwise empty.
    public let choices: [String]

    public init(_ name: String, pattern: String = "", example: String, choices: [String] = []) {
        self.name = name
        self.pattern = pattern
        self.example = example
        self.choices = choices
    }
}

/// The error of a checked value: why a text is not one.
public struct ValueError: Error {
    /// Follows the text in a message: `is not a MAC address`.
    public let problem: String
    /// What to write instead, if that is known.
    public let hint: String?
    /// The corrected text; nil when no correction is plain.
    public let correction: String?

    public init(_ problem: String, hint: String? = nil) {
        self.problem = problem
        self.hint = hint
        correction = nil
    }

    public init(_ problem: String, try correction: String?) {
        self.problem = problem
        self.correction = correction
        hint = correction.map { "try: \($0)" }
    }
}

/// A value or `none`.
public struct OrNone<Value: TextValue>: TextValue {
    public let value: Value?

    public static var syntax: TextSyntax {
        let inner = Value.syntax
        return TextSyntax("\(inner.name) or none", pattern: "^none$|" + inner.pattern, example: inner.example)
    }

    public init(_ value: Value?) { self.value = value }

    public init(text: String) throws(ValueError) { value = text == "none" ? nil : try Value(text: text) }

    public var text: String { value?.text ?? "none" }
}

/// A value that is one of a few texts.
public protocol Choice: TextValue, CaseIterable, RawRepresentable where RawValue == String {
    /// The name of the type with its article, for messages: `a firmware`.
    static var noun: String { get }
}

extension Choice {
    public var text: String { rawValue }

    public static var syntax: TextSyntax {
        let choices = allCases.map(\.rawValue)
        return TextSyntax(noun, example: choices[0], choices: choices)
    }

    public init(text: String) throws(ValueError) {
        guard let value = Self(rawValue: text) else {
            let choices = Self.allCases.map(\.rawValue)
            throw ValueError("is not \(Self.noun)", hint: "one of: \(choices.joined(separator: ", "))")
        }
        self = value
    }
}

extension StringProtocol {
    /// Returns whether the text is not empty and has only allowed ASCII characters.
    package func consists(of allowed: (UInt8) -> Bool) -> Bool { !isEmpty && utf8.allSatisfy(allowed) }

    /// The text without the white space at its ends.
    package var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
    }
}

extension String.UTF8View {
    /// Returns whether the bytes of a text are in this text. `String.contains` is slow, because it compares characters.
    package func contains(_ text: String.UTF8View) -> Bool { firstPosition(of: text) != nil }
}

package func isDigit(_ c: UInt8) -> Bool { (48...57).contains(c) }
package func isLower(_ c: UInt8) -> Bool { (97...122).contains(c) }
package func isAlphanumeric(_ c: UInt8) -> Bool { isDigit(c) || isLower(c | 32) }

extension Collection<UInt8> {
    /// Returns the position of the first occurrence of some bytes; nil when there is none.
    func firstPosition(of bytes: some Collection<UInt8>) -> Index? {
        guard let first = bytes.first else { return startIndex }
        var rest = self[...]
        while let index = rest.firstIndex(of: first) {
            if rest[index...].starts(with: bytes) { return index }
            rest = rest[index...].dropFirst()
        }
        return nil
    }
}
