import Preseed

/// Who can log in to a node.
package struct Access: Sendable {
    /// Whether root may log in. If not, root has neither a key nor a password.
    package var allowsRoot: Bool
    /// root's keys in their order, without duplicates.
    package var authorizedKeys: [AuthorizedKey]
    package var rootPassword: PasswordHash?
    /// The file from which root's hash was read; nil when the lab file has the hash or there is none.
    var rootPasswordFile: RelativePath?
    /// The accounts of people, sorted by name.
    package var users: [User]
    /// Whether users may log in over SSH with their passwords. root never can.
    package var allowsSSHPasswords: Bool

    init(
        allowsRoot: Bool, authorizedKeys: [AuthorizedKey], rootPassword: PasswordHash?,
        rootPasswordFile: RelativePath?, users: [User], allowsSSHPasswords: Bool
    ) {
        self.allowsRoot = allowsRoot
        self.authorizedKeys = authorizedKeys
        self.rootPassword = rootPassword
        self.rootPasswordFile = rootPasswordFile
        self.users = users
        self.allowsSSHPasswords = allowsSSHPasswords
    }

    /// Whether neither root nor a user can log in.
    package var isClosed: Bool { authorizedKeys.isEmpty && rootPassword == nil && !users.contains(where: \.canLogIn) }

    /// Whether root or a user can log in over SSH, so that the node needs an SSH server.
    package var usesSSH: Bool {
        !authorizedKeys.isEmpty || users.contains { !$0.keys.isEmpty || allowsSSHPasswords && $0.password != nil }
    }

    /// Whether a user may run commands as root with sudo.
    package var usesSudo: Bool { users.contains { $0.sudo != .no } }

    /// Whether a file of the node contains the hash of a user's password.
    package var hasUserPasswords: Bool { users.contains { $0.password != nil } }
}

/// The account of a person.
package struct User: Sendable {
    package var name: UserName
    package var fullName: FullName?
    /// The SSH keys in their order, without duplicates.
    package var keys: [AuthorizedKey]
    package var password: PasswordHash?
    /// The file from which the hash was read; nil when the lab file has the hash or there is none.
    var passwordFile: RelativePath?
    package var sudo: SudoRule
    /// The groups besides the user's own group, sorted and without duplicates.
    package var groups: [GroupName]
    package var shell: TargetPath
    /// The number of the account; nil when the node chooses it.
    package var uid: UserID?

    init(
        name: UserName, fullName: FullName?, keys: [AuthorizedKey], password: PasswordHash?,
        passwordFile: RelativePath?, sudo: SudoRule, groups: [GroupName], shell: TargetPath, uid: UserID?
    ) {
        self.name = name
        self.fullName = fullName
        self.keys = keys
        self.password = password
        self.passwordFile = passwordFile
        self.sudo = sudo
        self.groups = groups
        self.shell = shell
        self.uid = uid
    }

    /// Whether the user has a key or a password.
    package var canLogIn: Bool { !keys.isEmpty || password != nil }

    /// Whether the user can log in and then become root.
    var canBecomeRoot: Bool { canLogIn && (sudo == .nopasswd || sudo == .yes && password != nil) }
}

/// Whether a user may run commands as root with sudo: with the user's password, without a password, or not at all.
package enum SudoRule: String, Choice {
    case no = "false"
    case yes = "true"
    case nopasswd
    package static let noun = "a rule for sudo"
}
