import Templates

/// The files that `xenseed init` writes.
package enum Starter {
    package static var text: String { String(decoding: Template.starter.text, as: UTF8.self) }

    /// A CI configuration for a forge, with the path at which the forge expects it.
    package enum CI: String, CaseIterable, Sendable {
        case github, gitlab

        package var path: String {
            switch self {
            case .github: ".github/workflows/lab.yml"
            case .gitlab: ".gitlab-ci.yml"
            }
        }

        package var text: String {
            String(decoding: (self == .github ? Template.githubCI : .gitlabCI).text, as: UTF8.self)
        }
    }
}
