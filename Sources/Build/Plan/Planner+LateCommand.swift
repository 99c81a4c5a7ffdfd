import Lab
import Preseed
import Templates

extension Planner {
    /// A node's late command.
    /// - Parameter overlaySum: the SHA-256 of its overlay, in hex.
    package func lateCommand(_ node: Node, overlaySum: String) throws(TemplateSet.Invalid) -> [UInt8] {
        var minimum: Int
        switch node.disk.layout {
        case .recipe(let text, _): minimum = (try? PartitionRecipe(text))?.minimumMegabytes ?? 0
        default: minimum = node.disk.layout.minimum(firmware: node.firmware).megabytes
        }
        var restVolume = ""
        if case .lvm(let lvm) = node.disk.layout, lab.release.lastVolumeTakesRest {
            minimum += Layout.restMegabytes
            restVolume = "\(lvm.group)/\(Layout.restVolume)"
        }
        // The upgrade needs the security archive where apt-setup leaves it out; the overlay's sources come later.
        let lacksSecurity = lab.mirror.security && !lab.release.services.contains("security")
        var context: Context = [
            "overlay_sum": .text(overlaySum), "log": .text(Self.log),
            "kept": .items(node.disk.kept), "boot_disks": .text(lab.release.bootDisks.joined(separator: " | ")),
            "disk_minimum": .init(minimum), "volume_group": .text(node.disk.layout.volumeGroup ?? ""),
            "method": .text(node.disk.layout.method.rawValue),
            "apt_options": .text(node.installsRecommends ? "" : " --no-install-recommends"),
            "update_options": .text(lab.release.signaturesExpired ? " -o Acquire::Check-Valid-Until=false" : ""),
            "rest_volume": .text(restVolume),
            "upgrade": .optional(
                node.upgrades
                    ? [
                        "missing_source": .text(
                            lacksSecurity ? "\(lab.release.securityURL) \(lab.release.securitySuite)" : "")
                    ] : nil),
            "firmware": .text(node.firmware.rawValue),
            "packages": .items(lab.packages(node)), "late_script": .flag(node.lateScript != nil),
            "late_script_path": .text("/" + OverlayPath.lateScript.rawValue),
            "auto": .text(node.xendomains.auto?.description ?? ""),
            "owns": .flag(node.files.contains { $0.owner != nil }),
            "owned": .list(
                node.files.compactMap { file in
                    file.owner.map { ["owner": .init($0), "owned_path": .init(file.path)] }
                }),
            "device": "", "disk_id": "", "only": .flag(false), "by_order": .list([]), "by_size": .list([]),
            "rule": .flag(false),
        ]
        switch node.disk.selector {
        case .device(let device): context["device"] = .text(String(device.description.dropFirst(5)))
        case .id(let id): context["disk_id"] = .init(id)
        case .rule(let rule):
            context["rule"] = .flag(true)
            switch rule {
            case .only: context["only"] = .flag(true)
            case .smallest, .largest:
                context["by_order"] = .optional([
                    "largest": .flag(rule == .largest), "order_word": .text(rule.rawValue),
                ])
            case .size:
                let mb = node.disk.size!.megabytes
                context["by_size"] = .optional([
                    "size_words": .init(node.disk.size!), "size_low": .init(mb - mb / 20),
                    "size_high": .init(mb + mb / 20),
                ])
            }
        }
        return try templates.render(.lateCommand, self.context(node), telling(node), context)
    }
}
