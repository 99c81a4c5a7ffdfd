import Dispatch
import Preseed
import Synchronization

/// Reads fields from the lab file by their schema, and collects the diagnostics.
final class SpecReader {
    var report: DiagnosticReport
    let labFiles: LabFiles

    init(report: DiagnosticReport, labFiles: LabFiles) {
        self.report = report
        self.labFiles = labFiles
    }

    func add(
        _ code: DiagnosticCode, at location: FieldLocation, _ message: String, hint: String? = nil,
        severity: Severity = .error,
        subject: String? = nil
    ) {
        report.add(
            .init(
                code: code, severity: severity, message: message, path: location.path, mark: location.mark, hint: hint),
            subject: subject)
    }

    /// Reports a name that does not exist, with the existing name that it may stand for, or all of them.
    func addUnknown(_ code: DiagnosticCode, _ name: Located<some TextValue>, _ message: String, among names: [String]) {
        let near = nearestName(to: name.value.text, among: names)
        add(
            code, at: name.location, message,
            hint: near.map { "did you mean \($0)?" }
                ?? (names.isEmpty ? nil : "one of: \(names.sorted(by: naturallyPrecedes).joined(separator: ", "))"))
    }

    // MARK: Concurrency

    /// Reads items on all cores. Results and diagnostics are in the order of the items, as if they were read sequentially.
    /// - Parameter read: Reads one item and reports to the reader in its argument.
    func inParallel<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ read: @Sendable (SpecReader, Item) -> Value?
    ) -> [Value] {
        let size = 64
        let count = (items.count + size - 1) / size
        let done = Mutex([(values: [Value], report: DiagnosticReport)?](repeating: nil, count: count))
        let empty = DiagnosticReport(file: report.file, source: report.source)
        DispatchQueue.concurrentPerform(iterations: count) { [labFiles] part in
            let reader = SpecReader(report: empty, labFiles: labFiles)
            let values = items[part * size..<min(items.count, (part + 1) * size)].compactMap { read(reader, $0) }
            let report = reader.report
            done.withLock { $0[part] = (values, report) }
        }
        var values: [Value] = []
        values.reserveCapacity(items.count)
        done.withLock { parts in
            for part in parts.indices {
                report.add(parts[part]!.report)
                values += parts[part]!.values
                parts[part] = nil
            }
        }
        return values
    }

    // MARK: Objects

    /// Returns the fields of an object, and reports unknown keys and missing required fields; nil when it is not a mapping.
    func fields(_ cursor: Cursor, _ schema: ObjectSchema) -> Fields? {
        guard
            isMapping(
                cursor, .object(schema),
                expected: "a mapping (\(schema.fields.prefix(3).map(\.key).joined(separator: ", ")), …)")
        else { return nil }
        var cursor = cursor
        let isKnown = cursor.keys.allSatisfy { schema[$0] != nil }
        for (key, location, content) in isKnown ? [] : cursor.children where schema[key] == nil {
            let meant = UnknownKey.field(key, in: schema)
            add(
                .unknownKey, at: location, "\(schema.name) has no “\(key)”",
                hint: UnknownKey.hint(key, for: meant, in: schema, at: cursor.location.path))
            // A misspelt key is one mistake: what it stands for is not missing, and its content is checked.
            if let field = meant, cursor.child(field.key) == nil, UnknownKey.stands(content.layers[0].value, for: field)
            {
                cursor = cursor.changing { entry in
                    entry.key == key ? .init(key: field.key, keyMark: entry.keyMark, value: entry.value) : entry
                }
            }
        }
        let fields = Fields(reader: self, cursor: cursor, schema: schema)
        for field in schema.fields where field.requirement == .yes && cursor.child(field.key) == nil {
            add(.missingField, at: cursor.location / field.key, "\(schema.name) needs \(field.key)")
        }
        return fields
    }

    /// Returns the entries of a table, sorted by name. Malformed names are reported and left out.
    func table<Key: TextValue & Comparable>(_ cursor: Cursor, _ key: String, keys: Key.Type) -> [(key: Key, Cursor)] {
        guard let child = cursor.child(key),
            isMapping(
                child, .table(Key.self, .prose), expected: "a mapping from \(Key.syntax.name) to its content")
        else { return [] }
        return child.children.compactMap { name, location, content in
            parse(name, Key.self, at: location, isKey: true).map { ($0, content) }
        }.sorted { $0.0 < $1.0 }
    }

    private func isMapping(_ cursor: Cursor, _ shape: Shape, expected: @autoclosure () -> String) -> Bool {
        let value = cursor.layers[0].value
        if case .mapping = value { return true }
        if value.isNull { return true }
        addWrongKind(cursor, shape, expected: expected())
        return false
    }

    /// Reports a value of another kind than its field takes, with the value that it stands for.
    func addWrongKind(_ cursor: Cursor, _ shape: Shape, expected: String) {
        let value = cursor.layers[0].value
        add(
            .wrongKind, at: cursor.location, "expected \(expected), found \(value.kind)",
            hint: Correction.hint(value, for: shape, at: cursor.location.path))
    }

    // MARK: Values

    func text<Value: TextValue>(_ cursor: Cursor, _: Value.Type) -> Located<Value>? {
        guard case .scalar(let text, let isNull, _) = cursor.layers[0].value, !isNull else {
            addWrongKind(cursor, .text(Value.self), expected: Value.syntax.name)
            return nil
        }
        return parse(text, Value.self, at: cursor.location).map { Located(value: $0, location: cursor.location) }
    }

    /// - Parameter isKey: Whether the text is the name of an entry in a table.
    func parse<Value: TextValue>(
        _ text: String, _: Value.Type, at location: FieldLocation, isKey: Bool = false
    ) -> Value? {
        do { return try Value(text: text) } catch {
            let shown = Value.self == PasswordHash.self ? "the text" : "“\(text)”"
            let correction = error.correction ?? Correction.text(text, Value.self)
            add(
                .malformed(Value.self), at: location, "\(shown) \(error.problem)",
                hint: correction.map { isKey ? "write \($0):" : Correction.hint($0, at: location.path) }
                    ?? Correction.advice(text, Value.self) ?? error.hint)
            return nil
        }
    }
}

/// The fields of one object. A field that is not in the lab file has the default of its definition. A caller that asks for a
/// field or a type which the schema does not have stops the program.
struct Fields {
    let reader: SpecReader
    let cursor: Cursor
    let schema: ObjectSchema

    /// Returns the location of a field or, when it is absent, of the object.
    func location(_ key: String) -> FieldLocation { self[key]?.location ?? cursor.location }

    private func definition(_ key: String) -> Field {
        guard let field = schema[key] else { preconditionFailure("\(schema.name) has no \(key)") }
        return field
    }

    subscript(key: String) -> Cursor? {
        let field = definition(key)
        guard let child = cursor.child(key) else { return nil }
        // A layer with an empty value (`key:`) is skipped in favour of the layers behind it. An object, list or table that is
        // empty in all layers is absent.
        let filled = child.layers.filter { !$0.value.isNull }
        if !filled.isEmpty { return Cursor(layers: filled) }
        return switch field.shape {
        case .list, .object, .table: nil
        case .text, .name, .integer, .boolean, .prose: child
        }
    }

    /// Returns the default of a field that is absent, with the location of its object; nil when there is none.
    /// - Parameters:
    ///   - computed: The derived value, for fields whose definition has a computed default.
    ///   - take: Converts the default of the definition to the type of the field.
    private func fallback<Value>(
        _ key: String, _ computed: Located<Value>?, _ take: (FieldValue) -> Value?
    ) -> Located<Value>? {
        switch definition(key).fallback {
        case .none: return nil
        case .value(let value):
            guard let value = take(value) else { preconditionFailure("the default of \(key) has another type") }
            return Located(value: value, location: cursor.location)
        case .computed, .sameAs: return computed
        }
    }

    /// Returns a text or its default; nil when there is neither, or when the text is malformed, which is reported.
    func text<Value: TextValue>(
        _ key: String, _ type: Value.Type = Value.self, computed: Located<Value>? = nil
    ) -> Located<Value>? {
        guard let child = self[key] else {
            return fallback(key, computed) { if case .text(let text) = $0 { known(Value.self, text) } else { nil } }
        }
        return reader.text(child, type)
    }

    /// Returns a derived value with the location of the object, for a field that is absent.
    func computed<Value>(_ value: Value) -> Located<Value> { Located(value: value, location: cursor.location) }

    /// Returns a text whose form the caller checks.
    func string(_ key: String, computed: String? = nil) -> Located<String>? {
        guard let child = self[key] else {
            return fallback(key, computed.map(self.computed)) { if case .text(let text) = $0 { text } else { nil } }
        }
        guard case .scalar(let text, false, _) = child.layers[0].value else {
            reader.addWrongKind(child, definition(key).shape, expected: "text")
            return nil
        }
        return Located(value: text, location: child.location)
    }

    /// Returns a whole number or its default; nil when there is neither, or when it is malformed, which is reported.
    func integer(_ key: String) -> Located<Int>? {
        guard case .integer(let range) = definition(key).shape else { preconditionFailure("\(key) is not a number") }
        guard let child = self[key] else {
            return fallback(key, nil) { if case .number(let number) = $0 { number } else { nil } }
        }
        guard case .scalar(let text, false, _) = child.layers[0].value else {
            reader.addWrongKind(child, definition(key).shape, expected: "a whole number")
            return nil
        }
        guard let number = Int(text), String(number) == text, range.contains(number) else {
            reader.add(
                .malformedNumber, at: child.location,
                range.count == 1
                    ? "“\(text)” is not supported; the only value is \(range.lowerBound)"
                    : "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)",
                hint: Correction.number(text, in: range).map { Correction.hint($0, at: child.location.path) })
            return nil
        }
        return Located(value: number, location: child.location)
    }

    /// Returns a boolean or its default; nil when it is malformed, which is reported.
    func boolean(_ key: String, computed: Bool? = nil) -> Located<Bool>? {
        guard let child = self[key] else {
            return fallback(key, computed.map(self.computed)) { if case .flag(let flag) = $0 { flag } else { nil } }
        }
        guard case .scalar(let text, _, _) = child.layers[0].value, ["true", "false"].contains(text) else {
            let shown =
                if case .scalar(let text, false, _) = child.layers[0].value { "“\(text)”" } else {
                    child.layers[0].value.kind
                }
            reader.add(
                .malformedBoolean, at: child.location, "expected true or false, found \(shown)",
                hint: Correction.hint(child.layers[0].value, for: .boolean, at: child.location.path))
            return nil
        }
        return Located(value: text == "true", location: child.location)
    }

    /// Returns a list of texts or its default. Malformed items are reported and left out.
    func list<Value: TextValue>(
        _ key: String, of type: Value.Type, computed: @autoclosure () -> [Value] = []
    ) -> [Located<Value>] {
        guard let child = self[key] else {
            guard case .value(let value) = definition(key).fallback else { return computed().map(self.computed) }
            guard case .list(let items) = value else { preconditionFailure("the default of \(key) is not a list") }
            return items.map { item in
                guard case .text(let text) = item else { preconditionFailure("the default of \(key) is not of texts") }
                return self.computed(known(Value.self, text))
            }
        }
        guard case .list(let items, _) = child.layers[0].value else {
            reader.addWrongKind(child, .list(Value.self), expected: "a list")
            return []
        }
        return items.enumerated().compactMap { index, item in
            let path = FieldPath(child.layers[0].path.keys.dropLast() + ["\(key)[\(index)]"])
            return reader.text(Cursor(layers: [.init(path: path, value: item, mark: item.mark)]), type)
        }
    }

    /// Returns a nested object. An absent object is read as an empty one.
    func object(_ key: String) -> Fields {
        guard case .object(let inner) = definition(key).shape else { preconditionFailure("\(key) is not an object") }
        let empty = Cursor(layers: [
            .init(
                path: cursor.location.path, value: .mapping([], SourceMark(line: 1, column: 1)),
                mark: cursor.location.mark)
        ])
        return self[key].flatMap { reader.fields($0, inner) } ?? Fields(reader: reader, cursor: empty, schema: inner)
    }

    /// Returns whether the field has a value, well-formed or not. An empty list is not a value.
    func isPresent(_ key: String) -> Bool {
        guard let value = self[key]?.layers[0].value else { return false }
        return if case .list(let items, _) = value { !items.isEmpty } else { true }
    }

    /// Returns whether all entries of a table could be read, so that a name which was not read does not exist.
    /// - Parameter count: The number of entries that were read.
    func isComplete(_ key: String, read count: Int) -> Bool {
        guard let child = self[key] else { return true }
        guard case .mapping = child.layers[0].value else { return false }
        return child.children.count == count
    }

    /// Returns the objects of a table, sorted by name. Malformed names and objects are reported and left out.
    func table<Key: TextValue & Comparable>(_ key: String, keys: Key.Type) -> [(key: Key, Fields)] {
        guard case .table(_, .object(let inner)) = definition(key).shape else {
            preconditionFailure("\(key) is not a table of objects")
        }
        return reader.table(cursor, key, keys: keys).compactMap { name, child in
            reader.fields(child, inner).map { (name, $0) }
        }
    }
}

/// Returns a value from a text that is well-formed by construction, such as the default of a field.
func known<Value: TextValue>(_: Value.Type, _ text: String) -> Value {
    guard let value = try? Value(text: text) else { preconditionFailure("\(text) is not \(Value.syntax.name)") }
    return value
}
