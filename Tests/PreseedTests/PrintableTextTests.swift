import Foundation
import Preseed
import Testing

/// Text from outside that is shown on a terminal.
@Suite(.timeLimit(.minutes(15)))
struct PrintableTextTests {
    @Test(arguments: [
        ("plain text, ~ and \t", "plain text, ~ and \t"), ("Grüße, 日本, 🙂", "Grüße, 日本, 🙂"), ("", ""),
        // Escape sequences begin with ESC, or in C1 with one character.
        ("\u{1B}[2J\u{7}\r\n\u{7F}", "�[2J�\u{FFFD}\u{FFFD}�"), ("a\u{9B}31m\u{85}", "a�31m�"),
        // Bidirectional controls: overrides, embeddings, isolates, marks.
        ("\u{202E}\u{202A}\u{202D}\u{202C}\u{2066}\u{2067}\u{2069}\u{200E}\u{200F}\u{61C}", "����������"),
        // Line and paragraph separators; what has no width.
        ("a\u{2028}b\u{2029}c", "a�b�c"), ("xen\u{200B}01\u{2060}\u{FEFF}\u{AD}\u{E0041}", "xen�01����"),
    ]) func isReplaced(_ text: String, _ shown: String) throws {
        #expect(DiagnosticReport.printable(text) == shown)
        // In JSON, programs read the same text.
        let json = String(decoding: try JSONEncoder().encode([text]), as: UTF8.self) + "\n"
        let escaped = DiagnosticReport.printableJSON(json)
        #expect(try JSONDecoder().decode([String].self, from: Data(escaped.utf8)) == [text])
        #expect(DiagnosticReport.printable(String(escaped.dropLast())) == String(escaped.dropLast()))
        #expect(escaped.hasSuffix("\n"))
    }
}
