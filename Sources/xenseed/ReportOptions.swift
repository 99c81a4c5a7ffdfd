import ArgumentParser
import Foundation
import Preseed

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
    func show(_ reports: [DiagnosticReport], to stream: StandardStream) throws(Exit) -> Bool {
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
func release(named codename: String) throws(Exit) -> Release {
    if let release = Release.named(codename) { return release }
    let names = Release.all.map(\.codename)
    let near = suggestion(for: codename, among: names)
    throw .usage("there is no release \(codename)\(near) (there are: \(names.joined(separator: ", ")))")
}

/// Returns the content of a file, or of standard input for `-`.
/// - Parameter limit: The maximum number of bytes to read.
/// - Throws: ``Exit/environment(_:)`` when it can't be read.
func content(of path: String, atMost limit: Int = .max) throws(Exit) -> Data {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor > 0 { close(descriptor) } }
    var content = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while content.count < limit {
        let count = descriptor < 0 ? -1 : read(descriptor, &buffer, min(buffer.count, limit - content.count))
        if count < 0, descriptor >= 0, errno == EINTR { continue }
        guard count >= 0 else { throw .environment("\(path): \(String(cString: strerror(errno)))") }
        if count == 0 { break }
        content += buffer[..<count]
    }
    return content
}

extension Error {
    /// The message of the system, without the text that Foundation adds.
    var localizedReason: String {
        if let posix = (self as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError {
            return String(cString: strerror(posix.code.rawValue))
        }
        return localizedDescription
    }
}
