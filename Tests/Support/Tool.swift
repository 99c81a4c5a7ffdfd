import Foundation

/// A run of a real tool.
public struct Ran: Sendable {
    public var status: Int32
    public var out: String
    public var err: String
}

/// Runs a program found in PATH and waits for it.
///
/// A program that is not there is an error, and so fails the test: nothing is skipped for want of a tool.
/// - Parameters:
///   - words: the program and its arguments.
///   - environment: taken in addition to the test's own.
public func run(
    _ words: [String], input: Data = Data(), environment: [String: String] = [:], in folder: URL? = nil
) throws -> Ran {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = folder }
    // Files, not pipes: whatever the tool starts and leaves behind can't keep us waiting.
    let temporary = try TemporaryFolder()
    let (stdin, stdout, stderr) = (temporary.url("in"), temporary.url("out"), temporary.url("err"))
    try input.write(to: stdin)
    for file in [stdout, stderr] { try Data().write(to: file) }
    process.standardInput = try FileHandle(forReadingFrom: stdin)
    process.standardOutput = try FileHandle(forWritingTo: stdout)
    process.standardError = try FileHandle(forWritingTo: stderr)
    try process.run()
    process.waitUntilExit()
    let ran = Ran(
        status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
        out: String(decoding: try Data(contentsOf: stdout), as: UTF8.self),
        err: String(decoding: try Data(contentsOf: stderr), as: UTF8.self))
    if ran.status == 127 { throw MissingTool(name: words[0], said: ran.err) }
    return ran
}

public struct MissingTool: Error { var name, said: String }

/// A folder that goes when its owner does.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        let base = FileManager.default.temporaryDirectory
        path = base.appending(path: "xenseed-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    public func url(_ name: String) -> URL { URL(filePath: path).appending(path: name) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The checkout.
public let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
