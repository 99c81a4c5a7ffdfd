import Foundation
import Preseed

/// The page with all properties of the releases. Their values are those of the program, and their descriptions and sources the
/// comments in the source files.
enum ReleasePage {
    static func text(checkout: URL) throws -> String {
        let folder = checkout.appending(path: "Sources/Preseed/Releases")
        let sections = try properties(in: String(contentsOf: folder.appending(path: "Release.swift"), encoding: .utf8))
        let releases = try Release.all.map { release in
            let file = folder.appending(path: "Release+\(release.codename).swift")
            return (
                release, values(of: release), sources(in: try String(contentsOf: file, encoding: .utf8))
            )
        }
        let parts = sections.map { section in
            let properties = section.properties.map { property in
                let rows = releases.map { release, values, sources in
                    [release.codename, values[property.name] ?? "–", Markdown.prose(sources[property.name] ?? "")]
                }
                let hasSources = rows.contains { !$0[2].isEmpty }
                return """
                    ### \(Markdown.code(property.name))

                    \(Markdown.prose(property.description))

                    \(Markdown.table(
                        ["release", "value"] + (hasSources ? ["source"] : []), rows.map { hasSources ? $0 : Array($0.prefix(2)) }))
                    """
            }
            return "## \(section.name)\n\n" + properties.joined(separator: "\n\n")
        }
        return """
            \(Markdown.notice)

            # Releases

            This is what xenseed knows of each release. A source is a package with its version, a document, or a measurement. The questions of
            the installers, their programs and the packages outside main are in the
            [catalogue](../../Sources/Preseed/Releases/Catalogue/README.md). What follows for a lab: [what each release
            guarantees](../explanation/releases.md).

            \(parts.joined(separator: "\n\n"))

            """
    }

    // MARK: Sources

    private struct Section {
        var name: String
        var properties: [(name: String, description: String)] = []
    }

    /// Returns the stored properties of the struct `Release`, with their doc comments, by the marks in the file.
    private static func properties(in text: String) -> [Section] {
        var sections = [Section(name: "Names")]
        var comment: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "}" { break }
            if let match = line.wholeMatch(of: #/ *\/\/ MARK: (.*)/#) {
                sections.append(Section(name: String(match.1)))
            } else if let match = line.wholeMatch(of: #/ *\/\/\/ ?(.*)/#) {
                comment.append(String(match.1))
            } else {
                if let match = line.wholeMatch(of: #/    (?:public )?let (\w+):.*/#) {
                    let description = comment.joined(separator: " ").replacing("``", with: "")
                    sections[sections.count - 1].properties.append((String(match.1), description))
                }
                comment = []
            }
        }
        return sections.filter { !$0.properties.isEmpty }
    }

    /// Returns the comments before and in the value of each argument.
    private static func sources(in text: String) -> [String: String] {
        var found: [String: String] = [:]
        var comment: [String] = []
        var name: String?
        for line in text.split(separator: "\n") {
            if let match = line.wholeMatch(of: #/        (\w+): .*/#) {
                name = String(match.1)
                found[String(match.1)] = comment.joined(separator: " ")
                comment = []
            } else if let match = line.wholeMatch(of: #/( +)\/\/ (.*)/#) {
                if match.1.count > 8, let name {
                    found[name] = ((found[name] ?? "") + " " + match.2).trimmingCharacters(in: .whitespaces)
                } else {
                    comment.append(String(match.2))
                }
            }
        }
        return found
    }

    // MARK: Values

    private static func values(of release: Release) -> [String: String] {
        Dictionary(
            Mirror(reflecting: release).children.map { ($0.label ?? "", text(of: $0.value)) },
            uniquingKeysWith: { first, _ in first })
    }

    private static func text(of value: Any) -> String {
        switch value {
        case let text as String: return text.isEmpty ? "–" : Markdown.code(text)
        case let flag as Bool: return flag ? "yes" : "no"
        case let number as Int: return "\(number)"
        case let component as Component: return Markdown.code(component.rawValue)
        case let answer as ReleaseAnswer: return Markdown.code("\(answer.question) \(answer.value)")
        case let texts as Set<String>: return list(texts.sorted().map { text(of: $0) })
        case let packages as [String: String?]:
            return list(
                packages.sorted { $0.key < $1.key }.map { old, new in
                    Markdown.code(old) + (new.map { " → " + Markdown.code($0) } ?? "")
                })
        case let questions as [String: String]:
            return list(
                questions.sorted { $0.key < $1.key }.map { "\(Markdown.code($0.key)) → \(Markdown.code($0.value))" })
        case DebianHosts.only(let hosts) as DebianHosts: return "only " + text(of: hosts)
        case DebianHosts.allBut(let hosts) as DebianHosts: return "all except " + text(of: hosts)
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { text(of: $0.value) } ?? "–"
        case .collection: return list(mirror.children.map { text(of: $0.value) })
        default: return list(mirror.children.map { "\($0.label ?? ""): \(text(of: $0.value))" })
        }
    }

    private static func list(_ items: [String]) -> String { items.isEmpty ? "–" : items.joined(separator: ", ") }
}
