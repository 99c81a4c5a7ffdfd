import Preseed

/// The definition of a field of the lab file. The reader's checks and defaults, the JSON Schemas, the text of
/// `xenseed explain`, the resolved lab and the risk of a change are all derived from the list in `LabFields`.
package struct Field: Sendable {
    package let key: String
    package let shape: Shape
    package let requirement: Requirement
    package let fallback: Default
    /// The condition under which the field has an effect; nil when it always has.
    let condition: Condition?
    /// The key of the field in the same object that this field replaces.
    package let instead: String?
    /// A valid text for the field; nil for a field that is not text.
    package let example: String?
    /// What a change of the value requires on a running machine. For an object, its fields have their own risks.
    package let risk: Risk
    /// How a change of the value is described; nil for objects and most tables, whose fields are described one by one.
    package let wording: Wording?
    /// The description of the field in sentences, without its default, its condition and the field that it replaces.
    let doc: String

    /// Whether this definition allows a resolved lab without a value for the field.
    var isOptional: Bool { condition != nil || instead != nil || requirement == .no && fallback == .none }
}

extension Field {
    /// The complete description of the field in sentences, without its type and without a default that is a plain value.
    package var description: String {
        var sentences = [doc]
        if let instead { sentences.append("Use it instead of \(instead).") }
        if let condition { sentences.append("Only \(condition.clause).") }
        if requirement == .merged { sentences.append("Required, in the node itself or under defaults.") }
        switch fallback {
        case .sameAs(let other): sentences.append("Default: the value of \(other).")
        case .computed(let clause, _): sentences.append("Default: \(clause).")
        case .none, .value: break
        }
        return sentences.joined(separator: " ")
    }
}

/// Whether a field is required in the lab file.
package enum Requirement: Sendable {
    case no
    /// The object itself must have the field.
    case yes
    /// The node or `defaults` must have the field; the reader reports each node without it.
    case merged
}

/// The condition under which a field has an effect.
struct Condition: Sendable {
    /// The condition as a clause: `with layout: lvm`.
    let clause: String
    /// The keys of the fields in the same object on which the condition depends.
    let keys: [String]

    static func when(_ clause: String, by keys: String...) -> Condition { Condition(clause: clause, keys: keys) }
}

/// The value of a field that is not in the lab file.
package enum Default: Sendable, Equatable {
    /// The field has no value.
    case none
    /// This value, in the form of the lab file.
    case value(FieldValue)
    /// The value of another field of the same object.
    case sameAs(String)
    /// A value that the reader derives: its description as a clause, and the paths of the fields it is derived from.
    case computed(String, from: [String])
}

extension Default: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    package init(stringLiteral text: String) { self = .value(.text(text)) }
    package init(integerLiteral number: Int) { self = .value(.number(number)) }
    package init(booleanLiteral flag: Bool) { self = .value(.flag(flag)) }
    package init(arrayLiteral items: FieldValue...) { self = .value(.list(items)) }
}

/// How `xenseed diff` describes a change of a field.
package enum Wording: Sendable {
    /// `NAME OLD → NEW`, each value between a prefix and a unit, followed by a note.
    case value(String, prefix: String = "", unit: String = "", note: String = "")
    /// Like `value`, for the size of a volume. A smaller size erases data.
    case volume(String)
    /// Like `value`, for a part of the machine, such as its memory. A larger value requires that a person extends the
    /// machine: `needs more memory in the machine itself`, with the last text for `more memory`.
    case capacity(String, needs: String)
    /// `NAME ITEM: added` for each item of a list.
    case items(String)
    /// Like `items`, for SSH keys; each is shown by its comment and its last characters.
    case keys(String)
    /// A sentence for the change to true, and one for the change to false.
    case flag(on: String, off: String)
    /// A sentence with the new value in place of `%`, and a sentence for no value.
    case sentence(String, none: String)
    /// A statement that a secret was set, replaced or removed, without its value.
    case secret(String)
}

/// The type of a field's content.
package indirect enum Shape: Sendable {
    case text(any TextValue.Type)
    /// A name whose valid values depend on the release; the reader checks it.
    case name(TextSyntax)
    case integer(ClosedRange<Int>)
    case boolean
    /// Text of several lines, which the reader checks.
    case prose
    case list(any TextValue.Type)
    case object(ObjectSchema)
    /// A mapping from names that the user chooses to contents of one type.
    case table(any TextValue.Type, Shape)
}

/// A mapping with known keys.
package struct ObjectSchema: Sendable {
    /// The name with its article, for messages: `a node`.
    package let name: String
    package let fields: [Field]

    package init(name: String, fields: [Field]) { (self.name, self.fields) = (name, fields) }

    package subscript(key: String) -> Field? { fields.first { $0.key == key } }

    /// Whether a resolved lab may have no value for the field, by its own definition or because another field replaces it.
    func isOptional(_ field: Field) -> Bool {
        field.isOptional || fields.contains { $0.instead == field.key }
    }
}

// MARK: Paths

extension ObjectSchema {
    /// Every field with its path, with `*` for the names in a table: `nodes.*.dom0.memory`.
    package var paths: [(path: String, field: Field)] {
        fields.flatMap { field -> [(path: String, field: Field)] in
            switch field.shape {
            case .object(let inner): [(field.key, field)] + inner.paths.map { ("\(field.key).\($0.path)", $0.field) }
            case .table(_, .object(let inner)):
                [(field.key, field)] + inner.paths.map { ("\(field.key).*.\($0.path)", $0.field) }
            case .table: [(field.key, field), ("\(field.key).*", field)]
            default: [(field.key, field)]
            }
        }
    }

    /// Returns the field at a path, in which the name of a table's entry can be any name or `*`; nil when there is none.
    package func field(at path: some Collection<Substring>) -> Field? {
        guard let field = path.first.flatMap({ self[String($0)] }) else { return nil }
        let rest = path.dropFirst()
        if rest.isEmpty { return field }
        switch field.shape {
        case .object(let inner): return inner.field(at: rest)
        case .table(_, let content):
            let below = rest.dropFirst()
            if below.isEmpty { return field }
            guard case .object(let inner) = content else { return nil }
            return inner.field(at: below)
        default: return nil
        }
    }
}

extension ObjectSchema {
    /// Returns the object at a path, in which the name of a table's entry can be any name or `*`; nil when there is none.
    func object(at path: some Collection<Substring>) -> ObjectSchema? {
        if path.isEmpty { return self }
        return switch field(at: path)?.shape {
        case .object(let inner), .table(_, .object(let inner)): inner
        default: nil
        }
    }
}

// MARK: Definitions

/// A schema with the values of its fields in the model, so that the resolved lab has every field.
package struct ModelSchema<Model>: Sendable {
    package let schema: ObjectSchema
    private let values: @Sendable (Model) -> [FieldValue.Entry]

    init(_ name: String, of _: Model.Type, @FieldList<Model> _ list: () -> [FieldDefinition<Model>]) {
        let definitions = list()
        schema = ObjectSchema(name: name, fields: definitions.map(\.field))
        values = { model in
            definitions.compactMap { definition in
                definition.value.map { FieldValue.Entry(definition.field.key, $0(model)) }
            }
        }
    }

    /// Returns the value of every field of a model, in the order of the schema.
    package func value(of model: Model) -> FieldValue { .object(values(model)) }
}

@resultBuilder
enum FieldList<Model> {
    static func buildExpression(_ definition: FieldDefinition<Model>) -> FieldDefinition<Model> { definition }
    static func buildBlock(_ definitions: FieldDefinition<Model>...) -> [FieldDefinition<Model>] { definitions }
}

/// A field with the function that returns its value from the model.
struct FieldDefinition<Model>: Sendable {
    let field: Field
    /// Nil for `defaults`, which the reader has merged into the nodes.
    let value: (@Sendable (Model) -> FieldValue)?

    /// A field with a text.
    init<Value: TextValue>(
        _ key: String, _: Value.Type, required: Requirement = .no, default fallback: Default = .none,
        when condition: Condition? = nil, instead: String? = nil, example: String? = nil, _ risk: Risk,
        wording: Wording,
        _ doc: String, _ value: @escaping @Sendable (Model) -> Value?
    ) {
        let isSecret = Value.self == PasswordHash.self
        self.init(
            key, .text(Value.self), required, fallback, condition, instead, example ?? Value.syntax.example, risk,
            wording,
            doc
        ) { model in
            value(model).map { isSecret ? .digest(of: $0.text) : .text($0.text) } ?? .none
        }
    }

    /// A field with a name that depends on the release, or with text of several lines.
    init(
        _ key: String, _ shape: Shape, default fallback: Default = .none, instead: String? = nil, example: String,
        _ risk: Risk, wording: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> String?
    ) {
        self.init(key, shape, .no, fallback, nil, instead, example, risk, wording, doc) { model in
            value(model).map { .text($0) } ?? .none
        }
    }

    /// A field with a whole number.
    init(
        _ key: String, _ range: ClosedRange<Int>, required: Requirement = .no, default fallback: Default = .none,
        _ risk: Risk, wording: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> Int
    ) {
        self.init(key, .integer(range), required, fallback, nil, nil, nil, risk, wording, doc) { .number(value($0)) }
    }

    /// A field with an optional whole number.
    init(
        optional key: String, _ range: ClosedRange<Int>, default fallback: Default = .none,
        when condition: Condition? = nil, _ risk: Risk,
        wording: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> Int?
    ) {
        self.init(key, .integer(range), .no, fallback, condition, nil, nil, risk, wording, doc) {
            value($0).map(FieldValue.number) ?? .none
        }
    }

    /// A field with a boolean.
    init(
        flag key: String, default fallback: Default, _ risk: Risk, wording: Wording, _ doc: String,
        _ value: @escaping @Sendable (Model) -> Bool
    ) {
        self.init(key, .boolean, .no, fallback, nil, nil, nil, risk, wording, doc) { .flag(value($0)) }
    }

    /// A field with a list of texts.
    init<Value: TextValue>(
        _ key: String, listOf _: Value.Type, required: Requirement = .no, default fallback: Default = [],
        example: String? = nil, _ risk: Risk, wording: Wording, _ doc: String,
        _ value: @escaping @Sendable (Model) -> [Value]
    ) {
        self.init(
            key, .list(Value.self), required, fallback, nil, nil, example ?? Value.syntax.example, risk, wording, doc
        ) { model in
            .list(value(model).map { .text($0.text) })
        }
    }

    /// A field with a list of texts that replaces another field.
    init<Value: TextValue>(
        _ key: String, listOf _: Value.Type, instead: String, when condition: Condition? = nil, _ risk: Risk,
        wording: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> [Value]?
    ) {
        self.init(
            key, .list(Value.self), .no, .none, condition, instead, Value.syntax.example, risk, wording, doc
        ) { model in
            value(model).map { .list($0.map { .text($0.text) }) } ?? .none
        }
    }

    /// A field with an object, which is read as an empty object when it is not in the lab file.
    init<Part>(
        _ key: String, _ part: ModelSchema<Part>, _ doc: String, _ value: @escaping @Sendable (Model) -> Part
    ) {
        self.init(key, .object(part.schema), .no, .value(.object([])), nil, nil, nil, .cosmetic, nil, doc) {
            part.value(of: value($0))
        }
    }

    /// A field with an optional object.
    init<Part>(
        optional key: String, _ part: ModelSchema<Part>, _ doc: String, _ value: @escaping @Sendable (Model) -> Part?
    ) {
        self.init(key, .object(part.schema), .no, .none, nil, nil, nil, .cosmetic, nil, doc) {
            value($0).map(part.value) ?? .none
        }
    }

    /// A field with a table of objects.
    /// - Parameter noun: What an entry is, if its name alone does not say it in the description of a change.
    init<Name: TextValue, Part>(
        _ key: String, _ part: ModelSchema<Part>, by name: @escaping @Sendable (Part) -> Name,
        required: Requirement = .no, noun: String? = nil, _ doc: String,
        _ value: @escaping @Sendable (Model) -> [Part]
    ) {
        self.init(
            key, .table(Name.self, .object(part.schema)), required, .value(.object([])), nil, nil, nil, .cosmetic,
            noun.map { .items($0) }, doc
        ) { model in
            .object(value(model).map { .init(name($0).text, part.value(of: $0)) })
        }
    }

    /// A field with a table of texts.
    init<Name: TextValue & Comparable, Value: TextValue>(
        _ key: String, _: [Name: Value].Type, when condition: Condition? = nil, example: String? = nil, _ risk: Risk,
        wording: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> [Name: Value]
    ) {
        self.init(
            key, .table(Name.self, .text(Value.self)), .no, .value(.object([])), condition, nil,
            example ?? Value.syntax.example, risk, wording, doc
        ) { model in
            .object(value(model).sorted { $0.key < $1.key }.map { .init($0.key.text, .text($0.value.text)) })
        }
    }

    /// The field with the settings that all nodes share; the reader merges it into every node.
    init(common key: String, _ schema: ObjectSchema, _ doc: String) {
        self.init(key, .object(schema), .no, .none, nil, nil, nil, .cosmetic, nil, doc, nil)
    }

    private init(
        _ key: String, _ shape: Shape, _ requirement: Requirement, _ fallback: Default, _ condition: Condition?,
        _ instead: String?, _ example: String?, _ risk: Risk, _ wording: Wording?, _ doc: String,
        _ value: (@Sendable (Model) -> FieldValue)?
    ) {
        field = Field(
            key: key, shape: shape, requirement: requirement, fallback: fallback, condition: condition,
            instead: instead, example: example, risk: risk, wording: wording, doc: doc)
        self.value = value
    }
}
