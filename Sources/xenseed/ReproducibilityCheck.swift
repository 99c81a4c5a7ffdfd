import Build
import FoundationEssentials
import Lab

/// Builds a lab twice in different environments and compares the trees byte by byte.
///
/// The builds differ in the time, the time zone, the locale, the umask, the working directory, the directory of the lab, the
/// home directory, and the order of the keys in the lab file.
struct ReproducibilityCheck {
    let lab: LabOptions
    let templates: String?

    private struct Surroundings {
        var environment: [String: String]
        var umask: String
        var reversesKeys: Bool
    }

    func run() async throws {
        let temporary = FileManager.default.temporaryDirectory.appending(path: "xenseed-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        complain("first build")
        let first = try await build(
            in: temporary.appending(path: "a"),
            Surroundings(environment: ["TZ": "UTC", "LC_ALL": "C", "HOME": "/"], umask: "022", reversesKeys: false))
        // The builds run in different seconds, so that a time in a file is noticed.
        try await Task.sleep(for: .milliseconds(1100))
        complain("second build, in another environment")
        let second = try await build(
            in: temporary.appending(path: "b/with another/path"),
            Surroundings(
                environment: ["TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "HOME": temporary.path],
                umask: "077", reversesKeys: true))
        let differing = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }.sorted()
        for path in differing { try output("\(path): differs") }
        guard differing.isEmpty else {
            complain(
                "\(differing.count) of \(first.count) files \(differing.count == 1 ? "depends" : "depend") on the environment"
            )
            throw CommandError.differences
        }
        complain("\(first.count) files have the same bytes and modes in both builds")
    }

    /// Builds the lab in a new process.
    /// - Returns: The content and mode of each file by its path.
    private func build(in folder: URL, _ surroundings: Surroundings) async throws -> [String: String] {
        let manager = FileManager.default
        let out = folder.appending(path: "out")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        let copy = folder.appending(path: "lab")
        try manager.createDirectory(at: copy, withIntermediateDirectories: true)
        // What the lab names lies beside it; what else lies there is linked and not looked at.
        for name in try manager.contentsOfDirectory(atPath: lab.folder.path) {
            try manager.createSymbolicLink(
                at: copy.appending(path: name), withDestinationURL: lab.folder.appending(path: name))
        }
        let file = copy.appending(path: "reproduced.yaml")
        try? manager.removeItem(at: file)
        let text = try String(contentsOf: URL(filePath: lab.lab), encoding: .utf8)
        try (surroundings.reversesKeys ? Spec.reversingKeys(text) : text)
            .write(to: file, atomically: true, encoding: .utf8)

        var arguments = ["build", "--output", out.path, "--state", folder.appending(path: "state").path]
        if let templates { arguments += ["--templates", URL(filePath: templates).absoluteURL.path] }
        if let release = lab.release { arguments += ["--release", release] }
        // Only a shell can set the umask of another process.
        let build = try await Program(path: "/bin/sh").run(
            ["-c", "umask \(surroundings.umask) && exec \"$@\"", "sh", try ownPath()] + arguments + [file.path],
            adding: surroundings.environment, in: surroundings.reversesKeys ? "/" : folder.path,
            limit: 16 << 20, errors: .collected)
        guard build.isSuccess else {
            let lines = String(decoding: build.errors, as: UTF8.self).split(separator: "\n")
            throw CommandError.environment(
                "a build in changed surroundings failed with \(build.status): "
                    + lines.suffix(3).joined(separator: "; "))
        }
        return try snapshot(out)
    }

    private func ownPath() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    private func snapshot(_ folder: URL) throws -> [String: String] {
        var found: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let item = folder.appending(path: path)
            guard let status = try FileSystem.status(item.path) else { continue }
            let mode = String(status.permissions.rawValue, radix: 8)
            switch status.type {
            case .directory: found[path] = mode
            case .symbolicLink: found[path] = try FileManager.default.destinationOfSymbolicLink(atPath: item.path)
            default:
                let data = try Data(contentsOf: item)
                found[path] = mode + " " + data.base64EncodedString()
            }
        }
        return found
    }
}
