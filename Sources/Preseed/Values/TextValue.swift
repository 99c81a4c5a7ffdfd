/// A value that a lab file writes as text, checked when it is read.
public protocol TextValue: Hashable, Sendable {
    /// What is expected, for messages and for the JSON Schema.
    static var syntax: TextSyntax { get }
    /// - Throws: ``Malformed`` with what is wrong and, where one is plain, the corrected text.
    init(text: String) throws(Malformed)
    /// The value in the one form that xenseed writes; it is read as the same value again.
    var text: String { get }
}

extension TextValue where Self: CustomStringConvertible {
    public var text: String { description }
}

/// The form of a text value.
public struct TextSyntax: Sendable {
    /// With its article: `a MAC address`.
    public let name: String
    /// An anchored regular expression (ECMA-262) that every accepted text matches. The reader may be stricter.
    public let pattern: String
    public let example: String
    /// The only texts accepted, when they are few.
    public let choices: [String]

    public init(_ name: String, pattern: String = "", example: String, choices: [String] = []) {
        self.name = name
        self.pattern = pattern
        self.example = example
        self.choices = choices
    }
}

/// Why a text is not a value.
public struct Malformed: Error {
    /// Follows the text in a message: `is not a MAC address`.
    public let problem: String
    public let hint: String?

    public init(_ problem: String, hint: String? = nil) {
        self.problem = problem
        self.hint = hint
    }
}

/// A value, or the word `none`.
public struct OrNone<Value: TextValue>: TextValue {
    public let value: Value?

    public static var syntax: TextSyntax {
        let inner = Value.syntax
        return TextSyntax("\(inner.name) or none", pattern: "^none$|" + inner.pattern, example: inner.example)
    }

    public init(_ value: Value?) { self.value = value }

    public init(text: String) throws(Malformed) { value = text == "none" ? nil : try Value(text: text) }

    public var text: String { value?.text ?? "none" }
}

/// A field that takes one of a few words.
public protocol Choice: TextValue, CaseIterable, RawRepresentable where RawValue == String {
    static var noun: String { get }
}

extension Choice {
    public var text: String { rawValue }

    public static var syntax: TextSyntax {
        let words = allCases.map(\.rawValue)
        return TextSyntax(noun, example: words[0], choices: words)
    }

    public init(text: String) throws(Malformed) {
        guard let value = Self(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue)
            throw Malformed("is not \(Self.noun)", hint: "one of: \(words.joined(separator: ", "))")
        }
        self = value
    }
}

extension StringProtocol {
    /// Only these ASCII characters, and at least one.
    package func consists(of allowed: (UInt8) -> Bool) -> Bool { !isEmpty && utf8.allSatisfy(allowed) }
}

extension String.UTF8View {
    /// `String.contains` goes by characters, and takes its time.
    package func contains(_ word: String.UTF8View) -> Bool {
        var rest = self[...]
        while let index = rest.firstIndex(of: word.first!) {
            if rest[index...].starts(with: word) { return true }
            rest = rest[index...].dropFirst()
        }
        return false
    }
}

package func isDigit(_ c: UInt8) -> Bool { (48...57).contains(c) }
package func isLower(_ c: UInt8) -> Bool { (97...122).contains(c) }
package func isAlphanumeric(_ c: UInt8) -> Bool { isDigit(c) || isLower(c | 32) }
