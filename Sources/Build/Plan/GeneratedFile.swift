import Lab
import Templates

/// The files of a node's directory and the sources that decide them, independently of a lab.
package enum GeneratedFile {
    /// Returns the fields of the lab that decide the content of a file or whether the file exists, such as
    /// `nodes.*.dom0.memory`; nil for a file whose content comes from the user.
    /// - Parameter path: The path relative to `nodes/NAME/`; members of the overlay are below `overlay/`.
    package static func fields(behind path: String) -> Set<String>? { table[path]?.fields }

    /// Returns the origin of all lines of a file that is not rendered from a template.
    /// - Parameter path: The path relative to `nodes/NAME/`.
    package static func origin(of path: String) -> Origin {
        Origin(template: nil, line: 1, untemplated[path] ?? (path.hasPrefix(overlay) ? Plan.ownFiles : digests))
    }

    private static let overlay = "overlay/"
    private static let digests = Sources.fact("the members of the overlay with their modes and digests")

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

    /// A member of the overlay without the type of its subject.
    private struct AnyMember {
        var path: OverlayPath
        /// The sources that decide whether the member exists and what it contains; nil if its content comes from the
        /// user.
        var sources: Sources?
        /// The sources of a content that is not rendered from a template.
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
    /// The sources of the values that xenseed's own template uses.
    var sources: Sources {
        guard let compiled = try? CompiledTemplate(name: template.rawValue, text: template.text, values: values) else {
            preconditionFailure("\(template.rawValue) does not compile")
        }
        return compiled.sources
    }
}
