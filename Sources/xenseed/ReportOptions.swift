import ArgumentParser
import Foundation
import Preseed
import SystemPackage

/// How mistakes are shown.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Warnings are errors.")
    var strict = false

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

    @Option(help: "How mistakes are printed.")
    var format = Format.text

    /// Prints what is wrong with some files. Notes are printed only by the commands that a user asks for diagnostics, `check` and
    /// `lint`, which write them to standard output.
    /// - Returns: whether none has an error.
    /// - Throws: when standard output can't be written.
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

/// The release that a user names.
func release(named codename: String) throws(CommandError) -> Release {
    if let release = Release.named(codename) { return release }
    let names = Release.all.map(\.codename)
    let near = suggestion(for: codename, among: names)
    throw .usage("there is no release \(codename)\(near) (there are: \(names.joined(separator: ", ")))")
}

/// The bytes of a file, or of standard input for `-`.
/// - Parameter limit: how many bytes are read at most, from the start; nil reads all.
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
    /// The system's words, without Foundation's wrapping.
    var localizedReason: String {
        if let posix = (self as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError {
            return "\(Errno(rawValue: posix.code.rawValue))"
        }
        return localizedDescription
    }
}
