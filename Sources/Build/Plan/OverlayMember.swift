import Lab

/// A member of a node's overlay. All members are owned by root.
package struct OverlayMember: Sendable {
    /// The path relative to the root of the installed system, such as `etc/hosts`.
    package var path: String
    /// The permission bits.
    package var mode: Int
    package var kind: Kind

    package enum Kind: Sendable {
        case file([UInt8])
        case folder
        /// A symbolic link to this target.
        case link(String)
    }

    /// Whether nobody but root may see the content, which a diff does not show.
    package var isSecret = false

    init(path: String, mode: Int, _ kind: Kind, isSecret: Bool = false) {
        (self.path, self.mode, self.kind, self.isSecret) = (path, mode, kind, isSecret)
    }

    init(_ file: ExtraFile) {
        path = String(file.path.description.dropFirst())
        mode = file.mode
        kind =
            switch file.kind {
            case .file(let content): .file(content)
            case .link(let target): .link(target)
            case .folder: .folder
            }
    }
}

/// The definition of a member that xenseed writes into overlays, independently of a lab: its path, its mode, its
/// content and the condition for it.
struct OverlayMemberDefinition<Subject>: Sendable {
    let path: OverlayPath
    let mode: Int
    let content: Content
    let condition: Condition?

    enum Content: Sendable {
        case template(TemplateDefinition<Subject>)
        /// A text that is not rendered from a template.
        case text(from: Sources, @Sendable (Subject) -> [UInt8])
        /// A private key.
        case secret(from: Sources, @Sendable (Subject) -> [UInt8])
        /// A text that comes from the user.
        case foreign(from: Sources, @Sendable (Subject) -> [UInt8])
        case folder
        case link(String)

        static func link(to member: OverlayPath) -> Content { .link("/" + member.rawValue) }
    }

    /// The condition under which an overlay has the member.
    struct Condition: Sendable {
        let sources: Sources
        let isMet: @Sendable (Subject) -> Bool

        static func when(_ sources: Sources, _ isMet: @escaping @Sendable (Subject) -> Bool) -> Condition {
            Condition(sources: sources, isMet: isMet)
        }
    }

    init(_ path: OverlayPath, mode: Int? = nil, _ content: Content, _ condition: Condition? = nil) {
        (self.path, self.content, self.condition) = (path, content, condition)
        if let mode { self.mode = mode } else if case .link = content { self.mode = 0o777 } else { self.mode = 0o644 }
    }

    var template: AnyTemplateDefinition? {
        if case .template(let definition) = content { definition.erased } else { nil }
    }

    /// Returns the member for the overlay of a subject; nil if the condition is not met.
    func member(of subject: Subject, _ templates: TemplateSet) -> OverlayMember? {
        if let condition, !condition.isMet(subject) { return nil }
        let kind: OverlayMember.Kind =
            switch content {
            case .template(let definition): .file(templates.render(definition, subject))
            case .text(_, let text), .foreign(_, let text), .secret(_, let text): .file(text(subject))
            case .folder: .folder
            case .link(let target): .link(target)
            }
        let isSecret = if case .secret = content { true } else { false }
        return OverlayMember(path: path.rawValue, mode: mode, kind, isSecret: isSecret)
    }
}
