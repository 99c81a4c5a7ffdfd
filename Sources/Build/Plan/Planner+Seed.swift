import Lab
import Templates

/// A file for the installer's root folder that is the same for every node.
struct SeedFile: Sendable {
    /// Relative to the installer's root: `preseed.cfg`.
    package var path: String
    /// Permission bits.
    package var mode: Int
    package var content: [UInt8]
}

extension Planner {
    /// What finds the node, beside the nodes' own folders; parents before their files are left to the archive.
    func seed() throws -> [SeedFile] {
        let context: Context = [
            "made_by": .text(Self.madeBy), "domain": .init(lab.domain), "locale": .init(lab.locale),
            "keymap": .init(lab.keymap), "firmware_refusal": firmwareRefusal,
            "nodes": .list(
                lab.nodes.map { node in
                    [
                        "node": .init(node.name), "serial": .text(node.serial?.description ?? ""),
                        // As sysfs has them: lower case.
                        "macs": .text(node.interfaces.map(\.mac.description).joined(separator: ",")),
                    ]
                }),
        ]
        func file(_ path: String, mode: Int = 0o644, _ template: Template) throws(TemplateSet.Invalid) -> SeedFile {
            SeedFile(path: path, mode: mode, content: try templates.render(template, context))
        }
        let preseed = try file("preseed.cfg", .seedPreseed)
        try checkPreseed(preseed.content, file: "usb/seed.cpio.gz: preseed.cfg")
        return [
            preseed, try file("xenseed/find-node.sh", mode: 0o755, .findNode),
            try file("xenseed/find-node.templates", .findNodeQuestions), try file("xenseed/nodes", .seedNodes),
        ]
    }
}

extension Node {
    /// Whether its overlay holds a file that not everybody may read.
    package var hidesFiles: Bool { !hiddenFiles.isEmpty }
}
