import Lab
import Preseed
import Templates

extension Plan {
    /// The configuration of the SSH server.
    static let sshd = TemplateDefinition<NodeSubject>(.sshd) {
        nodeValues
        TemplateValue(flag: "whole", from: .sshdFile) { !$0.lab.release.sshdReadsDirectory }
        TemplateValue("passwords", from: "nodes.*.access.ssh_passwords") {
            $0.node.access.allowsSSHPasswords ? "yes" : "no"
        }
        TemplateValue(flag: "root", from: "nodes.*.access.root") { $0.node.access.allowsRoot }
        TemplateValue(flag: "commands_only", from: ["nodes.*.access.root", "guests.*.on"]) {
            !$0.node.access.allowsRoot && $0.replicates
        }
    }

    /// The rules of sudo for the users.
    static let sudoers = TemplateDefinition<NodeSubject>(.sudoers) {
        nodeValues
        TemplateValue(list: "sudoers", from: "nodes.*.access.users.*.sudo") {
            $0.node.access.users.filter { $0.sudo != .no }
        } values: {
            TemplateValue("user") { $0.name }
            TemplateValue(flag: "without_password") { $0.sudo == .nopasswd }
        }
    }

    /// The section of the late command that creates the users.
    static var accounts: TemplateValue<NodeSubject> {
        TemplateValue(optional: "users", from: .users) {
            $0.node.access.users.isEmpty ? nil : $0.node.access
        } values: {
            TemplateValue(list: "accounts", of: \.usersByNumber) {
                TemplateValue("user") { $0.name }
                TemplateValue("uid") { $0.uid }
                TemplateValue("shell") { $0.shell }
                TemplateValue("groups") { $0.groups.map(\.description).joined(separator: ",") }
                TemplateValue("full_name") { $0.fullName }
                // No password matches *.
                TemplateValue("hash") { $0.password?.description ?? "*" }
                TemplateValue(texts: "user_keys") { $0.keys }
            }
        }
    }
}

extension Access {
    /// The assertion about the SSH server; none if nobody uses it.
    /// - Parameter replicates: Whether the node replicates guests, and so takes commands from other nodes.
    func sshAssertions(replicates: Bool) -> [Assertion] {
        guard usesSSH || replicates else { return [] }
        let (passwords, root) = (
            allowsSSHPasswords ? "yes" : "no", allowsRoot ? "key" : replicates ? "command" : "no"
        )
        return [
            Assertion(
                .ssh, arguments: [passwords, root], expected: "active, enabled, passwords: \(passwords), root: \(root)")
        ]
    }

    /// The assertions about the accounts that people log in to.
    var loginAssertions: [Assertion] {
        func assertion(_ name: String, _ keys: [AuthorizedKey], _ password: PasswordHash?, _ sudo: SudoRule)
            -> Assertion
        {
            var ways: [String] = []
            if !keys.isEmpty { ways.append("keys=\(keys.count)") }
            if password != nil { ways.append("password") }
            if sudo != .no { ways.append(sudo == .yes ? "sudo" : "sudo-nopasswd") }
            return Assertion(
                .login, name, arguments: [name] + (ways.isEmpty ? ["none"] : ways),
                expected: ways.isEmpty ? "none" : ways.joined(separator: " "))
        }
        // Without any setting, the lab says nothing about root.
        let isRootSet = !allowsRoot || !authorizedKeys.isEmpty || rootPassword != nil
        return (isRootSet ? [assertion("root", authorizedKeys, rootPassword, .no)] : [])
            + users.map { assertion("\($0.name)", $0.keys, $0.password, $0.sudo) }
    }

    /// The users in the order in which their accounts are created: first those with a number of their own, so that no other
    /// account takes it.
    fileprivate var usersByNumber: [User] { users.filter { $0.uid != nil } + users.filter { $0.uid == nil } }
}

extension Sources {
    static let rootPassword: Sources = ["nodes.*.access.root_password", "nodes.*.access.root_password_file"]
    static let userPasswords: Sources = [
        "nodes.*.access.users.*.password", "nodes.*.access.users.*.password_file",
    ]
    /// The fields that decide whether somebody logs in over SSH.
    static let sshAccess: Sources = [
        "nodes.*.access.authorized_keys", "nodes.*.access.users.*.keys", userPasswords, "nodes.*.access.ssh_passwords",
    ]
    static let sshdFile: Sources = ["release", .fact("the files that the release's SSH server reads")]
    /// The fields of the accounts of people.
    static let users: Sources = [
        "nodes.*.access.users.*.full_name", "nodes.*.access.users.*.keys", userPasswords,
        "nodes.*.access.users.*.groups", "nodes.*.access.users.*.shell", "nodes.*.access.users.*.uid",
    ]
}
