import Preseed

/// A template that is parsed once and rendered many times.
///
/// `{{name}}` is replaced by a value. `{{#name}}…{{/name}}` is repeated for each item of a list, or shown when a flag
/// is set or a text is not empty; `{{^name}}…{{/name}}` is shown otherwise. `{{.}}` is the item itself. A line that
/// contains only a section tag is removed. A line `{{> name}}` is replaced by a partial template, which can use the
/// same values. A name without a value is an error when the template is compiled, even if no lab reaches it. Nothing is
/// escaped: the types of the values have validated them before.
struct CompiledTemplate: Sendable {
    private indirect enum Piece: Sendable {
        case text([UInt8], line: Int)
        case value(Reference, @Sendable (TemplateFrame) -> String, line: Int)
        /// - Parameter line: The line of the template; nil for a tag that is alone in its line, which is removed.
        case section(Reference, line: Int?, inverted: Bool, [Piece])
        case partial(String, [Piece])
    }

    /// A name in the template with the value that it refers to.
    private struct Reference: Sendable {
        let value: AnyTemplateValue
        /// The number of sections with values of their own between the name and the scope that has the value.
        let depth: Int

        /// Returns the frame that the value is computed from.
        func frame(from frame: TemplateFrame) -> TemplateFrame {
            var frame = frame
            for _ in 0..<depth { frame = frame.outer! }
            return frame
        }
    }

    private let pieces: [Piece]

    private static func error(_ name: String, _ line: Int, _ problem: String) -> BuildError {
        BuildError("template \(name):\(line): \(problem)", code: .template)
    }

    // MARK: Compiling

    /// A section whose closing tag has not been read yet.
    private struct OpenSection {
        var name: String
        var reference: Reference?
        var line: Int
        /// Whether the opening tag is alone in its line.
        var isAlone = false
        var isInverted = false
        /// The scopes in which names are looked up; the innermost is the last.
        var scopes: [TemplateScope]
        var pieces: [Piece] = []
    }

    /// Compiles a template. It throws a ``BuildError`` with the line of a syntax error or of an unknown name.
    /// - Parameters:
    ///   - name: The template's path, for messages.
    ///   - text: The text of the template.
    ///   - values: The values that the template can use.
    ///   - partials: The texts of the partial templates that it can include, by name.
    init(
        name: String, text: [UInt8], values: TemplateScope, partials: [String: [UInt8]] = [:]
    ) throws(BuildError) {
        pieces = try Self.parse(name, text, [values], partials)
    }

    private static func parse(
        _ name: String, _ text: [UInt8], _ values: [TemplateScope], _ partials: [String: [UInt8]]
    ) throws(BuildError) -> [Piece] {
        func resolve(_ tag: String, _ line: Int, in scopes: [TemplateScope]) throws(BuildError) -> Reference {
            for (depth, scope) in scopes.reversed().enumerated() {
                if let value = scope[tag] { return Reference(value: value, depth: depth) }
            }
            let near = suggestion(for: tag, among: scopes.flatMap { $0.values.map(\.name) })
            throw Self.error(name, line, "nothing is named \(tag)\(near)")
        }
        var open = [OpenSection(name: "", line: 1, scopes: values)]
        var rest = text[...]
        var line = 1
        while let start = Self.find([123, 123], in: rest) {
            var before = rest[..<start]
            guard let end = Self.find([125, 125], in: rest[(start + 2)...]) else {
                throw Self.error(name, line + Self.lines(before), "{{ without }}")
            }
            var tag = String(decoding: rest[(start + 2)..<end], as: UTF8.self)
            var after = rest[(end + 2)...]
            line += Self.lines(before)
            let textLine = line - Self.lines(before)
            let tagLine = line
            let kind = tag.first.flatMap { "#^/>".contains($0) ? tag.removeFirst() : nil }
            // A tag that is alone in its line is removed with the line.
            let isAlone =
                kind != nil && (before.isEmpty ? start == text.startIndex || text[start - 1] == 10 : before.last == 10)
                && (after.isEmpty || after.first == 10)
            if isAlone {
                after = after.dropFirst()
                line += 1
            }
            let last = open.count - 1
            if !before.isEmpty { open[last].pieces.append(.text(Array(before), line: textLine)) }
            before = []
            switch kind {
            case nil:
                let reference = try resolve(tag, tagLine, in: open[last].scopes)
                guard case .text(let text) = reference.value.content else {
                    throw Self.error(name, tagLine, "\(tag) is not a text, but a section: {{#\(tag)}}…{{/\(tag)}}")
                }
                open[last].pieces.append(.value(reference, text, line: line))
            case "/":
                let section = open.removeLast()
                guard let reference = section.reference, section.name == tag else {
                    throw Self.error(name, tagLine, "{{/\(tag)}} closes nothing")
                }
                open[last - 1].pieces.append(
                    .section(
                        reference, line: section.isAlone ? nil : section.line, inverted: section.isInverted,
                        section.pieces))
            case ">":
                let partial = String(tag.drop { $0 == " " })
                guard isAlone else { throw Self.error(name, tagLine, "{{> \(partial)}} has to be alone in its line") }
                guard let text = partials[partial] else {
                    throw Self.error(
                        name, tagLine,
                        "there is no partial template \(partial)\(suggestion(for: partial, among: partials.keys))")
                }
                // Partial templates do not include others, so an inclusion always ends.
                open[last].pieces.append(.partial(partial, try parse(partial, text, open[last].scopes, [:])))
            default:
                let scopes = open[last].scopes
                let reference = try resolve(tag, tagLine, in: scopes)
                let inner = kind == "^" ? nil : reference.value.scope
                open.append(
                    OpenSection(
                        name: tag, reference: reference, line: tagLine, isAlone: isAlone, isInverted: kind == "^",
                        scopes: scopes + (inner.map { [$0] } ?? [])))
            }
            rest = after
        }
        guard open.count == 1 else { throw Self.error(name, open.last!.line, "{{#\(open.last!.name)}} is not closed") }
        return open[0].pieces + (rest.isEmpty ? [] : [.text(Array(rest), line: line)])
    }

    /// The sources of the values that the template uses.
    var sources: Sources { Self.sources(of: pieces) }

    private static func sources(of pieces: [Piece]) -> Sources {
        pieces.reduce(into: []) { sources, piece in
            switch piece {
            case .text: break
            case .value(let reference, _, _): sources.formUnion(reference.value.sources)
            case .section(let reference, _, _, let inner):
                sources.formUnion(reference.value.sources)
                sources.formUnion(Self.sources(of: inner))
            case .partial(_, let inner): sources.formUnion(Self.sources(of: inner))
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

    /// Returns the rendered text.
    /// - Parameter frame: The subject of the values that the template was compiled with.
    func render(_ frame: TemplateFrame) -> [UInt8] {
        var out = Sink(traces: false)
        Self.render(pieces, frame, into: &out)
        return out.bytes
    }

    /// Returns the rendered text with the origin of each of its lines.
    func trace(_ frame: TemplateFrame) -> (bytes: [UInt8], lines: [LineOrigin]) {
        var out = Sink(traces: true)
        Self.render(pieces, frame, into: &out)
        // What follows the last newline is empty and does not count as a line.
        if out.bytes.last == 10, !out.isNew { out.lines.removeLast() }
        return (out.bytes, out.lines)
    }

    /// The origin of one line of a rendered text.
    struct LineOrigin: Sendable {
        /// The partial template in which the line begins; nil if it begins in the template itself.
        var partial: String?
        /// The number of the template's line in which the line begins, counted from 1.
        var line: Int
        /// The sources of the values in the line and of the sections around it.
        var sources: Sources
        /// The nodes to which the items belong whose sections the line is in.
        var nodes: Set<Hostname> = []
    }

    private struct Sink {
        var bytes: [UInt8] = []
        var lines: [LineOrigin] = []
        private let traces: Bool
        /// Whether the next piece begins a line.
        private(set) var isNew = true
        /// The sources of the sections that are open.
        private var sections: [Sources] = []
        /// The partial template that is being rendered; nil outside of partial templates.
        var partial: String?
        /// The node of each section that is open.
        private var nodes: [Hostname?] = []

        init(traces: Bool) {
            self.traces = traces
            bytes.reserveCapacity(4096)
        }

        /// Adds text of the template itself.
        /// - Parameter line: The line of the template in which the text begins.
        mutating func add(_ text: [UInt8], line: Int) {
            bytes += text
            guard traces else { return }
            note(text, line: line, step: 1, nil)
        }

        /// Adds a value. All its lines come from one line of the template.
        mutating func add(_ text: String.UTF8View, of value: AnyTemplateValue, line: Int) {
            bytes += text
            guard traces else { return }
            note(text, line: line, step: 0, value.sources)
        }

        /// Records the sources of a section that is within a line but is not shown.
        mutating func skip(_ section: AnyTemplateValue, line: Int) {
            if traces { note(EmptyCollection(), line: line, step: 0, section.sources) }
        }

        /// Records the origin of each line of a text.
        /// - Parameters:
        ///   - line: The line of the template in which the text begins.
        ///   - step: The number of template lines for each newline of the text: 1 for text of the template, 0 for a
        ///     value.
        ///   - own: The sources of a value; nil for text of the template.
        private mutating func note(_ text: some Collection<UInt8>, line: Int, step: Int, _ own: Sources?) {
            var line = line
            // A line begins with its first piece, even if that piece is empty.
            for (offset, part) in text.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
                if offset > 0 {
                    isNew = true
                    line += step
                    // After its last newline, text of the template begins no line. A value does, because its template
                    // line goes on.
                    if own == nil, part.isEmpty, part.endIndex == text.endIndex { return }
                }
                if isNew { lines.append(LineOrigin(partial: partial, line: line, sources: [])) }
                isNew = false
                for sources in sections { lines[lines.count - 1].sources.formUnion(sources) }
                if let own { lines[lines.count - 1].sources.formUnion(own) }
                if case let node?? = nodes.last { lines[lines.count - 1].nodes.insert(node) }
            }
        }

        mutating func open(_ section: AnyTemplateValue) { if traces { sections.append(section.sources) } }

        mutating func close() { if traces { sections.removeLast() } }

        mutating func enter(_ frame: TemplateFrame) { if traces { nodes.append(frame.node) } }

        mutating func leave() { if traces { nodes.removeLast() } }
    }

    private static func render(_ pieces: [Piece], _ frame: TemplateFrame, into out: inout Sink) {
        for piece in pieces {
            switch piece {
            case .text(let bytes, let line): out.add(bytes, line: line)
            case .partial(let name, let inner):
                out.partial = name
                render(inner, frame, into: &out)
                out.partial = nil
            case .value(let reference, let text, let line):
                out.add(text(reference.frame(from: frame)).utf8, of: reference.value, line: line)
            case .section(let reference, let line, let isInverted, let inner):
                // The frames of the section, one for each repetition.
                let frames: AnyCollection<TemplateFrame>
                switch reference.value.content {
                case .flag(let flag): frames = AnyCollection(flag(reference.frame(from: frame)) ? [frame] : [])
                case .text(let text):
                    let text = text(reference.frame(from: frame))
                    frames = AnyCollection(text.isEmpty ? [] : [TemplateFrame.Of(text, in: frame)])
                case .list(let items, _): frames = items(reference.frame(from: frame), frame)
                }
                // A section that is not shown still decides what is in its line.
                if isInverted != frames.isEmpty, let line { out.skip(reference.value, line: line) }
                out.open(reference.value)
                if isInverted {
                    if frames.isEmpty { render(inner, frame, into: &out) }
                } else {
                    for frame in frames {
                        out.enter(frame)
                        render(inner, frame, into: &out)
                        out.leave()
                    }
                }
                out.close()
            }
        }
    }
}
