import ArgumentParser
import Build
import FoundationEssentials

/// The option for templates of the user.
struct TemplateOptions: ParsableArguments {
    @Option(help: "A directory with files that replace the templates of the same path.", completion: .directory)
    var templates: String?

    /// Reads the lab, and passes on its plan.
    func use(_ lab: some LabSource, _ body: (Plan) async throws -> Void) async throws {
        try await body(Plan(lab: try lab.read(), templates: try templateSet(templates)))
    }
}

extension TemplateOptions {
    /// Returns the templates of the user by the paths of those that they replace.
    func replacements() throws -> [String: [UInt8]] { try templateReplacements(templates) }
}

/// Returns the templates, with those of a directory in place of the built-in ones.
func templateSet(_ templates: String?) throws -> TemplateSet {
    try TemplateSet(replacing: try templateReplacements(templates))
}

private func templateReplacements(_ templates: String?) throws -> [String: [UInt8]] {
    guard let templates else { return [:] }
    let folder = URL(filePath: templates)
    let names: [String]
    do { names = try FileManager.default.subpathsOfDirectory(atPath: folder.path) } catch {
        throw CommandError.environment("\(templates): \(error.reason)")
    }
    var replaced: [String: [UInt8]] = [:]
    for name in names.sorted() {
        let file = folder.appending(path: name).path
        guard try FileSystem.status(file)?.type != .directory else { continue }
        replaced[name] = [UInt8](try content(of: file))
    }
    return replaced
}
