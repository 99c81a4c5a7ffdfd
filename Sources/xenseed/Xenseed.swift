import ArgumentParser
import Glibc
import Preseed
import SystemPackage

/// The command line. Each command has a file; what they have in common is in `LabOptions` and `ExitStatus`.
@main
struct Xenseed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xenseed",
        abstract: "Builds the files for the unattended installation of a lab of Xen hosts.",
        discussion: """
            Examples:
              xenseed init lab        write an example lab
              xenseed check lab       validate lab/lab.yaml
              xenseed build lab       write the installation files to lab/out
              xenseed iso --from debian.iso --output lab.iso lab
                                      write one boot medium for the whole lab
              xenseed -C lab build    the same as xenseed build in the directory lab

            Commands read lab.yaml in the current directory, or the lab file or
            directory that is named. -C DIRECTORY before the command changes the
            directory first.

            \(ExitStatus.help)
            """,
        version: "0.1.0",
        // Each subcommand names itself, because ArgumentParser derives a missing name from its type, for all of them in every
        // run, which takes a millisecond.
        subcommands: [
            Build.self, Diff.self, Netboot.self, Iso.self, Serve.self, Arm.self, Disarm.self, Watch.self, Verify.self,
            GuestCommand.self,
            Inspect.self,
            Export.self,
            Check.self,
            Lint.self,
            Init.self, Keys.self, Passwd.self, Schema.self, TemplatesCommand.self, Explain.self,
        ])

    static func main() async {
        reserveStandardDescriptors()
        Glibc.exit(await ending().code)
    }

    /// Runs the command that the arguments name, and prints what ended it. Only here an error becomes an exit status.
    private static func ending() async -> ExitStatus {
        do {
            try await runCommand()
            return .done
        } catch {
            let error = CommandError(error)
            if let message = error.message { complain(message) }
            return error.status
        }
    }

    private static func runCommand() async throws {
        do {
            var command = try parsed()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error where exitCode(for: error).isSuccess {
            // ArgumentParser throws the help and the version.
            try output(fullMessage(for: error))
        }
    }

    /// Returns the command that the arguments name.
    private static func parsed() throws -> any ParsableCommand {
        // An option of ArgumentParser either always has a value or never.
        let arguments = try inDirectory(Array(CommandLine.arguments.dropFirst()))
            .map { $0 == "--fix=dry-run" ? "--fix-dry-run" : $0 }
        if let command = parsed(bySubcommand: arguments) { return command }
        do { return try parseAsRoot(arguments) } catch let error where !exitCode(for: error).isSuccess {
            throw CommandError.arguments(fullMessage(for: error) + suggestion(arguments))
        }
    }

    /// Changes to the directories of `-C` before the command, and returns the other arguments. ArgumentParser would take `-C`
    /// only if each command had it.
    private static func inDirectory(_ arguments: [String]) throws(CommandError) -> [String] {
        var arguments = arguments[...]
        while let first = arguments.first, first.hasPrefix("-C") {
            arguments.removeFirst()
            guard let directory = first == "-C" ? arguments.popFirst() : String(first.dropFirst(2)) else {
                throw .usage("-C needs a directory")
            }
            guard chdir(directory) == 0 else { throw .environment("\(directory): \(Errno(rawValue: errno))") }
        }
        return Array(arguments)
    }

    /// Returns the command that the first argument names, if the others are its arguments and ask for no help.
    ///
    /// ArgumentParser inspects the root command and the subcommand several times for each command line, which takes longer
    /// than many commands take. A subcommand that is parsed on its own has the same meaning; only its errors and its help
    /// lack the root command, so those come from the root command.
    private static func parsed(bySubcommand arguments: [String]) -> (any ParsableCommand)? {
        guard let name = arguments.first,
            let subcommand = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
            let command = try? subcommand.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == subcommand
        else { return nil }
        return command
    }

    /// A suggestion if the first argument is not a subcommand; ArgumentParser itself suggests options.
    private static func suggestion(_ arguments: [String]) -> String {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let word = arguments.first, !word.hasPrefix("-"), !names.contains(word),
            let near = nearestName(to: word, among: names)
        else { return "" }
        return "\nDid you mean \(near)?"
    }
}
