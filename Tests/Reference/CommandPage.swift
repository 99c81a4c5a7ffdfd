import Foundation

/// The page with all commands, from the description of the command line that ArgumentParser prints.
enum CommandPage {
    private struct Dump: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let shouldDisplay: Bool?
        let arguments: [Argument]?
        let subcommands: [Command]?
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String

            var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let defaultValue: String?
        let allValues: [String]?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool

        /// The argument as a user writes it: `-o, --output OUTPUT`.
        var text: String {
            let value = valueName.map { "<\($0)>" } ?? ""
            return switch kind {
            case "positional": isRepeating ? "\(value) …" : value
            case "flag": names?.map(\.text).joined(separator: ", ") ?? ""
            default: (names?.map(\.text).joined(separator: ", ") ?? "") + " " + value
            }
        }

        var description: String {
            var parts = [abstract ?? ""]
            if let allValues, !allValues.isEmpty { parts.append("Values: \(allValues.joined(separator: ", ")).") }
            if let defaultValue { parts.append("Default: \(defaultValue).") }
            if !isOptional { parts.append("Required.") }
            return parts.joined(separator: " ")
        }
    }

    static func text(program: URL) throws -> String {
        let process = Process()
        let output = Pipe()
        (process.executableURL, process.arguments, process.standardOutput) = (
            program, ["--experimental-dump-help"], output
        )
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let root = try JSONDecoder().decode(Dump.self, from: data).command
        var parts: [String] = []
        collect(root, [], into: &parts)
        return """
            \(Markdown.notice)

            # Commands

            `xenseed COMMAND --help` prints the same, and so does `man xenseed COMMAND` after an installation. Every command has `--version`
            and `--help`.

            \(parts.joined(separator: "\n\n"))

            """
    }

    private static func collect(_ command: Command, _ parents: [String], into parts: inout [String]) {
        guard command.shouldDisplay ?? true, command.commandName != "help" else { return }
        let names = parents + [command.commandName]
        let arguments = (command.arguments ?? []).filter { argument in
            argument.shouldDisplay && !["help", "version"].contains(argument.valueName ?? "")
        }
        var lines = ["## \(names.joined(separator: " "))", "", Markdown.prose(command.abstract ?? "")]
        if let discussion = command.discussion, !discussion.isEmpty { lines += ["", Markdown.block(discussion)] }
        if !arguments.isEmpty {
            let rows = arguments.map { [Markdown.code($0.text), Markdown.prose($0.description)] }
            lines += ["", Markdown.table(["argument", "meaning"], rows)]
        }
        parts.append(lines.joined(separator: "\n"))
        for subcommand in command.subcommands ?? [] { collect(subcommand, names, into: &parts) }
    }
}
