import ArgumentParser
import Foundation
import Preseed

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

/// The release that a user names.
func release(named codename: String) throws(Exit) -> Release {
    if let release = Release.named(codename) { return release }
    let names = Release.all.map(\.codename)
    let near = suggestion(for: codename, among: names)
    throw .usage("there is no release \(codename)\(near) (there are: \(names.joined(separator: ", ")))")
}

/// The bytes of a file, or of standard input for `-`.
/// - Parameter limit: how many bytes are read at most, from the start; nil reads all.
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
    /// The system's words, without Foundation's wrapping.
    var localizedReason: String {
        if let posix = (self as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError {
            return String(cString: strerror(posix.code.rawValue))
        }
        return localizedDescription
    }
}
