import ArgumentParser
import Build
import FoundationEssentials
import Preseed

extension PreseedSource: ExpressibleByArgument {}
extension QuestionSimulation.Priority: ExpressibleByArgument {}

struct Lint: AsyncParsableCommand {
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
              xenseed lint --complete --medium iso-url --boot-entry grub.cfg \\
                  --machine disks=2,used=lvm+system,firmware=uefi preseed.cfg
              xenseed lint --from jessie --to bookworm preseed.cfg
              xenseed lint --release trixie --pedantic preseed.cfg
              xenseed lint --release trixie --fix=dry-run preseed.cfg

            An error is a line with which the installer does something else than the line
            says, a warning a line that has no effect or is likely not to be meant so.
            --pedantic adds notes about lines that are unusual but harmless.

            --medium determines when the installer reads the file, and so which answers
            come too late. --boot-entry gives the kernel command line, which may answer
            these questions. --complete simulates the installation and lists every
            question: answered, defaulted, or WOULD STOP, and says what is asked on a
            BIOS machine with one empty disk, and under which conditions on others;
            --machine describes one. --from and --to show what has to change for
            another release.

            --fix corrects what is certain, such as renamed questions, blanks and lines
            that are there twice, shows the difference, and reports what remains.
            --fix=dry-run shows the difference and changes no file.
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
            "A Debian package index that must have the file's packages; may be repeated.", valueName: "file"),
        completion: .file())
    var packages: [String] = []

    @Option(
        help: ArgumentHelp(
            "A question that is correct but in no catalogue; may be repeated.", valueName: "question"))
    var allow: [String] = []

    @Flag(help: "Also show notes: what is unusual, but makes no difference to the installer.")
    var pedantic = false

    @Flag(help: "List the installer's questions; an unanswered question is an error.")
    var complete = false

    @Option(help: "The installer's priority; by default that of kernel line or file, else high.")
    var priority: QuestionSimulation.Priority?

    @Option(
        help: ArgumentHelp(
            "The machine, such as disks=2,used=lvm+raid+system,firmware=uefi,cards=2,missing-firmware,full-cd; by default any.",
            valueName: "properties"),
        transform: { text throws(ValidationError) in
            do throws(ValueError) { return try InstallationMachine(text: text) } catch {
                throw ValidationError("\(text) \(error.problem)\(error.hint.map { ": \($0)" } ?? "")")
            }
        })
    var machine: InstallationMachine?

    @Option(
        help: ArgumentHelp(
            "A question that a script, for example, answers; may be repeated.", valueName: "question"))
    var answered: [String] = []

    @Flag(help: "Correct the file where the correction is certain, and show the difference.")
    var fix = false

    @Flag(help: "Show the difference that --fix would make; also --fix=dry-run.")
    var fixDryRun = false

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
        if machine != nil, !complete { throw ValidationError("--machine needs --complete.") }
        if (from == nil) != (to == nil) { throw ValidationError("--from and --to must be used together.") }
        if from != nil, complete || release != nil || medium != nil || fix || fixDryRun {
            throw ValidationError("--from and --to can't be used with --release, --medium, --complete or --fix.")
        }
        guard (packages + files).count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("Standard input can be given only once.")
        }
        if fix, files.contains("-") {
            throw ValidationError("--fix can't change standard input; use --fix=dry-run, or name a file.")
        }
    }

    func run() async throws {
        if let from, let to {
            let migration = Migration(from: try xenseed.release(named: from), to: try xenseed.release(named: to))
            return try end(try files.map { migration.lint([UInt8](try content(of: $0)), file: $0) })
        }
        let kernelLine = try bootEntry.map { KernelLine(entry: String(decoding: try content(of: $0), as: UTF8.self)) }
        let index = packages.isEmpty ? nil : try packageIndex(packages)
        let chosen = try release.map { try xenseed.release(named: $0) }
        var reports: [DiagnosticReport] = []
        for file in files {
            var bytes = [UInt8](try content(of: file))
            guard let release = chosen ?? PreseedFile.release(of: bytes) else {
                throw CommandError.usage(
                    "\(file) does not set the release (mirror/suite); use --release")
            }
            var linter = Linter(release: release, medium: medium, kernelLine: kernelLine, allowing: Set(allow))
            (linter.disk, linter.packages) = (diskSize, index)
            (linter.isComplete, linter.priority, linter.answered) = (complete, priority, Set(answered))
            linter.machine = machine
            // Relative names are relative to the preseed that includes them.
            let folder = URL(filePath: file == "-" ? "." : file).deletingLastPathComponent()
            linter.include = { name in
                name.contains("://") || name.hasPrefix("/")
                    ? nil : (try? content(of: folder.appending(path: name).path)).map { [UInt8]($0) }
            }
            if fix || fixDryRun { bytes = try await correct(bytes, of: file, with: linter) }
            let (found, simulation) = linter.lintAndSimulate(bytes, file: file)
            if let simulation, report.format == .text { try output(simulation.listing(file), terminator: "") }
            reports.append(found)
        }
        try end(reports)
    }

    /// Corrects a file and shows the difference, which other formats than text have as fixes of the diagnostics.
    /// - Returns: The content of the file now.
    private func correct(_ bytes: [UInt8], of file: String, with linter: Linter) async throws -> [UInt8] {
        let (fixed, count) = linter.fix(bytes)
        if count == 0 { return bytes }
        if report.format == .text {
            try output(
                unifiedDiff(old: bytes, new: fixed, oldName: file, newName: "\(file) (corrected)")
                    + "\(file): \(count) \(count == 1 ? "correction" : "corrections")\(fix ? "" : ", not made")\n",
                terminator: "")
        }
        guard fix else { return bytes }
        // A link keeps its target.
        let path = URL(filePath: file).resolvingSymlinksInPath().path
        let mode = try FileSystem.status(path)?.permissions.rawValue ?? 0o644
        try await FileSystem.writeFile(fixed, to: path, mode: mode, log: complain)
        return fixed
    }

    private func end(_ reports: [DiagnosticReport]) throws {
        var reports = reports
        if !pedantic { for index in reports.indices { reports[index].removeNotes() } }
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
                    case .stops(let line):
                        ("WOULD STOP", (step.note.isEmpty ? "" : "\(step.note); ") + "add: \(line)")
                    }
                let question = remark.isEmpty ? step.question : step.question.padded(to: width)
                return "  \(verdict.padded(to: 10))  \(question)  \(remark)"
            }.map { $0.reversed().drop { $0 == " " }.reversed() + "\n" }.joined()
            + "\(file): \(summary)\n"
    }
}
