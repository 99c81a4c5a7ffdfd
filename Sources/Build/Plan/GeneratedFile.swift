import Lab
import Templates

/// The files of a node's directory, and what decides them, before it is known for which lab.
package enum GeneratedFile {
    /// The fields of the lab that a file is rendered from, or by which it is there.
    /// - Parameter path: the path below `nodes/NAME/`; a member of the overlay stands below `overlay/`.
    /// - Returns: the fields, as `nodes.*.dom0.memory`; nil for a file whose content is the user's own.
    package static func fields(behind path: String) -> Set<String>? { table[path]?.fields }

    /// The origin of each line of a file that is not rendered from a template.
    /// - Parameter path: the path below `nodes/NAME/`.
    package static func origin(of path: String) -> Origin {
        Origin(template: nil, line: 1, untemplated[path] ?? (path.hasPrefix(overlay) ? Plan.ownFiles : digests))
    }

    private static let overlay = "overlay/"
    private static let digests = Sources.fact("what is in the overlay: its members, their modes and digests")

    private static let table: [String: Sources] = {
        var table = Dictionary(
            uniqueKeysWithValues: members.compactMap { member in
                member.sources.map { (overlay + member.path.rawValue, $0) }
            })
        table["preseed.cfg"] = Plan.preseed.erased.sources
        table["late-command.sh"] = Plan.lateCommand.erased.sources
        return table
    }()

    private static let untemplated = Dictionary(
        uniqueKeysWithValues: members.compactMap { member in
            member.untemplatedSources.map { (overlay + member.path.rawValue, $0) }
        })

    private static let members =
        Plan.ownMembers.map(AnyMember.init) + Plan.commonMembers.map(AnyMember.init)

    /// A member of the overlay, whatever it is computed from.
    private struct AnyMember {
        var path: OverlayPath
        /// What decides whether it is there, and what is in it; nil for what is the user's own.
        var sources: Sources?
        /// What decides a text that no template has.
        var untemplatedSources: Sources?

        init<Subject>(_ member: OverlayMemberDefinition<Subject>) {
            path = member.path
            var sources = member.condition?.sources ?? []
            switch member.content {
            case .template(let definition): sources.formUnion(definition.erased.sources)
            case .text(let own, _):
                sources.formUnion(own)
                untemplatedSources = own
            case .foreign(let own, _):
                untemplatedSources = own
                return
            case .folder, .link: break
            }
            self.sources = sources
        }
    }
}

extension AnyTemplateDefinition {
    /// What decides the values that xenseed's own template uses.
    var sources: Sources {
        guard let compiled = try? CompiledTemplate(name: template.rawValue, text: template.text, values: values) else {
            preconditionFailure("\(template.rawValue) does not compile")
        }
        return compiled.sources
    }
}
