import Diagnostics
import Lab
import Preseed
import Releases

/// Reads a lab file.
public enum Spec {
    /// The lab, or nil when the report has an error; the report has every mistake of the file at once.
    /// - Parameters:
    ///   - text: the file's content.
    ///   - file: its name, for messages.
    ///   - beside: the files in its folder.
    ///   - release: builds for this release instead of the one that the file names.
    ///   - packages: what every package that a node installs has to be in; nil checks no names.
    public static func read(
        _ text: String, file: String, beside: Beside, release: Release? = nil, packages: PackageIndex? = nil
    ) -> (lab: Lab?, report: Report) {
        var report = Report(file: file, source: text)
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
        let reader = SpecReader(report: report, beside: beside)
        let lab = LabReader(reader: reader, override: release, packages: packages).read(root)
        return (reader.report.errors == 0 ? lab : nil, reader.report)
    }
}
