import Build
import Foundation
import Preseed
import TestSupport
import Testing

@testable import Lab

/// The directory that `xenseed keys` writes.
@Suite(.timeLimit(.minutes(5)))
struct KeyFilesTests {
    private static let nodes = ["xen01", "xen02"].map { known(Hostname.self, $0) }

    private func make(_ folder: TemporaryFolder) async throws -> KeyFiles.Outcome {
        try await KeyFiles(directory: folder.url("keys").path).make(for: Self.nodes) { Issue.record("\($0)") }
    }

    /// Returns each file with its mode and content.
    private func files(_ folder: TemporaryFolder) throws -> [String: String] {
        let url = folder.url("keys")
        return try Dictionary(
            uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: url.path).map { name in
                let file = url.appending(path: name).path
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int ?? 0
                let content = try Data(contentsOf: URL(filePath: file))
                return (name, "\(String(mode, radix: 8)) \(String(decoding: content, as: UTF8.self))")
            })
    }

    @Test func makesWhatIsMissing() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await make(folder)
        let names = ["xen01.host", "xen01.migration", "xen02.host", "xen02.migration"]
        let first = try files(folder)
        #expect(first.keys.sorted() == ([".gitignore"] + names.flatMap { [$0, "\($0).pub"] }))
        #expect(names.allSatisfy { first[$0]!.hasPrefix("600 -----BEGIN OPENSSH PRIVATE KEY-----\n") })
        #expect(names.allSatisfy { first["\($0).pub"]!.hasPrefix("644 ssh-ed25519 AAAA") })
        #expect(Set(outcome.made.map(\.fingerprint)).count == 4)
        #expect(outcome.withoutPrivateKey.isEmpty && !outcome.exposesKeys)
        let shown = try run(["ssh-keygen", "-l", "-f", folder.url("keys/xen02.host").path])
        let made = try #require(outcome.made.first { $0.path.hasSuffix("/xen02.host.pub") })
        #expect(shown.out == "256 \(made.fingerprint) xen02.host (ED25519)\n")

        // Nothing is replaced, and nothing is missing any more.
        #expect(try await make(folder).made.isEmpty)
        #expect(try files(folder) == first)

        // A public key is made from its private key.
        try FileManager.default.removeItem(at: folder.url("keys/xen01.host.pub"))
        #expect(try await make(folder).made.map(\.path) == [folder.url("keys/xen01.host.pub").path])
        #expect(try files(folder) == first)
    }

    /// A new private key would not be the one that belongs to the public key.
    @Test func aCloneKeepsItsPublicKeys() async throws {
        let folder = try TemporaryFolder()
        _ = try await make(folder)
        let first = try files(folder)
        try FileManager.default.removeItem(at: folder.url("keys/xen02.migration"))
        let outcome = try await make(folder)
        #expect(outcome.made.isEmpty)
        #expect(outcome.withoutPrivateKey == [folder.url("keys/xen02.migration.pub").path])
        #expect(try files(folder) == first.filter { $0.key != "xen02.migration" })
    }

    @Test func refusesAPrivateKeyThatItCannotRead() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url("keys"), withIntermediateDirectories: true)
        try Data("secret\n".utf8).write(to: folder.url("keys/xen01.host"))
        await #expect(throws: BuildError.self) { try await make(folder) }
        #expect(try files(folder)["xen01.host"] == "644 secret\n")
        #expect(try files(folder)["xen01.host.pub"] == nil)
    }

    /// Git takes the public keys and nothing else. A .gitignore of the user stays as it is.
    @Test func gitTakesPublicKeysOnly() async throws {
        let folder = try TemporaryFolder()
        _ = try await make(folder)
        let git = ["git", "-C", folder.path]
        #expect(try run(git + ["init", "-q"]).status == 0)
        let listed = try run(git + ["ls-files", "--others", "--exclude-standard"]).out.split(separator: "\n")
        #expect(
            listed.map(String.init).sorted() == [
                "keys/.gitignore", "keys/xen01.host.pub", "keys/xen01.migration.pub", "keys/xen02.host.pub",
                "keys/xen02.migration.pub",
            ])
        try Data("*.tmp\n".utf8).write(to: folder.url("keys/.gitignore"))
        #expect(try await make(folder).exposesKeys)
        #expect(try files(folder)[".gitignore"]?.hasSuffix("*.tmp\n") == true)
    }
}
