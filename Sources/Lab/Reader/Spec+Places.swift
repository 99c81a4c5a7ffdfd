import Preseed

extension Spec {
    /// A field with its position in a lab file.
    package struct Place: Sendable {
        /// The path of the field: `["nodes", "xen01", "dom0", "memory"]`.
        package var path: [String]
        package var mark: SourceMark
    }

    /// Returns every field in a lab file, in the order of the file. A list is one field.
    package static func places(in text: String) -> [Place] {
        var report = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &report) else { return [] }
        var places: [Place] = []
        func visit(_ value: YAMLValue, _ path: [String]) {
            guard case .mapping(let entries, _) = value else { return }
            for entry in entries {
                places.append(Place(path: path + [entry.key], mark: entry.keyMark))
                visit(entry.value, path + [entry.key])
            }
        }
        visit(root, [])
        return places
    }
}
