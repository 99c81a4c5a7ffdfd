import Lab

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
        var changes: [Draft] = []
        for (name, old, new) in differing(Self.interfaces(old), Self.interfaces(new)) {
            guard let before = old, let after = new else {
                let one = (old ?? new)!
                let ports = one.options["bridge_ports"].map { ", port \($0)" } ?? ""
                changes.append(
                    Draft(
                        .network,
                        old == nil ? "\(name): new, \(one.words)\(ports)" : "\(name): not configured any more"))
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
            for (option, old, new) in differing(before.options, after.options) {
                if before.method != after.method, option == "address" { continue }
                changes.append(Self.draft(name, option, old, new))
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
