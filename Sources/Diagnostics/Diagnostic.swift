/// A kind of mistake. The identifier is stable; `xenseed explain` prints the rest.
public struct DiagnosticCode: Hashable, Sendable {
    public let id: String
    /// One line: what this code stands for.
    public let title: String
    /// Why it is a mistake.
    public let cause: String
    /// Input that shows it.
    public let example: String
    /// What to write instead.
    public let cure: String

    public init(_ id: String, _ title: String, cause: String, example: String, cure: String) {
        self.id = id
        self.title = title
        self.cause = cause
        self.example = example
        self.cure = cure
    }
}

public enum Severity: String, Sendable {
    case error, warning
    /// Something that a person has to do outside of the file; it is not a mistake, so `--strict` leaves it alone.
    case note
}

/// One mistake in one file.
public struct Diagnostic: Sendable {
    public var code: DiagnosticCode
    public var severity: Severity
    public var message: String
    public var path: FieldPath?
    public var mark: SourceMark?
    public var hint: String?
    /// The line has a secret in it: it is not shown.
    public var isSecret = false

    public init(
        code: DiagnosticCode, severity: Severity, message: String, path: FieldPath? = nil, mark: SourceMark? = nil,
        hint: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.path = path
        self.mark = mark
        self.hint = hint
    }
}
