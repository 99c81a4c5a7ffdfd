import Foundation
import Glibc
import Synchronization

/// The exit status and the output of a program.
public struct Ran: Equatable, Sendable {
    public var status: Int32
    public var out: String
    public var err: String

    public init(status: Int32, out: String, err: String = "") {
        self.status = status
        self.out = out
        self.err = err
    }
}

/// Runs a program found in PATH and waits for it.
///
/// A missing program is an error, which fails the test: no test is skipped because a tool is missing.
///
/// Foundation's `Process` is not used: it waits until every process that inherited one of its descriptors has ended, so
/// a daemon left behind would block the test. It also passes on the signals that the test runner blocks, so `timeout`
/// could not end the program.
/// - Parameters:
///   - words: the program and its arguments.
///   - environment: variables that are added to the environment of the test.
/// - Throws: `StillRunning` if the program did not end within ten minutes and was killed. The time limit of a test only
///   makes it fail, and does not end the wait for a program.
public func run(
    _ words: [String], input: Data = Data(), environment: [String: String] = [:], in folder: URL? = nil
) throws -> Ran {
    let temporary = try TemporaryFolder()
    let (stdin, stdout, stderr) = (temporary.url("in"), temporary.url("out"), temporary.url("err"))
    try input.write(to: stdin)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Files are used instead of pipes, because they need no reader.
    posix_spawn_file_actions_addopen(&actions, 0, stdin.path, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, stdout.path, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, stderr.path, O_WRONLY | O_CREAT, 0o600)
    // A script that another test has just written can't be executed while a process has it open for writing.
    for descriptor in 3..<Int32(256) { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    let place = folder.map { ["--chdir=\($0.path)"] } ?? []
    var arguments = (["env"] + place + words).map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { (arguments + settings).forEach { free($0) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &arguments, &settings)
    guard failure == 0 else { throw MissingTool(name: words[0], said: String(cString: strerror(failure))) }
    Watchdog.shared.watch(child)
    // The process is watched until it has ended; its ID can be reused only after waitpid.
    var ended = siginfo_t()
    while waitid(P_PID, id_t(child), &ended, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    let wasKilled = Watchdog.shared.forget(child)
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    if wasKilled { throw StillRunning(words: words) }
    let signal = status & 0x7F
    let ran = Ran(
        status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
        out: String(decoding: try Data(contentsOf: stdout), as: UTF8.self),
        err: String(decoding: try Data(contentsOf: stderr), as: UTF8.self))
    if ran.status == 127 { throw MissingTool(name: words[0], said: ran.err) }
    return ran
}

public struct StillRunning: Error {
    var words: [String]
}

/// Kills programs that run for too long.
private final class Watchdog: Sendable {
    static let shared = Watchdog()

    private struct Watched {
        var end: ContinuousClock.Instant
        var wasKilled = false
    }
    private let watched = Mutex<[pid_t: Watched]>([:])

    private init() {
        // A separate thread is used, because all threads of the tests may be blocked.
        Thread.detachNewThread {
            while true {
                sleep(1)
                self.watched.withLock { watched in
                    for (child, _) in watched.filter({ $0.value.end < .now && !$0.value.wasKilled }) {
                        kill(child, SIGKILL)
                        watched[child]?.wasKilled = true
                    }
                }
            }
        }
    }

    func watch(_ child: pid_t) { watched.withLock { $0[child] = Watched(end: .now + .seconds(600)) } }

    /// - Returns: whether the program was killed.
    func forget(_ child: pid_t) -> Bool { watched.withLock { $0.removeValue(forKey: child)?.wasKilled ?? false } }
}

public struct MissingTool: Error {
    var name, said: String
    public init(name: String, said: String) { (self.name, self.said) = (name, said) }
}

/// A temporary directory that is removed when the object is deallocated.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        let base = FileManager.default.temporaryDirectory
        path = base.appending(path: "xenseed-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Creates a directory that is removed at exit, for a static variable, which is never deallocated.
    public static func untilExit() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        removeAtExit(folder)
        return folder
    }

    static func removeAtExit(_ folder: TemporaryFolder) {
        _ = atExit
        kept.withLock { $0.append(folder) }
    }

    private static let kept = Mutex<[TemporaryFolder]>([])
    private static let atExit: Void = {
        atexit {
            for folder in TemporaryFolder.kept.withLock({ $0 }) {
                try? FileManager.default.removeItem(atPath: folder.path)
            }
        }
    }()

    public func url(_ name: String) -> URL { URL(filePath: path).appending(path: name) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The root directory of the checkout.
public let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
