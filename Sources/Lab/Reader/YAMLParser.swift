import CYaml
import Preseed

/// Reads one YAML document through libyaml's event parser; the only place that knows libyaml.
///
/// Anchors, aliases, tags and merge keys are refused, so a document cannot be larger than its text.
struct YAMLParser: ~Copyable {
    private var parser = yaml_parser_t()
    private var report: DiagnosticReport
    private var depth = 0
    /// Several times what a lab needs; without a limit, a long row of brackets would exhaust the stack.
    private static let deepest = 32

    /// The document's root; nil when there is none or the syntax is broken, which `report` then says.
    static func parse(_ text: String, report: inout DiagnosticReport) -> YAMLValue? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = YAMLParser(report: report)
            yaml_parser_initialize(&reader.parser)
            defer { yaml_parser_delete(&reader.parser) }
            yaml_parser_set_input_string(&reader.parser, bytes.baseAddress ?? UnsafePointer(bitPattern: 1), bytes.count)
            let root = try? reader.document()
            report = reader.report
            return root
        }
    }

    private init(report: DiagnosticReport) { self.report = report }

    /// The syntax is broken; the report has the diagnostic.
    private struct Broken: Error {}

    private mutating func document() throws(Broken) -> YAMLValue? {
        var event = try next()
        while event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT {
            yaml_event_delete(&event)
            event = try next()
        }
        guard event.type != YAML_STREAM_END_EVENT else {
            yaml_event_delete(&event)
            return nil
        }
        let root = try value(event)
        event = try next()
        yaml_event_delete(&event)
        event = try next()
        if event.type == YAML_DOCUMENT_START_EVENT {
            add(.yamlSyntax, "a lab file is one YAML document; a second one begins here", mark(event.start_mark))
        }
        yaml_event_delete(&event)
        return root
    }

    /// Takes the event over and deletes it.
    private mutating func value(_ first: yaml_event_t) throws(Broken) -> YAMLValue {
        var event = first
        let place = mark(event.start_mark)
        let type = event.type
        if let (what, name) = unwanted(event) {
            add(.yamlExtension, "\(what) \(name) is not taken here", place)
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            yaml_event_delete(&event)
            add(.yamlSyntax, "lists and mappings stand more than \(Self.deepest) deep in each other", place)
            throw Broken()
        }
        switch type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            yaml_event_delete(&event)
            return .scalar(text, isNull: isPlain && ["", "~", "null"].contains(text), place)
        case YAML_SEQUENCE_START_EVENT:
            yaml_event_delete(&event)
            var items: [YAMLValue] = []
            while true {
                event = try next()
                if event.type == YAML_SEQUENCE_END_EVENT { break }
                items.append(try value(event))
            }
            yaml_event_delete(&event)
            return .list(items, place)
        case YAML_MAPPING_START_EVENT:
            yaml_event_delete(&event)
            return .mapping(try entries(), place)
        default:
            yaml_event_delete(&event)
            return .scalar("", isNull: true, place)
        }
    }

    /// The entries of a mapping; a key that stands twice is reported, and its first value kept.
    private mutating func entries() throws(Broken) -> [YAMLValue.Entry] {
        var entries: [YAMLValue.Entry] = []
        var places: [String: SourceMark] = [:]
        while true {
            var event = try next()
            if event.type == YAML_MAPPING_END_EVENT {
                yaml_event_delete(&event)
                return entries
            }
            let key = try value(event)
            let content = try value(try next())
            guard case .scalar(let name, _, let place) = key else {
                add(.yamlExtension, "a key has to be a single value", key.mark)
                continue
            }
            if name == "<<" {
                add(
                    .yamlExtension, "merge keys are not taken here", place,
                    hint: "what nodes have in common goes under `defaults`")
            } else if let earlier = places[name] {
                add(.duplicateKey, "“\(name)” stands in line \(earlier.line) already", place)
            } else {
                places[name] = place
                entries.append(.init(key: name, keyMark: place, value: content))
            }
        }
    }

    private func unwanted(_ event: yaml_event_t) -> (String, String)? {
        func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
            pointer.map { String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
        }
        /// As it is written: libyaml spells `!!` out.
        func shown(_ tag: String) -> String {
            let core = "tag:yaml.org,2002:"
            return tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
        }
        switch event.type {
        case YAML_ALIAS_EVENT: return ("the alias", "*" + (text(event.data.alias.anchor) ?? ""))
        case YAML_SCALAR_EVENT:
            return text(event.data.scalar.anchor).map { ("the anchor", "&" + $0) }
                ?? text(event.data.scalar.tag).map { ("the tag", shown($0)) }
        case YAML_SEQUENCE_START_EVENT:
            return text(event.data.sequence_start.anchor).map { ("the anchor", "&" + $0) }
                ?? text(event.data.sequence_start.tag).map { ("the tag", shown($0)) }
        case YAML_MAPPING_START_EVENT:
            return text(event.data.mapping_start.anchor).map { ("the anchor", "&" + $0) }
                ?? text(event.data.mapping_start.tag).map { ("the tag", shown($0)) }
        default: return nil
        }
    }

    private mutating func next() throws(Broken) -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
            let problem = parser.problem.map { String(cString: $0) } ?? "unreadable"
            var context = parser.context.map { " " + String(cString: $0) } ?? ""
            if !context.isEmpty, parser.context_mark.line != parser.problem_mark.line {
                context += " that begins in line \(parser.context_mark.line + 1)"
            }
            let isReader = parser.error == YAML_READER_ERROR
            let place = isReader ? mark(ofByte: parser.problem_offset) : mark(parser.problem_mark)
            add(.yamlSyntax, "the YAML is broken: \(problem)\(context)", place)
            throw Broken()
        }
        return event
    }

    /// Where libyaml can't read on, it knows no line.
    private func mark(ofByte offset: Int) -> SourceMark {
        let lines = String(decoding: report.source.utf8.prefix(offset), as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
        return SourceMark(line: lines.count, column: lines.last!.count + 1)
    }

    private func mark(_ mark: yaml_mark_t) -> SourceMark {
        SourceMark(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private mutating func add(
        _ code: DiagnosticCode, _ message: String, _ place: SourceMark?, hint: String? = nil
    ) {
        report.add(.init(code: code, severity: .error, message: message, mark: place, hint: hint))
    }
}
