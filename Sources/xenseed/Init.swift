import ArgumentParser
import Build
import FoundationEssentials
import Lab
import Preseed

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes an example lab with comments.",
        discussion: """
            Writes lab.yaml, its JSON Schema, which editors use to complete and
            validate, and .gitignore. Existing files are not changed.

            --from-article writes the reference lab of xenseed: two hosts with jessie
            that replicate the disks of their guests by DRBD.

            --ci also writes a CI configuration that validates the lab and shows on each
            pull request what it changes on the machines. If there is a lab.yaml
            already, only the CI configuration is written.

            Examples:
              xenseed init mylab
              xenseed init --nodes 30 --release trixie mylab
              xenseed init --from-article mylab
              xenseed init --ci github .
            """)

    @Option(
        help: ArgumentHelp(
            "The number of nodes, \(Starter.nodeCounts.lowerBound) to \(Starter.nodeCounts.upperBound). (default: 2)",
            valueName: "count"))
    var nodes: Int?

    @Option(help: ArgumentHelp("The Debian release of the lab.", valueName: "codename"))
    var release: String?

    @Flag(help: "Write the reference lab.")
    var fromArticle = false

    @Option(help: "Write a CI configuration for github or gitlab.")
    var ci: Starter.CI?

    @Argument(
        help: ArgumentHelp("The directory; it is created if it does not exist.", valueName: "directory"),
        completion: .directory)
    var folder = "."

    func validate() throws {
        if fromArticle, nodes != nil { throw ValidationError("The reference lab has two nodes: leave --nodes out.") }
        if let nodes, !Starter.nodeCounts.contains(nodes) {
            let range = Starter.nodeCounts
            throw ValidationError("--nodes needs a number from \(range.lowerBound) to \(range.upperBound).")
        }
    }

    func run() async throws {
        let release = try release.map { name throws(CommandError) in try xenseed.release(named: name) }
        let new = NewFiles(folder: folder)
        if let ci, new.has("lab.yaml") { return try await new.write([(ci.path, Array(ci.text.utf8))]) }
        let lab =
            fromArticle ? Starter.article(release: release) : Starter.text(release: release, nodes: nodes ?? 2)
        let ignored = new.has(".gitignore")
        let files =
            [("lab.yaml", lab), ("lab.schema.json", LabSchema.json())]
            + (ci.map { [($0.path, $0.text)] } ?? []) + (ignored ? [] : [(".gitignore", Starter.gitignore)])
        try await new.write(files.map { ($0.0, Array($0.1.utf8)) })
        if ignored {
            let lines = String(decoding: try content(of: new.path(".gitignore")), as: UTF8.self).split(separator: "\n")
            if !lines.contains(where: { $0.hasPrefix(".xenseed") }) {
                complain("\(new.path(".gitignore")) exists already; add the line .xenseed/ to it")
            }
        }
        complain("edit \(new.path("lab.yaml")), then run: xenseed check\(folder == "." ? "" : " \(folder)")")
    }
}

extension Starter.CI: ExpressibleByArgument {}
