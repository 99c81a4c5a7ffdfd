import Diagnostics
import Foundation
import Lab
import Preseed
import Spec

/// The checkout, as the tests find it.
enum Checkout {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = tests.appending(path: "../..").standardizedFileURL

    static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }
}

/// A folder with a lab, and the files beside it in `beside`.
struct LabFolder: Sendable {
    let url: URL
    /// Of the lab file.
    var name = "lab.yaml"

    var text: String {
        get throws { try String(contentsOf: url.appending(path: name), encoding: .utf8) }
    }

    var beside: Beside { .folder(url.appending(path: "beside")) }

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

    func read() throws -> (lab: Lab?, report: Report) {
        try Spec.read(text, file: "lab.yaml", beside: beside, packages: packages)
    }
}

extension Beside {
    static let empty = Beside(
        read: { _ throws(Unreadable) in throw Unreadable("no such file") },
        list: { _ throws(Unreadable) in throw Unreadable("no such file") })

    static func folder(_ folder: URL) -> Beside {
        @Sendable func file(_ path: String, in folder: URL) throws(Unreadable) -> File {
            let url = folder.appending(path: path)
            guard let content = try? Data(contentsOf: url) else { throw Unreadable("no such file") }
            let isExecutable = FileManager.default.isExecutableFile(atPath: url.path)
            return File(path: path, isExecutable: isExecutable, content: [UInt8](content))
        }
        return Beside(
            read: { path throws(Unreadable) in try file(path, in: folder).content },
            list: { path throws(Unreadable) in
                let root = folder.appending(path: path)
                var found: [File] = []
                for name in (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? [] {
                    var isFolder: ObjCBool = false
                    _ = FileManager.default.fileExists(atPath: root.appending(path: name).path, isDirectory: &isFolder)
                    if !isFolder.boolValue { found.append(try file(name, in: root)) }
                }
                if found.isEmpty { throw Unreadable("no such file") }
                return found
            })
    }
}
