import ArgumentParser
import Foundation
import Preseed

/// The command line. Each command has a file; what they have in common is in `LabOptions` and `Exit`.
@main
struct Xenseed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xenseed",
        abstract: "Builds what installs a lab of Xen hosts, unattended, from one lab.yaml.",
        discussion: """
            Examples:
              xenseed init lab            a lab to start from
              xenseed check lab/lab.yaml  everything that is wrong with it
              xenseed build lab/lab.yaml  what installs its nodes, in lab/out
              xenseed iso --from debian.iso --output lab.iso lab/lab.yaml
                                          one stick or CD for the whole lab

            Exit status: 0 done, 1 the input is wrong, 2 the command line is wrong,
            3 the environment failed, 4 differences found.
            """,
        version: "0.1.0",
        subcommands: [
            Build.self, Diff.self, Netboot.self, Iso.self, Serve.self, Arm.self, Disarm.self, Watch.self, Verify.self,
            Inspect.self,
            Check.self,
            Lint.self,
            Init.self, Passwd.self, Schema.self, Explain.self,
        ])

    static func main() async {
        reserveStandardDescriptors()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let status as Exit {
            end(status)
        } catch {
            // ArgumentParser's own: help and version go to standard output, the rest is a wrong command line.
            let isHelp = exitCode(for: error).isSuccess
            let text = fullMessage(for: error)
            do throws(Exit) { if isHelp { try output(text) } else { complain(text + suggestion) } } catch { end(error) }
            Foundation.exit(isHelp ? 0 : Exit.usage(nil).rawValue)
        }
    }

    private static func end(_ status: Exit) -> Never {
        if let message = status.message { complain(message) }
        Foundation.exit(status.rawValue)
    }

    /// The command that was meant, when the first word is none; ArgumentParser suggests options by itself.
    private static var suggestion: String {
        let names = configuration.subcommands.map { String(describing: $0).lowercased() }
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !names.contains(word),
            let near = nearestName(to: word, among: names)
        else { return "" }
        return "\nDid you mean \(near)?"
    }
}

/// How a command ends when it does not end well.
enum Exit: Error {
    /// The input is wrong; the report is printed already.
    case input
    case usage(String?)
    /// The environment failed.
    case environment(String)
    case differences
    /// Differences, and how grave they are: 4 and more.
    case graded(Int32)

    var rawValue: Int32 {
        switch self {
        case .input: 1
        case .usage: 2
        case .environment: 3
        case .differences: 4
        case .graded(let value): value
        }
    }

    var message: String? {
        switch self {
        case .input, .differences, .graded: nil
        case .usage(let message): message.map { "xenseed: \($0)" }
        case .environment(let message): "xenseed: \(message)"
        }
    }
}
