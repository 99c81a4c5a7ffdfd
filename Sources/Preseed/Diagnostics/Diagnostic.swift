/// A kind of mistake. Its identifier does not change between versions; `xenseed explain` prints the other fields.
public struct DiagnosticCode: Hashable, Sendable {
    public let id: String
    /// The kind of mistake in one line.
    public let title: String
    /// The reason why it is a mistake.
    public let cause: String
    /// An input with this mistake.
    public let example: String
    /// The corrected input, or what to do.
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
    /// An action for a person outside of the file, or something unusual that makes no difference. It is not a mistake, so
    /// `--strict` does not turn it into an error.
    case note
}

/// A mistake in a file.
public struct Diagnostic: Sendable {
    public var code: DiagnosticCode
    public var severity: Severity
    public var message: String
    public var path: FieldPath?
    public var mark: SourceMark?
    /// The position behind the part of the file that is wrong; nil when only its start is known.
    public var end: SourceMark?
    /// The question of the installer that the mistake is about.
    public var question: String?
    /// The machines that have the problem, as a clause: `with several disks`; nil for all machines.
    public var condition: String?
    public var hint: String?
    /// A certain correction.
    public var fix: Fix?
    /// Whether the line has a secret, so that it must not be shown.
    public var isSecret = false

    public init(
        code: DiagnosticCode, severity: Severity, message: String, path: FieldPath? = nil, mark: SourceMark? = nil,
        hint: String? = nil, fix: Fix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.path = path
        self.mark = mark
        self.hint = hint
        self.fix = fix
    }
}
