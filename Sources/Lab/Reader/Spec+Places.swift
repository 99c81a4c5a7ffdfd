import Preseed

extension Spec {
    /// A field that a lab file has.
    package struct Place: Sendable {
        /// `["nodes", "xen01", "dom0", "memory"]`.
        package var path: [String]
        package var mark: SourceMark
    }

    /// Every field that stands in a lab file, in its order; of a list, the list.
    package static func places(in text: String) -> [Place] {
        var report = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &report) else { return [] }
        var places: [Place] = []
        func simulation(_ value: YAMLValue, _ path: [String]) {
            guard case .mapping(let entries, _) = value else { return }
            for entry in entries {
                places.append(Place(path: path + [entry.key], mark: entry.keyMark))
                simulation(entry.value, path + [entry.key])
            }
        }
        simulation(root, [])
        return places
    }
}
