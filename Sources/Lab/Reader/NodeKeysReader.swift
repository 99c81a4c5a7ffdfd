import Preseed

/// Reads the keys of nodes from the directory beside the lab that `xenseed keys` writes.
struct NodeKeysReader {
    let reader: SpecReader

    /// Returns the keys of the nodes that have both public keys.
    ///
    /// Reports public keys that are missing, private keys that are missing (a warning, because a review does not need them)
    /// or that others can read, and keys that can't be used.
    func read(_ nodes: [Hostname], in directory: Located<RelativePath>) -> [Hostname: NodeKeys] {
        guard reader.labFiles.hasKeys else { return [:] }
        let files: [String: LabFiles.File]
        do {
            let found = try reader.labFiles.list(directory.value.description)
            files = Dictionary(found.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        } catch {
            reader.add(
                .missingKey, at: directory.location, "\(directory.value): \(error.reason)", hint: "run xenseed keys",
                subject: "public")
            return [:]
        }
        var keys: [Hostname: NodeKeys] = [:]
        var (missingPublic, missingPrivate): ([String], [String]) = ([], [])
        for node in nodes {
            func pair(_ purpose: NodeKeys.Purpose) -> NodeKeys.Pair? {
                let names = (open: purpose.publicFile(of: node), secret: purpose.privateFile(of: node))
                guard let open = files[names.open] else {
                    missingPublic.append(names.open)
                    return nil
                }
                let publicKey = publicKey(open, directory)
                guard let secret = files[names.secret] else {
                    missingPrivate.append(names.secret)
                    return publicKey.map { NodeKeys.Pair(publicKey: $0, privateKey: nil) }
                }
                let privateKey = privateKey(secret, of: publicKey, directory)
                return publicKey.map { NodeKeys.Pair(publicKey: $0, privateKey: privateKey) }
            }
            let (migration, host) = (pair(.migration), pair(.host))
            if let migration, let host { keys[node] = NodeKeys(migration: migration, host: host) }
        }
        if !missingPublic.isEmpty {
            reader.add(
                .missingKey, at: directory.location, "\(directory.value) has no \(Self.list(missingPublic))",
                hint: "run xenseed keys", subject: "public")
        }
        if !missingPrivate.isEmpty {
            let them = missingPrivate.count == 1 ? "it, its node" : "them, their nodes"
            reader.add(
                .missingKey, at: directory.location,
                "\(directory.value) has no \(Self.list(missingPrivate)): without \(them) can't migrate guests",
                hint: "copy what is missing from the machine on which xenseed keys was run; git does not have it",
                severity: .warning, subject: "private")
        }
        return keys
    }

    /// Returns the first names of a list, and the number of the others.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
    }

    private func publicKey(_ file: LabFiles.File, _ directory: Located<RelativePath>) -> AuthorizedKey? {
        guard let content = content(of: file, directory) else { return nil }
        let text = String(decoding: content, as: UTF8.self)
        do {
            let key = try AuthorizedKey(text: text.last?.isNewline == true ? String(text.dropLast()) : text)
            if key.description.hasPrefix("ssh-ed25519 ") { return key }
            refuse(file, directory, "is not a key of the type ssh-ed25519")
        } catch { refuse(file, directory, error.problem) }
        return nil
    }

    /// Returns the content of a private key; nil when it can't be used.
    /// - Parameter publicKey: The public key to which it must belong; nil when that can't be used.
    private func privateKey(
        _ file: LabFiles.File, of publicKey: AuthorizedKey?, _ directory: Located<RelativePath>
    ) -> [UInt8]? {
        guard let content = content(of: file, directory) else { return nil }
        if file.mode & 0o077 != 0 {
            reader.add(
                .openKey, at: directory.location,
                "\(directory.value)/\(file.path) is a private key that others can read (mode 0\(String(file.mode, radix: 8)))",
                hint: "chmod 0600 \(directory.value)/\(file.path)", severity: .warning, subject: file.path)
        }
        do {
            let key = try SSHPrivateKey(content)
            if let publicKey, key.publicKey(comment: "-").withoutComment != publicKey.withoutComment {
                refuse(file, directory, "does not belong to \(file.path).pub")
                return nil
            }
            return content
        } catch {
            refuse(file, directory, error.problem)
            return nil
        }
    }

    private func content(of file: LabFiles.File, _ directory: Located<RelativePath>) -> [UInt8]? {
        if case .file(let content) = file.kind { return content }
        refuse(file, directory, "is not a regular file")
        return nil
    }

    private func refuse(_ file: LabFiles.File, _ directory: Located<RelativePath>, _ problem: String) {
        let cure =
            file.path.hasSuffix(".pub")
            ? "remove it, and xenseed keys makes it from the private key"
            : "remove it and \(file.path).pub, and xenseed keys makes a new pair"
        reader.add(
            .unusableKey, at: directory.location, "\(directory.value)/\(file.path) \(problem)",
            hint: "restore the file, or \(cure)", subject: file.path)
    }
}
