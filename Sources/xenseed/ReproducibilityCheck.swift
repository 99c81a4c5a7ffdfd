import Foundation
import Lab

/// Builds a lab twice with everything changed that must not matter, and compares the trees byte by byte.
///
/// Changed are the time of day, the time zone, the locale, the umask, the working folder, the lab's folder, the home
/// folder, and the order of the lab's keys.
struct ReproducibilityCheck {
    let lab: LabOptions
    let templates: String?

    private struct Surroundings {
        var environment: [String: String]
        var umask: String
        var reversesKeys: Bool
    }

    func run() throws {
        let temporary = FileManager.default.temporaryDirectory.appending(path: "xenseed-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        complain("first build")
        let first = try build(
            in: temporary.appending(path: "a"),
            Surroundings(environment: ["TZ": "UTC", "LC_ALL": "C", "HOME": "/"], umask: "022", reversesKeys: false))
        // Into another second, for whoever writes the time somewhere.
        Thread.sleep(forTimeInterval: 1.1)
        complain("second build, with everything around it changed")
        let second = try build(
            in: temporary.appending(path: "b/with another/path"),
            Surroundings(
                environment: ["TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "HOME": temporary.path],
                umask: "077", reversesKeys: true))
        let differing = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }.sorted()
        for path in differing { try output("\(path): differs") }
        guard differing.isEmpty else {
            complain("\(differing.count) of \(first.count) files depend on the surroundings")
            throw Exit.differences
        }
        complain("\(first.count) files, the same bytes and modes in both builds")
    }

    /// Builds in a process of its own.
    /// - Returns: content and mode by path.
    private func build(in folder: URL, _ surroundings: Surroundings) throws -> [String: String] {
        let manager = FileManager.default
        let out = folder.appending(path: "out")
        do {
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

            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            var arguments = ["build", "--output", out.path, "--state", folder.appending(path: "state").path]
            if let templates { arguments += ["--templates", URL(filePath: templates).absoluteURL.path] }
            if let release = lab.release { arguments += ["--release", release] }
            process.arguments =
                ["-c", "umask \(surroundings.umask) && exec \"$@\"", "sh", try ownPath()] + arguments + [file.path]
            process.environment = ProcessInfo.processInfo.environment.merging(surroundings.environment) { $1 }
            process.currentDirectoryURL = surroundings.reversesKeys ? URL(filePath: "/") : folder
            // A file takes all that it writes; a pipe would have to be emptied meanwhile.
            let log = folder.appending(path: "log")
            try Data().write(to: log)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: log)
            try process.run()
            process.waitUntilExit()
            guard process.terminationReason == .exit, process.terminationStatus == 0 else {
                let lines = String(decoding: try Data(contentsOf: log), as: UTF8.self).split(separator: "\n")
                throw Exit.environment(
                    "a build in changed surroundings ended with \(process.terminationStatus): "
                        + lines.suffix(3).joined(separator: "; "))
            }
            return try snapshot(out)
        } catch let error as Exit { throw error } catch { throw Exit.environment(error.localizedReason) }
    }

    private func ownPath() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    private func snapshot(_ folder: URL) throws -> [String: String] {
        var found: [String: String] = [:]
        guard let simulation = FileManager.default.enumerator(atPath: folder.path) else { return [:] }
        for case let path as String in simulation {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
            let mode = String(attributes[.posixPermissions] as? Int ?? 0, radix: 8)
            switch attributes[.type] as? FileAttributeType {
            case .typeDirectory: found[path] = mode
            case .typeSymbolicLink:
                found[path] = try FileManager.default.destinationOfSymbolicLink(
                    atPath: folder.appending(path: path).path)
            default:
                let data = try Data(contentsOf: folder.appending(path: path))
                found[path] = mode + " " + data.base64EncodedString()
            }
        }
        return found
    }
}
