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

extension Plan {
    /// The path, in the root of a medium, of the boot sector that ISOLINUX's menu starts for the machine's own disk.
    package static let diskStarter = "xenseed/disk.bin"

    /// The menus of a medium for the whole lab: ISOLINUX's for BIOS, GRUB's for UEFI.
    ///
    /// The first entry starts the machine's own disk, by itself after half a minute. The second installs the node that the
    /// machine is, when the lab has nodes with this firmware.
    package func bootMenu(_ firmware: Firmware, _ installer: MediumInstaller) -> [UInt8] {
        templates.render(
            firmware == .bios ? Self.isolinux : Self.grubMedium,
            BootMenuSubject(plan: self, firmware: firmware, installer: installer))
    }

    static let isolinux = TemplateDefinition<BootMenuSubject>(.isolinux) { menuValues }
    static let grubMedium = TemplateDefinition<BootMenuSubject>(.grubMedium) { menuValues }

    @TemplateValues<BootMenuSubject>
    private static var menuValues: [TemplateValue<BootMenuSubject>] {
        labValues()
        TemplateValue(optional: "serial", from: "nodes.*.console", of: { $0.console }) {
            TemplateValue("unit") { $0.unit }
            TemplateValue("speed") { $0.speed }
        }
        TemplateValue("folder", from: .image) { $0.installer.folder }
        TemplateValue("menu", from: .image) { $0.installer.menu }
        TemplateValue("kernel", from: .image) { $0.installer.kernel }
        TemplateValue("initrd", from: .image) { $0.installer.initrd }
        TemplateValue("disk_starter", from: .fact("where the image has it")) { _ in Self.diskStarter }
        TemplateValue("options", from: ["domain", "locale", "keymap", "nodes.*.console"]) { subject in
            // With auto, the installer waits for a preseed by network before it settles language and keyboard.
            let lab = subject.lab
            let options = ["priority=critical", "domain=\(lab.domain)", "locale=\(lab.locale)", "keymap=\(lab.keymap)"]
            return (options + (subject.console.map { ["console=\($0)n8"] } ?? [])).joined(separator: " ")
        }
        TemplateValue("title", from: ["release", "domain"]) {
            "\($0.lab.domain): Debian \($0.lab.release.number) (\($0.lab.release.codename)), Xen hosts"
        }
        TemplateValue("disk_words", from: .menuText) { _ in
            "Start this machine from its own disk (nothing is erased)"
        }
        TemplateValue("install_words", from: .menuText) { _ in
            "Install the node that this machine is: its disk WILL BE ERASED"
        }
        TemplateValue("refusal", from: .menuText) {
            "No node of this lab starts from \($0.firmware.words): start this medium from \($0.otherFirmware.words)"
        }
        TemplateValue(flag: "installs", from: "nodes.*.firmware") { subject in
            subject.lab.nodes.contains { $0.firmware == subject.firmware }
        }
        TemplateValue(list: "nodes", from: .eachNode) { subject in
            subject.lab.nodes.map { (node: $0, subject: subject) }
        } values: {
            TemplateValue("node", from: .nodeName) { $0.node.name }
            TemplateValue("line", from: [.nodeName, .installCard, .disk, "nodes.*.firmware"]) { item in
                let start = "\(item.node.name)  \(item.node.installMAC)"
                return item.node.firmware == item.subject.firmware
                    ? "\(start)  ERASED: \(item.node.disk.words)"
                    : "\(start)  starts from \(item.subject.otherFirmware.words) only"
            }
        }
    }
}

extension Sources {
    fileprivate static let image = fact("Debian's image")
    fileprivate static let menuText = fact("the text of a boot menu's entry")
}

/// The menu of a medium.
struct BootMenuSubject: TemplateSubject {
    let plan: Plan
    /// Which machines start from it.
    let firmware: Firmware
    let installer: MediumInstaller

    fileprivate var otherFirmware: Firmware { firmware == .bios ? .uefi : .bios }

    /// The console that all nodes have.
    fileprivate var console: SerialConsole? {
        let consoles = Set(lab.nodes.map { $0.console?.description })
        return consoles.count == 1 ? lab.nodes[0].console : nil
    }
}

extension Firmware {
    /// For a person.
    var words: String { self == .bios ? "BIOS" : "UEFI" }
}
