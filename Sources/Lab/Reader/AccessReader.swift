import Preseed

/// Reads the field `access` of a node.
struct AccessReader {
    let reader: SpecReader
    let release: Release

    /// Returns the access of a node, and whether the lab file has a key, a password or a user for it, well-formed or not, or
    /// says that root may not log in.
    func read(_ node: Fields) -> (access: Access, isPresent: Bool) {
        let fields = node.object("access")
        let allowsRoot = fields.boolean("root")?.value ?? true
        let keys = self.keys(fields, "authorized_keys")
        let (password, file) = self.password(fields, "root_password", "root_password_file")
        let allowsPasswords = fields.boolean("ssh_passwords")
        let users = fields.table("users", keys: UserName.self).map { UserReader(access: self).read($0, $1) }
        checkUIDs(users)
        let isPresent =
            ["authorized_keys", "root_password", "root_password_file", "users"].contains { fields.isPresent($0) }
            || !allowsRoot || node["access"].map { !$0.layers[0].value.isMapping } ?? false
        let access = Access(
            allowsRoot: allowsRoot, authorizedKeys: keys, rootPassword: password?.value, rootPasswordFile: file,
            users: users.map(\.user), allowsSSHPasswords: allowsPasswords?.value ?? false)
        if !allowsRoot {
            for key in ["authorized_keys", "root_password", "root_password_file"] where fields.isPresent(key) {
                reader.add(
                    .rootIsClosed, at: fields.location(key), "root may not log in (`root: false`), but has \(key)",
                    hint: "delete \(key), or write root: true")
            }
        }
        if users.allSatisfy(\.isWellFormed) { checkRoot(access, fields) }
        if let allowsPasswords, allowsPasswords.value, fields["ssh_passwords"] != nil,
            users.allSatisfy({ $0.isWellFormed && $0.user.password == nil })
        {
            reader.add(
                .pointlessField, at: allowsPasswords.location,
                "no user has a password, so this field has no effect; root can't use a password over SSH",
                hint: "give a user a password, or leave `ssh_passwords` out", severity: .warning)
        }
        return (access, isPresent)
    }

    /// Reports a node on which people may have accounts, but nobody can become root.
    private func checkRoot(_ access: Access, _ fields: Fields) {
        let rootHasWay = ["authorized_keys", "root_password", "root_password_file"].contains { fields.isPresent($0) }
        guard !access.allowsRoot || !rootHasWay && !access.users.isEmpty,
            !access.users.contains(where: \.canBecomeRoot)
        else { return }
        reader.add(
            .nobodyBecomesRoot, at: fields.location(access.allowsRoot ? "users" : "root"),
            "\(access.allowsRoot ? "root has neither a key nor a password" : "root may not log in"), "
                + "and no user can log in and become root",
            hint: "give a user a key and sudo: nopasswd, or a password and sudo: true",
            severity: access.allowsRoot ? .warning : .error)
    }

    private func checkUIDs(_ users: [UserReader.Result]) {
        var owners: [Int: UserName] = [:]
        for result in users {
            guard let uid = result.uid else { continue }
            if let owner = owners.updateValue(result.user.name, forKey: uid.value.value) {
                reader.add(.duplicateUID, at: uid.location, "\(uid.value) is already the number of \(owner)")
            }
        }
    }

    /// Returns the SSH keys of a field without duplicates.
    func keys(_ fields: Fields, _ key: String) -> [AuthorizedKey] {
        fields.list(key, of: AuthorizedKey.self).map(\.value).withoutDuplicates
    }

    /// Returns the hash of a password, from its field or from the file that another field names, and the name of the file.
    func password(_ fields: Fields, _ own: String, _ other: String) -> (Located<PasswordHash>?, RelativePath?) {
        let file = fields.text(other, RelativePath.self)
        if fields[own] != nil, fields[other] != nil {
            reader.add(
                .twoPasswords, at: fields.location(other), "the password is given twice",
                hint: "keep \(own) or \(other)")
        }
        let password: Located<PasswordHash>? =
            fields[own] != nil ? fields.text(own) : file.flatMap(self.password(in:))
        if let password, !release.cryptMethods.contains(password.value.method) {
            reader.add(
                .hashUnreadable, at: password.location,
                "\(release.codename) can't read a \(password.value.method) hash",
                hint: "make a $6$ hash with: xenseed passwd")
        }
        return (password, file?.value)
    }

    private func password(in path: Located<RelativePath>) -> Located<PasswordHash>? {
        do {
            var text = String(decoding: try reader.labFiles.read(path.value.description), as: UTF8.self)
            if text.hasSuffix("\n") { text.removeLast() }
            return reader.parse(text, PasswordHash.self, at: path.location).map {
                Located(value: $0, location: path.location)
            }
        } catch {
            reader.add(.besideUnreadable, at: path.location, "\(path.value): \(error.reason)")
            return nil
        }
    }
}

extension YAMLValue {
    fileprivate var isMapping: Bool { if case .mapping = self { true } else { false } }
}

extension [AuthorizedKey] {
    fileprivate var withoutDuplicates: [AuthorizedKey] {
        var unique: [AuthorizedKey] = []
        for key in self where !unique.contains(key) { unique.append(key) }
        return unique
    }
}
