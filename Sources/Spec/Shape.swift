import Lab

/// What the lab file may say: the one list of its fields, from which the reader knows unknown keys, and from which the
/// JSON Schema and the reference are printed.
indirect enum Shape: Sendable {
    case text(TextSyntax)
    case integer(ClosedRange<Int>)
    case boolean
    /// Text over several lines; only the reader's rules judge it.
    case prose
    case list(Shape)
    case record(Record)
    /// Names of the user's own, each with the same kind of content.
    case table(TextSyntax, Shape)
}

/// A mapping with known keys.
struct Record: Sendable {
    /// As it stands in a sentence: `a node`.
    let name: String
    let fields: [Field]

    init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }

    subscript(key: String) -> Field? { fields.first { $0.key == key } }
}

struct Field: Sendable {
    let key: String
    let shape: Shape
    let isRequired: Bool
    /// What it is and, in words, what holds without it.
    let doc: String

    init(_ key: String, _ shape: Shape, required: Bool = false, _ doc: String) {
        self.key = key
        self.shape = shape
        isRequired = required
        self.doc = doc
    }
}
