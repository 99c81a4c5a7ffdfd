import Build
import Lab

/// Where each line of what a lab gives comes from; noted while it is rendered.
package struct Provenance: Sendable {
    /// By path in the tree; archives have none.
    package let files: [String: [Origin]]
    private let texts: [String: [ArraySlice<UInt8>]]
    private let nodes: [String]
    /// For each line of the resolved lab, the names on the way to its value.
    private let resolved: [[String]]

    /// - Parameter replacements: templates of the user's own, by their paths.
    package init(_ lab: Lab, replacing replacements: [String: [UInt8]] = [:]) async throws {
        let plan = Plan(lab: lab, templates: try TemplateSet(replacing: replacements, recordsOrigins: true))
        let (made, others) = try await plan.files { $0.own + $0.boot }
        nodes = lab.nodes.map(\.name.description)
        resolved = ResolvedLab.value(of: lab).jsonPaths
        var files: [String: [Origin]] = [:]
        var texts: [String: [ArraySlice<UInt8>]] = [:]
        for file in made.joined() + others {
            guard let bytes = file.bytes, let origins = plan.origins(of: file) else { continue }
            texts[file.path] = bytes.split(separator: 10, omittingEmptySubsequences: false)
            files[file.path] = origins
        }
        self.files = files
        self.texts = texts
    }

    /// Returns the name of the node that a line of a file belongs to; nil when it is not of a single node.
    package func node(of path: String, line: Int) -> String? {
        if path == ResolvedLab.path {
            let names = resolved.indices.contains(line - 1) ? resolved[line - 1] : []
            return names.count > 1 && names[0] == "nodes" ? names[1] : nil
        }
        return NodeFile.split(path).map(\.node)
    }

    /// Returns the text of a line; nil when the file does not have it.
    package func text(of path: String, line: Int) -> String? {
        let lines = texts[path] ?? []
        return lines.indices.contains(line - 1) ? String(decoding: lines[line - 1], as: UTF8.self) : nil
    }

    /// Every line in which a field ends up, in the order of paths.
    /// - Parameter field: as in a lab: `nodes.xen01.dom0.memory`, `domain`. A field that holds others stands for all of them.
    package func places(of field: String) -> [(path: String, line: Int)] {
        let asked = field.split(separator: ".").map(String.init)
        return files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { path, origins in
            origins.enumerated().filter { offset, origin in
                let own = node(of: path, line: offset + 1)
                return origin.fields.contains { Self.matches($0, asked, own) }
            }.map { (path, $0.offset + 1) }
        }
    }

    /// Whether a field is one that was asked for, or in it; in a node's file it is that node's.
    private static func matches(_ field: String, _ asked: [String], _ node: String?) -> Bool {
        let words = field.split(separator: ".").map(String.init)
        guard asked.count <= words.count else { return false }
        for (place, (word, name)) in zip(words, asked).enumerated() {
            if place == 1, words[0] == "nodes", let node, name != "*", name != node { return false }
            guard word == name || word == "*" || name == "*" else { return false }
        }
        return true
    }
}
