import ArgumentParser
import Diagnostics
import Foundation
import Lab
import Preseed
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
    var folder: URL { xenseed.folder(of: lab) }

    /// Reads the lab and prints what is wrong with it.
    /// - Parameters:
    ///   - toStdout: where mistakes are what was asked for.
    ///   - packages: what every package that a node installs has to be in; nil checks no names.
    func read(toStdout: Bool = false, packages: PackageIndex? = nil) throws(Exit) -> Lab {
        var chosen: Release?
        if let release { chosen = try xenseed.release(named: release) }
        return try readLab(at: lab, as: chosen, packages: packages) {
            report.show([$0], to: toStdout ? .standardOutput : .standardError)
        }
    }
}

private func folder(of lab: String) -> URL {
    lab == "-"
        ? URL(filePath: FileManager.default.currentDirectoryPath)
        : URL(filePath: lab).absoluteURL.deletingLastPathComponent()
}

/// Reads a lab file.
/// - Parameter show: prints what is wrong with it, and says whether it can be used all the same.
func readLab(at file: String, as release: Release? = nil, packages: PackageIndex? = nil, show: (Report) -> Bool)
    throws(Exit) -> Lab
{
    guard let text = String(data: try content(of: file), encoding: .utf8) else {
        throw .environment("\(file): not UTF-8 text")
    }
    let (result, found) = Spec.read(
        text, file: file, beside: .folder(folder(of: file)), release: release, packages: packages)
    guard show(found) else { throw .input }
    guard let result else {
        throw .environment("the lab could not be read, and nothing said why; please report this")
    }
    return result
}
