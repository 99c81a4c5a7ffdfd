/// The name of a user's account, in the form that the installer accepts (user-setup 1.95, user-setup-ask).
public struct UserName: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax("a user name", pattern: "^[a-z][a-z0-9_-]{0,31}$", example: "ann")

    public init(text: String) throws(ValueError) {
        guard isAccountName(text) else {
            let lower = text.lowercased()
            throw ValueError(
                "is not a user name (a-z first, then a-z, 0-9, _ or -, at most 32 characters)",
                try: isAccountName(lower) ? lower : nil)
        }
        description = text
    }

    public static func < (a: UserName, b: UserName) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// The name of a group of accounts.
public struct GroupName: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax("a group's name", pattern: "^[a-z][a-z0-9_-]{0,31}$", example: "adm")

    public init(text: String) throws(ValueError) {
        guard isAccountName(text) else {
            throw ValueError("is not a group's name (a-z first, then a-z, 0-9, _ or -, at most 32 characters)")
        }
        description = text
    }

    public static func < (a: GroupName, b: GroupName) -> Bool { a.description < b.description }
}

/// The full name of a person, for the comment of an account (passwd(5)). The characters `:` and `,` separate fields there.
public struct FullName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax("a person's name", pattern: "^[^:,]{1,80}$", example: "Ann O'Brien")

    public init(text: String) throws(ValueError) {
        guard (1...80).contains(text.unicodeScalars.count), text.first != " ", text.last != " ",
            text.unicodeScalars.allSatisfy(Self.isAllowed)
        else {
            throw ValueError("is not a person's name (letters, digits, blanks, . ' and -, at most 80 characters)")
        }
        description = text
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: [" ", ".", "'", "-"].contains(scalar)
        }
    }
}

/// The number of a person's account. Debian's range for them is 1000 to 59999 (Debian Policy 9.2.2).
public struct UserID: TextValue, CustomStringConvertible {
    public let value: Int

    public static let syntax = TextSyntax("a user's number", pattern: "^[1-9][0-9]{3,4}$", example: "1000")

    public init(text: String) throws(ValueError) {
        guard text.consists(of: isDigit), let value = Int(text), String(value) == text, (1000...59999).contains(value)
        else { throw ValueError("is not a number of a person's account, which is from 1000 to 59999") }
        self.value = value
    }

    public var description: String { "\(value)" }
}

private func isAccountName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLower(first) else { return false }
    return text.utf8.count <= 32 && text.consists(of: { isDigit($0) || isLower($0) || $0 == 95 || $0 == 45 })
}
