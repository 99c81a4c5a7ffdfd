import Preseed

/// Reads an entry of the field `access.users` of a node.
struct UserReader {
    let access: AccessReader

    /// A user as far as it could be read.
    struct Result {
        var user: User
        var uid: Located<UserID>?
        /// Whether every field that decides who can log in could be read.
        var isWellFormed: Bool
    }

    private var reader: SpecReader { access.reader }

    func read(_ name: UserName, _ fields: Fields) -> Result {
        let location = fields.cursor.location
        if Release.reservedUserNames.contains(name.description) {
            reader.add(
                .reservedUser, at: location, "Debian reserves the user name “\(name)” for the system",
                hint: "choose a different name")
        }
        let fullName = fields.text("full_name", FullName.self)
        let keys = access.keys(fields, "keys")
        let (password, file) = access.password(fields, "password", "password_file")
        let sudo = fields.text("sudo", SudoRule.self)
        let groups = fields.list("groups", of: GroupName.self)
        for group in groups { check(group) }
        let shell = fields.text("shell", TargetPath.self)
        let uid = fields.text("uid", UserID.self)
        let user = User(
            name: name, fullName: fullName?.value, keys: keys, password: password?.value, passwordFile: file,
            sudo: sudo?.value ?? .no, groups: Set(groups.map(\.value)).sorted(),
            shell: shell?.value ?? known(TargetPath.self, "/bin/bash"), uid: uid?.value)
        let isWellFormed =
            (!keys.isEmpty || !fields.isPresent("keys")) && sudo != nil
            && (password != nil || !["password", "password_file"].contains { fields.isPresent($0) })
        if isWellFormed { checkLogin(user, fields) }
        return Result(user: user, uid: uid, isWellFormed: isWellFormed)
    }

    private func checkLogin(_ user: User, _ fields: Fields) {
        if !user.canLogIn {
            reader.add(
                .nobodyCanLogIn, at: fields.cursor.location,
                "\(user.name) can't log in: there is neither a key nor a password",
                hint: "add keys: [\"ssh-ed25519 AAAA… \(user.name)@desk\"]", severity: .warning)
        } else if user.sudo == .yes, user.password == nil {
            reader.add(
                .sudoWithoutPassword, at: fields.location("sudo"),
                "sudo asks \(user.name) for a password, and \(user.name) has none",
                hint: "write sudo: nopasswd, or add a password", severity: .warning)
        }
    }

    /// Warns of a group that the base system does not have. One of the node's packages may create it.
    private func check(_ group: Located<GroupName>) {
        let name = group.value.description
        if name == "sudo" {
            reader.add(
                .unknownGroup, at: group.location, "the field `sudo` decides who can use sudo, not the group",
                hint: "write sudo: true instead of the group")
        } else if !Release.baseGroups.contains(name) {
            let near = nearestName(to: name, among: Release.baseGroups.sorted())
            reader.add(
                .unknownGroup, at: group.location,
                "Debian's base system has no group “\(name)”; the installation creates it unless a package does",
                hint: near.map { "did you mean \($0)?" }, severity: .warning)
        }
    }
}
