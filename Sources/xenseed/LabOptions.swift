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

    @Flag(help: "Warnings are errors.")
    var strict = false

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

    @Option(help: "How mistakes are printed.")
    var format = Format.text

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
        if let release {
            chosen = Release.named(release)
            if chosen == nil {
                let names = Release.all.map(\.codename)
                let near = nearest(to: release, among: names).map { "; did you mean \($0)?" } ?? ""
                throw .usage("there is no release \(release)\(near) (there are: \(names.joined(separator: ", ")))")
            }
        }
        var (result, report) = Spec.read(try text(), file: lab, beside: .folder(folder), release: chosen)
        if strict { report.makeStrict() }
        let stream = toStdout ? FileHandle.standardOutput : FileHandle.standardError
        switch format {
        case .text: stream.write(Data(report.text(colour: colours(stream.fileDescriptor)).utf8))
        case .json: stream.write(Data(report.json.utf8))
        case .sarif: stream.write(Data(report.sarif.utf8))
        }
        guard report.errors == 0 else { throw .input }
        guard let result else {
            throw .environment("the lab could not be read, and nothing said why; please report this")
        }
        return result
    }

    private func text() throws(Exit) -> String {
        let data: Data
        do {
            data =
                lab == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(filePath: lab))
        } catch { throw .environment("\(lab): \(error.localizedReason)") }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .environment("\(lab): not UTF-8 text")
        }
        return text
    }

    private func colours(_ descriptor: Int32) -> Bool {
        isTerminal(descriptor) && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }
}

extension Error {
    /// The system's words, without Foundation's wrapping.
    var localizedReason: String {
        if let posix = (self as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError {
            return String(cString: strerror(posix.code.rawValue))
        }
        return localizedDescription
    }
}
