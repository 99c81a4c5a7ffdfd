import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// A lab from the directory `Labs`, or the reference lab, with a release.
struct LabCase: Hashable, Sendable, CustomTestStringConvertible {
    var name: String
    var codename: String

    var testDescription: String { "\(name) on \(codename)" }
    var release: Release { Release.named(codename)! }

    static let here = URL(filePath: #filePath).deletingLastPathComponent()
    static let names: [String] = {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: here.appending(path: "Labs").path) else {
            preconditionFailure("there are no Labs")
        }
        return ["reference"] + names.sorted()
    }()

    /// Every lab with every release, except the combination that is refused.
    static let all = names.flatMap { name in
        Release.all.map { LabCase(name: name, codename: $0.codename) }
    }.filter { $0 != refused }
    /// The lab and release whose output tree is in `out`.
    static let tracked: LabCase = {
        let text = try? LabCase(name: "reference", codename: "").text()
        guard let line = text?.split(separator: "\n").first(where: { $0.hasPrefix("release: ") }) else {
            preconditionFailure("lab.yaml has no release")
        }
        return LabCase(name: "reference", codename: String(line.dropFirst(9)))
    }()
    static let refused = LabCase(name: "everything-uefi", codename: "jessie")

    var folder: URL { name == "reference" ? checkout : Self.here.appending(path: "Labs/\(name)") }

    func read() throws -> Lab {
        let (lab, report) = try Spec.read(text(), file: "\(name)/lab.yaml", labFiles: labFiles, release: release)
        return try #require(lab, "\(report.text())")
    }

    func text() throws -> String { try String(contentsOf: folder.appending(path: "lab.yaml"), encoding: .utf8) }

    var labFiles: LabFiles {
        let folder = folder
        @Sendable func bytes(_ path: String) throws(LabError) -> [UInt8] {
            do { return [UInt8](try Data(contentsOf: folder.appending(path: path))) } catch {
                throw .init("no such file")
            }
        }
        return LabFiles(
            read: bytes,
            list: { name throws(LabError) in
                var files: [LabFiles.File] = []
                for path in regularFiles(below: folder.appending(path: name)) {
                    let full = folder.appending(path: "\(name)/\(path)").path
                    files.append(
                        .init(
                            path: path, isExecutable: FileManager.default.isExecutableFile(atPath: full),
                            content: try bytes("\(name)/\(path)")))
                }
                return files
            })
    }

    func tree() async throws -> Tree { try await Trees.shared.tree(self) }
    func stored() async throws -> StoredTree {
        let tree = try await tree()
        return try StoredTree(tree.root, of: tree.lab)
    }
}

/// The output tree that was built from a lab.
struct Tree: Sendable {
    let plan: Plan
    let root: URL

    var lab: Lab { plan.lab }
    /// All nodes of a small lab; of a large one, whose nodes are alike, the first and the last.
    var someNodes: [Node] { lab.nodes.count < 10 ? lab.nodes : [lab.nodes.first!, lab.nodes.last!] }

    func url(_ node: Node, _ path: String) -> URL { root.appending(path: "nodes/\(node.name)/\(path)") }
    func text(_ node: Node, _ path: String) throws -> String {
        try String(contentsOf: url(node, path), encoding: .utf8)
    }
    func bytes(_ node: Node, _ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(node, path))) }
}

/// Builds each tree once, for all tests that use it.
private actor Trees {
    static let shared = Trees()
    private var built: [LabCase: Task<Tree, any Error>] = [:]
    private let templates = Result { try TemplateSet() }

    func tree(_ lab: LabCase) async throws -> Tree {
        if let task = built[lab] { return try await task.value }
        let task = Task {
            let plan = Plan(lab: try lab.read(), templates: try templates.get())
            let root = Self.folder.url("\(lab.name)-\(lab.codename)")
            _ = try await OutputTree(root.path, plan: plan).build()
            return Tree(plan: plan, root: root)
        }
        built[lab] = task
        return try await task.value
    }

    private static let folder: TemporaryFolder = {
        guard let folder = try? TemporaryFolder.untilExit() else {
            preconditionFailure("there is no room for temporary files")
        }
        return folder
    }()
}

/// Returns the paths of the regular files below a directory, sorted and without symbolic links.
func regularFiles(below folder: URL) -> [String] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return paths.filter { path in
        let type = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)[.type]
        return type as? FileAttributeType == .typeRegular
    }.sorted()
}
