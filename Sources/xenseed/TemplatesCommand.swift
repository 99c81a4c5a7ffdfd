import ArgumentParser
import Build
import Preseed

struct TemplatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates",
        abstract: "Lists the built-in templates, or writes them to a directory.",
        discussion: """
            A directory of --templates has files that replace templates of the same
            path. Keep only the files that you change in it; the others are those of the
            version of xenseed. xenseed explain TEMPLATE lists the values that a
            template can place.

            Examples:
              xenseed templates                        list the paths
              xenseed templates dump mine preseed.cfg  write one template to mine
              xenseed templates dump mine              write all templates to mine
              xenseed build --templates mine
            """,
        subcommands: [Dump.self])

    func run() async throws {
        for template in TemplateSet.builtIn { try output(template.path) }
    }

    struct Dump: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dump",
            abstract: "Writes built-in templates to a directory.",
            discussion: """
                Existing files are not changed: if there is one of them already, nothing is
                written.

                Example:
                  xenseed templates dump mine preseed.cfg pxe/dnsmasq.conf
                """)

        @Argument(
            help: ArgumentHelp("The directory; it is created if it does not exist.", valueName: "directory"),
            completion: .directory)
        var folder: String

        @Argument(help: "The paths of templates. Default: all.")
        var names: [String] = []

        func run() async throws {
            let all = TemplateSet.builtIn
            for name in names where !all.contains(where: { $0.path == name }) {
                throw CommandError.usage(
                    "there is no template \(name)\(suggestion(for: name, among: all.map(\.path)))")
            }
            let chosen = all.filter { names.isEmpty || names.contains($0.path) }
            try await NewFiles(folder: folder).write(chosen.map { ($0.path, $0.text) })
        }
    }
}
