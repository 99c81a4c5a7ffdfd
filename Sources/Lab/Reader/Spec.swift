import Preseed

/// Reads a lab file.
package enum Spec {
    /// The size in bytes up to which a lab file is read.
    ///
    /// A node of `Tests/Bench/lab` takes 165 bytes, so 25,000 of them fit; a node that sets every field takes 1,400 bytes, and
    /// 2,900 of those fit. A file of this size with a mistake at every third byte takes 1.4 GB of memory (measured on
    /// 2026-11-30); twice the size takes twice the memory, more than a small CI runner has.
    package static let sizeLimit = 4 << 20

    /// The lab, or nil when the report has an error; the report has every mistake of the file at once.
    /// - Parameters:
    ///   - text: the file's content.
    ///   - file: its name, for messages.
    ///   - labFiles: the files in its folder.
    ///   - release: builds for this release instead of the one that the file names.
    ///   - packages: what every package that a node installs has to be in; nil checks no names.
    package static func read(
        _ text: String, file: String, labFiles: LabFiles, release: Release? = nil, packages: PackageIndex? = nil
    ) -> (lab: Lab?, report: DiagnosticReport) {
        guard text.utf8.count <= sizeLimit else { return (nil, reportOnSize(file: file)) }
        var report = DiagnosticReport(file: file, source: text)
        let root = YAMLParser.parse(text, report: &report)
        // A broken syntax leaves nothing to look at.
        guard let root else {
            if report.errors == 0 {
                report.add(
                    .init(
                        code: .yamlSyntax, severity: .error, message: "the file is empty",
                        mark: SourceMark(line: 1, column: 1), hint: "xenseed init DIR writes a lab to start from"))
            }
            return (nil, report)
        }
        let reader = SpecReader(report: report, labFiles: labFiles)
        let lab = LabReader(reader: reader, override: release, packages: packages).read(root)
        return (reader.report.errors == 0 ? lab : nil, reader.report)
    }

    /// The SHA-256 in hex of what a lab file says, whatever its comments, its layout and the order of its keys; nil when its
    /// syntax is broken.
    package static func digest(of text: String) -> String? {
        var report = DiagnosticReport(file: "", source: text)
        return YAMLParser.parse(text, report: &report).map { sha256(Array($0.canonical.utf8)) }
    }

    /// The report on a lab file of more than ``sizeLimit`` bytes.
    package static func reportOnSize(file: String) -> DiagnosticReport {
        var report = DiagnosticReport(file: file, source: "")
        report.add(
            .init(
                code: .fileTooLarge, severity: .error,
                message: "the file is larger than \(sizeLimit >> 20) MiB, the limit for a lab file",
                hint: "check that this is the lab file; what nodes have in common goes under `defaults`"))
        return report
    }

    /// The report on a lab file that is not UTF-8, with the place of the first byte that cannot be read and the command that
    /// converts the file.
    package static func reportOnEncoding(_ bytes: some Collection<UInt8>, file: String) -> DiagnosticReport {
        let isUTF16 =
            bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0)
        var mark = SourceMark(line: 1, column: 1)
        if !isUTF16 {
            var decoder = UTF8()
            var rest = bytes.makeIterator()
            while case .scalarValue(let scalar) = decoder.decode(&rest) {
                mark =
                    scalar == "\n"
                    ? SourceMark(line: mark.line + 1, column: 1) : SourceMark(line: mark.line, column: mark.column + 1)
            }
        }
        var report = DiagnosticReport(file: file, source: "")
        report.add(
            .init(
                code: .yamlSyntax, severity: .error,
                message: isUTF16 ? "the file is UTF-16; a lab file is UTF-8" : "the file is not UTF-8 from here on",
                mark: mark, hint: "iconv -f \(isUTF16 ? "UTF-16" : "LATIN1") -t UTF-8 \(file) converts it"))
        return report
    }
}
