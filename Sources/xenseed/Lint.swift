import ArgumentParser
import Foundation
import Preseed

extension PreseedSource: ExpressibleByArgument {}
extension QuestionSimulation.Priority: ExpressibleByArgument {}

struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says everything that is wrong with preseed files, also those of others.",
        discussion: """
            Examples:
              xenseed lint --release bookworm preseed.cfg
              xenseed lint --release jessie --medium pxe --boot-entry pxelinux.cfg/default preseed.cfg
              xenseed lint --release bookworm --format sarif - < preseed.cfg

              xenseed lint --complete --release bookworm --medium initrd preseed.cfg
              xenseed lint --from jessie --to bookworm preseed.cfg

            --medium says where the installer gets the file from, and so what it comes too late for;
            --boot-entry has the kernel's command line, which may answer that. --complete follows the
            installation and lists every question: answered, defaulted, or WOULD STOP.
            --from and --to say what must change when another release is to be installed.
            """)

    @Option(
        help: ArgumentHelp(
            "The Debian release that is installed; by default what the file itself says.", valueName: "codename"))
    var release: String?

    @Option(help: "Where the installer gets the file from.")
    var medium: PreseedSource?

    @Option(
        help: ArgumentHelp("A boot loader's entry with the kernel's command line.", valueName: "file"),
        completion: .file())
    var bootEntry: String?

    @Option(
        help: ArgumentHelp("The disk that a partition recipe has to fit on, such as \"20 GB\".", valueName: "amount"),
        transform: { text throws(ValidationError) in
            do throws(Malformed) { return try ByteCount(text: text) } catch {
                throw ValidationError("\(text) \(error.problem)\(error.hint.map { ": \($0)" } ?? "")")
            }
        })
    var diskSize: ByteCount?

    @Option(
        help: ArgumentHelp(
            "A question that no catalogue has, and that is meant; may be given again.", valueName: "question"))
    var allow: [String] = []

    @Flag(help: "List what the installer asks; a question that nothing answers is an error.")
    var complete = false

    @Option(help: "Questions below this priority are not shown; by default what kernel line or file say, or high.")
    var priority: QuestionSimulation.Priority?

    @Option(
        help: ArgumentHelp(
            "A question that something else answers, such as a script; may be given again.", valueName: "question"))
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
            throw ValidationError("--complete needs --medium: it decides what is asked before.")
        }
        if (from == nil) != (to == nil) { throw ValidationError("--from and --to belong together.") }
        if from != nil, complete || release != nil || medium != nil {
            throw ValidationError("--from and --to go with no --release, --medium or --complete.")
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
                    throw Exit.usage("\(file) does not say which release it installs (mirror/suite): use --release")
                }
                var linter = Linter(release: release, medium: medium, kernelLine: kernelLine, allowing: Set(allow))
                linter.disk = diskSize
                (linter.isComplete, linter.priority, linter.answered) = (complete, priority, Set(answered))
                let (found, simulation) = linter.lintAndWalk(bytes, file: file)
                if let simulation, report.format == .text { try output(simulation.listing(file), terminator: "") }
                return found
            })
    }

    private func end(_ reports: [DiagnosticReport]) throws {
        if try !report.show(reports, to: .output) { throw Exit.input }
    }
}

extension QuestionSimulation {
    /// A line for every question that is asked, in order.
    func listing(_ file: String) -> String {
        let width = steps.map(\.question.utf8.count).max() ?? 0
        return "\(file): what the installer asks, at priority \(priority.rawValue)\n"
            + steps.map { step in
                let (word, remark) =
                    switch step.verdict {
                    case .answered(let line?): ("answered", "line \(line)")
                    case .answered(nil): ("answered", "elsewhere")
                    case .defaulted: ("defaulted", step.note)
                    case .stops(let line): ("WOULD STOP", "add: \(line)")
                    }
                let question = remark.isEmpty ? step.question : step.question.padded(to: width)
                return "  \(word.padded(to: 10))  \(question)  \(remark)"
            }.map { $0.reversed().drop { $0 == " " }.reversed() + "\n" }.joined()
    }
}
