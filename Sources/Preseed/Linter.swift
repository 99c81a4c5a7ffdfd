/// Checks any preseed file, line by line, against the questions of a release's installer.
public struct Linter: Sendable {
    public var release: Release
    /// The source from which the installer reads the file; nil when it is unknown, and then late answers are not reported.
    public var medium: PreseedSource?
    /// The answers on the kernel's command line.
    public var kernelLine: KernelLine?
    /// Questions that are accepted although they are not in the catalogue.
    public var allowed: Set<String> = []
    /// Whether unanswered questions that stop the installation are mistakes; needs ``medium``.
    public var isComplete = false
    /// Questions that are answered by other means, such as a script.
    public var answered: Set<String> = []
    /// The priority below which questions are not shown; nil for that of the kernel's command line or the preseed.
    public var priority: QuestionSimulation.Priority?
    /// The capacity of the disk on which a recipe has to fit; nil when it is unknown.
    public var disk: ByteCount?
    /// The packages that can be installed; nil checks none.
    public var packages: PackageIndex?
    /// The machine of the installation; nil for every machine.
    public var machine: InstallationMachine?
    /// Returns the content of a file that a preseed names; nil when it can't be read.
    public var include: @Sendable (String) -> [UInt8]? = { _ in nil }

    public init(
        release: Release, medium: PreseedSource? = nil, kernelLine: KernelLine? = nil,
        allowing allowed: Set<String> = []
    ) {
        self.release = release
        self.medium = medium
        self.kernelLine = kernelLine
        self.allowed = allowed
    }

    /// Returns the report on a preseed file.
    /// - Parameters:
    ///   - bytes: The content of the file.
    ///   - file: The name of the file, for messages.
    public func lint(_ bytes: [UInt8], file: String) -> DiagnosticReport { lintAndSimulate(bytes, file: file).report }

    /// Returns the report on a preseed file and, if ``isComplete`` is set, the simulation of an installation.
    /// - Parameters:
    ///   - bytes: The content of the file.
    ///   - file: The name of the file, for messages.
    public func lintAndSimulate(_ bytes: [UInt8], file: String) -> (
        report: DiagnosticReport, simulation: QuestionSimulation?
    ) {
        var report = DiagnosticReport(file: file, source: String(decoding: bytes, as: UTF8.self))
        PreseedFile.checkLines(bytes, report: &report)
        let preseed = PreseedFile(bytes, report: &report)
        preseed.check(for: release, allowing: allowed, report: &report)
        if let disk { preseed.checkFit(on: disk, report: &report) }
        if let packages { preseed.checkPackages(in: packages, report: &report) }
        guard let medium else { return (report, nil) }
        preseed.checkTime(on: medium, kernelLine: kernelLine, report: &report)
        guard isComplete else { return (report, nil) }
        let simulation = QuestionSimulation(
            preseed, release: release, medium: medium, kernelLine: kernelLine, priority: priority, answered: answered,
            machine: machine, include: include)
        simulation.report(to: &report)
        return (report, simulation)
    }
}

extension PreseedFile {
    /// Returns the release that a preseed file installs, by its answer to mirror/suite; nil when it has none.
    public static func release(of bytes: [UInt8]) -> Release? {
        var report = DiagnosticReport(file: "", source: "")
        return PreseedFile(bytes, report: &report).answers.last { $0.question == "mirror/suite" }
            .flatMap { Release.named($0.value) }
    }

    /// Reports problems that an editor does not show: carriage returns, and joined lines with a comment or an empty line
    /// between them.
    static func checkLines(_ bytes: [UInt8], report: inout DiagnosticReport) {
        var number = 0
        var hasReturns = false
        var isJoined = false
        /// The first of joined lines.
        var first = 1
        var rest = bytes[...]
        func add(
            _ code: DiagnosticCode, _ severity: Severity, _ message: String, column: Int, hint: String, fix: Fix?
        ) {
            report.add(
                .init(
                    code: code, severity: severity, message: message, mark: SourceMark(line: number, column: column),
                    hint: hint, fix: fix))
        }
        /// Removes a part of the line.
        func removal(_ start: Int, _ end: SourceMark) -> Fix.Replacement {
            .init(from: SourceMark(line: number, column: start), to: end, with: "")
        }
        while !rest.isEmpty {
            number += 1
            var line = rest.prefix { $0 != 10 }
            rest = rest[line.endIndex...].dropFirst()
            if line.last == 13 {
                line = line.dropLast()
                if !hasReturns {
                    add(
                        .lineEnd, .note, "lines end in a carriage return, which the installer removes",
                        column: scalars(line) + 1, hint: "tr -d '\\r' (or dos2unix)",
                        fix: Fix("remove the carriage returns", returns(in: bytes)))
                }
                hasReturns = true
            }
            let isEmpty = line.allSatisfy(PreseedLine.isBlank)
            if line.first == 35 || isEmpty {
                if isJoined {
                    add(
                        .brokenJoin, .note,
                        "\(isEmpty ? "an empty line" : "a comment") between joined lines ends the value for debconf-set-selections of an installed system; the installer ignores it",
                        column: 1, hint: "move it before the first of the joined lines",
                        fix: Fix(
                            "move it before the joined lines",
                            [
                                removal(1, SourceMark(line: number + 1, column: 1)),
                                .init(
                                    from: SourceMark(line: first, column: 1), to: SourceMark(line: first, column: 1),
                                    with: isEmpty ? "" : String(decoding: line, as: UTF8.self) + "\n"),
                            ]))
                }
                continue
            }
            if !isJoined { first = number }
            isJoined = line.last == 92
            if isJoined, line.dropLast().last == 92 {
                add(
                    .brokenJoin, .error,
                    "only the last of two backslashes joins the next line; the other stays in the value",
                    column: scalars(line) - 1,
                    hint: "remove one of them",
                    fix: Fix(
                        "remove one backslash",
                        [removal(scalars(line), SourceMark(line: number, column: scalars(line) + 1))]))
            }
        }
    }

    /// The number of Unicode scalars of a line in UTF-8.
    private static func scalars(_ line: ArraySlice<UInt8>) -> Int { line.count { $0 & 0xC0 != 0x80 } }

    /// Removes the carriage returns at the ends of lines.
    private static func returns(in bytes: [UInt8]) -> [Fix.Replacement] {
        bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated().filter { $0.element.last == 13 }.map {
            let end = scalars($0.element)
            return .init(
                from: SourceMark(line: $0.offset + 1, column: end),
                to: SourceMark(line: $0.offset + 1, column: end + 1),
                with: "")
        }
    }
}
