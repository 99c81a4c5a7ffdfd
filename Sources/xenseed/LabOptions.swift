import ArgumentParser
import Foundation
import Lab
import Preseed

/// A lab file, by the options of a command, and how its mistakes are shown.
protocol LabSource {
    var lab: String { get }
    var release: String? { get }
    var report: ReportOptions { get }
}

extension LabSource {
    /// The directory that names in the lab are relative to.
    var folder: URL { xenseed.folder(of: lab) }

    /// Reads the lab and prints what is wrong with it.
    /// - Parameters:
    ///   - stream: standard output where mistakes are what was asked for.
    ///   - packages: what every package that a node installs has to be in; nil checks no names.
    func read(to stream: StandardStream = .error, packages: PackageIndex? = nil) throws(Exit) -> Lab {
        var chosen: Release?
        if let release { chosen = try xenseed.release(named: release) }
        return try readLab(at: lab, as: chosen, packages: packages) { found throws(Exit) in
            try report.show([found], to: stream)
        }
    }
}

/// A lab file that is a command's argument.
struct LabOptions: ParsableArguments, LabSource {
    @Argument(help: "The lab file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var lab = "lab.yaml"

    @Option(help: ArgumentHelp("Build for this release instead of the one that the lab names.", valueName: "codename"))
    var release: String?

    @OptionGroup var report: ReportOptions
}

/// A lab file that is an option, for commands whose arguments are something else.
struct NamedLabOptions: ParsableArguments, LabSource {
    @Option(help: "The lab file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var lab = "lab.yaml"

    @Option(
        help: ArgumentHelp("The release that was built instead of the one that the lab names.", valueName: "codename"))
    var release: String?

    @OptionGroup var report: ReportOptions
}

private func folder(of lab: String) -> URL {
    lab == "-"
        ? URL(filePath: FileManager.default.currentDirectoryPath)
        : URL(filePath: lab).absoluteURL.deletingLastPathComponent()
}

/// Reads a lab file.
/// - Parameter show: prints what is wrong with it, and says whether it can be used all the same.
func readLab(
    at file: String, as release: Release? = nil, packages: PackageIndex? = nil,
    show: (DiagnosticReport) throws(Exit) -> Bool
) throws(Exit) -> Lab {
    // One byte more than the limit tells a file that is too large, however large it is.
    let bytes = try content(of: file, atMost: Spec.sizeLimit + 1)
    guard bytes.count <= Spec.sizeLimit else {
        _ = try show(Spec.reportOnSize(file: file))
        throw .input
    }
    guard let text = String(data: bytes, encoding: .utf8) else {
        _ = try show(Spec.reportOnEncoding(bytes, file: file))
        throw .input
    }
    let (result, found) = Spec.read(
        text, file: file, labFiles: .folder(folder(of: file)), release: release, packages: packages)
    guard try show(found) else { throw .input }
    guard let result else {
        throw .environment("the lab could not be read, and nothing said why; please report this")
    }
    return result
}
