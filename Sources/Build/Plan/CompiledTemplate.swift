/// A template, cut into pieces once and rendered many times.
///
/// `{{name}}` places a value; `{{#name}}…{{/name}}` repeats for each item of a list, or shows when a flag or a text is
/// there; `{{^name}}…{{/name}}` shows when it is not; `{{.}}` is the item itself. A line with nothing but one
/// section tag leaves no trace. A name that nothing provides is an error, never an empty place. Nothing is escaped:
/// values are checked by their types before they get here.
struct CompiledTemplate: Sendable {
    private indirect enum Piece: Sendable {
        case text([UInt8], line: Int)
        case value(String, line: Int)
        case section(String, line: Int, inverted: Bool, [Piece])
    }

    private let name: String
    private let pieces: [Piece]

    /// What is wrong with a template, with its name and line.
    struct Fault: Error, CustomStringConvertible {
        let description: String
        init(_ name: String, _ line: Int, _ problem: String) { description = "\(name):\(line): \(problem)" }
    }

    // MARK: Compiling

    init(name: String, text: [UInt8]) throws(Fault) {
        self.name = name
        var open: [(name: String, line: Int, inverted: Bool, pieces: [Piece])] = [("", 1, false, [])]
        var rest = text[...]
        var line = 1
        while let start = Self.find([123, 123], in: rest) {
            var before = rest[..<start]
            guard let end = Self.find([125, 125], in: rest[(start + 2)...]) else {
                throw Fault(name, line + Self.lines(before), "{{ without }}")
            }
            var tag = String(decoding: rest[(start + 2)..<end], as: UTF8.self)
            var after = rest[(end + 2)...]
            line += Self.lines(before)
            // Where this piece of text begins.
            let textLine = line - Self.lines(before)
            let kind = tag.first.flatMap { "#^/".contains($0) ? tag.removeFirst() : nil }
            // A section tag alone on its line takes the line with it.
            if kind != nil, before.isEmpty ? start == text.startIndex || text[start - 1] == 10 : before.last == 10,
                after.isEmpty || after.first == 10
            {
                after = after.dropFirst()
                line += 1
            }
            if !before.isEmpty { open[open.count - 1].pieces.append(.text(Array(before), line: textLine)) }
            before = []
            switch kind {
            case nil: open[open.count - 1].pieces.append(.value(tag, line: line))
            case "/":
                let section = open.removeLast()
                guard !open.isEmpty, section.name == tag else { throw Fault(name, line, "{{/\(tag)}} closes nothing") }
                open[open.count - 1].pieces.append(
                    .section(tag, line: section.line, inverted: section.inverted, section.pieces))
            default: open.append((tag, line, kind == "^", []))
            }
            rest = after
        }
        guard open.count == 1 else { throw Fault(name, open.last!.line, "{{#\(open.last!.name)}} is not closed") }
        pieces = open[0].pieces + (rest.isEmpty ? [] : [.text(Array(rest), line: line)])
    }

    /// Every name that the template uses.
    var names: Set<String> { Self.names(in: pieces) }

    private static func names(in pieces: [Piece]) -> Set<String> {
        pieces.reduce(into: []) { names, piece in
            switch piece {
            case .text: break
            case .value(let name, _): names.insert(name)
            case .section(let name, _, _, let inner): names.formUnion(Self.names(in: inner).union([name]))
            }
        }
    }

    private static func find(_ pair: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        var index = text.startIndex
        while index + 1 < text.endIndex {
            if text[index] == pair[0], text[index + 1] == pair[1] { return index }
            index += 1
        }
        return nil
    }

    private static func lines(_ text: ArraySlice<UInt8>) -> Int { text.count { $0 == 10 } }

    // MARK: Rendering

    func render(_ contexts: [Context]) throws(Fault) -> [UInt8] {
        var out = Sink(traces: false)
        var contexts = contexts
        try render(pieces, &contexts, [], into: &out)
        return out.bytes
    }

    /// And where each line of it comes from.
    func trace(_ contexts: [Context]) throws(Fault) -> (bytes: [UInt8], lines: [LineOrigin]) {
        var out = Sink(traces: true)
        var contexts = contexts
        try render(pieces, &contexts, [], into: &out)
        // Behind the last line end there is no line.
        if out.bytes.last == 10 { out.lines.removeLast() }
        return (out.bytes, out.lines)
    }

    /// What one line of a rendered text comes from.
    struct LineOrigin: Sendable {
        /// Of the template, where the line begins.
        var line: Int
        /// Names of what was placed in it, and of the sections around it.
        var names: Set<String>
    }

    private struct Sink {
        var bytes: [UInt8] = []
        var lines: [LineOrigin] = []
        private let traces: Bool
        private var isNew = true

        init(traces: Bool) {
            self.traces = traces
            bytes.reserveCapacity(4096)
        }

        /// - Parameter line: of the template, where the text begins; a value has one line for all of its own.
        mutating func add(_ text: some Collection<UInt8>, line: Int, isValue: Bool, names: [String]) {
            bytes += text
            guard traces else { return }
            var line = line
            if isNew { begin(line) }
            lines[lines.count - 1].names.formUnion(names)
            for byte in text where byte == 10 {
                if !isValue { line += 1 }
                begin(line)
                lines[lines.count - 1].names.formUnion(names)
            }
        }

        /// That a section left nothing in the line that is begun.
        mutating func note(_ key: String) {
            if traces, let last = bytes.last, last != 10 { lines[lines.count - 1].names.insert(key) }
        }

        private mutating func begin(_ line: Int) {
            isNew = false
            lines.append(LineOrigin(line: line, names: []))
        }
    }

    private func render(
        _ pieces: [Piece], _ contexts: inout [Context], _ sections: [String], into out: inout Sink
    ) throws(Fault) {
        for piece in pieces {
            switch piece {
            case .text(let bytes, let line): out.add(bytes, line: line, isValue: false, names: sections)
            case .value(let key, let line):
                guard case .text(let text) = try look(key, contexts, line) else {
                    throw Fault(name, line, "\(key) is no text")
                }
                out.add(text.utf8, line: line, isValue: true, names: sections + [key])
            case .section(let key, let line, let inverted, let inner):
                let items: [Context]
                switch try look(key, contexts, line) {
                case .flag(let isSet): items = isSet ? [[:]] : []
                case .text(let text): items = text.isEmpty ? [] : [[".": .text(text)]]
                case .list(let list): items = list
                }
                // What is not shown in a line is in it as well.
                if inverted != items.isEmpty { out.note(key) }
                if inverted {
                    if items.isEmpty { try render(inner, &contexts, sections + [key], into: &out) }
                } else {
                    for item in items {
                        contexts.append(item)
                        try render(inner, &contexts, sections + [key], into: &out)
                        contexts.removeLast()
                    }
                }
            }
        }
    }

    private func look(_ key: String, _ contexts: [Context], _ line: Int) throws(Fault) -> ContextValue {
        for context in contexts.reversed() {
            if let value = context[key] { return value }
        }
        throw Fault(name, line, "nothing is named \(key)")
    }
}

/// What a template can place, by name.
///
/// A list, since it is made for one template and holds few names: hashing them would cost more than looking through.
struct Context: Sendable, ExpressibleByDictionaryLiteral {
    private var entries: [(String, ContextValue)]

    init(dictionaryLiteral entries: (String, ContextValue)...) { self.entries = entries }

    /// Not nil when it is set.
    subscript(name: String) -> ContextValue? {
        get { place(of: name).map { entries[$0].1 } }
        set {
            if let place = place(of: name) { entries[place].1 = newValue! } else { entries.append((name, newValue!)) }
        }
    }

    private func place(of name: String) -> Int? {
        // Most names differ in length.
        entries.firstIndex { $0.0.utf8.count == name.utf8.count && $0.0 == name }
    }
}

enum ContextValue: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// As a section, shown when it is not empty.
    case text(String)
    case flag(Bool)
    case list([Context])

    init(stringLiteral value: String) { self = .text(value) }

    init(_ value: some CustomStringConvertible) { self = .text(value.description) }

    /// A list of plain items.
    static func items(_ items: some Sequence<some CustomStringConvertible>) -> ContextValue {
        .list(items.map { [".": .text($0.description)] })
    }

    /// A section that is there once, with more names, or not at all.
    static func optional(_ context: Context?) -> ContextValue { .list(context.map { [$0] } ?? []) }
}
