import Foundation
import Preseed
import TestSupport
import Testing

@testable import Lab

/// The key files of nodes: their format, and what is reported about them.
@Suite(.timeLimit(.minutes(5)))
struct NodeKeysTests {
    private static let node = known(Hostname.self, "xen01")
    private static let directory = Located(
        value: known(RelativePath.self, "keys"), location: FieldLocation(path: FieldPath(), mark: nil))

    /// A directory with key files, each with its mode.
    private struct Keys {
        var files: [String: (mode: Int, content: [UInt8])] = [:]

        /// Adds a pair as `xenseed keys` does.
        mutating func add(_ name: String) {
            let key = SSHPrivateKey()
            files[name] = (0o600, key.content(comment: name))
            files[name + ".pub"] = (0o644, Array("\(key.publicKey(comment: name))\n".utf8))
        }

        static var whole: Keys {
            var keys = Keys()
            keys.add("xen01.migration")
            keys.add("xen01.host")
            return keys
        }

        func read(_ nodes: [Hostname] = [node]) -> (keys: [Hostname: NodeKeys], report: DiagnosticReport) {
            let labFiles = LabFiles(
                read: { _ throws(LabError) in throw LabError("no such file") },
                list: { [files] _ in
                    files.map { .init(path: $0.key, mode: $0.value.mode, kind: .file($0.value.content)) }
                })
            let reader = SpecReader(report: DiagnosticReport(file: "lab.yaml", source: ""), labFiles: labFiles)
            return (NodeKeysReader(reader: reader).read(nodes, in: directory), reader.report)
        }

        /// The codes and messages of the diagnostics.
        var problems: [String] {
            read().report.sorted.map { "\($0.code.id) \($0.severity.rawValue): \($0.message)" }
        }
    }

    @Test func wholePairs() throws {
        let keys = Keys.whole
        let (found, report) = keys.read()
        #expect(report.diagnostics.isEmpty, "\(report.text())")
        let pair = try #require(found[Self.node])
        #expect(pair.migration.privateKey == keys.files["xen01.migration"]?.content)
        #expect(pair.host.privateKey == keys.files["xen01.host"]?.content)
        #expect("\(pair.host.publicKey)\n" == String(decoding: keys.files["xen01.host.pub"]!.content, as: UTF8.self))
        #expect(pair.host.publicKey != pair.migration.publicKey)
        #expect(pair.host.publicKey.withoutComment + " xen01.host" == pair.host.publicKey.description)
    }

    @Test func missingFiles() throws {
        let other = known(Hostname.self, "xen02")
        let (none, report) = Keys.whole.read([Self.node, other])
        #expect(Set(none.keys) == [Self.node])
        let missing = try #require(report.diagnostics.first)
        #expect(report.diagnostics.count == 1 && missing.severity == .error && missing.hint == "run xenseed keys")
        #expect(missing.message == "keys has no xen02.migration.pub, xen02.host.pub")

        var keys = Keys.whole
        keys.files["xen01.migration"] = nil
        let (found, clone) = keys.read()
        #expect(clone.errors == 0 && clone.warnings == 1)
        #expect(
            keys.problems == ["X0640 warning: keys has no xen01.migration: without it, its node can't migrate guests"])
        #expect(found[Self.node]?.migration.privateKey == nil && found[Self.node]?.host.privateKey != nil)

        let many = (1...4).map { known(Hostname.self, "xen0\($0)") }
        #expect(
            Keys().read(many).report.diagnostics.map(\.message)
                == ["keys has no xen01.migration.pub, xen01.host.pub, xen02.migration.pub and 5 more"])
        let reader = SpecReader(report: DiagnosticReport(file: "lab.yaml", source: ""), labFiles: .empty)
        #expect(NodeKeysReader(reader: reader).read(many, in: Self.directory).isEmpty)
        #expect(reader.report.diagnostics.map(\.message) == ["keys: no such file"] && reader.report.errors == 1)
    }

    @Test func wrongFiles() throws {
        var exchanged = Keys.whole
        exchanged.files["xen01.host.pub"] = exchanged.files["xen01.migration.pub"]
        #expect(exchanged.problems == ["X0641 error: keys/xen01.host does not belong to xen01.host.pub"])

        var open = Keys.whole
        open.files["xen01.host"]!.mode = 0o640
        #expect(
            open.problems == ["X0642 warning: keys/xen01.host is a private key that others can read (mode 0640)"])
        #expect(open.read().keys[Self.node]?.host.privateKey != nil)

        var text = Keys.whole
        text.files["xen01.host"]!.content = Array("secret\n".utf8)
        #expect(
            text.problems == ["X0641 error: keys/xen01.host is not a private key in the format of OpenSSH"])

        var secret = Keys.whole
        secret.files["xen01.host.pub"] = secret.files["xen01.host"]
        #expect(
            secret.problems
                == ["X0641 error: keys/xen01.host.pub is a private key; it must never leave your machine"])
        #expect(secret.read().keys.isEmpty)
    }

    /// Every key with a changed or missing byte is refused, or is the same key.
    @Test func damagedKeys() throws {
        let key = SSHPrivateKey()
        let content = key.content(comment: "xen01.host")
        let (blank, open) = (UInt8(ascii: "\n"), key.publicKey(comment: "-"))
        for place in content.indices where content[place] != blank {
            var changed = content
            changed[place] = content[place] == 65 ? 66 : 65
            if let other = try? SSHPrivateKey(changed) { #expect(other.publicKey(comment: "-") == open, "\(place)") }
            if let other = try? SSHPrivateKey(Array(content[..<place])) {
                #expect(other.publicKey(comment: "-") == open, "\(place)")
            }
        }
    }

    /// ssh-keygen reads our keys, and we read its keys.
    @Test func agreesWithOpenSSH() throws {
        let folder = try TemporaryFolder()
        for length in [0, 1, 5, 6, 7, 8, 30] {
            let comment = String(repeating: "c", count: length)
            let key = SSHPrivateKey()
            try? FileManager.default.removeItem(at: folder.url("own"))
            #expect(
                FileManager.default.createFile(
                    atPath: folder.url("own").path, contents: Data(key.content(comment: comment)),
                    attributes: [.posixPermissions: 0o600]))
            let ran = try run(["ssh-keygen", "-y", "-f", folder.url("own").path])
            #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
            let shown = key.publicKey(comment: "-")
            #expect(ran.out.split(separator: " ").prefix(2).joined(separator: " ").trimmed == shown.withoutComment)
            let print = try run(["ssh-keygen", "-l", "-f", folder.url("own").path])
            #expect(print.out.contains(" \(shown.fingerprint) "), "\(print.out)")
        }
        func theirs(_ words: String...) throws -> [UInt8] {
            let file = folder.url("theirs-\(words.count)-\(words[1])")
            #expect(try run(["ssh-keygen", "-q", "-f", file.path, "-C", "someone's key"] + words).status == 0)
            return [UInt8](try Data(contentsOf: file))
        }
        let own = try SSHPrivateKey(try theirs("-t", "ed25519", "-N", ""))
        let file = try String(contentsOf: folder.url("theirs-4-ed25519.pub"), encoding: .utf8)
        #expect(file == "\(own.publicKey(comment: "someone's key"))\n")
        func refusal(_ content: [UInt8]) -> String? {
            do throws(ValueError) { _ = try SSHPrivateKey(content) } catch { return error.problem }
            return nil
        }
        #expect(
            refusal(try theirs("-t", "ecdsa", "-N", "")) == "is a key of the type ecdsa-sha2-nistp256, not ssh-ed25519")
        #expect(
            refusal(try theirs("-t", "ed25519", "-Z", "aes128-ctr", "-a", "1", "-N", "a passphrase"))
                == "has a passphrase, which a node can't enter")
    }
}
