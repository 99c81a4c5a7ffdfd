import Lab

/// `NAME=VALUE` lines, as sh reads them.
struct Settings {
    let values: [String: String]

    init(_ text: Text) {
        values = Dictionary(
            text.content.compactMap { line in
                guard let equals = line.firstIndex(of: "=") else { return nil }
                let value = line[line.index(after: equals)...]
                let isQuoted = value.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
                return (String(line[..<equals]), String(isQuoted ? value.dropFirst().dropLast() : value))
            }
        ) { $1 }
    }
}

/// What GRUB starts, and with which options.
struct GRUBReview {
    let changes: [Draft]

    init(_ old: Text, _ new: Text) {
        var changes: [Draft] = []
        for (name, old, new) in differing(Settings(old).values, Settings(new).values) {
            switch name {
            case "GRUB_CMDLINE_XEN": changes += Self.xen(old ?? "", new ?? "")
            case "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_XEN_REPLACE":
                let whose = name == "GRUB_CMDLINE_LINUX" ? "Linux" : "dom0's Linux"
                changes += Self.options(old ?? "", new ?? "", "option of \(whose)")
            case "GRUB_TIMEOUT":
                changes.append(
                    Draft(.live, words("GRUB's menu is shown", old.map { $0 + " s" }, new.map { $0 + " s" })))
            case "GRUB_DISABLE_LINUX_UUID":
                changes.append(Draft(.reboot, "root is named by its \(new == "true" ? "device" : "UUID")"))
            default: changes.append(Draft(.reboot, words("GRUB: \(name)", old, new)))
            }
        }
        self.changes = changes
    }

    private static func split(_ line: String) -> [(name: String, value: String)] {
        line.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    private static func options(_ old: String, _ new: String, _ what: String) -> [Draft] {
        let (a, b) = (old.split(separator: " "), new.split(separator: " "))
        return b.difference(from: a).map { change in
            switch change {
            case .insert(_, let word, _): Draft(.reboot, "\(what) \(word): added")
            case .remove(_, let word, _): Draft(.reboot, "\(what) \(word): removed")
            }
        }
    }

    private static func xen(_ old: String, _ new: String) -> [Draft] {
        let (a, b) = (split(old), split(new))
        func value(_ name: String, _ options: [(name: String, value: String)]) -> String? {
            options.first { $0.name == name }?.value
        }
        func memory(_ options: [(name: String, value: String)]) -> (now: String?, min: String?, max: String?) {
            let parts = (value("dom0_mem", options) ?? "").split(separator: ",").map(String.init)
            func part(_ mark: String) -> String? { parts.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(4)) } }
            return (parts.first { !$0.contains(":") }, part("min:"), part("max:"))
        }
        let reboot = ": takes a reboot"
        var drafts: [Draft] = []
        let (before, after) = (memory(a), memory(b))
        if before.now != after.now {
            drafts.append(Draft(.reboot, words("dom0 memory", before.now, after.now) + reboot))
        }
        if before.min != after.min {
            drafts.append(Draft(.reboot, words("dom0 memory at least", before.min, after.min) + reboot))
        }
        // The usual is that it never gets more.
        if before.max != after.max, before.now != before.max || after.now != after.max {
            drafts.append(Draft(.reboot, words("dom0 memory at most", before.max, after.max) + reboot))
        }
        if value("dom0_max_vcpus", a) != value("dom0_max_vcpus", b) {
            drafts.append(
                Draft(
                    .reboot, words("dom0 virtual CPUs", value("dom0_max_vcpus", a), value("dom0_max_vcpus", b)) + reboot
                ))
        }
        let pins = (value("dom0_vcpus_pin", a) != nil, value("dom0_vcpus_pin", b) != nil)
        if pins.0 != pins.1 {
            drafts.append(Draft(.reboot, "dom0 virtual CPUs are \(pins.1 ? "" : "not ")pinned\(reboot)"))
        }
        let own: Set = ["dom0_mem", "dom0_max_vcpus", "dom0_vcpus_pin"]
        func rest(_ options: [(name: String, value: String)]) -> String {
            options.filter { !own.contains($0.name) }.map { $0.value.isEmpty ? $0.name : "\($0.name)=\($0.value)" }
                .joined(separator: " ")
        }
        return drafts + Self.options(rest(a), rest(b), "option of Xen")
    }
}
