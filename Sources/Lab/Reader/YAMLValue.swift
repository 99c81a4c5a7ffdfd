import Preseed

/// A YAML document as a tree of values with their positions. Scalars keep their text, and each field interprets it: `no` is
/// not read as a boolean, `0644` not as an octal number, and a MAC address of digits not as a base-60 integer.
indirect enum YAMLValue: Sendable {
    case scalar(String, isNull: Bool, SourceMark)
    case list([YAMLValue], SourceMark)
    case mapping([Entry], SourceMark)

    struct Entry: Sendable {
        var key: String
        var keyMark: SourceMark
        var value: YAMLValue
    }

    var mark: SourceMark {
        switch self {
        case .scalar(_, _, let mark), .list(_, let mark), .mapping(_, let mark): mark
        }
    }

    /// Whether the value is empty: nothing after the colon, `~` or `null`.
    var isNull: Bool {
        if case .scalar(_, true, _) = self { true } else { false }
    }

    /// The kind of the value, for messages: `a list`.
    var kind: String {
        switch self {
        case .scalar(_, true, _): "nothing"
        case .scalar: "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
