/// All mistakes in one file, collected over all stages.
///
/// A rule adds a diagnostic with the path of the field and, if it is known, its position in the file.
public struct DiagnosticReport: Sendable {
    /// The file name as the user gave it; `-` is standard input.
    public let file: String
    /// The content of the file, for excerpts.
    public let source: String
    public private(set) var diagnostics: [Diagnostic] = []
    /// The subject of each diagnostic.
    private var subjects: [String?] = []
    private var seen: Set<Key> = []

    private struct Key: Hashable {
        var code: String
        var mark: SourceMark?
        var path: FieldPath?
        var subject: String?
    }

    public init(file: String, source: String) {
        self.file = file
        self.source = source
    }

    /// Adds a diagnostic, whose message and hint are shortened to a length that people read. A diagnostic with the
    /// code, position, path and subject of an earlier one is ignored: a mistake under `defaults` is one mistake,
    /// however many nodes it affects.
    /// - Parameters:
    ///   - diagnostic: The diagnostic.
    ///   - subject: Distinguishes mistakes with the same position, such as those in the files of one directory.
    public mutating func add(_ diagnostic: Diagnostic, subject: String? = nil) {
        let key = Key(code: diagnostic.code.id, mark: diagnostic.mark, path: diagnostic.path, subject: subject)
        guard seen.insert(key).inserted else { return }
        var diagnostic = diagnostic
        diagnostic.message = Self.shortened(diagnostic.message)
        diagnostic.hint = diagnostic.hint.map(Self.shortened)
        diagnostics.append(diagnostic)
        subjects.append(subject)
    }

    /// The number of diagnostics that are shown at most, in every format: a file with very many mistakes must not
    /// produce an unbounded output.
    public static let shownCount = 1000
    /// The number of Unicode scalars of a message, a hint or a path that are shown at most.
    private static let longestText = 2000

    /// The start of a text, up to the length that is shown.
    public static func shortened(_ text: String) -> String {
        // A scalar has at least one byte, and counting bytes is fast.
        text.utf8.count <= longestText
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestText))) + "…"
    }

    /// The diagnostics that are shown: the first ``shownCount`` of ``sorted``.
    public var shown: ArraySlice<Diagnostic> { sorted.prefix(Self.shownCount) }

    /// A sentence with the number of diagnostics that are not in ``shown``; nil when all are.
    public var omission: String? {
        let rest = diagnostics.count - Self.shownCount
        return rest > 0 ? "\(rest) more \(rest == 1 ? "problem is" : "problems are") not shown" : nil
    }

    /// Changes the diagnostics that were added after the first ones, except for their codes, positions and paths.
    mutating func complete(after count: Int, _ change: (inout Diagnostic) -> Void) {
        for index in diagnostics.indices.dropFirst(count) { change(&diagnostics[index]) }
    }

    /// Adds the diagnostics of another report in their order.
    public mutating func add(_ other: DiagnosticReport) {
        for (diagnostic, subject) in zip(other.diagnostics, other.subjects) { add(diagnostic, subject: subject) }
    }

    public var errors: Int { diagnostics.count { $0.severity == .error } }
    public var warnings: Int { diagnostics.count { $0.severity == .warning } }
    public var notes: Int { diagnostics.count { $0.severity == .note } }

    /// Turns every warning into an error (`--strict`).
    public mutating func makeStrict() {
        for index in diagnostics.indices where diagnostics[index].severity == .warning {
            diagnostics[index].severity = .error
        }
    }

    /// Removes every note.
    public mutating func removeNotes() {
        let kept = zip(diagnostics, subjects).filter { $0.0.severity != .note }
        diagnostics = kept.map(\.0)
        subjects = kept.map(\.1)
    }

    /// The diagnostics, sorted by position and code.
    public var sorted: [Diagnostic] {
        let start = SourceMark(line: 0, column: 0)
        return diagnostics.enumerated().sorted {
            let (a, b) = ($0.element.mark ?? start, $1.element.mark ?? start)
            if a != b { return a < b }
            if $0.element.code.id != $1.element.code.id { return $0.element.code.id < $1.element.code.id }
            return $0.offset < $1.offset
        }.map(\.element)
    }
}
