import Preseed

extension Spec {
    /// A field that a lab file has.
    public struct Place: Sendable {
        /// `["nodes", "xen01", "dom0", "memory"]`.
        public var path: [String]
        public var mark: SourceMark
    }

    /// Every field that stands in a lab file, in its order; of a list, the list.
    public static func places(in text: String) -> [Place] {
        var report = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &report) else { return [] }
        var places: [Place] = []
        func walk(_ value: YAMLValue, _ path: [String]) {
            guard case .mapping(let entries, _) = value else { return }
            for entry in entries {
                places.append(Place(path: path + [entry.key], mark: entry.keyMark))
                walk(entry.value, path + [entry.key])
            }
        }
        walk(root, [])
        return places
    }
}
