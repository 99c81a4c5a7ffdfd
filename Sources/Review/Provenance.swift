import Build
import Lab

/// The origin of each line of a lab's files, recorded while they are rendered.
package struct Provenance: Sendable {
    /// The origins of the lines of each file, by its path in the tree. Archives are not included.
    package let files: [String: [Origin]]
    private let texts: [String: [ArraySlice<UInt8>]]
    private let nodes: [String]
    /// The nodes of the files that belong to one node, by the paths of the files.
    private let owners: [String: String]
    /// The path of names to the value of each line of the resolved lab.
    private let resolved: [[String]]

    /// Renders the files of a lab and records the origins of their lines. It throws the errors of the build.
    /// - Parameter replacements: The user's own templates, by their paths.
    package init(_ lab: Lab, replacing replacements: [String: [UInt8]] = [:]) async throws {
        let plan = Plan(lab: lab, templates: try TemplateSet(replacing: replacements, recordsOrigins: true))
        var others: [PlannedFile] = []
        let made = try await plan.files {
            $0.own + $0.boot
        } lab: {
            others.append($0)
        }
        nodes = lab.nodes.map(\.name.description)
        resolved = ResolvedLab.value(of: lab).jsonPaths
        var files: [String: [Origin]] = [:]
        var texts: [String: [ArraySlice<UInt8>]] = [:]
        var owners: [String: String] = [:]
        for file in made.joined() + others {
            guard let bytes = file.bytes, let origins = plan.origins(of: file) else { continue }
            texts[file.path] = Array(
                bytes.split(separator: 10, omittingEmptySubsequences: false).prefix(origins.count))
            files[file.path] = origins
            owners[file.path] = file.owner?.description
        }
        self.files = files
        self.texts = texts
        self.owners = owners
    }

    /// Returns the name of the node that a line of a file belongs to; nil when it is not of a single node.
    package func node(of path: String, line: Int) -> String? {
        if path == ResolvedLab.path {
            let names = resolved.indices.contains(line - 1) ? resolved[line - 1] : []
            return names.count > 1 && names[0] == "nodes" ? names[1] : nil
        }
        if let owner = owners[path] { return owner }
        let origins = files[path] ?? []
        return origins.indices.contains(line - 1) ? origins[line - 1].node : nil
    }

    /// Returns the text of a line; nil when the file does not have it.
    package func text(of path: String, line: Int) -> String? {
        let lines = texts[path] ?? []
        return lines.indices.contains(line - 1) ? String(decoding: lines[line - 1], as: UTF8.self) : nil
    }

    /// Returns every line that depends on a field, sorted by the paths of the files.
    /// - Parameter field: The path of the field in a lab: `nodes.xen01.dom0.memory`, `domain`. The path of an object
    ///   selects all fields in it.
    package func places(of field: String) -> [(path: String, line: Int)] {
        let asked = field.split(separator: ".").map(String.init)
        return files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { path, origins in
            origins.enumerated().filter { offset, origin in
                let own = node(of: path, line: offset + 1)
                return origin.fields.contains { Self.matches($0, asked, own) }
            }.map { (path, $0.offset + 1) }
        }
    }

    /// Returns whether a field is the requested one or is in it. In a node's file, only the fields of that node match.
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
