import Foundation
import Preseed
import TestSupport

@testable import Lab

/// A lab file under construction. It is printed in YAML's flow style, with every text quoted.
indirect enum Draft: Sendable {
    case text(String)
    case list([Draft])
    case table([(String, Draft)])

    /// Sets or removes the value at a path of keys; the key `0` is the only item of a list.
    mutating func set(_ path: String, _ value: Draft?) { set(path.split(separator: "/")[...], value) }

    private mutating func set(_ path: ArraySlice<Substring>, _ value: Draft?) {
        guard let key = path.first.map(String.init) else { return }
        let rest = path.dropFirst()
        if case .list = self {
            self = .list(value.map { [$0] } ?? [])
            return
        }
        guard case .table(var entries) = self else { return }
        let index = entries.firstIndex { $0.0 == key }
        if !rest.isEmpty {
            var inner = index.map { entries[$0].1 } ?? (rest.first == "0" ? .list([]) : .table([]))
            inner.set(rest, value)
            if let index { entries[index].1 = inner } else { entries.append((key, inner)) }
        } else if let index, let value {
            entries[index].1 = value
        } else if let index {
            entries.remove(at: index)
        } else if let value {
            entries.append((key, value))
        }
        self = .table(entries)
    }

    /// Renames a key, and replaces every text that equals the old name.
    func renamed(_ old: String, _ new: String) -> Draft {
        switch self {
        case .text(let text): .text(text == old ? new : text)
        case .list(let items): .list(items.map { $0.renamed(old, new) })
        case .table(let entries): .table(entries.map { ($0 == old ? new : $0, $1.renamed(old, new)) })
        }
    }

    var yaml: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .list(let items): "[" + items.map(\.yaml).joined(separator: ", ") + "]"
        case .table(let entries): "{" + entries.map { "\(Self.quoted($0)): \($1.yaml)" }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\\(scalar)"
            case " "..."~": out.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                out += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return out + "\""
    }
}

/// A field of the lab file whose value is a text.
struct Field: Sendable {
    var name: String
    /// A valid text for the field.
    var sample: String
    /// Returns the lab with a text in the field.
    var lab: @Sendable (String) -> Draft
    /// Returns the field's value in a `Lab`.
    var held: @Sendable (Lab) -> String?
    /// Returns the normalized form in which the lab keeps a text.
    var normal: @Sendable (String) -> String = { $0 }

    /// Creates a field at a path, with a sample value.
    init(
        _ path: String, _ sample: String, with more: [String: String] = [:], without less: [String] = [],
        held: @escaping @Sendable (Lab) -> String?, normal: @escaping @Sendable (String) -> String = { $0 }
    ) {
        name = path
        self.sample = sample
        self.held = held
        self.normal = normal
        lab = { text in
            var draft = Self.base
            for key in less { draft.set(key, nil) }
            for (key, value) in more { draft.set(key, .text(value)) }
            draft.set(path, .text(text))
            return draft
        }
    }

    /// Creates a field for a name that the user chooses, such as that of a network or a node.
    init(naming sample: String, _ what: String, held: @escaping @Sendable (Lab) -> String?) {
        name = what
        self.sample = sample
        self.held = held
        lab = { Self.base.renamed(sample, $0) }
    }

    static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5"

    /// A lab that uses most fields. The first interface is in a network without a gateway, the second is the bridge's
    /// port.
    static let base: Draft = {
        let texts = [
            ("domain", "hl.local"), ("locale", "en_GB.UTF-8"), ("mirror/host", "mirror.example"),
            ("mirror/proxy", "http://proxy.example:3142"), ("networks/lan/subnet", "10.8.8.0/24"),
            ("networks/lan/gateway", "10.8.8.1"), ("networks/lan/dns/0", "10.8.8.2"),
            ("networks/drbd/subnet", "172.16.22.0/24"), ("boot_server/address", "10.8.8.1"),
            ("boot_server/port", "8000"), ("nodes/xen01/serial", "VB 1a2b-3c"), ("nodes/xen01/cpus", "2"),
            ("nodes/xen01/memory", "4 GiB"),
            ("nodes/xen01/disk/device", "/dev/sda"), ("nodes/xen01/interfaces/eth0/mac", "08:00:27:16:22:13"),
            ("nodes/xen01/interfaces/eth0/network", "drbd"), ("nodes/xen01/interfaces/eth0/address", "172.16.22.13"),
            ("nodes/xen01/interfaces/eth1/mac", "08:00:27:08:08:13"),
            ("nodes/xen01/interfaces/eth1/bridge", "xenbr0"), ("nodes/xen01/bridges/xenbr0/network", "lan"),
            ("nodes/xen01/bridges/xenbr0/address", "10.8.8.13"),
            ("nodes/xen01/access/authorized_keys/0", "\(key) ann@desk"), ("nodes/xen01/dom0/options/0", "loglvl=all"),
            ("nodes/xen01/packages/0", "drbd-utils"), ("nodes/xen01/access/users/ann/full_name", "Ann"),
            ("nodes/xen01/access/users/ann/keys/0", "\(key) ann@phone"),
            ("nodes/xen01/access/users/ann/sudo", "nopasswd"),
        ]
        var draft = Draft.table([])
        for (path, text) in texts { draft.set(path, .text(text)) }
        return draft
    }()

    private static func node(_ lab: Lab) -> Node { lab.nodes[0] }
    private static func link(_ name: String, _ lab: Lab) -> Link? {
        node(lab).links.first { $0.name.description == name }
    }

    /// Returns the number of bytes of an amount with a unit.
    @Sendable private static func amount(_ text: String) -> String {
        (try? ByteCount(text: text)).map { "\($0.bytes)" } ?? ""
    }

    static let all: [Field] = [
        Field("domain", "rack-7.example.net") { $0.domain.description },
        Field("locale", "de_DE.UTF-8@euro") { $0.locale.description },
        Field("keymap", "fr(latin9)") { $0.keymap.description },
        Field("timezone", "America/Port-au-Prince") { $0.timeZone.description },
        Field("mirror/protocol", "http") { $0.mirror.scheme.rawValue },
        Field("mirror/host", "10.1.2.3:8080") { $0.mirror.host.description },
        Field("mirror/directory", "/pub/debian+x_1@2") { $0.mirror.directory.description },
        Field("mirror/proxy", "http://proxy-1.example:3142/", held: { $0.mirror.proxy?.description }) {
            $0.hasSuffix("/") ? String($0.dropLast()) : $0
        },
        Field("mirror/components/0", "main") { $0.mirror.components.first?.rawValue },
        Field("ntp/0", "ntp-1.example.net") { $0.timeServers.first?.description },
        Field("boot_server/address", "10.8.8.254") { $0.bootServer?.address.description },
        Field("boot_server/port", "8080") { $0.bootServer.map { "\($0.port)" } },
        Field("nodes/xen01/serial", "CZ_32/10+A.B 7-x") { node($0).serial?.description },
        Field(naming: "drbd", "networks, a name") { $0.networks.first { $0.gateway == nil }?.name.description },
        Field("networks/drbd/subnet", "172.16.0.0/12") { $0.networks.first { $0.gateway == nil }?.subnet.description },
        Field("networks/lan/gateway", "10.8.8.254") { link("xenbr0", $0)?.addressing.network.gateway?.description },
        Field("networks/lan/dns/0", "9.9.9.9") { link("xenbr0", $0)?.addressing.network.dns.first?.description },
        Field(naming: "xen01", "nodes, a name") { node($0).name.description },
        Field("nodes/xen01/memory", "3 GiB", held: { node($0).memory.map { "\($0.bytes)" } }, normal: amount),
        Field("nodes/xen01/firmware", "bios") { node($0).firmware.rawValue },
        Field("nodes/xen01/disk/device", "/dev/sdb") {
            if case .device(let device) = node($0).disk.selector { device.description } else { nil }
        },
        Field("nodes/xen01/disk/by_id", "wwn-0x5000c500:1+2_3", without: ["nodes/xen01/disk/device"]) {
            if case .id(let id) = node($0).disk.selector { id.description } else { nil }
        },
        Field("nodes/xen01/disk/select", "smallest", without: ["nodes/xen01/disk/device"]) {
            if case .rule(let rule) = node($0).disk.selector { rule.rawValue } else { nil }
        },
        Field("nodes/xen01/disk/size", "200 GB", held: { node($0).disk.size.map { "\($0.bytes)" } }, normal: amount),
        Field("nodes/xen01/disk/layout", "lvm") {
            if case .lvm = node($0).disk.layout { "lvm" } else { "plain" }
        },
        Field(
            "nodes/xen01/disk/swap", "512 MB",
            held: {
                if case .plain(let swap) = node($0).disk.layout { swap.map { "\($0.bytes)" } ?? "none" } else { nil }
            },
            normal: { $0 == "none" ? $0 : amount($0) }),
        Field("nodes/xen01/disk/volume_group", "vg_1.x+y", with: ["nodes/xen01/disk/layout": "lvm"]) {
            if case .lvm(let lvm) = node($0).disk.layout { lvm.group.description } else { nil }
        },
        Field(
            "nodes/xen01/disk/root", "9 GiB", with: ["nodes/xen01/disk/layout": "lvm"],
            held: { if case .lvm(let lvm) = node($0).disk.layout { "\(lvm.root.bytes)" } else { nil } }, normal: amount),
        Field(
            "nodes/xen01/disk/free", "1 TB",
            with: ["nodes/xen01/disk/layout": "lvm", "nodes/xen01/disk/size": "500000 TB"],
            held: { if case .lvm(let lvm) = node($0).disk.layout { lvm.free.map { "\($0.bytes)" } } else { nil } },
            normal: amount),
        Field(
            "nodes/xen01/disk/recipe",
            "own name : 1 1 1 free $iflabel{ gpt } method{ biosgrub } . 2500 3000+5% -1 ext4 label{ the root } mountpoint{ / } .",
            held: { if case .recipe(let recipe) = node($0).disk.layout { recipe.description } else { nil } },
            normal: { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing(" : ", with: " :: ") }),
        Field("nodes/xen01/disk/keep/0", "/dev/sdbc") { node($0).disk.kept.first?.description },
        Field(naming: "eth0", "interfaces, a name") {
            node($0).interfaces.first { $0.bridge == nil }?.name.description
        },
        Field(
            "nodes/xen01/interfaces/eth0/mac", "0A-1b-2C-3d-4E-5f",
            held: { node($0).interfaces.first { $0.bridge == nil }?.mac.description }
        ) {
            $0.lowercased().replacing("-", with: ":")
        },
        Field("nodes/xen01/interfaces/eth0/address", "172.16.22.254") {
            link("eth0", $0)?.addressing.address?.description
        },
        Field(naming: "eth1", "interfaces, a port's name") {
            node($0).interfaces.first { $0.bridge != nil }?.name.description
        },
        Field(naming: "xenbr0", "bridges, a name") { node($0).bridges.first?.name.description },
        Field("nodes/xen01/bridges/xenbr0/address", "10.8.8.99") {
            link("xenbr0", $0)?.addressing.address?.description
        },
        Field("nodes/xen01/install", "eth1") { node($0).installInterface.description },
        Field("nodes/xen01/dom0/memory", "768 MiB", held: { "\(node($0).dom0.memory.bytes)" }, normal: amount),
        Field(
            "nodes/xen01/dom0/memory_min", "512M", held: { node($0).dom0.memoryMin.map { "\($0.bytes)" } },
            normal: amount),
        Field("nodes/xen01/dom0/memory_max", "2G", held: { "\(node($0).dom0.memoryMax.bytes)" }, normal: amount),
        Field("nodes/xen01/dom0/options/0", "guest_loglvl=all/a,b:c@d%e+f-g") {
            node($0).dom0.options.first?.description
        },
        Field("nodes/xen01/console", "ttyS1,9600", held: { node($0).console?.description }) {
            $0.contains(",") ? $0 : $0 + ",115200"
        },
        Field("nodes/xen01/grub/linux_options/0", "x.y=a/b,c:d@e%f+g") {
            node($0).grub.linuxOptions.first?.description
        },
        Field("nodes/xen01/xendomains/save", "/var/lib/xen/save+1@2%3") {
            node($0).xendomains.save?.description ?? "none"
        },
        Field("nodes/xen01/xendomains/auto", "/etc/xen/auto-1_2") { node($0).xendomains.auto?.description ?? "none" },
        Field("nodes/xen01/toolstack", "xl") { node($0).toolstack },
        Field("nodes/xen01/access/authorized_keys/0", "\(key) it's \"me\" #1 $HOME `x` \\n") {
            node($0).access.authorizedKeys.first?.description
        },
        Field(
            "nodes/xen01/access/root_password", "$6$rounds=5000$ab.c/d$" + String(repeating: "Az9./", count: 17) + "x"
        ) {
            node($0).access.rootPassword?.description
        },
        Field(naming: "ann", "the name of a user", held: { node($0).access.users.first?.name.description }),
        Field("nodes/xen01/access/users/ann/full_name", "Ann-Marie d'Été 2.") {
            node($0).access.users.first?.fullName?.description
        },
        Field("nodes/xen01/access/users/ann/keys/0", "\(key) it's \"me\" #1 $HOME `x` \\n") {
            node($0).access.users.first?.keys.first?.description
        },
        Field("nodes/xen01/access/users/ann/groups/0", "systemd-journal") {
            node($0).access.users.first?.groups.first?.description
        },
        Field("nodes/xen01/access/users/ann/shell", "/usr/bin/fish") { node($0).access.users.first?.shell.description },
        Field("nodes/xen01/access/users/ann/uid", "1500") { node($0).access.users.first?.uid?.description },
        Field("nodes/xen01/packages/0", "libstdc++6") { node($0).packages.first?.description },
    ]
}

/// A generator of texts to try in a field; the same seed gives the same texts.
struct Texts {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func number(below bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    private mutating func any<Item>(_ items: [Item]) -> Item { items[number(below: items.count)] }

    private static let pieces: [String] = [
        "\"", "'", "`", "$", "$(id)", "${x}", "\\", "\\n", "\\\n", "\n", "\nx", "\r", "\r\n", "\t", " ", "  ", "#",
        " #x", " # x", ";", "&",
        "|", "<", ">", "*", "?", "[a]", "{", "}", "{{", "{{.}}", "}}", "(", ")", "~", "!", "%", "%s", "@", ":", "::",
        "/", "//", "..", "/../",
        ".", "-", "--", "---", "=", ",", "+", "_", "0", "00", "9", "é", "ß", "İ", "日本", "e\u{301}", "\u{301}", "🦊",
        "\0", "\u{7f}",
        "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "\u{200b}", "\u{202e}", "\u{ff0f}", "\u{661}",
    ]
    private static let words = [
        "", " ", "none", "all", "default", "true", "false", "null", "~", "lo", "auto", "regex", "inherits", "inet", "0",
        "-1", "-n", "-rf",
        "EOF", "string", "seen", "main", "root", "localhost", "9999999999999999999999", "999999999 TiB", "999999999T",
    ]

    mutating func text(like sample: String) -> String {
        var scalars = Array(sample.unicodeScalars)
        func joined(_ parts: some Sequence<Unicode.Scalar>) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: parts)
            return String(text)
        }
        switch number(below: 9) {
        case 0: return any(Self.pieces) + any(Self.pieces)
        case 1, 2:
            let at = any([0, scalars.count, number(below: scalars.count + 1)])
            return joined(scalars[..<at]) + any(Self.pieces) + joined(scalars[at...])
        case 3:
            if !scalars.isEmpty {
                scalars[number(below: scalars.count)] = Unicode.Scalar(UInt8(32 + number(below: 95)))
            }
            return joined(scalars)
        case 4: return joined((0..<number(below: 13)).map { _ in Unicode.Scalar(UInt8(32 + number(below: 95))) })
        case 5:
            return any([
                sample + String(repeating: "a", count: 1 + number(below: 400)),
                String(repeating: sample, count: 2 + number(below: 60)),
                String(repeating: "x", count: 12 + number(below: 60)),
            ])
        case 6:
            // Characters of the sample itself are accepted more often.
            return joined((0...number(below: max(1, scalars.count))).map { _ in any(scalars) })
        case 7:
            if scalars.count > 1 { scalars.remove(at: number(below: scalars.count)) }
            return joined(scalars)
        default: return any(Self.words)
        }
    }
}
