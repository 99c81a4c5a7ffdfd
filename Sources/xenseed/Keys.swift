import ArgumentParser
import Build
import FoundationEssentials
import Lab

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes the SSH keys by which nodes move guests to each other.",
        discussion: """
            For each node with a guest that is replicated: NODE.migration, with which the
            node logs in on the other one, and NODE.host, by which the other one
            recognizes it, in the directory replication.keys beside the lab file. Public
            keys (.pub) belong in git; a .gitignore leaves the private keys out. Existing
            files are not changed.

            A build takes the keys from there. To replace a key, remove both of its
            files, run this command, and install both nodes of the guest again.

            Examples:
              xenseed keys
              xenseed keys mylab
            """)

    @Argument(
        help: "The lab file, or the directory with lab.yaml.", completion: .file(extensions: ["yaml", "yml"]),
        transform: labPath)
    var lab = "lab.yaml"

    func run() async throws {
        let model = try readLab(at: lab, takesKeys: false, show: printErrors(of:))
        guard let replication = model.replication, !model.replicatingNodes.isEmpty else {
            return complain("\(lab): no guest is on two nodes, so no node needs keys")
        }
        let parent = lab.lastIndex(of: "/").map { String(lab[...$0]) } ?? ""
        let directory = parent + replication.keys.description
        do {
            try FileManager.default.createDirectory(
                at: URL(filePath: directory).absoluteURL.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch { throw CommandError.environment("\(directory): \(error.reason)") }
        let outcome = try await KeyFiles(directory: directory).make(for: model.replicatingNodes, log: complain)
        for made in outcome.made { try output("\(made.path)  \(made.fingerprint)") }
        if outcome.exposesKeys {
            complain(
                "\(directory)/.gitignore does not keep the private keys out of git; put these lines into it: *, !.gitignore, !*.pub"
            )
        }
        if !outcome.made.isEmpty {
            complain(
                "commit \(directory)/.gitignore and \(directory)/*.pub; the private keys stay out of git: keep a copy of them"
            )
        }
        guard outcome.withoutPrivateKey.isEmpty else {
            let missing = outcome.withoutPrivateKey.map { "  \($0.dropLast(4))" }.joined(separator: "\n")
            throw CommandError.environment(
                "private keys are missing; copy them from the machine on which they were made, or remove their .pub for new ones:\n\(missing)"
            )
        }
        if outcome.made.isEmpty { complain("\(directory) has the keys of all nodes already") }
    }
}
