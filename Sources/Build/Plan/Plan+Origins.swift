import Lab

extension Plan {
    /// Returns the origin of each line of a file; nil for links and archives.
    ///
    /// The plan needs templates that record origins (`TemplateSet.init`).
    package func origins(of file: PlannedFile) -> [Origin]? {
        guard let bytes = file.bytes, !file.path.hasSuffix(".gz") else { return nil }
        if file.path == ResolvedLab.path { return ResolvedLab.value(of: lab).jsonPaths.map(Self.origin(ofResolved:)) }
        if let origins = templates.recorder?.origins(of: bytes) { return origins }
        let lines = bytes.count { $0 == 10 } + (bytes.last == 10 ? 0 : 1)
        let path = NodeFile.split(file.path)?.path ?? file.path
        return Array(repeating: GeneratedFile.origin(of: path), count: lines)
    }

    /// Returns the origin of a line of the resolved lab.
    /// - Parameter path: The names that lead to the value in the line.
    private static func origin(ofResolved path: [String]) -> Origin {
        let fields = ResolvedLab.fields(behind: path)
        let fact =
            switch path.first {
            case ResolvedLab.version?: "the version of the format"
            case ResolvedLab.digest?: "the digest of the lab file's content"
            default: "the form of the resolved lab"
            }
        return Origin(template: nil, line: 1, fields: fields.sorted(), facts: fields.isEmpty ? [fact] : [])
    }
}
