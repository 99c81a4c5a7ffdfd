/// Says everything that is wrong with preseed files, whoever wrote them.
public struct Linter: Sendable {
    public var release: Release
    /// Where the installer gets the file from; nil when that is not known, and then nothing can be too late.
    public var medium: PreseedSource?
    /// What the kernel's command line answers already.
    public var kernelLine: KernelLine?
    /// Questions that no catalogue has, and that are meant.
    public var allowed: Set<String> = []
    /// Whether questions that nothing answers are mistakes; needs the medium.
    public var isComplete = false
    /// Questions that something answers which is not seen here.
    public var answered: Set<String> = []
    /// Questions below it are not shown; nil for what kernel line or preseed say.
    public var priority: QuestionSimulation.Priority?
    /// What recipes are to fit on; nil when that is not known.
    public var disk: ByteCount?

    public init(
        release: Release, medium: PreseedSource? = nil, kernelLine: KernelLine? = nil,
        allowing allowed: Set<String> = []
    ) {
        self.release = release
        self.medium = medium
        self.kernelLine = kernelLine
        self.allowed = allowed
    }

    /// - Parameter file: what messages call it.
    public func lint(_ bytes: [UInt8], file: String) -> DiagnosticReport { lintAndWalk(bytes, file: file).report }

    /// With what an installation by the file asks, where that was wanted.
    public func lintAndWalk(_ bytes: [UInt8], file: String) -> (
        report: DiagnosticReport, simulation: QuestionSimulation?
    ) {
        var report = DiagnosticReport(file: file, source: String(decoding: bytes, as: UTF8.self))
        PreseedFile.checkLines(bytes, report: &report)
        let preseed = PreseedFile(bytes, report: &report)
        preseed.check(for: release, allowing: allowed, report: &report)
        if let disk { preseed.checkFit(on: disk, report: &report) }
        guard let medium else { return (report, nil) }
        preseed.checkTime(on: medium, kernelLine: kernelLine, report: &report)
        guard isComplete else { return (report, nil) }
        let simulation = QuestionSimulation(
            preseed, release: release, medium: medium, kernelLine: kernelLine, priority: priority, answered: answered)
        simulation.report(to: &report)
        return (report, simulation)
    }
}

extension PreseedFile {
    /// The release that a file installs by its own words.
    public static func release(of bytes: [UInt8]) -> Release? {
        var report = DiagnosticReport(file: "", source: "")
        return PreseedFile(bytes, report: &report).answers.last { $0.question == "mirror/suite" }
            .flatMap { Release.named($0.value) }
    }

    /// What is wrong with lines that an editor does not show.
    static func checkLines(_ bytes: [UInt8], report: inout DiagnosticReport) {
        var number = 0
        var hasReturns = false
        var goesOn = false
        var rest = bytes[...]
        func add(_ code: DiagnosticCode, _ severity: Severity, _ message: String, column: Int, hint: String) {
            report.add(
                .init(
                    code: code, severity: severity, message: message, mark: SourceMark(line: number, column: column),
                    hint: hint))
        }
        while !rest.isEmpty {
            number += 1
            var line = rest.prefix { $0 != 10 }
            rest = rest[line.endIndex...].dropFirst()
            if line.last == 13 {
                line = line.dropLast()
                if !hasReturns {
                    add(
                        .lineEnd, .warning,
                        "lines end in a carriage return, which debconf's own reader takes into the value",
                        column: line.count + 1, hint: "tr -d '\\r' (or dos2unix)")
                }
                hasReturns = true
            }
            let isEmpty = line.allSatisfy(PreseedLine.isBlank)
            if line.first == 35 || isEmpty {
                if goesOn {
                    add(
                        .brokenJoin, .warning,
                        "\(isEmpty ? "an empty line" : "a comment") between joined lines ends the value for debconf's own reader",
                        column: 1, hint: "put it before the first of them")
                }
                continue
            }
            goesOn = line.last == 92
        }
    }
}
