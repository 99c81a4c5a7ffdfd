import Archive
import Lab

/// Two overlays of one node, member by member; the configuration of networks, GRUB and Xen by what it means.
struct OverlayReview {
    /// With each change's path in the overlay.
    let changes: [(path: String, draft: Draft)]

    private typealias Member = ArchiveReader.Stranger
    /// Says what changed in a file that is known; nil when nothing that counts did.
    private typealias Reader = @Sendable (_ old: Text, _ new: Text) -> [Draft]

    private static let readers: [String: Reader] = [
        OverlayPath.interfaces.rawValue: { InterfacesReview($0, $1).changes },
        OverlayPath.grub.rawValue: { GRUBReview($0, $1).changes },
        OverlayPath.xendomains.rawValue: xendomains,
        OverlayPath.toolstack.rawValue: { old, new in
            settings(old, new).map { _, a, b in Draft(.reboot, words("the toolstack", a, b)) }
        },
        OverlayPath.hostname.rawValue: { old, new in
            [Draft(.reboot, words("host name", old.content.first.map(String.init), new.content.first.map(String.init)))]
        },
        OverlayPath.nicNames.rawValue: cards,
        OverlayPath.expect.rawValue: expectations,
        OverlayPath.authorizedKeys.rawValue: keys,
        OverlayPath.aptSources.rawValue: { old, new in lines(old, new) { "packages from \($0)" } },
        OverlayPath.hosts.rawValue: hosts,
        OverlayPath.resolv.rawValue: { old, new in lines(old, new) { $0.replacing("nameserver", with: "name server") }
        },
    ]

    init(_ old: [String: ArchiveReader.Stranger], _ new: [String: ArchiveReader.Stranger]) {
        var changes: [(String, Draft)] = []
        for path in Set(old.keys).union(new.keys).sorted() where old[path] != new[path] {
            changes += Self.compare(path, old[path], new[path]).map { (path, $0) }
        }
        self.changes = changes
    }

    private static func compare(_ path: String, _ old: Member?, _ new: Member?) -> [Draft] {
        guard let old, let new else {
            let member = (old ?? new)!
            let verb = old == nil ? "added" : "removed"
            if case .file(let bytes) = member.kind, let reader = readers[path] {
                let drafts = old == nil ? reader(Text([]), Text(bytes)) : reader(Text(bytes), Text([]))
                if !drafts.isEmpty { return drafts }
            }
            var diff: String?
            if case .file(let bytes) = member.kind {
                let text = Text(bytes)
                diff = Text.diff(old == nil ? nil : text, old == nil ? text : nil, path)
            }
            var about = ""
            if old == nil {
                if case .file = member.kind {
                    about = ", \(mode(member.mode))"
                } else {
                    about = ", \(word(member.kind))"
                }
                if (member.owner, member.group) != (0, 0) { about += ", owner \(member.owner):\(member.group)" }
            }
            return [Draft(.live, "/\(path): \(verb)\(about)", diff: diff)]
        }
        var drafts: [Draft] = []
        if old.mode != new.mode { drafts.append(Draft(.live, words("/\(path): mode", mode(old.mode), mode(new.mode)))) }
        if (old.owner, old.group) != (new.owner, new.group) {
            drafts.append(
                Draft(.live, words("/\(path): owner", "\(old.owner):\(old.group)", "\(new.owner):\(new.group)")))
        }
        switch (old.kind, new.kind) {
        case (let a, let b) where a == b: break
        case (.file(let a), .file(let b)): drafts += content(path, Text(a), Text(b))
        case (.link(let a), .link(let b)): drafts.append(Draft(.live, words("/\(path): link to", a, b)))
        default: drafts.append(Draft(.live, "/\(path): \(word(old.kind)) → \(word(new.kind))"))
        }
        return drafts
    }

    private static func content(_ path: String, _ old: Text, _ new: Text) -> [Draft] {
        if let reader = readers[path] {
            let drafts = reader(old, new)
            if !drafts.isEmpty { return drafts }
        }
        let diff = Text.diff(old, new, path)
        // Of a script, a comment may be more than one.
        if readers[path] != nil, old.content == new.content {
            return [Draft(.cosmetic, "/\(path): comments", diff: diff)]
        }
        // It asks for what other files set up, and those say it better.
        if path == OverlayPath.expect.rawValue { return [Draft(.cosmetic, "the verifier asks accordingly")] }
        if path == OverlayPath.verifyScript.rawValue {
            return [Draft(.cosmetic, "the verifier is another", diff: diff)]
        }
        return [Draft(.live, "/\(path): another content", diff: diff)]
    }

    private static func mode(_ mode: Int) -> String { "0" + String(mode, radix: 8) }

    private static func word(_ kind: Member.Kind) -> String {
        switch kind {
        case .file: "file"
        case .folder: "folder"
        case .link(let target): "link to \(target)"
        case .hardLink: "hard link"
        case .other: "neither file, folder nor link"
        }
    }

    // MARK: Files that are known

    /// `NAME=VALUE` lines that differ.
    private static func settings(_ old: Text, _ new: Text) -> [(name: String, old: String?, new: String?)] {
        let (a, b) = (Settings(old).values, Settings(new).values)
        return Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }.map { ($0, a[$0], b[$0]) }
    }

    private static func xendomains(_ old: Text, _ new: Text) -> [Draft] {
        settings(old, new).map { name, a, b in
            let sentence =
                switch name {
                case "XENDOMAINS_SAVE":
                    b?.isEmpty != false
                        ? "guests are shut down when dom0 stops, not saved"
                        : "guests are saved into \(b!) when dom0 stops"
                case "XENDOMAINS_RESTORE":
                    b?.isEmpty != false ? "saved guests are not restored at boot" : "saved guests are restored at boot"
                case "XENDOMAINS_AUTO": words("guests that start at boot:", a, b)
                case "XENDOMAINS_STOP_MAXWAIT": words("seconds for each guest to stop:", a, b)
                default: words(name, a, b)
                }
            return Draft(.live, sentence)
        }
    }

    /// `NAME="eth0"` for an address, in udev's rules.
    private static func cards(_ old: Text, _ new: Text) -> [Draft] {
        func names(_ text: Text) -> [String: String] {
            Dictionary(
                text.content.compactMap { line in
                    line.firstMatch(of: #/ATTR\{address\}=="([0-9a-f:]+)".*NAME="([^"]+)"/#).map {
                        (String($0.2), String($0.1))
                    }
                }
            ) { $1 }
        }
        let (a, b) = (names(old), names(new))
        return Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }.map { name in
            Draft(.network, words("\(name): card", a[name], b[name]))
        }
    }

    /// Addresses by what they are called.
    private static func hosts(_ old: Text, _ new: Text) -> [Draft] {
        func addresses(_ text: Text) -> [String: String] {
            Dictionary(
                text.content.compactMap { line in
                    let words = line.split(whereSeparator: \.isWhitespace)
                    return words.count > 1 ? (words.dropFirst().joined(separator: " "), String(words[0])) : nil
                }
            ) { $1 }
        }
        let (a, b) = (addresses(old), addresses(new))
        return Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }.map { name in
            Draft(.live, words("/etc/hosts: \(name) is", a[name], b[name]))
        }
    }

    private static func expectations(_ old: Text, _ new: Text) -> [Draft] {
        func values(_ text: Text) -> [String: String] {
            Dictionary(
                text.content.compactMap { line in
                    let words = line.split(separator: " ", maxSplits: line.hasPrefix("lease ") ? 2 : 1)
                    return words.count < 2 ? nil : (words.dropLast().joined(separator: " "), String(words.last!))
                }
            ) { $1 }
        }
        let (a, b) = (values(old), values(new))
        var drafts: [Draft] = []
        if a["total-memory"] != b["total-memory"] {
            drafts.append(
                Draft(
                    .cosmetic,
                    words(
                        "the machine's memory", a["total-memory"].map { $0 + " MiB" },
                        b["total-memory"].map { $0 + " MiB" })))
        }
        // Who has a lease reserved, has it in the DHCP server.
        for name in Set(a.keys).union(b.keys).sorted() where name.hasPrefix("lease ") && a[name] != b[name] {
            drafts.append(Draft(.network, words("\(name.dropFirst(6)): lease", a[name], b[name])))
        }
        if a["report"] != b["report"] { drafts.append(Draft(.live, words("reports go to", a["report"], b["report"]))) }
        return drafts
    }

    /// A key is known by its comment and its end.
    private static func keys(_ old: Text, _ new: Text) -> [Draft] {
        func name(_ key: Substring) -> String {
            let words = key.split(separator: " ", maxSplits: 2)
            let end = words.count > 1 ? "…\(words[1].suffix(8))" : ""
            return words.count > 2 ? "\(words[2]) (\(end))" : String(end)
        }
        let (a, b) = (Set(old.content), Set(new.content))
        return a.symmetricDifference(b).sorted().map { key in
            Draft(.live, "root's key of \(name(key)): \(b.contains(key) ? "added" : "removed")")
        }
    }

    private static func lines(_ old: Text, _ new: Text, _ name: (String) -> String) -> [Draft] {
        let (a, b) = (Set(old.content), Set(new.content))
        return a.symmetricDifference(b).sorted().map { line in
            Draft(
                .live,
                "\(name(String(line).replacing(#/[ \t]+/#, with: " "))): \(b.contains(line) ? "added" : "removed")")
        }
    }
}

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
        let (a, b) = (Settings(old).values, Settings(new).values)
        var changes: [Draft] = []
        for name in Set(a.keys).union(b.keys).sorted() where a[name] != b[name] {
            switch name {
            case "GRUB_CMDLINE_XEN": changes += Self.xen(a[name] ?? "", b[name] ?? "")
            case "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_XEN_REPLACE":
                let whose = name == "GRUB_CMDLINE_LINUX" ? "Linux" : "dom0's Linux"
                changes += Self.options(a[name] ?? "", b[name] ?? "", "option of \(whose)")
            case "GRUB_TIMEOUT":
                changes.append(
                    Draft(.live, words("GRUB's menu is shown", a[name].map { $0 + " s" }, b[name].map { $0 + " s" })))
            case "GRUB_DISABLE_LINUX_UUID":
                changes.append(Draft(.reboot, "root is named by its \(b[name] == "true" ? "device" : "UUID")"))
            default: changes.append(Draft(.reboot, words("GRUB: \(name)", a[name], b[name])))
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

/// Two /etc/network/interfaces, interface by interface.
struct InterfacesReview {
    let changes: [Draft]

    private struct Interface: Equatable {
        var method = ""
        var isAuto = false
        /// Its network, by the comment above it.
        var network: String?
        var options: [String: String] = [:]

        /// `static 10.8.8.13`, `by DHCP`.
        var words: String {
            switch method {
            case "dhcp": "by DHCP"
            case "static": "static \(options["address"] ?? "")"
            default: method
            }
        }
    }

    init(_ old: Text, _ new: Text) {
        let (a, b) = (Self.interfaces(old), Self.interfaces(new))
        var changes: [Draft] = []
        for name in Set(a.keys).union(b.keys).sorted() where a[name] != b[name] {
            guard let before = a[name], let after = b[name] else {
                let one = a[name] ?? b[name]!
                let ports = one.options["bridge_ports"].map { ", port \($0)" } ?? ""
                changes.append(
                    Draft(
                        .network,
                        a[name] == nil ? "\(name): new, \(one.words)\(ports)" : "\(name): not configured any more"))
                continue
            }
            if before.network != after.network {
                changes.append(Draft(.network, words("\(name): network", before.network, after.network)))
            }
            if before.method != after.method {
                changes.append(Draft(.network, "\(name): \(before.words) → \(after.words)"))
            }
            if before.isAuto != after.isAuto {
                changes.append(Draft(.network, "\(name): \(after.isAuto ? "comes up" : "does not come up") at boot"))
            }
            for option in Set(before.options.keys).union(after.options.keys).sorted()
            where before.options[option] != after.options[option] {
                if before.method != after.method, option == "address" { continue }
                changes.append(Self.draft(name, option, before.options[option], after.options[option]))
            }
        }
        self.changes = changes
    }

    private static func draft(_ name: String, _ option: String, _ old: String?, _ new: String?) -> Draft {
        switch option {
        case "bridge_ports": Draft(.network, words("\(name): port", old, new) + ": network cut-over")
        case "gateway": Draft(.network, words("\(name): the way out", old, new))
        case "bridge_fd": Draft(.network, words("\(name): forwarding delay", old, new))
        case "bridge_hw": Draft(.network, words("\(name): address of the card", old, new))
        case "bridge_stp": Draft(.network, words("\(name): spanning tree", old, new))
        case "bridge_waitport", "bridge_maxwait":
            Draft(.network, words("\(name): \(option.dropFirst(7))", old, new))
        default: Draft(.network, words("\(name): \(option)", old, new))
        }
    }

    private static func interfaces(_ text: Text) -> [String: Interface] {
        var found: [String: Interface] = [:]
        var auto: Set<String> = []
        var current: String?
        var network: String?
        for line in text.lines {
            if line.hasPrefix("#") {
                network = line.wholeMatch(of: #/# (\S+, [0-9.]+\/[0-9]+)/#).map {
                    String($0.1).replacing(",", with: "")
                }
                continue
            }
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            switch words.first {
            case "auto": auto.formUnion(words.dropFirst())
            case "iface" where words.count >= 4:
                current = words[1]
                found[words[1], default: Interface()].method = words[3]
                found[words[1]]?.network = network
                network = nil
            case let option?:
                guard line.first?.isWhitespace == true, let current else { continue }
                found[current]?.options[option] = words.dropFirst().joined(separator: " ")
            case nil: break
            }
        }
        for name in auto { found[name]?.isAuto = true }
        return found
    }
}
