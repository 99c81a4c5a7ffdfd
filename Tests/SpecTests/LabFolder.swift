import Foundation
import Preseed

@testable import Lab

/// The checkout, as the tests find it.
enum Checkout {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = tests.appending(path: "../..").standardizedFileURL

    static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }
}

/// A folder with a lab, and the files beside it in labFiles.
struct LabFolder: Sendable {
    let url: URL
    /// Of the lab file.
    var name = "lab.yaml"

    /// A file `size` in the directory has a number of bytes, to which the lab file is extended by a comment.
    var text: String {
        get throws {
            let text = try String(contentsOf: url.appending(path: name), encoding: .utf8)
            guard let size = try? String(contentsOf: url.appending(path: "size"), encoding: .utf8),
                let count = Int(size.dropLast())
            else { return text }
            return text + "#" + String(repeating: "x", count: count - text.utf8.count - 2) + "\n"
        }
    }

    /// Modes are what git keeps of them; a file `modes` has others, each with its path, as if the lab were in a work tree.
    var labFiles: LabFiles {
        var labFiles = LabFiles.folder(url.appending(path: "beside"))
        guard let text = try? String(contentsOf: url.appending(path: "modes"), encoding: .utf8) else { return labFiles }
        var modes: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            modes[String(words[1])] = Int(words[0], radix: 8)
        }
        let list = labFiles.list
        labFiles.isInWorkTree = true
        labFiles.list = { [modes] path throws(LabFiles.Unreadable) in
            try list(path).map { file in
                var file = file
                file.mode = modes[file.path] ?? file.mode
                return file
            }
        }
        return labFiles
    }

    /// The file Packages in the folder, which all names of packages have to be in; nil when there is none.
    var packages: PackageIndex? {
        guard var content = try? Data(contentsOf: url.appending(path: "Packages")) else { return nil }
        var index = PackageIndex()
        _ = index.add {
            defer { content = Data() }
            return [UInt8](content)
        }
        return index
    }

    func read() throws -> (lab: Lab?, report: DiagnosticReport) {
        try Spec.read(text, file: "lab.yaml", labFiles: labFiles, packages: packages)
    }
}

extension LabFiles {
    static let empty = LabFiles(
        read: { _ throws(Unreadable) in throw Unreadable("no such file") },
        list: { _ throws(Unreadable) in throw Unreadable("no such file") })

    static func folder(_ folder: URL) -> LabFiles {
        @Sendable func file(_ path: String, in folder: URL) throws(Unreadable) -> File {
            let url = folder.appending(path: path)
            guard let content = try? Data(contentsOf: url) else { throw Unreadable("no such file") }
            let isExecutable = FileManager.default.isExecutableFile(atPath: url.path)
            return File(path: path, isExecutable: isExecutable, content: [UInt8](content))
        }
        return LabFiles(
            read: { path throws(Unreadable) in
                guard case .file(let content) = try file(path, in: folder).kind else { return [] }
                return content
            },
            list: { path throws(Unreadable) in
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
                if found.isEmpty { throw Unreadable("no such file") }
                return found
            })
    }
}
