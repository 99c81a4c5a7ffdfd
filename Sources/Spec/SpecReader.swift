import Diagnostics
import Dispatch
import Lab
import Synchronization

/// Takes fields out of cursors, as their record says, and collects what is wrong.
final class SpecReader {
    var report: DiagnosticReport
    let beside: Beside

    init(report: DiagnosticReport, beside: Beside) {
        self.report = report
        self.beside = beside
    }

    func add(
        _ code: DiagnosticCode, at spot: Spot, _ message: String, hint: String? = nil, severity: Severity = .error,
        subject: String? = nil
    ) {
        report.add(
            .init(code: code, severity: severity, message: message, path: spot.path, mark: spot.mark, hint: hint),
            subject: subject)
    }

    // MARK: Many

    /// Reads items on all cores; results and what is reported are in the items' order, as if read one after another.
    /// - Parameter read: reports to the reader that it is given.
    func sideBySide<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ read: @Sendable (SpecReader, Item) -> Value?
    ) -> [Value] {
        let size = 64
        let count = (items.count + size - 1) / size
        let done = Mutex([(values: [Value], report: DiagnosticReport)?](repeating: nil, count: count))
        let empty = DiagnosticReport(file: report.file, source: report.source)
        DispatchQueue.concurrentPerform(iterations: count) { [beside] part in
            let reader = SpecReader(report: empty, beside: beside)
            let values = items[part * size..<min(items.count, (part + 1) * size)].compactMap { read(reader, $0) }
            let report = reader.report
            done.withLock { $0[part] = (values, report) }
        }
        return done.withLock { parts in
            parts.flatMap { part in
                report.add(part!.report)
                return part!.values
            }
        }
    }

    // MARK: Records

    /// A record's content; unknown keys are reported. Nil when it is no mapping.
    func fields(_ cursor: Cursor, _ record: Record) -> Fields? {
        guard isMapping(cursor, expected: "a mapping (\(record.fields[0].key), …)") else { return nil }
        let isKnown = cursor.keys.allSatisfy { record[$0] != nil }
        for (key, spot, _) in isKnown ? [] : cursor.children where record[key] == nil {
            let near = nearest(to: key, among: record.fields.map(\.key))
            add(
                .unknownKey, at: spot, "\(record.name) has no “\(key)”",
                hint: near.map { "did you mean \($0)?" }
                    ?? "it takes: \(record.fields.map(\.key).joined(separator: ", "))")
        }
        let fields = Fields(reader: self, cursor: cursor, record: record)
        for field in record.fields where field.isRequired && cursor.child(field.key) == nil {
            add(.missingField, at: cursor.spot / field.key, "\(record.name) needs \(field.key)")
        }
        return fields
    }

    /// The entries of a table, by name; names that are malformed are reported and left out.
    func table<Key: TextValue & Comparable>(_ cursor: Cursor, _ key: String, keys: Key.Type) -> [(key: Key, Cursor)] {
        guard let child = cursor.child(key),
            isMapping(child, expected: "a mapping from \(Key.syntax.name) to its content")
        else { return [] }
        return child.children.compactMap { name, spot, content in
            parse(name, Key.self, at: spot).map { ($0, content) }
        }.sorted { $0.0 < $1.0 }
    }

    func isMapping(_ cursor: Cursor, expected: @autoclosure () -> String) -> Bool {
        let value = cursor.layers[0].value
        if case .mapping = value { return true }
        if value.isNull { return true }
        add(.wrongKind, at: cursor.spot, "expected \(expected()), found \(value.kind)")
        return false
    }

    // MARK: Values

    func text<Value: TextValue>(_ cursor: Cursor, _: Value.Type) -> Placed<Value>? {
        guard case .scalar(let text, let isNull, _) = cursor.layers[0].value, !isNull else {
            add(.wrongKind, at: cursor.spot, "expected \(Value.syntax.name), found \(cursor.layers[0].value.kind)")
            return nil
        }
        return parse(text, Value.self, at: cursor.spot).map { Placed(value: $0, spot: cursor.spot) }
    }

    func parse<Value: TextValue>(_ text: String, _: Value.Type, at spot: Spot) -> Value? {
        do { return try Value(text: text) } catch {
            let shown = Value.self == PasswordHash.self ? "the text" : "“\(text)”"
            add(.malformed(Value.self), at: spot, "\(shown) \(error.problem)", hint: error.hint)
            return nil
        }
    }
}

/// The fields of one record. Asking for a field that the record does not list is a mistake of ours.
struct Fields {
    let reader: SpecReader
    let cursor: Cursor
    let record: Record

    /// Where the field stands or, when it is absent, where the record does.
    func spot(_ key: String) -> Spot { self[key]?.spot ?? cursor.spot }

    subscript(key: String) -> Cursor? {
        precondition(record[key] != nil, "\(record.name) has no \(key)")
        guard let child = cursor.child(key) else { return nil }
        // `key:` with nothing behind it says nothing: what lies below counts, and an empty container is none.
        let said = child.layers.filter { !$0.value.isNull }
        if !said.isEmpty { return Cursor(layers: said) }
        return switch record[key]!.shape {
        case .list, .record, .table: nil
        case .text, .integer, .boolean, .prose: child
        }
    }

    func text<Value: TextValue>(_ key: String, _ type: Value.Type = Value.self) -> Placed<Value>? {
        self[key].flatMap { reader.text($0, type) }
    }

    /// The value, or `other` when the field is absent; nil when it is malformed, which is reported.
    func text<Value: TextValue>(_ key: String, default other: Value) -> Placed<Value>? {
        guard let child = self[key] else { return Placed(value: other, spot: cursor.spot) }
        return reader.text(child, Value.self)
    }

    /// A text whose form only the caller knows.
    func string(_ key: String) -> Placed<String>? {
        guard let child = self[key] else { return nil }
        guard case .scalar(let text, false, _) = child.layers[0].value else {
            reader.add(.wrongKind, at: child.spot, "expected text, found \(child.layers[0].value.kind)")
            return nil
        }
        return Placed(value: text, spot: child.spot)
    }

    func integer(_ key: String) -> Placed<Int>? {
        guard let child = self[key], case .integer(let range) = record[key]!.shape else { return nil }
        guard case .scalar(let text, false, _) = child.layers[0].value else {
            reader.add(.wrongKind, at: child.spot, "expected a whole number, found \(child.layers[0].value.kind)")
            return nil
        }
        guard let number = Int(text), String(number) == text, range.contains(number) else {
            reader.add(
                .malformedNumber, at: child.spot,
                "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return Placed(value: number, spot: child.spot)
    }

    func integer(_ key: String, default other: Int) -> Placed<Int>? {
        self[key] == nil ? Placed(value: other, spot: cursor.spot) : integer(key)
    }

    func boolean(_ key: String, default other: Bool) -> Placed<Bool>? {
        guard let child = self[key] else { return Placed(value: other, spot: cursor.spot) }
        guard case .scalar(let text, _, _) = child.layers[0].value, ["true", "false"].contains(text) else {
            let shown =
                if case .scalar(let text, false, _) = child.layers[0].value { "“\(text)”" } else {
                    child.layers[0].value.kind
                }
            reader.add(.malformedBoolean, at: child.spot, "expected true or false, found \(shown)")
            return nil
        }
        return Placed(value: text == "true", spot: child.spot)
    }

    func list<Value: TextValue>(_ key: String, of type: Value.Type) -> [Placed<Value>] {
        guard let child = self[key] else { return [] }
        guard case .list(let items, _) = child.layers[0].value else {
            reader.add(
                .wrongKind, at: child.spot, "expected a list, found \(child.layers[0].value.kind)",
                hint: "write each item on a line of its own, after a dash")
            return []
        }
        return items.enumerated().compactMap { index, item in
            let path = FieldPath(child.layers[0].path.keys.dropLast() + ["\(key)[\(index)]"])
            return reader.text(Cursor(layers: [.init(path: path, value: item, mark: item.mark)]), type)
        }
    }

    /// A nested record; absent, it is read as if it were empty.
    func record(_ key: String) -> Fields {
        guard case .record(let inner) = record[key]!.shape else { preconditionFailure("\(key) is no record") }
        let empty = Cursor(layers: [
            .init(
                path: cursor.spot.path, value: .mapping([], SourceMark(line: 1, column: 1)),
                mark: cursor.spot.mark)
        ])
        return self[key].flatMap { reader.fields($0, inner) } ?? Fields(reader: reader, cursor: empty, record: inner)
    }

    /// Whether the field says something, well-formed or not; an empty list says nothing.
    func isTried(_ key: String) -> Bool {
        guard let said = self[key]?.layers[0].value else { return false }
        return if case .list(let items, _) = said { !items.isEmpty } else { true }
    }

    /// Whether all entries of a table were read, so that a name which is not among them is nowhere.
    func isComplete(_ key: String, read count: Int) -> Bool {
        guard let child = self[key] else { return true }
        guard case .mapping = child.layers[0].value else { return false }
        return child.children.count == count
    }

    func table<Key: TextValue & Comparable>(_ key: String, keys: Key.Type) -> [(key: Key, Fields)] {
        guard case .table(_, .record(let inner)) = record[key]!.shape else { preconditionFailure("\(key) is no table") }
        return reader.table(cursor, key, keys: keys).compactMap { name, child in
            reader.fields(child, inner).map { (name, $0) }
        }
    }
}
