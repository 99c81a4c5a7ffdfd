import ArgumentParser
import Foundation
import Preseed

extension PreseedSource: ExpressibleByArgument {}
extension QuestionSimulation.Priority: ExpressibleByArgument {}

struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Checks any preseed file against the questions of Debian's installer.",
        discussion: """
            Examples:
              xenseed lint --release bookworm preseed.cfg
              xenseed lint --release jessie --medium pxe \\
                  --boot-entry pxelinux.cfg/default preseed.cfg
              xenseed lint --release bookworm --format sarif - < preseed.cfg
              xenseed lint --complete --release bookworm --medium initrd preseed.cfg
              xenseed lint --from jessie --to bookworm preseed.cfg

            --medium determines when the installer reads the file, and so which answers
            come too late. --boot-entry gives the kernel command line, which may answer
            these questions. --complete simulates the installation and lists every
            question: answered, defaulted, or WOULD STOP. --from and --to show what has
            to change for another release.
            """)

    @Option(
        help: ArgumentHelp(
            "The Debian release that is installed; by default mirror/suite of the file.", valueName: "codename"))
    var release: String?

    @Option(help: "The source that the installer reads the file from.")
    var medium: PreseedSource?

    @Option(
        help: ArgumentHelp("A boot loader entry with the kernel command line.", valueName: "file"),
        completion: .file())
    var bootEntry: String?

    @Option(
        help: ArgumentHelp("The size of the disk for the partition recipe, such as \"20 GB\".", valueName: "amount"),
        transform: { text throws(ValidationError) in
            do throws(ValueError) { return try ByteCount(text: text) } catch {
                throw ValidationError("\(text) \(error.problem)\(error.hint.map { ": \($0)" } ?? "")")
            }
        })
    var diskSize: ByteCount?

    @Option(
        help: ArgumentHelp(
            "A question that is correct but in no catalogue; may be repeated.", valueName: "question"))
    var allow: [String] = []

    @Flag(help: "List the installer's questions; an unanswered question is an error.")
    var complete = false

    @Option(help: "The installer's priority; by default that of kernel line or file, else high.")
    var priority: QuestionSimulation.Priority?

    @Option(
        help: ArgumentHelp(
            "A question that a script, for example, answers; may be repeated.", valueName: "question"))
    var answered: [String] = []

    @Option(help: ArgumentHelp("The release that the file was written for.", valueName: "codename"))
    var from: String?

    @Option(help: ArgumentHelp("The release that is to be installed instead.", valueName: "codename"))
    var to: String?

    @OptionGroup var report: ReportOptions

    @Argument(help: "Preseed files; - is standard input.", completion: .file())
    var files: [String]

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Name a preseed file, or - for standard input.") }
        if complete, medium == nil {
            throw ValidationError("--complete needs --medium, which determines the questions before the preseed.")
        }
        if (from == nil) != (to == nil) { throw ValidationError("--from and --to must be used together.") }
        if from != nil, complete || release != nil || medium != nil {
            throw ValidationError("--from and --to can't be used with --release, --medium or --complete.")
        }
    }

    func run() throws {
        if let from, let to {
            let migration = Migration(from: try xenseed.release(named: from), to: try xenseed.release(named: to))
            return try end(try files.map { migration.lint([UInt8](try content(of: $0)), file: $0) })
        }
        let kernelLine = try bootEntry.map { KernelLine(entry: String(decoding: try content(of: $0), as: UTF8.self)) }
        let chosen = try release.map { try xenseed.release(named: $0) }
        try end(
            try files.map { file in
                let bytes = [UInt8](try content(of: file))
                guard let release = chosen ?? PreseedFile.release(of: bytes) else {
                    throw CommandError.usage(
                        "\(file) does not set the release (mirror/suite); use --release")
                }
                var linter = Linter(release: release, medium: medium, kernelLine: kernelLine, allowing: Set(allow))
                linter.disk = diskSize
                (linter.isComplete, linter.priority, linter.answered) = (complete, priority, Set(answered))
                let (found, simulation) = linter.lintAndSimulate(bytes, file: file)
                if let simulation, report.format == .text { try output(simulation.listing(file), terminator: "") }
                return found
            })
    }

    private func end(_ reports: [DiagnosticReport]) throws {
        if try !report.show(reports, to: .output) { throw CommandError.input }
    }
}

extension QuestionSimulation {
    /// Returns a line for each question of the simulation, in order.
    func listing(_ file: String) -> String {
        let width = steps.map(\.question.utf8.count).max() ?? 0
        return "\(file): the questions of the installer at priority \(priority.rawValue)\n"
            + steps.map { step in
                let (verdict, remark) =
                    switch step.verdict {
                    case .answered(let line?): ("answered", "line \(line)")
                    case .answered(nil): ("answered", "elsewhere")
                    case .defaulted: ("defaulted", step.note)
                    case .stops(let line): ("WOULD STOP", "add: \(line)")
                    }
                let question = remark.isEmpty ? step.question : step.question.padded(to: width)
                return "  \(verdict.padded(to: 10))  \(question)  \(remark)"
            }.map { $0.reversed().drop { $0 == " " }.reversed() + "\n" }.joined()
    }
}
