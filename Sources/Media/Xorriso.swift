import Foundation
import Output

/// The program xorriso, which alone writes images that start from CD and from USB, by BIOS and UEFI.
struct Xorriso {
    private let program: String

    /// - Throws: when it is not in PATH.
    init() throws(OutputError) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/xorriso") })
        else { throw OutputError("xorriso is not here; install Debian's package xorriso: apt-get install xorriso") }
        program = "\(folder)/xorriso"
    }

    /// Runs it without anybody's start-up files. Any status but 0 is a failure.
    /// - Parameters:
    ///   - time: what it takes for the present, in seconds since 1970.
    ///   - scratch: a folder for what it says.
    func run(_ words: [String], time: Int, scratch: String) throws(OutputError) -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        // -no_rc counts only as the first word.
        process.arguments = ["-no_rc"] + words
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "\(time)"]
        let (out, err) = ("\(scratch)/xorriso.out", "\(scratch)/xorriso.err")
        do {
            for path in [out, err] { try Data().write(to: URL(filePath: path)) }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: err))
            try process.run()
            process.waitUntilExit()
            let said = String(decoding: try Data(contentsOf: URL(filePath: err)), as: UTF8.self)
            guard process.terminationReason == .exit, process.terminationStatus == 0 else {
                throw OutputError("xorriso failed (\(process.terminationStatus)): \(Self.complaints(said))")
            }
            return String(decoding: try Data(contentsOf: URL(filePath: out)), as: UTF8.self)
        } catch let error as OutputError { throw error } catch {
            throw OutputError("\(program): \(error.localizedDescription)")
        }
    }

    /// Its lines that are more than notes; the last ones when there is none.
    private static func complaints(_ said: String) -> String {
        let lines = said.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let grave = lines.filter { line in
            [" : SORRY : ", " : FAILURE : ", " : FATAL : "].contains { line.contains($0) }
        }
        return (grave.isEmpty ? Array(lines.suffix(3)) : grave).joined(separator: "; ")
    }
}
