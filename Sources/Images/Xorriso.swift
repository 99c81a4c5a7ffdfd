import Build
import FoundationEssentials
import Preseed

/// The program xorriso. No library writes images that boot from CD and USB with BIOS and UEFI.
struct Xorriso {
    private let program: Program

    /// Finds the program.
    /// - Throws: ``ImageError`` when it is not in PATH.
    init() async throws(ImageError) {
        guard let program = await Program("xorriso") else {
            throw ImageError(
                environment: "xorriso is not installed; install Debian's package xorriso: apt-get install xorriso")
        }
        self.program = program
    }

    /// Runs xorriso without the user's start-up files.
    /// - Parameters:
    ///   - arguments: The arguments after `-no_rc`.
    ///   - time: The time in seconds since 1970 that xorriso takes for the current time.
    /// - Returns: The standard output.
    /// - Throws: ``ImageError`` when xorriso ends with a status other than 0, `BuildError` when it can't be started.
    func run(_ arguments: [String], time: Int) async throws -> String {
        let result = try await program.run(
            // xorriso accepts -no_rc only as the first argument.
            ["-no_rc"] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "\(time)"],
            limit: 64 << 20, errors: .collected)
        guard result.isSuccess else {
            let log = String(decoding: result.errors, as: UTF8.self)
            throw ImageError(environment: "xorriso failed (\(result.status)): \(Self.errors(in: log))")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    /// Returns the error lines of xorriso's log, or the last lines when there is none.
    private static func errors(in log: String) -> String {
        let lines = log.split(separator: "\n").map { $0.trimmed }
        let grave = lines.filter { line in
            [" : SORRY : ", " : FAILURE : ", " : FATAL : "].contains { line.contains($0) }
        }
        return (grave.isEmpty ? Array(lines.suffix(3)) : grave).joined(separator: "; ")
    }
}
