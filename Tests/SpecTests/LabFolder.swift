import Foundation
import Preseed
import TestSupport

@testable import Lab

/// Paths in the checkout.
enum Checkout {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = tests.appending(path: "../..").standardizedFileURL

    static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }
}

/// A directory with a lab file, and the files next to it as `labFiles`.
struct LabFolder: Sendable {
    let url: URL
    /// The name of the lab file.
    var name = "lab.yaml"

    /// The text of the lab file. If there is a file `size`, a comment extends the text to this number of bytes.
    var text: String {
        get throws {
            let text = try String(contentsOf: url.appending(path: name), encoding: .utf8)
            guard let size = try? String(contentsOf: url.appending(path: "size"), encoding: .utf8),
                let count = Int(size.dropLast())
            else { return text }
            return text + "#" + String(repeating: "x", count: count - text.utf8.count - 2) + "\n"
        }
    }

    /// The files next to the lab file, with the modes that git stores. A file `modes` sets other modes, each with a
    /// path, and makes the lab one in a work tree.
    ///
    /// The nodes xen01 to xen04 have keys in the directory `keys`, unless there is one.
    var labFiles: LabFiles {
        var labFiles = LabFiles.folder(url.appending(path: "beside"))
        if !FileManager.default.fileExists(atPath: url.appending(path: "beside/keys").path) {
            let list = labFiles.list
            labFiles.list = { path throws(LabError) in path == "keys" ? Self.keys : try list(path) }
        }
        guard let text = try? String(contentsOf: url.appending(path: "modes"), encoding: .utf8) else { return labFiles }
        var modes: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            modes[String(words[1])] = Int(words[0], radix: 8)
        }
        let list = labFiles.list
        labFiles.isInWorkTree = true
        labFiles.list = { [modes] path throws(LabError) in
            try list(path).map { file in
                var file = file
                file.mode = modes[file.path] ?? file.mode
                return file
            }
        }
        return labFiles
    }

    /// The index in the file Packages of the directory, with all available package names; nil if there is no such file.
    var packages: PackageIndex? {
        guard var content = try? Data(contentsOf: url.appending(path: "Packages")) else { return nil }
        var index = PackageIndex()
        _ = index.add {
            defer { content = Data() }
            return [UInt8](content)
        }
        return index
    }

    private static let keys = LabFiles.File.keys(of: ["xen01", "xen02", "xen03", "xen04"])

    func read() throws -> (lab: Lab?, report: DiagnosticReport) {
        try Spec.read(text, file: "lab.yaml", labFiles: labFiles, packages: packages)
    }
}

extension LabFiles {
    static let empty = LabFiles(
        read: { _ throws(LabError) in throw LabError("no such file") },
        list: { _ throws(LabError) in throw LabError("no such file") })

    static func folder(_ folder: URL) -> LabFiles {
        @Sendable func file(_ path: String, in folder: URL) throws(LabError) -> File {
            let url = folder.appending(path: path)
            guard let content = try? Data(contentsOf: url) else { throw LabError("no such file") }
            let isExecutable = FileManager.default.isExecutableFile(atPath: url.path)
            return File(path: path, isExecutable: isExecutable, content: [UInt8](content))
        }
        return LabFiles(
            read: { path throws(LabError) in
                guard case .file(let content) = try file(path, in: folder).kind else { return [] }
                return content
            },
            list: { path throws(LabError) in
                let root = folder.appending(path: path)
                var found: [File] = []
                for name in (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? [] {
                    let place = root.appending(path: name).path
                    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) {
                        found.append(File(path: name, mode: 0o777, kind: .link(target)))
                        continue
                    }
                    var isFolder: ObjCBool = false
                    _ = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
                    found.append(
                        isFolder.boolValue ? File(path: name, mode: 0o755, kind: .folder) : try file(name, in: root))
                }
                if found.isEmpty { throw LabError("no such file") }
                return found
            })
    }
}
