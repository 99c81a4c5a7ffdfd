import Build
import FoundationEssentials
import Preseed

/// The program xorriso. No library writes images that boot from CD and USB with BIOS and UEFI.
struct Xorriso {
    private let program: Program
    /// The program prlimit, which limits another one.
    private let limiter: Program

    /// Finds the program.
    /// - Throws: ``ImageError`` when it is not in PATH.
    init() async throws(ImageError) {
        guard let program = await Program("xorriso") else {
            throw ImageError(
                environment: "xorriso is not installed; install Debian's package xorriso: apt-get install xorriso")
        }
        guard let limiter = await Program("prlimit") else {
            throw ImageError(environment: "prlimit is not installed; install Debian's package util-linux")
        }
        (self.program, self.limiter) = (program, limiter)
    }

    /// The memory of xorriso in bytes. It keeps all directories of an image: 70 MB for 65,000 files.
    private static let memoryLimit = 512 << 20

    /// Runs xorriso without the user's start-up files.
    /// - Parameters:
    ///   - arguments: The arguments after `-no_rc`.
    ///   - time: The time in seconds since 1970 that xorriso takes for the current time.
    ///   - limit: The time that xorriso may take; nil for no limit.
    /// - Returns: The standard output.
    /// - Throws: ``ImageError`` when xorriso ends with a status other than 0, `BuildError` when it can't be started, or when
    ///   it takes longer than the limit.
    func run(_ arguments: [String], time: Int, limit: Duration? = nil) async throws -> String {
        let result = try await limiter.run(
            // xorriso accepts -no_rc only as the first argument.
            ["--as=\(Self.memoryLimit)", "--core=0", "--", program.path, "-no_rc"] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "\(time)"],
            limit: 64 << 20, time: limit, errors: .collected)
        guard result.isSuccess else {
            let log = String(decoding: result.errors, as: UTF8.self)
            // It does not survive that it gets no more memory.
            let limit = result.status.hasPrefix("signal") ? "; it may use \(Self.memoryLimit >> 20) MiB of memory" : ""
            throw ImageError(environment: "xorriso failed (\(result.status)\(limit)): \(Self.errors(in: log))")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    /// Returns the error lines of xorriso's log, or the last lines when there is none.
    private static func errors(in log: String) -> String {
        let lines = log.split(separator: "\n").map { $0.trimmed }
            .filter { line in !line.isEmpty && ![" : UPDATE : ", " : NOTE : "].contains { line.contains($0) } }
        let grave = lines.filter { line in
            [" : SORRY : ", " : FAILURE : ", " : FATAL : "].contains { line.contains($0) }
        }
        return (grave.isEmpty ? Array(lines.suffix(3)) : grave).joined(separator: "; ")
    }
}
