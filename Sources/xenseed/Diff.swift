import ArgumentParser
import Build
import FoundationEssentials
import Lab
import Preseed
import Review
import Server
import Synchronization

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what a change of the lab means for running machines.",
        discussion: """
            Compares two labs, each a built directory, a lab file or its directory, or a
            git revision.

            Examples:
              xenseed diff                        what the next build will change:
                                                  out and lab.yaml
              xenseed diff HEAD                   what changed since the last commit
              xenseed diff HEAD~1 HEAD            what the last commit changes
              xenseed diff main:labs/a.yaml labs/a.yaml
              xenseed diff --only erases --only network HEAD~1 HEAD
              xenseed diff --details --node xen01 out lab.yaml
              xenseed diff --format markdown --fail-on network origin/main HEAD

            Of a revision, the directory out or else lab.yaml is compared;
            REVISION:PATH selects another tree or lab file in it. It is an error if out
            was not built from the lab.yaml of the revision; --out compares it anyway.
            Lab files are built in memory.

            Labs are compared field by field. Differences that no field explains are
            compared file by file: templates, your own files, and trees of earlier
            versions, which have no lab.json. For these, the first lines of the
            difference are shown. Files that follow from other changes, such as
            README.md, are one line. --details shows the differences of all files.

            The class of a change is the effort on a running machine: cosmetic (none),
            live, reboot, network (the network connection may be lost), or erases (a
            new installation).

            The output also names the nodes that the new lab arms, and those that have to
            be installed again. Whether a node is armed is known from a directory, or
            from the state directory beside the lab file (--state).

            A comment in Markdown has at most 10 KB, or 60 KB with --details.

            Exit status: 0 no change of --fail-on's class or above; 4 differences. With
            --grade, the highest class decides: 4 cosmetic, 5 live, 6 reboot,
            7 network, 8 erases.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Option(help: "The output format.")
    var format = Format.text

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "The lowest class for which the exit status is 4. (default: cosmetic)", valueName: "class"))
    var failOn: Risk?

    @Flag(help: "Exit with 4 (cosmetic) to 8 (erases), by the highest class.")
    var grade = false

    @Flag(name: .customLong("out"), help: "Compare the out of a revision, even if it is older than its lab.yaml.")
    var takesOut = false

    @Option(help: ArgumentHelp("Show only this node; may be repeated.", valueName: "name"))
    var node: [String] = []

    @Option(help: ArgumentHelp("Show only changes of this class; may be repeated.", valueName: "class"))
    var only: [Risk] = []

    @Flag(help: "Show the differences of all files, and all names in full.")
    var details = false

    @Option(
        help: ArgumentHelp(
            "The directory with the state of the nodes. (default: .xenseed, beside the lab file)",
            valueName: "directory"),
        completion: .directory)
    var state: String?

    @Option(help: ArgumentHelp("Build labs for this release instead of the one that they name.", valueName: "codename"))
    var release: String?

    @Option(help: "A directory with files that replace the templates of the same path.", completion: .directory)
    var templates: String?

    @Argument(help: "The old state: directory, lab file or git revision.", completion: .file())
    var old = "out"

    @Argument(help: "The new state.", completion: .file())
    var new = "lab.yaml"

    func run() async throws {
        let (before, after) = (try await snapshot(old), try await snapshot(new))
        var review = try Review(from: before, to: after)
        for name in node where !review.allNodes.contains(name) {
            throw CommandError.usage(
                "\(DiagnosticReport.printable(name)) is not a node of these labs"
                    + suggestion(for: name, among: review.allNodes.sorted()))
        }
        review.filter(nodes: Set(node), risks: Set(only))
        try review.installations.apply(armStates(before, after))
        let detail: Review.Detail = details ? .all : .summary
        switch format {
        case .json: try output(review.json, terminator: "")
        case .markdown: try output(review.markdown(detail), terminator: "")
        case .text:
            let text = review.text(
                detail, colours: isColoured(1) ? .on : .none, columns: isTerminal(1) ? terminalSize().columns : nil)
            try output(text, terminator: "")
        }
        // Damaged parts were not compared.
        guard review.problems.isEmpty else { throw CommandError.input }
        if let highest = review.highest, highest >= failOn ?? .cosmetic {
            throw CommandError.differences(grade ? highest : .cosmetic)
        }
    }

    /// Returns a function that knows whether a node is armed: by the boot file in a directory and by the journal.
    private func armStates(
        _ old: any Snapshot, _ new: any Snapshot
    ) -> (_ node: String, _ bootFile: String) throws -> Bool? {
        let trees = [new, old].compactMap { $0 as? FolderSnapshot }
        // The state directory is beside the lab file, and a tree is, too.
        let beside = [new, old].first { $0 is FolderSnapshot || $0 is PlannedSnapshot }?.name ?? "out"
        let folder = URL(filePath: beside == "-" ? "out" : beside).absoluteURL.deletingLastPathComponent()
        // A reviewer may not be permitted to read the journal, and then the state is not known.
        let states = try? StateDirectory(state ?? folder.appending(path: ".xenseed").path).states()
        return { node, bootFile in
            if states?[node]?.isArmed == false { return false }
            for tree in trees where tree.paths.contains(bootFile) { return try tree.content(of: bootFile) != nil }
            return states?[node]?.isArmed
        }
    }

    private func snapshot(_ name: String) async throws -> any Snapshot {
        var isFolder = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) || name == "-" {
            guard isFolder else {
                return try await planned(try readLab(at: name, as: try chosen, show: printErrors(of:)), name)
            }
            if let found = try FolderSnapshot(name) { return found }
            let lab = labPath(name)
            guard FileManager.default.fileExists(atPath: lab) else {
                throw CommandError.environment("\(name) is neither a built tree nor the directory of a lab.yaml")
            }
            return try await planned(try readLab(at: lab, as: try chosen, show: printErrors(of:)), lab)
        }
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let git = await GitFolder(parts[0], in: FileManager.default.currentDirectoryPath) else {
            let hint = name == "out" ? "; xenseed build writes it" : ""
            throw CommandError.usage("\(name) is not a directory, a lab file or a git revision\(hint)")
        }
        for path in parts.count > 1 ? [parts[1]] : ["out", "lab.yaml"] {
            if let found = try await GitSnapshot(git, tree: path) {
                if parts.count == 1, !takesOut { try await check(found, in: git, name) }
                return found
            }
            guard let text = await git.content(of: path) else { continue }
            return try await planned(
                try await lab(in: git, path, String(decoding: text, as: UTF8.self)), "\(git.name):\(path)")
        }
        throw CommandError.usage("\(name): the revision has neither a built tree nor a lab file there")
    }

    /// Checks that the built tree of a revision was built from the lab file of the revision.
    private func check(_ tree: GitSnapshot, in git: GitFolder, _ name: String) async throws {
        guard let text = await git.content(of: "lab.yaml"), let built = tree.labDigest(),
            let digest = Spec.digest(of: String(decoding: text, as: UTF8.self)), built != digest
        else { return }
        throw CommandError.input(
            "\(name): out was not built from lab.yaml; run xenseed build and commit out, compare the lab file "
                + "(\(name):lab.yaml), or compare out anyway (--out)")
    }

    private var chosen: Release? {
        get throws { try release.map { try xenseed.release(named: $0) } }
    }

    /// Reads a lab in a revision.
    private func lab(in git: GitFolder, _ path: String, _ text: String) async throws -> Lab {
        let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        var files: [String: [UInt8]?] = [:]
        var folders: [String: [LabFiles.File]?] = [:]
        while true {
            // The reader can't wait for git, so the lab is read again when it has named other files.
            let asked = Mutex((files: Set<String>(), folders: Set<String>()))
            let labFiles = LabFiles(
                read: { [files] path throws(LabError) in
                    if files[path] == nil { asked.withLock { _ = $0.files.insert(path) } }
                    guard let content = files[path] ?? nil else { throw LabError("no such file") }
                    return content
                },
                list: { [folders] path throws(LabError) in
                    if folders[path] == nil { asked.withLock { _ = $0.folders.insert(path) } }
                    guard let found = folders[path] ?? nil else { throw LabError("git can't list it") }
                    return found
                })
            let (lab, found) = Spec.read(text, file: "\(git.name):\(path)", labFiles: labFiles, release: try chosen)
            let missing = asked.withLock { $0 }
            if missing.files.isEmpty, missing.folders.isEmpty {
                guard printErrors(of: found), let lab else { throw CommandError.input }
                return lab
            }
            for path in missing.files { files[path] = .some(await git.content(of: folder + path)) }
            for path in missing.folders { folders[path] = .some(try? await git.labFiles(below: folder + path)) }
        }
    }

    private func planned(_ lab: Lab, _ name: String) async throws -> any Snapshot {
        try await PlannedSnapshot(Plan(lab: lab, templates: try templateSet(templates)), name: name)
    }
}

extension Risk: ExpressibleByArgument {
    package init?(argument: String) { self.init(name: argument) }
    package static var allValueStrings: [String] { allCases.map(\.name) }
    package static var allValueDescriptions: [String: String] {
        Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0.meaning) })
    }
}

extension GitFolder {
    /// The files below a directory, as the reader of a lab takes them.
    fileprivate func labFiles(below folder: String) async throws -> [LabFiles.File] {
        try await files(below: folder).map {
            $0.isLink
                ? LabFiles.File(path: $0.path, mode: 0o777, kind: .link(String(decoding: $0.content, as: UTF8.self)))
                : LabFiles.File(path: $0.path, isExecutable: $0.isExecutable, content: $0.content)
        }
    }
}
