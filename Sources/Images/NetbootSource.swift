import Build
import Lab
import Preseed
import SystemPackage

/// Debian's netboot archive, and the files of the mirror that prove where it comes from: `SHA256SUMS` has the digest of the
/// archive, the release file that of `SHA256SUMS`, and Debian's archive keys sign the release file.
package struct NetbootSource: Sendable {
    package var archive: String
    /// The path of the mirror's `SHA256SUMS` beside the archive's directory.
    package var sums: String?
    /// The path of the `InRelease` of the release, or of its `Release` with `Release.gpg` beside it.
    package var releaseFile: String?
    /// The path of the keyring; nil for Debian's.
    package var keyring: String?

    package init(archive: String, sums: String?, releaseFile: String?, keyring: String?) {
        (self.archive, self.sums, self.releaseFile, self.keyring) = (archive, sums, releaseFile, keyring)
    }

    /// Verifies as much of the chain as there are files for.
    /// - Returns: A sentence about what was verified, if anything was, and warnings about what was not.
    /// - Throws: ``ImageError``, with the code `input` when a file does not have the digest or the signature that it must have.
    func verify(for release: Release) async throws -> (proof: String?, warnings: [String]) {
        guard let sums else {
            return (
                nil,
                [
                    "\(archive) was not verified: who can change it on the mirror or on its way controls every node; give Debian's SHA256SUMS with --sums, and InRelease with --release-file"
                ]
            )
        }
        let list = try smallFile(sums)
        guard let releaseFile else {
            let listed = try compare(with: list, sums)
            return (
                "\(archive) has the digest of \(listed) in \(sums)",
                [
                    "\(sums) itself was not verified; give the mirror's dists/\(release.codename)/InRelease with --release-file"
                ]
            )
        }
        // The chain is verified from its beginning, so the first wrong file is named.
        let signature = try await ArchiveSignature(of: releaseFile, keyring: keyring)
        let signed = ReleaseFile(signature.text)
        guard signed.codename == release.codename else {
            throw ImageError(
                releaseFile,
                "is of “\(signed.codename ?? "no release")”, but the lab needs Debian \(release.number) (\(release.codename))"
            )
        }
        guard signed.hasInstallerSums(digest: sha256(list), size: list.count) else {
            throw ImageError(
                sums, "is not a list that \(releaseFile) names; fetch both again, from the same mirror at the same time"
            )
        }
        let listed = try compare(with: list, sums)
        let proof =
            "\(archive) has the digest of \(listed) in \(sums), which \(releaseFile) of \(signed.date ?? "no date") lists, signed by \(signature.signers.joined(separator: ", "))"
        return (proof, signature.warning.map { [$0] } ?? [])
    }

    /// Compares the archive with Debian's SHA256SUMS, which lists it as `./netboot/netboot.tar.gz`, beside other files of the
    /// same name.
    /// - Returns: The path in the list.
    private func compare(with sums: [UInt8], _ sumsPath: String) throws -> String {
        let name = archive.split(separator: "/").last.map(String.init) ?? archive
        let listed = String(decoding: sums, as: UTF8.self).split(separator: "\n").compactMap {
            line -> (digest: String, path: String)? in
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[1].split(separator: "/").last.map(String.init) == name else { return nil }
            return (String(parts[0]).lowercased(), String(parts[1]))
        }
        guard !listed.isEmpty else { throw ImageError(archive, "is not in \(sumsPath): it lists no \(name)") }
        let digest = try sha256(ofFile: archive)
        guard let match = listed.first(where: { $0.digest == digest }) else {
            // Debian's list has two archives.
            throw ImageError(
                archive, "has the SHA-256",
                lines: ["  \(digest)", "but the list has"] + listed.prefix(10).map { "  \($0.digest)  \($0.path)" })
        }
        return match.path
    }
}

/// The content of a `Release` file of a Debian mirror: fields, and the digests of the files of the release (Debian wiki,
/// DebianRepository/Format).
struct ReleaseFile {
    private(set) var codename: String?
    private(set) var date: String?
    /// The lines of the field SHA256: digest, size and path.
    private var files: [Substring] = []

    init(_ text: [UInt8]) {
        var field: Substring = ""
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix(" ") {
                if field == "SHA256" { files.append(line) }
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 || line.hasSuffix(":") else { continue }
            field = parts[0]
            let value = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
            switch field {
            case "Codename": codename = codename ?? value
            case "Date": date = date ?? value
            default: break
            }
        }
    }

    /// Whether the release has a list of digests of installer files for amd64 with this digest and size.
    func hasInstallerSums(digest: String, size: Int) -> Bool {
        files.contains { line in
            let fields = line.split(separator: " ")
            return fields.count == 3 && fields[0] == digest && Int(fields[1]) == size
                && fields[2].hasPrefix("main/installer-amd64/") && fields[2].hasSuffix("/images/SHA256SUMS")
        }
    }
}
