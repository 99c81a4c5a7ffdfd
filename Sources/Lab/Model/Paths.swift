import Preseed

/// An absolute path on the node: ASCII letters, digits and `._+@%-` between slashes, without empty, `.` or `..` parts.
///
/// Non-ASCII names are refused, because archive tools convert them by the locale of the process.
package struct TargetPath: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "an absolute path", pattern: "^(/[A-Za-z0-9._+@%-]+)+$", example: "/etc/xen/auto")

    package init(text: String) throws(ValueError) {
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard text.first == "/", parts.allSatisfy({ isPathPart($0) }) else {
            throw ValueError("is not an absolute path (ASCII letters, digits and ._+@%- between slashes)")
        }
        description = text
    }

    package static func < (a: TargetPath, b: TargetPath) -> Bool { a.description < b.description }
}

/// The owner of a file on the node: `user` or `user:group`, by names that Debian's adduser accepts (NAME_REGEX).
package struct Ownership: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "an owner", pattern: "^[a-z_][a-z0-9_-]{0,31}(:[a-z_][a-z0-9_-]{0,31})?$", example: "root:ssl-cert")

    package init(text: String) throws(ValueError) {
        let names = text.split(separator: ":", omittingEmptySubsequences: false)
        guard names.count <= 2, names.allSatisfy(Self.isName) else {
            throw ValueError(
                "is not an owner (user or user:group, by name)", hint: "write it as: \(Self.syntax.example)")
        }
        description = text
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32, first == 95 || (97...122).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { $0 == 95 || $0 == 45 || (97...122).contains($0) || (48...57).contains($0) }
    }
}

/// The permission bits of a file on the node, written as three octal digits with an optional leading zero.
struct FileMode: TextValue, CustomStringConvertible {
    let bits: Int

    static let syntax = TextSyntax("a mode", pattern: "^0?[0-7]{3}$", example: "0640")

    init(text: String) throws(ValueError) {
        guard let bits = Int(text, radix: 8), (3...4).contains(text.utf8.count),
            text.utf8.count == 3 || text.first == "0", text.utf8.allSatisfy({ (48...55).contains($0) })
        else {
            throw ValueError(
                "is not a mode", hint: "write three octal digits, with or without a leading zero: 0640")
        }
        self.bits = bits
    }

    package var description: String {
        let digits = String(bits, radix: 8)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}

/// The target of a symbolic link on the node: a relative or absolute path of the characters that are allowed in the
/// overlay, at most 100 of them (ustar).
struct LinkTarget: TextValue, CustomStringConvertible {
    package let description: String

    static let syntax = TextSyntax(
        "a link's target", pattern: "^/?[A-Za-z0-9._+@%-]+(/[A-Za-z0-9._+@%-]+)*$", example: "../guests/web.cfg")

    init(text: String) throws(ValueError) {
        let parts = text.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= 100, !text.hasPrefix("//"),
            parts.allSatisfy({ $0 == "." || $0 == ".." || isPathPart($0) })
        else {
            throw ValueError("is not a link's target (at most 100 ASCII letters, digits and ._+@%- between slashes)")
        }
        description = text
    }

    /// Returns whether a link leads above the root.
    /// - Parameter depth: The number of levels by which the directory of the link is below the root.
    package func leadsOut(from depth: Int) -> Bool {
        var depth = description.hasPrefix("/") ? 0 : depth
        for part in description.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}

/// The path of a file or directory relative to the directory of the lab file, and below that directory.
package struct RelativePath: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a path beside the lab file", pattern: "^[A-Za-z0-9._+@%-]+(/[A-Za-z0-9._+@%-]+)*$", example: "files")

    package init(text: String) throws(ValueError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isPathPart($0) }) else {
            throw ValueError(
                "is not a path beside the lab file (relative, without .., ASCII letters, digits and ._+@%-)")
        }
        description = text
    }
}

/// Returns whether a name can be a part of a path in the overlay.
func isPathPart(_ part: some StringProtocol) -> Bool {
    part != "." && part != ".." && part.utf8.count <= 100
        && part.consists(of: { isAlphanumeric($0) || [46, 95, 43, 64, 37, 45].contains($0) })
}
