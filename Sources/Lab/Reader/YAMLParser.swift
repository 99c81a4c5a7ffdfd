import CYaml
import Preseed

/// Reads one YAML document with the event parser of libyaml. No other code uses libyaml.
///
/// Anchors, aliases, tags and merge keys are refused, so a document can't expand to more than its text.
struct YAMLParser: ~Copyable {
    private var parser = yaml_parser_t()
    private var report: DiagnosticReport
    private var depth = 0
    /// The maximum nesting, several times that of a lab. Without a limit, many opening brackets would exhaust the stack.
    private static let maximumDepth = 32

    /// Returns the root of the document; nil when the document is empty or its syntax is broken, which is reported.
    static func parse(_ text: String, report: inout DiagnosticReport) -> YAMLValue? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = YAMLParser(report: report)
            yaml_parser_initialize(&reader.parser)
            defer { yaml_parser_delete(&reader.parser) }
            yaml_parser_set_input_string(&reader.parser, bytes.baseAddress ?? UnsafePointer(bitPattern: 1), bytes.count)
            defer { report = reader.report }
            do throws(LabError) { return try reader.document() } catch {
                reader.add(.yamlSyntax, error.reason, error.mark, hint: error.hint)
                return nil
            }
        }
    }

    private init(report: DiagnosticReport) { self.report = report }

    private mutating func document() throws(LabError) -> YAMLValue? {
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

    /// Reads the value that begins with an event, which it deletes.
    private mutating func value(_ first: yaml_event_t) throws(LabError) -> YAMLValue {
        var event = first
        let place = mark(event.start_mark)
        let type = event.type
        if let (what, name) = unwanted(event) {
            add(
                .yamlExtension, "\(what) \(name) is not allowed in a lab file", place,
                hint: what == "the tag"
                    ? "leave it out, or put the value in quotes"
                    : "put settings that nodes share under `defaults`, or the value in quotes")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            yaml_event_delete(&event)
            throw LabError("lists and mappings are nested more than \(Self.maximumDepth) levels deep", at: place)
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

    /// Reads the entries of a mapping. A duplicate key is reported and ignored.
    private mutating func entries() throws(LabError) -> [YAMLValue.Entry] {
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
                add(.yamlExtension, "a key must be a single value", key.mark)
                continue
            }
            if name == "<<" {
                add(
                    .yamlExtension, "merge keys are not allowed in a lab file", place,
                    hint: "put settings that nodes share under `defaults`")
            } else if let earlier = places[name] {
                add(.duplicateKey, "“\(name)” is already defined in line \(earlier.line)", place)
            } else {
                places[name] = place
                entries.append(.init(key: name, keyMark: place, value: content))
            }
        }
    }

    /// Returns the kind and the name of a YAML feature that a lab file must not use; nil when the event has none.
    private func unwanted(_ event: yaml_event_t) -> (String, String)? {
        func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
            pointer.map { String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
        }
        /// Returns a tag as in the file: libyaml expands `!!`.
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

    private mutating func next() throws(LabError) -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
            let problem = parser.problem.map { String(cString: $0) } ?? "unreadable"
            if parser.error == YAML_READER_ERROR {
                throw LabError("the YAML is broken: \(problem)", at: mark(ofByte: parser.problem_offset))
            }
            let context = parser.context.map { String(cString: $0) } ?? ""
            let known = YAMLProblem(
                .init(
                    problem: problem, context: context, mark: mark(parser.problem_mark),
                    contextMark: mark(context.isEmpty ? parser.problem_mark : parser.context_mark)),
                in: report.source)
            throw LabError(known.message, at: known.mark, hint: known.hint)
        }
        return event
    }

    /// Returns the position of a byte. After an encoding error, libyaml gives the offset but not the line.
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
