/// The value of a field as data that JSON can represent.
package indirect enum FieldValue: Sendable, Equatable {
    /// The absence of a value; null in JSON.
    case none
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([FieldValue])
    /// Names with their values, in their order.
    case object([Entry])

    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: FieldValue

        package init(_ name: String, _ value: FieldValue) { (self.name, self.value) = (name, value) }
    }

    /// Returns the digest that replaces a secret text. It is a fast hash, so the text has to be long and random, like a
    /// crypt(3) hash.
    package static func digest(of secret: String) -> FieldValue { .text("sha256:" + sha256(Array(secret.utf8))) }

    /// The value with a name in an object; nil when there is none.
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
    /// The value as JSON (RFC 8259) with one value per line, an indentation of two blanks, the entries in their order and a
    /// line feed at the end. Equal values give equal bytes, and a changed value changes one line.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        writer.out.append(10)
        return writer.out
    }

    /// Returns an object as JSON. One of its entries is an object with many entries, which are made one at a time, so
    /// that they are not all in memory.
    /// - Parameters:
    ///   - name: The name of that entry.
    ///   - items: Its entries.
    static func json(_ entries: [Entry], with name: String, _ items: some Sequence<Entry>) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(entries, "{", "}") { writer, entry in
            writer.write(entry) { writer in
                if entry.name == name {
                    writer.write(items, "{", "}") { writer, item in writer.write(item) { $0.write(item.value) } }
                } else {
                    writer.write(entry.value)
                }
            }
        }
        writer.out.append(10)
        return writer.out
    }

    /// The path, by names, of the value that each line of ``json`` belongs to.
    package var jsonPaths: [[String]] {
        var writer = JSONWriter()
        writer.paths = [[]]
        writer.write(self)
        return writer.paths ?? []
    }
}

private struct JSONWriter {
    var out: [UInt8] = []
    /// The path of the value on each line; nil when paths are not collected.
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
            write(entries, "{", "}") { writer, entry in writer.write(entry) { $0.write(entry.value) } }
        }
    }

    /// Writes an entry of an object.
    mutating func write(_ entry: FieldValue.Entry, _ value: (inout JSONWriter) -> Void) {
        quote(entry.name)
        out += ": ".utf8
        path.append(entry.name)
        if let last = paths?.indices.last { paths?[last] = path }
        value(&self)
        path.removeLast()
    }

    mutating func write<Items: Sequence>(
        _ items: Items, _ opening: String, _ closing: String, _ write: (inout JSONWriter, Items.Element) -> Void
    ) {
        out += opening.utf8
        depth += 1
        var isEmpty = true
        for item in items {
            if !isEmpty { out.append(44) }
            isEmpty = false
            beginLine()
            write(&self, item)
        }
        depth -= 1
        if !isEmpty { beginLine() }
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
