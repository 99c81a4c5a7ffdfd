import Lab
import Templates

/// A file in the installer's root directory that is the same for every node.
struct SeedFile: Sendable {
    /// The path relative to the installer's root directory, such as `preseed.cfg`.
    package var path: String
    /// The permission bits.
    package var mode: Int
    package var content: [UInt8]
}

extension Plan {
    /// Returns the files of the seed that find the node. The nodes' own directories are not included, and the archive
    /// adds the directories above the files.
    func seed() throws -> [SeedFile] {
        func file(_ path: String, mode: Int = 0o644, _ template: TemplateDefinition<Plan>) -> SeedFile {
            SeedFile(path: path, mode: mode, content: templates.render(template, self))
        }
        let preseed = file("preseed.cfg", Self.seedPreseed)
        try checkPreseed(preseed.content, file: "usb/seed.cpio.gz: preseed.cfg")
        return [
            preseed, file("xenseed/find-node.sh", mode: 0o755, Self.findNode),
            file("xenseed/find-node.templates", Self.findNodeQuestions), file("xenseed/nodes", Self.seedNodes),
        ]
    }

    static let seedPreseed = TemplateDefinition<Plan>(.seedPreseed) {
        labValues()
        TemplateValue("locale", from: "locale") { $0.lab.locale }
        TemplateValue("keymap", from: "keymap") { $0.lab.keymap }
        firmwareRefusal()
    }

    static let findNode = TemplateDefinition<Plan>(.findNode) { labValues() }
    static let findNodeQuestions = TemplateDefinition<Plan>(.findNodeQuestions) { labValues() }

    static let seedNodes = TemplateDefinition<Plan>(.seedNodes) {
        labValues()
        TemplateValue(list: "nodes", from: .eachNode, of: { $0.lab.nodes }) {
            TemplateValue("node", from: .nodeName) { $0.name }
            TemplateValue("serial", from: "nodes.*.serial") { $0.serial }
            // In lower case, as in sysfs.
            TemplateValue("macs", from: "nodes.*.interfaces.*.mac") {
                $0.interfaces.map { $0.mac.isPlaceholder ? "\($0.name)=\($0.mac)" : "\($0.mac)" }.joined(separator: ",")
            }
        }
    }
}
