import Lab
import Templates

/// The installer on a medium, by paths in its root, and what its BIOS menu can use.
package struct MediumInstaller: Sendable {
    package var kernel: MediumPath
    var initrd: MediumPath
    /// ISOLINUX's folder; its name alone for the root: `/`.
    var folder: MediumPath
    /// The medium's own menu program, by its name in the folder; nil when it has none.
    var menu: MediumPath?

    package init(kernel: MediumPath, initrd: MediumPath, folder: MediumPath, menu: MediumPath?) {
        self.kernel = kernel
        self.initrd = initrd
        self.folder = folder
        self.menu = menu
    }
}

/// A path that stands bare in the configuration of ISOLINUX and GRUB.
package struct MediumPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// - Returns: nil when one of the two would not read it as it stands.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ isPlain($0) }) else { return nil }
        description = text
    }
}

private func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "/._+-".utf8.contains(byte)
}

extension Planner {
    /// The path, in the root of a medium, of the boot sector that ISOLINUX's menu starts for the machine's own disk.
    package static let diskStarter = "xenseed/disk.bin"

    /// The menus of a medium for the whole lab: ISOLINUX's for BIOS, GRUB's for UEFI.
    ///
    /// The first entry starts the machine's own disk, by itself after half a minute. The second installs the node that the
    /// machine is, when the lab has nodes with this firmware.
    package func bootMenu(_ firmware: Firmware, _ installer: MediumInstaller) throws(TemplateSet.Invalid) -> [UInt8] {
        let consoles = Set(lab.nodes.map { $0.console?.description })
        let console = consoles.count == 1 ? lab.nodes[0].console : nil
        // With auto, the installer waits for a preseed by network before it settles language and keyboard.
        var options = ["priority=critical", "domain=\(lab.domain)", "locale=\(lab.locale)", "keymap=\(lab.keymap)"]
        if let console { options.append("console=\(console)n8") }
        let other: Firmware = firmware == .bios ? .uefi : .bios
        let context: Context = [
            "made_by": .text(Self.madeBy), "domain": .init(lab.domain),
            "serial": .optional(console.map { ["unit": .init($0.unit), "speed": .init($0.speed)] }),
            "folder": .init(installer.folder), "menu": .text(installer.menu?.description ?? ""),
            "kernel": .init(installer.kernel), "initrd": .init(installer.initrd),
            "disk_starter": .text(Self.diskStarter), "options": .text(options.joined(separator: " ")),
            "title": "\(lab.domain): Debian \(lab.release.number) (\(lab.release.codename)), Xen hosts",
            "disk_words": "Start this machine from its own disk (nothing is erased)",
            "install_words": "Install the node that this machine is: its disk WILL BE ERASED",
            "refusal": "No node of this lab starts from \(firmware.words): start this medium from \(other.words)",
            "installs": .flag(lab.nodes.contains { $0.firmware == firmware }),
            "nodes": .list(
                lab.nodes.map { node in
                    [
                        "node": .init(node.name),
                        "line": .text(
                            node.firmware == firmware
                                ? "\(node.name)  \(node.installMAC)  ERASED: \(node.disk.words)"
                                : "\(node.name)  \(node.installMAC)  starts from \(other.words) only"),
                    ]
                }),
        ]
        return try templates.render(firmware == .bios ? .isolinux : .grubMedium, context)
    }
}

extension Firmware {
    /// For a person.
    var words: String { self == .bios ? "BIOS" : "UEFI" }
}
