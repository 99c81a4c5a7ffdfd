import Lab
import Preseed

/// The directory with the SSH keys of nodes, where files are added and never replaced.
package struct KeyFiles {
    /// The path of the directory.
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// A public key that was written, alone or with its private key.
    package struct Made {
        /// The path of the public key.
        package let path: String
        package let fingerprint: String
    }

    /// What a run did.
    package struct Outcome {
        package fileprivate(set) var made: [Made] = []
        /// The public keys whose private keys are not in the directory, as in a clone of the lab.
        package fileprivate(set) var withoutPrivateKey: [String] = []
        /// Whether a `.gitignore` was there already that does not keep private keys out of git.
        package fileprivate(set) var exposesKeys = false
    }

    /// Keeps everything but public keys out of git.
    private static let gitignore = "*\n!.gitignore\n!*.pub\n"

    /// Makes the key files of nodes that are missing.
    /// - Parameter log: Receives one sentence when another process writes the same file.
    /// - Throws: ``BuildError`` when a file can't be written, or a private key without its public key can't be read.
    package func make(for nodes: [Hostname], log: (String) -> Void) async throws -> Outcome {
        var outcome = Outcome()
        try FileSystem.makeFolder(directory, mode: 0o700)
        // It is the first file, so that git never sees a private key.
        if let found = try FileSystem.read(path(".gitignore")) {
            outcome.exposesKeys = !found.split(separator: 10).contains { $0.elementsEqual("*".utf8) }
        } else {
            try await write(Array(Self.gitignore.utf8), to: ".gitignore", log: log)
        }
        for node in nodes {
            for purpose in NodeKeys.Purpose.allCases {
                let names = (open: purpose.publicFile(of: node), secret: purpose.privateFile(of: node))
                let (hasPublic, hasPrivate) = (try has(names.open), try has(names.secret))
                if hasPublic {
                    if !hasPrivate { outcome.withoutPrivateKey.append(path(names.open)) }
                    continue
                }
                let key = hasPrivate ? try privateKey(names.secret) : SSHPrivateKey()
                let publicKey = key.publicKey(comment: names.secret)
                if !hasPrivate {
                    try await write(key.content(comment: names.secret), to: names.secret, mode: 0o600, log: log)
                }
                // A run that ends here is completed by the next one, which makes the public key from the private one.
                try await write(Array("\(publicKey)\n".utf8), to: names.open, log: log)
                outcome.made.append(Made(path: path(names.open), fingerprint: publicKey.fingerprint))
            }
        }
        return outcome
    }

    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    private func has(_ name: String) throws(BuildError) -> Bool { try FileSystem.status(path(name)) != nil }

    private func privateKey(_ name: String) throws(BuildError) -> SSHPrivateKey {
        guard let content = try FileSystem.read(path(name)) else {
            throw BuildError("\(path(name)): is not a regular file")
        }
        do { return try SSHPrivateKey(content) } catch { throw BuildError("\(path(name)): \(error.problem)") }
    }

    private func write(
        _ content: [UInt8], to name: String, mode: UInt32 = 0o644, log: (String) -> Void
    ) async throws {
        try await FileSystem.writeFile(content, to: path(name), mode: mode, existing: .keep, log: log)
    }
}
