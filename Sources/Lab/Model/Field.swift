import Preseed

/// A field of the lab file: all that xenseed knows about it. From the one list in `LabFields` come the reader's checks and
/// defaults, the JSON Schemas, the text of `xenseed explain`, the resolved lab, and the risk of a change.
package struct Field: Sendable {
    package let key: String
    package let shape: Shape
    let requirement: Requirement
    package let fallback: Default
    /// When the field means anything; nil for always.
    let condition: Condition?
    /// The field of the same object that this one takes the place of.
    package let instead: String?
    /// A text that the field takes; nil for what is not text.
    package let example: String?
    /// What a change of the value takes on a machine that runs. Of an object, its own fields decide.
    package let risk: Risk
    /// How a change of the value is told; nil for objects and tables, whose fields are told.
    package let wording: Wording?
    /// What it is, in sentences. Its default, its condition and its alternative are not repeated here.
    let doc: String

    /// Whether a resolved lab may have no value for the field by what this field alone says.
    var isOptional: Bool { condition != nil || instead != nil || requirement == .no && fallback == .none }
}

extension Field {
    /// All that a person needs to know of the field besides its type, in sentences; a default that is a value is not in it.
    package var description: String {
        var sentences = [doc]
        if let instead { sentences.append("Instead of \(instead).") }
        if let condition { sentences.append("Only \(condition.clause).") }
        if requirement == .merged { sentences.append("Needed, in the node itself or under defaults.") }
        switch fallback {
        case .sameAs(let other): sentences.append("Default: the value of \(other).")
        case .computed(let clause, _): sentences.append("Default: \(clause).")
        case .none, .value: break
        }
        return sentences.joined(separator: " ")
    }
}

/// Whether a field has to be in the lab file.
enum Requirement: Sendable {
    case no
    /// In the object itself.
    case yes
    /// In a node, or under `defaults` for all nodes; the reader says which node lacks it.
    case merged
}

/// When a field means anything.
struct Condition: Sendable {
    /// `with layout: lvm`.
    let clause: String
    /// The fields of the same object that decide.
    let keys: [String]

    static func when(_ clause: String, by keys: String...) -> Condition { Condition(clause: clause, keys: keys) }
}

/// What holds for a field that is not in the lab file.
package enum Default: Sendable, Equatable {
    /// Nothing: the field then has no value.
    case none
    /// This value, as a lab file would have it.
    case value(FieldValue)
    /// The value of another field of the same object.
    case sameAs(String)
    /// What the reader derives; described in a clause, with the paths of the fields that it is derived from.
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

/// How a change of a field is told to a reviewer.
package enum Wording: Sendable {
    /// `NAME OLD → NEW`, each value with what stands before and behind it, and a note behind all.
    case value(String, prefix: String = "", unit: String = "", note: String = "")
    /// `NAME ITEM: added` for each item of a list.
    case items(String)
    /// The same for SSH keys, each by its comment and its end.
    case keys(String)
    /// One of two sentences.
    case flag(on: String, off: String)
    /// A sentence with the new value in place of `%`, or another one where there is none.
    case sentence(String, none: String)
    /// That a secret was set, replaced or taken away.
    case secret(String)
}

/// The kind of a field's content.
package indirect enum Shape: Sendable {
    case text(any TextValue.Type)
    /// A name of which the release decides what there is; the reader judges it.
    case name(TextSyntax)
    case integer(ClosedRange<Int>)
    case boolean
    /// Text over several lines, which the reader judges.
    case prose
    case list(any TextValue.Type)
    case object(ObjectSchema)
    /// Names of the user's own, each with the same kind of content.
    case table(any TextValue.Type, Shape)
}

/// A mapping with known keys.
package struct ObjectSchema: Sendable {
    /// With its article, for messages: `a node`.
    package let name: String
    package let fields: [Field]

    package init(name: String, fields: [Field]) { (self.name, self.fields) = (name, fields) }

    package subscript(key: String) -> Field? { fields.first { $0.key == key } }

    /// Whether a resolved lab may have no value for the field: by itself, or because another one has taken its place.
    func isOptional(_ field: Field) -> Bool {
        field.isOptional || fields.contains { $0.instead == field.key }
    }
}

// MARK: Paths

extension ObjectSchema {
    /// Every field with its path, `*` for a name of the user's own: `nodes.*.dom0.memory`.
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

    /// The field at a path whose names of the user's own may be any, or `*`; nil when there is none.
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

// MARK: Definitions

/// A schema together with the type of the model that holds what was read, so that the resolved lab has every field.
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

    /// The value of every field, in the order of the schema.
    package func value(of model: Model) -> FieldValue { .object(values(model)) }
}

@resultBuilder
enum FieldList<Model> {
    static func buildExpression(_ definition: FieldDefinition<Model>) -> FieldDefinition<Model> { definition }
    static func buildBlock(_ definitions: FieldDefinition<Model>...) -> [FieldDefinition<Model>] { definitions }
}

/// A field, and how to find its value in the model.
struct FieldDefinition<Model>: Sendable {
    let field: Field
    /// Nil for `defaults`, which the reader has merged into the nodes.
    let value: (@Sendable (Model) -> FieldValue)?

    /// A text.
    init<Value: TextValue>(
        _ key: String, _: Value.Type, required: Requirement = .no, default fallback: Default = .none,
        when condition: Condition? = nil, instead: String? = nil, example: String? = nil, _ risk: Risk, says: Wording,
        _ doc: String, _ value: @escaping @Sendable (Model) -> Value?
    ) {
        let isSecret = Value.self == PasswordHash.self
        self.init(
            key, .text(Value.self), required, fallback, condition, instead, example ?? Value.syntax.example, risk, says,
            doc
        ) { model in
            value(model).map { isSecret ? .digest(of: $0.text) : .text($0.text) } ?? .none
        }
    }

    /// A name that depends on the release, or text over several lines.
    init(
        _ key: String, _ shape: Shape, default fallback: Default = .none, instead: String? = nil, example: String,
        _ risk: Risk, says: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> String?
    ) {
        self.init(key, shape, .no, fallback, nil, instead, example, risk, says, doc) { model in
            value(model).map { .text($0) } ?? .none
        }
    }

    /// A whole number.
    init(
        _ key: String, _ range: ClosedRange<Int>, required: Requirement = .no, default fallback: Default = .none,
        _ risk: Risk, says: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> Int
    ) {
        self.init(key, .integer(range), required, fallback, nil, nil, nil, risk, says, doc) { .number(value($0)) }
    }

    /// A truth value.
    init(
        flag key: String, default fallback: Default, _ risk: Risk, says: Wording, _ doc: String,
        _ value: @escaping @Sendable (Model) -> Bool
    ) {
        self.init(key, .boolean, .no, fallback, nil, nil, nil, risk, says, doc) { .flag(value($0)) }
    }

    /// A list of texts.
    init<Value: TextValue>(
        _ key: String, listOf _: Value.Type, default fallback: Default = [], example: String? = nil, _ risk: Risk,
        says: Wording, _ doc: String, _ value: @escaping @Sendable (Model) -> [Value]
    ) {
        self.init(
            key, .list(Value.self), .no, fallback, nil, nil, example ?? Value.syntax.example, risk, says, doc
        ) { model in
            .list(value(model).map { .text($0.text) })
        }
    }

    /// An object; one that is not in the lab file is read as if it were empty.
    init<Part>(
        _ key: String, _ part: ModelSchema<Part>, _ doc: String, _ value: @escaping @Sendable (Model) -> Part
    ) {
        self.init(key, .object(part.schema), .no, .value(.object([])), nil, nil, nil, .cosmetic, nil, doc) {
            part.value(of: value($0))
        }
    }

    /// An object that there need not be.
    init<Part>(
        optional key: String, _ part: ModelSchema<Part>, _ doc: String, _ value: @escaping @Sendable (Model) -> Part?
    ) {
        self.init(key, .object(part.schema), .no, .none, nil, nil, nil, .cosmetic, nil, doc) {
            value($0).map(part.value) ?? .none
        }
    }

    /// Objects by names.
    init<Name: TextValue, Part>(
        _ key: String, _ part: ModelSchema<Part>, by name: @escaping @Sendable (Part) -> Name,
        required: Requirement = .no, _ doc: String, _ value: @escaping @Sendable (Model) -> [Part]
    ) {
        self.init(
            key, .table(Name.self, .object(part.schema)), required, .value(.object([])), nil, nil, nil, .cosmetic, nil,
            doc
        ) { model in
            .object(value(model).map { .init(name($0).text, part.value(of: $0)) })
        }
    }

    /// Texts by names.
    init<Name: TextValue & Comparable, Value: TextValue>(
        _ key: String, _: [Name: Value].Type, example: String? = nil, _ risk: Risk, says: Wording, _ doc: String,
        _ value: @escaping @Sendable (Model) -> [Name: Value]
    ) {
        self.init(
            key, .table(Name.self, .text(Value.self)), .no, .value(.object([])), nil, nil,
            example ?? Value.syntax.example, risk, says, doc
        ) { model in
            .object(value(model).sorted { $0.key < $1.key }.map { .init($0.key.text, .text($0.value.text)) })
        }
    }

    /// What nodes have in common, which is part of every node once it is read.
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
