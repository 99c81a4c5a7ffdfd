import ArgumentParser
import Build
import Foundation
import Lab
import Preseed
import Review

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what a change of the lab takes on the machines.",
        discussion: """
            Compares two labs: built directories, lab files or git revisions, in any mix.

            Examples:
              xenseed diff HEAD~1 HEAD            what the last commit changes
              xenseed diff out lab.yaml           what the next build will change
              xenseed diff main:labs/a.yaml labs/a.yaml
              xenseed diff --format markdown --fail-on network origin/main HEAD

            A name is a directory that was built, a lab file (built in memory), or a git
            revision; REVISION:PATH is another tree or lab in it than out or lab.yaml. A
            revision whose out was not built from its lab.yaml is an error; --out
            compares its out all the same.

            Labs are compared field by field. What no field explains is compared file by
            file: templates, your own files, and trees of earlier versions, which have no
            lab.json.

            Each change has the class of what it takes on a machine that runs: cosmetic
            (nothing), live, reboot, network (who reaches it may lose it), erases (a new
            installation).

            Exit status: 0 nothing changed, or nothing of --fail-on's class and above;
            4 differences. With --grade: 4 cosmetic, 5 live, 6 reboot, 7 network,
            8 erases, whichever is the highest.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Option(help: "How it is printed.")
    var format = Format.text

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp("The class from which on the exit status is 4.", valueName: "class"))
    var failOn = Risk.cosmetic

    @Flag(help: "Tell the highest class by the exit status, from 4 (cosmetic) to 8 (erases).")
    var grade = false

    @Flag(name: .customLong("out"), help: "Compare a revision's out, even if it is older than its lab.yaml.")
    var takesOut = false

    @Option(help: ArgumentHelp("Only this node; may be given again.", valueName: "name"))
    var node: [String] = []

    @Option(help: ArgumentHelp("Build labs for this release instead of the one that they name.", valueName: "codename"))
    var release: String?

    @Option(help: "A folder whose files take the place of templates of the same path.", completion: .directory)
    var templates: String?

    @Argument(help: "The old state: directory, lab file or git revision.", completion: .file())
    var old: String

    @Argument(help: "The new state.", completion: .file())
    var new: String

    func run() async throws {
        let (before, after) = (try await snapshot(old), try await snapshot(new))
        var review: Review
        do { review = try Review(from: before, to: after) } catch { throw Exit.environment("\(error)") }
        if !node.isEmpty { review.changes.removeAll { !node.contains($0.node ?? "") } }
        switch format {
        case .json: try output(review.json, terminator: "")
        case .markdown: try output(review.markdown, terminator: "")
        case .text:
            let isLive = isColoured(1)
            let text =
                isLive ? review.text(paint: .coloured, columns: terminalColumns()) : review.text()
            try output(text, terminator: "")
        }
        // What could not be read was not compared.
        guard review.problems.isEmpty else { throw Exit.input }
        if let highest = review.highest, highest >= failOn {
            throw grade ? Exit.graded(Exit.differences.rawValue + Int32(highest.rawValue)) : Exit.differences
        }
    }

    private func snapshot(_ name: String) async throws -> any Snapshot {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) || name == "-" {
            guard isFolder.boolValue else {
                return try await planned(try readLab(at: name, as: try chosen, show: complainAbout), name)
            }
            do {
                if let found = try FolderSnapshot(name) { return found }
                let inside = FileManager.default.fileExists(atPath: "\(name)/out/SHA256SUMS")
                throw Exit.environment("\(name): nothing was built there\(inside ? "; did you mean \(name)/out?" : "")")
            } catch let error as OutputError { throw Exit.environment("\(error)") }
        }
        let words = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let git = GitFolder(words[0], in: FileManager.default.currentDirectoryPath) else {
            throw Exit.usage("\(name) is neither a folder, a lab file nor a git revision")
        }
        for path in words.count > 1 ? [words[1]] : ["out", "lab.yaml"] {
            do {
                if let found = try GitSnapshot(git, tree: path) {
                    if words.count == 1, !takesOut { try check(found, in: git, name) }
                    return found
                }
            } catch let error as Exit { throw error } catch { throw Exit.environment("\(name): \(error)") }
            guard let text = git.content(of: path) else { continue }
            return try await planned(
                try lab(in: git, path, String(decoding: text, as: UTF8.self)), "\(git.name):\(path)")
        }
        throw Exit.usage("\(name): git has neither a built tree nor a lab there")
    }

    /// Refuses the built tree of a revision that was built from another lab file than the revision has.
    private func check(_ tree: GitSnapshot, in git: GitFolder, _ name: String) throws {
        guard let text = git.content(of: "lab.yaml"), let built = tree.labDigest(),
            let digest = Spec.digest(of: String(decoding: text, as: UTF8.self)), built != digest
        else { return }
        complain(
            "xenseed: \(name): out is older than lab.yaml; run xenseed build there and commit out, compare the lab itself "
                + "(\(name):lab.yaml), or compare out as it is (--out)")
        throw Exit.input
    }

    private var chosen: Release? {
        get throws { try release.map { try xenseed.release(named: $0) } }
    }

    private func complainAbout(_ found: DiagnosticReport) -> Bool {
        if found.errors > 0 { complain(found.text()) }
        return found.errors == 0
    }

    private func lab(in git: GitFolder, _ path: String, _ text: String) throws -> Lab {
        let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        let labFiles = LabFiles(
            read: { path throws(LabFiles.Unreadable) in
                guard let content = git.content(of: folder + path) else { throw LabFiles.Unreadable("no such file") }
                return content
            },
            list: { path throws(LabFiles.Unreadable) in
                do {
                    return try git.files(below: folder + path).map {
                        $0.isLink
                            ? LabFiles.File(
                                path: $0.path, mode: 0o777, kind: .link(String(decoding: $0.content, as: UTF8.self)))
                            : LabFiles.File(path: $0.path, isExecutable: $0.isExecutable, content: $0.content)
                    }
                } catch { throw LabFiles.Unreadable("git can't list it") }
            })
        let (lab, found) = Spec.read(text, file: "\(git.name):\(path)", labFiles: labFiles, release: try chosen)
        guard complainAbout(found), let lab else { throw Exit.input }
        return lab
    }

    private func planned(_ lab: Lab, _ name: String) async throws -> any Snapshot {
        do {
            return try await PlannedSnapshot(Planner(lab: lab, templates: try templateSet(templates)), name: name)
        } catch let error as TemplateSet.Invalid {
            complain("xenseed: template \(error)")
            throw Exit.input
        } catch let error as UnsoundPreseed {
            complain(error.description)
            throw Exit.input
        }
    }
}

extension Risk: ExpressibleByArgument {
    package init?(argument: String) { self.init(name: argument) }
    package static var allValueStrings: [String] { allCases.map(\.name) }
    package var defaultValueDescription: String { name }
}
