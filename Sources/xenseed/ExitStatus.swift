import Build
import Images
import Lab
import Review
import Server

/// How a command ends. Scripts of users depend on the numbers.
enum ExitStatus {
    /// The command did what was asked for.
    case done
    /// The lab or another input file is wrong.
    case wrongInput
    /// The command line is wrong.
    case wrongCommandLine
    /// The environment failed: I/O, a missing tool.
    case environmentFailed
    /// Differences were found. The status is 4, or with `diff --grade` from 4 to 8 by the highest class.
    case differencesFound(Risk = .cosmetic)

    var code: Int32 {
        switch self {
        case .done: 0
        case .wrongInput: 1
        case .wrongCommandLine: 2
        case .environmentFailed: 3
        case .differencesFound(let risk): 4 + Int32(risk.rawValue)
        }
    }

    /// The paragraph of the help text.
    static let help = """
        Exit status: 0 done, 1 the input is wrong, 2 the command line is wrong,
        3 the environment failed, 4 differences found.
        """
}

/// The error of this module: ends a command with an exit status.
struct CommandError: Error {
    let status: ExitStatus
    /// What is printed to standard error; nil when the command printed all that there is to say.
    let message: String?

    private init(_ status: ExitStatus, _ message: String? = nil) { (self.status, self.message) = (status, message) }

    /// The input is wrong, and the diagnostics are printed.
    static let input = CommandError(.wrongInput)
    /// Differences were found and are printed.
    static let differences = differences(.cosmetic)
    static func differences(_ risk: Risk) -> CommandError { CommandError(.differencesFound(risk)) }
    static func input(_ message: String) -> CommandError { CommandError(.wrongInput, "xenseed: \(message)") }
    static func usage(_ message: String) -> CommandError { CommandError(.wrongCommandLine, "xenseed: \(message)") }
    static func environment(_ message: String) -> CommandError {
        CommandError(.environmentFailed, "xenseed: \(message)")
    }

    /// The arguments can't be parsed. The message is ArgumentParser's.
    static func arguments(_ message: String) -> CommandError { CommandError(.wrongCommandLine, message) }

    /// Returns how any error of a command ends it.
    init(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as BuildError:
            switch error.code {
            case .environment, .archive, .outputLimit: self = .environment(error.description)
            case .staleTree: self.init(.differencesFound(), "xenseed: \(error)")
            case .template: self = .input(error.description)
            // The description is a report of diagnostics.
            case .preseed: self.init(.wrongInput, error.description)
            }
        case let error as ImageError:
            switch error.code {
            case .environment: self = .environment(error.description)
            // The description begins with the file, like a diagnostic.
            case .input: self.init(.wrongInput, error.description)
            }
        case let error as ServerError:
            switch error.code {
            case .environment: self = .environment(error.description)
            case .report: self = .input(error.description)
            }
        case let error as ReviewError:
            switch error.code {
            case .environment: self = .environment(error.description)
            case .lab: self = .input(error.description)
            }
        default: self = .environment(error.reason)
        }
    }
}
