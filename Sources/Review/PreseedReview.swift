import Diagnostics
import Preseed

/// Two preseeds of one node, question by question.
struct PreseedReview {
    let changes: [Draft]

    /// What a question's answer is called, and what changing it on a machine takes. By the beginning of its name; the first counts.
    private static let known: [(prefix: String, name: String, risk: Risk)] = [
        ("mirror/suite", "Debian", .erases), ("partman-auto/method", "the disk's layout", .erases),
        ("partman-auto/expert_recipe", "partitions", .erases),
        ("partman-auto-lvm/new_vg_name", "the volume group", .erases),
        ("partman", "partitioning", .erases), ("grub-installer/bootdev", "the boot loader's disk", .erases),
        ("base-installer/initramfs-tools/driver-policy", "drivers in the initramfs:", .reboot),
        ("base-installer/install-recommends", "recommended packages:", .live),
        ("debian-installer/locale", "locale", .live),
        ("keyboard-configuration/xkb-keymap", "keymap", .live), ("time/zone", "time zone", .live),
        ("clock-setup", "clock", .live), ("passwd/root-password-crypted", "root's password", .live),
        ("passwd", "accounts", .live), ("netcfg/choose_interface", "the installer's card", .cosmetic),
        ("mirror/http/proxy", "the installer's proxy", .cosmetic),
        ("mirror/https/proxy", "the installer's proxy", .cosmetic),
        ("mirror", "the installer's mirror", .cosmetic),
        ("hw-detect/firmware-lookup", "the installer's search for firmware:", .cosmetic),
    ]

    /// Questions that say again what another one, or a file of the overlay, says.
    private static let echoes: Set<String> = [
        "partman-auto/disk", "netcfg/hostname", "grub-installer/bootdev", "mirror/country",
        "apt-setup/contrib", "apt-setup/non-free", "apt-setup/non-free-firmware",
    ]

    init(_ old: [UInt8], _ new: [UInt8]) {
        var changes: [Draft] = []
        let (before, after) = (Self.disk(of: old), Self.disk(of: new))
        if before != after {
            changes.append(Draft(.erases, words("disk", before, after) + ": reinstall, ERASES"))
        }
        for (question, old, new) in differing(Self.answers(old), Self.answers(new))
        where !Self.echoes.contains(question) {
            if let draft = Self.draft(question, old, new) { changes.append(draft) }
        }
        if changes.isEmpty, Text(old).content != Text(new).content {
            // The same answers in another order, or of another owner.
            if Text(old).withoutDigests != Text(new).withoutDigests {
                changes.append(
                    Draft(
                        .cosmetic, "the preseed is written otherwise",
                        diff: Text.diff(Text(old), Text(new), "preseed.cfg")))
            }
        }
        self.changes = changes
    }

    /// What an installation erases, in the words of the preseed's second comment.
    static func disk(of preseed: [UInt8]) -> String? {
        let mark = Array("# ERASES ".utf8)
        return preseed.split(separator: 10).first { $0.starts(with: mark) }.map { line in
            String(decoding: line.dropFirst(mark.count).prefix { $0 != 46 }, as: UTF8.self)
        }
    }

    private static func answers(_ preseed: [UInt8]) -> [String: String] {
        var report = DiagnosticReport(file: "preseed.cfg", source: "")
        let file = PreseedFile(preseed, report: &report)
        return Dictionary(file.answers.map { ($0.question, $0.value) }) { $1 }
    }

    private static func draft(_ question: String, _ old: String?, _ new: String?) -> Draft? {
        if question.hasSuffix("_command") {
            // Its digests are those of files that are compared themselves.
            let texts = [old, new].map {
                $0.map { String(decoding: Text(Array($0.utf8)).withoutDigests, as: UTF8.self) }
            }
            guard texts[0] != texts[1] else { return nil }
            func lines(_ text: String?) -> Text? {
                text.map { Text(Array(($0.replacing("; ", with: ";\n") + "\n").utf8)) }
            }
            return Draft(
                .cosmetic, "\(question) is another; it counts at the next installation",
                diff: Text.diff(lines(texts[0]), lines(texts[1]), question))
        }
        let found = known.first { question.hasPrefix($0.prefix) }
        let risk = found?.risk ?? .cosmetic
        if question.contains("password") {
            let word = old == nil || old == "*" ? "set" : new == nil || new == "*" ? "taken away" : "another one"
            return Draft(risk, "\(found?.name ?? question): \(word)")
        }
        if question.hasSuffix("expert_recipe") {
            func lines(_ recipe: String?) -> Text? {
                recipe.map { Text(Array(($0.replacing(" . ", with: " .\n") + "\n").utf8)) }
            }
            return Draft(risk, "partitions: reinstall, ERASES", diff: Text.diff(lines(old), lines(new), question))
        }
        let name = found.map { $0.prefix == question || $0.name.hasSuffix(":") ? $0.name : "\($0.name), \(question)" }
        let sentence = words(name ?? "question \(question):", old, new)
        return Draft(risk, risk == .erases ? sentence + ": reinstall, ERASES" : sentence)
    }
}
