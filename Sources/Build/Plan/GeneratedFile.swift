import Lab
import Templates

/// The fields of the lab that a file of a node's directory is rendered from.
package enum GeneratedFile {
    /// - Parameter path: the path below `nodes/NAME/`; a member of the overlay stands below `overlay/`.
    /// - Returns: the fields, as `nodes.*.dom0.memory`; nil for a file that is the user's own.
    package static func fields(behind path: String) -> Set<String>? { table[path] }

    private static let table: [String: Set<String>] = {
        var table: [String: Set<String>] = [:]
        for path in OverlayPath.allCases where path != .lateScript {
            table["overlay/\(path.rawValue)"] = path.template.map(fields) ?? []
        }
        // What decides on a file that has none of it in its text.
        for (path, fields) in [
            (OverlayPath.hostname, ["domain"]), (.sshFolder, ["nodes.*.access.authorized_keys"]),
            (.serialGetty0, ["nodes.*.console"]), (.serialGetty1, ["nodes.*.console"]),
            (.timesyncdWanted, ["ntp", "nodes.*.packages"]), (.resolv, ["networks.*.dhcp"]),
        ] {
            table["overlay/\(path.rawValue)", default: []].formUnion(fields)
        }
        table["preseed.cfg"] = fields(of: .preseed)
        table["late-command.sh"] = fields(of: .lateCommand)
        return table
    }()

    private static func fields(of template: Template) -> Set<String> {
        guard let compiled = try? CompiledTemplate(name: template.rawValue, text: template.text) else {
            preconditionFailure("\(template.rawValue) does not compile")
        }
        return Set(Origin(template: template, line: 1, names: compiled.names).fields)
    }
}

extension OverlayPath {
    /// The template that the file is rendered from; nil for links, directories, and what has none.
    var template: Template? {
        switch self {
        case .hostname, .sshFolder, .lateScript, .cardsUnitWanted, .verifyUnitWanted, .verifyTimerWanted,
            .timesyncdWanted:
            nil
        case .hosts: .hosts
        case .interfaces: .interfaces
        case .carrierWait: .carrierWait
        case .nicNames: .nicNames
        case .cards: .cards
        case .cardsRule: .cardsRule
        case .cardsUnit: .cardsUnit
        case .cardsScript: .cardsScript
        case .grub: .grub
        case .xendomains: .xendomains
        case .toolstack: .toolstack
        case .aptSources: .aptSources
        case .aptConf: .aptConf
        case .aptHook: .aptHook
        case .resolv: .resolv
        case .authorizedKeys: .authorizedKeys
        case .expect: .expect
        case .serialGetty0, .serialGetty1: .serialGetty
        case .verifyUnit: .verifyUnit
        case .verifyTimer: .verifyTimer
        case .verifySoonTimer: .verifySoonTimer
        case .timesyncd, .timesyncdDropIn: .timesyncd
        case .xlConf: .xlConf
        case .xendomainsUnit: .xendomainsUnit
        case .verifyScript: .verifyScript
        }
    }
}
