import Preseed

/// An absolute path on the node: ASCII letters, digits and `._+@%-` between slashes; no empty, `.` or `..` part.
///
/// Non-ASCII names depend on the process's locale in every archive tool and are refused.
package struct TargetPath: TextValue, Comparable, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "an absolute path", pattern: "^(/[A-Za-z0-9._+@%-]+)+$", example: "/etc/xen/auto")

    package init(text: String) throws(Malformed) {
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard text.first == "/", parts.allSatisfy({ isPathPart($0) }) else {
            throw Malformed("is not an absolute path (ASCII letters, digits and ._+@%- between slashes)")
        }
        description = text
    }

    package static func < (a: TargetPath, b: TargetPath) -> Bool { a.description < b.description }
}

/// Who a file on the node belongs to: `user` or `user:group`, by the names that Debian's adduser takes (NAME_REGEX).
package struct Ownership: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "an owner", pattern: "^[a-z_][a-z0-9_-]{0,31}(:[a-z_][a-z0-9_-]{0,31})?$", example: "root:ssl-cert")

    package init(text: String) throws(Malformed) {
        let names = text.split(separator: ":", omittingEmptySubsequences: false)
        guard names.count <= 2, names.allSatisfy(Self.isName) else {
            throw Malformed(
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

/// Permission bits of a file on the node, in three octal digits behind a zero.
struct FileMode: TextValue, CustomStringConvertible {
    let bits: Int

    static let syntax = TextSyntax("a mode", pattern: "^0?[0-7]{3}$", example: "0640")

    init(text: String) throws(Malformed) {
        guard let bits = Int(text, radix: 8), (3...4).contains(text.utf8.count),
            text.utf8.count == 3 || text.first == "0", text.utf8.allSatisfy({ (48...55).contains($0) })
        else {
            throw Malformed(
                "is not a mode", hint: "write three octal digits, with or without a leading zero: 0640")
        }
        self.bits = bits
    }

    package var description: String {
        let digits = String(bits, radix: 8)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}

/// What a symbolic link on the node leads to: relative or absolute, with the characters that a path in an overlay may have,
/// at most 100 of them (ustar).
struct LinkTarget: TextValue, CustomStringConvertible {
    package let description: String

    static let syntax = TextSyntax(
        "a link's target", pattern: "^/?[A-Za-z0-9._+@%-]+(/[A-Za-z0-9._+@%-]+)*$", example: "../guests/web.cfg")

    init(text: String) throws(Malformed) {
        let parts = text.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= 100, !text.hasPrefix("//"),
            parts.allSatisfy({ $0 == "." || $0 == ".." || isPathPart($0) })
        else {
            throw Malformed("is not a link's target (at most 100 ASCII letters, digits and ._+@%- between slashes)")
        }
        description = text
    }

    /// Whether a link in a directory so many levels below the root leads above it.
    package func leadsOut(from depth: Int) -> Bool {
        var depth = description.hasPrefix("/") ? 0 : depth
        for part in description.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}

/// A file or folder beside the lab file: a relative path that stays below it.
package struct RelativePath: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a path beside the lab file", pattern: "^[A-Za-z0-9._+@%-]+(/[A-Za-z0-9._+@%-]+)*$", example: "files")

    package init(text: String) throws(Malformed) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isPathPart($0) }) else {
            throw Malformed(
                "is not a path beside the lab file (relative, without .., ASCII letters, digits and ._+@%-)")
        }
        description = text
    }
}

/// Whether a name can be a part of a path in an overlay.
func isPathPart(_ part: some StringProtocol) -> Bool {
    part != "." && part != ".." && part.utf8.count <= 100
        && part.consists(of: { isAlphanumeric($0) || [46, 95, 43, 64, 37, 45].contains($0) })
}
