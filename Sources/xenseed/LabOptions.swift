import ArgumentParser
import Diagnostics
import Foundation
import Lab
import Releases
import Spec

/// The lab file and how its mistakes are shown.
struct LabOptions: ParsableArguments {
    @Argument(help: "The lab file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var lab = "lab.yaml"

    @Option(help: ArgumentHelp("Build for this release instead of the one that the lab names.", valueName: "codename"))
    var release: String?

    @OptionGroup var report: ReportOptions

    /// The folder that names in the lab are relative to.
    var folder: URL {
        lab == "-"
            ? URL(filePath: FileManager.default.currentDirectoryPath)
            : URL(filePath: lab).absoluteURL.deletingLastPathComponent()
    }

    /// Reads the lab and prints what is wrong with it.
    /// - Parameter toStdout: where mistakes are what was asked for.
    func read(toStdout: Bool = false) throws(Exit) -> Lab {
        var chosen: Release?
        if let release { chosen = try xenseed.release(named: release) }
        guard let text = String(data: try content(of: lab), encoding: .utf8) else {
            throw .environment("\(lab): not UTF-8 text")
        }
        let (result, found) = Spec.read(text, file: lab, beside: .folder(folder), release: chosen)
        guard report.show([found], to: toStdout ? .standardOutput : .standardError) else { throw .input }
        guard let result else {
            throw .environment("the lab could not be read, and nothing said why; please report this")
        }
        return result
    }
}
