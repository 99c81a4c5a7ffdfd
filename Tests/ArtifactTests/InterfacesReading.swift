import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// How ifupdown interprets an interfaces file.
struct InterfacesReading: Equatable, Sendable {
    /// The interfaces that are brought up at boot, in order.
    var auto: [String] = []
    /// The options of every stanza, by interface.
    var options: [String: [String: String]] = [:]
    /// The commands that ifup would run, as arguments. For a DHCP client, only the interface is recorded. Each command is
    /// recorded once, because newer versions print the commands of an interface again for each VLAN on it when they run
    /// none.
    var commands: [[String]] = []
    /// The programs' error messages.
    var errors = ""

    private var showsIPv6 = true

    static func == (a: InterfacesReading, b: InterfacesReading) -> Bool {
        (a.auto, a.options, a.commands, a.errors) == (b.auto, b.options, b.commands, b.errors)
    }

    /// Computes the expected result from the plan of a node.
    /// - Parameter showsIPv6: Whether ``options`` includes those of a second stanza for IPv6.
    init(of node: Node, on release: Release, showsIPv6: Bool = true) {
        self.showsIPv6 = showsIPv6
        auto = ["lo"]
        options["lo"] = [:]
        commands = [["ip", "link", "set", "dev", "lo", "up"]]
        let bare = node.links.filter { $0.bridge == nil && $0.ports[0].vlan == nil }
        for nic in node.interfaces where !bare.contains(where: { $0.name == nic.name }) {
            let users = node.links.filter { link in link.ports.contains { $0.base == nic.name } }
            let isPlain = users.count == 1 && users[0].ports.contains { $0.name == nic.name }
            if nic.bond != nil || isPlain && users[0].addressing.network.mtu == nil {
                options[nic.name.description] = [:]
            } else {
                addBase(nic.name.description, users, [:])
            }
        }
        for bond in node.bonds where !bare.contains(where: { $0.name == bond.name }) {
            addBase(
                bond.name.description, node.links.filter { $0.ports[0...].contains { $0.base == bond.name } },
                Self.bond(node, bond))
        }
        for link in bare { addLink(link, node, release) }
        let bridges = node.links.filter { $0.bridge != nil }
        for link in bridges {
            for port in link.ports where port.vlan != nil {
                addManual(port.name.description, mtu: Self.mtu(of: link, node), [:])
            }
        }
        for link in node.links where link.bridge == nil && link.ports[0].vlan != nil { addLink(link, node, release) }
        for link in bridges { addLink(link, node, release) }
        commands = Self.once(commands)
    }

    private static func once(_ commands: [[String]]) -> [[String]] {
        var seen: Set<[String]> = []
        return commands.filter { seen.insert($0).inserted }
    }

    private static let noIPv6 = "sysctl -e -q -w net/ipv6/conf/$IFACE/disable_ipv6=1"

    private static func bond(_ node: Node, _ bond: Bond) -> [String: String] {
        var values = [
            "bond-slaves": node.members(of: bond).map(\.name.description).joined(separator: " "),
            "bond-mode": bond.mode.rawValue, "bond-miimon": "\(bond.miimon)", "bond-updelay": "\(bond.upDelay)",
            "bond-downdelay": "\(bond.downDelay)",
        ]
        values["bond-lacp-rate"] = bond.lacpRate?.rawValue
        values["bond-xmit-hash-policy"] = bond.hashPolicy?.rawValue
        values["bond-primary"] = bond.primary?.description
        return values
    }

    private static func mtu(of link: Link, _ node: Node) -> Int? {
        guard let port = link.ports.first else { return nil }
        let beside = node.links.filter { $0.ports.contains { $0.base == port.base } }
        let isLarge = beside.contains { $0.addressing.network.mtu != nil }
        return link.addressing.network.mtu ?? (port.vlan != nil && isLarge ? 1500 : nil)
    }

    /// Adds a stanza without addresses and without IPv6.
    private mutating func addManual(_ name: String, mtu: Int?, _ values: [String: String]) {
        let up = "ip link set dev $IFACE\(mtu.map { " mtu \($0)" } ?? "") up"
        auto.append(name)
        options[name] = values.merging(["up": "\(up) and \(Self.noIPv6)"]) { $1 }
        commands += [up, Self.noIPv6].map { $0.split(separator: " ").map(String.init) }
    }

    private mutating func addBase(_ name: String, _ users: [Link], _ values: [String: String]) {
        addManual(name, mtu: users.compactMap(\.addressing.network.mtu).max(), values)
    }

    private mutating func addLink(_ link: Link, _ node: Node, _ release: Release) {
        let (name, network) = (link.name.description, link.addressing.network)
        var values: [String: String] = [:]
        var up: [String] = []
        let mtu = Self.mtu(of: link, node).map { "mtu \($0)" }
        if link.usesDHCP {
            commands.append(["dhclient", name])
            if let mtu { up.append("ip link set dev $IFACE \(mtu)") }
        } else if let address = link.addressing.address, let subnet = network.subnet {
            let (netmask, broadcast) = (subnet.netmask.description, subnet.broadcast.description)
            values = ["address": "\(address)", "netmask": netmask, "broadcast": broadcast]
            commands += [
                ["ip", "addr", "add", "\(address)/\(netmask)", "broadcast", broadcast, "dev", name, "label", name],
                ["ip", "link", "set", "dev", name, "up"],
            ]
            if let gateway = network.gateway?.description {
                values["gateway"] = gateway
                commands.append(["ip", "route", "add", "default", "via", gateway, "dev", name])
            }
            if let mtu { up.append("ip link set dev $IFACE \(mtu)") }
        } else {
            up.append("ip link set dev $IFACE \(mtu.map { $0 + " " } ?? "")up")
        }
        if let bond = node.bonds.first(where: { $0.name == link.name }) { values.merge(Self.bond(node, bond)) { $1 } }
        if let bridge = link.bridge {
            values["bridge_ports"] =
                link.ports.isEmpty ? "none" : link.ports.map(\.name.description).joined(separator: " ")
            values["bridge_stp"] = bridge.stp ? "on" : "off"
            values["bridge_waitport"] = "\(bridge.waitport)"
            values["bridge_fd"] = "\(bridge.forwardDelay)"
            values["bridge_maxwait"] = "\(bridge.maxwait)"
            if release.bridgeNeedsAddress { values["bridge_hw"] = link.mac(on: release)?.description }
        }
        if link.addressing.isBare || network.ipv6.method == .off { up.append(Self.noIPv6) }
        if !link.addressing.isBare {
            up += link.addressing.more.map { "ip address add \($0) dev $IFACE" }
            up += network.routes.sorted { $0.key < $1.key }.map { "ip route replace \($0) via \($1) dev $IFACE" }
        }
        if !up.isEmpty { values["up"] = up.joined(separator: " and ") }
        commands += up.map { $0.split(separator: " ").map(String.init) }
        if let address = link.addressing.ipv6, let subnet = network.ipv6.subnet {
            commands += [
                ["ip", "link", "set", "dev", name, "up"],
                ["ip", "-6", "addr", "add", "\(address)/\(subnet.prefix)", "dev", name],
            ]
            let own = ["address": "\(address)", "netmask": "\(subnet.prefix)", "accept_ra": "0", "autoconf": "0"]
            if showsIPv6 { values.merge(own) { "\($0) and \($1)" } }
            if let gateway = network.ipv6.gateway {
                if showsIPv6 { values.merge(["gateway": "\(gateway)"]) { "\($0) and \($1)" } }
                commands.append(["ip", "-6", "route", "add", "default", "via", "\(gateway)", "dev", name])
            }
        } else if !link.addressing.isBare, network.ipv6.method == .slaac {
            if showsIPv6 { values["accept_ra"] = "2" }
            commands.append(["ip", "link", "set", "dev", name, "up"])
        }
        auto.append(name)
        options[name] = values
    }

    private init() {}

    /// Runs ifquery and ifup (with `--no-act`) on interfaces files and returns what they print for each of them.
    static func read(_ files: [String]) throws -> [InterfacesReading] {
        let state = try TemporaryFolder()
        let ran = try shell(
            """
            # Jessie's keeps its state in one place only.
            state="--state-dir $1"
            ifquery --help | grep -q -e --state-dir || state=
            [ -n "$state" ] || mkdir -p /run/network
            shift
            mark=$(printf '\\001')
            for file in "$@"; do
                echo "${mark}file"
                ifquery --interfaces "$file" $state --list 2>&1
                for link in $(sed -n 's/^iface \\([^ ]*\\) .*/\\1/p' "$file"); do
                    echo "${mark}link $link"
                    ifquery --interfaces "$file" $state "$link" 2>&1 || echo "${mark}failed"
                done
                echo "${mark}up"
                ifup --no-act --interfaces "$file" $state -a 2>&1 || echo "${mark}failed"
            done
            """, [state.path] + files, needs: ["ifquery", "ifup"])
        try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        // The part before the first mark is empty.
        let readings = ran.out.components(separatedBy: "\u{1}file\n").dropFirst().map(reading)
        try #require(readings.count == files.count)
        return readings
    }

    /// Whether a command that ifup would run sets an address, a route or an interface. The others create VLANs, bring manual
    /// interfaces up, which jessie's does not, and set the parameters of IPv6, which ``options`` has.
    private static func isConfiguration(_ line: String) -> Bool {
        let text = line.drop { " \t".contains($0) }
        let isOther = ["run-parts ", "if ", "modprobe ", "sysctl -q -e ", "ip addr flush ", "/lib/ifupdown/"].contains {
            text.hasPrefix($0)
        }
        return !isOther && !text.hasSuffix("|| true")
    }

    private static func reading(_ text: String) -> InterfacesReading {
        var reading = InterfacesReading()
        for (index, part) in text.components(separatedBy: "\u{1}").enumerated() {
            var lines = part.split(separator: "\n").map(String.init)
            if index == 0 {
                reading.auto = lines
                continue
            }
            let head = lines.removeFirst()
            if head.hasPrefix("link ") {
                let pairs = lines.map { line in
                    let cut = line.firstRange(of: ": ")
                    return (
                        String(line[..<(cut?.lowerBound ?? line.endIndex)]),
                        String(line[(cut?.upperBound ?? line.endIndex)...])
                    )
                }
                // Defaults of the family inet6 that ifquery shows.
                let defaults = [
                    "dad-attempts", "dad-interval", "preferred-lifetime", "request_prefix", "ll-interval",
                    "ll-attempts",
                ]
                reading.options[String(head.dropFirst(5))] = Dictionary(pairs.filter { !defaults.contains($0.0) }) {
                    "\($0) and \($1)"
                }
            } else if head == "up" {
                for line in lines where isConfiguration(line) {
                    // Newer versions of ifupdown add `onlink` to the route, and replace a default route of IPv6.
                    let words = line.replacing("-6 route replace default", with: "-6 route add default")
                        .split { " \t".contains($0) }.map(String.init).filter { $0 != "onlink" }
                    if words.contains("dhclient") {
                        reading.commands.append(["dhclient", words.last!])
                    } else {
                        reading.commands.append(words)
                    }
                }
                reading.commands = once(reading.commands)
            } else {
                reading.errors += "failed; "
            }
        }
        return reading
    }
}
