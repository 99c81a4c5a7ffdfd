import SystemPackage

/// Tells a person who waits how far long work is.
///
/// The receiver is a task-local value, so the functions between a command and the work need no parameter for it.
package enum Progress {
    /// A part of the work.
    package struct Step: Sendable {
        /// What is being done, as the beginning of a line: `writing lab.iso`.
        package var name: String
        package var done: Int
        /// The value of `done` at the end, at least 1.
        package var total: Int
    }

    /// What receives each step, from any thread; nil when nobody waits.
    @TaskLocal package static var receiver: (@Sendable (Step) -> Void)?

    /// Reports how much of a step is done.
    package static func report(_ name: @autoclosure () -> String, _ done: Int, of total: Int) {
        guard let receiver, total > 0 else { return }
        receiver(Step(name: name(), done: min(done, total), total: total))
    }

    /// Runs a closure that lets a file grow, and reports its size meanwhile.
    /// - Parameters:
    ///   - path: The file.
    ///   - total: The size in bytes that the file will have, roughly.
    package static func following<Value: Sendable>(
        _ name: String, _ path: String, total: Int, _ body: () async throws -> Value
    ) async rethrows -> Value {
        guard receiver != nil else { return try await body() }
        let watcher = Task {
            while !Task.isCancelled {
                report(name, (try? Stat(path)).map { Int($0.size) } ?? 0, of: total)
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        defer { watcher.cancel() }
        let value = try await body()
        report(name, total, of: total)
        return value
    }
}
