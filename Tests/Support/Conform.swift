import Foundation

public struct NoValidator: Error, CustomStringConvertible {
    public let description: String
}

/// Validates JSON or YAML files against a JSON Schema and returns the problems of each file, by path. Throws
/// `NoValidator` without python3-jsonschema and python3-yaml.
public func conform(_ files: [URL], to schema: URL) throws -> [String: [String]] {
    let script = checkout.appending(path: "Tests/Support/conform.py").path
    let ran = try run(["/usr/bin/python3", "-W", "ignore", script, schema.path] + files.map(\.path))
    guard ran.status == 0 else {
        throw NoValidator(description: "Debian's python3-jsonschema and python3-yaml are needed: \(ran.err)")
    }
    return try JSONDecoder().decode([String: [String]].self, from: Data(ran.out.utf8))
}
