import Subprocess
import SystemPackage

/// A program of the system. It is run without a shell, and its standard input is what it is given, by default nothing.
package struct Program: Sendable {
    private let executable: FilePath
    package var path: String { executable.string }
    package var name: String { executable.lastComponent?.string ?? path }

    /// Finds a program in PATH; nil when it is not installed.
    package init?(_ name: String) async {
        guard let path = try? await Executable.name(name).resolveExecutablePath(in: .inherit) else { return nil }
        executable = path
    }

    package init(path: String) { executable = FilePath(path) }

    /// How a program ended and what it wrote.
    package struct Result: Sendable {
        package let output: [UInt8]
        /// What it wrote to standard error, if that was collected.
        package let errors: [UInt8]
        package let isSuccess: Bool
        /// `exit status N`, or `signal N` for the signal that ended the program.
        package let status: String
    }

    /// What becomes of the standard error.
    package enum Errors: Sendable { case discarded, collected }

    /// Runs the program and waits for its end. Processes that it started and that outlive it are not waited for.
    /// - Parameters:
    ///   - environment: The environment; nil is that of this process.
    ///   - additions: Variables that are added to the environment, or that replace those of the same name.
    ///   - directory: The working directory; nil is that of this process.
    ///   - limit: The number of bytes of output, and of collected errors, after which the program is ended.
    ///   - time: The time after which the program is ended; nil for no limit.
    /// - Throws: ``BuildError`` when the program can't be started, writes more than the limit, or takes longer than the time.
    package func run(
        _ arguments: [String], environment: [String: String]? = nil, adding additions: [String: String] = [:],
        in directory: String? = nil, input: [UInt8] = [], limit: Int, time: Duration? = nil,
        errors: Errors = .discarded
    ) async throws(BuildError) -> Result {
        func variables(_ values: [String: String]) -> [Environment.Key: String] {
            Dictionary(uniqueKeysWithValues: values.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        }
        let base = environment.map { Environment.custom(variables($0)) } ?? .inherit
        let configuration = Configuration(
            executable: .path(executable), arguments: Arguments(arguments),
            environment: base.updating(variables(additions).mapValues(Optional.some)),
            workingDirectory: directory.map { FilePath($0) })
        do {
            return try await withThrowingTaskGroup(of: Result.self) { group in
                group.addTask {
                    switch errors {
                    case .discarded: try await result(of: configuration, input, limit, error: .discarded) { _ in [] }
                    case .collected:
                        try await result(of: configuration, input, limit, error: .bytes(limit: limit)) { $0 }
                    }
                }
                if let time {
                    group.addTask {
                        try await Task.sleep(for: time)
                        throw BuildError("\(name) did not end within \(time.components.seconds) s")
                    }
                }
                // A cancelled program is ended.
                defer { group.cancelAll() }
                return try await group.next()!
            }
        } catch let error as BuildError { throw error } catch let error as SubprocessError
            where error.code == .outputLimitExceeded
        {
            throw BuildError("\(name) wrote more than \(limit) bytes", code: .outputLimit)
        } catch { throw BuildError("\(path): \(error)") }
    }

    private func result<Errors: ErrorOutputProtocol>(
        of configuration: Configuration, _ input: [UInt8], _ limit: Int, error: Errors,
        errors: (Errors.OutputType) -> [UInt8]
    ) async throws -> Result {
        let ended = try await Subprocess.run(
            configuration, input: .array(input), output: .bytes(limit: limit), error: error)
        let status =
            switch ended.terminationStatus {
            case .exited(let code): "exit status \(code)"
            case .signaled(let signal): "signal \(signal)"
            }
        return Result(
            output: ended.standardOutput, errors: errors(ended.standardError),
            isSuccess: ended.terminationStatus.isSuccess, status: status)
    }
}
