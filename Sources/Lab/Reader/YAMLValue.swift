import Preseed

/// A YAML document as a tree of plain values, each with its position. Scalars keep their text: what a word means is
/// for the field to say, so `no` is no boolean, `0644` no octal number and a MAC of digits no base-60 integer.
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

    /// An empty value: nothing behind the colon, or `~`, or `null`.
    var isNull: Bool {
        if case .scalar(_, true, _) = self { true } else { false }
    }

    /// For messages: `a list`.
    var kind: String {
        switch self {
        case .scalar(_, true, _): "nothing"
        case .scalar: "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
