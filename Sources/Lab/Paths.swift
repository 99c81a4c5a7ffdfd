/// An absolute path on the node: ASCII letters, digits and `._+@%-` between slashes; no empty, `.` or `..` part.
///
/// Non-ASCII names depend on the process's locale in every archive tool and are refused.
public struct TargetPath: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "an absolute path", pattern: "^(/[A-Za-z0-9._+@%-]+)+$", example: "/etc/xen/auto")

    public init(text: String) throws(Malformed) {
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard text.first == "/", parts.allSatisfy({ isPathPart($0) }) else {
            throw Malformed("is not an absolute path (ASCII letters, digits and ._+@%- between slashes)")
        }
        description = text
    }

    public static func < (a: TargetPath, b: TargetPath) -> Bool { a.description < b.description }
}

/// A file or folder beside the lab file: a relative path that stays below it.
public struct BesidePath: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a path beside the lab file", pattern: "^[A-Za-z0-9._+@%-]+(/[A-Za-z0-9._+@%-]+)*$", example: "files")

    public init(text: String) throws(Malformed) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isPathPart($0) }) else {
            throw Malformed(
                "is not a path beside the lab file (relative, without .., ASCII letters, digits and ._+@%-)")
        }
        description = text
    }
}

/// Whether a name can be a part of a path in an overlay.
public func isPathPart(_ part: some StringProtocol) -> Bool {
    part != "." && part != ".." && part.utf8.count <= 100
        && part.consists(of: { isAlphanumeric($0) || [46, 95, 43, 64, 37, 45].contains($0) })
}
