import ArgumentParser
import Spec

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema (2020-12) of lab files.",
        discussion: """
            Example:
              xenseed schema > lab.schema.json
            """)

    func run() throws { try output(LabSchema.json(), terminator: "") }
}
