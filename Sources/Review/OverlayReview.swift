import Archive
import Lab

/// Two overlays of one node, member by member; the configuration of networks, GRUB and Xen by what it means.
struct OverlayReview {
    /// With each change's path in the overlay.
    let changes: [(path: String, draft: Draft)]

    private typealias Member = ArchiveReader.UntrustedEntry
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
        OverlayPath.cards.rawValue: cards,
        OverlayPath.expect.rawValue: expectations,
        OverlayPath.authorizedKeys.rawValue: keys,
        OverlayPath.aptSources.rawValue: { old, new in lines(old, new) { "packages from \($0)" } },
        OverlayPath.hosts.rawValue: hosts,
        OverlayPath.timesyncd.rawValue: timeServers, OverlayPath.timesyncdDropIn.rawValue: timeServers,
        OverlayPath.resolv.rawValue: { old, new in lines(old, new) { $0.replacing("nameserver", with: "name server") }
        },
    ]

    init(_ old: [String: ArchiveReader.UntrustedEntry], _ new: [String: ArchiveReader.UntrustedEntry]) {
        var changes: [(String, Draft)] = []
        for (path, before, after) in differing(old, new) {
            changes += Self.compare(path, before, after).map { (path, $0) }
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
        differing(Settings(old).values, Settings(new).values)
    }

    private static func timeServers(_ old: Text, _ new: Text) -> [Draft] {
        settings(old, new).map { _, a, b in Draft(.live, words("time servers", a, b)) }
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

    /// The names of cards by address: in udev's rules, or in the file of `xenseed-cards`.
    private static func cards(_ old: Text, _ new: Text) -> [Draft] {
        func names(_ text: Text) -> [String: String] {
            Dictionary(
                text.content.compactMap { line in
                    if let rule = line.firstMatch(of: #/ATTR\{address\}=="([0-9a-f:]+)".*NAME="([^"]+)"/#) {
                        return (String(rule.2), String(rule.1))
                    }
                    return line.wholeMatch(of: /([a-z]\S*) ([0-9a-f:]{17})/).map { (String($0.1), String($0.2)) }
                }
            ) { $1 }
        }
        return differing(names(old), names(new)).map { Draft(.network, words("\($0): card", $1, $2)) }
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
        return differing(addresses(old), addresses(new)).map { Draft(.live, words("/etc/hosts: \($0) is", $1, $2)) }
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
        for (name, old, new) in differing(a, b) where name.hasPrefix("lease ") {
            drafts.append(Draft(.network, words("\(name.dropFirst(6)): lease", old, new)))
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
