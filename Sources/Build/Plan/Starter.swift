import Templates

/// What `xenseed init` writes.
public enum Starter {
    public static var text: String { String(decoding: Template.starter.text, as: UTF8.self) }

    /// A recipe for a forge's CI, and where the forge looks for it.
    public enum CI: String, CaseIterable, Sendable {
        case github, gitlab

        public var path: String {
            switch self {
            case .github: ".github/workflows/lab.yml"
            case .gitlab: ".gitlab-ci.yml"
            }
        }

        public var text: String {
            String(decoding: (self == .github ? Template.githubCI : .gitlabCI).text, as: UTF8.self)
        }
    }
}
