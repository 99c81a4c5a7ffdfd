import ArgumentParser
import FoundationEssentials
import Preseed
import SystemPackage

/// The options for diagnostics.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Treat warnings as errors.")
    var strict = false

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

    @Option(help: "The output format of diagnostics.")
    var format = Format.text

    /// Prints diagnostics. Notes are printed only to standard output, by `check` and `lint`, whose result they are.
    /// - Returns: Whether there is no error.
    /// - Throws: An error when standard output can't be written.
    func show(_ reports: [DiagnosticReport], to stream: StandardStream) throws(CommandError) -> Bool {
        var reports = reports
        for index in reports.indices {
            if strict { reports[index].makeStrict() }
            if stream == .error { reports[index].removeNotes() }
        }
        let text =
            switch format {
            case .text: reports.map { $0.text(colour: isColoured(stream.rawValue)) }.joined()
            case .json: reports.json
            case .sarif: reports.sarif
            }
        switch stream {
        case .output: try output(text, terminator: "")
        case .error: _ = write(text, to: .error)
        }
        return reports.allSatisfy { $0.errors == 0 }
    }
}

/// Returns a release by its codename.
func release(named codename: String) throws(CommandError) -> Release {
    if let release = Release.named(codename) { return release }
    let names = Release.all.map(\.codename)
    let near = suggestion(for: codename, among: names)
    throw .usage("there is no release \(codename)\(near) (there are: \(names.joined(separator: ", ")))")
}

/// Returns the content of a file, or of standard input for `-`.
/// - Parameter limit: The maximum number of bytes to read.
/// - Throws: ``CommandError`` when it can't be read.
func content(of path: String, atMost limit: Int = .max) throws(CommandError) -> Data {
    do {
        let file =
            path == "-" ? .standardInput : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        defer { if path != "-" { try? file.close() } }
        var content = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while content.count < limit,
            case let count = try buffer.withUnsafeMutableBytes({
                try file.read(into: .init(rebasing: $0[..<min($0.count, limit - content.count)]))
            }), count > 0
        {
            content += buffer[..<count]
        }
        return content
    } catch { throw .environment("\(path): \(error)") }
}

extension Error {
    /// The message of the system for an error of Foundation; the description of any other error.
    var reason: String {
        if let posix = (self as? CocoaError)?.underlying as? POSIXError {
            return "\(Errno(rawValue: posix.code.rawValue))"
        }
        return "\(self)"
    }
}
