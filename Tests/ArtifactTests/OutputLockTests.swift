import Build
import Foundation
import TestSupport
import Testing

/// Tests the lock on the output directory.
@Suite(.timeLimit(.minutes(15)))
struct OutputLockTests {
    @Test func oneOwnerAtATime() async throws {
        let folder = try TemporaryFolder()
        let target = folder.url("out").path
        let counter = folder.url("counter")
        try Data("0".utf8).write(to: counter)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10 {
                        let lock = try await OutputLock.wait(for: target, patience: .seconds(300)) { _ in }
                        let count = Int(try String(contentsOf: counter, encoding: .utf8)) ?? 0
                        try await Task.sleep(for: .milliseconds(1))
                        try Data("\(count + 1)".utf8).write(to: counter)
                        withExtendedLifetime(lock) {}
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try String(contentsOf: counter, encoding: .utf8) == "40")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["counter"])
    }

    @Test func waitsForABoundedTime() async throws {
        let folder = try TemporaryFolder()
        let target = folder.url("out").path
        let lock = try #require(try OutputLock.attempt(target))
        #expect(try OutputLock.attempt(target) == nil)
        let start = ContinuousClock.now
        let error = await #expect(throws: BuildError.self) {
            _ = try await OutputLock.wait(for: target, patience: .seconds(1)) { _ in }
        }
        #expect(ContinuousClock.now - start > .seconds(1))
        let owner = "another xenseed (process \(getpid()))"
        #expect(
            error?.description == "\(target) is still being written by \(owner) after 1 s; try again when it has ended")
        withExtendedLifetime(lock) {}
    }

    /// A lock file that a killed process left behind does not block the next one.
    @Test func aLeftFileIsNoLock() throws {
        let folder = try TemporaryFolder()
        try Data("1\n".utf8).write(to: folder.url(".out.xenseed.lock"))
        #expect(try OutputLock.attempt(folder.url("out").path) != nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
}
