import ArgumentParser
import Lab

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema (2020-12) of lab files.",
        discussion: """
            Examples:
              xenseed schema > lab.schema.json
              xenseed schema --resolved       the schema of out/lab.json
            """)

    @Flag(help: "Print the schema of out/lab.json, the lab with all defaults.")
    var resolved = false

    func run() throws { try output(resolved ? LabSchema.resolvedJSON() : LabSchema.json(), terminator: "") }
}
