import Preseed
import Templates

/// The files that `xenseed init` writes.
package enum Starter {
    package static let nodeCounts = 1...99

    /// Returns a lab with comments.
    /// - Parameters:
    ///   - release: The release of the lab; nil for that of the template.
    ///   - nodes: The number of its nodes, one of ``nodeCounts``.
    package static func text(release: Release?, nodes: Int) -> String {
        let lab = text(of: .starter, release: release)
        // The text ends with the first node, and the others differ from it by their number.
        guard let start = lab.firstRange(of: "  xen01:\n")?.lowerBound else {
            preconditionFailure("starter.yaml does not have the node xen01")
        }
        let node = lab[start...]
        let more = (1...nodes).dropFirst().map { index in
            let number = (index < 10 ? "0" : "") + "\(index)"
            return node.replacing("xen01", with: "xen\(number)").replacing(":00:01:", with: ":00:\(number):")
                .replacing("100.11}", with: "100.\(10 + index)}")
        }
        return lab + more.joined()
    }

    /// Returns the reference lab: two hosts that replicate the disks of guests by DRBD.
    /// - Parameter release: Nil for the release of the reference lab.
    package static func article(release: Release?) -> String {
        text(of: .article, release: release).replacing(/\$schema=.*/, with: "$schema=./lab.schema.json")
    }

    private static func text(of template: Template, release: Release?) -> String {
        let text = String(decoding: template.text, as: UTF8.self)
        guard let release else { return text }
        return text.replacing(/(^|\n)release: .*/, maxReplacements: 1) { "\($0.1)release: \(release.codename)" }
    }

    /// The list of files that git ignores: the state of the nodes is not a part of the lab.
    package static let gitignore = "# The state of the nodes, and what they reported.\n.xenseed/\n"

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
