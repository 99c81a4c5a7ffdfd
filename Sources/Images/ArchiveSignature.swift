import Build
import FoundationEssentials
import Preseed

/// A file that one of Debian's archive keys has signed, verified by gpgv.
struct ArchiveSignature {
    /// The signed text. Only this may be used of the file: a file can have other text around it.
    let text: [UInt8]
    /// The names of the keys with a valid signature, as the keyring has them.
    let signers: [String]
    /// A sentence if the signature proves less than one with a current key of Debian's archive.
    let warning: String?

    /// The keyrings of Debian's package debian-archive-keyring.
    static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    /// The keys that Debian has withdrawn because their time is over; with them, old releases are signed.
    private static let withdrawnKeys = "/usr/share/keyrings/debian-archive-removed-keys.gpg"

    /// Verifies the signatures of a file.
    /// - Parameters:
    ///   - path: The path of an `InRelease`, which contains its signatures, or of a `Release`, whose signatures are in a file
    ///     with the suffix `.gpg` beside it.
    ///   - keyring: The path of the keyring that has to have one of the keys; nil for Debian's.
    /// - Throws: ``ImageError`` when no key has signed the file, when a signature does not match, or when gpgv or the keyring
    ///   is missing.
    init(of path: String, keyring: String?) async throws {
        guard let gpgv = await Program("gpgv") else {
            throw ImageError(environment: "gpgv is not installed; install Debian's package gpgv")
        }
        let bytes = try smallFile(path)
        let isClearSigned = bytes.starts(with: "-----BEGIN PGP SIGNED MESSAGE-----".utf8)
        if isClearSigned, !Self.isOneMessage(bytes) {
            throw ImageError(path, "has text before, between or after its signed text and the signature")
        }
        let signature = isClearSigned ? nil : "\(path).gpg"
        if let signature, fileLength(signature) == nil {
            throw ImageError(
                path,
                "is not signed itself, and there is no \(signature) beside it; Debian's InRelease contains its signature"
            )
        }
        let first = try await Self.verified(by: gpgv, bytes, signature, keyring ?? Self.keyring, path)
        if !first.signers.isEmpty {
            (text, signers) = (isClearSigned ? first.output : bytes, first.signers.map(\.name))
            let old = first.signers.filter(\.isExpired).map(\.name)
            warning = old.count == signers.count ? Self.warning(path, old) : nil
            return
        }
        guard keyring == nil, fileLength(Self.withdrawnKeys) != nil else {
            throw Self.noSignature(path, keyring ?? Self.keyring, first.unknown)
        }
        let second = try await Self.verified(by: gpgv, bytes, signature, Self.withdrawnKeys, path)
        guard !second.signers.isEmpty else { throw Self.noSignature(path, Self.keyring, first.unknown) }
        (text, signers) = (isClearSigned ? second.output : bytes, second.signers.map(\.name))
        warning = Self.warning(path, signers)
    }

    private static func warning(_ path: String, _ keys: [String]) -> String {
        "\(path) is signed only by \(keys.count == 1 ? "a key" : "keys") whose time is over (\(keys.joined(separator: ", "))): Debian does not protect \(keys.count == 1 ? "it" : "them") any more, so the signature proves less than that of a current release"
    }

    private static func noSignature(_ path: String, _ keyring: String, _ unknown: [String]) -> ImageError {
        ImageError(
            path,
            "has no signature of a key in \(keyring)"
                + (unknown.isEmpty
                    ? "" : "; it is signed by \(unknown.joined(separator: ", ")): a newer keyring may have the key"))
    }

    /// Whether a file is one clear-signed message and nothing else (RFC 4880, 7). In the signed text, a line that begins with
    /// a dash has `- ` in front of it.
    private static func isOneMessage(_ bytes: [UInt8]) -> Bool {
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        let marks = lines.indices.filter { lines[$0].starts(with: "-----".utf8) }
        func isMark(_ index: Int, _ text: String) -> Bool {
            lines[marks[index]].elementsEqual("-----\(text)-----".utf8)
        }
        return marks.count == 3 && marks[0] == 0 && isMark(0, "BEGIN PGP SIGNED MESSAGE")
            && isMark(1, "BEGIN PGP SIGNATURE") && isMark(2, "END PGP SIGNATURE")
            && lines[(marks[2] + 1)...].allSatisfy(\.isEmpty)
    }

    private struct Signer {
        var name: String
        /// Whether the key has expired since it signed the file.
        var isExpired: Bool
    }

    /// Runs gpgv.
    /// - Parameters:
    ///   - bytes: The content of the file, so that what is verified is what is used.
    ///   - signature: The path of a detached signature; nil for a clear-signed file.
    /// - Returns: The keys whose signatures are valid, the numbers of the keys that the keyring does not have, and the text of
    ///   a clear-signed file.
    private static func verified(
        by gpgv: Program, _ bytes: [UInt8], _ signature: String?, _ keyring: String, _ path: String
    ) async throws -> (signers: [Signer], unknown: [String], output: [UInt8]) {
        guard fileLength(keyring) != nil else {
            throw ImageError(
                environment:
                    "\(keyring) is not there; install Debian's package debian-archive-keyring, or give a keyring with --keyring"
            )
        }
        func absolute(_ path: String) -> String { URL(filePath: path).absoluteURL.path }
        let files = signature.map { [absolute($0), "-"] } ?? ["--output", "-", "-"]
        let result = try await gpgv.run(
            ["--status-fd", "2", "--keyring", absolute(keyring)] + files, adding: ["LC_ALL": "C"], input: bytes,
            limit: 2 * smallFileLimit, time: .seconds(60), errors: .collected)
        var signers: [Signer] = []
        var unknown: [String] = []
        // The signature that the next VALIDSIG is about (GnuPG, doc/DETAILS). Several keys sign a file, and a keyring may lack
        // some of them, so gpgv's exit status does not count.
        var signer: Signer?
        for line in String(decoding: result.errors, as: UTF8.self).split(separator: "\n") {
            guard let status = line.wholeMatch(of: /\[GNUPG:\] (\w+)(?: (\S+)(?: (.*))?)?/) else { continue }
            let (id, name) = (status.2.map(String.init) ?? "", status.3.map(String.init) ?? "")
            switch status.1 {
            case "NEWSIG": signer = nil
            case "GOODSIG": signer = Signer(name: name, isExpired: false)
            case "EXPKEYSIG": signer = Signer(name: name, isExpired: true)
            case "VALIDSIG":
                if let signer { signers.append(signer) }
                signer = nil
            case "NO_PUBKEY": unknown.append(id)
            case "BADSIG": throw ImageError(path, "was changed: it does not match the signature of \(name)")
            default: break
            }
        }
        return (signers, unknown, result.output)
    }
}

/// The size of a text file from a mirror at most, in bytes; Debian's largest `Release` has 200 KB.
let smallFileLimit = 16 << 20

/// Returns the content of a text file from a mirror.
/// - Throws: ``ImageError`` when it can't be read or is too large.
func smallFile(_ path: String) throws(ImageError) -> [UInt8] {
    guard let length = fileLength(path), length <= smallFileLimit,
        let bytes = fileBytes(path, from: 0, count: length)
    else {
        throw ImageError(path, "is not a readable file of at most \(smallFileLimit >> 20) MiB")
    }
    return bytes
}
