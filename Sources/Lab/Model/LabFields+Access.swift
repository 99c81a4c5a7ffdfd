import Preseed

extension LabFields {
    package static let access = ModelSchema("access", of: Access.self) {
        FieldDefinition(
            "authorized_keys", listOf: AuthorizedKey.self, .live, wording: .keys("root's key of"),
            "SSH public keys for root."
        ) { $0.authorizedKeys }
        FieldDefinition(
            "root_password", PasswordHash.self, .live, wording: .secret("root's password"),
            "root's password as a crypt(3) hash, for the console."
        ) { $0.rootPassword }
        FieldDefinition(
            "root_password_file", RelativePath.self, instead: "root_password", example: "root.hash", .cosmetic,
            wording: .value("the file of root's password"), "A file beside the lab file that holds the hash."
        ) { $0.rootPasswordFile }
        FieldDefinition(
            flag: "root", default: true, .live,
            wording: .flag(on: "root may log in", off: "root may no longer log in"),
            "Whether root may log in. With false, users with sudo administer the node."
        ) { $0.allowsRoot }
        FieldDefinition("users", user, by: \.name, noun: "user", "The accounts of people, by user name.") { $0.users }
        FieldDefinition(
            flag: "ssh_passwords", default: false, .live,
            wording: .flag(
                on: "users may log in over SSH with passwords", off: "users may log in over SSH only with keys"),
            "Whether users may log in over SSH with their passwords. root never can."
        ) { $0.allowsSSHPasswords }
    }

    package static let user = ModelSchema("a user", of: User.self) {
        FieldDefinition(
            "full_name", FullName.self, .live, wording: .value("full name"), "The name of the person."
        ) { $0.fullName }
        FieldDefinition(
            "keys", listOf: AuthorizedKey.self, .live, wording: .keys("key of"), "SSH public keys."
        ) { $0.keys }
        FieldDefinition(
            "password", PasswordHash.self, .live, wording: .secret("password"), "The password as a crypt(3) hash."
        ) { $0.password }
        FieldDefinition(
            "password_file", RelativePath.self, instead: "password", example: "ann.hash", .cosmetic,
            wording: .value("the file of the password"), "A file beside the lab file that holds the hash."
        ) { $0.passwordFile }
        FieldDefinition(
            "sudo", SudoRule.self, default: "false", .live, wording: .value("sudo"),
            "Whether the user may run commands as root with sudo: true with the user's password, nopasswd without one."
        ) { $0.sudo }
        FieldDefinition(
            "groups", listOf: GroupName.self, .live, wording: .items("group"),
            "Groups of which the user is a member, besides a group of the user's own."
        ) { $0.groups }
        FieldDefinition(
            "shell", TargetPath.self, default: "/bin/bash", example: "/bin/bash", .live, wording: .value("shell"),
            "The login shell."
        ) { $0.shell }
        FieldDefinition(
            "uid", UserID.self, .live, wording: .value("number"),
            "The number of the account. The installed system chooses a free one by default."
        ) { $0.uid }
    }
}
