import Build
import Foundation

/// The program xorriso. No library writes images that boot from CD and USB with BIOS and UEFI.
struct Xorriso {
    private let program: String

    /// Finds the program.
    /// - Throws: `OutputError` when it is not in PATH.
    init() throws(OutputError) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/xorriso") })
        else {
            throw OutputError("xorriso is not installed; install Debian's package xorriso: apt-get install xorriso")
        }
        program = "\(folder)/xorriso"
    }

    /// Runs xorriso without the user's start-up files.
    /// - Parameters:
    ///   - arguments: The arguments after `-no_rc`.
    ///   - time: The time in seconds since 1970 that xorriso takes for the current time.
    ///   - scratch: A directory for its output.
    /// - Returns: The standard output.
    /// - Throws: `OutputError` when it can't be started or ends with a status other than 0.
    func run(_ arguments: [String], time: Int, scratch: String) throws(OutputError) -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        // xorriso accepts -no_rc only as the first argument.
        process.arguments = ["-no_rc"] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "\(time)"]
        let (out, err) = ("\(scratch)/xorriso.out", "\(scratch)/xorriso.err")
        do {
            for path in [out, err] { try Data().write(to: URL(filePath: path)) }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: err))
            try process.run()
            process.waitUntilExit()
            let log = String(decoding: try Data(contentsOf: URL(filePath: err)), as: UTF8.self)
            guard process.terminationReason == .exit, process.terminationStatus == 0 else {
                throw OutputError("xorriso failed (\(process.terminationStatus)): \(Self.errors(in: log))")
            }
            return String(decoding: try Data(contentsOf: URL(filePath: out)), as: UTF8.self)
        } catch let error as OutputError { throw error } catch {
            throw OutputError("\(program): \(error.localizedDescription)")
        }
    }

    /// Returns the error lines of xorriso's log, or the last lines when there is none.
    private static func errors(in log: String) -> String {
        let lines = log.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let grave = lines.filter { line in
            [" : SORRY : ", " : FAILURE : ", " : FATAL : "].contains { line.contains($0) }
        }
        return (grave.isEmpty ? Array(lines.suffix(3)) : grave).joined(separator: "; ")
    }
}
