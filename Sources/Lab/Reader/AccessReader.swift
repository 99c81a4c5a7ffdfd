import Preseed

struct AccessReader {
    let reader: SpecReader
    let release: Release

    func read(_ node: Fields) -> (access: Access, isPresent: Bool) {
        let fields = node.object("access")
        let keys = fields.list("authorized_keys", of: AuthorizedKey.self)
        let file = fields.text("root_password_file", RelativePath.self)
        let password = self.password(fields, file)
        if let password, !release.cryptMethods.contains(password.value.method) {
            reader.add(
                .hashUnreadable, at: password.location,
                "\(release.codename) can't read a \(password.value.method) hash",
                hint: "make a $6$ hash with: xenseed passwd")
        }
        var unique: [AuthorizedKey] = []
        for key in keys where !unique.contains(key.value) { unique.append(key.value) }
        var isPresent = ["authorized_keys", "root_password", "root_password_file"].contains { fields.isPresent($0) }
        if let said = node["access"]?.layers[0].value { if case .mapping = said {} else { isPresent = true } }
        return (
            Access(authorizedKeys: unique, rootPassword: password?.value, rootPasswordFile: file?.value), isPresent
        )
    }

    private func password(_ fields: Fields, _ file: Located<RelativePath>?) -> Located<PasswordHash>? {
        if fields["root_password"] != nil, fields["root_password_file"] != nil {
            reader.add(
                .twoPasswords, at: fields.location("root_password_file"), "the password is given twice",
                hint: "keep root_password or root_password_file")
        }
        if fields["root_password"] != nil { return fields.text("root_password") }
        guard let path = file else { return nil }
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
