import Lab
import Templates

/// The paths of the installer on a boot medium, which begin with a slash, and the files that the BIOS menu uses.
package struct MediumInstaller: Sendable {
    package var kernel: MediumPath
    var initrd: MediumPath
    /// The directory of ISOLINUX, such as `/isolinux`; `/` for the root of the medium.
    var folder: MediumPath
    /// The file name of the medium's own menu program in that directory; nil when there is none.
    var menu: MediumPath?

    package init(kernel: MediumPath, initrd: MediumPath, folder: MediumPath, menu: MediumPath?) {
        self.kernel = kernel
        self.initrd = initrd
        self.folder = folder
        self.menu = menu
    }
}

/// A path that can be used without quotes in the configurations of ISOLINUX and GRUB.
package struct MediumPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Creates a path; nil if ISOLINUX or GRUB would not read the text unchanged.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ isPlain($0) }) else { return nil }
        description = text
    }
}

private func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "/._+-".utf8.contains(byte)
}

extension Plan {
    /// The path, relative to the root of a medium, of the boot sector with which ISOLINUX's menu boots the machine from
    /// its own disk.
    package static let diskStarter = "xenseed/disk.bin"

    /// Returns the boot menu of a medium for the whole lab: ISOLINUX's for BIOS, GRUB's for UEFI.
    ///
    /// The first entry boots the machine from its own disk; it is selected automatically after 30 seconds. The second
    /// entry installs the node that the machine is, if the lab has nodes with this firmware.
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
        TemplateValue("disk_starter", from: .fact("the path of the boot sector on the medium")) { _ in
            Self.diskStarter
        }
        TemplateValue("options", from: ["domain", "locale", "keymap", "nodes.*.console"]) { subject in
            // With `auto`, the installer would wait for a preseed from the network before it sets language and
            // keyboard.
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
            TemplateValue("line", from: [.nodeName, .installCard, .erasedDisks, "nodes.*.firmware"]) { item in
                let start = "\(item.node.name)  \(item.node.installMAC.shown)"
                return item.node.firmware == item.subject.firmware
                    ? "\(start)  ERASED: \(item.node.erasedDisks)"
                    : "\(start)  starts from \(item.subject.otherFirmware.words) only"
            }
        }
    }
}

extension Sources {
    fileprivate static let image = fact("Debian's installer image")
    fileprivate static let menuText = fact("the text of a boot menu's entry")
}

/// The subject of the boot menu of a medium.
struct BootMenuSubject: TemplateSubject {
    let plan: Plan
    /// The firmware of the machines that boot with this menu.
    let firmware: Firmware
    let installer: MediumInstaller

    fileprivate var otherFirmware: Firmware { firmware == .bios ? .uefi : .bios }

    /// The serial console that all nodes have; nil if there is none or if they differ.
    fileprivate var console: SerialConsole? {
        let consoles = Set(lab.nodes.map { $0.console?.description })
        return consoles.count == 1 ? lab.nodes[0].console : nil
    }
}

extension Firmware {
    /// The name of the firmware for users.
    var words: String { self == .bios ? "BIOS" : "UEFI" }
}
