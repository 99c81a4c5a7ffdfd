import Foundation
import Lab
import Preseed

/// Writes the pages of docs/reference that are derived from the program: `reference XENSEED CHECKOUT [--check]`.
///
/// With `--check`, nothing is written, and the exit status is 1 if a page is not up to date.
@main
enum Reference {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let isCheck = arguments.contains("--check")
        let paths = arguments.filter { $0 != "--check" }.map { URL(filePath: $0) }
        guard paths.count == 2 else {
            FileHandle.standardError.write(Data("usage: reference XENSEED CHECKOUT [--check]\n".utf8))
            exit(2)
        }
        let checkout = paths[1]
        let pages = [
            "fields.md": FieldPage.text(),
            "commands.md": try CommandPage.text(program: paths[0]),
            "diagnostics.md": DiagnosticPage.text(),
            "releases.md": try ReleasePage.text(checkout: checkout),
        ]
        var stale: [String] = []
        for (name, text) in pages.sorted(by: { $0.key < $1.key }) {
            let page = checkout.appending(path: "docs/reference/\(name)")
            guard (try? String(contentsOf: page, encoding: .utf8)) != text else { continue }
            stale.append("docs/reference/\(name)")
            if !isCheck { try Data(text.utf8).write(to: page) }
        }
        for page in stale { print(isCheck ? "\(page) is not up to date; run make reference" : page) }
        if isCheck, !stale.isEmpty { exit(1) }
    }
}

/// Parts of Markdown.
enum Markdown {
    static let notice =
        "<!-- Generated from the program by `make reference`. Change the program, not this file. -->"

    /// Returns the text as code; a text with backquotes gets longer delimiters.
    static func code(_ text: String) -> String {
        guard text.contains("`") else { return "`\(text)`" }
        return "`` \(text) ``"
    }

    /// Returns the text for a cell of a table.
    static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").split(whereSeparator: \.isNewline).joined(separator: "<br>")
    }

    /// Returns text of the program so that it is not read as markup; what is between backquotes stays code.
    static func prose(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index % 2 == 1
                ? "`\(part)`"
                : part.replacing("<", with: "&lt;").replacing("*", with: "\\*").replacing("_", with: "\\_")
                    .replacing("[", with: "\\[")
        }.joined()
    }

    static func table(_ heading: [String], _ rows: [[String]]) -> String {
        let lines = [heading, heading.map { _ in "---" }] + rows.map { $0.map(cell) }
        return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    static func block(_ text: String, _ language: String = "text") -> String { "```\(language)\n\(text)\n```" }
}
