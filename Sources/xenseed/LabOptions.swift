import ArgumentParser
import FoundationEssentials
import Lab
import Preseed

/// The options of a command that determine the lab file and the output of its diagnostics.
protocol LabSource {
    var lab: String { get }
    var release: String? { get }
    var report: ReportOptions { get }
}

extension LabSource {
    /// The directory that paths in the lab file are relative to.
    var folder: URL { xenseed.folder(of: lab) }

    /// Reads the lab and prints its diagnostics.
    /// - Parameters:
    ///   - stream: The stream for the diagnostics; it is standard output if they are the result of the command.
    ///   - packages: The index that must have every package that a node installs; nil checks no packages.
    func read(to stream: StandardStream = .error, packages: PackageIndex? = nil) throws(CommandError) -> Lab {
        var chosen: Release?
        if let release { chosen = try xenseed.release(named: release) }
        return try readLab(at: lab, as: chosen, packages: packages) { found throws(CommandError) in
            try report.show([found], to: stream)
        }
    }
}

/// A lab file that is the argument of a command.
struct LabOptions: ParsableArguments, LabSource {
    @Argument(
        help: "The lab file, or the directory with lab.yaml; - is standard input.",
        completion: .file(extensions: ["yaml", "yml"]), transform: labPath)
    var lab = "lab.yaml"

    @Option(help: ArgumentHelp("Build for this release instead of the one in the lab.", valueName: "codename"))
    var release: String?

    @OptionGroup var report: ReportOptions
}

/// A lab file that is an option, for commands with other arguments.
struct NamedLabOptions: ParsableArguments, LabSource {
    @Option(
        help: "The lab file, or the directory with lab.yaml; - is standard input.",
        completion: .file(extensions: ["yaml", "yml"]), transform: labPath)
    var lab = "lab.yaml"

    @Option(
        help: ArgumentHelp("The release that was built instead of the one in the lab.", valueName: "codename"))
    var release: String?

    @OptionGroup var report: ReportOptions
}

private func folder(of lab: String) -> URL {
    lab == "-"
        ? URL(filePath: FileManager.default.currentDirectoryPath)
        : URL(filePath: lab).absoluteURL.deletingLastPathComponent()
}

/// Prints the diagnostics of a lab if it has errors.
/// - Returns: Whether it has none.
func printErrors(of found: DiagnosticReport) -> Bool {
    if found.errors > 0 { complain(found.text()) }
    return found.errors == 0
}

/// Reads a lab file.
/// - Parameters:
///   - takesKeys: Whether the keys of nodes are read, which `xenseed keys` makes.
///   - show: Prints the diagnostics, and returns whether the lab can be used.
func readLab(
    at file: String, as release: Release? = nil, packages: PackageIndex? = nil, takesKeys: Bool = true,
    show: (DiagnosticReport) throws(CommandError) -> Bool
) throws(CommandError) -> Lab {
    if file == "lab.yaml", !FileManager.default.fileExists(atPath: file) {
        throw .environment(
            "there is no lab.yaml in this directory; name the lab file or its directory, or write a lab with xenseed init"
        )
    }
    // One byte more than the limit is enough to recognize a file that is too large.
    let bytes = try content(of: file, atMost: Spec.sizeLimit + 1)
    guard bytes.count <= Spec.sizeLimit else {
        _ = try show(Spec.reportOnSize(file: file))
        throw .input
    }
    guard let text = String(data: bytes, encoding: .utf8) else {
        _ = try show(Spec.reportOnEncoding(bytes, file: file))
        throw .input
    }
    var labFiles = LabFiles.folder(folder(of: file))
    labFiles.hasKeys = takesKeys
    let (result, found) = Spec.read(text, file: file, labFiles: labFiles, release: release, packages: packages)
    guard try show(found) else { throw .input }
    guard let result else {
        throw .environment("internal error: the lab could not be read, but there is no diagnostic; please report this")
    }
    return result
}
