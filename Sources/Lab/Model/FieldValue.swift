/// The value of a field as data: what JSON can say of it.
package indirect enum FieldValue: Sendable, Equatable {
    /// There is no value.
    case none
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([FieldValue])
    /// Names with their values, in order.
    case object([Entry])

    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: FieldValue

        package init(_ name: String, _ value: FieldValue) { (self.name, self.value) = (name, value) }
    }

    /// The digest that stands for a secret text: a fast hash, so the text has to be long and random, as a crypt(3) hash is.
    package static func digest(of secret: String) -> FieldValue { .text("sha256:" + sha256(Array(secret.utf8))) }

    /// The value of that name in an object; nil when there is none.
    package subscript(name: String) -> FieldValue? {
        guard case .object(let entries) = self else { return nil }
        return entries.first { $0.name == name }?.value
    }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral number: Int) { self = .number(number) }
    package init(booleanLiteral flag: Bool) { self = .flag(flag) }
    package init(arrayLiteral items: FieldValue...) { self = .list(items) }
}

// MARK: JSON

extension FieldValue {
    /// JSON (RFC 8259) with one value on each line, indented by two blanks, entries in their order, and a line feed at the
    /// end: the same value gives the same bytes, and a changed value changes one line.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.out + [10]
    }

    /// For each line of ``json``, the names on the way to the value that it belongs to.
    package var jsonPaths: [[String]] {
        var writer = JSONWriter()
        writer.paths = [[]]
        writer.write(self)
        return writer.paths ?? []
    }
}

private struct JSONWriter {
    var out: [UInt8] = []
    /// For each line, the names on the way to its value; nil when nobody asks.
    var paths: [[String]]?
    private var path: [String] = []
    private var depth = 0

    mutating func write(_ value: FieldValue) {
        switch value {
        case .none: out += "null".utf8
        case .text(let text): quote(text)
        case .number(let number): out += String(number).utf8
        case .flag(let flag): out += (flag ? "true" : "false").utf8
        case .list(let items): write(items, "[", "]") { $0.write($1) }
        case .object(let entries):
            write(entries, "{", "}") { writer, entry in
                writer.quote(entry.name)
                writer.out += ": ".utf8
                writer.path.append(entry.name)
                if let last = writer.paths?.indices.last { writer.paths?[last] = writer.path }
                writer.write(entry.value)
                writer.path.removeLast()
            }
        }
    }

    private mutating func write<Item>(
        _ items: [Item], _ opening: String, _ closing: String, _ write: (inout JSONWriter, Item) -> Void
    ) {
        out += opening.utf8
        depth += 1
        for (index, item) in items.enumerated() {
            if index > 0 { out.append(44) }
            beginLine()
            write(&self, item)
        }
        depth -= 1
        if !items.isEmpty { beginLine() }
        out += closing.utf8
    }

    private mutating func beginLine() {
        out.append(10)
        out += repeatElement(32, count: 2 * depth)
        paths?.append(path)
    }

    private mutating func quote(_ text: String) {
        out.append(34)
        for byte in text.utf8 {
            switch byte {
            case 34, 92: out += [92, byte]
            case 0..<32: out += ("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
            default: out.append(byte)
            }
        }
        out.append(34)
    }
}
